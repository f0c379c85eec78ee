"""Links: pairs of clauses, in quotes of one speaker in different articles, that say the same thing."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.statements.clauses import clauses
from pipeline.statements.likeness import Likeness, likeness
from pipeline.statements.words import ContentWord, Vocabulary

# Share and weight of what two clauses have in common from which they say the same thing; the encoder looks
# only at clauses that share this much by their words alone, and for each at so many others.
LEAST_SHARE = 0.45
LEAST_WEIGHT = 0.5
_WORTH_A_LOOK = 0.25
_MOST_CANDIDATES = 4

Rarity = Mapping[str, float]
# Returns a vector for each word of a text, given by offsets.
Encode = Callable[[str, tuple[int, ...], tuple[int, ...]], npt.NDArray[np.float32]]


class Piece(NamedTuple):
    """A content span of a quote: where it starts in the article, and its words."""

    char_start: int
    text: str


@dataclass(frozen=True)
class Clause:
    """A clause of a quote. Offsets in code points of the raw file."""

    char_start: int
    char_end: int
    text: str
    words: tuple[ContentWord, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """Return the stems of its content words."""
        return frozenset(word.stem for word in self.words)


@dataclass(frozen=True)
class Said:
    """A quote with its clauses, in an article."""

    quote_id: str
    article_id: str
    event_id: str | None
    is_negated: bool
    clauses: tuple[Clause, ...]

    def may_report_what(self, other: "Said") -> bool:
        """Say whether the other quote may report the same: of another article, not of another event."""
        return (
            self.article_id != other.article_id
            and self.is_negated == other.is_negated
            and (self.event_id is None or other.event_id in (None, self.event_id))
        )


class Link(NamedTuple):
    """Two clauses that say the same thing: quote and number of the clause, on both sides."""

    first: Said
    first_no: int
    second: Said
    second_no: int
    likeness: Likeness


def read_clauses(pieces: Sequence[Piece], vocabulary: Vocabulary) -> tuple[Clause, ...]:
    """Return the clauses of a quote's content that have a content word, in order."""
    found = []
    for piece in pieces:
        for start, end in clauses(piece.text, vocabulary):
            text = piece.text[start:end]
            words = tuple(vocabulary.content_words(text))
            if words:
                found.append(Clause(piece.char_start + start, piece.char_start + end, text, words))
    return tuple(found)


def rarity_of(quotes: Sequence[Said]) -> dict[str, float]:
    """Return how much each stem tells among these quotes, 0–1: what every quote speaks of tells little."""
    n_with: Counter[str] = Counter()
    for quote in quotes:
        n_with.update({stem for clause in quote.clauses for stem in clause.stems})
    most = math.log(1 + len(quotes))
    return {stem: math.log(1 + len(quotes) / count) / most for stem, count in n_with.items()}


def link(firsts: Sequence[Said], others: Sequence[Said], rarity: Rarity, encode: Encode) -> list[Link]:
    """Link clauses of the first quotes with clauses of the others, of different articles.

    The others may hold the first ones. Between two articles a clause is in one link at most: the strongest.
    """
    look = _Look(rarity, encode)
    by_articles: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for one in _candidates(firsts, others, look):
        first, second = sorted((one.first.article_id, one.second.article_id))
        by_articles[first, second].append(one)
    found: list[Link] = []
    for links in by_articles.values():
        found += _one_to_one(links)
    return sorted(found, key=_place)


def _place(link: Link) -> tuple[str, int, str, int]:
    return link.first.quote_id, link.first_no, link.second.quote_id, link.second_no


def _one_to_one(links: list[Link]) -> Iterator[Link]:
    taken: set[tuple[str, int]] = set()
    links.sort(key=lambda link: (-link.likeness.strength, _place(link)))
    for one in links:
        sides = {(one.first.quote_id, one.first_no), (one.second.quote_id, one.second_no)}
        if not sides & taken:
            taken |= sides
            yield one


class _Look:
    """Compares clauses said at one time by one speaker."""

    def __init__(self, rarity: Rarity, encode: Encode) -> None:
        self._rarity = rarity
        self._encode = encode

    def weight(self, clause: Clause) -> dict[str, float]:
        """Return how much each stem of a clause tells."""
        return {word.stem: word.weight * self._rarity.get(word.stem, 1.0) for word in clause.words}

    def compare(self, first: Clause, second: Clause) -> Likeness:
        """Compare two clauses by their words and what these mean in their place."""
        cosines = self._vectors(first) @ self._vectors(second).T
        return likeness(first.words, second.words, self._rarity, cosines)

    def _vectors(self, clause: Clause) -> npt.NDArray[np.float32]:
        starts, ends = (tuple(word.start for word in clause.words), tuple(word.end for word in clause.words))
        return self._encode(clause.text, starts, ends)


def _candidates(firsts: Sequence[Said], others: Sequence[Said], look: _Look) -> Iterator[Link]:
    places = [(quote, number) for quote in others for number in range(len(quote.clauses))]
    weights = [look.weight(quote.clauses[number]) for quote, number in places]
    totals = np.array([sum(weight.values()) for weight in weights])
    turned = {quote.quote_id for quote in firsts}
    with_stem: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for place, weight in enumerate(weights):
        for stem, value in weight.items():
            with_stem[stem][0].append(place)
            with_stem[stem][1].append(value)
    arrays = {
        stem: (np.array(found), np.array(values)) for stem, (found, values) in sorted(with_stem.items())
    }
    for quote in firsts:
        for number, clause in enumerate(quote.clauses):
            own = look.weight(clause)
            shared = np.zeros(len(places))
            for stem in sorted(own):
                if stem in arrays:
                    found, values = arrays[stem]
                    shared[found] += values
            share = 2 * shared / (totals + sum(own.values()))
            for place in _likeliest(share, quote, places, turned):
                other, other_no = places[place]
                alike = look.compare(clause, other.clauses[other_no])
                if alike.share >= LEAST_SHARE and alike.weight >= LEAST_WEIGHT:
                    yield Link(quote, number, other, other_no, alike)


def _likeliest(
    share: npt.NDArray[np.float64], quote: Said, places: Sequence[tuple[Said, int]], turned: set[str]
) -> list[int]:
    """Return the clauses worth a look, the likeliest first.

    Of two quotes that are both `turned`, compared from either side, one side is enough.
    """
    found: list[int] = []
    for place in np.lexsort((np.arange(len(share)), -share)).tolist():
        if share[place] < _WORTH_A_LOOK or len(found) == _MOST_CANDIDATES:
            break
        other = places[place][0]
        if other.quote_id in turned and other.article_id < quote.article_id:
            continue
        if quote.may_report_what(other):
            found.append(place)
    return found
