"""The front of a page: what stands above the first paragraph, in whatever order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.ingest.body import read_body, take_any_caption, take_page_mark
from pipeline.ingest.bylines import is_contact, is_person, read_affiliation, read_byline, read_unmarked_byline
from pipeline.ingest.credits import picture_credit
from pipeline.ingest.datelines import read_caption, read_dateline
from pipeline.ingest.dates import is_date_label, read_date_line, read_time_line
from pipeline.ingest.header_fields import read_pairs, take_value
from pipeline.ingest.known import Known, outlet_named, outlet_of_page_mark
from pipeline.ingest.page import Line, Page, Piece, ends_sentence, has_at_most, in_capitals, is_paragraph
from pipeline.ingest.reading import (
    Reading,
    StatedOutlet,
    add,
    notice,
    take_byline,
    take_date_line,
    take_deck,
    take_headline,
    take_time_line,
)

# So many lines may stand above the text.
_FRONT_LINES = 14
# What settles that lines above are a front; a paragraph may then still follow as the deck.
_ANCHORS = frozenset({"date", "time", "byline", "contact", "segments"})
# Between bars, before a date with a label, and behind an outlet in brackets: "(Wire) 08:12, May 6, 2024".
_SEGMENTS = re.compile(
    r"\s*[|·•]\s*|\s+(?=(?:Published|Posted|Updated|Last updated)\s?(?::|on\b|at\b))|(?<=\))\s+(?=\d)",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    {
        "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Front:
    """The kinds of the lines above the text, and how many there are. `words`: a title, deck or label."""

    kinds: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of lines above the text."""
        return len(self.kinds)

    def count(self, kind: str) -> int:
        """Return how many lines are of a kind."""
        return self.kinds.count(kind)


def survey_front(page: Page, known: Known) -> Front:
    """Tell of each line above the first paragraph what it is."""
    kinds: list[str] = []
    lines = page.lines[: _FRONT_LINES + 2]
    for number, line in enumerate(lines[:_FRONT_LINES]):
        kind = _kind(line, known)
        if kind == "words" and "words" in kinds and read_unmarked_byline(line.text, known):
            kind = "byline"
        if kind == "dateline":
            break
        if kind == "words" and _opens_body(lines, number, kinds, known):
            break
        # Right below the byline an outlet is whom the author works for, unless the title is still to come.
        below_byline = "words" in kinds and kinds[-1:] == ["byline"]
        if kind in ("words", "masthead") and below_byline and read_affiliation(line.text, known):
            kind = "affiliation"
        kinds.append(kind)
    # Captions right above the first paragraph belong to the body, wherever no front line follows.
    while kinds and kinds[-1] == "caption":
        kinds.pop()
    if len(kinds) == len(page.lines) and kinds and kinds[-1] == "words" and _ANCHORS.intersection(kinds):
        kinds.pop()
    return Front(tuple(kinds))


def read_front(reading: Reading, front: Front, *, basis: str, masthead: bool = False) -> None:
    """Give every line of the front its type.

    `basis` is what a headline found here is based on; with `masthead`, a first line that looks like the
    name of a newspaper is taken for one.
    """
    lines = reading.page.lines[: front.size]
    words = [number for number, kind in enumerate(front.kinds) if kind == "words"]
    last_before = max((n for n, kind in enumerate(front.kinds) if kind in _ANCHORS), default=len(lines))
    if masthead and "masthead" not in front.kinds and _has_masthead(lines, words):
        line = lines[words.pop(0)]
        add(reading, line, "header_field", "masthead")
        reading.names_unknown_outlet = True
        notice(reading, "outlet_not_in_authority", f"line {line.number}: {line.text!r} is not in outlets.csv")
    labels = [number for number in words if _is_section_label(lines[number])]
    for number in labels if len(labels) < len(words) else []:
        # Labels in capitals above a title that is not; below it they name an office, not a section.
        above = number < min(set(words) - set(labels))
        add(reading, lines[number], "header_field", "section_line" if above else "front_line")
        if above:
            reading.sections.append(lines[number].text)
        words.remove(number)
    for number, (line, kind) in enumerate(zip(lines, front.kinds, strict=True)):
        if number in words:
            if reading.headline is None:
                take_headline(reading, line, basis, "title_line")
            elif number < last_before or not _is_place_line(line):
                take_deck(reading, line)
            else:
                add(reading, line, "header_field", "place_line")
        else:
            _take(reading, line, kind)


