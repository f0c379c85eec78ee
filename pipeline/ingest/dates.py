"""Dates and times as newspapers print them. Strict: what can be read in two ways is not read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = {name[:3]: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_GAP = r"[\s\u00a0]{0,3}"
_YEAR = r"(?:1[89]|20)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_NUMBER_BEFORE = r"(?<![\d/.\-–])"
_NUMBER_AFTER = r"(?![\d/]|[.\-–]\d)"
_DATE = re.compile(
    rf"""
    (?:\b(?P<weekday>{_WEEKDAY})\b\.?,?{_GAP})?
    (?:
        {_NUMBER_BEFORE}(?P<y1>{_YEAR})(?P<sep1>[-/.])(?P<m1>\d\d?)(?P=sep1)(?P<d1>\d\d?){_NUMBER_AFTER}
      | (?P<y2>{_YEAR}){_GAP}年{_GAP}(?P<m2>\d\d?){_GAP}月(?:{_GAP}(?P<d2>\d\d?){_GAP}日)?
      | {_NUMBER_BEFORE}(?P<a3>\d\d?)(?P<sep3>[-/.])(?P<b3>\d\d?)(?P=sep3)(?P<y3>{_YEAR}){_NUMBER_AFTER}
      | {_NUMBER_BEFORE}\b(?P<d4>{_DAY})(?:st|nd|rd|th)?{_GAP}(?:of{_GAP})?-?\b(?P<m4>{_MONTH})\b\.?
        (?:-|,?{_GAP})(?:(?P<y4>{_YEAR})\b{_NUMBER_AFTER})?
      | \b(?P<m5>{_MONTH})\b\.?{_GAP}(?P<d5>{_DAY})(?:st|nd|rd|th)?\b{_NUMBER_AFTER}
        (?:,?{_GAP}\b(?P<y5>{_YEAR})\b{_NUMBER_AFTER})?
      | \b(?P<m6>{_MONTH})\b\.?,?{_GAP}(?P<y6>{_YEAR})\b{_NUMBER_AFTER}
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d:.])(?:(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?"
    r"|(?:1[0-2]|0?[1-9])(?:\.[0-5]\d)?\s?[ap]\.?m\b\.?"
    r"|(?:[01]?\d|2[0-3])\.[0-5]\d(?=\s?(?:GMT|UTC|BST|CET|CEST|EST|EDT|MSK|BJT)\b))(?![\d:])",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"\b(?:GMT|UTC|[ECMP][SD]?T|BST|CET|CEST|EET|MSK|BJT|IST|JST|KST|AEST|AEDT|SGT|HKT|Z)\b"
    r"(?:\s?[+-−]\s?\d{1,2}(?::?\d\d)?)?|(?<=\d)\s?[+−]\d\d:?\d\d\b|\b\w+ (?:local )?time\b",
    re.IGNORECASE,
)
# Words that may stand on a line that states a date and nothing else.
_DATE_WORDS = frozenset(
    {
        "published", "publish", "updated", "update", "posted", "issued", "released", "release", "modified",
        "created", "date", "dated", "time", "on", "at", "last", "first", "the", "of", "hrs", "hours", "h",
        "t",
    }
)  # fmt: skip
# What printed newspapers put beside the date.
_PAGE_NUMBER = re.compile(r"\b(?:page|p\.)\s?[A-Z]?\d{1,3}\b", re.IGNORECASE)
_UPDATE = re.compile(r"\b(?:updated?|modified|edited)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date as far as the words state it, and where it stands (code points of the text searched)."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int

    @property
    def value(self) -> date | None:
        """The day, when year, month and day are all stated."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def precision(self) -> str:
        """How exactly the date is known: day, month, year, or none when no year is stated."""
        if self.year is None:
            return "none"
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def edtf(self) -> str:
        """The date in EDTF, with XXXX for a year that is not stated."""
        text = "XXXX" if self.year is None else f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
            if self.day is not None:
                text += f"-{self.day:02d}"
        return text

    def same_day(self, other: "FoundDate") -> bool:
        """Tell whether both state a day and a month, and the same ones."""
        return self.day is not None and (self.month, self.day) == (other.month, other.day)


@dataclass(frozen=True, slots=True)
class DateLine:
    """A line that states when something was published, and nothing else."""

    date: FoundDate
    time: str | None
    is_update: bool


def find_dates(text: str) -> Iterator[FoundDate]:
    """Give every date that a text states at least to the month, in order; impossible ones are left out."""
    for match in _DATE.finditer(text):
        found = _read(match)
        if found is not None:
            yield found


def first_time(text: str) -> str | None:
    """Return the first time of day in a text, as printed, without its zone."""
    match = _TIME.search(text)
    return match.group().strip() if match else None


def read_date_line(text: str) -> DateLine | None:
    """Read a line that holds a date, perhaps with a time, a zone and words such as *Published*."""
    if len(text) > 150:
        return None
    dates = list(find_dates(text))
    if not dates:
        return None
    rest = _PAGE_NUMBER.sub(" ", _ZONE.sub(" ", _TIME.sub(" ", _without(text, dates))))
    words = re.findall(r"[^\W_]+", rest.casefold())
    if any(word not in _DATE_WORDS for word in words) or len(words) > 8:
        return None
    stated = [(found, _is_update(text, dates, number)) for number, found in enumerate(dates)]
    first, is_update = next((pair for pair in stated if not pair[1]), stated[0])
    # A time belongs to the date it follows.
    following = [found.start for found in dates if found.start > first.start]
    until = min(following, default=len(text))
    time = first_time(text[first.end : until]) or (first_time(text) if len(dates) == 1 else None)
    return DateLine(first, time, is_update)


def read_time_line(text: str) -> str | None:
    """Read a line that holds a time of day and nothing else."""
    if len(text) > 60:
        return None
    rest = _ZONE.sub(" ", _TIME.sub(" ", text, count=1))
    words = re.findall(r"[^\W_]+", rest.casefold())
    return first_time(text) if all(word in _DATE_WORDS for word in words) else None


def is_date_label(text: str) -> bool:
    """Tell whether a line says only that a date is near: *Published*, *Last updated on*."""
    words = text.casefold().strip(" :").split() if len(text) <= 40 else []
    return 0 < len(words) <= 3 and len(words[0]) > 3 and all(word in _DATE_WORDS for word in words)


def weekdays_in(text: str) -> set[int]:
    """Return the days of the week that a text names in full, Monday as 0."""
    words = set(re.findall(r"[a-z]+", text.casefold()))
    return {number for number, name in enumerate(_WEEKDAYS) if name in words}


def _without(text: str, dates: list[FoundDate]) -> str:
    kept = list(text)
    for found in dates:
        kept[found.start : found.end] = " " * (found.end - found.start)
    return "".join(kept)


def _is_update(text: str, dates: list[FoundDate], number: int) -> bool:
    since = dates[number - 1].end if number else 0
    return _UPDATE.search(text, since, dates[number].start) is not None


def _read(match: re.Match[str]) -> FoundDate | None:
    group = match.groupdict()
    year = next((int(group[k]) for k in ("y1", "y2", "y3", "y4", "y5", "y6") if group[k]), None)
    name = group["m4"] or group["m5"] or group["m6"]
    if name:
        # "may 5" and "march 3" in small letters are verbs more often than months.
        if not name[0].isupper():
            return None
        month: int | None = _MONTHS[name[:3].casefold()]
        day = int(group["d4"] or group["d5"] or 0) or None
    elif group["a3"]:
        month, day = _in_order(int(group["a3"]), int(group["b3"]), group["sep3"])
        if month is None and not (1 <= int(group["a3"]) <= 12 and 1 <= int(group["b3"]) <= 12):
            return None
    else:
        month = int(group["m1"] or group["m2"])
        day = int(group["d1"] or group["d2"] or 0) or None
        if not 1 <= month <= 12 or (group["d1"] and day is None):
            return None
    if day is not None and month is not None:
        try:
            # 2000 was a leap year: February 29 without a year is possible.
            date(year if year is not None else 2000, month, day)
        except ValueError:
            return None
    start, end = match.span()
    end -= len(match.group()) - len(match.group().rstrip(" \t\r\n\u00a0,-"))
    return FoundDate(year, month, day, start, end)


def _in_order(first: int, second: int, separator: str) -> tuple[int | None, int | None]:
    """Return month and day of a date in figures, or neither when both orders are possible."""
    if first == second and first <= 12:
        return first, second
    if first > 12 and second <= 12 and first <= 31:
        return second, first
    if second > 12 and first <= 12 and second <= 31 and separator != ".":
        return first, second
    # With points the day comes first everywhere.
    if separator == "." and 1 <= second <= 12 and first <= 31:
        return second, first
    return None, None
