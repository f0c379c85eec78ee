"""`python -m pipeline public` and `rehydrate`: share what may be shared, and fill in what others have."""

import argparse
from pathlib import Path
from typing import Any

from pipeline.dataset_folder import need_texts
from pipeline.faults import Fault
from pipeline.help_text import PlainHelp
from pipeline.progress import Progress

# Longer than any title or name, and of no use to a reader if shorter.
_FEWEST_WORDS = 10


def add_commands(commands: Any) -> None:
    """Add `public` and `rehydrate` to the sub-commands of a parser."""
    command = commands.add_parser(
        "public",
        help="write a public edition, without text that may not be passed on",
        description="Write the tables without the text of articles that may not be passed on: quotes "
        "shortened, hashes and offsets kept, e-mail addresses and paths out. An article whose "
        "row in raw/manifest.csv says redistributable and states the licence is kept whole.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_public)
    command.add_argument(
        "--processed", type=Path, default=Path("processed"), help="folder of the dataset; only read"
    )
    command.add_argument(
        "--raw", type=Path, default=Path("raw"), help="the raw folder; only to keep --to out of it"
    )
    command.add_argument(
        "--to", type=Path, default=Path("public"), metavar="FOLDER", help="folder of the edition"
    )
    command.add_argument(
        "--quote-words",
        type=int,
        default=25,
        metavar="N",
        help="words of one quote, and words that follow each other, that are shown at most",
    )
    command.add_argument(
        "--share",
        type=float,
        default=0.33,
        metavar="S",
        help="share of the words of an article, over all columns, that is shown at most; 0.33: a third",
    )
    command.add_argument(
        "--keep-paths", action="store_true", help="publish the paths of raw files as they are, not as hashes"
    )
    command = commands.add_parser(
        "rehydrate",
        help="fill the text into a public edition, from the raw files",
        description="Fill the text into a public edition for the articles whose raw files you have. Files "
        "are found by the hash of their bytes, whatever they are called.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_rehydrate)
    command.add_argument(
        "--public",
        type=Path,
        default=Path("public"),
        help="folder of the edition, as `make public` wrote it; only read",
    )
    command.add_argument("--raw", type=Path, default=Path("raw"), help="folder with the raw files; only read")
    command.add_argument(
        "--to",
        type=Path,
        default=Path("processed-full"),
        metavar="FOLDER",
        help="folder of the whole dataset",
    )


def _public(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.export.folder import write_folder
    from pipeline.public.article import Bounds
    from pipeline.public.edition import write_edition
    from pipeline.verify.reading import Unreadable

    if arguments.quote_words < _FEWEST_WORDS:
        raise Fault(f"--quote-words is {arguments.quote_words}", f"give {_FEWEST_WORDS} or more")
    if not 0 <= arguments.share <= 1:
        raise Fault(f"--share is {arguments.share:g}", "give a number from 0 to 1")
    processed = arguments.processed
    need_texts(processed, "an edition")
    bounds = Bounds(arguments.quote_words, arguments.share, arguments.keep_paths)
    made = []

    def write(out: Path) -> None:
        made.append(write_edition(processed, out, bounds, lambda n: progress.step("articles", n)))

    try:
        write_folder(arguments.to, "public", apart_from=[processed, arguments.raw], write=write)
    except Unreadable as error:
        raise Fault(
            f"{processed / error.table}.parquet cannot be read ({error.why})", "build the dataset again"
        ) from None
    progress.say(
        f"wrote {arguments.to}: {made[0].n_whole:,} articles whole, {made[0].n_shortened:,} shortened "
        f"({sum(made[0].shortened.values()):,} cells); see {arguments.to / 'README.md'}"
    )
    return 0


def _rehydrate(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.export.folder import refuse, write_folder
    from pipeline.public.rehydration import NOT_RESTORED, RawFolder, check_edition, rehydrate
    from pipeline.verify.reading import Unreadable

    apart_from = [arguments.public, arguments.raw]
    refuse(arguments.to, "rehydrate", apart_from=apart_from)
    restored = []
    try:
        check_edition(arguments.public)
        raw = RawFolder.look(arguments.raw, lambda n: progress.step("raw files", n))

        def write(out: Path) -> None:
            restored.append(rehydrate(arguments.public, raw, out, lambda n: progress.step("articles", n)))

        write_folder(arguments.to, "rehydrate", apart_from=apart_from, write=write)
    except Unreadable as error:
        raise Fault(
            f"{arguments.public / error.table}.parquet cannot be read ({error.why})",
            "fetch the edition again",
        ) from None
    left = restored[0].not_restored
    progress.say(f"wrote {arguments.to}: {restored[0].n_articles:,} articles have their text again")
    if left:
        progress.say(
            f"{len(left):,} articles stay as the edition has them, for want of their raw files; see "
            f"{arguments.to / NOT_RESTORED}"
        )
    if restored[0].n_cells_left:
        progress.say(f"{restored[0].n_cells_left:,} cells could not be made again and stay shortened")
    return 0
