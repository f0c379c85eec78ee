from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.topics.said_dates import DateMention, find_dates

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
        ("this morning", THURSDAY, "relative"),
        ("last night", date(2031, 1, 15), "relative"),
        ("tomorrow", date(2031, 1, 17), "relative"),
        ("two days ago", date(2031, 1, 14), "relative"),
        ("20 days ago", date(2030, 12, 27), "relative"),
        ("a day earlier", date(2031, 1, 15), "relative"),
        ("the day before.", date(2031, 1, 15), "relative"),
        ("on Wednesday last week", date(2031, 1, 8), "relative"),
        ("on Friday of next week", date(2031, 1, 24), "relative"),
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
        ("earlier this month", date(2031, 1, 1), THURSDAY, "relative"),
        ("earlier this week", date(2031, 1, 13), THURSDAY, "relative"),
        ("later this month", THURSDAY, date(2031, 1, 31), "relative"),
        ("next week", date(2031, 1, 20), date(2031, 1, 26), "relative"),
        ("last year", date(2030, 1, 1), date(2030, 12, 31), "relative"),
        ("a week ago", date(2031, 1, 6), date(2031, 1, 12), "relative"),
        ("three months ago", date(2030, 10, 1), date(2030, 10, 31), "relative"),
        ("Two years ago", date(2029, 1, 1), date(2029, 12, 31), "relative"),
        ("last August", date(2030, 8, 1), date(2030, 8, 31), "relative"),
        ("last January", date(2030, 1, 1), date(2030, 1, 31), "relative"),
        ("next January", date(2032, 1, 1), date(2032, 1, 31), "relative"),
    ],
)
def test_a_period(words: str, first: date, last: date, basis: str) -> None:
    assert dates(words) == [(first, last, basis)]


@pytest.mark.parametrize(
    "words",
    [
        "last Monday",
        "next Friday",
        "this Friday",
        "on March 3",
        "on Feb 30, 2030",
        # In January: of this year or of the next.
        "next February",
        "a few days ago",
        "several weeks ago",
        # Later than what?
        "two days later",
    ],
)
def test_what_nothing_settles_stays_open(words: str) -> None:
    assert [one[:2] for one in dates(words)] == [(None, None)]


def test_without_the_day_of_writing_only_full_dates_are_read() -> None:
    assert [one[0] for one in dates("on Monday, Dec 3, in May and on May 3, 2029", None)] == [
        None,
        None,
        None,
        date(2029, 5, 3),
    ]


def test_a_day_earlier_and_later_count_from_the_day_named_before() -> None:
    told = dates("They met on Dec 3, 2030. A day earlier they wrote; two days later they parted")
    assert [one[0] for one in told] == [date(2030, 12, 3), date(2030, 12, 2), date(2030, 12, 5)]


def test_two_of_them_in_a_row_count_from_the_same_day() -> None:
    told = dates("They met on Tuesday. A day earlier they wrote, and two days earlier they called")
    assert [one[0] for one in told] == [date(2031, 1, 14), date(2031, 1, 13), date(2031, 1, 12)]


def test_the_day_before_something_else_is_not_read() -> None:
    assert dates("the day before the feast") == []


def test_next_february_after_it_is_of_the_next_year_and_last_february_before_it_of_the_last() -> None:
    assert dates("next February", date(2031, 3, 1)) == [(date(2032, 2, 1), date(2032, 2, 29), "relative")]
    assert dates("last February", date(2031, 3, 1)) == [(None, None, "relative")]


@pytest.mark.parametrize("words", ["1,000 years ago", "2.5 years ago"])
def test_half_a_number_is_no_count(words: str) -> None:
    assert dates(words) == []


def test_may_and_march_as_words_are_no_months() -> None:
    assert dates("They may march in line") == []


# Property tests: over year ends, leap days and the ends of the calendar.
DAYS = st.dates()
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNITS = st.sampled_from(["day", "week", "month", "year"])


def the_one(words: str, written: date) -> DateMention:
    (found,) = find_dates(words, 0, len(words), written)
    return found


