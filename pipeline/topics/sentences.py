"""Sentences of a document: the window in which a term's context and a quote's date are looked for."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.quotes import sentences as quote_sentences
from pipeline.quotes.marks import Marks, quoted_stretches


@dataclass(frozen=True, slots=True)
class Sentences:
    """The starts and ends of the sentences of a document, in order, offsets in code points."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def around(self, position: int) -> tuple[int, int]:
        """Return start and end of the sentence in which a position stands; an empty span before the first."""
        index = bisect_right(self.starts, position) - 1
        if index < 0:
            return (position, position)
        return (self.starts[index], max(self.ends[index], position))

    def within(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of a span that stand in different sentences."""
        parts = []
        index = max(bisect_right(self.starts, start) - 1, 0)
        while index < len(self.starts) and self.starts[index] < end:
            part = (max(start, self.starts[index]), min(end, self.ends[index]))
            if part[0] < part[1]:
                parts.append(part)
            index += 1
        return parts


def split_sentences(text: str, stretches: Iterable[tuple[int, int]]) -> Sentences:
    """Split stretches of a text (its blocks, in order) into sentences; none crosses a stretch."""
    found = [
        sentence
        for first, last in stretches
        for sentence in quote_sentences.split_sentences(
            text, first, last, Marks(quoted_stretches(text, first, last))
        )
    ]
    return Sentences(tuple(s.start for s in found), tuple(s.end for s in found))
