"""The Prefect flow: a thin shell over build.py, and the only module that imports Prefect."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import guard
from pipeline.build import Outcome, Plan, finish
from pipeline.progress import Progress
from pipeline.workers import RunBatch, process_count, workers

if TYPE_CHECKING:
    from pipeline.shards import ShardResult


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


def _settings(home: Path) -> dict[str, str]:
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
        # What only deployments need; they would cost the embedded server memory and time.
        **{f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _IDLE_SERVICES},
    }


def run(plan: Plan, progress: Progress) -> Outcome:
    """Run a plan as a Prefect flow on Prefect's own embedded server, or on the one that is configured."""
    for name, value in _settings(plan.options.cache / "prefect").items():
        os.environ.setdefault(name, value)
    guard.start()
    processes = process_count(plan.options.processes, plan.n_documents)
    with workers(processes) as run_batch:
        return _flow(plan, progress, run_batch, processes)


def _flow(plan: Plan, progress: Progress, run_batch: RunBatch, processes: int) -> Outcome:
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE
    from prefect.events.worker import EventsWorker
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

    def can_help(task: Any, task_run: Any, state: Any) -> bool:
        # A disk that hiccups may be back in a moment; a table that breaks a rule will break it again.
        found = state.result(raise_on_failure=False)
        return isinstance(found, OSError)

    # Batches go by number and stay in this process: Prefect would walk through whatever it is handed.
    @task(
        name="batch",
        retries=2,
        retry_delay_seconds=[1, 5],
        retry_condition_fn=can_help,
        cache_policy=NO_CACHE,
    )
    def batch(number: int) -> int:
        results[number] = run_batch(plan.batches[number])
        return number

    @task(name="combine, check, publish", cache_policy=NO_CACHE)
    def publish() -> None:
        outcome.append(finish(plan, [r for number in sorted(results) for r in results[number]], progress))

    runner: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=processes)

    @flow(name="on-the-record", validate_parameters=False, task_runner=runner)
    def dataset(n_batches: int, n_documents: int) -> None:
        waiting = [batch.submit(number) for number in range(n_batches)]
        for done, future in enumerate(waiting):
            future.result()
            progress.step("batches", done + 1, n_batches)
        publish()

    results: dict[int, Sequence[ShardResult]] = {}
    outcome: list[Outcome] = []
    # The heartbeat thread makes every flow wait a second for it.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            dataset(len(plan.batches), plan.n_documents)
        finally:
            # What happened to the tasks reaches the server as events; without this the last ones are lost.
            EventsWorker.drain_all()
    return outcome[0]
