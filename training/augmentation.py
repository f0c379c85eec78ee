"""Changes to a training text, so that the network learns attributions and not the names of one campaign."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from training.corpus import CorpusDocument, GoldAttribution
from training.cue_heads import LIGHT_WORDS

# Start and end of what is replaced, and what stands there then.
Edit = tuple[int, int, str]

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_SPACE = re.compile(r"(?<=[a-z][.?!])[ ](?=[A-Z“\"])")
# Surnames that a corpus of US news hardly has.
_MORE_NAMES = [
    "Xi", "Li", "Wang", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu", "Xu", "Sun", "Hu",
    "Zhu", "Gao", "Lin", "He", "Guo", "Ma", "Luo", "Putin", "Lavrov", "Peskov", "Biden", "Blinken",
    "Sullivan", "Modi", "Jaishankar", "Kishida", "Abe", "Yoon", "Moon", "Macron", "Scholz", "Merkel",
    "Johnson", "Sunak", "Trudeau", "Lula", "Erdogan", "Zelensky", "Stoltenberg", "Guterres", "Borrell",
    "Leyen", "Michel", "Nguyen", "Tran", "Kim", "Park", "Lee", "Tanaka", "Suzuki", "Sato", "Singh", "Patel",
    "Khan", "Sharma", "Hassan", "Ali", "Ahmed", "Ibrahim", "Okafor", "Mensah", "Diallo", "Mbeki", "Garcia",
    "Martinez", "Rodriguez", "Silva", "Santos", "Costa", "Rossi", "Müller", "Schmidt", "Novak", "Kowalski",
    "Ivanov", "Petrov", "Jansen", "Nielsen", "Larsen", "O'Brien", "Murphy", "Smith", "Jones", "Taylor",
    "Brown", "Davies",
]  # fmt: skip


class Augmenter:
    """Change the surface of a document at random: names of sources, glued sentences, case."""

    def __init__(self, documents: Sequence[CorpusDocument]) -> None:
        upper: Counter[str] = Counter()
        lower: Counter[str] = Counter()
        for document in documents:
            for m in _WORD.finditer(document["text"]):
                (upper if m.group()[0].isupper() else lower)[m.group().lower()] += 1
        self.names = {
            w
            for w, n in upper.items()
            if len(w) > 2 and n >= 3 and lower[w] * 20 < n and w not in LIGHT_WORDS
        }
        self.pool = sorted({w.capitalize() for w in self.names}) + 3 * _MORE_NAMES

    def __call__(self, document: CorpusDocument, rng: random.Random) -> CorpusDocument:
        """Return a changed copy of a document, its spans moved along."""
        text = document["text"]
        edits: list[Edit] = []
        if rng.random() < 0.6:
            edits += self._renamed(text, document, rng)
        if rng.random() < 0.2:
            edits += [(m.start(), m.end(), "") for m in _SENTENCE_SPACE.finditer(text) if rng.random() < 0.1]
        changed, move = apply_edits(text, sorted(edits))
        case = rng.random()
        if case < 0.05:
            changed = changed.lower() if len(changed.lower()) == len(changed) else changed
        elif case < 0.07:
            changed = changed.upper() if len(changed.upper()) == len(changed) else changed
        moved = [_moved(one, move) for one in document["attributions"]]
        return CorpusDocument(doc_id=document["doc_id"], text=changed, attributions=moved)

    def _renamed(self, text: str, document: CorpusDocument, rng: random.Random) -> list[Edit]:
        sources = " ".join(text[s:e] for one in document["attributions"] for s, e in one["source"])
        names = {w for w in _WORD.findall(sources) if w[0].isupper() and w.lower() in self.names}
        new = {w: rng.choice(self.pool) for w in sorted(names) if rng.random() < 0.6}
        return [(m.start(), m.end(), new[m.group()]) for m in _WORD.finditer(text) if m.group() in new]


def apply_edits(text: str, edits: Sequence[Edit]) -> tuple[str, Callable[[int], int]]:
    """Return the edited text and the function that maps its old offsets to new ones.

    `edits` are in order and do not overlap.
    """
    parts: list[str] = []
    position = 0
    shift = np.zeros(len(text) + 1, dtype=np.int64)
    for start, end, new in edits:
        parts += [text[position:start], new]
        shift[end] += len(new) - (end - start)
        position = end
    moved = np.arange(len(text) + 1) + np.cumsum(shift)
    return "".join([*parts, text[position:]]), lambda offset: int(moved[offset])


def _moved(one: GoldAttribution, move: Callable[[int], int]) -> GoldAttribution:
    def spans(old: list[list[int]]) -> list[list[int]]:
        return [[move(start), move(end)] for start, end in old]

    return GoldAttribution(
        content=spans(one["content"]),
        source=spans(one["source"]),
        cue=spans(one["cue"]),
        lemma=one["lemma"],
        speech=one["speech"],
    )
