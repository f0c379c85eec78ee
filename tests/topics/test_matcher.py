from typing import Any

import pytest

from pipeline.faults import Fault
from pipeline.topics.matcher import compile_terms, find_patterns, find_terms, longest_per_topic
from pipeline.topics.sentences import split_sentences


def term(pattern: str, pattern_type: str = "phrase", topic: str = "ice", **fields: Any) -> dict[str, Any]:
    row = {
        "term_id": f"{topic}_{pattern}",
        "topic_id": topic,
        "pattern": pattern,
        "pattern_type": pattern_type,
        "needs_context": None,
        "excluded_by": None,
        "weight": 0.5,
    }
    return row | fields


def topics_of(*rows: dict[str, Any], **gives_way_to: str) -> list[dict[str, Any]]:
    return [
        {"topic_id": topic, "gives_way_to": gives_way_to.get(topic), "is_occasion": False}
        for topic in dict.fromkeys(row["topic_id"] for row in rows)
    ]


def found(text: str, *rows: dict[str, Any]) -> list[str]:
    matcher = compile_terms(rows, topics_of(*rows))
    sentences = split_sentences(text, [(0, len(text))])
    hits = find_terms(matcher, text, 0, len(text), sentences, find_patterns(matcher, text))
    return [text[hit.char_start : hit.char_end] for hit in hits]


def test_a_phrase_matches_whole_words_in_any_case() -> None:
    assert found("Ice cores, ICE CORE and nice core", term("ice core")) == ["ICE CORE"]


def test_an_inflected_term_takes_endings_on_every_word() -> None:
    text = "They sow discords, sowed discord and are sowing discord."
    assert found(text, term("sow discord", "inflected")) == [
        "sow discords",
        "sowed discord",
        "sowing discord",
    ]


def test_hyphens_spaces_and_line_ends_are_one() -> None:
    assert found("deep-sea cable, deep sea\ncable, deep, sea cable", term("deep sea cable")) == [
        "deep-sea cable",
        "deep sea\ncable",
    ]


def test_a_full_stop_or_a_paragraph_end_breaks_a_phrase() -> None:
    assert found("We like deep.Sea cable. Deep\n\n \n\nsea", term("deep sea")) == []


def test_initials_match_with_their_stops() -> None:
    assert found("the U.N. and us", term("U.N.")) == ["U.N"]


def test_a_regex_keeps_case() -> None:
    assert found("SCO and sco", term(r"\bSCO\b", "regex")) == ["SCO"]


def test_offsets_hold_where_folding_changes_lengths() -> None:
    text = "İİß STRASSE treaty"
    assert found(text, term("treaty"), term("straße")) == ["STRASSE", "treaty"]


def test_context_is_looked_for_in_the_sentence() -> None:
    row = term("meeting", needs_context="leader|two sides")
    assert found("The leaders met. The meeting was long. A meeting of two  sides.", row) == ["meeting"]


def test_context_in_capitals_keeps_case() -> None:
    assert found("Allies of us. Allies of the US.", term("allies", needs_context="US")) == ["Allies"]


def test_excluded_words_stop_a_term() -> None:
    assert found("Positive energy! Energy prices.", term("energy", excluded_by="positive energy")) == [
        "Energy"
    ]


def test_a_list_stands_for_its_words() -> None:
    row = term("meeting", excluded_by="indoor|@sports")
    lists = [{"list_id": "sports", "words": "match|home team"}]
    matcher = compile_terms([row], topics_of(row), lists)
    text = "A meeting. A meeting after the match. The home team's meeting. An indoor meeting. A game meeting."
    sentences = split_sentences(text, [(0, len(text))])
    hits = find_terms(matcher, text, 0, len(text), sentences, [])
    assert [text[hit.char_start - 2 : hit.char_end] for hit in hits] == ["A meeting", "e meeting"]


def test_a_list_that_is_not_there_is_told() -> None:
    row = term("meeting", needs_context="@sports")
    with pytest.raises(
        Fault, match="needs_context names the list @sports, which stands nowhere in word_lists"
    ):
        compile_terms([row], topics_of(row))


def test_the_longest_of_a_topic_wins_and_topics_overlap() -> None:
    rows = (term("energy"), term("energy security"), term("security", topic="sea"))
    matcher = compile_terms(rows, topics_of(*rows))
    text = "energy security"
    hits = longest_per_topic(find_terms(matcher, text, 0, len(text), split_sentences(text, [(0, 15)]), []))
    assert [hit.term.term_id for hit in hits] == ["ice_energy security", "sea_security"]


@pytest.mark.parametrize("row", [term("(", "regex"), term("a, b"), term("…")])
def test_a_pattern_that_cannot_be_used_is_told(row: dict[str, Any]) -> None:
    with pytest.raises(Fault, match=r"topic_terms.csv, term ice_"):
        compile_terms([row], topics_of(row))


def strengths(text: str, *rows: dict[str, Any]) -> dict[str, float]:
    matcher = compile_terms(rows, topics_of(*rows))
    sentences = split_sentences(text, [(0, len(text))])
    hits = find_terms(matcher, text, 0, len(text), sentences, find_patterns(matcher, text))
    return {hit.term.topic_id: hit.strength for hit in hits}


def test_a_circumstance_and_a_pretext_are_weaker() -> None:
    rows = (term("flood", topic="flood"), term("rights", topic="rights"), term("ice"))
    assert strengths("Despite the flood, ice sold.", *rows) == {"flood": 0.25, "ice": 0.5}
    assert strengths("They meddle under the pretext of rights, on ice.", *rows) == {
        "rights": 0.25,
        "ice": 0.5,
    }


def test_the_members_of_an_enumeration_are_evened_out() -> None:
    rows = (term("ice", weight=0.4), term("fish", topic="sea", weight=0.9), term("wool", topic="hill"))
    assert strengths("They sell ice, fish and wool.", *rows) == {"ice": 0.9, "sea": 0.9, "hill": 0.9}
    assert strengths("They sell ice. They catch fish and shear wool.", *rows)["ice"] == 0.4


def test_a_broken_pattern_of_the_codebook_is_told_with_its_line() -> None:
    from pipeline.reference import load_reference

    row = load_reference().rows("topic_terms")[0]
    with pytest.raises(Fault, match=rf"topic_terms.csv, line 2, term {row['term_id']}: the regular"):
        compile_terms([row | {"pattern": "(", "pattern_type": "regex", "excluded_by": None}], topics_of(row))


def test_a_topic_that_gives_way_to_none_there_is_is_told() -> None:
    row = term("ice")
    with pytest.raises(Fault, match=r"topics.csv, topic ice: it gives way to 'snow', which is no topic"):
        compile_terms([row], topics_of(row, ice="snow"))
