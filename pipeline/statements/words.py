"""What a word tells when two reports of one utterance are compared: stem, weight, whether it is a verb.

Words are weighed by their place in the tagger's vocabulary, which is sorted by frequency, so no list of
frequencies is needed beside it.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.quotes.word_sets import word_set

_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")

FUNCTION_WORDS = word_set(
    """
    a an the of in on at to for from by with and or but as that this these those it its their his her he she
    they we i you our my your me him them us himself herself itself themselves is are was were be been being
    has have had having will would shall should can could may might must do does did not no nor so than then
    there here which who whom whose what when where while into over under between among through during about
    against also more most very much many such other another any all each both some own one two same just only
    even still yet up out off s t if how because per via upon toward towards within without
    """
)
# Verbs of attitude say how somebody speaks rather than what: reports of different things share them.
_ATTITUDE = word_set(
    """
    expect expected expects hope hopes hoped believe believes believed look looks looking forward willing
    ready like wants want wish wishes wished need needs stand stands think thinks
    """
)
_ATTITUDE_WEIGHT = 0.4

AUXILIARIES = word_set(
    """
    will would shall should can could may might must is are was were be been has have had do does did need
    needs hopes hope wants want let
    """
)
# Common verbs whose past form does not end in -ed.
_IRREGULAR = word_set(
    """
    make take give keep hold build bring become begin find get go know lead leave let lose meet pay put read
    rise run say see seek sell send set show speak spend stand tell think understand win write draw drive grow
    spread strive uphold forge come fall feel fight
    """
)
_VERB_ENDING = re.compile(r"(?:[^aeiou]ate|ize|ise|ify|ite|ute)$")
_NOUNS_LIKE_VERBS = word_set(
    """
    climate private state candidate estate debate corporate opposite appropriate favorite website exercise
    enterprise franchise premise promise expertise surprise institute absolute minute elite suite despite
    definite size prize
    """
)

# The ids of the vocabulary before the first are special, unused, or single characters.
_FIRST_WORD = 1990
_LEAST_WEIGHT = 0.05

# Endings and what takes their place, tried in this order on words that keep three letters.
_ENDINGS = (
    ("isation", "ize"),
    ("ization", "ize"),
    ("ations", "ate"),
    ("ation", "ate"),
    ("nesses", ""),
    ("ments", "ment"),
    ("ingly", ""),
    ("edly", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ing", ""),
    ("ed", ""),
    ("ly", ""),
    ("ers", "er"),
    ("ions", "ion"),
    ("es", "e"),
    ("s", ""),
)


class ContentWord(NamedTuple):
    """A word that says something of its own. Offsets in code points of the text it was read from."""

    start: int
    end: int
    stem: str
    weight: float


@dataclass(frozen=True)
class Vocabulary:
    """The words of the tagger's vocabulary with their place in it: the more frequent, the smaller."""

    places: Mapping[str, int]

    def weight(self, word: str) -> float:
        """Return how much it says that two texts share this word, from 0 to 1: rare words say more."""
        lower = word.lower()
        place = self.places.get(lower)
        if place is None:
            return 1.0
        share = math.log(max(2, place - _FIRST_WORD)) / math.log(len(self.places) - _FIRST_WORD)
        weight = min(1.0, max(_LEAST_WEIGHT, share))
        return weight * _ATTITUDE_WEIGHT if lower in _ATTITUDE else weight

    def is_verb(self, word: str) -> bool:
        """Say whether the word may be the base form or the third person of a verb.

        A word is one when the vocabulary has its -ing and its -ed form too.
        """
        for base in _bases(word.lower()):
            if base in _IRREGULAR or base in AUXILIARIES:
                return True
            if len(base) > 5 and base not in _NOUNS_LIKE_VERBS and _VERB_ENDING.search(base):
                return True
            stem = base[:-1] if base.endswith("e") else base
            going = (f"{stem}ing", f"{base}{base[-1]}ing")
            gone = (f"{stem}ed", f"{base}{base[-1]}ed", f"{base[:-1]}ied" if base.endswith("y") else "")
            if base in self.places and self._has(going) and self._has(gone):
                return True
        return False

    def _has(self, forms: tuple[str, ...]) -> bool:
        return any(form in self.places for form in forms)

    def content_words(self, text: str, offset: int = 0) -> list[ContentWord]:
        """Return the content words of a text with stems and weights; `offset` is added to the offsets."""
        return [
            ContentWord(
                match.start() + offset,
                match.end() + offset,
                stem_of(match.group()),
                self.weight(match.group()),
            )
            for match in _WORD.finditer(text)
            if match.group().lower() not in FUNCTION_WORDS
        ]


@cache
def load_vocabulary(folder: Path) -> Vocabulary:
    """Read the vocabulary from the folder of the tagger's weights."""
    stored = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return Vocabulary(stored["model"]["vocab"])


@cache
def stem_of(word: str) -> str:
    """Return a word without its ending, good enough to tell that two words are forms of one."""
    stem = word.lower()
    for ending, instead in _ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= 3:
            stem = stem[: len(stem) - len(ending)] + instead
            break
    if len(stem) > 4 and stem.endswith("e"):
        stem = stem[:-1]
    if len(stem) > 4 and stem[-1] == stem[-2] and stem[-1] not in "ls":
        stem = stem[:-1]
    return stem


def _bases(word: str) -> tuple[str, ...]:
    if word.endswith("ies"):
        return (word, word[:-3] + "y")
    if word.endswith("es"):
        return (word, word[:-2], word[:-1])
    if word.endswith("s") and not word.endswith("ss"):
        return (word, word[:-1])
    return (word,)
