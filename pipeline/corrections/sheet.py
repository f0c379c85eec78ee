"""Read corrections.csv: every row of it comes out, as a correction or with what is wrong with it."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.ingest.decode import Undecodable, decode
from schemas.corrections import WHATS
from schemas.quotes import ILLOCUTIONS, QUOTE_TYPES
from schemas.table import SHA256

NAME = "corrections.csv"
COLUMNS = (
    "raw_sha256",
    "char_start",
    "char_end",
    "what",
    "old_value",
    "new_value",
    "coder",
    "reason",
    "date",
)
# The row beyond these is the last that is listed.
MOST_ROWS = 100_000
LONGEST_CELL = 4_000
# No raw file is longer, and the tables have no larger numbers.
_LARGEST = 2**31 - 1
# So much of a cell that cannot be used is shown in the message.
_SHOWN = 60
_DIGITS = re.compile(r"[0-9]{1,10}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HASH = re.compile(SHA256.removesuffix("$"))

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Correction:
    """A row of corrections.csv that can be read.

    `correction_id` is a hash of all its cells: the same whatever line it stands on. `char_start`, `char_end`
    are offsets in code points of the raw file; both are None only where the date of an article is corrected.
    """

    correction_id: str
    raw_sha256: str
    char_start: int | None
    char_end: int | None
    what: str
    old_value: str
    new_value: str

    @property
    def span(self) -> Span:
        """Return the offsets of the quote; (0, 0) when none are given."""
        return self.char_start or 0, self.char_end or 0


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the file with its line: the cells as typed, and the correction or what is wrong."""

    line: int
    cells: Mapping[str, str]
    correction: Correction | None
    problem: str | None


@dataclass
class Sheet:
    """All rows of corrections.csv in their order, and what is wrong with the file as a whole."""

    rows: list[SheetRow] = field(default_factory=list)
    problem: str | None = None

    @property
    def corrections(self) -> list[Correction]:
        """Return every correction that can be read once, however often it stands in the file."""
        found = (row.correction for row in self.rows)
        return list({one.correction_id: one for one in found if one is not None}.values())


class Unusable(ValueError):
    """A cell that cannot be used, in words with what to do."""


