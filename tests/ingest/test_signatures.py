import subprocess
import sys

import pytest

from pipeline.ingest.signatures import BANDS, FEWEST_SHINGLES, shingles_of, signature_of, words_of
from tests.workshop import PROJECT

LONG = " ".join(f"boat{number} left pier{number % 7}" for number in range(40))


def test_words_have_no_case_no_marks_and_one_apostrophe() -> None:
    assert words_of("The Sill’s FERRIES – 12 of them – don't run.") == words_of(
        "the Sill's ferries, 12 of them; DON’T run"
    )


def test_in_scripts_without_spaces_a_character_is_a_word() -> None:
    assert words_of("渡船 left 码头") == ["渡", "船", "left", "码", "头"]


def test_shingles_are_all_runs_of_five_words_over_paragraphs() -> None:
    assert shingles_of(["One two three", "four five six."]) == {
        "one two three four five",
        "two three four five six",
    }


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«{}»", "„{}“"])
def test_what_stands_in_quotation_marks_is_left_out(marks: str) -> None:
    quoted = marks.format("the river is for all of us,")
    assert shingles_of([f"She told them {quoted} she said."]) == {"she told them she said"}


def test_a_quotation_without_its_closing_mark_holds_to_the_end_of_its_paragraph() -> None:
    assert shingles_of(["She told them: “The river is for all.", "It rained on Monday"]) == {
        "she told them it rained",
        "told them it rained on",
        "them it rained on monday",
    }


def test_a_word_or_two_in_marks_is_the_reporters_own_sentence() -> None:
    assert shingles_of(["The “model” ferry left again."]) == {"the model ferry left again"}


def test_a_signature() -> None:
    row = signature_of("a" * 16, [LONG])
    assert row["article_id"] == "a" * 16
    assert len(row["band_keys"]) == 4 * BANDS
    assert isinstance(row["same_words"], int)


def test_a_short_text_has_none() -> None:
    assert signature_of("a" * 16, ["A few words only."]) == {
        "article_id": "a" * 16,
        "same_words": None,
        "band_keys": None,
    }


def test_a_text_of_quotations_is_compared_as_a_whole_only() -> None:
    row = signature_of("a" * 16, [f"She said: “{LONG}”"])
    assert row["band_keys"] is None and row["same_words"] is not None
    assert len(shingles_of([f"She said: “{LONG}”"])) < FEWEST_SHINGLES


def test_a_signature_is_the_same_in_every_process() -> None:
    code = "from tests.ingest.test_signatures import *; print(signature_of('a' * 16, [LONG]))"
    shown = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=PROJECT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert shown == {f"{signature_of('a' * 16, [LONG])}\n"}
