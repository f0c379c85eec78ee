"""How far a figure would move with other documents of the same kind: the bootstrap (Efron 1979)."""

import random
from collections import Counter
from collections.abc import Sequence
from operator import mul

from pipeline.evaluate.measures import Counts, Measure

# Below this an interval over documents would pretend to know; the counts are shown instead.
MIN_DOCUMENTS = 20
DRAWS = 1000
SEED = 1


def intervals(
    documents: Sequence[Counts], measures: Sequence[Measure], *, draws: int = DRAWS, seed: int = SEED
) -> list[tuple[float, float] | None]:
    """Return the 95 % percentile interval of each measure over documents drawn with replacement.

    Documents and not quotes are drawn, since the quotes of one document are alike. The same seed gives the
    same interval. None: fewer than 20 documents, or nothing to measure.
    """
    if len(documents) < MIN_DOCUMENTS:
        return [None for _ in measures]
    columns = {
        name: [counts.get(name, 0) for counts in documents]
        for name in sorted({name for counts in documents for name in counts})
    }
    rng = random.Random(seed)
    values: list[list[float]] = [[] for _ in measures]
    for _ in range(draws):
        drawn = Counter(rng.choices(range(len(documents)), k=len(documents)))
        times = [drawn[number] for number in range(len(documents))]
        totals = {name: sum(map(mul, times, column)) for name, column in columns.items()}
        for found, measure in zip(values, measures, strict=True):
            value = measure.compute(totals).value
            if value is not None:
                found.append(value)
    return [_middle(sorted(found)) for found in values]


def _middle(values: Sequence[float]) -> tuple[float, float] | None:
    if not values:
        return None
    n = len(values)
    return values[int(0.025 * n)], values[min(n - 1, int(0.975 * n))]
