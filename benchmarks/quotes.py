"""Measure the quote extractor: words per CPU second, beside textacy, and its peak memory.

    python benchmarks/quotes.py [--repeat N] [--corpus FILE] [--peers-python PYTHON]

Both extractors are processes of their own, pinned to the same core, with one thread for numeric libraries and
the models loaded before the clock starts. They take turns: a round is ours, textacy by article, textacy by
paragraph. Ours goes from the bytes of a raw file to quotes (direct and indirect) with their speakers; textacy
finds direct quotes only. Words are runs of non-spaces in the texts. Nothing of the texts is printed.
`make benchmark-quotes` sets up the environment of textacy (benchmarks/requirements-peers.lock).
"""

import argparse
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
CORPUS = PROJECT.parent / "shared" / "corpora" / "polnear_dev.jsonl"
PEERS_PYTHON = PROJECT / ".venv-peers" / "bin" / "python"
# A busy machine slows a process down even by its CPU time: caches and clock speed are shared.
QUIET = 0.5
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "POLARS_MAX_THREADS",
        "RAYON_NUM_THREADS",
    ),
    "1",
) | {"TOKENIZERS_PARALLELISM": "false"}


@dataclass(frozen=True)
class Contender:
    """An extractor and a way of working. `extractor`: the name of the process that runs it."""

    label: str
    extractor: str
    way: str
    unit: str


OURS = Contender("ours", "ours", "article", "articles")
BY_ARTICLE = Contender("textacy by article", "textacy", "article", "articles")
BY_PARAGRAPH = Contender("textacy by paragraph", "textacy", "paragraph", "paragraphs")
CONTENDERS = (OURS, BY_ARTICLE, BY_PARAGRAPH)


@dataclass(frozen=True)
class Run:
    """What one run over the corpus cost and gave. `given_up`: how many of the `items`, by the error."""

    cpu_seconds: float
    quotes: int
    given_up: dict[str, int]
    items: int
    peak_mb: float


@dataclass(frozen=True)
class Ratio:
    """How many times as fast: of the medians, and the smallest and largest of a round."""

    of_medians: float
    smallest: float
    largest: float


def count_words(texts: Iterable[str]) -> int:
    """Return the number of runs of non-spaces."""
    return sum(len(re.findall(r"\S+", text)) for text in texts)


def turns(contenders: Sequence[Contender], repeat: int) -> list[Contender]:
    """Return who runs when: all contenders in turn, `repeat` times over."""
    return list(contenders) * repeat


def words_per_second(words: int, runs: Iterable[Run]) -> list[float]:
    """Return the words per CPU second of each run."""
    return [words / run.cpu_seconds for run in runs]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Ratio:
    """Compare speeds, run by run of the same round. Raises ValueError when their numbers differ."""
    rounds = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Ratio(statistics.median(ours) / statistics.median(theirs), min(rounds), max(rounds))


def table(words: int, runs: dict[Contender, list[Run]]) -> str:
    """Return the table of medians, and what each ratio is."""
    lines = [f"{'':22}{'words/CPU s':>12}{'lowest':>9}{'highest':>9}{'quotes':>8}{'peak MB':>9}  given up"]
    speeds = {contender: words_per_second(words, made) for contender, made in runs.items()}
    for contender, made in runs.items():
        speed = speeds[contender]
        lines.append(
            f"{contender.label:22}{statistics.median(speed):12.0f}{min(speed):9.0f}{max(speed):9.0f}"
            f"{made[-1].quotes:8}{max(run.peak_mb for run in made):9.0f}"
            f"  {_given_up(made[-1])} of {made[-1].items} {contender.unit}"
        )
    for contender in runs:
        if contender != OURS:
            found = ratio(speeds[OURS], speeds[contender])
            lines.append(
                f"ours / {contender.label}: {found.of_medians:.2f} "
                f"(rounds: {found.smallest:.2f} to {found.largest:.2f})"
            )
    return "\n".join(lines)


def _given_up(run: Run) -> str:
    return " + ".join(f"{n} ({error})" for error, n in sorted(run.given_up.items())) or "0"


class Child:
    """The process of an extractor. Starting it waits until its models are loaded."""

    def __init__(self, python: Path, extractor: str, corpus: Path, core: int) -> None:
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.extractors", extractor, corpus, str(core)],
            cwd=PROJECT,
            env=os.environ | ONE_THREAD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._name = extractor
        self.versions: dict[str, str] = self._read()["versions"]

    def run(self, way: str) -> Run:
        """Run once over the corpus."""
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):  # it has ended, which reading finds out too
            self._process.stdin.write(way + "\n")
            self._process.stdin.flush()
        return Run(**self._read())

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()

    def _read(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"error: the process of {self._name} ended; what it said stands above")
        return json.loads(line)


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--corpus", type=Path, help='JSON Lines, each with "text" (default: PolNeAR dev)')
    parser.add_argument("--peers-python", type=Path, default=PEERS_PYTHON)
    arguments = parser.parse_args()
    corpus = (arguments.corpus or CORPUS).absolute()
    if arguments.repeat < 1:
        raise SystemExit("error: --repeat needs 1 or more")
    if not corpus.is_file():
        if arguments.corpus:
            raise SystemExit(f"error: there is no corpus {corpus}")
        print(f"quotes  left out: the corpus is not here ({CORPUS}); name another with --corpus FILE")
        return
    peers = arguments.peers_python.absolute()
    if not peers.is_file():
        raise SystemExit(f"error: there is no {peers}: `make benchmark-quotes` sets textacy up")
    _measure(corpus, peers, arguments.repeat)


def _measure(corpus: Path, peers: Path, repeat: int) -> None:
    with corpus.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    words = count_words(texts)
    load = os.getloadavg()[0]
    core = max(os.sched_getaffinity(0))
    children: dict[str, Child] = {}
    try:
        for name, python in (("ours", Path(sys.executable)), ("textacy", peers)):
            children[name] = Child(python, name, corpus, core)
            print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in children[name].versions.items()))
        print(f"{corpus.name}: {len(texts)} articles, {words} words; core {core}; median of {repeat} runs")
        if load > QUIET:
            print(f"warning: the machine is busy (load {load:.2f}): measure again when it is quiet")
        runs: dict[Contender, list[Run]] = {contender: [] for contender in CONTENDERS}
        for contender in turns(CONTENDERS, repeat):
            runs[contender].append(children[contender.extractor].run(contender.way))
    finally:
        for child in children.values():
            child.close()
    print(table(words, runs))
    print("textacy parses a text, then gives it up (ValueError) when its quotation marks are odd in number.")
    print("Peak MB is of the whole process, with its models and the corpus, up to its last run.")


if __name__ == "__main__":
    main()
