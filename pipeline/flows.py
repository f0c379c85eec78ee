"""The Prefect flow: a thin shell over build.py, and the only module that imports Prefect."""

import contextlib
import errno
import importlib.util
import os
import pickle
import queue
import re
import shutil
import socket
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import guard, storage
from pipeline.build import Outcome, Plan, build_batch, finish, prepare_segment, segments_of
from pipeline.faults import Fault
from pipeline.prefect_history import set_aside_if_damaged
from pipeline.progress import Progress
from pipeline.workers import ONE_THREAD, Run, process_count, run_directly, run_here, workers

if TYPE_CHECKING:
    from prefect.task_runners import TaskRunner

    from pipeline.shards import ShardResult


# In seconds.
_PATIENCE = 10
_IDLE_SERVICES = (
    "CANCELLATION_CLEANUP",
    "CLEANUP_RECONCILER",
    "FOREMAN",
    "LATE_RUNS",
    "PAUSE_EXPIRATIONS",
    "REPOSSESSOR",
    "SCHEDULER",
    "TRIGGERS",
)


# Its database, fresh, with the log of its changes is about 6 MB.
_SERVER_BYTES = 16_000_000
# Sending the last events takes less than one; a server that hangs is not waited for.
_LAST_EVENTS_SECONDS = 60.0


def quiet_settings(home: Path) -> dict[str, str]:
    """Return the settings that every Prefect process of ours runs with, for the environment."""
    return {
        # A home of our own: no profile of the user, no history of other projects.
        "PREFECT_HOME": str(home),
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
        # The embedded server may take long on a busy machine; the default is 20 s.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
        # We say ourselves what happens; Prefect would print a traceback for every expected fault.
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
    }


def _settings(home: Path) -> dict[str, str]:
    # What only deployments need would cost the embedded server memory and time.
    idle = {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _IDLE_SERVICES}
    return quiet_settings(home) | idle | {"PREFECT_CLIENT_MAX_RETRIES": "2"}


class _ServerGone(Exception):
    """Prefect's server does not answer, and nothing was published."""


def need_dask() -> None:
    """Raise Fault when the packages for `--engine dask` are not installed."""
    if importlib.util.find_spec("prefect_dask") is None:
        raise Fault(
            "--engine dask needs the package prefect-dask, which is not installed",
            "install it: .venv/bin/pip install --require-hashes --no-deps -r requirements-dask.lock",
        )


def need_scheduler(address: str) -> None:
    """Raise Fault when nothing answers at the address of a Dask scheduler, `tcp://host:8786` for one."""
    found = re.fullmatch(r"(?:[a-z]+://)?(\[[^\]]+\]|[^/:\[\]]+):(\d{1,5})", address)
    if found is None:
        raise Fault(f"--scheduler {address} is no address", "name one, such as tcp://127.0.0.1:8786")
    try:
        with socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=_PATIENCE):
            return
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Fault(
            f"no Dask scheduler answers at {address} ({reason})",
            "start one (dask scheduler), or leave --scheduler out to use processes of this machine",
        ) from None


def run(plan: Plan, progress: Progress, *, on_dask: bool = False, scheduler: str | None = None) -> Outcome:
    """Run a plan as a Prefect flow on Prefect's own embedded server, or on the one that is configured.

    With `on_dask` the batches run on Dask: on the cluster of the scheduler at this address, or else on
    processes of this machine that end with the build.
    """
    for name, value in _settings(plan.options.cache / "prefect").items():
        os.environ.setdefault(name, value)
    is_embedded = not os.environ.get("PREFECT_API_URL")
    if is_embedded:
        home = Path(os.environ["PREFECT_HOME"])
        _need_room(home)
        set_aside_if_damaged(home, progress)
    guard.start()
    try:
        return _run(plan, progress, on_dask, scheduler)
    except _ServerGone:
        if not is_embedded or scheduler:
            raise _no_server() from None
        progress.say("Prefect's server is gone: going on without it; its history lacks this run")
        return run_directly(plan, progress)


def _run(plan: Plan, progress: Progress, on_dask: bool, scheduler: str | None) -> Outcome:
    processes = process_count(plan)
    with ExitStack() as stack:
        if on_dask:
            stack.enter_context(_server_for_workers())
            return _flow(plan, progress, run_here, _dask_runner(plan, processes, scheduler))
        from prefect.task_runners import ThreadPoolTaskRunner

        run_elsewhere = stack.enter_context(workers(processes))
        return _flow(plan, progress, run_elsewhere, ThreadPoolTaskRunner(max_workers=processes))


def _need_room(home: Path) -> None:
    """Raise Fault when the disk has no room for the embedded server: it would not start, and not say why."""
    home.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(home).free < _SERVER_BYTES:
        error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(home))
        raise storage.explain(error, "starting Prefect's server")


