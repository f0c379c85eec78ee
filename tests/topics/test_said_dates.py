from datetime import date

import pytest

from pipeline.topics.said_dates import find_dates

THURSDAY = date(2031, 1, 16)


def dates(text: str, written: date | None = THURSDAY) -> list[tuple[date | None, date | None, str]]:
    return [(one.first, one.last, one.basis) for one in find_dates(text, 0, len(text), written)]


@pytest.mark.parametrize(
    ("words", "day", "basis"),
    [
        ("on Dec 13, 2030", date(2030, 12, 13), "stated"),
        ("on 13th December 2030", date(2030, 12, 13), "stated"),
        ("on 2030-12-13", date(2030, 12, 13), "stated"),
        ("on Thursday", THURSDAY, "relative"),
        ("on Friday", date(2031, 1, 10), "relative"),
        ("at Monday's briefing", date(2031, 1, 13), "relative"),
        ("yesterday", date(2031, 1, 15), "relative"),
        ("on December 30", date(2030, 12, 30), "relative"),
        ("on Sept. 3", date(2030, 9, 3), "relative"),
    ],
)
def test_a_day(words: str, day: date, basis: str) -> None:
    assert dates(words) == [(day, day, basis)]


@pytest.mark.parametrize(
    ("words", "first", "last", "basis"),
    [
        ("in August", date(2030, 8, 1), date(2030, 8, 31), "relative"),
        ("in late August 2029", date(2029, 8, 1), date(2029, 8, 31), "stated"),
        ("last month", date(2030, 12, 1), date(2030, 12, 31), "relative"),
        ("last week", date(2031, 1, 6), date(2031, 1, 12), "relative"),
        ("in 2029", date(2029, 1, 1), date(2029, 12, 31), "stated"),
        ("this year", date(2031, 1, 1), THURSDAY, "relative"),
    ],
)
def test_a_period(words: str, first: date, last: date, basis: str) -> None:
    assert dates(words) == [(first, last, basis)]


@pytest.mark.parametrize("words", ["last Monday", "next Friday", "on March 3", "on Feb 30, 2030"])
def test_what_nothing_settles_stays_open(words: str) -> None:
    assert [one[:2] for one in dates(words)] == [(None, None)]


def test_without_the_day_of_writing_only_full_dates_are_read() -> None:
    assert [one[0] for one in dates("on Monday, Dec 3, in May and on May 3, 2029", None)] == [
        None,
        None,
        None,
        date(2029, 5, 3),
    ]


def test_may_and_march_as_words_are_no_months() -> None:
    assert dates("They may march in line") == []