def read_title_front(reading: Reading, *, basis: str) -> None:
    """Read a page that consists of a front and a body."""
    front = survey_front(reading.page, reading.known)
    read_front(reading, front, basis=basis)
    read_body(reading, reading.page.lines[front.size :])


def _kind(line: Line, known: Known) -> str:
    text = line.text
    if len(text) > 600:
        return "dateline" if read_dateline(text) else "words"
    if not any(c.isalnum() for c in text):
        return "mark"
    if outlet_named(known, text):
        return "masthead"
    if outlet_of_page_mark(known, text):
        return "page_mark"
    if read_date_line(text):
        return "date"
    if read_time_line(text):
        return "time"
    if is_date_label(text):
        return "date_label"
    if (read_caption(text) or picture_credit(known, text)) and not read_dateline(text):
        return "caption"
    if read_byline(text, known):
        return "byline"
    if is_contact(text):
        return "contact"
    if read_dateline(text):
        return "dateline"
    if _segments(line, known):
        return "segments"
    pairs = read_pairs(line, known)
    if pairs and all(pair.field not in (None, "body") for pair in pairs) and has_at_most(text, 40):
        return "label"
    return "words"


def _opens_body(lines: Sequence[Line], number: int, kinds: Sequence[str], known: Known) -> bool:
    """Tell whether a line of words is the first of the text.

    A sentence may be a title or a deck when a date or a byline stands right below it.
    """
    text = lines[number].text
    anchored = bool(_ANCHORS.intersection(kinds))
    titled = "words" in kinds
    if kinds.count("words") >= 4:
        return True
    if anchored and titled and (ends_sentence(text) or text[-1] == ":"):
        return True
    if ":" in text[:40] and anchored:
        return True
    if not is_paragraph(text):
        return anchored and titled and lines[number].text[0].islower()
    if (anchored and titled) or not has_at_most(text, 60) or kinds.count("words") >= 2:
        return True
    below = lines[number + 1 : number + 3]
    if below and is_paragraph(below[0].text):
        below = below[:1]
    return not any(_kind(line, known) in _ANCHORS for line in below)


def _take(reading: Reading, line: Line, kind: str) -> None:
    taken = False
    if kind == "masthead":
        outlet_id = outlet_named(reading.known, line.text)
        if outlet_id:
            reading.outlets.append(StatedOutlet(outlet_id, "header"))
        add(reading, line, "header_field", "masthead")
        taken = True
    elif kind == "page_mark":
        taken = take_page_mark(reading, line)
    elif kind == "date":
        taken = take_date_line(reading, line, "header", "header_field", "date_line")
    elif kind == "time":
        taken = take_time_line(reading, line)
    elif kind == "caption":
        taken = take_any_caption(reading, line)
    elif kind in ("byline", "contact"):
        taken = take_byline(reading, line)
    elif kind == "affiliation":
        taken = _take_affiliation(reading, line)
    elif kind == "segments":
        taken = _take_segments(reading, line)
    elif kind == "label":
        taken = take_labels(reading, line)
    if not taken:
        add(reading, line, "header_field", "front_line")


def _take_affiliation(reading: Reading, line: Line) -> bool:
    found = read_affiliation(line.text, reading.known)
    if found is None:
        return False
    outlet_id, place = found
    add(reading, line, "byline", "affiliation")
    reading.outlets.append(StatedOutlet(outlet_id, "byline"))
    if place and len(reading.authors) == 1 and reading.authors[0].place is None:
        reading.authors[0] = replace(reading.authors[0], place=place)
    return True


