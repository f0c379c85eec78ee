"""Codebooks and authority files: CSV that people edit, validated on load with file and line."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TextIO

import pandera.errors
import polars as pl

from pipeline.document import Row
from pipeline.faults import Fault
from pipeline.stages import tables_fingerprint
from schemas import (
    Cues,
    EventParticipants,
    Events,
    HeaderFields,
    IllocutionPatterns,
    OutletAliases,
    Outlets,
    SpeakerAliases,
    SpeakerMembers,
    SpeakerRoles,
    Speakers,
    Topics,
    TopicTerms,
    WordLists,
)
from schemas.table import Table

SCHEMAS_FOLDER = Path(__file__).parent.parent / "schemas"
CODEBOOK_FOLDER = SCHEMAS_FOLDER / "codebooks"
AUTHORITY_FOLDER = SCHEMAS_FOLDER / "authority"

CODEBOOKS: tuple[type[Table], ...] = (
    Topics,
    TopicTerms,
    WordLists,
    Cues,
    IllocutionPatterns,
    HeaderFields,
)
AUTHORITY: tuple[type[Table], ...] = (
    Outlets,
    OutletAliases,
    Events,
    EventParticipants,
    Speakers,
    SpeakerRoles,
    SpeakerAliases,
    SpeakerMembers,
)
# Columns that follow from others and are not typed by people.
_DERIVED = {"speakers": {"name_key", "in_authority"}}


@dataclass(frozen=True)
class Reference:
    """Every codebook and authority table, by table name; each frame has the columns of its schema."""

    frames: Mapping[str, pl.DataFrame]

    def rows(self, table_name: str) -> list[Row]:
        """Return the rows of a table as dictionaries, in the order of the file."""
        return self._rows[table_name]

    def only(self, table_names: Sequence[str]) -> "Reference":
        """Return these tables alone, so that nobody can read what his fingerprint does not cover."""
        return Reference({name: self.frames[name] for name in table_names})

    @cached_property
    def _rows(self) -> dict[str, list[Row]]:
        return {name: frame.to_dicts() for name, frame in self.frames.items()}


def name_key(name: str) -> str:
    """Return a name in lower case with single '-' between words: the unverified key of a person's name."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def shown(path: Path) -> str:
    """Return the path of a file for a message, from the project's folder if it lies there."""
    project = SCHEMAS_FOLDER.parent
    return str(path.relative_to(project) if path.is_relative_to(project) else path)


def load_reference(extra_authority: Path | None = None) -> Reference:
    """Read and check every codebook and authority file.

    `extra_authority` is a folder with further authority rows of one corpus, in files of the same names
    and columns. Raises Fault with file and line for a value that the schema does not allow, a repeated
    key, or an id that stands nowhere.
    """
    frames: dict[str, pl.DataFrame] = {}
    lines: dict[str, list[str]] = {}
    for model in CODEBOOKS:
        frames[model.table_name], lines[model.table_name] = _load(model, [CODEBOOK_FOLDER])
    folders = [AUTHORITY_FOLDER] + ([extra_authority] if extra_authority else [])
    for model in AUTHORITY:
        frames[model.table_name], lines[model.table_name] = _load(model, folders)
    for model in CODEBOOKS + AUTHORITY:
        _check_links(model, frames, lines[model.table_name])
    return Reference(frames)


@cache
def reference_of(extra_authority: Path | None, version: str) -> Reference:
    """Return the reference tables, loaded once per process and version (fingerprint) of the files.

    Raises Fault when the files are of another version: what is made with them would be kept as of this one.
    """
    reference = load_reference(extra_authority)
    folders = (CODEBOOK_FOLDER, AUTHORITY_FOLDER, *([extra_authority] if extra_authority else []))
    if tables_fingerprint(folders) != version:
        raise Fault(
            "a codebook or authority file changed during the build",
            "build again; the published dataset is as it was",
        )
    return reference


def _load(model: type[Table], folders: Sequence[Path]) -> tuple[pl.DataFrame, list[str]]:
    rows: list[Row] = []
    lines: list[str] = []
    schema = model.to_schema()
    for folder in folders:
        path = folder / f"{model.table_name}.csv"
        if path.exists():
            for line, row in _read_csv(path, model):
                rows.append(row)
                lines.append(f"{shown(path)}, line {line}")
        elif folder in (CODEBOOK_FOLDER, AUTHORITY_FOLDER):
            raise Fault(f"{shown(path)} is missing", "restore it from the repository")
    types = {name: found.dtype.type for name, found in schema.columns.items()}
    frame = pl.DataFrame(rows, schema=types, orient="row")
    _check_values(model, frame, lines)
    return frame, lines


