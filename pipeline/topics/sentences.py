"""Sentences of a stretch of text: the window in which a term's context and a quote's date are looked for."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

# A full stop may be glued to the next sentence where a page lost its paragraph breaks ("Monday.Analysts").
_STOP = re.compile(r"[.!?…]+[\"”’'»)\]]*(?=\s|[A-Z“\"])|\n[ \t\r]*\n")
# No sentence is that long; a page without full stops would else be searched again and again as one.
_LONGEST = 2000
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
# fmt: off
_ABBREVIATIONS = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "st", "gen", "col", "lt", "sgt", "capt", "sen", "rep", "gov", "pres",
    "amb", "rev", "hon", "jr", "sr", "no", "nos", "vs", "etc", "inc", "ltd", "co", "corp", "dept", "univ",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "approx", "est",
})
# fmt: on


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
    starts: list[int] = []
    ends: list[int] = []
    for first, last in stretches:
        stops = [
            stop.end()
            for stop in _STOP.finditer(text, first, last)
            if stop.end() < last and _is_boundary(text, stop, first)
        ]
        start = first
        for stop_end in [*stops, last]:
            while start < stop_end:
                starts.append(start)
                start = min(stop_end, start + _LONGEST)
                ends.append(start)
    return Sentences(tuple(starts), tuple(ends))


def _is_boundary(text: str, stop: re.Match[str], start: int) -> bool:
    if not stop.group().startswith("."):
        return True
    # Twenty characters hold every abbreviation; a longer look back would cost on text without spaces.
    before = _LAST_WORD.search(text, max(start, stop.start() - 20), stop.start())
    word = before.group() if before else ""
    if len(word) == 1 and word.isupper():
        return False
    if word.lower() in _ABBREVIATIONS:
        return False
    glued = not text[stop.end()].isspace()
    return not glued or word == "" or word[-1].islower() or not stop.group().endswith(".")
