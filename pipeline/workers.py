"""Where batches run: in this process, or in several of our own."""

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from pipeline import guard
from pipeline.build import Outcome, Plan, build_batch, finish, prepare_segment, segments_of
from pipeline.faults import Fault
from pipeline.progress import Progress

if TYPE_CHECKING:
    from pipeline.shards import ShardResult

T = TypeVar("T")


class Run(Protocol):
    """Does some work, here or in another process: a function with its arguments, both importable there."""

    def __call__(self, work: "partial[T]") -> T:
        """Return what the function returns."""


# Fewer documents than this are done before further processes have started.
_WORTH_PROCESSES = 200
_TRIES = 3
# Each worker is one of as many as there are processors: more threads would only get in each other's way.
ONE_THREAD = {
    f"{name}_THREADS": "1" for name in ("POLARS_MAX", "OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "RAYON_NUM")
}


def process_count(plan: Plan) -> int:
    """Return how many processes to use; 0 asks for as many as there are processors, if that is worth it.

    There are never more than batches: a new process costs some seconds of imports.
    """
    wanted = plan.options.processes
    if not wanted:
        wanted = len(os.sched_getaffinity(0)) if plan.n_stale >= _WORTH_PROCESSES else 1
    return max(1, min(wanted, len(plan.batches)))


@contextlib.contextmanager
def workers(processes: int) -> Iterator[Run]:
    """Give a function that does some work. With several processes it may be called from several threads."""
    if processes == 1:
        yield run_here
        return
    pool = _Pool(processes)
    try:
        yield pool.run
    finally:
        pool.close()


def run_here(work: "partial[T]") -> T:
    """Do some work in this process."""
    return work()


class _Pool:
    """A process pool that is set up again when one of its processes was killed."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._lock = threading.Lock()
        self._executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # Spawned, not forked: a forked polars can hang, and no worker inherits open files.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._processes, mp_context=context, initializer=_pin_threads)

    def run(self, work: "partial[T]") -> T:
        for _ in range(_TRIES):
            executor = self._executor
            try:
                return executor.submit(work).result()
            except BrokenProcessPool:
                with self._lock:
                    if self._executor is executor:
                        self._executor = self._start()
        raise Fault(
            f"a worker process was killed {_TRIES} times, mostly because the memory did not suffice",
            "build again with fewer of them (--processes 1) or smaller batches (--batch-files 50); what was "
            "made is kept",
        )

    def close(self) -> None:
        self._executor.shutdown(cancel_futures=True)


def _pin_threads() -> None:
    # The libraries read this when they are imported, which a new worker has not done yet.
    os.environ.update(ONE_THREAD)


def run_directly(plan: Plan, progress: Progress) -> Outcome:
    """Run a plan without Prefect: the same functions, called one after the other."""
    processes = process_count(plan)
    if processes > 1:
        guard.start()
    results: list[ShardResult] = list(plan.made_before)
    with workers(processes) as run, ThreadPoolExecutor(processes) as threads:
        for done, made in enumerate(threads.map(run, (partial(build_batch, b) for b in plan.batches))):
            results += made
            progress.step("batches", done + 1, len(plan.batches))
        if processes > 1:
            list(threads.map(run, (partial(prepare_segment, s) for s in segments_of(plan, results))))
        return finish(plan, results, progress)
