"""Clauses: what one says is cut where the next thing is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quotes.stage import WEIGHTS
from pipeline.statements.clauses import clauses
from pipeline.statements.words import load_vocabulary

VOCABULARY = load_vocabulary(WEIGHTS)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in clauses(text, VOCABULARY)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the harbour will open in spring", ["the harbour will open in spring"]),
        # Each with a verb of its own.
        (
            "the two sides should deepen their trade, and build a new bridge over the Sill",
            ["the two sides should deepen their trade", "build a new bridge over the Sill"],
        ),
        (
            "Kestrova has kept its promises and safeguarded the peace on the river",
            ["Kestrova has kept its promises", "safeguarded the peace on the river"],
        ),
        # A list of things, names joined, and gerunds that hang on one verb are one clause.
        (
            "they will work together on grain, timber and rail, as well as on fishing rights",
            ["they will work together on grain, timber and rail, as well as on fishing rights"],
        ),
        ("Kestrova and Norvane should trade more", ["Kestrova and Norvane should trade more"]),
        (
            "he looks forward to visiting the harbour and opening the games",
            ["he looks forward to visiting the harbour and opening the games"],
        ),
        # Participles that describe are no predicate.
        (
            "they must respect the law of the sea and universally recognised rules of trade",
            ["they must respect the law of the sea and universally recognised rules of trade"],
        ),
        # Sentences are cut, inside quotation marks too; abbreviations are not.
        ("“We met. We spoke with Mr. Ostin at length.”", ["“We met.", "We spoke with Mr. Ostin at length.”"]),
        # Numbers keep their commas.
        ("the port moved 1,200,000 tonnes last year", ["the port moved 1,200,000 tonnes last year"]),
        ("", []),
        ("   ", []),
    ],
)
def test_cut(text: str, wanted: list[str]) -> None:
    assert cut(text) == wanted


@given(st.text(st.sampled_from("ab zA.,;:!?—“” \nand while ed ing to the"), max_size=120))
def test_clauses_are_in_order_and_never_overlap(text: str) -> None:
    at = 0
    for start, end in clauses(text, VOCABULARY):
        assert at <= start <= end <= len(text)
        at = end


@given(st.text(max_size=60))
def test_every_word_of_any_text_but_connectives_stands_in_a_clause(text: str) -> None:
    kept = "".join(text[start:end] for start, end in clauses(text, VOCABULARY))
    words = [word for word in text.split() if any(c.isalnum() for c in word)]
    for word in words:
        inside = word.strip(",;:–—").casefold()
        assert inside in kept.casefold() or inside in {"and", "but", "while"}