@given(DAYS.filter(lambda day: day.toordinal() > 7), st.sampled_from(WEEKDAYS))
def test_a_weekday_is_the_nearest_such_day_that_is_not_to_come(written: date, weekday: str) -> None:
    day = the_one(f"on {weekday}", written).day
    assert day is not None
    assert WEEKDAYS[day.weekday()] == weekday
    assert timedelta(0) <= written - day < timedelta(7)


@given(DAYS, st.sampled_from(WEEKDAYS), st.sampled_from(["last", "this", "next"]))
def test_a_weekday_of_a_week_lies_in_that_week(written: date, weekday: str, near: str) -> None:
    day = the_one(f"on {weekday} {near} week", written).day
    week = the_one(f"{near} week", written)
    if day is not None and near != "this" and week.first is not None and week.last is not None:
        assert WEEKDAYS[day.weekday()] == weekday
        assert week.first <= day <= week.last


@given(DAYS)
def test_yesterday_and_tomorrow_are_the_days_beside(written: date) -> None:
    if written > date.min:
        assert the_one("yesterday", written).day == written - timedelta(1)
    if written < date.max:
        assert the_one("tomorrow", written).day == written + timedelta(1)


@given(DAYS, st.integers(1, 999))
def test_days_ago_are_counted_exactly(written: date, count: int) -> None:
    day = the_one(f"{count} days ago", written).day
    assert day == (None if written.toordinal() <= count else written - timedelta(count))


@given(DAYS, st.integers(1, 999), UNITS)
def test_what_lies_back_is_a_whole_period_before_the_day_of_writing(
    written: date, count: int, unit: str
) -> None:
    found = the_one(f"{count} {unit}s ago", written)
    if found.first is None or found.last is None:
        assert written.year <= 1000
        return
    assert found.first <= found.last < written
    assert unit == "day" or found.day is None
    if unit == "week":
        assert found.first.weekday() == 0 and found.last - found.first == timedelta(6)
    if unit in ("month", "year"):
        assert found.first.day == 1 and (found.last + timedelta(1)).day == 1
        assert found.last - found.first >= timedelta(27 if unit == "month" else 364)


@given(DAYS, st.sampled_from(["week", "month", "year"]))
def test_last_this_and_next_follow_each_other(written: date, unit: str) -> None:
    last, early, late, following = (
        the_one(f"{when} {unit}", written) for when in ("last", "earlier this", "later this", "next")
    )
    if None not in (last.last, early.first, late.last, following.first):
        assert last.last is not None and late.last is not None
        assert last.last + timedelta(1) == early.first
        assert early.last == late.first == written
        assert late.last + timedelta(1) == following.first


@given(DAYS, DAYS)
def test_a_day_of_a_month_without_a_year_lies_in_the_half_year_before(written: date, named: date) -> None:
    day = the_one(f"on {named:%B} {named.day}", written).day
    if day is not None:
        assert (day.month, day.day) == (named.month, named.day)
        assert timedelta(0) <= written - day <= timedelta(183)
    elif timedelta(0) <= written - named <= timedelta(183):
        raise AssertionError("a day in the last half year has to be read")


@given(DAYS, DAYS)
def test_a_day_with_its_year_does_not_depend_on_the_day_of_writing(written: date, named: date) -> None:
    words = f"on {named:%B} {named.day}, {named.year:04d}"
    assert the_one(words, written).day == named
    assert next(find_dates(words, 0, len(words), None)).day == named


@given(DAYS, st.sampled_from(["in {month}", "last {month}", "next {month}", "this {month}"]), st.dates())
def test_a_month_is_never_a_day(written: date, words: str, named: date) -> None:
    found = the_one(words.format(month=f"{named:%B}"), written)
    if found.first is not None and found.last is not None:
        assert found.day is None
        assert found.first.day == 1 and found.first.month == found.last.month == named.month
        assert words[:2] not in ("in", "la") or found.first <= written
        assert not words.startswith("next") or found.first > written
