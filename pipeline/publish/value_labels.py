"""What every level of every closed vocabulary means in plain words: `schemas/codebooks/levels.csv`."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.faults import Fault
from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.dictionary import defused
from pipeline.reference import CODEBOOK_FOLDER

LEVELS_FILE = CODEBOOK_FOLDER / "levels.csv"
COLUMNS = ("table", "column", "level_no", "level", "label", "definition")
# SPSS cuts a value label at 120 bytes, and a plot has less room than that.
LONGEST_LABEL = 60
_FILE_COLUMNS = ("vocabulary", "level", "label", "definition")


@dataclass(frozen=True)
class LevelLabel:
    """One level of the closed vocabulary of one column; `level_no` counts from 1 in the schema's order."""

    table: str
    column: str
    level_no: int
    level: str
    label: str
    definition: str


def vocabularies() -> dict[str, tuple[str, ...]]:
    """Return the levels of each closed vocabulary, named after the first column that has it."""
    first: dict[tuple[str, ...], str] = {}
    for table, column, levels in _columns_with_levels():
        first.setdefault(levels, f"{table}.{column}")
    return {name: levels for levels, name in first.items()}


def value_labels(path: Path = LEVELS_FILE) -> list[LevelLabel]:
    """Return the label of every level of every column, in the order of the dictionary.

    Raises Fault with file and line when a level has no row, a row has no level, or a row is not whole.
    """
    wanted = vocabularies()
    texts = _read(path, wanted)
    names = {levels: name for name, levels in wanted.items()}
    return [
        LevelLabel(table, column, number, level, *texts[names[levels], level])
        for table, column, levels in _columns_with_levels()
        for number, level in enumerate(levels, start=1)
    ]


def as_csv(labels: Iterable[LevelLabel]) -> str:
    """Return the value labels as CSV that a spreadsheet opens without running anything in it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for label in labels:
        writer.writerow([defused(str(getattr(label, name))) for name in COLUMNS])
    return out.getvalue()


def _columns_with_levels() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for table in TABLE_BY_NAME:
        for name, column in schema_of(table).columns.items():
            if levels := (column.metadata or {}).get("levels"):
                yield table, name, tuple(levels)


def _read(path: Path, wanted: dict[str, tuple[str, ...]]) -> dict[tuple[str, str], tuple[str, str]]:
    found: dict[tuple[str, str], tuple[str, str]] = {}
    last_line: dict[str, int] = {}
    line = 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        if tuple(next(rows, ())) != _FILE_COLUMNS:
            raise Fault(f"{path.name}, line 1: wrong columns", f"they have to be {', '.join(_FILE_COLUMNS)}")
        for cells in rows:
            line = rows.line_num
            where = f"{path.name}, line {line}"
            if len(cells) != len(_FILE_COLUMNS):
                raise Fault(
                    f"{where}: {len(cells)} cells, {len(_FILE_COLUMNS)} wanted",
                    "put a text that holds a comma into double quotation marks",
                )
            vocabulary, level, label, definition = (cell.strip() for cell in cells)
            if level not in wanted.get(vocabulary, ()):
                raise Fault(
                    f"{where}: {vocabulary} has no level {level!r}",
                    "remove the row, or add the level to the vocabulary in schemas/",
                )
            if (vocabulary, level) in found:
                raise Fault(f"{where}: {level!r} of {vocabulary} stands twice", "keep one of the two rows")
            if not label or not definition or len(label) > LONGEST_LABEL:
                raise Fault(
                    f"{where}: {level!r} of {vocabulary} lacks a label or a definition, or the label is long",
                    f"write both, the label with at most {LONGEST_LABEL} characters",
                )
            found[vocabulary, level] = (label, definition)
            last_line[vocabulary] = line
    for vocabulary, levels in wanted.items():
        for level in levels:
            if (vocabulary, level) not in found:
                raise Fault(
                    f"{path.name}, after line {last_line.get(vocabulary, line)}: "
                    f"{level!r} of {vocabulary} is missing",
                    "add a row with its label and its definition",
                )
    return found
