"""A header of lines `Label: value`, in any order, and a body that a label of its own may open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.ingest.body import read_body
from pipeline.ingest.bylines import (
    Author,
    email_domains,
    outlet_in_description,
    read_names,
    read_title,
    without_addresses,
)
from pipeline.ingest.header_fields import Pair, read_pairs, take_value
from pipeline.ingest.known import Known
from pipeline.ingest.page import Line, Page, Piece, has_at_most, is_paragraph, is_short
from pipeline.ingest.reading import (
    Reading,
    StatedOutlet,
    add,
    note_addresses,
    notice,
    take_headline,
)

NAME = "labelled_fields"
_HEADER_LINES = 60
_REPEATABLE = frozenset({"section", "author", "author_title", "author_place", "author_description",
                         "author_email", "translator", "other", None})  # fmt: skip
# Their values may run on over lines of their own.
_LONG = frozenset({"deck", "author_description", "other", None})
_OF_AUTHORS = frozenset({"author_title", "author_place", "author_description", "author_email"})


@dataclass(frozen=True, slots=True)
class _Header:
    """The lines of the header, the pairs on each (none: a value that goes on), and where the body starts."""

    pairs: tuple[tuple[Pair, ...], ...]
    has_opener: bool

    @property
    def size(self) -> int:
        return len(self.pairs)

    def fields(self) -> set[str]:
        fields = {pair.field for pairs in self.pairs for pair in pairs}
        return {field for field in fields if field is not None} - {"other", "body"}


def recognise(page: Page, known: Known) -> float:
    """Return more evidence the more known labels the header has, and when a label opens the body."""
    header = _survey(page, known)
    fields = header.fields()
    if not fields:
        return 0.5 if header.has_opener else 0.0
    if len(fields) == 1:
        return 0.55 + 0.15 * ("title" in fields) + 0.3 * header.has_opener
    return min(0.82 + 0.03 * len(fields) + 0.05 * header.has_opener, 1.0)


def read(page: Page, known: Known) -> Reading:
    """Read the header, fields that stand below the body, and the body."""
    reading = Reading(page, known)
    header = _survey(page, known)
    body = list(page.lines[header.size :])
    pairs = _read_header(reading, page.lines[: header.size], header)
    if header.has_opener:
        opener = header.pairs[-1][-1]
        if opener.value:
            line = page.lines[header.size - 1]
            text = line.text[opener.value_start - line.start :]
            body.insert(0, Line(line.number, opener.value_start, line.end, text, line.after_blank))
    pairs += _take_trailing(reading, body)
    _take_fields(reading, pairs)
    read_body(reading, body)
    return reading


def _survey(page: Page, known: Known) -> _Header:
    lines = page.lines[:_HEADER_LINES]
    read = [tuple(read_pairs(line, known)) for line in lines]
    opener = next((n for n, pairs in enumerate(read) if pairs and pairs[-1].field == "body"), None)
    if opener is not None:
        labelled = sum(map(bool, read[:opener]))
        # Below a few lines without labels, *Text:* is a word of the text.
        if opener - labelled <= max(labelled, 1) and not _holds_text(lines[:opener], read):
            return _Header(tuple(read[: opener + 1]), True)
    size = _size_without_opener(lines, read)
    return _Header(tuple(read[:size]), False)


def _holds_text(lines: Sequence[Line], read: Sequence[tuple[Pair, ...]]) -> bool:
    """Tell whether a paragraph stands among the lines of a header that no value of free text explains."""
    field: str | None = None
    for line, pairs in zip(lines, read, strict=False):
        if pairs:
            field = pairs[-1].field
        elif field not in _LONG and is_paragraph(line.text) and not is_short(line.text, 30):
            return True
    return False


def _size_without_opener(lines: Sequence[Line], read: Sequence[tuple[Pair, ...]]) -> int:
    """Return how many lines belong to a header that nothing closes: up to the last known label."""
    size = 0
    value_follows = False
    for number, (line, pairs) in enumerate(zip(lines, read, strict=True)):
        if pairs:
            if any(pair.field for pair in pairs):
                size = number + 1
            elif size and number == size and not line.after_blank and _is_small(pairs):
                # A label that nobody knows, right below known ones, is still a label.
                size = number + 1
            value_follows = not pairs[-1].value and pairs[-1].field is not None
        elif value_follows:
            size = number + 1
            value_follows = False
        elif number > 0 or not is_short(line.text, 30):
            break
    return size


def _is_small(pairs: Sequence[Pair]) -> bool:
    return all(
        has_at_most(pair.value, 12) and not pair.value.endswith((".", "?", "!", '"', "”")) for pair in pairs
    )


def _read_header(reading: Reading, lines: Sequence[Line], header: _Header) -> list[Pair]:
    """Make the blocks of the header, and return its pairs with values that go on joined."""
    found: list[Pair] = []
    for line, pairs in zip(lines, header.pairs, strict=True):
        if pairs:
            for pair in pairs:
                _add_pair(reading, pair)
                found.append(pair)
        elif not found:
            if reading.headline is None:
                take_headline(reading, line, "first_line", "title_line")
            else:
                add(reading, line, "header_field", "header_line")
        else:
            last = found[-1]
            block_type = {"title": "headline", "deck": "deck"}.get(last.field or "", "header_field")
            add(reading, line, block_type, "value_goes_on")
            found[-1] = replace(last, value=f"{last.value} {line.text}".strip())
    return found


def _add_pair(reading: Reading, pair: Pair) -> None:
    rule = f"field_{pair.field}" if pair.field else "unknown_field"
    if pair.field in ("title", "deck") and pair.value:
        block_type = "headline" if pair.field == "title" else "deck"
        if any(piece.block_type == block_type for piece in reading.pieces):
            # Doubled: the first is the headline.
            block_type = "header_field"
        reading.pieces.append(Piece("header_field", pair.start, pair.value_start, rule))
        reading.pieces.append(Piece(block_type, pair.value_start, pair.value_start + len(pair.value), rule))
        reading.pieces.append(Piece("header_field", pair.value_start + len(pair.value), pair.end, rule))
    elif pair.field == "body":
        reading.pieces.append(Piece("header_field", pair.start, pair.value_start, rule))
    else:
        reading.pieces.append(Piece("header_field", pair.start, pair.end, rule))


def _take_trailing(reading: Reading, body: list[Line]) -> list[Pair]:
    """Take fields off the end of the body, where some pages put them; `body` becomes shorter."""
    found: list[Pair] = []
    while len(body) > 1 and len(found) < _HEADER_LINES:
        pairs = read_pairs(body[-1], reading.known)
        fields = {pair.field for pair in pairs}
        if not pairs or fields & {None, "body"} or not has_at_most(body[-1].text, 60):
            break
        for pair in pairs:
            _add_pair(reading, pair)
        found = pairs + found
        body.pop()
    return found


def _take_fields(reading: Reading, pairs: Sequence[Pair]) -> None:
    seen: dict[str, Pair] = {}
    for pair in sorted(pairs, key=lambda p: (p.field == "section" and p.number) or 0):
        field = pair.field
        if field is None:
            notice(
                reading,
                "unknown_header_field",
                f"line {pair.line}: label {pair.label!r} is not in header_fields.csv",
            )
        elif field not in _REPEATABLE and field in seen:
            message = f"line {pair.line}: {pair.label!r} stands on line {seen[field].line} too"
            same = pair.value == seen[field].value
            notice(reading, "doubled_header_field", message + ("" if same else "; the first is taken"))
            continue
        elif field == "title" and pair.value:
            reading.headline, reading.headline_basis = pair.value, "header"
        elif field == "deck" and pair.value:
            reading.deck = pair.value
        else:
            take_value(reading, pair)
        if field is not None and pair.value:
            seen[field] = pair
    _take_authors(reading, [p for p in pairs if p.field == "author" or p.field in _OF_AUTHORS])


def _take_authors(reading: Reading, pairs: Sequence[Pair]) -> None:
    """Join names with what is said of them: by number, else to the nearest name above, else below."""
    groups: list[list[Author]] = []
    numbers: list[int | None] = []
    places: list[int] = []
    printed: list[str] = []
    for place, pair in enumerate(pairs):
        if pair.field != "author" or not pair.value:
            continue
        authors, outlet_id, unread = read_names(without_addresses(pair.value), reading.known)
        if outlet_id:
            reading.outlets.append(StatedOutlet(outlet_id, "byline"))
        if unread:
            notice(reading, "unread_byline", f"line {pair.line}: {unread!r} in {pair.label!r} was not read")
        note_addresses(reading, pair.value)
        printed.append(without_addresses(pair.value))
        if email_domains(pair.value):
            authors = tuple(replace(author, has_email=True) for author in authors)
        groups.append(list(authors))
        numbers.append(pair.number)
        places.append(place)
    for place, pair in enumerate(pairs):
        if pair.field in _OF_AUTHORS and pair.value:
            group = _group_of(pair, place, groups, numbers, places)
            if group is None:
                notice(
                    reading, "unread_author_field", f"line {pair.line}: {pair.label!r} belongs to no author"
                )
            else:
                group[:] = [_with(author, pair) for author in group]
            note_addresses(reading, pair.value)
        if pair.field == "author_description":
            outlet_id = outlet_in_description(pair.value, reading.known)
            if outlet_id:
                reading.outlets.append(StatedOutlet(outlet_id, "author_description"))
    names: set[str] = set()
    for author in (author for group in groups for author in group):
        if author.name not in names:
            reading.authors.append(author)
            names.add(author.name)
    if printed:
        reading.byline = "; ".join(dict.fromkeys(printed))


def _group_of(
    pair: Pair, place: int, groups: list[list[Author]], numbers: Sequence[int | None], places: Sequence[int]
) -> list[Author] | None:
    if pair.number is not None and pair.number in numbers:
        return groups[numbers.index(pair.number)]
    above = [n for n, other in enumerate(places) if other < place]
    below = [n for n, other in enumerate(places) if other > place]
    for number in [*above[-1:], *below[:1]]:
        if not any(_has(author, pair) for author in groups[number]):
            return groups[number]
    return None


def _has(author: Author, pair: Pair) -> bool:
    return {
        "author_title": author.title is not None,
        "author_place": author.place is not None,
        "author_description": author.description is not None,
    }.get(pair.field or "", author.has_email)


def _with(author: Author, pair: Pair) -> Author:
    value = without_addresses(pair.value)
    if pair.field == "author_title":
        title, place = read_title(value)
        return replace(author, title=title, place=author.place or place)
    if pair.field == "author_place":
        return replace(author, place=value)
    if pair.field == "author_description":
        return replace(
            author, description=value, has_email=author.has_email or bool(email_domains(pair.value))
        )
    return replace(author, has_email=bool(email_domains(pair.value)))
