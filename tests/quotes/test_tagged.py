"""The trained tagger in the extractor: used, dependent on the text alone, joined with the rules."""

from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.model.tagger import load
from pipeline.quotes.stage import WEIGHTS
from pipeline.quotes.tagged import joined
from tests.quotes.invented import rows_of

TEXT = "Premier Ila Voss said the harbour will open in spring.\n\nThe fees will rise, the guild warned.\n"


def spans(text: str) -> list[tuple[int, int]]:
    ends = [place for place, c in enumerate(text) if c == "\n"]
    starts = [0, *(end + 1 for end in ends)]
    return [(s, e) for s, e in zip(starts, ends, strict=False) if s < e]


def test_what_the_tagger_confirms_has_its_confidence() -> None:
    (row,) = rows_of("Premier Ila Voss said the harbour will open in spring.")["quotes"]
    assert row["extractor"] == "tagger 1, rules 1"
    assert row["confidence"] is not None
    assert 0.8 <= row["confidence"] <= 1


def test_a_paragraph_gives_the_same_whatever_was_tagged_before() -> None:
    tagger = load(WEIGHTS)
    first = tagger.tag(TEXT, spans(TEXT))
    tagger.tag("A long day ended, she said. " * 50, [(0, 1400)])
    assert tagger.tag(TEXT, spans(TEXT)) == first == load(WEIGHTS).tag(TEXT, spans(TEXT))
    assert first


def test_the_words_of_the_rules_stand_and_the_confidence_is_the_taggers() -> None:
    rule = Attribution((Span(0, 20),), (Span(21, 25),), Span(26, 30), None)
    tagged = Attribution((Span(0, 19),), (Span(21, 25),), Span(26, 30), None, confidence=0.9)
    (found,) = joined([rule], [tagged])
    assert found.content == rule.content
    assert found.confidence == 0.9


def test_an_unsure_finding_of_the_tagger_alone_is_left_out() -> None:
    tagged = Attribution((Span(0, 19),), (), None, None, confidence=0.2)
    assert joined([], [tagged]) == []
