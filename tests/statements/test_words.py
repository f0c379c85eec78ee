"""Words: stems, weights by frequency, and verbs told by their forms."""

import pytest

from pipeline.quotes.stage import WEIGHTS
from pipeline.statements.words import load_vocabulary, stem_of

VOCABULARY = load_vocabulary(WEIGHTS)


@pytest.mark.parametrize(
    "forms",
    [
        ("support", "supports", "supported", "supporting"),
        ("policy", "policies"),
        ("trade", "trades", "traded", "trading"),
        ("plan", "planned", "planning"),
        ("firm", "firmly"),
        ("development", "developments"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem_of(form) for form in forms}) == 1


def test_different_words_have_different_stems() -> None:
    assert (
        len({stem_of(word) for word in ("harbour", "harvest", "trade", "tradition", "peace", "piece")}) == 6
    )


def test_rare_words_weigh_more_and_unknown_ones_most() -> None:
    weights = [VOCABULARY.weight(word) for word in ("time", "trade", "nuclear", "turbine", "Kestrova")]
    assert weights == sorted(weights)
    assert weights[-1] == 1.0
    assert 0 < weights[0] < 0.7


def test_words_of_attitude_weigh_little() -> None:
    assert VOCABULARY.weight("expects") < VOCABULARY.weight("exports")


@pytest.mark.parametrize(
    "word", ["make", "builds", "accelerates", "support", "defends", "carries", "expedite"]
)
def test_verbs(word: str) -> None:
    assert VOCABULARY.is_verb(word)


@pytest.mark.parametrize("word", ["harbour", "climate", "president", "peace", "grain", "quickly"])
def test_no_verbs(word: str) -> None:
    assert not VOCABULARY.is_verb(word)


def test_content_words_keep_their_offsets() -> None:
    text = "and the harbour will open for 1.5 million tonnes"
    found = VOCABULARY.content_words(text, offset=100)
    assert [(text[word.start - 100 : word.end - 100], word.stem) for word in found] == [
        ("harbour", "harbour"),
        ("open", "open"),
        ("1.5", "1.5"),
        ("million", "million"),
        ("tonnes", "tonn"),
    ]
