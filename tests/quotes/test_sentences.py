import pytest

from pipeline.quotes.marks import Marks, quoted_stretches
from pipeline.quotes.sentences import LONGEST_SENTENCE, split_sentences, words_of


def sentences(text: str) -> list[str]:
    marks = Marks(quoted_stretches(text, 0, len(text)))
    return [text[one.start : one.end] for one in split_sentences(text, 0, len(text), marks)]


@pytest.mark.parametrize(
    "text",
    [
        "Sol arrived on Dec. 15 in Port Lyra.|She left.",
        "The U.S. envoy met Mr. Venn.|They ate.",
        "Gen. Ada B. Orr spoke.|Nobody heard.",
        "He was from the U.S.|The boat was not.",
        "“It rains. It pours,” he said.|He left.",
        "“It rains. It pours.”|He left.",
        "“Does it rain?” Venn asked.|He left.",
        "The rate rose 2.5 percent.|It fell later.",
        "See www.Lyra.example for more",
    ],
)
def test_sentences_are_split_at_the_bars(text: str) -> None:
    assert sentences(text.replace("|", " ")) == text.split("|")


def test_glued_sentences_are_parted() -> None:
    assert sentences("They met on Monday.Analysts agree.") == ["They met on Monday.", "Analysts agree."]
    assert sentences("“It rains,” he said.The boat left.") == ["“It rains,” he said.", "The boat left."]


def test_a_text_without_stops_is_cut() -> None:
    assert max(map(len, sentences("rain " * LONGEST_SENTENCE))) <= LONGEST_SENTENCE


def test_words_keep_offsets_and_know_quotation_marks() -> None:
    text = 'The US said "no".'
    marks = Marks(quoted_stretches(text, 0, len(text)))
    (sentence,) = split_sentences(text, 0, len(text), marks)
    words = words_of(text, sentence, marks)
    assert [text[word.start : word.end] for word in words] == [word.text for word in words]
    assert [word.text for word in words if word.is_quoted] == ['"', "no", '"']
    assert words[1].lower == "u.s."
