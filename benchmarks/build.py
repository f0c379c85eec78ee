"""Measure the build: cold, with nothing new, and with one file more.

    python benchmarks/build.py [--repeat N] [--engine prefect|direct]

For the sample and, where ../shared/raw is there, for the five real files: wall and CPU seconds (of the
build and all that it starts) and peak memory, summed over the process tree (proportional set size: shared
pages count once). Prints the median of N runs. Every run has folders of its own under a temporary folder.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.measure import Cost, cost_of  # noqa: E402

SAMPLE = PROJECT / "raw"
REAL = PROJECT.parent / "shared" / "raw"
ONE_MORE = "MARROW BAY, Nov. 7 (Tessel Wire) -- The harbour fees will fall, Chair Ona Lirr said.\n"


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


def _three_builds(raw: Path, engine: str) -> dict[str, Cost]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(raw, folder / "raw")
        runs = {}
        for step in ("cold", "nothing new", "one file more"):
            if step == "one file more":
                (folder / "raw" / "one_more.txt").write_text(ONE_MORE, encoding="utf-8")
            runs[step] = _build(folder, engine)
        return runs


def _build(folder: Path, engine: str) -> Cost:
    command = [sys.executable, "-m", "pipeline", "build", "--engine", engine]
    for name in ("raw", "processed", "cache"):
        command += [f"--{name}", str(folder / name)]
    return cost_of(command, PROJECT)[0]


if __name__ == "__main__":
    main()
