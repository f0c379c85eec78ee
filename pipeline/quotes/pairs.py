"""Pairs: the two leaders or two countries that a document last named together."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pipeline.quotes.authority import Speaker
from pipeline.quotes.countries import Countries

_TOKEN = re.compile(r"[^\W_]+(?:[.’'\-&][^\W_]+)*\.?")

T = TypeVar("T")


class _Gatherer(Generic[T]):
    """Collects what each sentence names, and keeps the states with two or more things named."""

    def __init__(self) -> None:
        self._sentence = -1
        self._current: tuple[T, ...] = ()
        self._offsets: list[int] = []
        self._states: list[tuple[T, ...]] = []

    def add(self, sentence: int, at: int, thing: T) -> None:
        """Note that the sentence names the thing at this offset."""
        if sentence != self._sentence:
            self._sentence, self._current = sentence, ()
        if thing in self._current or len(self._current) > 3:
            return
        self._current = (*self._current, thing)
        if len(self._current) >= 2:
            self._offsets.append(at)
            self._states.append(self._current)

    def before(self, at: int) -> tuple[int, tuple[T, ...]]:
        """Return the last state before the offset, and where it was reached; -1 when there is none."""
        i = bisect_left(self._offsets, at) - 1
        return (self._offsets[i], self._states[i]) if i >= 0 else (-1, ())


class Pairs:
    """Sentences that name two leaders or two countries, each found once for the whole document."""

    def __init__(
        self, text: str, leader_named: Callable[[str], Speaker | None], countries: Countries
    ) -> None:
        self._leaders = _Gatherer[Speaker]()
        self._countries = _Gatherer[str]()
        known: dict[str, Speaker | None] = {}
        sentence = 0
        end = 0
        for token in _TOKEN.finditer(text):
            between = text[end : token.start()]
            shown = token.group()
            stopped = end > 0 and text[end - 1] == "." and not text[max(0, end - 3) : end - 1].isupper()
            if "\n" in between or any(mark in between for mark in ".!?") or stopped:
                sentence += 1
            end = token.end()
            if not shown[0].isupper():
                continue
            plain = shown.replace("’", "'").rstrip(".").removesuffix("'s")
            for part in dict.fromkeys((plain, *plain.split("-"))):
                if part not in known:
                    known[part] = leader_named(part)
                leader = known[part]
                if leader is not None:
                    self._leaders.add(sentence, token.start(), leader)
            for part in plain.split("-"):
                code = countries.code("u.s." if shown in ("US", "U.S.") else part)
                if code is not None:
                    self._countries.add(sentence, token.start(), code)

    def leaders_before(self, at: int) -> tuple[int, Sequence[Speaker]]:
        """Return where the last sentence with several leaders names the second of them, and the leaders."""
        return self._leaders.before(at)

    def countries_before(self, at: int) -> Sequence[str]:
        """Return the countries of the last sentence that names several."""
        return self._countries.before(at)[1]
