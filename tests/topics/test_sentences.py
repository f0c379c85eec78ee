import pytest

from pipeline.quotes.sentences import LONGEST_SENTENCE
from pipeline.topics.sentences import split_sentences


def parts(text: str) -> list[str]:
    found = split_sentences(text, [(0, len(text))])
    return [text[s:e].strip() for s, e in zip(found.starts, found.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Norland agreed. Estavia did not.", ["Norland agreed.", "Estavia did not."]),
        ("It ended on Monday.Analysts were pleased.", ["It ended on Monday.", "Analysts were pleased."]),
        (
            "Mr. Obo of the N.L. party left on Dec. 3 at noon.",
            ["Mr. Obo of the N.L. party left on Dec. 3 at noon."],
        ),
        ("“We will come.” They came.", ["“We will come.”", "They came."]),
        ("One line\nand its next line", ["One line\nand its next line"]),
    ],
)
def test_boundaries(text: str, sentences: list[str]) -> None:
    assert parts(text) == sentences


def test_within_cuts_a_span_at_the_boundaries() -> None:
    text = "First one. Second one. Third."
    found = split_sentences(text, [(0, len(text))])
    assert [text[s:e] for s, e in found.within(6, 17)] == ["one.", "Second"]


def test_no_sentence_crosses_a_stretch() -> None:
    found = split_sentences("Heading\nText", [(0, 8), (8, 12)])
    assert found.around(9) == (8, 12)


def test_a_text_without_stops_is_cut() -> None:
    found = split_sentences("a" * 4500, [(0, 4500)])
    assert found.starts == (0, LONGEST_SENTENCE)
