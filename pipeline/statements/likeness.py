"""How much of what one clause says stands in another: shared words, weighed, with words of like meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.statements.words import ContentWord

Numbers = npt.NDArray[np.float64]

# Two stems that begin alike for this many letters and this share of the shorter are forms of one word.
_LEAST_BEGINNING = 5
_LEAST_SHARE = 0.7
_SAME_BEGINNING = 0.8
# Cosine from which words are alike in meaning, and what the likest are worth.
_LEAST_COSINE = 0.3
_LIKE_MEANING = 0.7


@dataclass(frozen=True)
class Likeness:
    """How alike two clauses are.

    `share`: of the weight of both, what stands in both, 0–1 (a soft Dice coefficient). `weight`: how much
    that is. `of_first`, `of_second`: the share of each that stands in the other. `same`: the share without
    words of like meaning.
    """

    share: float
    weight: float
    of_first: float
    of_second: float
    same: float

    @property
    def strength(self) -> float:
        """Return what to compare two likenesses by: of two like pairs the longer one tells more."""
        return float(self.share * self.weight**0.2)


def likeness(
    first: Sequence[ContentWord],
    second: Sequence[ContentWord],
    rarity: Mapping[str, float],
    cosines: npt.NDArray[np.float32] | None = None,
) -> Likeness:
    """Compare two clauses, neither of them empty.

    `rarity`: how much a stem tells where the clauses were said; `cosines`: of every word of the first with
    every word of the second.
    """
    same = np.array([[same_word(a.stem, b.stem) for b in second] for a in first])
    weights_1, weights_2 = (
        np.array([word.weight * rarity.get(word.stem, 1.0) for word in words]) for words in (first, second)
    )
    total = weights_1.sum() + weights_2.sum()
    plain = (weights_1 * same.max(axis=1)).sum() + (weights_2 * same.max(axis=0)).sum()
    alike = same
    if cosines is not None:
        meaning = np.clip((cosines - _LEAST_COSINE) / (1 - _LEAST_COSINE), 0, 1) * _LIKE_MEANING
        alike = np.maximum(same, meaning)
    shared_1 = float((weights_1 * alike.max(axis=1)).sum())
    shared_2 = float((weights_2 * alike.max(axis=0)).sum())
    return Likeness(
        (shared_1 + shared_2) / total,
        (shared_1 + shared_2) / 2,
        shared_1 / weights_1.sum(),
        shared_2 / weights_2.sum(),
        float(plain / total),
    )


@lru_cache(maxsize=200_000)
def same_word(first: str, second: str) -> float:
    """Return 1 for the same stem, less for two that begin alike, and else 0."""
    if first == second:
        return 1.0
    shorter = min(len(first), len(second))
    if shorter < _LEAST_BEGINNING or first[:_LEAST_BEGINNING] != second[:_LEAST_BEGINNING]:
        return 0.0
    alike = next((i for i in range(shorter) if first[i] != second[i]), shorter)
    return _SAME_BEGINNING if alike >= _LEAST_SHARE * shorter else 0.0
