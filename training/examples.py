"""Training examples: windows of word pieces with their anchors and roles."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from pipeline.quotes.model.decoding import CONTENT, CUE, OTHER, SOURCE, SPEECH
from pipeline.quotes.model.windows import MAX_PIECES, Pieces, Window, encode, line_paragraphs, windows
from training.corpus import CorpusDocument, GoldAttribution
from training.cue_heads import cue_head

_FIRST = 101  # the number of [CLS] in the base model's vocabulary
_ROLES = (CONTENT, SOURCE, CUE)


@dataclass(frozen=True)
class Example:
    """A window with its gold: anchors by piece, and the roles seen from each anchor.

    Its first piece is [CLS]. `ids`, `flags`, `body` and `anchors` have one entry a piece, `aux` is pieces ×
    roles (of any attribution), `at` lists the anchors' pieces, `roles` is anchors × pieces.
    """

    ids: np.ndarray
    flags: np.ndarray
    body: np.ndarray
    anchors: np.ndarray
    aux: np.ndarray
    at: np.ndarray
    roles: np.ndarray


@dataclass(frozen=True)
class _Marked:
    """An attribution on the pieces of its document: where its anchor is (or -1), who has which role."""

    at: int
    anchor_class: int
    masks: dict[int, np.ndarray]


def examples(tokenizer: Tokenizer, document: CorpusDocument, max_pieces: int = MAX_PIECES) -> list[Example]:
    """Return the windows of a document as examples."""
    text = document["text"]
    pieces = encode(tokenizer, text, line_paragraphs(text))
    marked = [_marked(text, pieces, one) for one in document["attributions"]]
    union = np.zeros((len(pieces.ids), len(_ROLES)), np.float32)
    for column, role in enumerate(_ROLES):
        for one in marked:
            union[one.masks[role], column] = 1
    return [_example(pieces, window, marked, union) for window in windows(pieces, max_pieces)]


def _marked(text: str, pieces: Pieces, one: GoldAttribution) -> _Marked:
    at = -1
    if one["cue"]:
        start, end = one["cue"][0]
        at = int(np.argmax(_mask(pieces, [cue_head(text, (start, end), one["lemma"])])))
    masks = {
        CONTENT: _mask(pieces, one["content"]),
        SOURCE: _mask(pieces, one["source"]),
        CUE: _mask(pieces, one["cue"]),
    }
    return _Marked(at, SPEECH if one["speech"] else OTHER, masks)


def _mask(pieces: Pieces, spans: Sequence[Sequence[int]]) -> np.ndarray:
    out = np.zeros(len(pieces.ids), dtype=bool)
    starts, ends = np.array(pieces.starts), np.array(pieces.ends)
    for start, end in spans:
        out |= (starts < end) & (ends > start)
    return out


def _example(pieces: Pieces, window: Window, marked: Sequence[_Marked], union: np.ndarray) -> Example:
    part = slice(window.first, window.stop)
    n = window.stop - window.first + 1
    anchors, aux = np.zeros(n, np.int64), np.zeros((n, len(_ROLES)), np.float32)
    aux[1:] = union[part]
    at: list[int] = []
    roles: list[np.ndarray] = []
    for one in marked:
        if not window.first <= one.at < window.stop:
            continue
        row = np.zeros(n, np.int64)
        for role in _ROLES:
            row[1:][one.masks[role][part]] = role
        at.append(one.at - window.first + 1)
        if anchors[at[-1]] != SPEECH:
            anchors[at[-1]] = one.anchor_class
        roles.append(row)
    body = np.ones(n, dtype=bool)
    body[0] = False
    return Example(
        ids=np.concatenate([[_FIRST], pieces.ids[part]]),
        flags=np.concatenate([[0], pieces.flags[part]]),
        body=body,
        anchors=anchors,
        aux=aux,
        at=np.array(at, np.int64),
        roles=np.array(roles, np.int64).reshape(len(at), n),
    )


def grouped(items: Sequence[Example], pieces: int, rng: random.Random) -> list[list[Example]]:
    """Return shuffled groups of windows of like length, about `pieces` word pieces each.

    A window that is longer than that is a group by itself.
    """
    order = sorted(items, key=lambda item: len(item.ids) + rng.random() * 8)
    groups: list[list[Example]] = []
    for item in order:
        if not groups or (len(groups[-1]) + 1) * len(item.ids) > pieces:
            groups.append([])
        groups[-1].append(item)
    rng.shuffle(groups)
    return groups
