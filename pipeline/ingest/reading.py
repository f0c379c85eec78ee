"""What a layout makes of a page: typed pieces of its text, and what they state about the article."""

import re
from dataclasses import dataclass, field

from pipeline.ingest.bylines import (
    Author,
    Byline,
    email_domains,
    is_contact,
    read_byline,
    read_unmarked_byline,
)
from pipeline.ingest.datelines import Caption, Dateline, end_mark_in, read_dateline
from pipeline.ingest.dates import FoundDate, find_dates, read_date_line, read_time_line
from pipeline.ingest.known import Known, agency_credited, outlet_of_address
from pipeline.ingest.notices import Notice
from pipeline.ingest.page import Line, Page, Piece, whole

_ARCHIVE = re.compile(r"\b(?:file|archive|undated)\s+(?:photo|picture|image|footage)|^FILE\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date, where on the page it stood (as in published_basis), and the words that state it."""

    date: FoundDate
    basis: str
    evidence: str


@dataclass(frozen=True, slots=True)
class StatedOutlet:
    """An outlet, and where on the page it was named (as in outlet_basis)."""

    outlet_id: str
    basis: str


@dataclass(slots=True)
class Reading:
    """Filled by a layout while it reads a page.

    `dates` state the day of publication, the strongest statement first; `other_dates` (captions) can only
    supply a year that a statement of the same day leaves out.
    """

    page: Page
    known: Known
    pieces: list[Piece] = field(default_factory=list)
    headline: str | None = None
    headline_basis: str = "none"
    deck: str | None = None
    dates: list[StatedDate] = field(default_factory=list)
    other_dates: list[StatedDate] = field(default_factory=list)
    time: str | None = None
    outlets: list[StatedOutlet] = field(default_factory=list)
    names_unknown_outlet: bool = False
    agencies: list[tuple[str, str]] = field(default_factory=list)
    republisher_id: str | None = None
    byline: str | None = None
    authors: list[Author] = field(default_factory=list)
    dateline_place: str | None = None
    dateline_date: FoundDate | None = None
    sections: list[str] = field(default_factory=list)
    is_translation: bool | None = None
    stated_url: str | None = None
    notices: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Type what is no part of the article: no layout looks at it."""
        self.pieces += [whole(line, "boilerplate", rule) for line, rule in self.page.furniture]


def add(reading: Reading, line: Line, block_type: str, rule: str) -> None:
    """Make a whole line one block."""
    reading.pieces.append(whole(line, block_type, rule))


def notice(reading: Reading, code: str, message: str) -> None:
    """Report something to look at."""
    reading.notices.append(Notice(code, message))


def take_headline(reading: Reading, line: Line, basis: str, rule: str) -> None:
    """Make a line the headline."""
    add(reading, line, "headline", rule)
    reading.headline, reading.headline_basis = line.text, basis


def take_deck(reading: Reading, line: Line) -> None:
    """Make a line the deck; a further line of it is added to the first."""
    add(reading, line, "deck", "deck")
    reading.deck = line.text if reading.deck is None else f"{reading.deck} {line.text}"


def take_date_line(reading: Reading, line: Line, basis: str, block_type: str, rule: str) -> bool:
    """Read a line that holds a date of publication and nothing else, if it is one."""
    found = read_date_line(line.text)
    if found is None:
        return False
    add(reading, line, block_type, rule)
    if found.is_update:
        # When a page was changed is not when it was published.
        return True
    reading.dates.append(StatedDate(found.date, basis, _words(line.text, found.date)))
    if found.time and reading.time is None:
        reading.time = found.time
    return True


def take_time_line(reading: Reading, line: Line) -> bool:
    """Read a line that holds a time of day and nothing else, if it is one."""
    time = read_time_line(line.text)
    if time is None:
        return False
    add(reading, line, "header_field", "time_line")
    reading.time = reading.time or time
    return True


def take_byline(reading: Reading, line: Line, basis: str = "byline") -> bool:
    """Read a byline, if the line is one; the sentence with the address becomes boilerplate."""
    found = read_byline(line.text, reading.known) or read_unmarked_byline(line.text, reading.known)
    if found is None:
        if not is_contact(line.text):
            return False
        add(reading, line, "boilerplate", "contact")
        note_addresses(reading, line.text)
        return True
    middle = line.start + found.printed_end
    reading.pieces.append(Piece("byline", line.start, middle, "byline"))
    reading.pieces.append(Piece("boilerplate", middle, line.end, "contact"))
    reading.byline = found.printed if reading.byline is None else f"{reading.byline}; {found.printed}"
    note_byline(reading, found, basis, line)
    return True


def note_byline(reading: Reading, found: Byline, basis: str, line: Line) -> None:
    """Keep the authors and the outlet that a byline names, and report what was not read."""
    known_names = {author.name for author in reading.authors}
    reading.authors += [author for author in found.authors if author.name not in known_names]
    if found.outlet_id:
        reading.outlets.append(StatedOutlet(found.outlet_id, basis))
    if found.unread:
        notice(reading, "unread_byline", f"line {line.number}: {found.unread!r} in the byline was not read")
    note_addresses(reading, line.text)


def note_addresses(reading: Reading, text: str) -> None:
    """Keep the outlet to whose writers an address belongs: the weakest statement on a page."""
    for domain in email_domains(text):
        found = outlet_of_address(reading.known, domain)
        if found:
            reading.outlets.append(StatedOutlet(found, "byline_address"))


def take_caption(reading: Reading, line: Line, caption: Caption, rule: str = "caption") -> None:
    """Make a line a caption, and keep its credit and the dates that it states."""
    add(reading, line, "caption", rule)
    for credit in caption.credits:
        if agency_credited(reading.known, credit):
            reading.agencies.append((credit, "photo"))
    if _ARCHIVE.search(line.text[:2000]):
        # A picture out of the archive is of another year.
        return
    for found in find_dates(line.text[:2000]):
        reading.other_dates.append(StatedDate(found, "caption", line.text[found.start : found.end]))


def take_dateline(reading: Reading, line: Line) -> int:
    """Read the dateline that opens a line, if there is one; return where the text after it starts."""
    found = read_dateline(line.text) if reading.dateline_place is None else None
    if found is None:
        return line.start
    end = line.start + found.end
    reading.pieces.append(Piece("dateline", line.start, end, "dateline"))
    note_dateline(reading, found, line)
    return end


def note_dateline(reading: Reading, found: Dateline, line: Line) -> None:
    """Keep place, date and agency of a dateline."""
    reading.dateline_place, reading.dateline_date = found.place, found.date
    if found.date:
        words = line.text[found.date.start : found.date.end]
        reading.dates.append(StatedDate(found.date, "dateline", words))
    if found.agency:
        reading.agencies.append((found.agency, "origin"))


def take_paragraph(reading: Reading, start: int, line: Line, rule: str = "paragraph") -> None:
    """Make the text from `start` to the end of a line a paragraph, apart from an end mark behind it."""
    text = line.text[start - line.start :]
    mark = end_mark_in(text)
    end = line.end if mark is None else start + mark
    reading.pieces.append(Piece("paragraph", start, end, rule))
    if mark is not None:
        reading.pieces.append(Piece("boilerplate", end, line.end, "end_mark"))


def _words(text: str, found: FoundDate) -> str:
    return text[found.start : found.end]
