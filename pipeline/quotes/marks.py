"""Quotation marks: which stretches of a paragraph stand inside them."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

# What may stand before an opening mark; the start of the paragraph counts too.
_BEFORE_OPENING = frozenset(" \t\n\r([{—–-:,;/\u00a0…")
_OPENING_DOUBLE = frozenset("“„«‟")
_CLOSING_DOUBLE = frozenset("”»")
_STRAIGHT_DOUBLE = frozenset('"＂')
# Whatever may be a mark; an apostrophe inside or behind a word is none.
_MARK = re.compile("[\"＂“”„«‟»]|''|``|(?<![^\\W_])['‘]")
# Single marks are apostrophes far more often: they have to close within this many characters.
_LONGEST_SINGLE = 400
_MOST_APOSTROPHES = 20


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch in quotation marks, marks included. Offsets in code points of the text.

    `is_open` says that the mark was not closed before the paragraph ended.
    """

    start: int
    end: int
    is_open: bool


def quoted_stretches(text: str, start: int, end: int) -> list[Quoted]:
    """Return the stretches of `text[start:end]`, one paragraph, that stand in quotation marks.

    Curly, straight, low, angle, doubled single ('' and ``) and single marks are paired; a stretch inside
    another is part of the outer one. A double mark left open runs to the end of the paragraph, as in news
    style, where the next paragraph opens it again.
    """
    found: list[Quoted] = []
    opened = -1
    curly = False
    i = start
    while i < end:
        if i > start:
            mark = _MARK.search(text, i, end)
            if mark is None:
                break
            i = mark.start()
        c = text[i]
        width = 2 if c in "'`" and i + 1 < end and text[i + 1] == c else 1
        double = width == 2 or c in _STRAIGHT_DOUBLE
        before = text[i - 1] if i > start else " "
        after = text[i + width] if i + width < end else " "
        if opened < 0:
            if c in _OPENING_DOUBLE or (c == "”" and before in _BEFORE_OPENING and after.isalnum()):
                opened, curly = i, True
            elif double and not after.isspace() and not before.isdigit():
                opened, curly = i, False
            elif c in "‘'" and width == 1 and before in _BEFORE_OPENING and after.isalnum():
                close = _single_close(text, i, min(end, i + _LONGEST_SINGLE))
                if close >= 0:
                    found.append(Quoted(i, close + 1, False))
                    i = close
        elif (c in _CLOSING_DOUBLE) if curly else (double or c in _CLOSING_DOUBLE):
            if not curly and double and before.isspace() and not after.isspace():
                # An opening where a closing was due: the first one was a stray.
                opened = i
            else:
                found.append(Quoted(opened, i + width, False))
                opened = -1
        elif curly and c in _STRAIGHT_DOUBLE and not before.isspace():
            found.append(Quoted(opened, i + 1, False))
            opened = -1
        i += width
    if opened >= 0:
        last = end
        while last > opened and text[last - 1].isspace():
            last -= 1
        found.append(Quoted(opened, last, True))
    return found


def _single_close(text: str, opened: int, limit: int) -> int:
    mark = "’" if text[opened] == "‘" else "'"
    for stop in ('"', "“", "”", "\n\n"):
        found = text.find(stop, opened + 2, limit)
        limit = found if found >= 0 else limit
    at = text.find(mark, opened + 2, limit)
    for _ in range(_MOST_APOSTROPHES):
        if at < 0:
            break
        if not text[at - 1].isspace() and not text[at + 1 : at + 2].isalnum():
            return at
        at = text.find(mark, at + 1, limit)
    return -1


class Marks:
    """The quoted stretches of a document, for questions about an offset or a span."""

    def __init__(self, stretches: Sequence[Quoted]) -> None:
        self.stretches = tuple(stretches)
        self._starts = [stretch.start for stretch in self.stretches]

    def at(self, offset: int) -> Quoted | None:
        """Return the stretch in which the offset lies, if any."""
        i = bisect_right(self._starts, offset) - 1
        if i >= 0 and offset < self.stretches[i].end:
            return self.stretches[i]
        return None

    def within(self, start: int, end: int) -> list[Quoted]:
        """Return the stretches that overlap the span, in order."""
        i = max(bisect_right(self._starts, start) - 1, 0)
        found = []
        while i < len(self.stretches) and self.stretches[i].start < end:
            if self.stretches[i].end > start:
                found.append(self.stretches[i])
            i += 1
        return found
