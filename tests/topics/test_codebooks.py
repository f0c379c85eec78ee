"""The codebooks as they are edited: complete, compiled, and harmless on hostile text."""

import time

import pytest

from pipeline.reference import load_reference
from pipeline.topics.matcher import find_patterns, find_terms
from pipeline.topics.sentences import split_sentences
from pipeline.topics.stage import prepare

REFERENCE = load_reference()
CODER = prepare(REFERENCE)


def topics_in(text: str) -> set[str]:
    sentences = split_sentences(text, [(0, len(text))])
    patterns = find_patterns(CODER.matcher, text)
    return {hit.term.topic_id for hit in find_terms(CODER.matcher, text, 0, len(text), sentences, patterns)}


def test_every_topic_but_the_parents_has_terms() -> None:
    rows = REFERENCE.rows("topics")
    parents = {row["parent_id"] for row in rows} - {None}
    topics = {row["topic_id"] for row in rows} - parents
    assert len(topics) == 35
    assert {row["topic_id"] for row in REFERENCE.rows("topic_terms")} == topics
    assert {row["topic_id"] for row in rows if row["parent_id"] is None} == parents | {"protocol"}


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Norland-Estavia relations are a model.", {"bilateral_relations"}),
        ("The leaders held a virtual meeting.", {"leader_diplomacy"}),
        ("Both signed a treaty.", {"treaties"}),
        ("Norland defends its territorial integrity.", {"core_interests"}),
        ("No one may interfere in the internal affairs of Norland.", {"noninterference"}),
        ("Norland keeps to the one-China policy.", {"taiwan"}),
        ("Unilateral sanctions are doomed.", {"sanctions_protectionism"}),
        ("Their energy ties grow, and energy cooperation with them.", {"energy_general"}),
        ("It brings positive energy to a stable world.", set()),
        ("They will expand oil and gas fields.", {"energy_oil_gas"}),
        ("They will improve global governance.", {"un_multilateralism"}),
        ("Both uphold their security interests.", {"core_interests", "security_defence"}),
        ("They extended New Year greetings.", {"protocol"}),
        ("They value people-to-people exchanges.", {"people_exchange"}),
    ],
)
def test_borderlines(text: str, topics: set[str]) -> None:
    assert topics_in(text) == topics


@pytest.mark.parametrize(
    "text",
    [
        "The Democratic nominee met donors at a town hall in Ohio.",
        "The trade union picked a new chair of its finance committee for the campaign.",
        "The senator called the bill a game changer and told us to vote.",
        "The quad of the college was full; she visited the board meeting.",
        "The balance of power in the Senate could shift, the committee chair said.",
    ],
)
def test_other_domains_trigger_nothing(text: str) -> None:
    assert topics_in(text) == set()


@pytest.mark.parametrize(
    "piece", ["8,", "US ", "Aa-", "A", "China-", "will also ", "the two ", ". ", "$1", "very much ", "never "]
)
def test_no_pattern_explodes(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    started = time.process_time()
    for term in CODER.matcher.patterns:
        list(term.regex.finditer(text))
    for pattern in CODER.illocution.patterns:
        pattern.regex.search(text[:4000])
    # Milliseconds when linear; a quadratic pattern takes minutes.
    assert time.process_time() - started < 5
