"""Calibrated confidence: the chance that an attribution's content and source are right."""

import math
from collections.abc import Sequence

from pipeline.quotes.model.decoding import Attribution

FEATURES = (
    "bias",
    "anchor",
    "other",
    "content",
    "weakest",
    "source",
    "has_source",
    "length",
    "pieces",
    "quoted",
    "partly_quoted",
)
_LIMIT = 1e-3


def features(attribution: Attribution) -> list[float]:
    """Return the numbers that the confidence is computed from, in the order of FEATURES."""
    length = sum(e - s for s, e in attribution.content)
    share = attribution.quoted_share
    return [
        1.0,
        _logit(attribution.anchor_score),
        attribution.other_score,
        _logit(attribution.content_score),
        _logit(attribution.weakest_score),
        _logit(attribution.source_score),
        float(bool(attribution.source)),
        math.log1p(length) - 4,
        float(len(attribution.content) - 1),
        float(share >= 0.95),
        float(0 < share < 0.95),
    ]


def confidence(weights: Sequence[float], values: Sequence[float]) -> float:
    """Return the calibrated probability, rounded so that kernels of other processors agree."""
    score = sum(w * v for w, v in zip(weights, values, strict=True))
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 3)


def _logit(p: float) -> float:
    p = max(_LIMIT, min(1 - _LIMIT, p))
    return math.log(p / (1 - p))
