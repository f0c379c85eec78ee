"""`make schedule`: build on a schedule and whenever raw files arrive, until told to stop.

This process and the Prefect server that it starts keep to loopback. What talks to Prefect is in serving.py.
"""

import argparse
import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline import build, build_command, guard, storage
from pipeline.faults import Fault
from pipeline.help_text import PlainHelp
from pipeline.prefect_history import set_aside_if_damaged
from pipeline.progress import Progress
from pipeline.service import Service

DEFAULT_CRON = "0 6 * * *"
_HOST = "127.0.0.1"
# A cold start takes 10 to 20 s, more on a busy machine.
_SERVER_SECONDS = 300.0
_SERVER_ENDS_IN_SECONDS = 10.0


def add_commands(commands: Any) -> None:
    """Add `schedule` and `watch` to the sub-commands of a parser."""
    command = commands.add_parser(
        "schedule",
        help="build on a schedule and whenever raw files arrive",
        description="Build now, on a schedule, and whenever raw files arrive, change or go, until Ctrl-C or "
        "SIGTERM. Uses the Prefect server that PREFECT_API_URL names; without it, starts one of its own on "
        "127.0.0.1, with its pages at the port.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_schedule)
    _add_common(command)
    command.add_argument(
        "--cron", default=DEFAULT_CRON, help="when to build, in the machine's time; empty: only on arrival"
    )
    command.add_argument("--port", type=int, default=4200, help="port of its own server; 0: any free one")
    command.add_argument(
        "--options", default="", metavar="TEXT", help="further options of `build`, e.g. --processes=1"
    )
    command = commands.add_parser(
        "watch",
        help="tell a Prefect server of your own when raw files arrive",
        description="Watch the raw folder and send the event that starts the deployment of prefect.yaml. For "
        "those who run a Prefect server and workers; `schedule` has its own watcher.",
        formatter_class=PlainHelp,
    )
    command.set_defaults(run=_watch)
    _add_common(command)


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--raw", type=Path, default=Path("raw"), help="folder with the raw files")
    command.add_argument("--processed", type=Path, default=Path("processed"), help="folder of the dataset")
    command.add_argument(
        "--cache", type=Path, default=None, help="folder for what makes the next build fast, as for `build`"
    )
    command.add_argument("--name", default=None, help="name of the deployment (default: that of --processed)")
    command.add_argument(
        "--settle",
        type=float,
        default=5.0,
        metavar="S",
        help="a file is complete when its size and time have not changed for so many seconds",
    )
    command.add_argument(
        "--patience",
        type=float,
        default=600.0,
        metavar="S",
        help="do not hold complete files back longer than this for others that still grow",
    )


def _service(arguments: argparse.Namespace, *, cron: str | None, options: str) -> Service:
    raw = Path(os.path.abspath(arguments.raw))  # noqa: PTH100 (resolve() would follow links)
    processed = Path(os.path.abspath(arguments.processed))  # noqa: PTH100
    cache = Path(os.path.abspath(arguments.cache)) if arguments.cache else build.default_cache(processed)  # noqa: PTH100
    if not raw.is_dir():
        raise Fault(f"the raw folder {raw} does not exist or is no folder", "name the folder with --raw")
    for name in ("settle", "patience"):
        if getattr(arguments, name) <= 0:
            raise Fault(f"--{name} is {getattr(arguments, name):g}", "give a positive number of seconds")
    if cron and len(cron.split()) not in (5, 6):
        raise Fault(f"--cron {cron!r} is no schedule", 'write it like "0 6 * * *"')
    name = arguments.name or processed.name
    if not name or set(name) & set("/%&<>"):
        raise Fault(f"{name!r} cannot be the name of a deployment", "name it with --name, without / % & < >")
    build_options = tuple(shlex.split(options))
    _check_build_options(build_options)
    return Service(
        raw=raw,
        processed=processed,
        cache=cache,
        name=name,
        cron=cron or None,
        settle=arguments.settle,
        patience=arguments.patience,
        build_options=build_options,
        own_server="PREFECT_API_URL" not in os.environ,
    )


def _check_build_options(options: Sequence[str]) -> None:
    """Let `build` say now, and end the program, if it does not know one of its options."""
    build_command.parser().parse_args(options)


def _schedule(arguments: argparse.Namespace, progress: Progress) -> int:
    service = _service(arguments, cron=arguments.cron, options=arguments.options)
    home = _home(service)

    def work(stopping: threading.Event) -> None:
        if not service.own_server:
            from pipeline import serving

            serving.serve(service, os.environ["PREFECT_API_URL"], stopping, progress)
            return
        set_aside_if_damaged(home, progress)
        port = arguments.port or _free_port()
        with _server(home, port, stopping, progress) as server:
            if not stopping.is_set():
                where = f"http://{_HOST}:{port}"
                os.environ["PREFECT_API_URL"] = f"{where}/api"
                from pipeline import serving

                serving.serve(service, where, stopping, progress, lambda: server.poll() is None)

    wait = "another schedule is running for this folder; waiting for it to end"
    try:
        with storage.locked(home, on_wait=wait, tell=progress.say):
            guard.start()
            return _until_told_to_stop(work, progress)
    except OSError as error:
        raise storage.explain(error, f"writing {home}") from None


def _watch(arguments: argparse.Namespace, progress: Progress) -> int:
    service = _service(arguments, cron=None, options="")
    if service.own_server:
        raise Fault("no Prefect server is named", "set PREFECT_API_URL to the address of its API")
    _home(service)

    def work(stopping: threading.Event) -> None:
        from pipeline import serving

        serving.watch(service, stopping, progress)

    return _until_told_to_stop(work, progress)


def _home(service: Service) -> Path:
    # Not the home of single builds: their embedded server would write into the same database.
    from pipeline.flows import quiet_settings

    home = service.cache / "schedule"
    for name, value in quiet_settings(home).items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_RUNNER_POLL_FREQUENCY", "3")
    return home


def _until_told_to_stop(work: Callable[[threading.Event], None], progress: Progress) -> int:
    """Run `work` in a thread and tell it by its event to end, on an interrupt or a request to terminate."""
    stopping = threading.Event()
    failed: list[BaseException] = []

    def stop(number: int, frame: object) -> None:
        if stopping.is_set():
            os._exit(128 + number)  # asked twice; the guard ends what was started
        stopping.set()

    def run() -> None:
        # An interrupt from the keyboard goes to the whole group of processes. What this thread starts
        # inherits that it is blocked, and is ended by us, in order.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
        try:
            work(stopping)
        except BaseException as error:
            failed.append(error)

    before = {n: signal.signal(n, stop) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    thread = threading.Thread(target=run, name="schedule")
    thread.start()
    while thread.is_alive():
        thread.join(0.2)
        if stopping.is_set() and thread.is_alive():
            progress.say("stopping")
            thread.join()
    for number, handler in before.items():
        signal.signal(number, handler)
    if failed and not stopping.is_set():
        raise failed[0]
    progress.say("stopped")
    return 0


@contextlib.contextmanager
def _server(
    home: Path, port: int, stopping: threading.Event, progress: Progress
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a Prefect server on loopback; give it when it is ready, or when we are told to stop."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            raise Fault(
                f"port {port} of this machine is in use", "name another one with PORT= or --port"
            ) from None
    origins = f"http://{_HOST}:{port},http://localhost:{port}"
    settings = {
        "PREFECT_SERVER_API_HOST": _HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / "ui"),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # No page of another origin may talk to it.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": origins,
        # Slots of runs that were killed come back when their lease ends, also after a restart.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    }
    progress.say("starting Prefect's server (10 to 20 s)")
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start"],
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_until_ready(server, port, stopping, log)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(_SERVER_ENDS_IN_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_until_ready(
    server: "subprocess.Popen[bytes]", port: int, stopping: threading.Event, log: Path
) -> None:
    # Not through a proxy that the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + _SERVER_SECONDS
    while not stopping.wait(0.3):
        if server.poll() is not None or time.monotonic() > give_up:
            raise Fault(
                "Prefect's server did not start",
                f"see {log}; if it does not say why, remove {log.parent}, which holds the history alone",
            )
        with contextlib.suppress(OSError), opener.open(f"http://{_HOST}:{port}/api/health", timeout=5):
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])
