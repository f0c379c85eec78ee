"""Statements from links: each is a clause that stands for it, the gist, with the clauses linked to that one.

Every part is alike to the gist itself, so statements do not chain from one meaning to another (star
clustering: Aslam, Pelekhov & Rus 2004).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Part(NamedTuple):
    """A part of a quote. Offsets in code points of the raw file."""

    quote_id: str
    char_start: int
    char_end: int
    said_text: str


class PartLink(NamedTuple):
    """Two parts that say the same thing, and how alike they are (see likeness.Likeness)."""

    first: Part
    second: Part
    share: float
    of_first: float
    of_second: float
    same: float

    def turned(self) -> "PartLink":
        """Return the link as the second part sees it."""
        return PartLink(self.second, self.first, self.share, self.of_second, self.of_first, self.same)


@dataclass(frozen=True)
class Statement:
    """The gist, and the links from it to all other parts that report the same thing, by quote."""

    gist: Part
    others: tuple[PartLink, ...]


def gather(links: Iterable[PartLink]) -> list[Statement]:
    """Return the statements, in order of the gist. Every part is in one statement at most.

    The part that is alike to most others, and most alike, becomes the gist first.
    """
    linked: dict[Part, dict[Part, PartLink]] = defaultdict(dict)
    for one in links:
        for link in (one, one.turned()):
            best = linked[link.first].get(link.second)
            if best is None or best.share < link.share:
                linked[link.first][link.second] = link
    order = sorted(linked, key=lambda part: (-sum(link.share for link in linked[part].values()), part))
    taken: set[Part] = set()
    found = []
    for gist in order:
        if gist in taken:
            continue
        others = [link for part, link in sorted(linked[gist].items()) if part not in taken]
        if others:
            taken.update([gist, *(link.second for link in others)])
            found.append(Statement(gist, tuple(others)))
    return sorted(found, key=lambda statement: statement.gist)
