"""The tagger alone under the measures of the project."""

import json

from pipeline.quotes.model.tagger import load
from pipeline.quotes.stage import WEIGHTS
from tests.training.test_confidence import DOCUMENT, attribution
from training.gold_scores import as_line, figures, tagged

RIGHT = attribution("it rains and pours", "Venn")
WRONG = attribution("believes", "Tarn")


def test_beliefs_are_neither_wanted_nor_wrong() -> None:
    found = figures([DOCUMENT], [[RIGHT, attribution("it snows today", "Tarn")]])
    assert found["end_to_end"] == {
        "all precision": 1.0,
        "all recall": 1.0,
        "all f1": 1.0,
        "direct precision": None,
        "direct recall": None,
        "direct f1": None,
        "mixed precision": None,
        "mixed recall": None,
        "mixed f1": None,
        "indirect precision": 1.0,
        "indirect recall": 1.0,
        "indirect f1": 1.0,
    }


def test_one_right_and_one_wrong_are_half_of_what_was_found() -> None:
    found = figures([DOCUMENT], [[RIGHT, WRONG]])
    assert found["content_iou50"]["all precision"] == 0.5
    assert found["end_to_end"]["all f1"] == 0.6667
    assert as_line(found) == (
        "content_exact 50.0/100.0/66.7, content_iou50 50.0/100.0/66.7, content_token 80.0/100.0/88.9, "
        "end_to_end 50.0/100.0/66.7"
    )


def test_texts_are_tagged_a_line_a_paragraph() -> None:
    (found,) = tagged(load(WEIGHTS), [DOCUMENT])
    assert any(DOCUMENT.text[slice(*one.content[0])].startswith("it rains") for one in found)


def test_the_published_scores_have_the_form_of_these() -> None:
    published = json.loads((WEIGHTS / "scores.json").read_bytes())
    made = figures([DOCUMENT], [[RIGHT]])
    assert {name: list(row) for name, row in published.items()} == {
        name: list(row) for name, row in made.items()
    }
