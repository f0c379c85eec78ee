"""Training examples from PolNeAR: heads of cues, roles, augmentation, batches."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from corpus import Document
from net import Batch
from pipeline.quotes.model.windows import MAX_PIECES, Pieces, Span, Window, encode, line_paragraphs, windows

ROLE_NAMES = ("content", "source", "cue")
WORD = re.compile(r"[^\W\d_]+")
_LIGHT = frozenset(
    "a an the 's ’s s t to of in on at for with by as is are was were be been being am has have had having do does "
    "did will would can could may might shall should must not n’t n't don also often still never ever once again who "
    "that which and or but it its his her their he she they i we you very just already later even only".split()
)
_MORE_NAMES = (
    "Xi Li Wang Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo Putin Lavrov Peskov Biden "
    "Blinken Sullivan Modi Jaishankar Kishida Abe Yoon Moon Macron Scholz Merkel Johnson Sunak Trudeau Lula Erdogan "
    "Zelensky Stoltenberg Guterres Borrell Leyen Michel Nguyen Tran Kim Park Lee Tanaka Suzuki Sato Singh Patel Khan "
    "Sharma Hassan Ali Ahmed Ibrahim Okafor Mensah Diallo Mbeki Garcia Martinez Rodriguez Silva Santos Costa Rossi "
    "Müller Schmidt Novak Kowalski Ivanov Petrov Jansen Nielsen Larsen O'Brien Murphy Smith Jones Taylor Brown Davies"
).split()
_ENDING = re.compile(r"(?<=[a-z][.?!])[ ](?=[A-Z“\"])")


# ---------------------------------------------------------------- the head of a cue
def cue_head(text: str, cue: Span, lemma: str | None) -> Span:
    """Return the word of a cue that its lemma names, or else its first word of weight."""
    s, e = cue
    words = [(m.start() + s, m.end() + s) for m in re.finditer(r"\w+|[^\w\s]", text[s:e])]
    if not words:
        return cue
    common = [_common_prefix(text[a:b].lower(), lemma or "") for a, b in words]
    if max(common):
        return words[common.index(max(common))]
    heavy = (w for w in words if text[slice(*w)].lower() not in _LIGHT and text[w[0]].isalnum())
    return next(heavy, words[0])


def _common_prefix(a: str, b: str) -> int:
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    return n


# ---------------------------------------------------------------- augmentation
class Augmenter:
    """Change the surface of a document at random: names, glued sentences, case."""

    def __init__(self, documents: Sequence[Document]) -> None:
        upper: Counter[str] = Counter()
        lower: Counter[str] = Counter()
        for d in documents:
            for m in WORD.finditer(d["text"]):
                (upper if m.group()[0].isupper() else lower)[m.group().lower()] += 1
        self.names = {
            w for w, n in upper.items() if len(w) > 2 and n >= 3 and lower[w] * 20 < n and w not in _LIGHT
        }
        self.pool = sorted({w.capitalize() for w in self.names}) + 3 * _MORE_NAMES

    def __call__(self, document: Document, rng: random.Random) -> Document:
        """Return a changed copy of a document, its spans moved along."""
        text, edits = document["text"], []
        if rng.random() < 0.6:
            edits += self._renamed(text, document, rng)
        if rng.random() < 0.2:
            edits += [(m.start(), m.end(), "") for m in _ENDING.finditer(text) if rng.random() < 0.1]
        changed, move = _apply(text, sorted(edits))
        case = rng.random()
        if case < 0.05:
            changed = changed.lower() if len(changed.lower()) == len(changed) else changed
        elif case < 0.07:
            changed = changed.upper() if len(changed.upper()) == len(changed) else changed
        attributions = [
            a | {role: [[move(s), move(e)] for s, e in a[role]] for role in ROLE_NAMES}
            for a in document["attributions"]
        ]
        return document | {"text": changed, "attributions": attributions}

    def _renamed(self, text: str, document: Document, rng: random.Random) -> list[tuple[int, int, str]]:
        sources = " ".join(text[s:e] for a in document["attributions"] for s, e in a["source"])
        names = {w for w in WORD.findall(sources) if w[0].isupper() and w.lower() in self.names}
        new = {w: rng.choice(self.pool) for w in sorted(names) if rng.random() < 0.6}
        return [(m.start(), m.end(), new[m.group()]) for m in WORD.finditer(text) if m.group() in new]


def _apply(text: str, edits: Sequence[tuple[int, int, str]]) -> tuple[str, Callable[[int], int]]:
    """Return the edited text and the function that maps its old offsets to new ones."""
    parts, position = [], 0
    shift = np.zeros(len(text) + 1, dtype=np.int64)
    for s, e, new in edits:
        parts += [text[position:s], new]
        shift[e] += len(new) - (e - s)
        position = e
    moved = np.arange(len(text) + 1) + np.cumsum(shift)
    return "".join([*parts, text[position:]]), lambda i: int(moved[i])


# ---------------------------------------------------------------- examples
@dataclass(frozen=True)
class Example:
    """A window with its gold: anchors by piece, and the roles seen from each anchor."""

    ids: np.ndarray
    flags: np.ndarray
    body: np.ndarray
    anchors: np.ndarray
    aux: np.ndarray
    at: np.ndarray
    roles: np.ndarray


def examples(tokenizer: Tokenizer, document: Document, max_pieces: int = MAX_PIECES) -> list[Example]:
    """Return the windows of a document as examples."""
    text = document["text"]
    pieces = encode(tokenizer, text, line_paragraphs(text))
    heads = [cue_head(text, a["cue"][0], a["lemma"]) if a["cue"] else None for a in document["attributions"]]
    masks = [
        {role: _mask(pieces, a[role]) for role in ROLE_NAMES} for a in document["attributions"]
    ]
    at = [int(np.argmax(_mask(pieces, [h]))) if h else -1 for h in heads]
    speech = [bool(a["speech"]) for a in document["attributions"]]
    union = np.zeros((len(pieces.ids), len(ROLE_NAMES)), np.float32)
    for i, role in enumerate(ROLE_NAMES):
        for mask in masks:
            union[mask[role], i] = 1
    return [_example(pieces, w, at, speech, masks, union) for w in windows(pieces, max_pieces)]


def _mask(pieces: Pieces, spans: Sequence[Sequence[int]]) -> np.ndarray:
    out = np.zeros(len(pieces.ids), dtype=bool)
    for s, e in spans:
        out |= (pieces.starts < e) & (pieces.ends > s)
    return out


def _example(
    pieces: Pieces, window: Window, at: list[int], speech: list[bool], masks: list[dict[str, np.ndarray]],
    union: np.ndarray,
) -> Example:
    part = slice(window.first, window.stop)
    n = window.stop - window.first + 1
    anchors, aux, roles, kept = np.zeros(n, np.int64), np.zeros((n, 3), np.float32), [], []
    aux[1:] = union[part]
    for position, is_speech, mask in zip(at, speech, masks, strict=True):
        if not window.first <= position < window.stop:
            continue
        row = np.zeros(n, np.int64)
        for i, role in enumerate(ROLE_NAMES, 1):
            row[1:][mask[role][part]] = i
        kept.append(position - window.first + 1)
        if anchors[kept[-1]] != 1:
            anchors[kept[-1]] = 1 if is_speech else 2
        roles.append(row)
    body = np.ones(n, dtype=bool)
    body[0] = False
    return Example(
        np.concatenate([[101], pieces.ids[part]]),
        np.concatenate([[0], pieces.flags[part]]),
        body, anchors, aux, np.array(kept, np.int64), np.array(roles, np.int64).reshape(len(kept), n),
    )  # fmt: skip


def batches(items: Sequence[Example], pieces: int, rng: random.Random) -> Iterator[Batch]:
    """Yield shuffled batches of windows of like length, about `pieces` word pieces each."""
    order = sorted(items, key=lambda x: len(x.ids) + rng.random() * 8)
    groups: list[list[Example]] = []
    for x in order:
        if not groups or (len(groups[-1]) + 1) * len(x.ids) > pieces:
            groups.append([])
        groups[-1].append(x)
    rng.shuffle(groups)
    yield from map(collate, groups)


def collate(group: Sequence[Example]) -> Batch:
    """Pad a group of windows into a batch."""
    n = max(len(x.ids) for x in group)

    def padded(arrays: list[np.ndarray], axis: int = 0) -> torch.Tensor:
        widths = [[(0, n - a.shape[axis] if i == axis else 0) for i in range(a.ndim)] for a in arrays]
        return torch.from_numpy(np.stack([np.pad(a, w) for a, w in zip(arrays, widths, strict=True)]))

    rows = np.concatenate([np.full(len(x.at), i, np.int64) for i, x in enumerate(group)])
    roles = np.concatenate([np.pad(x.roles, ((0, 0), (0, n - len(x.ids)))) for x in group])
    return Batch(
        ids=padded([x.ids for x in group]),
        flags=padded([x.flags for x in group]),
        valid=padded([np.ones(len(x.ids), dtype=bool) for x in group]),
        body=padded([x.body for x in group]),
        anchors=padded([x.anchors for x in group]),
        aux=padded([x.aux for x in group]),
        rows=torch.from_numpy(rows),
        at=torch.from_numpy(np.concatenate([x.at for x in group])),
        roles=torch.from_numpy(roles),
    )
