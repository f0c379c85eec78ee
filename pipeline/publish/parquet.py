"""Tables to Parquet: streamed, sorted as they come, with the dictionary in the field metadata."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pandera.polars import DataFrameSchema

from pipeline.frames import TABLE_BY_NAME, schema_of

# Row groups have a fixed number of rows, so that the bytes do not depend on how the pieces came.
_GROUP_ROWS = 131_072
_TEXT_GROUP_ROWS = 1_024

_ARROW_TYPES = {
    pl.String: pa.string(),
    pl.Int32: pa.int32(),
    pl.Float64: pa.float64(),
    pl.Boolean: pa.bool_(),
    pl.Date: pa.date32(),
    pl.Datetime: pa.timestamp("us", "UTC"),
}


@dataclass
class Written:
    """What was written of a table: the number of rows and the first value of each column."""

    n_rows: int = 0
    examples: dict[str, Any] = field(default_factory=dict)


def arrow_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a published table."""
    return as_arrow(schema_of(table))


def as_arrow(schema: DataFrameSchema) -> pa.Schema:
    """Return a schema as Arrow has it; description, unit and levels stand in the field metadata."""
    fields = []
    for name, column in schema.columns.items():
        noted = column.metadata or {}
        metadata = {"description": column.description}
        if noted.get("unit"):
            metadata["unit"] = noted["unit"]
        if noted.get("levels"):
            metadata["levels"] = "|".join(noted["levels"])
        arrow_type = _ARROW_TYPES[column.dtype.type.base_type()]
        fields.append(pa.field(name, arrow_type, nullable=column.nullable, metadata=metadata))
    return pa.schema(fields)


def write_tables(pieces: Iterable[tuple[str, pl.DataFrame]], folder: Path) -> dict[str, Written]:
    """Write every table to `<folder>/<table>.parquet` as its pieces arrive, in order.

    Memory holds one row group a table, whatever the size of the dataset.
    """
    written = {table: Written() for table in TABLE_BY_NAME}
    waiting: dict[str, list[pa.Table]] = {table: [] for table in TABLE_BY_NAME}
    with ExitStack() as stack:
        writers = {
            table: stack.enter_context(
                pq.ParquetWriter(
                    folder / f"{table}.parquet", arrow_schema(table), compression="zstd", compression_level=3
                )
            )
            for table in TABLE_BY_NAME
        }
        for table, frame in pieces:
            _note(written[table], frame)
            waiting[table].append(frame.to_arrow().cast(arrow_schema(table)))
            _flush(writers[table], waiting[table], _rows_per_group(table), last=False)
        for table, writer in writers.items():
            _flush(writer, waiting[table], _rows_per_group(table), last=True)
    return written


def _rows_per_group(table: str) -> int:
    return _TEXT_GROUP_ROWS if table == "article_text" else _GROUP_ROWS


def _flush(writer: pq.ParquetWriter, waiting: list[pa.Table], rows: int, *, last: bool) -> None:
    if sum(len(piece) for piece in waiting) < rows and not (last and waiting):
        return
    joined = pa.concat_tables(waiting).combine_chunks()
    start = 0
    while len(joined) - start >= rows:
        writer.write_table(joined.slice(start, rows), row_group_size=rows)
        start += rows
    rest = joined.slice(start)
    waiting[:] = [] if last else [rest]
    if last and len(rest):
        writer.write_table(rest, row_group_size=rows)


def _note(written: Written, frame: pl.DataFrame) -> None:
    written.n_rows += len(frame)
    for name in frame.columns:
        if name not in written.examples:
            found = frame[name].drop_nulls()
            if len(found):
                written.examples[name] = found[0]
