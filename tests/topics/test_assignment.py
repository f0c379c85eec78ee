from dataclasses import replace

from pipeline.topics.assignment import (
    LONG_TURN,
    Assignment,
    gather,
    lead,
    leave_passing,
    rank,
    support,
    weigh,
)
from pipeline.topics.matcher import Hit, Term


def hit(topic: str, start: int, weight: float = 0.5, word: str = "x", gives_way_to: str = "") -> Hit:
    term = Term(f"{topic}_{word}", topic, weight, None, None, frozenset(gives_way_to.split()))
    return Hit(term, start, start + 5, weight)


def order(assignments: list[Assignment]) -> list[str]:
    return [one.topic_id for one in rank(assignments)]


def test_terms_add_up_and_repetition_counts_half() -> None:
    (two_terms,) = weigh([hit("trade", 0), hit("trade", 10, word="y")])
    (one_term_twice,) = weigh([hit("trade", 0), hit("trade", 10)])
    assert two_terms.score == 0.6975
    assert one_term_twice.score == 0.5737


def test_evidence_is_the_strongest_term() -> None:
    (one,) = weigh([hit("trade", 0, 0.2), hit("trade", 10, 0.9, "y")])
    assert (one.evidence.char_start, one.first) == (10, 0)


def test_ties_go_to_the_first_place_then_to_the_id() -> None:
    assert order(weigh([hit("trade", 9), hit("sco", 3), hit("climate", 3)])) == ["climate", "sco", "trade"]


def test_a_last_resort_gives_way_to_any_other() -> None:
    courtesy = hit("protocol", 0, 0.9, gives_way_to="*")
    assert order(weigh([courtesy, hit("trade", 9, 0.1)])) == ["trade"]
    assert order(weigh([courtesy])) == ["protocol"]


def test_a_topic_gives_way_to_those_that_are_named() -> None:
    energy = hit("energy_general", 0, gives_way_to="energy_nuclear energy_oil_gas")
    assert order(weigh([energy, hit("energy_nuclear", 9)])) == ["energy_nuclear"]
    assert order(weigh([energy, hit("trade", 9)])) == ["energy_general", "trade"]


def test_what_a_topic_gives_way_to_stays_although_it_is_weak() -> None:
    energy = hit("energy_general", 0, 0.9, gives_way_to="energy_nuclear")
    assert order(weigh([energy, hit("energy_nuclear", 9, 0.1)])) == ["energy_nuclear"]


def test_a_heading_strengthens_but_gives_no_evidence() -> None:
    own = weigh([hit("trade", 20)])
    (strengthened,) = support(own, weigh([hit("trade", 0, 0.9), hit("sco", 4)]))
    assert strengthened.score > own[0].score
    assert strengthened.evidence.char_start == 20


def test_what_comes_first_leads() -> None:
    assert order(lead(weigh([hit("trade", 0, 0.5), hit("sco", 90, 0.6)]), [(0, 100)])) == ["trade", "sco"]


def test_parts_of_a_page_add_up_by_weight() -> None:
    trade, sco = weigh([hit("trade", 0)]), weigh([hit("sco", 9)])
    assert {one.topic_id: one.score for one in gather([(3.0, trade), (1.0, sco), (1.0, sco)])} == {
        "trade": 0.5745,
        "sco": 0.4737,
    }


def test_a_general_phrase_gives_way_to_a_definite_term() -> None:
    assert order(weigh([hit("bilateral_relations", 0, 0.35), hit("trade", 9, 0.6)])) == ["trade"]
    assert order(weigh([hit("bilateral_relations", 0, 0.35)])) == ["bilateral_relations"]


def test_a_circumstance_is_left_unless_nothing_else_is_said() -> None:
    aside = replace(hit("pandemic_health", 0), aside="circumstance")
    both = weigh([aside, hit("trade", 9)])
    assert [one.topic_id for one in leave_passing(both, 10)] == ["trade"]
    assert [one.topic_id for one in leave_passing(weigh([aside]), 10)] == ["pandemic_health"]


def test_in_a_long_turn_what_is_named_once_is_left() -> None:
    said = weigh([hit("sco", 0), hit("trade", 9), hit("trade", 20, word="y")])
    assert [one.topic_id for one in leave_passing(said, LONG_TURN)] == ["sco", "trade"]
    assert [one.topic_id for one in leave_passing(said, LONG_TURN + 1)] == ["trade"]
