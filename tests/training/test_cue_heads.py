"""On which word of its cue an attribution is anchored."""

import pytest

from training.cue_heads import cue_head


@pytest.mark.parametrize(
    ("cue", "lemma", "head"),
    [
        ("said", "say", "said"),
        ("has been telling", "tell", "telling"),
        ("according to", "accord", "according"),
        ("told the guild", None, "told"),
        ("did not say", None, "say"),
        ("would not", None, "would"),
        (":", None, ":"),
        (", she added ,", None, "added"),
        # A lemma that no word begins like is of no help.
        ("went on", "be", "went"),
    ],
)
def test_the_head_is_the_word_of_the_lemma_or_the_first_of_weight(
    cue: str, lemma: str | None, head: str
) -> None:
    text = f"Ola Venn {cue} so."
    start, end = cue_head(text, (9, 9 + len(cue)), lemma)
    assert text[start:end] == head


def test_a_cue_without_words_is_its_own_head() -> None:
    assert cue_head("Venn   it rains", (4, 7), "say") == (4, 7)
