"""The command line: `python -m pipeline build` and its companions."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline import build, schedule, storage
from pipeline.audit import command as audit
from pipeline.diff import command as diff
from pipeline.export import command as export
from pipeline.faults import Fault
from pipeline.help_text import PlainHelp
from pipeline.progress import Progress
from pipeline.public import command as public
from pipeline.raw_files import AUTHORITY, DEFAULT_MAX_BYTES
from pipeline.verify import command as verify

# Exit codes: 0 all well, 1 a fault that the user can mend, 130 interrupted.
_FAULT = 1
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    progress = Progress()
    try:
        return run(arguments, progress)
    except Fault as fault:
        progress.say(f"error: {fault}")
        return _FAULT
    except KeyboardInterrupt:
        progress.say("interrupted; the published dataset is as it was")
        return _INTERRUPTED


def run(arguments: Sequence[str] | None, progress: Progress) -> int:
    """Run a command and return its exit code. Raises Fault when there is something the user can mend."""
    options = parser().parse_args(arguments)
    return int(options.run(options, progress))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline",
        description="Turn raw news articles and official readouts into a dataset of who said what.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "build",
        help="build or update the dataset",
        description="Build the dataset, or bring it up to date: only what is new, or was made from something "
        "that has changed since, is worked on.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_build)
    command.add_argument("--raw", type=Path, default=Path("raw"), help="folder with the raw files; only read")
    command.add_argument(
        "--processed", type=Path, default=Path("processed"), help="folder in which the dataset is published"
    )
    command.add_argument(
        "--cache",
        type=Path,
        default=None,
        help="folder for what makes the next build fast; safe to delete (default: one for each --processed "
        "under .cache/ of the project)",
    )
    command.add_argument(
        "--processes",
        type=int,
        default=0,
        metavar="N",
        help="how many processes work side by side; 0: one per processor when there is enough to do",
    )
    command.add_argument(
        "--batch-files",
        type=int,
        default=250,
        metavar="N",
        help="about how many raw files are worked on together; fewer need less memory",
    )
    command.add_argument(
        "--max-bytes",
        type=int,
        default=DEFAULT_MAX_BYTES,
        metavar="N",
        help="a larger raw file is listed in sources as too large and not read",
    )
    command.add_argument(
        "--engine",
        choices=("prefect", "direct", "dask"),
        default="prefect",
        help="prefect: as a Prefect flow, with retries and a history; dask: the same flow, its batches on "
        "Dask; direct: the same functions, called one after the other",
    )
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="address of a Dask scheduler whose workers see the same folders, with --engine dask (default: "
        "processes of this machine)",
    )
    command.add_argument(
        "--check",
        action="store_true",
        help="read every raw file and every published file again instead of trusting size and times",
    )
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
    schedule.add_commands(commands)
    verify.add_commands(commands)
    export.add_commands(commands)
    public.add_commands(commands)
    audit.add_commands(commands)
    diff.add_commands(commands)
    return parser


def _build(arguments: argparse.Namespace, progress: Progress) -> int:
    started = time.monotonic()
    for name in ("processes", "batch_files", "max_bytes"):
        if getattr(arguments, name) < (0 if name == "processes" else 1):
            raise Fault(f"--{name.replace('_', '-')} is {getattr(arguments, name)}", "give a positive number")
    processed = Path(os.path.abspath(arguments.processed))  # noqa: PTH100 (resolve() would follow links)
    raw = Path(os.path.abspath(arguments.raw))  # noqa: PTH100
    if processed == raw or raw in processed.parents or processed in raw.parents:
        raise Fault(
            f"--raw {raw} and --processed {processed} lie inside each other", "name two separate folders"
        )
    cache = Path(os.path.abspath(arguments.cache)) if arguments.cache else build.default_cache(processed)  # noqa: PTH100
    if cache in (raw, processed) or {raw, processed} & set(cache.parents):
        raise Fault(f"--cache {cache} lies inside --raw or --processed", "name a folder outside them")
    if processed.exists() and not processed.is_dir():
        raise Fault(f"--processed {processed} is not a folder", "name a folder")
    options = build.Options(
        raw=raw,
        processed=processed,
        cache=cache,
        processes=arguments.processes,
        batch_files=arguments.batch_files,
        max_bytes=arguments.max_bytes,
        check=arguments.check,
    )
    if arguments.engine == "dask":
        from pipeline import flows

        flows.need_dask()
        if arguments.scheduler:
            flows.need_scheduler(arguments.scheduler)
    elif arguments.scheduler:
        raise Fault(f"--scheduler is of no use with --engine {arguments.engine}", "add --engine dask")
    outcome = _locked_build(options, arguments.engine, arguments.scheduler, progress)
    if outcome is None:
        progress.say(f"nothing new: {arguments.processed} is up to date ({time.monotonic() - started:.1f} s)")
        return 0
    files = ", ".join(f"{count:,} {status}" for status, count in outcome.files.items() if count)
    progress.say(f"raw files: {files or 'none'}")
    progress.say(
        f"published {outcome.rows['articles']:,} articles with {outcome.rows['quotes']:,} quotes in "
        f"{arguments.processed} ({time.monotonic() - started:.1f} s); "
        f"see {arguments.processed / 'reports' / 'run_report.md'}"
    )
    return 0


def _locked_build(
    options: build.Options, engine: str, scheduler: str | None, progress: Progress
) -> build.Outcome | None:
    doing = f"preparing {options.processed}"
    wait = "another build is running in this folder; waiting for it to end"
    try:
        with (
            storage.locked(options.processed, on_wait=wait, tell=progress.say),
            storage.locked(options.cache, on_wait=wait, tell=progress.say),
        ):
            doing = "reading raw files"
            scan, key = build.look(options, progress)
            if build.is_current(options, key):
                return None
            doing = f"building {options.processed}"
            plan = build.make_plan(options, scan, key)
            progress.say(f"{len(scan.files):,} raw files, {plan.n_documents:,} different texts")
            return _run(plan, engine, scheduler, progress)
    except OSError as error:
        raise storage.explain(error, doing) from None


def _run(plan: build.Plan, engine: str, scheduler: str | None, progress: Progress) -> build.Outcome:
    from pipeline.frames import InvalidDataset

    try:
        if engine != "direct":
            from pipeline import flows

            return flows.run(plan, progress, on_dask=engine == "dask", scheduler=scheduler)
        from pipeline import workers

        return workers.run_directly(plan, progress)
    except InvalidDataset as error:
        raise Fault(
            f"the new dataset breaks a rule and was not published.\n{error}\nThis is a fault of the pipeline",
            "please report it; the published dataset is as it was",
        ) from None


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


def _evaluate(arguments: argparse.Namespace, progress: Progress) -> int:
    from pipeline.evaluate import command

    options = command.Options(
        gold=tuple(arguments.gold or ()),
        processed=arguments.processed,
        authority=arguments.authority,
        speech_only=arguments.speech_only,
        limit=arguments.limit,
        predictions=arguments.predictions,
    )
    return command.run(options, progress)


if __name__ == "__main__":
    sys.exit(main())
