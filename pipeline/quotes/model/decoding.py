"""From piece probabilities to attributions with character spans."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from pipeline.quotes.model.windows import Pieces, Span, Window

NONE, SPEECH, OTHER = 0, 1, 2  # anchor classes
CONTENT, SOURCE, CUE = 1, 2, 3  # roles
CANDIDATE = 0.1  # the graph gives roles for anchors likelier than this: no threshold of an anchor is lower
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
    start, end = pieces.starts[window.first], pieces.ends[window.stop - 1]
    first = bisect_right(pieces.regions, (start, start)) - 1
    last = bisect_right(pieces.regions, (end, end))
    regions = pieces.regions[max(0, first) : last]
    speech: list[Attribution] = []
    others: list[Attribution] = []
    for position, roles, runs in zip(
        given.at.tolist(), given.roles[:, :, 1:], _runs_of_all(given.roles, settings), strict=True
    ):
        if position:
            anchor = given.anchors[position].tolist()
            a = _attribution(text, pieces, window, position - 1, regions, anchor, roles, runs, settings)
            (speech if a.is_speech else others).append(a)
    return _without_doubles(speech, settings) + others


def _runs_of_all(roles: np.ndarray, settings: Settings) -> list[dict[int, list[Span]]]:
    """Return for each candidate the runs of likely pieces by role; all at once: each call of numpy costs."""
    least = np.zeros((1, roles.shape[1], 1), np.float32)
    for role, value in ((CONTENT, settings.content), (SOURCE, settings.source), (CUE, settings.cue)):
        least[0, role] = value
    mask = (roles >= least).view(np.int8)
    mask[:, :, 0] = 0  # [CLS], and so a place before the first piece
    edges = np.diff(mask, axis=2, append=np.int8(0))
    found: list[dict[int, list[Span]]] = [{CONTENT: [], SOURCE: [], CUE: []} for _ in roles]
    starts, ends = np.nonzero(edges == 1), np.nonzero(edges == -1)
    for i, role, first, stop in zip(*(a.tolist() for a in starts), ends[2].tolist(), strict=True):
        if role in found[i]:
            found[i][role].append((first, stop))
    return found


def _attribution(
    text: str,
    pieces: Pieces,
    window: Window,
    at: int,
    regions: Sequence[Span],
    anchor: Sequence[float],
    roles: np.ndarray,
    runs: Mapping[int, Sequence[Span]],
    settings: Settings,
) -> Attribution:
    """Return what the anchor at this piece attributes.

    The content is snapped to quotation marks. Words quoted whole are speech, whatever the cue: the anchor's
    two classes count.
    """
    content_runs = _content_runs(roles[CONTENT], runs[CONTENT], settings)
    source_runs = _best_run(roles[SOURCE], runs[SOURCE])
    source = _characters(text, pieces, window.first, source_runs)
    cue = _characters(text, pieces, window.first, runs[CUE] or [(at, at + 1)])
    content = _characters(text, pieces, window.first, content_runs)
    content = _snapped(content, source + cue, regions, settings.snap)
    share = _quoted_share(content, regions)
    whole = share >= QUOTED and sum(len(text[s:e].split()) for s, e in content) >= QUOTED_WORDS
    score, least = anchor[SPEECH], settings.anchor
    if whole:
        score, least = anchor[SPEECH] + anchor[OTHER], settings.quoted_anchor
    inside = sorted(p for a, b in content_runs for p in roles[CONTENT, a:b].tolist()) or [0.0]
    by_source = _mean(roles[SOURCE], *source_runs[0]) if source_runs else 1 - float(roles[SOURCE].max())
    piece = window.first + at
    return Attribution(
        content=content,
        source=source,
        cue=cue,
        anchor=(pieces.starts[piece], pieces.ends[piece]),
        anchor_score=score,
        content_score=sum(inside) / len(inside),
        weakest_score=inside[len(inside) // 10],
        source_score=by_source,
        other_score=anchor[OTHER],
        quoted_share=share,
        is_speech=bool(content) and score >= least,
    )


def _mean(p: np.ndarray, first: int, stop: int) -> float:
    return float(sum(p[first:stop].tolist())) / (stop - first)


def _content_runs(p: np.ndarray, runs: Sequence[Span], settings: Settings) -> list[Span]:
    merged: list[Span] = []
    for a, b in runs:
        if merged and a - merged[-1][1] <= settings.gap:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    if len(merged) < 2:
        return merged
    best = max(merged, key=lambda r: p[r[0] : r[1]].sum())
    return [r for r in merged if r == best or _stands(p, *r, settings)]


def _stands(p: np.ndarray, first: int, stop: int, settings: Settings) -> bool:
    return stop - first >= settings.shortest and _mean(p, first, stop) >= settings.further


def _best_run(p: np.ndarray, runs: Sequence[Span]) -> list[Span]:
    return [max(runs, key=lambda r: p[r[0] : r[1]].sum())] if len(runs) > 1 else list(runs)


def _characters(text: str, pieces: Pieces, first: int, runs: Sequence[Span]) -> list[Span]:
    """Return the character spans of runs of pieces, widened to whole words."""
    out: list[Span] = []
    for a, b in runs:
        s, e = pieces.starts[first + a], pieces.ends[first + b - 1]
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
        replace(a, is_nested=True) if any(_within(a.anchor, b.content) for b in kept if b is not a) else a
        for a in kept
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
