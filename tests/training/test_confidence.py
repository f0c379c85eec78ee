"""What counts as right when the confidence is fitted, and the fit itself."""

import numpy as np
import pytest

from pipeline.evaluate.gold import GoldDocument, GoldQuote
from pipeline.quotes.model.confidence import FEATURES
from pipeline.quotes.model.decoding import Attribution
from training.confidence import fit, judged, table

TEXT = "Venn said it rains and pours. Tarn believes it snows today."


def span(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def gold(content: str, source: str, *, is_speech: bool) -> GoldQuote:
    return GoldQuote((span(content),), (span(source),), "indirect", is_speech, None, False)


DOCUMENT = GoldDocument(
    "d1",
    TEXT,
    (gold("it rains and pours", "Venn", is_speech=True), gold("it snows today", "Tarn", is_speech=False)),
)


def attribution(content: str, source: str) -> Attribution:
    return Attribution(
        content=[span(content)],
        source=[span(source)] if source else [],
        cue=[span("said")],
        anchor=span("said"),
        anchor_score=0.9,
        content_score=0.9,
        weakest_score=0.8,
        source_score=0.9,
        other_score=0.1,
    )


@pytest.mark.parametrize(
    ("content", "source", "is_right"),
    [
        ("it rains and pours", "Venn", True),
        ("it rains and", "Venn", True),
        ("it", "Venn", False),
        ("it rains and pours", "Tarn", False),
        ("it rains and pours", "", False),
        ("it snows today", "Tarn", None),
        ("today", "Tarn", False),
    ],
)
def test_right_is_half_of_the_words_and_the_source_and_beliefs_do_not_matter(
    content: str, source: str, is_right: bool | None
) -> None:
    assert judged(DOCUMENT, [attribution(content, source)]) == [is_right]


def test_of_two_for_one_gold_quote_the_better_is_right_and_a_double_does_not_matter() -> None:
    best, part = attribution("it rains and pours", "Venn"), attribution("it rains and", "Venn")
    assert judged(DOCUMENT, [part, best, best]) == [False, True, None]


def test_the_table_has_a_row_for_each_that_matters() -> None:
    found = [attribution("it rains and pours", "Venn"), attribution("it snows today", "Tarn")]
    rows, truth = table([DOCUMENT], [found])
    assert rows.shape == (1, len(FEATURES))
    assert truth.tolist() == [1.0]


def test_the_fit_finds_the_chance_of_each_group() -> None:
    # Three in four are right where the second feature is 1, one in four where it is 0.
    rows = np.array([[1.0, 0.0]] * 400 + [[1.0, 1.0]] * 400)
    truth = np.array([1.0, 0.0, 0.0, 0.0] * 100 + [1.0, 1.0, 1.0, 0.0] * 100)
    bias, slope = fit(rows, truth, ridge=0.0)
    assert bias == pytest.approx(-np.log(3))
    assert bias + slope == pytest.approx(np.log(3))
    assert abs(fit(rows, truth, ridge=50.0)[1]) < slope
