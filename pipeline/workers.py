"""Where batches run: in this process, or in several of our own."""

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from pipeline import guard
from pipeline.build import Outcome, Plan, build_batch, finish
from pipeline.progress import Progress

if TYPE_CHECKING:
    from pipeline.shards import ShardResult, ShardTask

RunBatch = Callable[[Sequence["ShardTask"]], list["ShardResult"]]

# Fewer documents than this are done before further processes have started.
_WORTH_PROCESSES = 200
_TRIES = 3


def process_count(asked: int, n_documents: int) -> int:
    """Return how many processes to use; 0 asks for as many as there are processors, if that is worth it."""
    if asked:
        return asked
    return len(os.sched_getaffinity(0)) if n_documents >= _WORTH_PROCESSES else 1


@contextlib.contextmanager
def workers(processes: int) -> Iterator[RunBatch]:
    """Give a function that runs a batch. With several processes it may be called from several threads."""
    if processes == 1:
        yield build_batch
        return
    pool = _Pool(processes)
    try:
        yield pool.run
    finally:
        pool.close()


class _Pool:
    """A process pool that is set up again when one of its processes was killed."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._lock = threading.Lock()
        self._executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # Spawned, not forked: a forked polars can hang, and no worker inherits open files.
        return ProcessPoolExecutor(self._processes, mp_context=multiprocessing.get_context("spawn"))

    def run(self, batch: Sequence["ShardTask"]) -> list["ShardResult"]:
        for _ in range(_TRIES - 1):
            executor = self._executor
            try:
                return executor.submit(build_batch, batch).result()
            except BrokenProcessPool:
                with self._lock:
                    if self._executor is executor:
                        self._executor = self._start()
        return self._executor.submit(build_batch, batch).result()

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)


def run_directly(plan: Plan, progress: Progress) -> Outcome:
    """Run a plan without Prefect: the same functions, called one after the other."""
    processes = process_count(plan.options.processes, plan.n_documents)
    if processes > 1:
        guard.start()
    results: list[ShardResult] = []
    with workers(processes) as run_batch, ThreadPoolExecutor(processes) as threads:
        for done, made in enumerate(threads.map(run_batch, plan.batches)):
            results += made
            progress.step("batches", done + 1, len(plan.batches))
        return finish(plan, results, progress)
