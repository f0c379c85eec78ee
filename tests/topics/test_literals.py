"""Strings that every match of a pattern holds, and that no match is lost by looking for them first."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reference import load_reference
from pipeline.topics.illocution import compile_illocution
from pipeline.topics.literals import literals_of
from pipeline.topics.matcher import compile_terms

REFERENCE = load_reference(None)
TERMS = compile_terms(*(REFERENCE.rows(name) for name in ("topic_terms", "topics", "word_lists")))
ACTS = compile_illocution(REFERENCE.rows("illocution_patterns"), REFERENCE.rows("cues"))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\bORL\b", ("ORL",)),
        (r"\b(?:ORL|DEN)\b", ("DEN", "ORL")),
        (r"\b[A-Z][a-z]+ (?:treaty|pact)\b", ("pact", "treaty")),
        (r"\bharbou?r dues\b", ("r dues",)),
        (r"\bvot(?:e|es|ing) on\b", ("vot",)),
        (r"(?:toll|tolls) of", ("toll",)),
        (r"\btalks(?: ended)?", ("talks",)),
        (r"\b\d{1,3}(?:st|nd) meeting\b", (" meeting",)),
        (r"[A-Z]+|treaty", ()),
        (r"\d+", ()),
        (r"(?i:treaty)", ()),
        (r"(?:treaty){0,2}", ()),
        (r"(?>treaty) of", ("treaty",)),
    ],
)
def test_the_longest_strings_that_each_match_holds(pattern: str, expected: tuple[str, ...]) -> None:
    assert literals_of(re.compile(pattern)) == expected


def test_a_pattern_without_case_gives_folded_strings() -> None:
    assert literals_of(re.compile("Pact of ORL", re.IGNORECASE)) == ("pact of orl",)


def test_strings_without_end_are_not_looked_for() -> None:
    assert literals_of(re.compile("|".join(f"{number:03}" for number in range(200)))) == ()


@pytest.mark.parametrize("pattern", TERMS.patterns, ids=lambda pattern: pattern.term.term_id)
@settings(max_examples=15)
@given(st.data())
def test_no_term_is_lost(pattern: Any, given_text: st.DataObject) -> None:
    text = given_text.draw(st.from_regex(pattern.regex))
    assert pattern.may_match(text)


@pytest.mark.parametrize("pattern", ACTS.patterns, ids=lambda pattern: pattern.regex.pattern[:30])
@settings(max_examples=15)
@given(st.data())
def test_no_speech_act_is_lost(pattern: Any, given_text: st.DataObject) -> None:
    text = given_text.draw(st.from_regex(pattern.regex))
    assert pattern.find(text, text.casefold()) is not None
