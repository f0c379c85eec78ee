"""What a command costs: wall and CPU seconds, peak memory and bytes read, of it and all that it starts."""

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What one run of a command cost. Memory is the proportional set size: shared pages count once."""

    wall: float
    cpu: float
    peak_mb: float
    read_mb: float


def cost_of(
    command: Sequence[str], cwd: Path, *, env: Mapping[str, str] | None = None, every: float = 0.05
) -> tuple[Cost, str]:
    """Run a command to its end and return its cost with what it said on standard error.

    `every` is how many seconds lie between two looks at the memory. Bytes read are those of all read calls,
    whether the disk or the page cache answered. Raises SystemExit when the command fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=cwd, env=os.environ | dict(env or {}), stderr=subprocess.PIPE, text=True
    )
    memory = _Memory(process.pid, every)
    memory.start()
    assert process.stderr is not None
    told = process.stderr.read()
    # Ended, and not yet taken off the process table: its counters are complete now.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    wall = time.monotonic() - started
    read = _bytes_read(process.pid)
    process.wait()
    memory.stop.set()
    memory.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{told}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, memory.peak_kb / 1024, read / 1e6), told


def _bytes_read(pid: int) -> int:
    # Of a process with all the children that it waited for.
    lines = Path("/proc", str(pid), "io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("rchar:"))


class _Memory(threading.Thread):
    """Looks at the memory of a process and all its descendants again and again."""

    def __init__(self, root: int, every: float) -> None:
        super().__init__(daemon=True)
        self._root = root
        self._every = every
        self.stop = threading.Event()
        self.peak_kb = 0

    def run(self) -> None:
        while not self.stop.wait(self._every):
            self.peak_kb = max(self.peak_kb, sum(_pss_kb(pid) for pid in _tree(self._root)))


def _tree(root: int) -> set[int]:
    parents = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            stat = (process / "stat").read_text()
        except OSError:
            continue
        parents[int(process.name)] = int(stat.rsplit(")", 1)[1].split()[1])
    tree = {root}
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    return tree


def _pss_kb(pid: int) -> int:
    try:
        lines = Path("/proc", str(pid), "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
