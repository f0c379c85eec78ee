"""Read the dates that a reporter's words state: a day, or a week, month or year in which something was said.

Dates without a year, days of the week and words such as *last month* are read by the day on which the text
was written. Only what the words leave open is left open: a month or a year is never made a day, and *last
Monday*, which some write for this week's and some for the week before, is no day at all.
"""

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
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_DATE = re.compile(
    rf"""\b(?:
      (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    | (?P<month1>{_MONTHS})\.?\s(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year1>\d{{4}}))?
    | (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month2>{_MONTHS})\b\.?(?:,?\s(?P<year2>\d{{4}}))?
    | (?P<month3>{_MONTHS})\.?,?\s(?P<year3>\d{{4}})
    | (?P<near_month>(?i:last|next|this))\s(?P<month5>{_MONTHS})\b(?!\.?,?\s\d)
    | (?i:in|since|during)\s(?:(?i:early|late|mid)[\s-])?(?P<month4>{_MONTHS})\b\.?(?:,?\s(?P<year4>\d{{4}}))?
    | (?i:in|during)\s(?P<year5>(?:19|20)\d{{2}})
    | (?P<near>(?i:last|next|coming|this)\s)?(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)
      (?:\s(?:of\s)?(?P<week>(?i:last|this|next))\sweek)?
    | (?P<count>(?i:{"|".join(_NUMBERS)}|(?:a\s)?few|several|some|(?<![\d.,])\d{{1,3}}))\s
      (?P<unit>(?i:day|week|month|year))s?\s(?P<whence>(?i:ago|earlier|later))
    | (?P<day_before>(?i:the\s(?:previous\sday|day\sbefore))(?!\s+\w))
    | (?P<word>(?i:yesterday|today|tonight|tomorrow|this\s(?:morning|afternoon|evening)|last\snight
      |(?:(?:earlier|later)\s)?this\s(?:week|month|year)|(?:last|next)\s(?:week|month|year)))
    )\b""",
    re.VERBOSE,
)
# How far back the day may stand from which "a day earlier" counts.
_BEFORE = 600
_Days = tuple[date | None, date | None]
_OPEN: _Days = (None, None)


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

    `written` is the day on which the text was written. None: what needs it stays unsettled.

    - `Monday`, `Dec 13`, `in August`: the nearest such day or month at or before it, itself included; a day
      of a month no more than half a year back, since news writes the year of one farther back.
    - `Wednesday last week`: that day; `last`, `next`, `this Monday` alone: unsettled.
    - `two days ago`: that day; `two weeks, months, years ago`: the calendar week (from Monday), month, year.
    - `a day earlier`, `two days later`: counted from the day named last before; where none is named,
      `earlier` from the day of writing, and `later` is unsettled.
    - `last February` in March and after it, `next February` before it: unsettled, it may be this year's.
    - `this week`, `earlier this month`: up to the day of writing; `later this month`: from it.
    """
    for found in _DATE.finditer(text, start, end):
        yield _mention(found, _days(found, written))


def _mention(found: re.Match[str], days: tuple[_Days, str]) -> DateMention:
    (first, last), basis = days
    return DateMention(found.start(), found.end(), first, last, basis)


def _days(found: re.Match[str], written: date | None) -> tuple[_Days, str]:
    stated = _stated(found)
    if stated is not None:
        return stated, "stated"
    return (_relative(found, written) if written is not None else _OPEN), "relative"


def _stated(found: re.Match[str]) -> _Days | None:
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
        return _whole_year(int(found["year5"]))
    return None


def _relative(found: re.Match[str], written: date) -> _Days:
    if found["weekday"]:
        return _weekday(found, written)
    if found["count"]:
        return _counted(found, written)
    if found["day_before"]:
        return _shifted(_day_before(found, written) or written, "day", -1)
    if found["word"]:
        return _by_word(" ".join(found["word"].lower().split()), written)
    if found["near_month"]:
        return _near_month(found["near_month"].lower(), _month(found["month5"]), written)
    if found["month4"]:
        month = _month(found["month4"])
        return _whole_month(written.year - (month > written.month), month)
    month = _month(found["month1"] or found["month2"])
    day = int(found["day1"] or found["day2"])
    first, last = _one_day(written.year, month, day)
    if first is None or first > written:
        first, last = _one_day(written.year - 1, month, day)
    # News writes the year of a day that lies long back; without it half a year is the limit.
    if first is None or written - first > timedelta(days=183):
        return _OPEN
    return first, last


def _weekday(found: re.Match[str], written: date) -> _Days:
    number = _WEEKDAYS.index(found["weekday"].lower())
    if found["week"] and not found["near"]:
        weeks = {"last": -1, "this": 0, "next": 1}[found["week"].lower()]
        return _ordinal_day(written.toordinal() - written.weekday() + 7 * weeks + number)
    if found["near"]:
        # "last Monday" is read as this or as the week before: nothing settles it.
        return _OPEN
    return _shifted(written, "day", -((written.weekday() - number) % 7))


def _counted(found: re.Match[str], written: date) -> _Days:
    word = found["count"].lower()
    count = int(word) if word.isdecimal() else _NUMBERS.get(word)
    if count is None:
        return _OPEN
    whence, unit = found["whence"].lower(), found["unit"].lower()
    if whence == "ago":
        return _shifted(written, unit, -count)
    base = _day_before(found, written)
    if whence == "earlier":
        return _shifted(base or written, unit, -count)
    return _shifted(base, unit, count) if base is not None else _OPEN


def _day_before(found: re.Match[str], written: date) -> date | None:
    """Return the day that is named last before these words; None when none is."""
    text, position = found.string, found.start()
    day: date | None = None
    for earlier in _DATE.finditer(text, max(0, position - _BEFORE), position):
        # Two of them in a row would be counted from each other: the first is enough.
        if not earlier["day_before"] and (earlier["whence"] or "ago").lower() == "ago":
            mention = _mention(earlier, _days(earlier, written))
            day = mention.day or day
    return day


def _near_month(near: str, month: int, written: date) -> _Days:
    if near == "this":
        return _whole_month(written.year, month)
    if near == "last":
        return _whole_month(written.year - 1, month) if month >= written.month else _OPEN
    return _whole_month(written.year + 1, month) if month <= written.month else _OPEN


def _by_word(word: str, written: date) -> _Days:
    match word:
        case "today" | "tonight" | "this morning" | "this afternoon" | "this evening":
            return written, written
        case "yesterday" | "last night":
            return _shifted(written, "day", -1)
        case "tomorrow":
            return _shifted(written, "day", 1)
    when, unit = word.split()[-2:]
    if when != "this":
        return _shifted(written, unit, -1 if when == "last" else 1)
    first, last = _shifted(written, unit, 0)
    if word.startswith("later"):
        return written, last
    return first, written


def _shifted(day: date, unit: str, count: int) -> _Days:
    """Return the day, calendar week (from Monday), month or year that lies so many on from that of a day."""
    match unit:
        case "day":
            return _ordinal_day(day.toordinal() + count)
        case "week":
            monday = day.toordinal() - day.weekday() + 7 * count
            first, last = _ordinal_day(monday)[0], _ordinal_day(monday + 6)[1]
            return (first, last) if first is not None and last is not None else _OPEN
        case "month":
            years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
            return _whole_month(years, month + 1)
    return _whole_year(day.year + count)


def _ordinal_day(ordinal: int) -> _Days:
    if not 1 <= ordinal <= date.max.toordinal():
        return _OPEN
    day = date.fromordinal(ordinal)
    return day, day


def _one_day(year: int, month: int, day: int) -> _Days:
    try:
        found = date(year, month, day)
    except ValueError:
        return _OPEN
    return found, found


def _whole_month(year: int, month: int) -> _Days:
    if not 1 <= year <= 9999:
        return _OPEN
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _whole_year(year: int) -> _Days:
    if not 1 <= year <= 9999:
        return _OPEN
    return date(year, 1, 1), date(year, 12, 31)


def _month(name: str) -> int:
    return _MONTH_NUMBER[name[:3].lower()]
