"""Sentences that the lines of a page break: links on lines of their own, and name cards between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.running_text import ends_with_title, goes_on, is_hanging, is_open

# So many lines make one sentence at most; so many lines make a name card.
_LONGEST_CHAIN = 40
_LONGEST_CARD = 5
# Fewer words are a list or a title; so many are running text even with no full stop.
_FEWEST_WORDS = 7
_SURELY_TEXT = 12
# Lines of verse, in code points.
_VERSE_LINES = 4
_SHORTEST_VERSE, _LONGEST_VERSE = 10, 56
_LINK_LENGTH = 80
_LINK_WORDS = 10
_NAME_AND_TITLE = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){1,3}\s?(?:,| [-–—|]) .+")
_SUBJECT = re.compile(r"(?:the|an?|his|her|he|she|it|they|we|its|their|this|these|officials?)\s")
_LABEL = re.compile(r"[^:]{1,50}:\s")


@dataclass(frozen=True, slots=True)
class Broken:
    """Numbers of lines: the `sentences` (runs of two and more), and the lines of `cards` inside them."""

    sentences: tuple[tuple[int, ...], ...]
    cards: frozenset[int]


def find_broken(texts: Sequence[str]) -> Broken:
    """Find the sentences that go on over several lines.

    A line goes on with the one before when that ends with no stop and it opens with a small letter or a
    closing mark; a short line between two such ends is a link, or with further ones a name card.
    """
    sentences: list[tuple[int, ...]] = []
    cards: set[int] = set()
    number = 0
    while number < len(texts):
        chain, inside, following = _chain(texts, number)
        before = texts[number - 1] if number else None
        if len(chain) > 1 and _is_sentence([texts[n] for n in chain], before):
            sentences.append(tuple(chain))
            cards.update(inside)
        number = following
    return Broken(tuple(sentences), frozenset(cards))


def _chain(texts: Sequence[str], first: int) -> tuple[list[int], list[int], int]:
    chain = [first]
    cards: list[int] = []
    number = first + 1
    while number < len(texts) and len(chain) < _LONGEST_CHAIN:
        before = texts[chain[-1]]
        if not is_open(before):
            break
        if goes_on(texts[number]):
            chain.append(number)
            number += 1
            continue
        stop = _after_links(texts, number)
        if stop is not None and (len(chain) > 1 or _may_break(before) or _repeats(before, texts[number])):
            kept = _n_links(before, texts[number:stop], texts[stop])
            chain.extend(range(number, number + kept))
            cards.extend(range(number + kept, stop))
            chain.append(stop)
            number = stop + 1
            continue
        if _ends_in_link(before, texts[number]):
            chain.append(number)
            number += 1
        break
    return chain, cards, number


def _after_links(texts: Sequence[str], number: int) -> int | None:
    """Return the number of the line that goes on behind short lines, or None."""
    for other in range(number, min(number + _LONGEST_CARD + 1, len(texts))):
        if other > number and goes_on(texts[other]):
            return other
        if not _is_link(texts[other]):
            return None
    return None


def _is_link(text: str) -> bool:
    return (
        len(text) <= _LINK_LENGTH
        and is_open(text)
        and text[-1] not in ",;"
        and len(text.split()) <= _LINK_WORDS
        and not _LABEL.match(text)
    )


def _may_break(text: str) -> bool:
    """Tell whether a line is no heading: something has to follow, or it is a stretch of running text."""
    words = len(text.split(maxsplit=6))
    is_noun_phrase = words >= 3 and text.startswith(("The ", "A ", "An "))
    return is_noun_phrase or words >= 6 or is_hanging(text) or ends_with_title(text)


def _ends_in_link(before: str, after: str) -> bool:
    """Tell whether a sentence ends with a link: its words cannot end here, and the next line has its stop."""
    return (
        is_hanging(before)
        and before[-1] != ","
        and len(after) <= _LINK_LENGTH
        and not is_open(after)
        and after[-1] != ":"
        and after[0].isupper()
        and len(after.split()) <= _LINK_WORDS
        and _LABEL.match(after) is None
    )


def _n_links(before: str, links: Sequence[str], after: str) -> int:
    """Return how many of the short lines inside a sentence belong to it: the first, or none."""
    if _repeats(before, links[0]):
        return 0
    if before.endswith(","):
        return 0 if _SUBJECT.match(after) else 1
    if is_hanging(before) or ends_with_title(before):
        return 1
    return 0 if _NAME_AND_TITLE.fullmatch(links[0]) else 1


def _repeats(before: str, link: str) -> bool:
    """Tell whether a line opens with the name that stands right before it, as name cards do."""
    end = before.rstrip(" ,").rsplit(maxsplit=1)[-1:]
    name = link.split(",")[0].split()
    return bool(end) and len(name) > 1 and end[0][0].isupper() and end[0].casefold() == name[-1].casefold()


def _is_sentence(lines: Sequence[str], before: str | None) -> bool:
    words = sum(len(line.split()) for line in lines)
    if words < _FEWEST_WORDS:
        return False
    if goes_on(lines[0]) and before is not None and not is_open(before):
        # Entries of a list below a colon.
        return False
    if len(lines) >= _VERSE_LINES and all(_is_verse(line) for line in lines):
        return False
    return words >= _SURELY_TEXT or not is_open(lines[-1])


def _is_verse(line: str) -> bool:
    """Tell whether a line may be one of a poem: about as long as others, and broken where one breathes."""
    return (
        _SHORTEST_VERSE <= len(line) <= _LONGEST_VERSE
        and line[0].isalpha()
        and (line[-1] == "," or not is_hanging(line))
    )
