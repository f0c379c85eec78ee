"""A page of a newspaper reader: masthead, title, deck, byline, pull quote, text, captions, furniture."""

from collections.abc import Sequence

from pipeline.ingest.body import read_body, take_page_mark
from pipeline.ingest.bylines import is_contact, read_byline
from pipeline.ingest.datelines import caption_words, read_caption
from pipeline.ingest.front import read_front, survey_front
from pipeline.ingest.furniture import listed
from pipeline.ingest.known import Known, outlet_of_page_mark
from pipeline.ingest.page import Line, Page, in_capitals, is_paragraph, is_short
from pipeline.ingest.reading import Reading, add, take_byline

NAME = "newspaper_reader"
_FRONT = 14
_TAIL = 10
# A pull quote is known again by so many of its first words.
_REPEATED_WORDS = 5
# No page has more; each costs a search through the text.
_TRIED = 20


def recognise(page: Page, known: Known) -> float:
    """Return the evidence: byline with contact, pull quote, captions between lost marks, furniture."""
    head, tail = page.lines[:_FRONT], page.lines[-_TAIL:]
    score = 0.0
    if any(_is_byline_with_contact(line, known) for line in head):
        score += 0.55
    if any(caption_words(line.text) for line in (*head, *tail)):
        score += 0.45
    if _pull_quotes(page.lines):
        score += 0.35
    if any(outlet_of_page_mark(known, line.text) for line in tail):
        score += 0.35
    # Each of them alone may stand on any page.
    return min(score, 0.97)


def read(page: Page, known: Known) -> Reading:
    """Take out pull quotes and furniture, then read front and body."""
    reading = Reading(page, known)
    lines = page.lines
    quotes = _pull_quotes(lines)
    furniture = _furniture(lines) - set(quotes)
    for number, rule in quotes.items():
        # One block of the type for each pull quote; the lines below it are the byline of its words.
        add(reading, lines[number], "pull_quote" if rule == "pull_quote" else "byline", rule)
    for number in furniture:
        if not take_page_mark(reading, lines[number]):
            add(reading, lines[number], "boilerplate", "furniture")
    rest = [line for number, line in enumerate(lines) if number not in quotes and number not in furniture]
    reading.page = Page(page.text, tuple(rest))
    front = survey_front(reading.page, known)
    read_front(reading, front, basis="header", masthead=True)
    body = []
    for line in rest[front.size :]:
        # The byline may stand below the text.
        if not (_is_byline_with_contact(line, known) and take_byline(reading, line)):
            body.append(line)
    read_body(reading, body)
    reading.page = page
    return reading


def _is_byline_with_contact(line: Line, known: Known) -> bool:
    byline = read_byline(line.text, known)
    if byline is None:
        return False
    return line.text.startswith("-") or byline.printed_end < len(line.text)


def _pull_quotes(lines: Sequence[Line]) -> dict[int, str]:
    """Return the numbers of the lines of pull quotes, with their rules.

    A pull quote has below it a name in capitals, and below that perhaps a title; where a paragraph
    follows the name, only words that stand in the text again tell it from a heading in capitals.
    """
    found: dict[int, str] = {}
    tried = 0
    for number in range(1, len(lines)):
        text, above = lines[number].text, lines[number - 1].text
        if not _is_name(text) or number - 1 in found or not _is_quotation(above):
            continue
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        tried += 1
        titled = bool(following) and is_short(following, 12) and not in_capitals(following)
        if (titled and number >= 2) or (tried < _TRIED and _is_repeated(lines, number - 1)):
            found[number - 1], found[number] = "pull_quote", "pull_quote_name"
            if titled:
                found[number + 1] = "pull_quote_title"
    return found


def _is_name(text: str) -> bool:
    words = text.split() if len(text) <= 60 else []
    return (
        2 <= len(words) <= 5
        and in_capitals(text)
        and all(c.isalpha() or c in " .'’-" for c in text)
        and text[-1] != "."
    )


def _is_quotation(text: str) -> bool:
    return is_paragraph(text) and len(text) <= 600


def _is_repeated(lines: Sequence[Line], number: int) -> bool:
    opening = " ".join(lines[number].text.strip("\"'“”‘’").split()[:_REPEATED_WORDS])
    return len(opening.split()) == _REPEATED_WORDS and any(
        opening in line.text for other, line in enumerate(lines) if other != number
    )


def _furniture(lines: Sequence[Line]) -> set[int]:
    """Return the numbers of the last lines that are neither text nor captions."""
    found: set[int] = set()
    for number in range(len(lines) - 1, max(len(lines) - 1 - _TAIL, 2), -1):
        text = lines[number].text
        if not is_short(text, 7) or is_contact(text):
            break
        found.add(number)
    # Longer entries of the same list stand above the short ones.
    if found:
        number = min(found) - 1
        first = next((n for n, line in enumerate(lines) if is_paragraph(line.text)), len(lines))
        links = listed(lines[first:])
        while number - first in links and read_caption(lines[number].text) is None:
            found.add(number)
            number -= 1
    return found
