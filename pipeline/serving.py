"""The scheduled flow, its artifacts and its deployment; with flows.py all that imports Prefect."""

import os
import re
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import anyio
import httpx
from prefect import flow, get_client, runtime
from prefect.artifacts import Artifact, create_markdown_artifact, create_table_artifact
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
    FlowRun,
    State,
    StateType,
)
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events import DeploymentEventTrigger, Event, Resource
from prefect.events.clients import get_events_client
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.states import Cancelled, Completed, Crashed, Failed
from prefect.types.entrypoint import EntrypointType
from websockets.exceptions import WebSocketException

from pipeline import build, build_command, guard
from pipeline.faults import Fault
from pipeline.progress import Progress
from pipeline.publish import release
from pipeline.raw_files import shown_path
from pipeline.service import Service
from pipeline.watcher import bursts

EVENT = "on-the-record.raw-files.arrived"
_NAMES_SENT = 100
# A build that is told to end stops within this time, whatever it is doing; nothing is lost by it.
_ENDS_IN_SECONDS = 5.0
_TRIGGER_SECONDS = 30.0
_STARTS_IN_SECONDS = 180.0
_TRIES = 3
_WAITING = [StateType.SCHEDULED, StateType.PENDING]
_UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


@flow(name="on-the-record-update")
def update(raw: str = "raw", processed: str = "processed", options: list[str] | None = None) -> State[Any]:
    """Bring the dataset up to date: what `python -m pipeline build` does, with the same options."""
    guard.start(anew=True)
    _end_in_time()
    progress = _Heard()
    published = Path(processed) / release.CURRENT
    before = _target(published)
    try:
        build_command.run(["--raw", raw, "--processed", processed, *(options or [])], progress)
    except Fault as fault:
        progress.say(f"error: {fault}")
        return Failed(message=str(fault))
    except SystemExit:
        return Failed(message=f"`build` does not know these options: {options}")
    except Exception:
        # A fault of ours; Prefect keeps the reason and drops the rest.
        traceback.print_exc()
        raise
    name = runtime.deployment.name or Path(processed).name
    show_artifacts(Path(processed), str(name), anew=_target(published) != before)
    return Completed(message=progress.last)


class _Heard(Progress):
    """Says what the build says, and remembers the last line for the page of the run."""

    last = ""

    def say(self, text: str) -> None:
        self.last = text
        super().say(text)


def _target(link: Path) -> str | None:
    try:
        return os.readlink(link)  # noqa: PTH115 (may be any bytes)
    except OSError:
        return None


