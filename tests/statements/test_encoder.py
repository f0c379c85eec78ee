"""The encoder: vectors of words in their place, from the text alone."""

import numpy as np
import numpy.typing as npt

from pipeline.quotes.stage import WEIGHTS
from pipeline.statements.encoder import load_encoder

ENCODER = load_encoder(WEIGHTS)


def vector(text: str, word: str) -> npt.NDArray[np.float32]:
    start = text.index(word)
    found: npt.NDArray[np.float32] = ENCODER.of_words(text, [start], [start + len(word)])[0]
    return found


def test_vectors_have_length_one_and_words_without_a_piece_zeros() -> None:
    found = ENCODER.of_words("the harbour opens", [4, 3], [11, 4])
    assert np.linalg.norm(found, axis=1).round(4).tolist() == [1.0, 0.0]


def test_words_of_like_meaning_are_more_alike_than_others() -> None:
    here = vector("they will speed up work on the bridge", "speed")
    like = vector("they will accelerate work on the bridge", "accelerate")
    other = vector("they will accelerate work on the bridge", "bridge")
    assert here @ like > here @ other + 0.2


def test_the_same_text_gives_the_same_bits() -> None:
    before = ENCODER.of_words("the harbour opens in spring", [4, 12], [11, 17])
    ENCODER.of_words("something else that is much longer than the text before it was", [0], [9])
    again = ENCODER.of_words("the harbour opens in spring", [4, 12], [11, 17])
    assert before.tobytes() == again.tobytes()


def test_a_long_text_is_no_error() -> None:
    text = "the harbour opens " * 200
    found = ENCODER.of_words(text, [4, len(text) - 6], [11, len(text) - 1])
    assert np.linalg.norm(found, axis=1).round(4).tolist() == [1.0, 0.0]
