"""The body of an article: paragraphs, headings between them, captions, footers, end marks."""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.ingest.bylines import is_contact
from pipeline.ingest.credits import credit_in_line, end_credit, picture_credit
from pipeline.ingest.datelines import Caption, caption_words, is_end_mark, read_caption, read_dateline
from pipeline.ingest.dates import read_date_line
from pipeline.ingest.furniture import listed
from pipeline.ingest.header_fields import read_pairs, take_value
from pipeline.ingest.known import agency_credited, outlet_named, outlet_of_page_mark
from pipeline.ingest.page import Line, Piece, ends_sentence, has_at_most, in_capitals, is_paragraph, is_short
from pipeline.ingest.reading import (
    Reading,
    StatedOutlet,
    add,
    note_addresses,
    notice,
    take_caption,
    take_date_line,
    take_dateline,
    take_paragraph,
)

# So many lines before the end may be footers.
_FOOTER_LINES = 12
_FOOTER_FIELDS = frozenset({"section", "translator", "url", "other"})
_INPUTS = re.compile(
    r"^\(?(?:With|Includes|Based on|Contains)\s+(?:[a-z]+\s+)?"
    r"(?:inputs?|reporting|contributions?|material|information)?\s*(?:from|by)?\s*"
    r"(?P<name>[A-Z][\w.&', ]{1,60}?)(?:\s+(?:inputs?|contributions?|reports?))?\)?\.?$"
)
_CONTRIBUTED = re.compile(
    r"^\(?(?:(?P<names>[A-Z][^.]{1,80}?) (?:also )?contributed to this (?:report|article|story)"
    r"|(?:Some )?(?:of the )?(?:information|material)\b[^.]{0,60}\b(?:from|by) (?P<source>[A-Z][^.]{1,60}?))"
    r"\.?\)?$"
)
_BY = re.compile(
    r"^\(?(?:By|Source|Published by|Publisher)\s*:\s*(?P<name>\S.{0,78}?[^\s)])\)?$", re.IGNORECASE
)
_DATE_LABEL = re.compile(r"^\(?(?:Publish|Post|Issue|Release|Date|Update)", re.IGNORECASE)
_PEOPLE = re.compile(
    r"^\(?(?:(?:Additional |Web )?"
    r"(?:Report(?:ing|ed)|Writing|Written|Edit(?:ing|ed|ors?)|Translat(?:ion|ed|or))(?: by)?\b"
    r"|Editors?\s*:|Web editor\b)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"^(?:©|\(c\)\s|Copyright\b)|\ball rights reserved\b|^https?://\S+$"
    r"|^(?:Share|Tweet|Print|Read more)\b[^.]{0,40}$",
    re.IGNORECASE,
)
_TRANSLATED = re.compile(
    r"^\(?(?:Unofficial translation|Translated (?:from|by)|Translation (?:from|by))\b", re.I
)
_BULLET = re.compile(r"^(?:[-–—•*·▪●]|\d{1,2}[.)])\s")


def read_body(reading: Reading, lines: Sequence[Line]) -> None:
    """Give every line of the body a type.

    The dateline is looked for where the body opens, footers only near its end.
    """
    opening = True
    repeats = {words for words in (caption_words(line.text) for line in lines) if words}
    labels = _labels(lines)
    first_footer = _first_footer(lines)
    links = listed(lines)
    for number, line in enumerate(lines):
        if is_end_mark(line.text):
            add(reading, line, "boilerplate", "end_mark")
        elif (
            take_page_mark(reading, line)
            or (number >= first_footer and _take_date_of_other(reading, lines, number))
            or (number >= first_footer and (take_footer(reading, line) or _take_rights(reading, line)))
            or take_any_caption(reading, line, repeats)
        ):
            continue
        elif number in links and not (opening and read_dateline(line.text)):
            add(reading, line, "boilerplate", "link_list")
        elif not opening and _is_heading(lines, number, labels):
            add(reading, line, "heading", "heading_capitals" if in_capitals(line.text) else "heading")
        else:
            start = take_dateline(reading, line) if opening else line.start
            take_paragraph(reading, start, line)
            opening = opening and not is_paragraph(line.text)
    _take_end_credit(reading)


