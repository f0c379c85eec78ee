"""From piece probabilities to attributions with character spans."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from pipeline.quotes.model.windows import Pieces, Span, Window

NONE, SPEECH, OTHER = 0, 1, 2  # anchor classes
CONTENT, SOURCE, CUE = 1, 2, 3  # roles
CANDIDATE = 0.08  # the graph gives roles for anchors likelier than this
QUOTED, QUOTED_WORDS = 0.95, 4  # share and number of words that make a whole quotation


@dataclass(frozen=True)
class Settings:
    """Thresholds of the decoder, chosen on the documents of PolNeAR train that training leaves out."""

    anchor: float = 0.35  # least probability of an anchor
    quoted_anchor: float = 0.1  # the same where the content is a whole quotation
    content: float = 0.5  # least probability of a content piece
    source: float = 0.35  # least probability of a source piece
    cue: float = 0.5  # least probability of a cue piece
    gap: int = 2  # content runs closer than this many pieces are one
    shortest: int = 3  # a content run shorter than this is dropped beside a better one
    further: float = 0.75  # least mean probability of a content run beside a better one
    snap: float = 0.5  # a quotation covered this much is taken whole
    same: float = 0.5  # contents that overlap this much are the same


@dataclass(frozen=True)
class Attribution:
    """One attribution as the model sees it, with character spans and probabilities.

    Scores are mean probabilities of pieces: of being an anchor of speech or of
    something else, of belonging to the content (its lowest tenth apart) and to the
    source (of there being none, when there is none). `confidence` is the calibrated
    chance that content and source are right. `is_speech` is false for what the model
    takes for something else than speech, or is not sure enough of.
    """

    content: list[Span]
    source: list[Span]
    cue: list[Span]
    anchor: Span
    anchor_score: float
    content_score: float
    weakest_score: float
    source_score: float
    other_score: float
    quoted_share: float = 0.0
    is_nested: bool = False
    confidence: float = 0.0
    is_speech: bool = True


class Probabilities(NamedTuple):
    """The model's output for a window; its first piece, [CLS], is not a piece of the text."""

    anchors: np.ndarray  # pieces × anchor classes
    at: np.ndarray  # the pieces that may be anchors
    roles: np.ndarray  # these × roles × pieces


def decode_window(
    text: str, pieces: Pieces, window: Window, given: Probabilities, settings: Settings
) -> list[Attribution]:
    """Return the attributions of a window in text order: those of speech, then all others."""
    start, end = int(pieces.starts[window.first]), int(pieces.ends[window.stop - 1])
    first = bisect_right(pieces.regions, (start, start)) - 1
    last = bisect_right(pieces.regions, (end, end))
    regions = pieces.regions[max(0, first) : last]
    speech, others = [], []
    for position, roles in zip(given.at.tolist(), given.roles, strict=True):
        if position and 1 - given.anchors[position, NONE] >= min(settings.anchor, settings.quoted_anchor):
            a = _attribution(text, pieces, window, position - 1, roles[:, 1:], settings)
            a, least = _judged(text, regions, a, given.anchors[position], settings)
            if a.content and a.anchor_score >= least:
                speech.append(a)
            else:
                others.append(replace(a, is_speech=False))
    return _without_doubles(speech, settings) + others


def _judged(
    text: str, regions: Sequence[Span], a: Attribution, anchor: np.ndarray, settings: Settings
) -> tuple[Attribution, float]:
    """Snap the content to quotation marks and score the anchor; return the least score that will do.

    Words quoted whole are speech, whatever the cue: the anchor's two classes count.
    """
    content = _snapped(a.content, a.source + a.cue, regions, settings.snap)
    share = _quoted_share(content, regions)
    whole = share >= QUOTED and sum(len(text[s:e].split()) for s, e in content) >= QUOTED_WORDS
    speech, other = float(anchor[SPEECH]), float(anchor[OTHER])
    score, least = (speech + other, settings.quoted_anchor) if whole else (speech, settings.anchor)
    return replace(a, content=content, quoted_share=share, anchor_score=score, other_score=other), least


