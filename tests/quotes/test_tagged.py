"""The trained tagger in the extractor: used, dependent on the text alone, joined with the rules."""

from dataclasses import replace

from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.marks import Marks, quoted_stretches
from pipeline.quotes.model.tagger import load
from pipeline.quotes.sentences import Sentence
from pipeline.quotes.stage import WEIGHTS
from pipeline.quotes.tagged import fitted, joined
from tests.quotes.invented import rows_of

TEXT = "Premier Ila Voss said the harbour will open in spring.\n\nThe fees will rise, the guild warned.\n"


def spans(text: str) -> list[tuple[int, int]]:
    ends = [place for place, c in enumerate(text) if c == "\n"]
    starts = [0, *(end + 1 for end in ends)]
    return [(s, e) for s, e in zip(starts, ends, strict=False) if s < e]


def test_what_the_tagger_confirms_has_its_confidence() -> None:
    (row,) = rows_of("Premier Ila Voss said the harbour will open in spring.")["quotes"]
    assert row["extractor"] == "tagger 3, rules 2"
    assert row["confidence"] is not None
    assert 0.8 <= row["confidence"] <= 1


def test_a_paragraph_gives_the_same_whatever_was_tagged_before() -> None:
    tagger = load(WEIGHTS)
    first = tagger.tag(TEXT, spans(TEXT))
    tagger.tag("A long day ended, she said. " * 50, [(0, 1400)])
    assert tagger.tag(TEXT, spans(TEXT)) == first == load(WEIGHTS).tag(TEXT, spans(TEXT))
    assert first


def test_where_both_find_an_attribution_the_words_of_the_tagger_stand() -> None:
    rule = Attribution((Span(0, 20),), (Span(21, 25),), Span(26, 30), None)
    tagged = Attribution((Span(0, 19),), (Span(21, 25),), None, None, confidence=0.9)
    (found,) = joined([rule], [tagged])
    assert found.content == tagged.content
    assert found.source_mention == rule.source_mention
    assert found.confidence == 0.9


def test_a_clause_that_the_tagger_cut_short_before_its_cue_stands_whole() -> None:
    rule = Attribution((Span(0, 60),), (Span(62, 66),), Span(67, 70), None)
    tagged = Attribution((Span(25, 60),), (Span(62, 66),), Span(67, 70), None, confidence=0.8)
    (found,) = joined([rule], [tagged])
    assert found.content == rule.content
    assert found.confidence == 0.8


def test_what_the_rules_alone_find_stands_where_the_tagger_sees_a_cue() -> None:
    rule = Attribution((Span(20, 40),), (Span(10, 18),), Span(0, 9), None)
    belief = Attribution((Span(20, 60),), (Span(10, 18),), None, None, is_speech=False)
    assert joined([rule], [belief]) == [rule]
    assert joined([rule], []) == []


def test_an_unsure_finding_of_the_tagger_alone_is_left_out() -> None:
    source = Span(21, 25)
    named = Attribution((Span(0, 19),), (), source, None, confidence=0.15)
    assert joined([], [named]) == [named]
    assert joined([], [replace(named, confidence=0.05)]) == []
    assert joined([], [replace(named, source_mention=None, confidence=0.12)]) == []


def test_to_agree_to_act_is_speech_whatever_the_tagger_holds() -> None:
    (row,) = rows_of("Arlonia and Borvia row. The two sides agreed to rest.")["quotes"]
    assert (row["cue"], row["quote_text"]) == ("agreed", "to rest")


def test_what_was_not_said_is_marked() -> None:
    (row,) = rows_of("Premier Ila Voss did not say that the harbour was full.")["quotes"]
    assert row["quote_text"] == "the harbour was full"
    assert row["is_negated"]
    (row,) = rows_of("Premier Ila Voss not only said that the harbour was full.")["quotes"]
    assert not row["is_negated"]


def test_the_evidence_of_a_report_is_no_part_of_its_content() -> None:
    text = "The Courier reported that Voss had left, citing a clip."
    one = Attribution((Span(26, 54),), (Span(12, 20),), Span(0, 11), None, confidence=0.8)
    found = fitted(one, text, Sentence(0, 55), Marks(()))
    assert found is not None
    assert found.content == (Span(26, 39),)


def test_evidence_that_is_quoted_stays() -> None:
    text = "The Courier said “Voss left, citing a clip”."
    marks = Marks(quoted_stretches(text, 0, 44))
    one = Attribution((Span(17, 43),), (Span(12, 16),), Span(0, 11), None, confidence=0.8)
    assert fitted(one, text, Sentence(0, 44), marks) == one
