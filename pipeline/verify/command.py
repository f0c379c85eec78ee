"""`python -m pipeline verify`: prove a dataset from its raw files, wherever it was built."""

import argparse
import time
from pathlib import Path
from typing import Any

from pipeline.dataset_folder import need_texts
from pipeline.faults import Fault
from pipeline.help_text import PlainHelp
from pipeline.progress import Progress


def add_commands(commands: Any) -> None:
    """Add `verify` to the sub-commands of a parser."""
    command = commands.add_parser(
        "verify",
        help="prove a dataset from its raw files",
        description="Read every raw file and every table again and prove that they belong together: hashes, "
        "texts, every offset of every table and the words at it, types, keys, links between tables and the "
        "data dictionary. Needs the raw folder and the dataset only, wherever it was built. Exit code 0: all "
        "is proved; 1: what is wrong is listed.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_verify)
    command.add_argument("--raw", type=Path, default=Path("raw"), help="folder with the raw files; only read")
    command.add_argument(
        "--processed", type=Path, default=Path("processed"), help="folder of the dataset; only read"
    )


def _verify(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.verify import raw_proof, table_proof, text_proof
    from pipeline.verify.problems import Findings
    from pipeline.verify.reading import Unreadable

    raw, processed = arguments.raw, arguments.processed
    if not raw.is_dir():
        raise Fault(f"the raw folder {raw} does not exist or is no folder", "name the folder with --raw")
    need_texts(processed, "a proof")
    started = time.monotonic()
    findings = Findings()
    whole = table_proof.prove_tables(processed, findings, lambda n: progress.step("tables", n))
    if whole:
        try:
            table_proof.prove_keys_and_links(processed, findings)
            raw_proof.prove_sources(raw, processed, findings, lambda n: progress.step("raw files", n))
            text_proof.prove_texts(raw, processed, findings, lambda n: progress.step("articles", n))
        except Unreadable as error:  # changed under our hands
            findings.in_table(error.table, error.why)
            whole = False
    table_proof.prove_dictionary(processed, findings)
    for problem in findings.shown:
        progress.say(str(problem))
    if findings.n_problems:
        rest = findings.n_problems - len(findings.shown)
        more = f"; {rest:,} more are not shown" if rest else ""
        progress.say(f"not proved: {findings.n_problems:,} problem{'s' * (findings.n_problems != 1)}{more}")
        if findings.counts["rows of sources"] and not findings.counts["raw files with their SHA-256"]:
            progress.say(
                f"no raw file of the dataset lies in {raw}: name the folder that it was built from with --raw"
            )
        if not whole:
            progress.say("texts and offsets were not looked at: mend the tables first")
        return 1
    for line in summary(findings):
        progress.say(line)
    progress.say(f"{processed} is proved ({time.monotonic() - started:.1f} s)")
    return 0


def summary(findings: Any) -> list[str]:
    """Return what was proved, in lines with counts."""
    counts = findings.counts
    offsets = {name: n for name, n in counts.items() if name.startswith("offsets ")}
    return [
        f"{counts['raw files']:,} raw files are in sources: {counts['raw files with their SHA-256']:,} have "
        f"the size and SHA-256 noted there, {counts['raw files not read']:,} the reason why they were "
        "not read",
        f"{counts['articles']:,} articles have the text of {counts['texts']:,} raw files; "
        f"{counts['blocks']:,} blocks cover them without gap or overlap",
        f"{sum(offsets.values()):,} offsets in {len(offsets)} tables stand in {counts['texts']:,} files; "
        f"{counts['words']:,} cells are the words between them",
        f"{counts['rows']:,} rows in {counts['tables']} tables keep their schemas, {counts['keys']} keys and "
        f"{counts['links']} links; the dictionary lists their {counts['dictionary']} columns",
    ]
