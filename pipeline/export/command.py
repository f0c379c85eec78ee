"""`python -m pipeline export FORMAT`: the published dataset in a format of another tool."""

import argparse
from pathlib import Path
from typing import Any

from pipeline.dataset_folder import need_dataset
from pipeline.export import formats
from pipeline.progress import Progress


def add_commands(commands: Any) -> None:
    """Add `export` to the sub-commands of a parser."""
    listed = "\n".join(f"  {name:<12} {formats.description(name)}" for name in formats.names())
    command = commands.add_parser(
        "export",
        help="write the dataset in a format of another tool",
        description=f"Write the published dataset in a format of another tool. Formats:\n\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=_export)
    command.add_argument("format", metavar="FORMAT", choices=formats.names(), help="one of the formats above")
    command.add_argument(
        "--processed",
        type=Path,
        default=Path("processed"),
        help="folder of the dataset; only read (default: processed)",
    )
    command.add_argument(
        "--to", type=Path, required=True, metavar="FOLDER", help="a new or empty folder for the files"
    )


def _export(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.export.folder import write_folder

    processed: Path = arguments.processed
    need_dataset(processed)
    chosen = formats.load(arguments.format)
    write_folder(
        arguments.to,
        f"export {arguments.format}",
        apart_from=[processed],
        write=lambda out: chosen.write(processed, out),
    )
    n_files = sum(1 for path in arguments.to.rglob("*") if path.is_file() and path.name[0] != ".")
    progress.say(f"wrote {n_files:,} file{'s' if n_files != 1 else ''} to {arguments.to}")
    return 0