def read_sheet(raw: bytes) -> Sheet:
    """Read corrections.csv. Never raises: what cannot be read is told in the sheet."""
    sheet = Sheet()
    unusable: str | None = None
    try:
        text = decode(raw).text
    except Undecodable as error:
        # The rows are listed all the same, as far as they can be told.
        text, unusable = raw.decode("utf-8", "replace"), f"the file cannot be used: {error.message}"
        sheet.problem = f"{NAME}: {error.message}"
    records = _records(list(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    _, header = next(records, (1, []))
    names = [cell.strip() for cell in header] if not isinstance(header, str) else []
    wrong_header = header if isinstance(header, str) else _wrong_header(names)
    if wrong_header and unusable is None:
        unusable = f"the header cannot be used: {wrong_header}"
        sheet.problem = f"{NAME}, line 1: {wrong_header}"
    for line, cells in records:
        if not isinstance(cells, str) and not any(cell.strip() for cell in cells):
            continue
        if len(sheet.rows) == MOST_ROWS:
            end = f"only {MOST_ROWS:,} rows are read, this and those below are not: take out old ones"
            sheet.rows.append(SheetRow(line, {}, None, end))
            break
        sheet.rows.append(_row(line, names, cells, unusable))
    return sheet


def _records(lines: list[str]) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the line on which each record starts with its cells, or with why it is no CSV.

    After a record that is none, reading goes on with the next line, so that an open quotation mark does not
    swallow the rest.
    """
    at = 0
    while at < len(lines):
        begin = at
        reader = csv.reader((lines[n] for n in range(begin, len(lines))), strict=True)
        try:
            for cells in reader:
                yield at + 1, cells
                at = begin + reader.line_num
        except csv.Error as error:
            yield at + 1, f"not readable as CSV ({error}): close and double quotation marks"
            at += 1


def _wrong_header(names: list[str]) -> str | None:
    wanted = f"the columns have to be {', '.join(COLUMNS)}, divided by commas"
    for name in names:
        if name not in COLUMNS:
            return f"unknown column {_shown(name)}: {wanted}"
        if names.count(name) > 1:
            return f"the column {name} stands twice: {wanted}"
    missing = [name for name in COLUMNS if name not in names]
    return f"the column {missing[0]} is missing: {wanted}" if missing else None


def _row(line: int, names: list[str], cells: list[str] | str, unusable: str | None) -> SheetRow:
    if isinstance(cells, str):
        return SheetRow(line, {}, None, cells)
    known: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name in COLUMNS:
            known.setdefault(name, cell.strip())
    typed = {name: cell[:LONGEST_CELL] for name, cell in known.items()}
    try:
        if unusable:
            raise Unusable(unusable)
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            raise Unusable(f"{len(cells)} cells for {len(names)} columns: quote a text that holds a comma")
        for name, cell in known.items():
            if len(cell) > LONGEST_CELL:
                raise Unusable(f"{name} has {len(cell):,} characters: {LONGEST_CELL:,} are allowed")
        full = dict.fromkeys(COLUMNS, "") | known
        return SheetRow(line, typed, _correction(full), None)
    except Unusable as error:
        return SheetRow(line, typed, None, str(error))


def _correction(cells: Mapping[str, str]) -> Correction:
    raw_sha256 = hash_of(cells["raw_sha256"])
    if raw_sha256 is None:
        raise Unusable(
            f"raw_sha256 is {_shown(cells['raw_sha256'])}: it has to be 64 digits and small letters a to f, "
            "as in the sources table"
        )
    what = cells["what"]
    if what not in WHATS:
        raise Unusable(f"what is {_shown(what)}: it has to be one of {', '.join(WHATS)}")
    start, end = _offsets(cells["char_start"], cells["char_end"], may_miss=what == "article_date")
    if cells["date"] and day_of(cells["date"]) is None:
        raise Unusable(f"date is {_shown(cells['date'])}: a date is written YYYY-MM-DD")
    for name in ("old_value", "new_value"):
        _check_value(what, name, cells[name])
    content = json.dumps([cells[name] for name in COLUMNS], ensure_ascii=True)
    return Correction(
        hashlib.sha256(content.encode()).hexdigest()[:24],
        raw_sha256,
        start,
        end,
        what,
        cells["old_value"],
        cells["new_value"],
    )


def _offsets(start: str, end: str, *, may_miss: bool) -> tuple[int | None, int | None]:
    if may_miss and not start and not end:
        return None, None
    for name, cell in (("char_start", start), ("char_end", end)):
        if number_of(cell) is None:
            raise Unusable(f"{name} is {_shown(cell)}: it has to be a number of characters from 0")
    if int(start) >= int(end):
        raise Unusable(f"char_start is {start}, char_end is {end}: the quote has to have a character")
    return int(start), int(end)


def _check_value(what: str, name: str, cell: str) -> None:
    """Check what can be checked without the article. Raises Unusable."""
    is_new = name == "new_value"
    if what == "type" and cell not in QUOTE_TYPES:
        raise Unusable(f"{name} is {_shown(cell)}: it has to be one of {', '.join(QUOTE_TYPES)}")
    if what == "illocution" and cell not in (ILLOCUTIONS if is_new else ("", *ILLOCUTIONS)):
        raise Unusable(f"{name} is {_shown(cell)}: it has to be one of {', '.join(ILLOCUTIONS)}")
    if what == "boundary" and (is_new or cell):
        read_spans(cell, name)
    if what == "cue" and is_new and cell:
        read_spans(cell, name)
    if what == "not_a_quote" and is_new and cell:
        raise Unusable(f"new_value is {_shown(cell)}: leave it empty, the quote is taken out")
    if what == "new_quote" and not is_new and cell:
        raise Unusable(f"old_value is {_shown(cell)}: leave it empty, there is no quote yet")
    if what == "new_quote" and is_new:
        read_new_quote(cell)
    if what == "article_date" and (is_new or cell) and day_of(cell) is None:
        raise Unusable(f"{name} is {_shown(cell)}: a date is written YYYY-MM-DD")


@dataclass(frozen=True, slots=True)
class NewQuote:
    """What new_value says of a missed quote; what is not said is empty."""

    speaker: str
    quote_type: str
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


def read_new_quote(cell: str) -> NewQuote:
    """Read *speaker | type | cue | content*; all but the speaker may be left out. Raises Unusable."""
    parts = [part.strip() for part in cell.split("|")]
    if len(parts) > 4:
        raise Unusable(
            f"new_value is {_shown(cell)}: it has to be speaker | type | cue offsets | content offsets"
        )
    speaker, quote_type, cue, content = [*parts, *([""] * (4 - len(parts)))]
    if quote_type and quote_type not in QUOTE_TYPES:
        raise Unusable(
            f"the type in new_value is {_shown(quote_type)}: it has to be one of {', '.join(QUOTE_TYPES)}"
        )
    return NewQuote(
        speaker,
        quote_type,
        read_spans(cue, "the cue in new_value") if cue else (),
        read_spans(content, "the content in new_value") if content else (),
    )


def read_spans(cell: str, name: str) -> tuple[Span, ...]:
    """Read offsets written *start-end*, several divided by *;*, in text order. Raises Unusable."""
    spans: list[Span] = []
    for part in cell.split(";"):
        start, dash, end = (one.strip() for one in part.partition("-"))
        first, last = number_of(start), number_of(end)
        if not dash or first is None or last is None or first >= last:
            raise Unusable(f"{name} is {_shown(cell)}: offsets are written 120-168 or 120-168; 180-204")
        if spans and first < spans[-1][1]:
            raise Unusable(f"{name} is {_shown(cell)}: the offsets have to be in order and may not overlap")
        spans.append((first, last))
    return tuple(spans)


def number_of(cell: str | None) -> int | None:
    """Return an offset, None when the cell is none."""
    if not cell or not _DIGITS.fullmatch(cell) or int(cell) > _LARGEST:
        return None
    return int(cell)


def day_of(cell: str | None) -> date | None:
    """Return a day written YYYY-MM-DD, None when the cell is none."""
    if not cell or not _DAY.fullmatch(cell):
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


def hash_of(cell: str | None) -> str | None:
    """Return the hash of a raw file, None when the cell is none."""
    return cell if cell and _HASH.fullmatch(cell) else None


def by_raw_file(corrections: Iterable[Correction]) -> dict[str, list[Correction]]:
    """Return the corrections of each raw file, in an order that is not that of the file."""
    found: dict[str, list[Correction]] = {}
    for one in sorted(corrections, key=lambda one: one.correction_id):
        found.setdefault(one.raw_sha256, []).append(one)
    return found


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= _SHOWN else cell[: _SHOWN - 1] + "…")
