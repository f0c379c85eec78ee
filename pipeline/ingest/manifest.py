"""The optional raw/manifest.csv: what the text of a page cannot say about it."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pipeline.document import Row
from pipeline.ingest.decode import Undecodable, decode

COLUMNS = (
    "path",
    "url",
    "outlet",
    "republisher",
    "published_date",
    "retrieved_at",
    "licence",
    "redistributable",
    "is_translation",
    "notes",
)
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the manifest that could not be used, with its line."""

    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"manifest.csv, line {self.line}: {self.message}"


@dataclass
class Manifest:
    """The rows of the manifest by path, the line of each, and what was wrong with it."""

    rows: dict[str, Row] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_manifest(raw: bytes, outlets: Mapping[str, str], raw_paths: set[str]) -> Manifest:
    """Read the manifest.

    `outlets` gives the outlet id for every known id and name (names in lower case); `raw_paths` are the
    files that exist, as the tables show their paths. A cell that cannot be used is left out and reported;
    the rest of its row counts.
    """
    manifest = Manifest()
    try:
        text = decode(raw).text.removeprefix("\ufeff")
    except Undecodable as error:
        manifest.problems.append(Problem(1, "manifest_unreadable", error.message))
        return manifest
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        for name in header:
            if name not in COLUMNS:
                message = f"unknown column {name!r}: the columns are {', '.join(COLUMNS)}"
                manifest.problems.append(Problem(1, "unknown_column", message))
        if "path" not in header:
            manifest.problems.append(Problem(1, "no_path_column", "there is no column path: add it"))
            return manifest
        for cells in reader:
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                message = f"{len(cells)} cells for {len(header)} columns: quote a text that holds a comma"
                manifest.problems.append(Problem(reader.line_num, "too_many_cells", message))
            elif any(cell.strip() for cell in cells):
                _read_row(
                    manifest, dict(zip(header, cells, strict=False)), reader.line_num, outlets, raw_paths
                )
    except csv.Error as error:
        manifest.problems.append(
            Problem(reader.line_num, "not_csv", f"not readable as CSV ({error}): save it as CSV UTF-8 again")
        )
    return manifest


def _read_row(
    manifest: Manifest,
    cells: Mapping[str, str],
    line: int,
    outlets: Mapping[str, str],
    raw_paths: set[str],
) -> None:
    path = cells["path"].strip()

    def report(code: str, message: str) -> None:
        manifest.problems.append(Problem(line, code, message))

    if path not in raw_paths:
        report("missing_file", f"there is no raw file {path!r}: mend the path or remove the row")
        return
    if path in manifest.rows:
        report("doubled_row", f"{path!r} stands in line {manifest.lines[path]} too: keep one of the rows")
        return
    row: Row = dict.fromkeys(COLUMNS)
    for name in COLUMNS:
        cell = (cells.get(name) or "").strip()
        if not cell:
            continue
        try:
            row[name] = _value(name, cell, outlets)
        except ValueError as error:
            report("bad_value", f"{name} is {cell!r}: {error}")
    manifest.rows[path] = row
    manifest.lines[path] = line


def _value(name: str, cell: str, outlets: Mapping[str, str]) -> object:
    if name in ("outlet", "republisher"):
        found = outlets.get(cell) or outlets.get(cell.casefold())
        if not found:
            raise ValueError("it stands nowhere in the outlets authority file; add a row there")
        return found
    if name == "published_date":
        try:
            return date.fromisoformat(cell)
        except ValueError:
            raise ValueError("a date is written YYYY-MM-DD") from None
    if name == "retrieved_at":
        try:
            when = datetime.fromisoformat(cell)
            return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            raise ValueError("a time is written YYYY-MM-DDTHH:MM:SSZ") from None
    if name in ("redistributable", "is_translation"):
        if cell.lower() not in _FLAGS:
            raise ValueError("it has to be true or false")
        return _FLAGS[cell.lower()]
    return cell
