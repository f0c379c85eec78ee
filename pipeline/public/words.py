"""How much of an article is shown: which of its words, so that its text cannot be put together again."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

# What stands where words are left out.
CUT = "[…]"

# A word is a run of letters and digits. Of scripts that put no spaces between words each character counts as
# one, and of very long runs every two dozen characters: no script and no trick makes an article one word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]{{1,24}}")
# Marks and symbols without a word; more than this is cut too.
_MARKS = 40

# Personal data that a page may print: e-mail addresses, and telephone numbers with the country's code.
_PRIVATE = re.compile(
    r"[^\s@<>()\[\],;:\"“”]{1,64}@[^\s@<>()\[\],;:\"“”]{1,190}\.[^\W\d_]{2,24}"
    r"|\+\d(?:[ ().\-\u00a0\u2011]{0,2}\d){7,15}"
)
_BLOT = "█"


def without_private(text: str) -> str:
    """Return a text in which e-mail addresses and telephone numbers are blotted out, of the same length."""
    if "@" not in text and "+" not in text:
        return text
    return _PRIVATE.sub(lambda found: _BLOT * len(found.group()), text)


def count_words(text: str) -> int:
    """Return the number of words."""
    return sum(1 for _ in WORD.finditer(text))


def first_words(text: str, n_words: int) -> str:
    """Return a text with its first words only, and a mark when there are more."""
    end = 0
    for number, found in enumerate(WORD.finditer(text)):
        if number == n_words:
            return join_cut(text[:end])
        end = found.end()
    return text if end or len(text) <= _MARKS else CUT


def join_cut(beginning: str) -> str:
    """Return the beginning of a text with the mark for what is left out."""
    return f"{beginning} {CUT}" if beginning else CUT


class Showing:
    """Which words of one article are shown, in all columns of all tables together.

    Two bounds hold at any time: no more than `run` words that follow each other, and no more than `share` of
    all words. Offsets count code points of the text.
    """

    def __init__(self, text: str, *, run: int, share: float) -> None:
        self.text = text
        self._run = run
        self._starts: list[int] = []
        self._ends: list[int] = []
        for found in WORD.finditer(text):
            self._starts.append(found.start())
            self._ends.append(found.end())
        self._shown = bytearray(len(self._starts))
        self.left = int(len(self._starts) * share)
        self._folded: str | None = None

    def words_in(self, start: int, end: int) -> range:
        """Return the numbers of the words that stand, if only in part, at start:end."""
        return range(bisect_right(self._ends, start), bisect_left(self._starts, end))

    def show(self, start: int, end: int, at_most: int) -> str:
        """Show the words at start:end, or as many of the first ones as may be, and return what is shown."""
        words = self.words_in(start, end)
        shown_end = start
        for number in words[:at_most]:
            if not self._shown[number]:
                if self.left <= 0 or self._run_with(number) > self._run:
                    break
                self._shown[number] = 1
                self.left -= 1
            shown_end = self._ends[number]
        else:
            if len(words) <= at_most and (words or end - start <= _MARKS):
                return self.text[start:end]
        return join_cut(self.text[start : min(shown_end, end)])

    def show_cell(self, cell: str, at_most: int, near: int) -> str:
        """Show a text that has no offsets: at the place next to offset `near` where its words stand."""
        place = self._find(cell, near)
        n_words = count_words(cell)
        if place is None:
            # Not as it is on the page. Its words count nevertheless.
            allowed = max(0, min(n_words, at_most, self.left))
            self.left -= allowed
            return first_words(cell, allowed)
        allowed = 0
        for number in range(place, place + min(n_words, at_most)):
            if not self._shown[number]:
                if self.left <= 0 or self._run_with(number) > self._run:
                    break
                self._shown[number] = 1
                self.left -= 1
            allowed += 1
        return first_words(cell, allowed)

    def _find(self, cell: str, near: int) -> int | None:
        """Return the number of the word of the text with which the words of a cell start."""
        if self._folded is None:
            self._folded = _folded(self.text[s:e] for s, e in zip(self._starts, self._ends, strict=True))
        wanted = _folded(WORD.findall(cell))
        if len(wanted) == 1:
            return None
        found = None
        number = counted = 0
        at = self._folded.find(wanted)
        while at >= 0:
            number += self._folded.count("\n", counted, at)
            counted = at
            if found is None or abs(self._starts[number] - near) < abs(self._starts[found] - near):
                found = number
            at = self._folded.find(wanted, at + 1)
        return found

    def _run_with(self, number: int) -> int:
        """Return how many shown words would follow each other if this one were shown."""
        first = number
        while first and self._shown[first - 1] and number - first < self._run:
            first -= 1
        last = number
        while last + 1 < len(self._shown) and self._shown[last + 1] and last - number < self._run:
            last += 1
        return last - first + 1


def fair_bound(lengths: Sequence[int], at_most: int, in_all: int) -> int:
    """Return the largest bound, up to `at_most`, to which all lengths are cut to have `in_all` together."""
    low, high = 0, at_most
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(length, middle) for length in lengths) <= in_all:
            low = middle
        else:
            high = middle - 1
    return low


def _folded(words: Iterable[str]) -> str:
    return "\n" + "".join(word.casefold() + "\n" for word in words)