def _read_csv(path: Path, model: type[Table]) -> Iterator[tuple[int, Row]]:
    schema = model.to_schema()
    derived = _DERIVED.get(model.table_name, set())
    wanted = [name for name in schema.columns if name not in derived]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = _numbered_rows(file, path)
        _, header = next(rows, (1, []))
        if header != wanted:
            raise Fault(
                f"{shown(path)}, line 1: the columns are {', '.join(header)}",
                f"they have to be, in this order: {', '.join(wanted)}",
            )
        for line, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(wanted):
                raise Fault(
                    f"{shown(path)}, line {line}: {len(cells)} cells, {len(wanted)} wanted",
                    "put a text that holds a comma into double quotation marks",
                )
            row: Row = {}
            for name, cell in zip(wanted, cells, strict=True):
                row[name] = _convert(cell.strip(), schema.columns[name].dtype.type, path, line, name)
            if model is Speakers:
                row["name_key"] = name_key(row["name"] or "")
                row["in_authority"] = True
            yield line, {name: row[name] for name in schema.columns}


def _numbered_rows(file: TextIO, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise Fault(
            f"{shown(path)}, line {reader.line_num}: not readable as CSV ({error})",
            "close every double quotation mark, and double those inside a text",
        ) from None
    except UnicodeDecodeError:
        raise Fault(
            f"{shown(path)}, after line {reader.line_num}: the file is not UTF-8", "save it as CSV UTF-8"
        ) from None


# What a cell has to be, for a message.
_IN_WORDS: dict[object, str] = {
    pl.Int32: "a whole number",
    pl.Float64: "a number, with a point before the decimals",
    pl.Date: "a date, written YYYY-MM-DD",
    pl.Boolean: "true or false",
}


def _convert(cell: str, dtype: pl.DataType, path: Path, line: int, name: str) -> object:
    if not cell:
        return None
    try:
        if dtype == pl.Int32:
            number = int(cell)
            if not -(2**31) <= number < 2**31:
                raise ValueError
            return number
        if dtype == pl.Float64:
            return float(cell)
        if dtype == pl.Date:
            return date.fromisoformat(cell)
        if dtype == pl.Boolean:
            return {"true": True, "false": False}[cell.lower()]
    except (ValueError, KeyError):
        raise Fault(
            f"{shown(path)}, line {line}: {name} is {cell!r}", f"it has to be {_IN_WORDS[dtype]}"
        ) from None
    return cell


def _check_values(model: type[Table], frame: pl.DataFrame, lines: Sequence[str]) -> None:
    repeated = frame.select(pl.struct(model.key).is_duplicated().alias("x"))["x"].arg_true()
    if len(repeated):
        raise Fault(f"{lines[repeated[-1]]}: {', '.join(model.key)} stands twice", "keep one of the two rows")
    try:
        model.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.filter(pl.col("index").is_not_null()).sort("index")
        if not len(cases):
            raise
        case = cases.row(0, named=True)
        column = model.to_schema().columns.get(case["column"])
        levels = (column.metadata or {}).get("levels") if column is not None else None
        hint = f"allowed are {', '.join(levels)}" if levels else f"the rule is {case['check']}"
        raise Fault(f"{lines[case['index']]}: {case['column']} is {case['failure_case']!r}", hint) from None


def _check_links(model: type[Table], frames: Mapping[str, pl.DataFrame], lines: Sequence[str]) -> None:
    for here, there, columns in model.links:
        if there not in frames:
            continue
        known = frames[there].select(columns).unique()
        frame = frames[model.table_name].with_row_index("row").drop_nulls(list(here))
        lost = frame.join(known, left_on=list(here), right_on=list(columns), how="anti")
        if len(lost):
            row = lost.row(0, named=True)
            raise Fault(
                f"{lines[row['row']]}: {', '.join(here)} is {row[here[0]]!r}, "
                f"which stands nowhere in {there}.csv",
                "mend the id or add its row",
            )