def _attribution(
    text: str, pieces: Pieces, window: Window, at: int, roles: np.ndarray, settings: Settings
) -> Attribution:
    content = _content_runs(roles[CONTENT], settings)
    source = _best_run(roles[SOURCE], settings.source)
    cue = _runs(roles[CUE] >= settings.cue) or [(at, at + 1)]
    inside = np.concatenate([roles[CONTENT, a:b] for a, b in content] or [np.zeros(1)])
    piece = window.first + at
    return Attribution(
        content=_characters(text, pieces, window.first, content),
        source=_characters(text, pieces, window.first, source),
        cue=_characters(text, pieces, window.first, cue),
        anchor=(int(pieces.starts[piece]), int(pieces.ends[piece])),
        anchor_score=0.0,
        content_score=float(inside.mean()),
        weakest_score=float(np.sort(inside)[len(inside) // 10]),
        source_score=float(roles[SOURCE, slice(*source[0])].mean() if source else 1 - roles[SOURCE].max()),
        other_score=0.0,
    )


def _runs(mask: np.ndarray) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.view(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _content_runs(p: np.ndarray, settings: Settings) -> list[Span]:
    merged: list[Span] = []
    for a, b in _runs(p >= settings.content):
        if merged and a - merged[-1][1] <= settings.gap:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    best = max(merged, key=lambda r: p[r[0] : r[1]].sum(), default=None)
    return [r for r in merged if r == best or _stands(p[r[0] : r[1]], settings)]


def _stands(run: np.ndarray, settings: Settings) -> bool:
    return len(run) >= settings.shortest and run.mean() >= settings.further


def _best_run(p: np.ndarray, threshold: float) -> list[Span]:
    runs = _runs(p >= threshold)
    return [max(runs, key=lambda r: p[r[0] : r[1]].sum())] if runs else []


def _characters(text: str, pieces: Pieces, first: int, runs: Sequence[Span]) -> list[Span]:
    """Return the character spans of runs of pieces, widened to whole words."""
    out: list[Span] = []
    for a, b in runs:
        s, e = int(pieces.starts[first + a]), int(pieces.ends[first + b - 1])
        while s > 0 and text[s : s + 1].isalnum() and text[s - 1].isalnum():
            s -= 1
        while 0 < e < len(text) and text[e].isalnum() and text[e - 1].isalnum():
            e += 1
        if e > s:
            out.append((s, e))
    return _united(out)


def _united(spans: Sequence[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap made one."""
    out: list[Span] = []
    for s, e in sorted(spans):
        if out and s <= out[-1][1]:
            out[-1] = (out[-1][0], max(e, out[-1][1]))
        else:
            out.append((s, e))
    return out


def _snapped(
    content: Sequence[Span], others: Sequence[Span], regions: Sequence[Span], share: float
) -> list[Span]:
    """Widen a content to the quotations that it covers for the most part.

    A quotation that holds part of the source or cue (`others`) is left alone.
    """
    out = list(content)
    for region in regions:
        covered = sum(_common(region, c) for c in content)
        length = region[1] - region[0]
        if share * length <= covered < length and not any(_common(region, o) for o in others):
            out.append(region)
    return _united(out)


def _common(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _without_doubles(found: Sequence[Attribution], settings: Settings) -> list[Attribution]:
    """Of attributions with much the same content keep the surest, unless one reports the other."""
    kept: list[Attribution] = []
    for a in sorted(found, key=lambda a: (-a.anchor_score, a.anchor)):
        if all(_overlap(a.content, b.content) < settings.same or _reports(a, b) for b in kept):
            kept.append(a)
    marked = [
        replace(a, is_nested=any(_within(a.anchor, b.content) for b in kept if b is not a)) for a in kept
    ]
    return sorted(marked, key=lambda a: (a.content[0], a.anchor))


def _quoted_share(content: Sequence[Span], regions: Sequence[Span]) -> float:
    quoted = sum(_common(c, r) for c in content for r in regions)
    return quoted / max(1, sum(e - s for s, e in content))


def _reports(a: Attribution, b: Attribution) -> bool:
    return _within(a.anchor, b.content) or _within(b.anchor, a.content)


def _within(inner: Span, outer: Sequence[Span]) -> bool:
    return any(s <= inner[0] and inner[1] <= e for s, e in outer)


def _overlap(a: Sequence[Span], b: Sequence[Span]) -> float:
    both = sum(_common(x, y) for x in a for y in b)
    return both / (sum(e - s for s, e in a) + sum(e - s for s, e in b) - both)
