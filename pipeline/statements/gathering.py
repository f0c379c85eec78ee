"""Statements from links: groups of parts of quotes, one of them the gist.

Groups grow by average linkage over links (Sokal & Michener 1958), so that statements do not chain from one
meaning to another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
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
    """A gist, and a link to each other part of it: from the gist, or else from the part most like it."""

    gist: Part
    others: tuple[PartLink, ...]


def gather(links: Iterable[PartLink], article_of: Mapping[str, str]) -> list[Statement]:
    """Return the statements, in order of the gist. Every part is in one statement at most.

    `article_of`: the article of each quote. The strongest links join first; two groups become one when half
    of their pairs are linked and no article is in both. The part linked to most others, and most alike, is
    the gist.
    """
    linked: dict[Part, dict[Part, PartLink]] = defaultdict(dict)
    for one in links:
        for link in (one, one.turned()):
            best = linked[link.first].get(link.second)
            if best is None or best.share < link.share:
                linked[link.first][link.second] = link
    group_of: dict[Part, frozenset[Part]] = {part: frozenset([part]) for part in linked}
    pairs = [link for here in linked.values() for link in here.values() if link.first < link.second]
    for link in sorted(pairs, key=lambda link: (-link.share, link.first, link.second)):
        group, further = group_of[link.first], group_of[link.second]
        if group is not further and _belong_together(group, further, linked, article_of):
            both = group | further
            group_of |= dict.fromkeys(both, both)
    groups = {found for found in group_of.values() if len(found) > 1}
    return sorted((_statement(found, linked) for found in groups), key=lambda statement: statement.gist)


def _belong_together(
    one: frozenset[Part],
    other: frozenset[Part],
    linked: Mapping[Part, Mapping[Part, PartLink]],
    article_of: Mapping[str, str],
) -> bool:
    articles = ({article_of[part.quote_id] for part in group} for group in (one, other))
    if set.intersection(*articles):
        return False
    return 2 * sum(b in linked[a] for a in one for b in other) >= len(one) * len(other)


def _statement(group: frozenset[Part], linked: Mapping[Part, Mapping[Part, PartLink]]) -> Statement:
    def closeness(part: Part) -> tuple[float, Part]:
        return (-sum(link.share for other, link in linked[part].items() if other in group), part)

    gist = min(group, key=closeness)
    others = []
    for part in sorted(group - {gist}):
        near = [linked[other][part] for other in group if part in linked[other]]
        others.append(linked[gist].get(part) or min(near, key=lambda link: (-link.share, link.first)))
    return Statement(gist, tuple(others))
