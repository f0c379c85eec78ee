"""`python -m pipeline diff`: what differs between two published datasets, and why."""

import argparse
from pathlib import Path
from typing import Any

from pipeline.faults import Fault
from pipeline.progress import Progress


def add_commands(commands: Any) -> None:
    """Add `diff` to the sub-commands of a parser."""
    command = commands.add_parser(
        "diff",
        help="list what differs between two datasets, by table and by cause",
        description="Compare two published datasets: rows added, gone and changed, by table and by cause "
        "(raw file, correction, model, codebook, authority, code), as table, page and changelog text.",
    )
    command.set_defaults(run=_diff)
    command.add_argument("old", type=Path, metavar="OLD", help="folder of the older dataset; only read")
    command.add_argument("new", type=Path, metavar="NEW", help="folder of the newer dataset; only read")
    command.add_argument(
        "--to", type=Path, required=True, metavar="FOLDER", help="a new or empty folder for the results"
    )


def _diff(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.diff import comparison, report
    from pipeline.export.folder import write_folder
    from pipeline.verify.reading import Unreadable

    for folder in (arguments.old, arguments.new):
        if not (folder / "articles.parquet").is_file():
            raise Fault(
                f"there is no dataset in {folder}", "name the folders of two datasets, such as processed"
            )

    def write(out: Path) -> None:
        summary = comparison.compare(arguments.old, arguments.new, out)
        report.write(out, summary)
        for line in report.changelog(summary).splitlines():
            progress.say(line.removeprefix("- "))

    try:
        write_folder(arguments.to, "diff", apart_from=[arguments.old, arguments.new], write=write)
    except Unreadable as error:
        raise Fault(
            f"a dataset is damaged: {error}", "build it again, or copy it again from where you have it"
        ) from None
    progress.say(f"see {arguments.to / report.PAGE}")
    return 0
