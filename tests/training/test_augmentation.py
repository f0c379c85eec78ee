"""Changed training texts: the spans stay on the same words."""

import random
import re

from hypothesis import given
from hypothesis import strategies as st

from training.augmentation import Augmenter, apply_edits
from training.corpus import CorpusDocument, GoldAttribution

TEXT = (
    "Harbour master Ola Venn said the ferry would sail. Tarn denied it. "
    "“The ferry is old,” Venn said. “It leaks.” Tarn laughed."
)


def span(words: str, start: int = 0) -> list[int]:
    at = TEXT.index(words, start)
    return [at, at + len(words)]


def attribution(content: str, source: str, cue: str, start: int = 0) -> GoldAttribution:
    return GoldAttribution(
        content=[span(content, start)],
        source=[span(source, start)],
        cue=[span(cue, start)],
        lemma="say",
        speech=True,
    )


DOCUMENT = CorpusDocument(
    doc_id="d1",
    text=TEXT,
    attributions=[
        attribution("the ferry would sail", "Harbour master Ola Venn", "said"),
        attribution("“The ferry is old,”", "Venn", "said", TEXT.index("“")),
    ],
)
# Often enough, and hardly ever in lower case: names.
CORPUS = [DOCUMENT] * 3


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def changed(seed: int) -> CorpusDocument:
    return Augmenter(CORPUS)(DOCUMENT, random.Random(seed))


def test_names_are_what_is_often_written_large_and_hardly_ever_small() -> None:
    names = Augmenter(CORPUS).names
    assert {"venn", "ola", "tarn", "harbour"} <= names
    assert not {"ferry", "said", "the"} & names


@given(st.integers(0, 10**6))
def test_every_role_stays_on_the_same_words_and_only_names_of_sources_differ(seed: int) -> None:
    new = changed(seed)
    for before, after in zip(DOCUMENT["attributions"], new["attributions"], strict=True):
        for role in ("content", "source", "cue"):
            (old_span,), (new_span,) = before[role], after[role]
            was, now = words(TEXT[slice(*old_span)]), words(new["text"][slice(*new_span)])
            if role == "source":
                assert len(now) >= len(was)
            else:
                assert now == was
    assert new["doc_id"] == "d1"


@given(st.integers(0, 10**6))
def test_a_seed_always_gives_the_same_text(seed: int) -> None:
    assert changed(seed) == changed(seed)


def test_names_are_replaced_alike_in_all_of_a_text() -> None:
    texts = [changed(seed)["text"] for seed in range(40)]
    renamed = [text for text in texts if "Venn" not in text and not (text.isupper() or text.islower())]
    assert renamed
    for text in renamed:
        first = re.search(r"([\w']+) said the", text)
        second = re.search(r"” ?([\w']+) said", text)
        assert first and second
        assert first[1] == second[1]


def test_some_texts_are_in_one_case_and_some_sentences_are_glued() -> None:
    texts = [changed(seed)["text"] for seed in range(400)]
    assert any(text.islower() for text in texts)
    assert any(text.isupper() for text in texts)
    assert any("sail.Tarn" in text or "sail.T" in text for text in texts)


def test_offsets_move_with_what_is_put_in_and_taken_out() -> None:
    text, move = apply_edits("ab cd ef", [(0, 2, "wxyz"), (5, 6, "")])
    assert text == "wxyz cdef"
    assert [move(offset) for offset in (0, 2, 3, 5, 6, 8)] == [0, 4, 5, 7, 7, 9]
