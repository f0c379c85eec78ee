"""Likeness of two clauses: what they share, weighed by what it tells."""

import numpy as np
import pytest

from pipeline.quotes.stage import WEIGHTS
from pipeline.statements.likeness import Likeness, likeness, same_word
from pipeline.statements.words import load_vocabulary

VOCABULARY = load_vocabulary(WEIGHTS)


def alike(first: str, second: str, cosines: np.ndarray | None = None) -> Likeness:
    words = [VOCABULARY.content_words(text) for text in (first, second)]
    return likeness(words[0], words[1], {}, cosines)


def test_the_same_words_in_another_order_are_the_same() -> None:
    found = alike("the harbour will open in spring", "in spring the harbour opens")
    assert (found.share, found.of_first, found.of_second, found.same) == (1.0, 1.0, 1.0, 1.0)


def test_nothing_in_common() -> None:
    found = alike("the harbour will open", "grain prices fell")
    assert (found.share, found.weight) == (0.0, 0.0)


def test_a_part_stands_in_the_whole_and_the_whole_not_in_the_part() -> None:
    found = alike("the harbour will open", "the harbour will open in spring, and tariffs on timber will fall")
    assert found.of_first == 1.0
    assert found.of_second < 0.6
    assert found.of_second < found.share < 1


def test_words_of_like_meaning_count_for_less_than_the_same_words() -> None:
    # Two content words each: work, bridge; work, crossing.
    cosines = np.array([[1.0, 0.0], [0.0, 0.9]], dtype=np.float32)
    without = alike("work on the bridge", "work on the crossing")
    found = alike("work on the bridge", "work on the crossing", cosines)
    assert without.share < found.share < 1.0
    assert found.same == pytest.approx(without.share)


def test_the_longer_of_two_like_pairs_is_stronger() -> None:
    short = alike("the harbour", "the harbour")
    long = alike("the harbour of Kestrova will open in spring", "the harbour of Kestrova will open in spring")
    assert short.share == long.share == 1.0
    assert long.strength > short.strength


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("politic", "politic", 1.0),
        ("politic", "politiciz", 0.8),
        ("harbour", "harvest", 0.0),
        ("one", "ones", 0),
    ],
)
def test_same_word(first: str, second: str, wanted: float) -> None:
    assert same_word(first, second) == same_word(second, first) == wanted
