"""The event that an article reports: participants, dates and manner in its opening settle one event, or none.

Reads names by alias only, no roles: roles depend on the date that the event may have to supply.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.ingest.dates import FoundDate, find_dates, weekdays_in
from pipeline.reference import Reference

# A report comes out within so many days of its event, a preview within so many before it.
_REPORTED_WITHIN = 3
_ANNOUNCED_WITHIN = 10
_LEAD_PARAGRAPHS = 3
_LEAD_LENGTH = 3_000
_BODY_LENGTH = 30_000

_MODES = {
    "video": re.compile(
        r"\b(?:video(?:conference| ?link)?|videoconference|virtual(?:ly)?|online|via link|teleconference)\b",
        re.I,
    ),
    "phone": re.compile(r"\b(?:(?:tele)?phone[ds]?|by telephone)\b", re.I),
    "in_person": re.compile(
        r"\b(?:in[- ]person|face[- ]to[- ]face|shook hands|arrived in|state visit)\b", re.I
    ),
}
_KINDS = {
    "meeting": re.compile(r"\b(?:meet(?:ing|ings|s)?|met|talks?|spoke|speaks|conference|session)\b", re.I),
    "call": re.compile(r"\b(?:calls?|called|spoke|speaks?|talks?|talked|conversation)\b", re.I),
    "summit": re.compile(r"\b(?:summit|meeting of leaders|leaders['’] meeting)\b", re.I),
    "games": re.compile(r"\b(?:games|olympics|championships?)\b", re.I),
}


@dataclass(frozen=True)
class EventBook:
    """The events with their participants, and the names of speakers as one pattern."""

    events: tuple[Mapping[str, object], ...]
    participants: Mapping[str, frozenset[str]]
    speaker_of: Mapping[str, str]
    pattern: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Opening:
    """Where the main subject of an article stands, and what is known of its day."""

    headline: str | None
    paragraphs: Sequence[str]
    captions: Sequence[str]
    published: date | None
    dateline: FoundDate | None
    document_type: str


def compile_events(reference: Reference) -> EventBook:
    """Build the look-ups; a name that two speakers share names neither."""
    persons = {row["speaker_id"] for row in reference.rows("speakers")}
    owners: dict[str, set[str]] = {}
    for row in reference.rows("speakers"):
        owners.setdefault(row["name"], set()).add(row["speaker_id"])
    for row in reference.rows("speaker_aliases"):
        if row["speaker_id"] in persons:
            owners.setdefault(row["alias"], set()).add(row["speaker_id"])
    participants: dict[str, set[str]] = {}
    for row in reference.rows("event_participants"):
        participants.setdefault(row["event_id"], set()).add(row["speaker_id"])
    wanted = set().union(*participants.values()) if participants else set()
    speaker_of = {name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1 and ids <= wanted}
    names = sorted(speaker_of, key=lambda name: (-len(name), name))
    return EventBook(
        events=tuple(sorted(reference.rows("events"), key=lambda row: str(row["event_id"]))),
        participants={event: frozenset(ids) for event, ids in participants.items()},
        speaker_of=speaker_of,
        pattern=re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)") if names else None,
    )


def event_of(book: EventBook, opening: Opening) -> str | None:
    """Return the one event that the opening settles; None when there is none, or more than one."""
    lead = [text[:_LEAD_LENGTH] for text in opening.paragraphs[:_LEAD_PARAGRAPHS]]
    captions = [text[:_LEAD_LENGTH] for text in opening.captions[:6]]
    subject = "\n".join([opening.headline or "", *lead[:2], *captions])
    zone = "\n".join([opening.headline or "", *lead, *captions])
    body = "\n".join(text[:_LEAD_LENGTH] for text in opening.paragraphs[:60])[:_BODY_LENGTH]
    named = _speakers_in(book, subject)
    stated = list(find_dates(zone))
    if opening.dateline is not None:
        stated.append(opening.dateline)
    found = []
    for event in book.events:
        people = book.participants.get(str(event["event_id"]), frozenset())
        if (
            people
            and people <= named
            and _manner_fits(event, zone, body)
            and _date_fits(event, stated, weekdays_in(zone), opening)
        ):
            found.append(event)
    # Where one of them stands on a day that the opening names, the others are background.
    on_day = [event for event in found if _is_stated(event, stated)]
    settled = on_day or found
    return str(settled[0]["event_id"]) if len(settled) == 1 else None


def _speakers_in(book: EventBook, text: str) -> set[str]:
    if book.pattern is None:
        return set()
    return {book.speaker_of[match.group()] for match in book.pattern.finditer(text)}


def _manner_fits(event: Mapping[str, object], zone: str, body: str) -> bool:
    kind = _KINDS.get(str(event["event_type"]))
    if kind is None or not (kind.search(zone) or kind.search(body)):
        # "other" has no words of its own: its day has to be stated (see _date_fits).
        return kind is None
    mode = event["mode"]
    if mode is None:
        return True
    told = {name for name, words in _MODES.items() if words.search(zone)}
    return not told or mode in told


def _date_fits(
    event: Mapping[str, object], stated: Sequence[FoundDate], weekdays: set[int], opening: Opening
) -> bool:
    start = event["start_date"]
    assert isinstance(start, date)
    published = opening.published
    if published is not None:
        until = start + timedelta(days=_REPORTED_WITHIN)
        since = start - timedelta(days=_ANNOUNCED_WITHIN if opening.document_type == "news_preview" else 0)
        if not since <= published <= until:
            return False
        if opening.document_type == "news_preview":
            return _is_stated(event, stated) or start.weekday() in weekdays
        if _is_stated(event, stated):
            return True
        # No day is named in the opening, or the day of the week; another day speaks against the event.
        named_days = [found for found in stated if found.day is not None]
        return event["event_type"] in _KINDS and not named_days
    return _is_stated(event, stated)


def _is_stated(event: Mapping[str, object], stated: Sequence[FoundDate]) -> bool:
    """Tell whether the event's day is named, with its year or without one, and not with another year."""
    start = event["start_date"]
    assert isinstance(start, date)
    same = [found for found in stated if (found.month, found.day) == (start.month, start.day)]
    return bool(same) and all(found.year in (None, start.year) for found in same)
