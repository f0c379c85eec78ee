"""The sheet that a coder fills in: its columns, how it is written, and how it is read back."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit.cells import guarded, restored, whole_number
from pipeline.faults import Fault

# What is shown to the coder, what the coder fills in, and how the row was drawn.
SHOWN = (
    "row_id",
    "kind",
    "outlet",
    "date",
    "headline",
    "context_before",
    "text",
    "context_after",
    "found_quotes",
    "cue",
    "source_mention",
    "speaker",
    "quote_type",
    "topics",
    "illocution",
)
JUDGED = ("boundary", "speaker", "type", "topics", "illocution")
ANSWERS = (
    "is_quote",
    *(f"{what}_right" if half else f"right_{what}" for what in JUDGED for half in (True, False)),
    "missed_quotes",
    "found_wrong",
    "comment",
    "coder",
)
DRAWN = (
    "raw_sha256",
    "char_start",
    "char_end",
    "found",
    "speaker_group",
    "stratum",
    "stratum_rows",
    "stratum_drawn",
    "probability",
    "weight",
    "seed",
)
COLUMNS = (*SHOWN, *ANSWERS, *DRAWN)
# What the row_id vouches for.
_VOUCHED = (
    "kind",
    "raw_sha256",
    "char_start",
    "char_end",
    "found",
    "stratum",
    "stratum_rows",
    "stratum_drawn",
)
_NUMBERS = ("char_start", "char_end", "found", "stratum_rows", "stratum_drawn")
_SHOWN_FAULTS = 20
# Longest first field of a CSV file is a text of some length; the limit of the module is 131,072.
_LONGEST_CELL = 10_000_000


@dataclass(frozen=True)
class Row:
    """A row of a sheet: its number as a spreadsheet counts and its cells as they were before guarding."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def integer(self, column: str) -> int:
        """Return a number that was checked when the sheet was read."""
        return whole_number(self.cells[column])


class Complaints:
    """Faults of a sheet, gathered so that a coder mends them all at once."""

    def __init__(self, sheet: Path) -> None:
        self.sheet = sheet
        self._lines: list[str] = []

    def add(self, row: int, column: str, rule: str) -> None:
        """Note what is wrong in a cell, with what to do."""
        self._lines.append(f"{self.sheet}, row {row}, column {column}: {rule}")

    def raise_any(self) -> None:
        """Raise Fault when there was anything."""
        if self._lines:
            rest = len(self._lines) - _SHOWN_FAULTS
            more = f"\n(and {rest:,} more)" if rest > 0 else ""
            first = "\n".join(self._lines[:_SHOWN_FAULTS])
            raise Fault(f"{first}{more}\nNothing was written", "mend the sheet and run it again")


def row_id(cells: Mapping[str, str]) -> str:
    """Return the id of a row, which vouches for the cells that say where it stands and how it was drawn."""
    told = "\t".join(" ".join(cells[name].split()) for name in _VOUCHED)
    return f"{cells['kind'][:1]}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def as_csv(rows: Iterable[Mapping[str, str]], separator: str) -> bytes:
    """Return a sheet as CSV in UTF-8 with a byte-order mark, every cell in quotes: so Excel opens it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([guarded(row.get(name, "")) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def read(sheet: Path) -> list[Row]:
    """Return the rows of a filled sheet, without the empty ones. Raises Fault with row, column and rule."""
    header, records = _table(sheet)
    complaints = Complaints(sheet)
    rows: list[Row] = []
    first_row: dict[str, int] = {}
    for number, record in records:
        cells = {
            name: restored(record[place]) if place < len(record) else "" for name, place in header.items()
        }
        row = Row(number, cells)
        if _is_whole(row, complaints):
            if row["row_id"] in first_row:
                rule = f"stands in row {first_row[row['row_id']]} too: delete one of the two"
                complaints.add(number, "row_id", rule)
            first_row.setdefault(row["row_id"], number)
            rows.append(row)
    complaints.raise_any()
    return rows


def _is_whole(row: Row, complaints: Complaints) -> bool:
    """Check the cells that no coder should touch."""
    sha = row["raw_sha256"].strip()
    if not row["row_id"].strip():
        complaints.add(
            row.number, "row_id", "is empty, though the row is not: copy it from the sheet as drawn"
        )
        return False
    if len(sha) != 64:
        rule = (
            f"has {len(sha)} characters, not 64: the spreadsheet took it for a number (lost zeros); copy the "
            "column from the sheet as drawn and format it as text"
        )
        complaints.add(row.number, "raw_sha256", rule)
        return False
    for name in _NUMBERS:
        try:
            row.integer(name)
        except ValueError:
            rule = f"{row[name]!r} is no whole number: copy the column from the sheet as drawn"
            complaints.add(row.number, name, rule)
            return False
    plain = {name: str(row.integer(name)) if name in _NUMBERS else row[name] for name in _VOUCHED}
    if row_id(plain) != row["row_id"].strip():
        rule = (
            f"does not belong to {', '.join(_VOUCHED)} of its row, so one of them was changed: copy these "
            "columns from the sheet as drawn"
        )
        complaints.add(row.number, "row_id", rule)
        return False
    return True


def _table(sheet: Path) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Return the place of each of our columns and the rows that are not empty, with their numbers."""
    try:
        content = sheet.read_bytes()
    except OSError as error:
        raise Fault(f"{sheet} cannot be read ({error.strerror})", "name a filled sheet") from None
    text = _decoded(content, sheet)
    for separator in ",;\t":
        # The limit is one for the whole process: the manifest has another.
        before = csv.field_size_limit(_LONGEST_CELL)
        try:
            records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        except csv.Error as error:
            raise Fault(f"{sheet} is no table ({error})", "save it as CSV again") from None
        finally:
            csv.field_size_limit(before)
        numbered = [
            (number, record) for number, record in enumerate(records, start=1) if any(map(str.strip, record))
        ]
        if numbered and numbered[0][1][0].strip().startswith("sep="):
            numbered = numbered[1:]
        names = [cell.strip().lower() for cell in numbered[0][1]] if numbered else []
        if "row_id" in names:
            break
    else:
        raise Fault(
            f"{sheet}, row 1: no column row_id",
            "use a sheet made by `python -m pipeline sample`, saved as CSV, with its first row",
        )
    missing = [name for name in COLUMNS if name not in names]
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    if missing or twice:
        rule = f"no column {', '.join(missing)}" if missing else f"column {', '.join(twice)} stands twice"
        raise Fault(f"{sheet}, row {numbered[0][0]}: {rule}", "keep the columns of the sheet as drawn")
    return {name: names.index(name) for name in COLUMNS}, numbered[1:]


def _decoded(content: bytes, sheet: Path) -> str:
    if content[:4] == b"PK\x03\x04":
        raise Fault(f"{sheet} is a workbook, not CSV", "save it in the spreadsheet as CSV UTF-8")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets on Windows call plain CSV.
        return content.decode("cp1252", "replace")


def coder_of(rows: Sequence[Row], sheet: Path) -> str:
    """Return the name that the coder wrote into the column coder, or else the name of the file."""
    names = {" ".join(row["coder"].split()): row.number for row in reversed(rows) if row["coder"].strip()}
    if len(names) > 1:
        shown = ", ".join(f"{name!r} (row {number})" for name, number in sorted(names.items())[:3])
        raise Fault(f"{sheet}, column coder: several names: {shown}", "give each coder a sheet of their own")
    return next(iter(names), sheet.stem)
