"""Words of a text, and which of them a span covers. Spans are compared by words, never by characters."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from pipeline.evaluate.gold import Span

# A maximal run of letters and digits, so quotation marks and other punctuation never count.
_WORD = re.compile(r"[^\W_]+")


class Words:
    """The words of a text by number."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Span] = [found.span() for found in _WORD.finditer(text)]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in self.spans]

    def touched(self, spans: Iterable[Span]) -> frozenset[int]:
        """Return the numbers of the words that share at least a letter with the spans."""
        found: set[int] = set()
        for start, end in spans:
            number = bisect_right(self._ends, start)
            while number < len(self.spans) and self.spans[number][0] < end:
                found.add(number)
                number += 1
        return frozenset(found)


def word_starts(spans: Iterable[Span], text: str) -> frozenset[int]:
    """Return where the words inside the spans start; a word cut by a span counts from the cut."""
    return frozenset(found.start() for start, end in spans for found in _WORD.finditer(text, start, end))


def overlap(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the intersection over union of two sets of words (Jaccard 1912); 0 when both are empty."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0
