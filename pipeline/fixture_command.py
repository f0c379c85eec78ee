"""`python -m pipeline fixture`: what the layouts read from a page."""

import argparse
from pathlib import Path
from typing import Any

from pipeline.faults import Fault
from pipeline.progress import Progress
from pipeline.raw_files import AUTHORITY


def add_commands(commands: Any) -> None:
    """Add `fixture` to the sub-commands of a parser."""
    command = commands.add_parser(
        "fixture",
        help="print what the layouts read from a page, to test a new layout",
        description="Print the blocks (headline, paragraph, …) and the fields (date, outlet, …) that the "
        "layouts read from a text file, as the JSON that tests/ingest/fixtures/ holds for the tests of "
        "layouts. Review it before you keep it.",
    )
    command.set_defaults(run=_fixture)
    command.add_argument("file", type=Path, help="the page, a text file")
    command.add_argument(
        "--authority",
        type=Path,
        default=Path("raw") / AUTHORITY,
        help="folder with authority files of your own, where there is one",
    )


def _fixture(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.ingest.decode import Undecodable, decode
    from pipeline.ingest.stage import fixture_json
    from pipeline.reference import load_reference

    try:
        text = decode(arguments.file.read_bytes()).text
    except OSError as error:
        raise Fault(
            f"{arguments.file} cannot be read ({error.strerror})", "name a text file that is there"
        ) from None
    except Undecodable as error:
        raise Fault(f"{arguments.file}: {error.code}", error.message) from None
    extra = arguments.authority if arguments.authority.is_dir() else None
    print(fixture_json(text, load_reference(extra)))
    return 0
