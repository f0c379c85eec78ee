"""Measure the build: cold, with nothing new, and with one file more.

    python benchmarks/build.py [--repeat N] [--engine prefect|direct]

For the sample and, where ../shared/raw is there, for the five real files: wall and CPU seconds (of the
build and all that it starts) and peak memory, summed over the process tree (proportional set size: shared
pages count once). Prints the median of N runs. Every run has folders of its own under a temporary folder.
"""

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent
SAMPLE = PROJECT / "raw"
REAL = PROJECT.parent / "shared" / "raw"
ONE_MORE = "MARROW BAY, Nov. 7 (Tessel Wire) -- The harbour fees will fall, Chair Ona Lirr said.\n"


@dataclass(frozen=True)
class Run:
    """What one build cost."""

    wall: float
    cpu: float
    peak_mb: float


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--engine", choices=("prefect", "direct"), default="prefect")
    arguments = parser.parse_args()
    print(f"{'files':8}{'build':16}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}   (median of {arguments.repeat})")
    for name, raw in (("sample", SAMPLE), ("real", REAL)):
        if not raw.is_dir():
            print(f"{name:8}left out: {raw.name} is not here")
            continue
        runs = [_three_builds(raw, arguments.engine) for _ in range(arguments.repeat)]
        for step in runs[0]:
            of = [run[step] for run in runs]
            cells = (statistics.median(getattr(r, what) for r in of) for what in ("wall", "cpu", "peak_mb"))
            print(f"{name:8}{step:16}" + "".join(f"{cell:9.1f}" for cell in cells))


def _three_builds(raw: Path, engine: str) -> dict[str, Run]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(raw, folder / "raw")
        runs = {}
        for step in ("cold", "nothing new", "one file more"):
            if step == "one file more":
                (folder / "raw" / "one_more.txt").write_text(ONE_MORE, encoding="utf-8")
            runs[step] = _build(folder, engine)
        return runs


def _build(folder: Path, engine: str) -> Run:
    command = [sys.executable, "-m", "pipeline", "build", "--engine", engine]
    for name in ("raw", "processed", "cache"):
        command += [f"--{name}", str(folder / name)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    watch = _Memory(process.pid)
    watch.start()
    _, told = process.communicate()
    wall = time.monotonic() - started
    watch.stop.set()
    watch.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"the build failed:\n{told}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, watch.peak_kb / 1024)


class _Memory(threading.Thread):
    """Looks at the memory of a process and all its descendants, twenty times a second."""

    def __init__(self, root: int) -> None:
        super().__init__()
        self._root = root
        self.stop = threading.Event()
        self.peak_kb = 0

    def run(self) -> None:
        while not self.stop.wait(0.05):
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


if __name__ == "__main__":
    main()
