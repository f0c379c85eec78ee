"""Tables to Parquet: streamed, sorted as they come, with the dictionary in the field metadata."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pandera.polars import DataFrameSchema

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.row_groups import Footer, JoinedFile

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


@dataclass(frozen=True)
class Encoded:
    """Rows of a table that were written before: the bytes of a Parquet file, and what was noted of them.

    `noted` is what the run report has to know of them (see report.noted).
    """

    content: bytes
    footer: Footer
    written: Written
    noted: Mapping[str, Any] = field(default_factory=dict)


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


def encode(table: str, frame: pl.DataFrame) -> Encoded:
    """Return rows of a table as a Parquet file of their own, whose row groups `write_tables` can copy."""
    written = Written()
    _note(written, frame)
    content = _as_file(table, frame.to_arrow().cast(arrow_schema(table)).combine_chunks())
    return Encoded(content, Footer.of(content), written)


def write_tables(pieces: Iterable[tuple[str, pl.DataFrame | Encoded]], folder: Path) -> dict[str, Written]:
    """Write every table to `<folder>/<table>.parquet` as its pieces arrive, in order.

    Frames are joined to row groups of a fixed size; what was encoded before keeps its own. Memory holds one
    row group a table, whatever the size of the dataset.
    """
    written = {table: Written() for table in TABLE_BY_NAME}
    waiting: dict[str, list[pa.Table]] = {table: [] for table in TABLE_BY_NAME}
    files: dict[str, JoinedFile] = {}
    try:
        for table in TABLE_BY_NAME:
            files[table] = JoinedFile(folder / f"{table}.parquet")
            files[table].add(_as_file(table, arrow_schema(table).empty_table()))
        for table, piece in pieces:
            if isinstance(piece, Encoded):
                _flush(table, files[table], waiting[table], last=True)
                files[table].add(piece.content, piece.footer)
                _add(written[table], piece.written)
            else:
                _note(written[table], piece)
                waiting[table].append(piece.to_arrow().cast(arrow_schema(table)))
                _flush(table, files[table], waiting[table], last=False)
        for table, file in files.items():
            _flush(table, file, waiting[table], last=True)
            file.finish()
    finally:
        for file in files.values():
            file.close()
    return written


def _rows_per_group(table: str) -> int:
    return _TEXT_GROUP_ROWS if table == "article_text" else _GROUP_ROWS


def _flush(table: str, file: JoinedFile, waiting: list[pa.Table], *, last: bool) -> None:
    rows = _rows_per_group(table)
    if sum(len(piece) for piece in waiting) < rows and not (last and waiting):
        return
    joined = pa.concat_tables(waiting).combine_chunks()
    whole = len(joined) if last else len(joined) - len(joined) % rows
    if whole:
        file.add(_as_file(table, joined.slice(0, whole)))
    waiting[:] = [] if last else [joined.slice(whole)]


def _as_file(table: str, rows: pa.Table) -> bytes:
    out = io.BytesIO()
    with pq.ParquetWriter(out, rows.schema, compression="zstd", compression_level=3) as writer:
        if len(rows):
            writer.write_table(rows, row_group_size=_rows_per_group(table))
    return out.getvalue()


def _add(written: Written, more: Written) -> None:
    written.n_rows += more.n_rows
    written.examples = more.examples | written.examples


def _note(written: Written, frame: pl.DataFrame) -> None:
    written.n_rows += len(frame)
    for name in frame.columns:
        if name not in written.examples:
            found = frame[name].drop_nulls()
            if len(found):
                written.examples[name] = found[0]
