"""How good the alignment is, beside gold statements: pairs of quotes, and the parts of them that agree.

The gold is `statements.jsonl`: the same thing said in several files, with offsets (see ../shared/README.md).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

# Parts agree when they have this share of their words in common.
_LEAST_OVERLAP = 0.5


class GoldPart(NamedTuple):
    """A part of a quote in a file, by the number of the quote in the gold quotes."""

    doc_id: str
    quote: int
    char_start: int
    char_end: int


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 of a set that was found."""

    n_right: int
    n_found: int
    n_gold: int

    @property
    def f1(self) -> float:
        return 2 * self.n_right / max(1, self.n_found + self.n_gold)


Pair = tuple[GoldPart, GoldPart]


def gold_pairs(statements: Iterable[Mapping[str, Any]], first: str, second: str) -> list[Pair]:
    """Return the pairs of parts of two files that say the same thing."""
    pairs = []
    for statement in statements:
        members = [GoldPart(*(m[f] for f in GoldPart._fields)) for m in statement["members"]]
        here, there = ([m for m in members if m.doc_id == doc_id] for doc_id in (first, second))
        pairs += list(product(here, there))
    return pairs


def score_quotes(found: Iterable[Pair], gold: Iterable[Pair]) -> Score:
    """Compare which quotes were aligned."""
    right, wanted = ({(a.doc_id, a.quote, b.doc_id, b.quote) for a, b in pairs} for pairs in (found, gold))
    return Score(len(right & wanted), len(right), len(wanted))


def score_parts(found: list[Pair], gold: list[Pair], texts: Mapping[str, str]) -> Score:
    """Compare which parts were aligned: both must have half of their words in common with a gold pair."""
    open_pairs = list(gold)
    n_right = 0
    for pair in found:
        match = next(
            (g for g in open_pairs if all(_overlap(a, b, texts) for a, b in zip(pair, g, strict=True))), None
        )
        if match is not None:
            open_pairs.remove(match)
            n_right += 1
    return Score(n_right, len(found), len(gold))


def _overlap(one: GoldPart, other: GoldPart, texts: Mapping[str, str]) -> bool:
    first, second = (_words(part, texts[part.doc_id]) for part in (one, other))
    return len(first & second) / max(1, len(first | second)) >= _LEAST_OVERLAP


def _words(part: GoldPart, text: str) -> set[int]:
    return {match.start() for match in re.compile(r"\w+").finditer(text, part.char_start, part.char_end)}
