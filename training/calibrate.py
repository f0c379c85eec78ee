"""Fit the confidence of attributions on documents held out of training; measure it on dev."""

import sys
from collections.abc import Sequence

import numpy as np

from corpus import Document
from pipeline.quotes.model.confidence import features
from pipeline.quotes.model.decoding import Attribution

sys.path.insert(0, str(Path(__file__).parents[2] / "shared" / "scorer"))
import score_quotes  # noqa: E402


def judged(document: Document, found: Sequence[Attribution]) -> list[bool | None]:
    """Say of each attribution whether the ruler calls it right; None where it does not mind."""
    tokens = score_quotes.tokenize(document["text"])
    starts = [s for s, _ in tokens]

    def item(content: Sequence, source: Sequence) -> dict:
        return {
            "t": score_quotes.token_set(content, tokens, starts),
            "src": score_quotes.token_set(source, tokens, starts),
        }

    predicted = [item(a.content, a.source) for a in found]
    speech = [item(a["content"], a["source"]) for a in document["attributions"] if a["speech"]]
    other = [item(a["content"], a["source"]) for a in document["attributions"] if not a["speech"]]
    right = score_quotes.match(speech, predicted, lambda v, g, p: v >= 0.5 and score_quotes.source_ok(g, p))
    near = score_quotes.match(speech, predicted, lambda v, g, p: v >= 0.5)
    hits, taken = {j for _, j in right}, {j for _, j in near}
    unminded = {
        j for j, p in enumerate(predicted) if any(score_quotes.iou(p["t"], o["t"]) >= 0.5 for o in other)
    } - taken
    return [None if j in unminded else j in hits for j in range(len(predicted))]


def table(documents: Sequence[Document], found: Sequence[Sequence[Attribution]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the features, the truth and the confidence of all attributions that count."""
    rows, truth, sure = [], [], []
    for document, attributions in zip(documents, found, strict=True):
        for a, right in zip(attributions, judged(document, attributions), strict=True):
            if right is not None:
                rows.append(features(a))
                truth.append(right)
                sure.append(a.confidence)
    return np.array(rows), np.array(truth, float), np.array(sure)


def fit(x: np.ndarray, y: np.ndarray, ridge: float = 2.0) -> np.ndarray:
    """Fit a logistic regression by Newton's method."""
    weights = np.zeros(x.shape[1])
    penalty = ridge * np.eye(x.shape[1])
    penalty[0, 0] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + penalty @ weights
        weights -= np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, gradient)
    return weights


def measures(p: np.ndarray, y: np.ndarray, bins: int = 10) -> dict[str, float]:
    """Return ECE over equal bins, Brier skill, and what a cut at 0.9 keeps and gets right."""
    where = np.minimum((p * bins).astype(int), bins - 1)
    ece = sum(abs(p[where == b].mean() - y[where == b].mean()) * (where == b).mean() for b in set(where))
    sure = p >= 0.9
    return {
        "n": len(y),
        "right": float(y.mean()),
        "ece": float(ece),
        "brier_skill": float(1 - ((p - y) ** 2).mean() / (y.mean() * (1 - y.mean()))),
        "coverage_at_0.9": float(sure.mean()),
        "right_at_0.9": float(y[sure].mean()) if sure.any() else float("nan"),
    }
