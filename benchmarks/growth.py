"""Measure what a build costs as the corpus grows: all of it, nothing new, one file more, one less, one term.

    python benchmarks/growth.py --work FOLDER --articles 1000 --words 500 [--ways direct:1 direct:2 ...]

The corpus (benchmarks/corpus.py) and every built dataset are kept under the work folder, so that the steps
can be run one by one (`--steps`), also on another day; every cost is noted in `measured.jsonl` there, and the
table shows the newest of each. A way is an engine with its number of processes. The pipeline that is measured
is a copy, made at each full build, in which a topic term can be changed.

Wall and CPU seconds, peak memory and bytes read are those of the build and all that it starts (see
measure.py). Just before every full build the same machine does pure arithmetic in one process and in two, so
that what two processes gain can be told from what the machine gives.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.corpus import file_name, write_corpus  # noqa: E402
from benchmarks.measure import Cost, cost_of  # noqa: E402

STEPS = ("full", "nothing new", "one new", "one removed", "one term")
START_UP = "start-up"
_SEED = 1
_ADDITIONS = 8_000_000


@dataclass(frozen=True)
class Way:
    """An engine with its number of processes."""

    engine: str
    processes: int

    @classmethod
    def of(cls, text: str) -> "Way":
        """Read `engine:processes`."""
        engine, _, processes = text.partition(":")
        return cls(engine, int(processes or 1))

    def __str__(self) -> str:
        return f"{self.engine}:{self.processes}"


@dataclass(frozen=True)
class Measured:
    """One cost, with what it is the cost of. `gain`: of two processes of arithmetic, at a full build."""

    articles: int
    words: int
    way: str
    step: str
    cost: Cost
    gain: float | None = None


class Shelf:
    """The work folder: corpora, built datasets, and what was measured."""

    def __init__(self, folder: Path, articles: int, words: int) -> None:
        self.folder = folder
        self.articles = articles
        self.words = words

    @property
    def raw(self) -> Path:
        """Return the folder of the corpus."""
        return self.folder / f"raw-{self.articles}-{self.words}"

    def built(self, way: Way) -> Path:
        """Return the folder of a built dataset with its cache and the pipeline that built it."""
        return self.folder / f"built-{self.articles}-{self.words}-{way.engine}-{way.processes}"

    def write_corpus(self) -> None:
        """Write the corpus if it is not there; remove what an interrupted step left in it."""
        done = self.raw.with_suffix(".done")
        if not done.exists():
            self.raw.mkdir(parents=True, exist_ok=True)
            write_corpus(self.raw, range(self.articles), self.words, _SEED)
            done.touch()
        (self.raw / file_name(self.articles)).unlink(missing_ok=True)

    def note(self, measured: Measured) -> None:
        """Keep a cost."""
        with (self.folder / "measured.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(measured)) + "\n")

    def newest(self) -> dict[tuple[str, str], Measured]:
        """Return the newest cost of each way and step for this corpus."""
        found = {}
        for line in (self.folder / "measured.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            one = Measured(**row | {"cost": Cost(**row["cost"])})
            if (one.articles, one.words) == (self.articles, self.words):
                found[one.way, one.step] = one
        return found


def main() -> None:
    """Measure what the command line asks for and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for corpora and datasets; kept")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--words", type=int, default=500)
    parser.add_argument("--ways", nargs="*", type=Way.of, default=[Way("direct", 1), Way("direct", 2)])
    parser.add_argument("--steps", nargs="*", choices=(*STEPS, START_UP), default=STEPS)
    arguments = parser.parse_args()
    shelf = Shelf(arguments.work.absolute(), arguments.articles, arguments.words)
    for way in arguments.ways:
        for step in arguments.steps:
            measured = start_up(shelf, way) if step == START_UP else measure(shelf, way, step)
            shelf.note(measured)
            print(f"{way} {step}: {measured.cost.wall:.1f} s", file=sys.stderr, flush=True)
    print("\n".join(table(shelf.newest())))


def measure(shelf: Shelf, way: Way, step: str) -> Measured:
    """Do one step in one way and return what it cost."""
    shelf.write_corpus()
    built = shelf.built(way)
    gain = None
    extra = shelf.raw / file_name(shelf.articles)
    if step == "full":
        shutil.rmtree(built, ignore_errors=True)
        copy_pipeline(built)
        gain = arithmetic_gain()
    elif step == "one new":
        write_corpus(shelf.raw, [shelf.articles], shelf.words, _SEED)
    elif step == "one removed" and not extra.exists():
        write_corpus(shelf.raw, [shelf.articles], shelf.words, _SEED)
        build(built, shelf.raw, way)
    elif step == "one term":
        terms = built / "project" / "schemas" / "codebooks" / "topic_terms.csv"
        number = len(terms.read_text(encoding="utf-8").splitlines())
        with terms.open("a", encoding="utf-8") as file:
            file.write(f"growth_{number},trade,market of,phrase,,,1.0,codebook\n")
    if step == "one removed":
        extra.unlink()
    # Looked at twice a second: looking more often would itself cost what two processes could gain.
    cost = build(built, shelf.raw, way, every=0.5 if step == "full" else 0.05)
    return Measured(shelf.articles, shelf.words, str(way), step, cost, gain)


