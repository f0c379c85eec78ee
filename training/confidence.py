"""Fit the confidence of attributions on documents that the network was not fitted to."""

from collections.abc import Sequence

import numpy as np

from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.scores import pair_up, same_place_and_source
from pipeline.quotes.model.confidence import features
from pipeline.quotes.model.decoding import Attribution
from training.gold_scores import compared


def judged(document: GoldDocument, found: Sequence[Attribution]) -> list[bool | None]:
    """Tell of each attribution whether content and source are right; None where it does not matter.

    It does not matter whether a belief without speech is found, nor whether an attribution is found twice.
    """
    comparison = compared(document, found)
    items = {(one.quote.content, one.quote.source): one for one in comparison.found}
    right = {id(item) for _, item in pair_up(comparison.wanted, comparison.found, same_place_and_source)}
    out: list[bool | None] = []
    for one in found:
        item = items.pop((tuple(one.content), tuple(one.source)), None)
        out.append(None if item is None else id(item) in right)
    return out


def table(
    documents: Sequence[GoldDocument], found: Sequence[Sequence[Attribution]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the features (attributions × features) and the truth (0 or 1) of all that matter."""
    rows: list[list[float]] = []
    truth: list[bool] = []
    for document, attributions in zip(documents, found, strict=True):
        for one, right in zip(attributions, judged(document, attributions), strict=True):
            if right is not None:
                rows.append(features(one))
                truth.append(right)
    return np.array(rows), np.array(truth, float)


def fit(rows: np.ndarray, truth: np.ndarray, ridge: float = 2.0) -> np.ndarray:
    """Return the weights of a logistic regression, found by Newton's method; the first is not penalised."""
    weights = np.zeros(rows.shape[1])
    penalty = ridge * np.eye(rows.shape[1])
    penalty[0, 0] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (p - truth) + penalty @ weights
        weights -= np.linalg.solve((rows.T * (p * (1 - p))) @ rows + penalty, gradient)
    return weights
