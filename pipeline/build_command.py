"""`python -m pipeline build`: build the dataset, or bring it up to date."""

import argparse
import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline import build, storage
from pipeline.faults import Fault
from pipeline.help_text import PlainHelp
from pipeline.progress import Progress
from pipeline.raw_files import DEFAULT_MAX_BYTES


def add_commands(commands: Any) -> None:
    """Add `build` to the sub-commands of a parser."""
    command = commands.add_parser(
        "build",
        help="build or update the dataset",
        description="Build the dataset, or bring it up to date: only what is new, or was made from something "
        "that has changed since, is worked on.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_build)
    _add_options(command)


def run(arguments: Sequence[str], progress: Progress) -> int:
    """Build as the command line would and return the exit code. Raises Fault and, as argparse, SystemExit."""
    return _build(parser().parse_args(arguments), progress)


def parser() -> argparse.ArgumentParser:
    """Return the parser of this command alone."""
    command = argparse.ArgumentParser(prog="python -m pipeline build")
    _add_options(command)
    return command


def _add_options(command: argparse.ArgumentParser) -> None:
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
    with _interrupts_told(progress):
        outcome = _locked_build(options, arguments.engine, arguments.scheduler, progress)
    if outcome is None:
        progress.say(f"nothing new: {arguments.processed} is up to date ({time.monotonic() - started:.1f} s)")
        return 0
    files = ", ".join(f"{count:,} {status}" for status, count in outcome.files.items() if count)
    progress.say(f"raw files: {files or 'none'}")
    for path, message in outcome.not_read:
        progress.say(f"not read: {path}: {message}")
    more = outcome.files["quarantined"] - len(outcome.not_read)
    if more > 0:
        progress.say(f"not read: {more:,} more, which the report lists")
    progress.say(
        f"published {outcome.rows['articles']:,} articles with {outcome.rows['quotes']:,} quotes in "
        f"{arguments.processed} ({time.monotonic() - started:.1f} s); "
        f"see {arguments.processed / 'reports' / 'run_report.md'}"
    )
    return 0


@contextlib.contextmanager
def _interrupts_told(progress: Progress) -> Iterator[None]:
    """Say at once that an interrupt was heard: batches under way take some seconds to end."""

    def told(number: int, frame: object) -> None:
        progress.say("stopping; what is made so far is kept")
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    # In a thread, or where the user has interrupts ignored, nothing is changed.
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, told)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


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