def _dask_runner(plan: Plan, processes: int, scheduler: str | None) -> "TaskRunner[Any]":
    from prefect_dask.task_runners import DaskTaskRunner

    if scheduler:
        return DaskTaskRunner(address=scheduler)
    cluster = {
        "n_workers": processes,
        "threads_per_worker": 1,
        "host": "127.0.0.1",
        "dashboard_address": None,
        "worker_dashboard_address": None,
        "local_directory": str(plan.options.cache / "dask"),
        "env": ONE_THREAD,
        "silence_logs": "CRITICAL",
    }
    return DaskTaskRunner(cluster_kwargs=cluster)


def _server_for_workers() -> ExitStack:
    """Start the embedded server here when none is configured: else each worker would start its own."""
    from prefect.server.api.server import SubprocessASGIServer
    from prefect.settings import PREFECT_API_URL, temporary_settings

    stack = ExitStack()
    if not PREFECT_API_URL.value():
        server = SubprocessASGIServer()
        server.start()
        stack.callback(server.stop)
        stack.enter_context(temporary_settings({PREFECT_API_URL: server.api_url}))
    return stack


def _flow(plan: Plan, progress: Progress, run_work: Run, runner: "TaskRunner[Any]") -> Outcome:
    from httpx import HTTPStatusError
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE
    from prefect.futures import wait
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from pipeline.frames import InvalidDataset

    def can_help(task: Any, task_run: Any, state: Any) -> bool:
        # A disk that hiccups may be back in a moment; a table that breaks a rule will break it again.
        found = state.result(raise_on_failure=False)
        return isinstance(found, OSError)

    # Work is handed over pickled: Prefect and Dask would walk through anything else.
    @task(
        name="batch",
        retries=2,
        retry_delay_seconds=[1, 5],
        retry_condition_fn=can_help,
        cache_policy=NO_CACHE,
    )
    def batch(work: bytes) -> "list[ShardResult]":
        made: list[ShardResult] = run_work(pickle.loads(work))
        return made

    @task(name="segment", cache_policy=NO_CACHE)
    def segment(work: bytes) -> None:
        run_work(pickle.loads(work))

    @task(name="combine, check, publish", cache_policy=NO_CACHE)
    def publish() -> None:
        outcome.append(finish(plan, results, progress))

    @flow(name="on-the-record", validate_parameters=False, task_runner=runner)
    def dataset(n_batches: int, n_documents: int) -> None:
        waiting = [batch.submit(pickle.dumps(partial(build_batch, shards))) for shards in plan.batches]
        for done, future in enumerate(waiting):
            results.extend(future.result())
            progress.step("batches", done + 1, n_batches)
        tasks = segments_of(plan, results)
        if len(tasks) > 1:
            wait([segment.submit(pickle.dumps(partial(prepare_segment, one))) for one in tasks])
        publish()

    results: list[ShardResult] = list(plan.made_before)
    outcome: list[Outcome] = []
    interrupted = False
    # The heartbeat thread makes every flow wait a second for it.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            dataset(len(plan.batches), plan.n_documents)
        except KeyboardInterrupt:
            # At once, and without asking a Prefect that was perhaps interrupted while it was imported.
            interrupted = True
            raise
        except (Fault, InvalidDataset, OSError):
            raise
        except Exception as error:
            # Prefect has many ways to say that it lost its server, or that it failed.
            if not isinstance(error, HTTPStatusError) and _server_answers():
                raise
            if not outcome:
                raise _ServerGone from None
            progress.say("Prefect's server is gone: its history lacks the end of this run")
        finally:
            _forget_events() if interrupted else _send_events()
    return outcome[0]


def _server_answers() -> bool:
    from prefect.client.orchestration import get_client
    from prefect.server.api.server import SubprocessASGIServer
    from prefect.settings import PREFECT_API_URL

    if not PREFECT_API_URL.value() and not SubprocessASGIServer().running:
        return False  # to ask it would be to start it
    with get_client(sync_client=True) as client:
        return client.api_healthcheck() is None


def _no_server() -> Fault:
    address = os.environ.get("PREFECT_API_URL")
    if address:
        what, to_do = f"the Prefect server at {address} does not answer", "start it, or unset PREFECT_API_URL"
    else:
        what, to_do = "Prefect's own server of this build did not start or has ended", "build again"
    return Fault(what, f"{to_do}, or build with --engine direct; the published dataset is as it was")


def _send_events() -> None:
    """Send what the server has not been told yet of the tasks: it would be lost with this process."""
    from prefect.events.worker import EventsWorker

    if not _server_answers():
        _forget_events()
    EventsWorker.drain_all(timeout=_LAST_EVENTS_SECONDS)


def _forget_events() -> None:
    """Drop what was not sent: Prefect would try for minutes, also when the process ends."""
    module = sys.modules.get("prefect.events.worker")
    for worker in list(module.EventsWorker._instances.values()) if module else ():
        with contextlib.suppress(queue.Empty):
            while True:
                worker._queue.get_nowait()
