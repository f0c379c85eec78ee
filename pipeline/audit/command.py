"""`python -m pipeline sample` and `audit`: have coders check the dataset, and read what they found."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.audit.strata import FACTORS
from pipeline.dataset_folder import need_dataset, need_texts
from pipeline.faults import Fault
from pipeline.help_text import PlainHelp
from pipeline.progress import Progress

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def add_commands(commands: Any) -> None:
    """Add `sample` and `audit` to the sub-commands of a parser."""
    command = commands.add_parser(
        "sample",
        help="draw a sample of the dataset for coders to check",
        description="Draw a stratified sample of quotes, and of passages in which quotes may be missed, "
        "into a spreadsheet (CSV) that a coder fills in. The same seed gives the same sample.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_sample)
    _add_processed(command)
    command.add_argument("--to", type=Path, required=True, metavar="SHEET", help="the sheet; a new file")
    command.add_argument("--n", type=int, default=200, metavar="N", help="how many quotes")
    command.add_argument("--passages", type=int, default=100, metavar="N", help="how many passages")
    command.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help="the same number draws the same sample; another number, another",
    )
    command.add_argument(
        "--by",
        nargs="*",
        choices=FACTORS,
        default=list(FACTORS),
        metavar="WHAT",
        help=f"what the quotes are grouped by, so that each group has its share, the most important "
        f"first (default: all: {', '.join(FACTORS)})",
    )
    command.add_argument(
        "--separator",
        choices=tuple(_SEPARATORS),
        default="comma",
        help="what divides the cells; semicolon: for a spreadsheet set to a language that writes 1,5",
    )
    command = commands.add_parser(
        "audit",
        help="read coded samples back: how right the dataset is",
        description="Read the sheets of one or two coders and write precision, recall and agreement with "
        "intervals (audit.md, audit.csv). With --corrections, add what they found to corrections.csv.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_audit)
    command.add_argument("sheets", type=Path, nargs="+", metavar="SHEET", help="one or two filled sheets")
    _add_processed(command)
    command.add_argument(
        "--to", type=Path, required=True, metavar="FOLDER", help="a new or empty folder for the results"
    )
    command.add_argument(
        "--corrections", type=Path, metavar="FILE", help="corrections.csv of the raw folder; is added to"
    )
    command.add_argument(
        "--date", type=date.fromisoformat, metavar="DAY", help="day of the corrections (default: today)"
    )


def _add_processed(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--processed", type=Path, default=Path("processed"), help="folder of the dataset; only read"
    )


def _sample(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline import storage
    from pipeline.audit import drawing, sheet
    from pipeline.audit.population import QUOTE
    from pipeline.verify.reading import Unreadable

    need_texts(arguments.processed, "a sample")
    for name in ("n", "passages"):
        if getattr(arguments, name) < 0:
            raise Fault(f"--{name} is {getattr(arguments, name)}", "give a positive number")
    if arguments.to.exists():
        # It may hold days of a coder's work.
        raise Fault(f"--to {arguments.to} is there already", "name a new file")
    if arguments.processed.resolve() in arguments.to.resolve().parents:
        raise Fault(f"--to {arguments.to} lies in the dataset", "name a file elsewhere")
    factors = tuple(dict.fromkeys(arguments.by))
    try:
        sample = drawing.draw(arguments.processed, factors, arguments.n, arguments.passages, arguments.seed)
        rows = drawing.sheet_rows(arguments.processed, sample, arguments.seed)
    except Unreadable as error:
        raise Fault(str(error), "build the dataset again") from None
    if not rows:
        raise Fault(f"{arguments.processed} holds no quote and no passage", "name a dataset with articles")
    try:
        storage.write_bytes(arguments.to, sheet.as_csv(rows, _SEPARATORS[arguments.separator]))
    except OSError as error:
        raise storage.explain(error, f"writing {arguments.to}") from None
    n_quotes = sum(row["kind"] == QUOTE for row in rows)
    n_strata = len({(row["kind"], row["stratum"]) for row in rows})
    progress.say(
        f"drew {n_quotes:,} quotes and {len(rows) - n_quotes:,} passages from {n_strata:,} strata into "
        f"{arguments.to}; how to fill it in: docs/decisions/audits.md"
    )
    return 0


def _audit(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.audit import report
    from pipeline.audit.agreement import agreement
    from pipeline.audit.answers import read_answers
    from pipeline.audit.findings import append, find_corrections
    from pipeline.export.folder import refuse, write_folder
    from pipeline.verify.reading import Unreadable, batches

    need_dataset(arguments.processed)
    if len(arguments.sheets) > 2:
        raise Fault(f"{len(arguments.sheets)} sheets are named", "name those of one coder or of two")
    refuse(arguments.to, "audit", apart_from=[arguments.processed])
    try:
        topics = [str(name) for frame in batches(arguments.processed, "topics") for name in frame["topic_id"]]
        sheets = [read_answers(sheet, topics) for sheet in arguments.sheets]
        if len({coded.coder for coded in sheets}) < len(sheets):
            raise Fault(
                f"both sheets are of {sheets[0].coder!r}", "write the coder's name into the column coder"
            )
        for coded in sheets:
            if not coded.answers:
                raise Fault(f"{coded.sheet}: no row is coded", "fill in is_quote or missed_quotes")
        agreed, differ = agreement(sheets[0], sheets[1]) if len(sheets) == 2 else ([], [])
        findings = find_corrections(arguments.processed, sheets) if arguments.corrections else None
    except Unreadable as error:
        raise Fault(str(error), "build the dataset again") from None
    n_added = 0
    if findings is not None:
        day = arguments.date or date.today()  # noqa: DTZ011 (the coder's own day)
        n_added = append(arguments.corrections, findings.wanted, day.isoformat(), findings)
    write_folder(
        arguments.to,
        "audit",
        apart_from=[arguments.processed],
        write=lambda out: report.write(out, sheets, agreed, differ, findings),
    )
    for coded in sheets:
        progress.say(f"{coded.coder}: {len(coded.answers):,} of {coded.n_rows:,} rows are coded")
    if findings is not None:
        known = len(findings.wanted) - n_added
        told = f" ({known:,} stood there already or contradict it)" if known else ""
        progress.say(f"added {n_added:,} corrections to {arguments.corrections}{told}")
    progress.say(f"see {arguments.to / report.PAGE}")
    return 0