def _take_end_credit(reading: Reading) -> None:
    """Divide the mark of an agency behind the last sentence, *(Xinhua)* or *-- AFP*, from its paragraph."""
    paragraphs = [piece for piece in reading.pieces if piece.block_type == "paragraph"]
    if not paragraphs:
        return
    last = max(paragraphs, key=lambda piece: piece.start)
    found = end_credit(reading.known, reading.page.text[last.start : last.end])
    if found is not None:
        name, start = found
        middle = last.start + start
        reading.pieces.remove(last)
        reading.pieces.append(Piece("paragraph", last.start, middle, last.rule))
        reading.pieces.append(Piece("boilerplate", middle, last.end, "end_credit"))
        reading.agencies.append((name, "origin"))


def take_any_caption(reading: Reading, line: Line, repeats: set[str] | frozenset[str] = frozenset()) -> bool:
    """Read a caption, if the line is one or repeats one."""
    caption = read_caption(line.text)
    credit = picture_credit(reading.known, line.text)
    if credit is not None and not (caption and caption.credits):
        caption = Caption((credit,))
    if caption is None:
        if not repeats or len(line.text) > 1000 or " ".join(line.text.split()) not in repeats:
            return False
        add(reading, line, "caption", "caption_repeated")
        return True
    # A dateline with a credit at the end of its only paragraph is still an article.
    if read_dateline(line.text):
        return False
    take_caption(reading, line, caption)
    return True


def take_page_mark(reading: Reading, line: Line) -> bool:
    """Read a line that stands on the pages of one outlet only, if it is one."""
    outlet_id = outlet_of_page_mark(reading.known, line.text)
    if outlet_id is None:
        return False
    add(reading, line, "boilerplate", "page_mark")
    reading.republisher_id = reading.republisher_id or outlet_id
    return True


def take_footer(reading: Reading, line: Line) -> bool:
    """Read a footer that says from whom or from when the text is, if the line is one."""
    if len(line.text) > 160:
        return False
    if take_date_line(reading, line, "footer", "boilerplate", "footer_date"):
        return True
    credit = credit_in_line(reading.known, line.text)
    if credit is not None:
        role, names = credit
        add(reading, line, "boilerplate", "footer_inputs" if role == "inputs" else "footer_credit")
        reading.agencies += [(name, role) for name in names]
        return True
    if picture_credit(reading.known, line.text):
        return take_any_caption(reading, line)
    inputs = _INPUTS.match(line.text)
    if inputs and has_at_most(line.text, 9):
        add(reading, line, "boilerplate", "footer_inputs")
        for name in re.split(r"\s+and\s+|,\s*", inputs["name"]):
            reading.agencies.append((name, "inputs"))
        return True
    contributed = _CONTRIBUTED.match(line.text)
    if contributed:
        add(reading, line, "boilerplate", "footer_inputs")
        for name in re.split(r"\s+and\s+|,\s*", contributed["names"] or contributed["source"]):
            # Colleagues contribute too: only an agency counts.
            if agency_credited(reading.known, name):
                reading.agencies.append((name, "inputs"))
        return True
    by = _BY.match(line.text)
    if by and has_at_most(line.text, 12):
        add(reading, line, "boilerplate", "footer_by")
        _take_credit(reading, line, by["name"])
        return True
    pairs = read_pairs(line, reading.known)
    if pairs and not {pair.field for pair in pairs} - _FOOTER_FIELDS:
        add(reading, line, "boilerplate", "footer_field")
        for pair in pairs:
            take_value(reading, pair)
        return True
    return False


