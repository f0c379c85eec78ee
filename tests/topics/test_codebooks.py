"""The codebooks as they are edited: complete, compiled, and harmless on hostile text."""

import time

import pytest

from pipeline.reference import load_reference
from pipeline.topics.matcher import Hit, find_patterns, find_terms
from pipeline.topics.sentences import split_sentences
from pipeline.topics.stage import prepare

REFERENCE = load_reference()
CODER = prepare(REFERENCE)


def hits_in(text: str) -> list[Hit]:
    sentences = split_sentences(text, [(0, len(text))])
    patterns = find_patterns(CODER.matcher, text)
    return find_terms(CODER.matcher, text, 0, len(text), sentences, patterns)


def topics_in(text: str) -> set[str]:
    return {hit.term.topic_id for hit in hits_in(text)}


def terms_in(text: str) -> set[str]:
    return {hit.term.term_id for hit in hits_in(text)}


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
    "text",
    [
        # Everyday meanings of words that name a topic in diplomacy.
        "The word carries legal import, the professor said.",
        "She brought the vigor and energy of a woman half her age to the stage.",
        "The candidate's loyal troops cheered as the convention opened.",
        "He pledged a group that would harness the energy of his supporters.",
        "Voters in a handful of states will decide the primary.",
        "The debate covered tools of the trade and tricks of the trade.",
        "New tests are in the pipeline, and judges wait for theirs.",
        "The bill would harm commerce in the state, hotel owners said.",
        "Starvation wages hurt working people in every city.",
        "The island chain held its caucus on Tuesday.",
        # Relations and meetings of persons and parties, not of countries.
        "The rally paved the way for a deeper relationship between the two men.",
        "A rapprochement of the rivals after the primary is unlikely.",
        "Republican leaders will hold a White House meeting, the senator said.",
        "The company signed a strategic partnership with its consultants.",
        # Names of bodies, offices and events; a person's life.
        "The Federal Election Commission has his filing.",
        "Committee on Science, Space and Technology members stayed away.",
        "The former U.N. ambassador spoke on the radio.",
        "Her father was an officer in the Navy.",
        "He served in the Army and retired as a sergeant.",
        "The agriculture secretary and a manufacturer of toys gave money, a donor said.",
        "He told a crowded banquet hall that he would go on.",
        "Administrative sanctions may end with a lost security clearance.",
        "She came as an exchange student and stayed.",
        "The series is set in a succession fight at a television network.",
        "The story is of regional or national interest, the jury wrote.",
        "Reporters heard an industry donor speak of his donation to oil companies.",
    ],
)
def test_words_without_their_topic_trigger_nothing(text: str) -> None:
    assert topics_in(text) == set()


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Imports from Norland rose by a third.", {"trade"}),
        ("They discussed energy prices for the winter.", {"energy_general"}),
        ("Norland sent troops to the border.", {"security_defence"}),
        ("Trade, energy and agriculture lead the list.", {"trade", "energy_general", "industry_supply"}),
        ("The relationship between the two countries is strong.", {"bilateral_relations"}),
        ("Relations between Norland and Estavia have thawed.", {"bilateral_relations"}),
        ("The navy of Norland left port.", {"security_defence"}),
        ("The United Nations will vote on the text.", {"un_multilateralism"}),
        ("Norland calls the sanctions illegal.", {"sanctions_protectionism"}),
        ("The president will pay a visit to the capital of Norland.", {"leader_diplomacy"}),
        ("A handful of powers dictate the rules.", {"world_order"}),
    ],
)
def test_the_same_words_keep_their_topic_where_it_is_meant(text: str, topics: set[str]) -> None:
    assert topics_in(text) == topics


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


def test_every_phrase_that_needs_no_other_words_is_found_by_itself() -> None:
    # A word among those that exclude it may stand in the phrase itself.
    phrases = {
        row["term_id"]: row["pattern"]
        for row in REFERENCE.rows("topic_terms")
        if row["pattern_type"] != "regex" and row["needs_context"] is None
    }
    assert len(phrases) > 1000
    assert [term for term, pattern in phrases.items() if term not in terms_in(pattern)] == []
