from datetime import date
from typing import Any

import pytest

from pipeline.topics.attributions import read_attributions
from pipeline.topics.quote_events import Event, Occasion, find_occasion
from pipeline.topics.sentences import split_sentences
from tests.topics.pages import marked_page

EVENTS = {
    "summit": Event("summit", date(2031, 1, 14), frozenset({"queen", "duke"}), "summit", "in_person"),
    "call": Event("call", date(2030, 8, 20), frozenset({"queen", "duke"}), "call", "phone"),
    "dinner": Event("dinner", date(2030, 11, 3), frozenset({"queen", "duke"}), "meeting", "in_person"),
    "lunch": Event("lunch", date(2030, 11, 4), frozenset({"queen", "duke"}), "meeting", "video"),
}


def occasion(marked: str, *speakers: str, **fields: Any) -> Occasion:
    page: dict[str, Any] = {"analysis_date": date(2031, 1, 16), "event_id": "summit"}
    document, rows = marked_page(marked, speakers, **(page | fields))
    sentences = split_sentences(document.text, [(b.char_start, b.char_end) for b in document.blocks])
    (quote,) = read_attributions(rows)
    return find_occasion(EVENTS, document, sentences, quote)


AT_THE_SUMMIT = Occasion(date(2031, 1, 14), "event", "summit", "article")


def test_a_participant_speaks_at_the_event_of_the_article() -> None:
    assert occasion("<The queen> [said] {the bridge is open}.", "queen") == AT_THE_SUMMIT


@pytest.mark.parametrize("speakers", [("analyst",), (), ("queen", "analyst")])
def test_others_do_not(speakers: tuple[str, ...]) -> None:
    assert occasion("<They> [said] {the bridge is open}.", *speakers) == Occasion(
        None, "none", None, "none_no_date"
    )


def test_nobody_speaks_at_an_event_to_come() -> None:
    preview = occasion("<The queen> [said] {she will come}.", "queen", analysis_date=date(2031, 1, 10))
    assert preview.event_basis == "none_no_date"


def test_a_quote_inside_a_quote_may_be_from_anywhere() -> None:
    assert occasion("<The queen> [said] {it is open}.", "queen", level=2).event_basis == "none_no_date"


def test_a_date_that_agrees_confirms_the_event() -> None:
    assert occasion("<The queen> [said] on Tuesday {it is open}.", "queen") == Occasion(
        date(2031, 1, 14), "relative", "summit", "article"
    )


def test_another_day_is_another_occasion() -> None:
    assert occasion("{It is open}, <the queen> [said] on Dec 3, 2030.", "queen") == Occasion(
        date(2030, 12, 3), "stated", None, "none_no_event"
    )


def test_a_month_and_a_call_find_the_call() -> None:
    marked = "The two also spoke by phone in August, during which <they> [urged] {calm}."
    assert occasion(marked, "queen", "duke") == Occasion(
        date(2030, 8, 20), "event", "call", "date_and_speaker"
    )


def test_a_month_alone_finds_nothing() -> None:
    assert occasion("In August <the queen> [urged] {calm}.", "queen") == Occasion(
        None, "none_period", None, "none_no_event"
    )


def test_a_month_and_another_kind_of_event_find_nothing() -> None:
    marked = "At the summit in August <the queen> [urged] {calm}."
    assert occasion(marked, "queen") == Occasion(None, "none_period", None, "none_no_event")


def test_a_call_by_video_is_not_the_one_by_phone() -> None:
    assert occasion("In a video call in August <the queen> [urged] {calm}.", "queen").event_id is None


def test_the_manner_decides_between_two_meetings_of_a_month() -> None:
    assert occasion("At talks by video in November <the queen> [urged] {calm}.", "queen") == Occasion(
        date(2030, 11, 4), "event", "lunch", "date_and_speaker"
    )


def test_a_week_and_a_meeting_find_the_meeting() -> None:
    marked = "When they met two months ago <the queen> [urged] {calm}."
    assert occasion(marked, "queen").event_basis == "none_ambiguous"
    assert occasion(marked.replace("met", "met by video"), "queen").said_date == date(2030, 11, 4)


@pytest.mark.parametrize("when", ["in 2030", "two years ago", "this year", "last week", "earlier this month"])
def test_a_period_is_never_made_a_day(when: str) -> None:
    assert occasion(f"<The queen> [said] {when} {{it is open}}.", "queen") == Occasion(
        None, "none_period", None, "none_no_event"
    )


@pytest.mark.parametrize("when", ["last Monday", "a few days ago", "two days later", "on Feb 30, 2030"])
def test_what_nothing_settles_is_no_day_with_the_reason(when: str) -> None:
    assert occasion(f"<The queen> [said] {when} {{it is open}}.", "queen") == Occasion(
        None, "none_ambiguous", None, "none_ambiguous"
    )


def test_a_day_earlier_is_counted_from_the_day_named_before() -> None:
    marked = "The boats met on Wednesday. A day earlier <the queen> [said] {it is open}."
    assert occasion(marked, "queen") == Occasion(date(2031, 1, 14), "relative", "summit", "article")


@pytest.mark.parametrize("when", ["next week", "next February", "tomorrow", "later this month"])
def test_nobody_has_spoken_in_a_time_to_come(when: str) -> None:
    assert occasion(f"<The queen> [announced] {{the renewal}} {when}.", "queen") == AT_THE_SUMMIT


def test_two_events_in_a_month_are_ambiguous() -> None:
    assert (
        occasion("At talks in November <the queen> [urged] {calm}.", "queen").event_basis == "none_ambiguous"
    )


def test_a_date_inside_the_content_is_not_the_date_of_saying() -> None:
    assert occasion("<The queen> [said] {she crossed it on Dec 3, 2030}.", "queen") == AT_THE_SUMMIT


def test_a_date_in_another_clause_is_not_either() -> None:
    marked = "<The queen> [said] {it is open}, citing a clip which was shown on Monday."
    assert occasion(marked, "queen") == AT_THE_SUMMIT


def test_a_date_right_behind_the_content_counts() -> None:
    marked = "<The queen> [announced] {the renewal of the pact} on Dec 3, 2030, by letter."
    assert occasion(marked, "queen").said_date == date(2030, 12, 3)


def test_weekdays_count_only_from_a_day_of_writing() -> None:
    assert occasion(
        "<The queen> [said] on Monday {it is open}.", "queen", analysis_date_basis="event"
    ) == Occasion(None, "none_ambiguous", None, "none_ambiguous")


@pytest.mark.parametrize("day", ["Jan 14", "14 January", "the 14th of January"])
def test_a_day_without_a_year_that_is_the_events_needs_no_day_of_writing(day: str) -> None:
    marked = f"<The queen> [said] on {day} {{it is open}}."
    assert occasion(marked, "queen", analysis_date_basis="event") == AT_THE_SUMMIT


def test_another_day_without_a_year_stays_open() -> None:
    marked = "<The queen> [said] on Jan 13 {it is open}."
    assert occasion(marked, "queen", analysis_date_basis="event").event_basis == "none_ambiguous"