def start_up(shelf: Shelf, way: Way) -> Measured:
    """Return the cost of a build of an empty folder, the second one: the engine's own cost."""
    folder = shelf.folder / f"empty-{way.engine}-{way.processes}"
    shutil.rmtree(folder, ignore_errors=True)
    copy_pipeline(folder)
    raw = folder / "raw"
    raw.mkdir()
    build(folder, raw, way)
    # One hidden file is listed in sources: something to publish, and nothing to read.
    (raw / ".note.txt").touch()
    return Measured(shelf.articles, shelf.words, str(way), START_UP, build(folder, raw, way))


def copy_pipeline(folder: Path) -> None:
    """Copy the pipeline with its codebooks, to be changed."""
    shutil.rmtree(folder / "project", ignore_errors=True)
    for name in ("pipeline", "schemas"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, folder / "project" / name, ignore=ignored)


def build(folder: Path, raw: Path, way: Way, every: float = 0.05) -> Cost:
    """Build into a folder and return the cost. `every`: seconds from one look at the memory to the next."""
    command = [sys.executable, "-m", "pipeline", "build", "--engine", way.engine, "--raw", str(raw)]
    command += ["--processes", str(way.processes)]
    for name in ("processed", "cache"):
        command += [f"--{name}", str(folder / name)]
    return cost_of(command, folder / "project", every=every)[0]


def arithmetic_gain() -> float:
    """Return how much faster two processes of pure arithmetic are than one; 2 on two free processors."""
    walls = {}
    for processes in (1, 2):
        with ProcessPoolExecutor(processes) as pool:
            list(pool.map(_add, [1] * processes))
            started = time.monotonic()
            list(pool.map(_add, [_ADDITIONS] * 4))
            walls[processes] = time.monotonic() - started
    return walls[1] / walls[2]


def _add(count: int) -> int:
    total = 0
    for number in range(count):
        total += number & 7
    return total


def table(found: dict[tuple[str, str], Measured]) -> list[str]:
    """Return the lines of the table, and what follows from it."""
    lines = [f"{'way':12}{'step':14}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'read MB':>9}"]
    for way in dict.fromkeys(way for way, _ in found):
        for step in (START_UP, *STEPS):
            if one := found.get((way, step)):
                cost = one.cost
                lines.append(
                    f"{way:12}{step:14}{cost.wall:9.1f}{cost.cpu:9.1f}{cost.peak_mb:9.0f}{cost.read_mb:9.1f}"
                )
    return lines + conclusions(found)


def conclusions(found: dict[tuple[str, str], Measured]) -> list[str]:
    """Return what the costs say of growth, as far as they were measured."""
    lines = []
    for way in dict.fromkeys(way for way, _ in found):
        of = {step: found[way, step].cost for step in STEPS if (way, step) in found}
        if "nothing new" in of:
            for step in ("one new", "one removed"):
                if step in of:
                    beyond = of[step].cpu - of["nothing new"].cpu
                    lines.append(f"{way}: {step} costs {beyond:.1f} CPU s beyond a run that finds nothing")
        if {"one term", "full"} <= of.keys():
            share = of["one term"].cpu / of["full"].cpu
            lines.append(f"{way}: one term costs {share:.1%} of the CPU of a full build")
    for engine in dict.fromkeys(way.partition(":")[0] for way, _ in found):
        one, two = (found.get((f"{engine}:{n}", "full")) for n in (1, 2))
        if one and two and one.gain and two.gain:
            gain, given = one.cost.wall / two.cost.wall, (one.gain + two.gain) / 2
            lines.append(
                f"{engine}: two processes gain {gain:.2f}, pure arithmetic {given:.2f}: {gain / given:.0%}"
            )
    for processes in (1, 2):
        pair: Sequence[Measured | None] = [
            found.get((f"{e}:{processes}", "full")) for e in ("direct", "prefect")
        ]
        direct, prefect = pair
        if direct and prefect:
            over = prefect.cost.cpu / direct.cost.cpu - 1
            lines.append(f"Prefect over direct, full build, {processes} processes: {over:+.1%} CPU")
    return lines


if __name__ == "__main__":
    main()
