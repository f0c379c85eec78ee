"""Conventions of news agencies: datelines, photo credits, end marks."""

import re
from dataclasses import dataclass

from pipeline.ingest.bylines import initial_capitals
from pipeline.ingest.dates import FoundDate, find_dates
from pipeline.ingest.page import has_at_most, in_capitals

_HEAD = 160
_TAIL = 160
_AGENCY = r"[(/](?P<agency>[^()/\n]{2,40})[)/]"
_DASH = r"(?:--+|—+|–|―|-)"
# Everything before the first of these may be a dateline.
_SEPARATOR = re.compile(rf"\s*(?:{_AGENCY}\s*(?P<dash>{_DASH}|:)?|(?P<bare>\s{_DASH}(?:\s|$)|—|--))\s*")
_PLACE = re.compile(
    r"[^\W\d_][\w.'’\- /]{0,40}(?:,\s*[^\W\d_][\w.'’\- ]{0,30}){0,2}(?:\s*\[[^\[\]]{2,30}\])?"
)
# Words that desks put before a dash, in capitals like a place.
_DESK_WORDS = frozenset(
    {
        "analysis", "breaking", "correction", "corrected", "editorial", "exclusive", "explainer", "factbox",
        "feature", "file", "interview", "live", "opinion", "photo", "poll", "preview", "profile", "roundup",
        "scoop", "update", "updated", "urgent", "video", "watch",
    }
)  # fmt: skip
_CREDIT = re.compile(
    r"[(\[](?P<credit>(?:(?:AP |File )?Photos?(?: by| courtesy of)?[:/ ]\s{0,2})?"
    r"[^()\[\]/]{2,60}/[^()\[\]/]{2,60}"
    r"|(?:File )?Photos?(?: by| courtesy of)?[: ][^()\[\]]{2,80}|[^()\[\]/]{2,60}\s+via\s+[^()\[\]/]{2,40})"
    r"[)\]]\.?$",
    re.IGNORECASE,
)
_CAPTION_LABEL = re.compile(
    r"^(?:(?:FILE )?PHOTO|File photo|Photo|Image|Picture|Caption)\s{0,2}[:—-]\s", re.I
)
_LOST_MARKS = re.compile(r"^\?\?\s*(?P<credit>[^?]{2,80}?)\s*\?\?\s*(?P<words>\S?)")
_END_MARK_WORDS = r"Enditem|\(END\)|\(ENDS\)|\[END\]|/END/|END/?ITEM|#{3,5}|[-–—]\s?30\s?[-–—]|\*{3,5}|■"
_END_MARK = re.compile(rf"(?:{_END_MARK_WORDS}|ENDS?|End)\.?", re.IGNORECASE)
_END_OF_LINE = re.compile(rf"(?<=[.!?\"”'’)\s])\s*(?P<mark>{_END_MARK_WORDS})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening of an agency text: place, day, agency. `end` is the length of it in its line."""

    end: int
    place: str
    date: FoundDate | None
    agency: str | None


@dataclass(frozen=True, slots=True)
class Caption:
    """The line under a picture, and who is credited for the picture."""

    credits: tuple[str, ...]


def read_dateline(text: str) -> Dateline | None:
    """Read the dateline at the start of a line: *PLACE, Mon. D (Agency) --* and its variants.

    Without an agency and without a date, the place has to be in capitals and a dash has to follow.
    """
    head = text[:_HEAD]
    for separator in _SEPARATOR.finditer(head):
        before = head[: separator.start()].rstrip(" ,")
        found = _read_place(before)
        agency = _clean(separator["agency"])
        if found is None:
            return None
        place, stated = found
        if separator.end() >= len(text):
            # A dateline on a line of its own ends in a dash.
            return _on_own_line(place, stated, agency, separator)
        if agency is not None:
            if not _is_agency(agency, separator.group()) or not (
                stated or separator["dash"] or in_capitals(place)
            ):
                return None
            end = separator.end()
            # "/AGENCY/." closes with a full stop and no dash.
            if separator["dash"] is None:
                end += len(head[end:]) - len(head[end:].lstrip(". "))
        else:
            if not stated and not _is_capital_place(place):
                return None
            if has_at_most(text, 7):
                return None
            end = separator.end()
            if not stated and text[end : end + 1].islower():
                # "ACRONYM — long divided — said": the sentence goes on behind the dash.
                return None
        return Dateline(end, _in_small_letters(place), stated, agency)
    return None


def _in_small_letters(place: str) -> str:
    """Write a place printed in capitals with initial capitals; a short state after it stays: *D.C.*."""
    first, *rest = " ".join(place.split()).split(",")
    return ",".join(
        [initial_capitals(first), *(p if len(p.strip()) <= 4 else initial_capitals(p) for p in rest)]
    )


def _on_own_line(
    place: str, stated: FoundDate | None, agency: str | None, separator: re.Match[str]
) -> Dateline | None:
    if (separator["dash"] or separator["bare"]) and (agency or stated or _is_capital_place(place)):
        return Dateline(separator.end(), _in_small_letters(place), stated, agency)
    return None


def read_caption(text: str) -> Caption | None:
    """Read a line that ends in a picture's credit, or opens with one between lost quotation marks."""
    lost = _LOST_MARKS.match(text[:_TAIL])
    if lost:
        return Caption(_credits(lost["credit"]))
    if text[-1] in ")].":
        credit = _CREDIT.search(text[-_TAIL:])
        if credit and _is_credit(credit["credit"]):
            return Caption(_credits(credit["credit"]))
    if _CAPTION_LABEL.match(text[:40]) and has_at_most(text, 80):
        return Caption(())
    return None


def caption_words(text: str) -> str | None:
    """Return what a caption with lost quotation marks reads like where it is repeated without them."""
    if not _LOST_MARKS.match(text[:_TAIL]):
        return None
    return " ".join(text.replace("??", " ").split())


def is_end_mark(text: str) -> bool:
    """Tell whether a line is a mark that the text is over: *(END)*, *###*, *-30-*."""
    return len(text) <= 12 and _END_MARK.fullmatch(text) is not None


def end_mark_in(text: str) -> int | None:
    """Return where the end mark on a paragraph's own last line starts, counted from the paragraph's start."""
    tail = text[-24:]
    match = _END_OF_LINE.search(tail)
    if match is None:
        return None
    start = len(text) - len(tail) + match.start("mark")
    return start if text[:start].strip() else None


def _read_place(before: str) -> tuple[str, FoundDate | None] | None:
    """Divide place from date; None when the words are neither."""
    stated: FoundDate | None = None
    dates = list(find_dates(before))
    if len(dates) > 1:
        return None
    if dates:
        stated = dates[0]
        if before[stated.end :].strip(" ,.()"):
            return None
        before = before[: stated.start]
    place = before.strip(" ,(")
    if not re.search(r"\.\w{1,2}\.$", place):
        # The full stop of an abbreviation stays: "N.D."
        place = place.rstrip(" ,.")
    if not place or _PLACE.fullmatch(place) is None:
        return None
    words = [word for word in place.replace("/", " ").replace(",", " ").split() if word[0].isalpha()]
    if len(words) > 6 or not words or not words[0][0].isupper():
        return None
    if any(word.casefold() in _DESK_WORDS for word in words):
        return None
    lower = [word for word in words if word[0].islower()]
    if len(lower) > 1 or any(len(word) > 3 for word in lower):
        return None
    return place, stated


def _is_capital_place(place: str) -> bool:
    """Tell whether a place is printed in capitals, as agencies do; a state after it may be short: *Ont.*"""
    return in_capitals(place.split(",")[0].strip())


def _is_agency(agency: str, separator: str) -> bool:
    slashes = separator.strip().startswith("/")
    return (
        agency[0].isupper()
        and len(agency.split()) <= 4
        and not (slashes and not agency.replace(" ", "").isalpha())
    )


def _clean(agency: str | None) -> str | None:
    return agency.strip() if agency and agency.strip() else None


def _is_credit(credit: str) -> bool:
    parts = [part.strip() for part in credit.split("/")]
    # "(he/she)" is no credit: the parts of one are names.
    return all(part[:1].isupper() and len(part.split()) <= 7 for part in parts) and not any(
        map(str.isdigit, credit)
    )


def _credits(credit: str) -> tuple[str, ...]:
    """Return the parts of a credit that may name an agency."""
    words = re.sub(r"^(?:file )?photos?(?: by| courtesy of)?[:/ ]\s*", "", credit, flags=re.IGNORECASE)
    parts = re.split(r"\s*/\s*|\s+via\s+|\s*,\s*", words)
    parts += [part[: -len(" photo")] for part in parts if part.casefold().endswith(" photo")]
    parts += [credit.split("/")[0]] if "/" in credit else []
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
