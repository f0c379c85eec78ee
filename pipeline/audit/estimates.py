"""Shares of a stratified sample, and how far off they may be.

The share in the sample has Wilson's score interval (Wilson 1927; Brown, Cai and DasGupta 2001). The estimate
for the whole dataset weighs every row by how many rows of its stratum it stands for: the combined ratio
estimator, with its linearised variance and the correction for finite populations (Cochran 1977, ch. 5, 6).
Its interval is Wilson's with the effective sample size (Kott and Carr 1997; Franco et al. 2019): near 0 and
1, where precision lies, the textbook interval of estimate and standard error is too short.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

_Z = 1.959963984540054

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Observation:
    """A coded row: its stratum with the rows it has, and how much of how many is right in it.

    `of` is 0 in a row that does not belong to what is estimated (another outlet, another type).
    """

    stratum: str
    stratum_rows: int
    right: float
    of: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share in the sample (n_right of n) and for all, with 95 % intervals.

    `n_effective` is the size of a simple random sample that would tell as much; infinite: all were coded.
    """

    n: int
    n_right: int
    share: float
    share_interval: Interval
    value: float
    interval: Interval
    n_effective: float
    population: float


def estimate(observations: Sequence[Observation]) -> Estimate | None:
    """Return the estimate from all coded rows of a sample; None when nothing belongs to it.

    Rows that were not coded are taken for like the coded ones of their stratum.
    """
    counts: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for one in observations:
        counts[one.stratum] = counts.get(one.stratum, 0) + 1
        sizes[one.stratum] = one.stratum_rows
    n = sum(one.of for one in observations)
    if not n:
        return None
    n_right = sum(one.right for one in observations)
    weights = {name: sizes[name] / counts[name] for name in counts}
    total = sum(weights[one.stratum] * one.of for one in observations)
    value = sum(weights[one.stratum] * one.right for one in observations) / total
    variance = _variance(observations, value, total, sizes, counts)
    unseen = 1 - min(1.0, n / total)
    if unseen <= 1e-12:
        n_effective = inf
    elif variance > 0 and 0 < value < 1:
        # Strata of few rows that agree by chance seem surer than they are.
        n_effective = min(value * (1 - value) / variance, n / unseen)
    else:
        # All alike: no variance can be seen. What unequal weights cost at most (Kish 1965).
        squares = sum((weights[one.stratum] * one.of) ** 2 for one in observations)
        n_effective = total**2 / squares / unseen
    return Estimate(
        n=round(n),
        n_right=round(n_right),
        share=n_right / n,
        share_interval=wilson(n_right / n, n),
        value=value,
        interval=wilson(value, n_effective),
        n_effective=n_effective,
        population=total,
    )


def wilson(share: float, n: float) -> Interval:
    """Return Wilson's 95 % score interval of a share of `n`; `n` infinite: the share itself."""
    if n == inf:
        return share, share
    middle = share + _Z**2 / (2 * n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    low, high = ((middle + side * half) / (1 + _Z**2 / n) for side in (-1, 1))
    return (0.0 if share == 0 else max(0.0, low)), (1.0 if share == 1 else min(1.0, high))


def _variance(
    observations: Sequence[Observation],
    value: float,
    total: float,
    sizes: dict[str, int],
    counts: dict[str, int],
) -> float:
    """Return the linearised variance of the ratio."""
    # Strata with one coded row show no variance of their own: they are taken together (collapsed strata).
    group = {name: name if counts[name] > 1 or sizes[name] == 1 else "" for name in counts}
    scores: dict[str, list[float]] = {}
    rows: dict[str, int] = {}
    for one in observations:
        scores.setdefault(group[one.stratum], []).append((one.right - value * one.of) / total)
    for name, size in sizes.items():
        rows[group[name]] = rows.get(group[name], 0) + size
    variance = 0.0
    for name, found in scores.items():
        n = len(found)
        mean = sum(found) / n if n > 1 else 0.0
        spread = sum((score - mean) ** 2 for score in found) / max(1, n - 1)
        variance += rows[name] ** 2 * (1 - n / rows[name]) * spread / n
    return variance
