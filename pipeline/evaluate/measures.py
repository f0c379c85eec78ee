"""A measure: a figure that is worked out from additive counts, so that documents can be drawn again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

ALL = "all"

# Numbers of one document, or of many added up, by what they count.
Counts = Mapping[str, float]


class Figure(NamedTuple):
    """A value, of how many things it tells, and (for a plain share) how many of them are right.

    `value` None: there was nothing to measure.
    """

    value: float | None
    n: int
    n_right: int | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure by name: what is measured, in which statistic, over quotes of which kind."""

    name: str
    statistic: str
    kind: str
    compute: Callable[[Counts], Figure]


def add_up(documents: Iterable[Counts]) -> dict[str, float]:
    """Return the counts of all documents together."""
    total: dict[str, float] = {}
    for counts in documents:
        for name, count in counts.items():
            total[name] = total.get(name, 0) + count
    return total


def share(name: str, statistic: str, kind: str, right: str, of: str) -> Measure:
    """Return the measure of one count over another."""

    def compute(counts: Counts) -> Figure:
        n, n_right = int(counts.get(of, 0)), int(counts.get(right, 0))
        return Figure(n_right / n if n else None, n, n_right)

    return Measure(name, statistic, kind, compute)


def f1(name: str, kind: str, precision: Measure, recall: Measure) -> Measure:
    """Return the harmonic mean of precision and recall (van Rijsbergen 1979).

    It is 0 when one of the two cannot be told, as nothing is right then.
    """

    def compute(counts: Counts) -> Figure:
        p, r = precision.compute(counts), recall.compute(counts)
        n = p.n + r.n
        if not n:
            return Figure(None, 0, None)
        together = (p.value or 0.0) + (r.value or 0.0)
        return Figure(2 * (p.value or 0.0) * (r.value or 0.0) / together if together else 0.0, n, None)

    return Measure(name, "f1", kind, compute)