def _end_in_time() -> None:
    """Let a request to terminate end this process soon, even in the middle of a batch."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: Any) -> None:
        timer = threading.Timer(_ENDS_IN_SECONDS, os._exit, (128 + number,))
        timer.daemon = True
        timer.start()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, end)


def show_artifacts(processed: Path, name: str, *, anew: bool) -> None:
    """Show what became of every raw file, and the run report; when nothing is new only if never shown."""
    from pipeline.publish import run_page

    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "dataset"
    manifest, report = f"{slug}-raw-files", f"{slug}-run-report"
    if not anew and Artifact.get(manifest) is not None:
        return
    rows, total = run_page.manifest_rows(processed)
    create_table_artifact(
        table=rows,
        key=manifest,
        description=f"What became of the raw files: {len(rows):,} of {total:,}, those to look at first.",
    )
    with suppress(FileNotFoundError):
        text = (processed / "reports" / "run_report.md").read_text("utf-8", "replace")
        create_markdown_artifact(markdown=run_page.shortened(text), key=report, description="The run report.")


def serve(
    service: Service,
    where: str,
    stopping: threading.Event,
    progress: Progress,
    server_lives: Callable[[], bool] = lambda: True,
) -> None:
    """Serve the deployment until told to stop. Raises Fault when the server does not answer (any more)."""
    _run_until_stopped(partial(_serve, server_lives=server_lives), service, where, stopping, progress)


def watch(service: Service, stopping: threading.Event, progress: Progress) -> None:
    """Send the event of arrived files to the named server until told to stop."""
    _run_until_stopped(_watch, service, os.environ["PREFECT_API_URL"], stopping, progress)


def _run_until_stopped(work: Any, service: Service, where: str, stopping: Any, progress: Progress) -> None:
    try:
        anyio.run(work, service, where, stopping, progress)
    except BaseException as error:
        errors = list(_single(error))
        for found in errors:
            if isinstance(found, Fault):
                raise found from None
        found = errors[0]
        if isinstance(found, httpx.TransportError | PrefectHTTPStatusError):
            raise Fault(
                f"the Prefect server at {where} does not answer ({found or type(found).__name__})",
                "see that it runs; without PREFECT_API_URL one is started",
            ) from None
        raise


def _single(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _single(part)
    else:
        yield error


async def _serve(
    service: Service,
    where: str,
    stopping: threading.Event,
    progress: Progress,
    server_lives: Callable[[], bool],
) -> None:
    # Of a server that goes on without us, the schedule is paused: nobody would run what it plans.
    runner = Runner(name=f"on-the-record-{service.name}", limit=1, pause_on_shutdown=not service.own_server)
    try:
        cron = Cron(service.cron, timezone=_timezone()) if service.cron else None
    except ValueError as error:
        raise Fault(
            f"--cron {service.cron!r} is no schedule ({error})", 'write it like "0 6 * * *"'
        ) from None
    deployment = await update.ato_deployment(
        name=service.name,
        schedule=cron,
        paused=False,
        triggers=[
            DeploymentEventTrigger(
                name=f"raw files of {service.name}",
                expect={EVENT},
                match={"prefect.resource.id": resource_id(service.name)},
            )
        ],
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE
        ),
        parameters={
            "raw": str(service.raw),
            "processed": str(service.processed),
            "options": ["--cache", str(service.cache), *service.build_options],
        },
        description=f"{service.raw} to {service.processed}",
        entrypoint_type=EntrypointType.MODULE_PATH,
        # Else Prefect asks git and tells the server what it says, the address of the repository among it.
        version_type=cast(Any, "prefect:simple"),
    )
    os.chdir(build.PROJECT)  # whence runs import the pipeline
    deployment_id = await runner.aadd_deployment(deployment)
    ended = anyio.Event()

    async def run() -> None:
        try:
            await runner.start()
        finally:
            ended.set()

    async with get_client() as client, anyio.create_task_group() as tasks:
        await _end_what_was_left(client, deployment_id, service)
        tasks.start_soon(run)
        tasks.start_soon(_announce_arrivals, client, deployment_id, service, progress)
        when = f'on "{service.cron}" and ' if service.cron else ""
        progress.say(f"building {when}when files arrive in {service.raw}; see {where}; Ctrl-C ends it")
        while not stopping.is_set() and not ended.is_set():
            if not server_lives():
                raise Fault("the Prefect server has ended", "start again; the published dataset is whole")
            await anyio.sleep(0.2)
        if not ended.is_set():
            while not runner.started and not ended.is_set():
                await anyio.sleep(0.1)
            await runner.astop()
        while not ended.is_set():
            # A run that was just being started when the others were told to end.
            await runner.cancel_all()
            await anyio.sleep(0.5)
        tasks.cancel_scope.cancel()
    if not stopping.is_set():
        raise Fault("the schedule ended by itself", "start again; the published dataset is whole")


async def _watch(service: Service, where: str, stopping: threading.Event, progress: Progress) -> None:
    async with get_client() as client, anyio.create_task_group() as tasks:
        name = f"{update.name}/{service.name}"
        try:
            deployment = await client.read_deployment_by_name(name)
        except ObjectNotFound:
            raise Fault(f"{where} has no deployment {name}", "run `prefect deploy --all`") from None
        tasks.start_soon(_announce_arrivals, client, deployment.id, service, progress)
        progress.say(f"watching {service.raw} for {name} at {where}; Ctrl-C ends it")
        while not stopping.is_set():
            await anyio.sleep(0.2)
        tasks.cancel_scope.cancel()


def resource_id(name: str) -> str:
    """Return the name under which events speak of the raw folder of a deployment."""
    return f"on-the-record.raw-folder.{name}"


def _timezone() -> str:
    # Prefect wants the name of a zone; UTC when the machine does not tell its own.
    zone = os.environ.get("TZ") or os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    from zoneinfo import available_timezones

    return zone if zone in available_timezones() else "UTC"


async def _announce_arrivals(
    client: PrefectClient, deployment_id: UUID, service: Service, progress: Progress
) -> None:
    """Send an event at the start, for what came while nobody watched, and one for each burst of arrivals."""
    async with aclosing(bursts(service.raw, service.settle, service.patience)) as arrivals:
        async for names in arrivals:
            told = False
            while True:
                try:
                    await announce(client, deployment_id, service.name, names)
                    break
                except (OSError, httpx.TransportError, PrefectHTTPStatusError, WebSocketException):
                    if not told:
                        progress.say("the Prefect server does not answer; trying again")
                    told = True
                    await anyio.sleep(5)


async def announce(client: PrefectClient, deployment_id: UUID, name: str, files: list[str]) -> bool:
    """Send the event that starts a run, unless one is waiting to start: it will see these files too.

    Returns, with whether it was sent, when the run stands in the queue, so that the next call finds it. An
    event that leads to nothing is sent again.
    """
    long_ago = datetime.now(UTC) - timedelta(seconds=_STARTS_IN_SECONDS)
    for run in await _find(client, deployment_id, _WAITING):
        # Of a run that has been about to start for minutes, who was starting it has died.
        if run.state is None or run.state.type is not StateType.PENDING or run.state.timestamp > long_ago:
            return False
    before = datetime.now(UTC) - timedelta(seconds=1)
    payload = {"n_files": len(files), "files": [shown_path(file) for file in files[:_NAMES_SENT]]}
    resource = Resource({"prefect.resource.id": resource_id(name), "prefect.resource.name": name})
    for _ in range(_TRIES):
        async with get_events_client(checkpoint_every=1) as events:
            await events.emit(Event(event=EVENT, resource=resource, payload=payload))
        with anyio.move_on_after(_TRIGGER_SECONDS):
            while not await _find(client, deployment_id, list(StateType), since=before):
                await anyio.sleep(0.3)
            break
    return True


async def _find(
    client: PrefectClient, deployment_id: UUID, types: list[StateType], since: datetime | None = None
) -> list[FlowRun]:
    """Return some runs of the deployment that are due, in states of these types."""
    return await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(
            deployment_id=FlowRunFilterDeploymentId(any_=[deployment_id]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=types)),
            expected_start_time=FlowRunFilterExpectedStartTime.model_validate(
                {"before_": datetime.now(UTC), "after_": since}
            ),
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=100,
    )


async def _end_what_was_left(client: PrefectClient, deployment_id: UUID, service: Service) -> None:
    """Close the runs of a schedule that was killed: they would hold the slot, or all start at once.

    No other schedule of this dataset lives, since each holds the lock of its home. But on a server of one's
    own another dataset may use the same name.
    """
    left = await _find(client, deployment_id, [*_UNDER_WAY, StateType.SCHEDULED])
    ours = [run for run in left if run.parameters.get("processed") == str(service.processed)]
    for run in (run for run in ours if run.state_type is not StateType.SCHEDULED):
        crashed: State[Any] = Crashed(message="the schedule ended while this run was under way")
        await client.set_flow_run_state(run.id, crashed, force=True)
    for run in (run for run in ours if run.state_type is StateType.SCHEDULED):
        cancelled: State[Any] = Cancelled(
            message="the schedule was not running; the next run covers this one"
        )
        await client.set_flow_run_state(run.id, cancelled, force=True)