def _take_date_of_other(reading: Reading, lines: Sequence[Line], number: int) -> bool:
    """Read a bare date under a short line: the date of another article that the page points to."""
    line = lines[number]
    if number == 0 or len(line.text) > 160 or _is_text(lines[number - 1].text):
        return False
    if reading.pieces[-1].block_type not in ("paragraph", "heading") or _DATE_LABEL.match(line.text):
        return False
    if read_date_line(line.text) is None:
        return False
    add(reading, line, "boilerplate", "other_date")
    return True


def _take_credit(reading: Reading, line: Line, name: str) -> None:
    """Read a credit as an outlet. Whether an unknown name is a person's or a newspaper's cannot be told."""
    outlet_id = outlet_named(reading.known, name) or agency_credited(reading.known, name)
    if outlet_id:
        reading.outlets.append(StatedOutlet(outlet_id, "footer"))
    else:
        reading.names_unknown_outlet = True
        notice(reading, "outlet_not_in_authority", f"line {line.number}: {name!r} is not in outlets.csv")


def _take_rights(reading: Reading, line: Line) -> bool:
    if _TRANSLATED.match(line.text) and has_at_most(line.text, 20):
        reading.is_translation = True
        add(reading, line, "boilerplate", "translation")
        return True
    if is_contact(line.text):
        note_addresses(reading, line.text)
        add(reading, line, "boilerplate", "contact")
        return True
    if len(line.text) <= 400 and (
        _RIGHTS.search(line.text) or (_PEOPLE.match(line.text) and _is_credits(line.text))
    ):
        add(reading, line, "boilerplate", "footer")
        return True
    return False


def _is_credits(text: str) -> bool:
    """Tell whether a line that opens like credits holds names and no sentence."""
    joined = re.search(r";\s+(?:Additional |Writing|Edit(?:ing|ed)|Report|Translat|Compiled)", text)
    return (text[0] == "(" or ":" in text[:40] or has_at_most(text, 12) or bool(joined)) and not re.search(
        r"\b(?:said|is|was|has)\b", text
    )


def _first_footer(lines: Sequence[Line]) -> int:
    """Return the number of the first line of the tail that may hold footers.

    The tail reaches back from the end over lines that are not running text, and over captions.
    """
    first = len(lines)
    while first > 0 and len(lines) - first < _FOOTER_LINES:
        text = lines[first - 1].text
        if is_paragraph(text) and read_caption(text) is None and not _may_be_footer(text):
            break
        first -= 1
    return first


def _may_be_footer(text: str) -> bool:
    if len(text) > 400:
        return False
    patterns = (_PEOPLE, _TRANSLATED, _CONTRIBUTED, _INPUTS)
    return is_contact(text) or _RIGHTS.search(text) is not None or any(p.match(text) for p in patterns)


def _is_heading(lines: Sequence[Line], number: int, labels: Counter[str]) -> bool:
    """Tell whether a line is a heading: short, no sentence, no speaker's label, with text around it."""
    text = lines[number].text
    if not is_short(text, 14 if in_capitals(text) else 10) or _BULLET.match(text) or text[0] in "([":
        return False
    if next((c for c in text if c.isalnum()), "").islower():
        return False
    if _label(text) and max(labels.values()) > 1:
        # Where labels come back, people speak, and one who speaks once has a label too.
        return False
    following = next((n for n in range(number + 1, len(lines)) if read_caption(lines[n].text) is None), None)
    if following is None or not _is_text(lines[following].text):
        return False
    return in_capitals(text) or _is_text(lines[number - 1].text)


def _is_text(text: str) -> bool:
    return is_paragraph(text) or ends_sentence(text)


def _label(text: str) -> str:
    """Return what stands before a colon at the opening of a line: a speaker's label when it comes back."""
    label, colon, _ = text[:60].partition(":")
    return label if colon else ""


def _labels(lines: Sequence[Line]) -> Counter[str]:
    labels = Counter(_label(line.text) for line in lines)
    labels[""] = 0
    return labels
