"""Sentences of a paragraph, with their words; a stretch in quotation marks is never broken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.quotes.marks import Marks
from pipeline.quotes.word_sets import word_set

# A sentence this long is a table or a list without stops: it is cut, so that work stays linear.
LONGEST_SENTENCE = 2500

_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*|\n[ \t\r]*\n")
_NEVER_LAST = word_set(
    """
    mr mrs ms dr prof gen sen rep gov lt col sgt capt maj adm hon rev st mt no vs messrs mme amb
    pres
    """
)
_SELDOM_LAST = word_set(
    """
    jan feb mar apr jun jul aug sep sept oct nov dec inc co corp ltd jr sr etc e.g i.e u.s u.n u.k
    a.m p.m u.s.a d.c ph.d dept est fig vol pp approx
    """
)
_STARTERS = word_set(
    """
    the he she it they we i you in on at but and this that these those for as a an his her their its
    mr ms when while after however if there meanwhile both speaking according asked
    """
)
_REPORTING = word_set(
    """
    said says asked asks added adds told wrote replied remarked shouted yelled wondered tweeted
    exclaimed demanded inquired continued responded
    """
)
_new = tuple.__new__
_WORD = re.compile(
    # Most words: found first, since every other kind is tried in vain on them.
    r"[a-z]{2,}+(?![\w'’\-‑&/])|(?:[^\W\d_]\.){2,}|(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Capt|Adm|Rev|St|Jr|Sr"
    r"|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|No)\.|[A-Z]\.(?=\s?[A-Z])"
    r"|\d+(?:[.,:]\d+)*%?|[^\W_]+(?:['’\-‑&/][^\W_]+)*|``|''|--|\S"
)


class Word(NamedTuple):
    """A word or a punctuation mark. Offsets in code points of the text."""

    start: int
    end: int
    text: str
    lower: str
    is_word: bool
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without the white space around it. Offsets in code points of the text."""

    start: int
    end: int


def split_sentences(text: str, start: int, end: int, marks: Marks) -> list[Sentence]:
    """Split a paragraph into sentences.

    Sentences glued together (`on Monday.Analysts say`) are parted, abbreviations and initials are not ends,
    and a stop inside quotation marks ends a sentence only with the closing mark.
    """
    found: list[Sentence] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        cut = _boundary(text, begin, stop, end, marks)
        if cut > begin:
            found.extend(_trimmed(text, begin, cut))
            begin = cut
    found.extend(_trimmed(text, begin, end))
    return found


def words_of(text: str, sentence: Sentence, marks: Marks) -> list[Word]:
    """Return the words and punctuation marks of the sentence."""
    stretches = marks.within(sentence.start, sentence.end)
    found = []
    at = 0
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        shown = match.group()
        start, end = match.span()
        while at < len(stretches) and stretches[at].end <= start:
            at += 1
        quoted = at < len(stretches) and stretches[at].start <= start
        lower = shown.lower()
        if "’" in lower:
            lower = lower.replace("’", "'")
        elif shown == "US":
            # The country must not read like the pronoun.
            lower = "u.s."
        # Faster than the constructor, which is called for every word there is.
        found.append(_new(Word, (start, end, shown, lower, shown[0].isalnum(), quoted)))
    return found


def _boundary(text: str, begin: int, stop: re.Match[str], end: int, marks: Marks) -> int:
    """Return where the next sentence may begin after this stop, or -1 when the sentence goes on."""
    at = stop.end()
    if stop.group()[0] == "\n":
        return -1 if marks.at(stop.start()) else at
    stretch = marks.at(stop.start())
    if stretch is not None:
        if not stop.start() < stretch.end <= at + 1 or stretch.is_open:
            return -1
        at = max(at, stretch.end)
    following = text[at : at + 60]
    rest = following.lstrip()
    if not rest:
        return at
    glued = rest is following or len(rest) == len(following)
    first = rest[0]
    if not (first.isupper() or first.isdigit() or first in "\"'“‘«([„-–—"):
        return -1
    mark = stop.group()[0]
    before = text[max(begin, stop.start() - 20) : stop.start()]
    if stretch is not None and mark in "!?" and _goes_on_reporting(rest):
        return -1
    if stretch is None and mark == "." and len(stop.group()) == 1:
        if glued and not _is_glued(before, rest):
            return -1
        last = re.split(r"[\s(\"“‘]", before)[-1].lower()
        next_word = re.match(r"[^\W\d_]*", rest)
        opener = next_word.group().lower() if next_word else ""
        if last in _NEVER_LAST:
            return -1
        if (
            last in _SELDOM_LAST or re.fullmatch(r"(?:[^\W\d_]\.)*[^\W\d_]", last)
        ) and opener not in _STARTERS:
            return -1
    elif glued and not rest[0].isupper() and rest[0] not in '“"':
        return -1
    return at


def _is_glued(before: str, rest: str) -> bool:
    """Say whether a stop with no space after it parts two sentences (and is not part of a name)."""
    opening = rest[0] in '“"‘«'
    ends_word = len(before) >= 2 and (before[-1].islower() or before[-1] in ")%") and not before[-2].isspace()
    starts_word = opening or (rest[0].isupper() and len(rest) > 1 and (rest[1].islower() or rest[1] == " "))
    return (ends_word or before[-1:].isdigit()) and starts_word and not before.endswith("www")


def _goes_on_reporting(rest: str) -> bool:
    words = re.findall(r"[^\W\d_]+|[^\w\s]", rest)[:6]
    return any(word in _REPORTING for word in words)


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST_SENTENCE:
        cut = text.rfind(" ", start + 1, start + LONGEST_SENTENCE)
        cut = cut if cut > start else start + LONGEST_SENTENCE
        yield Sentence(start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield Sentence(start, end)