def take_labels(reading: Reading, line: Line) -> bool:
    """Read a line of known labels and values that stands outside a labelled header."""
    for pair in read_pairs(line, reading.known):
        if pair.field == "title" and reading.headline is None and pair.value:
            reading.pieces.append(Piece("header_field", pair.start, pair.value_start, "field_title"))
            reading.pieces.append(Piece("headline", pair.value_start, pair.end, "field_title"))
            reading.headline, reading.headline_basis = pair.value, "header"
            continue
        reading.pieces.append(Piece("header_field", pair.start, pair.end, f"field_{pair.field}"))
        if pair.field == "author" and is_person(pair.value):
            byline = read_byline(f"By {pair.value}", reading.known)
            if byline:
                reading.authors += byline.authors
                reading.byline = reading.byline or line.text
        else:
            take_value(reading, pair)
    return True


def _segments(line: Line, known: Known) -> list[Line]:
    """Divide a line at its bars into parts that are each a date, a label, a byline or an outlet."""
    if len(line.text) > 200 or not _SEGMENTS.search(line.text):
        return []
    parts: list[Line] = []
    position = 0
    for bar in [*_SEGMENTS.finditer(line.text), None]:
        end = bar.start() if bar else len(line.text)
        if line.text[position:end].strip():
            words = line.text[position:end]
            parts.append(Line(line.number, line.start + position, line.start + end, words, False))
        position = bar.end() if bar else end
    told = [
        read_date_line(part.text) or read_time_line(part.text) or outlet_named(known, part.text)
        or read_byline(part.text, known) or any(pair.field for pair in read_pairs(part, known))
        for part in parts
    ]  # fmt: skip
    return parts if len(parts) > 1 and sum(map(bool, told)) * 2 > len(parts) else []


def _take_segments(reading: Reading, line: Line) -> bool:
    for part in _segments(line, reading.known):
        outlet_id = outlet_named(reading.known, part.text)
        if outlet_id:
            add(reading, part, "header_field", "masthead")
            reading.outlets.append(StatedOutlet(outlet_id, "header"))
        elif (
            take_date_line(reading, part, "header", "header_field", "date_line")
            or take_time_line(reading, part)
            or take_byline(reading, part)
        ):
            continue
        elif any(pair.field for pair in read_pairs(part, reading.known)):
            take_labels(reading, part)
        else:
            add(reading, part, "header_field", "front_line")
    _claim_gaps(reading, line)
    return True


def _claim_gaps(reading: Reading, line: Line) -> None:
    """Make the bars between the parts of a line header fields too."""
    position = line.start
    inside = sorted((p for p in reading.pieces if line.start <= p.start < line.end), key=lambda p: p.start)
    for piece in inside:
        if position < piece.start:
            reading.pieces.append(Piece("header_field", position, piece.start, "bar"))
        position = max(position, piece.end)
    if position < line.end:
        reading.pieces.append(Piece("header_field", position, line.end, "bar"))


def _has_masthead(lines: Sequence[Line], words: Sequence[int]) -> bool:
    if len(words) < 2 or words[0] != 0:
        return False
    return _is_name_like(lines[words[0]].text) and not _is_name_like(lines[words[1]].text)


def _is_name_like(text: str) -> bool:
    words = text.split()
    return len(words) <= 6 and all(w[0].isupper() or w.casefold() in _SMALL_WORDS for w in words)


def _is_section_label(line: Line) -> bool:
    return in_capitals(line.text) and has_at_most(line.text, 4)


def _is_place_line(line: Line) -> bool:
    words = line.text.replace(",", " ").split()
    return len(words) <= 6 and all(w[0].isupper() or w.casefold() in _SMALL_WORDS for w in words)
