"""`python -m pipeline evaluate`: measure how good the quotes are."""

import argparse
from pathlib import Path
from typing import Any

from pipeline.progress import Progress


def add_commands(commands: Any) -> None:
    """Add `evaluate` to the sub-commands of a parser."""
    command = commands.add_parser(
        "evaluate",
        help="measure how good the quotes are, against answers made by hand",
        description="Read the texts of gold files (texts with quotes marked by hand), compare what is found "
        "with the answers, and write the page quality.md and the quality table into the reports of the "
        "dataset.",
    )
    command.set_defaults(run=_evaluate)
    command.add_argument(
        "--gold",
        type=Path,
        action="append",
        metavar="FILE",
        help="a gold file in JSON lines; may be given several times (default: tests/sample/quotes.jsonl, "
        "tests/gold/*.jsonl and those of ../shared, where they are)",
    )
    command.add_argument(
        "--processed",
        type=Path,
        default=Path("processed"),
        help="dataset folder, in whose reports/ the results are written (default: processed)",
    )
    command.add_argument(
        "--authority",
        type=Path,
        help="folder with authority files of your own (default: authority/ beside the gold file, or else "
        "raw/authority, where there is one)",
    )
    command.add_argument(
        "--speech-only",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="leave answers that report no speech (beliefs, intentions) out of the count: to find one is "
        "neither right nor wrong (default: yes)",
    )
    command.add_argument(
        "--limit", type=int, metavar="N", help="read the first N documents of each gold file only"
    )
    command.add_argument(
        "--predictions",
        type=Path,
        metavar="FILE",
        help="also write what was found, in the format of the scorers in ../shared/scorer",
    )


def _evaluate(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.evaluate import gold_reports

    options = gold_reports.Options(
        gold=tuple(arguments.gold or ()),
        processed=arguments.processed,
        authority=arguments.authority,
        speech_only=arguments.speech_only,
        limit=arguments.limit,
        predictions=arguments.predictions,
    )
    return gold_reports.run(options, progress)
