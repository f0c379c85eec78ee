"""Strata of a sample: cells of the population, joined until all can have their share.

Allocation is proportional with a minimum (Cochran 1977, ch. 5): every stratum gets two rows, of which a
variance can be told, and the rest is shared out by size. So that the minimum never takes more than half of
the sample, small cells are joined: those that differ in the factor named last first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# The values of a cell, one for each factor; a joined stratum has '*' where any value will do.
Cell = tuple[str, ...]

# What quotes are stratified by, the most important first.
FACTORS = ("outlet", "quote_type", "speaker", "confidence")
MINIMUM = 2
ANY = "*"


@dataclass(frozen=True)
class Stratum:
    """A part of the population: how many rows it has and how many of them are drawn."""

    name: str
    n_rows: int
    n_drawn: int

    @property
    def probability(self) -> float:
        """Return the probability with which each of its rows is drawn."""
        return self.n_drawn / self.n_rows


def stratify(cells: Mapping[Cell, int], factors: tuple[str, ...], n: int) -> dict[Cell, Stratum]:
    """Return the stratum of each cell of a population, for a sample of `n` rows (all, if there are fewer)."""
    joined = _joined(cells, n)
    sizes: dict[Cell, int] = {}
    for cell, stratum in joined.items():
        sizes[stratum] = sizes.get(stratum, 0) + cells[cell]
    drawn = allocate(sizes, n)
    strata = {cell: Stratum(_name(cell, factors), size, drawn[cell]) for cell, size in sizes.items()}
    return {cell: strata[stratum] for cell, stratum in joined.items()}


def allocate(sizes: Mapping[Cell, int], n: int) -> dict[Cell, int]:
    """Return how many rows of each stratum are drawn: the minimum, and the rest by largest remainder."""
    n = min(n, sum(sizes.values()))
    drawn = {cell: min(MINIMUM, size) for cell, size in sizes.items()}
    for cell in sorted(drawn, key=lambda c: (sizes[c], c)):
        if sum(drawn.values()) <= n:
            break
        drawn[cell] = 1
    left = n - sum(drawn.values())
    room = {cell: size - drawn[cell] for cell, size in sizes.items()}
    total = sum(room.values())
    if left > 0:
        shares = {cell: divmod(left * room[cell], total) for cell in sorted(sizes)}
        for cell, (whole, _) in shares.items():
            drawn[cell] += whole
        left -= sum(whole for whole, _ in shares.values())
        for cell in sorted(shares, key=lambda c: (-shares[c][1], c))[:left]:
            drawn[cell] += 1
    return drawn


def _joined(cells: Mapping[Cell, int], n: int) -> dict[Cell, Cell]:
    """Return the stratum of each cell: itself, or one in which its last factors are open."""
    smallest = 1
    while True:
        joined = {cell: cell for cell in cells}
        sizes = dict(cells)
        width = len(next(iter(cells), ()))
        for n_open in range(1, width + 1):
            small = {cell for cell, size in sizes.items() if size < smallest}
            for cell, stratum in joined.items():
                if stratum in small:
                    joined[cell] = stratum[: width - n_open] + (ANY,) * n_open
            sizes = {}
            for cell, stratum in joined.items():
                sizes[stratum] = sizes.get(stratum, 0) + cells[cell]
        if len(sizes) <= 1 or len(sizes) * MINIMUM * 2 <= n:
            return joined
        smallest *= 2


def _name(cell: Cell, factors: tuple[str, ...]) -> str:
    return ", ".join(f"{factor}={value}" for factor, value in zip(factors, cell, strict=True)) or "all"
