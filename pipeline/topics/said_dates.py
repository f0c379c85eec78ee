"""Read the dates that a reporter's words state: a day, or a month or year in which something was said."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)
_MONTH_NUMBER = {name[:3].lower(): number for number, name in enumerate(_MONTHS.split("|")[:12], 1)}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATE = re.compile(
    rf"""\b(?:
      (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    | (?P<month1>{_MONTHS})\.?\s(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year1>\d{{4}}))?
    | (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month2>{_MONTHS})\b\.?(?:,?\s(?P<year2>\d{{4}}))?
    | (?P<month3>{_MONTHS})\.?,?\s(?P<year3>\d{{4}})
    | (?:in|In)\s(?:early\s|late\s|mid-)?(?P<month4>{_MONTHS})\b\.?(?:,?\s(?P<year4>\d{{4}}))?
    | (?:in|In)\s(?P<year5>(?:19|20)\d{{2}})
    | (?P<near>(?:[Ll]ast|[Nn]ext|[Cc]oming)\s)?(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)
    | (?P<word>[Yy]esterday|[Tt]oday|[Ll]ast\s(?:week|month|year)|[Tt]his\s(?:month|year))
    )\b""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """Words that state when, with the days they allow; None for both: nothing settles which days."""

    char_start: int
    char_end: int
    first: date | None
    last: date | None
    basis: str

    @property
    def day(self) -> date | None:
        """The day, when the words leave only one."""
        return self.first if self.first == self.last else None


def find_dates(text: str, start: int, end: int, written: date | None) -> Iterator[DateMention]:
    """Give the dates stated between two offsets.

    `written` is the day on which the text was written, by which `Monday`, `Dec 13` or `in August` without
    a year are read: the nearest such day or month at or before it. None: they stay unsettled.
    """
    for found in _DATE.finditer(text, start, end):
        stated = _stated(found)
        if stated is not None:
            yield DateMention(found.start(), found.end(), *stated, basis="stated")
            continue
        first, last = _relative(found, written) if written is not None else (None, None)
        yield DateMention(found.start(), found.end(), first, last, basis="relative")


def _stated(found: re.Match[str]) -> tuple[date | None, date | None] | None:
    """Return the days of a date with a year; None when the words name no year."""
    if found["iso"]:
        return _one_day(*(int(part) for part in found["iso"].split("-")))
    if found["year1"]:
        return _one_day(int(found["year1"]), _month(found["month1"]), int(found["day1"]))
    if found["year2"]:
        return _one_day(int(found["year2"]), _month(found["month2"]), int(found["day2"]))
    if found["year3"]:
        return _whole_month(int(found["year3"]), _month(found["month3"]))
    if found["year4"]:
        return _whole_month(int(found["year4"]), _month(found["month4"]))
    if found["year5"]:
        return date(int(found["year5"]), 1, 1), date(int(found["year5"]), 12, 31)
    return None


def _relative(found: re.Match[str], written: date) -> tuple[date | None, date | None]:
    if found["weekday"]:
        if found["near"]:
            # "last Monday" is read as this or as the week before: nothing settles it.
            return None, None
        back = (written.weekday() - _WEEKDAYS.index(found["weekday"].lower())) % 7
        return _days_back(written, back)
    if found["word"]:
        return _by_word(" ".join(found["word"].lower().split()), written)
    if found["month4"]:
        month = _month(found["month4"])
        return _whole_month(written.year - (month > written.month), month)
    month = _month(found["month1"] or found["month2"])
    day = int(found["day1"] or found["day2"])
    first, last = _one_day(written.year, month, day)
    if first is not None and first > written:
        first, last = _one_day(written.year - 1, month, day)
    # News writes the year of a day that lies long back; without it half a year is the limit.
    if first is None or written - first > timedelta(days=183):
        return None, None
    return first, last


def _by_word(word: str, written: date) -> tuple[date | None, date | None]:
    match word:
        case "today":
            return written, written
        case "yesterday":
            return _days_back(written, 1)
        case "this month":
            return written.replace(day=1), written
        case "this year":
            return written.replace(month=1, day=1), written
        case "last month":
            return _whole_month(written.year - (written.month == 1), (written.month - 2) % 12 + 1)
        case "last year":
            return date(max(written.year - 1, 1), 1, 1), date(max(written.year - 1, 1), 12, 31)
    monday = written.toordinal() - written.weekday() - 7
    if monday < 1:
        return None, None
    return date.fromordinal(monday), date.fromordinal(monday + 6)


def _days_back(written: date, days: int) -> tuple[date | None, date | None]:
    if written.toordinal() <= days:
        return None, None
    day = written - timedelta(days=days)
    return day, day


def _one_day(year: int, month: int, day: int) -> tuple[date | None, date | None]:
    try:
        found = date(year, month, day)
    except ValueError:
        return None, None
    return found, found


def _whole_month(year: int, month: int) -> tuple[date | None, date | None]:
    if not 1 <= year <= 9999:
        return None, None
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _month(name: str) -> int:
    return _MONTH_NUMBER[name[:3].lower()]
