"""Rows to frames that the schemas accept: the right types, the declared columns, the declared order."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import pandera.errors
import pandera.polars as pa
import polars as pl

from pipeline.document import Row
from schemas import TABLES
from schemas.table import Table

TABLE_BY_NAME: dict[str, type[Table]] = {model.table_name: model for model in TABLES}


class InvalidDataset(Exception):
    """A table breaks its schema or a rule across tables: which table, column and rule, and the first rows."""

    def __init__(self, table: str, column: str, rule: str, rows: Sequence[Row]) -> None:
        shown = "".join(f"\n  {_short(row)}" for row in list(rows)[:3])
        super().__init__(f"table {table}, column {column}: {rule}{shown}")
        self.table = table
        self.column = column
        self.rule = rule


def _short(row: Row) -> str:
    cells = (f"{name}={value!r}" for name, value in row.items() if value is not None)
    return ", ".join(cell if len(cell) <= 60 else cell[:57] + "…" for cell in cells)[:600]


@cache
def schema_of(table: str) -> pa.DataFrameSchema:
    """Return the whole pandera schema of a table, as published."""
    return TABLE_BY_NAME[table].to_schema()


def stage_columns(table: str, stage: str) -> tuple[str, ...]:
    """Return the columns of a table that a stage writes; a stage that adds columns writes the key too."""
    model = TABLE_BY_NAME[table]
    filled = tuple(name for name in schema_of(table).columns if _filled_by(table, name) == stage)
    if stage == model.stage or not filled:
        return filled
    joined = ("quote_id",) if table == "quotes" else model.key
    return (*joined, *filled)


def stage_tables(stage: str) -> tuple[str, ...]:
    """Return the tables to which a stage writes rows or columns."""
    return tuple(table for table in TABLE_BY_NAME if stage_columns(table, stage))


def _filled_by(table: str, column: str) -> str:
    metadata = schema_of(table).columns[column].metadata or {}
    return str(metadata.get("filled_by") or TABLE_BY_NAME[table].stage)


@cache
def _stage_schema(table: str, columns: tuple[str, ...]) -> pa.DataFrameSchema:
    return schema_of(table).select_columns(list(columns))


def column_types(table: str, columns: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the polars type of each column, in order."""
    schema = schema_of(table)
    return {name: schema.columns[name].dtype.type for name in columns or schema.columns}


def stage_frame(table: str, stage: str, rows: Sequence[Row]) -> pl.DataFrame:
    """Return rows of a stage as a frame of its columns; a column that a row lacks is an error."""
    types = column_types(table, stage_columns(table, stage))
    cells = {name: [row[name] for row in rows] for name in types}
    return pl.DataFrame(cells, schema=types, strict=True)


def validate(table: str, frame: pl.DataFrame, columns: tuple[str, ...] | None = None) -> None:
    """Check a frame against its schema, values included. Raises InvalidDataset."""
    schema = _stage_schema(table, columns) if columns else schema_of(table)
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        raise _explain(table, frame, errors) from None
    model = TABLE_BY_NAME[table]
    if set(model.key) <= set(frame.columns) and not frame.is_empty():
        twice = frame.filter(pl.struct(model.key).is_duplicated())
        if len(twice):
            raise InvalidDataset(table, ", ".join(model.key), "the key stands twice", twice.to_dicts())


def _explain(table: str, frame: pl.DataFrame, errors: pandera.errors.SchemaErrors) -> InvalidDataset:
    cases = errors.failure_cases
    first = cases.row(0, named=True)
    same = cases.filter(
        (pl.col("check") == first["check"]) & pl.col("column").eq_missing(pl.lit(first["column"]))
    )
    numbers = [number for number in same["index"].to_list() if number is not None]
    rows = [frame.row(number, named=True) for number in numbers[:3]]
    rule = f"{first['check']}; found {first['failure_case']!r} ({max(len(numbers), 1)} rows)"
    return InvalidDataset(table, str(first["column"] or ", ".join(frame.columns)), rule, rows)
