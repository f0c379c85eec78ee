"""Quotations inside quotations."""

from pipeline.quotes.cues import build_lexicon
from pipeline.quotes.marks import quoted_stretches
from pipeline.quotes.nested import quotes_inside
from pipeline.reference import load_reference

LEXICON = build_lexicon(load_reference(None).rows("cues"))


def inside(text: str) -> list[tuple[str | None, str, str]]:
    (quotation,) = quoted_stretches(text, 0, len(text))[:1]
    return [
        (
            text[slice(*one.source_mention)] if one.source_mention else None,
            " ".join(text[start:end] for start, end in one.cue),
            " ".join(text[start:end] for start, end in one.content),
        )
        for one in quotes_inside(text, quotation, LEXICON)
    ]


def test_a_quotation_with_its_cue_before_it() -> None:
    assert inside("“My mother told me: ‘Never sell the boat.’ I never did,” Voss said.") == [
        ("My mother", "told", "‘Never sell the boat.’")
    ]


def test_a_quotation_with_its_cue_after_it() -> None:
    assert inside("\"The pilot was calm. 'Keep left,' he said, and we kept left,\" Orrin recalled.") == [
        ("he", "said", "'Keep left,'")
    ]


def test_a_term_in_marks_is_no_quotation() -> None:
    assert inside("“We call it the ‘long winter’ here,” Voss said.") == []
    assert inside("“The ‘long winter’ is over,” Voss said.") == []


def test_a_quotation_without_marks_inside_it_is_left_alone() -> None:
    assert inside("“She said the harbour would close,” Voss said.") == []
