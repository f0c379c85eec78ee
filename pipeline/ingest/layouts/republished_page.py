"""A text copied from a page: its first line opens with *date 2020-01-31*, its last lines say whose it is."""

import re

from pipeline.ingest.body import read_body
from pipeline.ingest.dates import find_dates, read_date_line
from pipeline.ingest.known import Known
from pipeline.ingest.page import Line, Page, Piece, has_at_most, is_paragraph, is_short
from pipeline.ingest.reading import Reading, StatedDate, take_deck, take_headline

NAME = "republished_page"
_PREFIX = re.compile(
    r"^(?:date|dated|posted|published|time)(?:\s+(?:on|at|time))?\s{0,3}:?\s{0,3}(?=\d)", re.I
)
_FOOTER = (
    re.compile(r"^(?:Published|Posted|Date)(?: on)?\s*:\s*\S.{3,40}$", re.IGNORECASE),
    re.compile(r"^By\s*:\s*\S.{1,60}$", re.IGNORECASE),
    re.compile(r"^With (?:\S+ ){1,4}inputs?\.?$", re.IGNORECASE),
)
_TAIL = 8


def recognise(page: Page, known: Known) -> float:
    """Return the evidence: a date before the first words, and footers of three kinds."""
    tail = [line for line in page.lines[-_TAIL:] if not is_paragraph(line.text)]
    kinds = sum(any(pattern.match(line.text) for line in tail if len(line.text) <= 80) for pattern in _FOOTER)
    prefixed = any(_prefix(line) is not None for line in page.lines[:3])
    if not prefixed and not kinds:
        return 0.0
    # One footer alone says little.
    return min(0.65 * prefixed + (0.0, 0.3, 0.65, 0.75)[kinds], 0.95)


def read(page: Page, known: Known) -> Reading:
    """Read the date before the first words, then the body with its footers."""
    reading = Reading(page, known)
    lines = list(page.lines)
    first = next((number for number, line in enumerate(lines[:3]) if _prefix(line) is not None), None)
    if first is not None:
        for line in lines[:first]:
            if reading.headline is None and is_short(line.text, 25):
                take_headline(reading, line, "first_line", "title_line")
            else:
                take_deck(reading, line)
        lines = [_without_prefix(reading, lines[first]), *lines[first + 1 :]]
    read_body(reading, lines)
    return reading


def _prefix(line: Line) -> tuple[int, StatedDate] | None:
    """Return where the text after the date starts in the line, and the date."""
    label = _PREFIX.match(line.text[:40])
    if label is None or has_at_most(line.text, 6):
        return None
    found = next(find_dates(line.text[:60]), None)
    if found is None or found.start != label.end():
        return None
    rest = line.text[found.end : found.end + 20].lstrip()
    if not re.match(r"(?:\d\d?:\d\d\S*\s+)?[\w\"'“‘(]", rest) or read_date_line(line.text):
        return None
    words = line.text[found.start : found.end]
    return found.end, StatedDate(found, "header", words)


def _without_prefix(reading: Reading, line: Line) -> Line:
    found = _prefix(line)
    if found is None:
        return line
    end, stated = found
    reading.dates.append(stated)
    time = re.match(r"\s{1,3}(\d\d?:\d\d(?::\d\d)?)\b", line.text[end : end + 20])
    if time:
        reading.time = time[1]
        end += time.end()
    reading.pieces.append(Piece("header_field", line.start, line.start + end, "date_prefix"))
    rest = line.text[end:]
    start = line.start + end + len(rest) - len(rest.lstrip())
    return Line(line.number, start, line.end, rest.lstrip(), line.after_blank)
