"""Compare two datasets table by table and write every difference down as it is found."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from pipeline.diff.causes import AUTHORITIES, CODEBOOKS, Causes, Inputs, look
from pipeline.diff.matching import changed_ids
from pipeline.diff.releases import Release, n_rows, shared_columns
from pipeline.diff.rows import Row, RowChange, key_of, row_changes
from pipeline.diff.schema import Differences
from pipeline.frames import TABLE_BY_NAME
from pipeline.publish.dictionary import as_csv, defused, table_entries
from pipeline.publish.parquet import Written, as_arrow
from pipeline.verify.reading import FILE_DIGITS

TABLE, DICTIONARY = "differences", "differences_dictionary.csv"
_AT_ONCE = 20_000
_LONGEST_VALUE = 200
# So many differences of a table and cause are shown on the page.
_EXAMPLES = 10


@dataclass
class Summary:
    """What the page tells: counts by table, change and cause, some examples, and what differs in the inputs.

    `rows` counts rows (each once), `causes` differences (a row with two causes twice).
    """

    names: tuple[str | None, str | None] = (None, None)
    versions: tuple[str | None, str | None] = (None, None)
    extractors: tuple[str, str] = ("", "")
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    causes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    columns: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[Row]] = field(default_factory=dict)
    other_columns: list[str] = field(default_factory=list)
    files: Counter[str] = field(default_factory=Counter)

    def total(self, table: str) -> int:
        """Return how many rows of a table differ."""
        return sum(count for (name, _), count in self.rows.items() if name == table)


def tables_in_order(old: Release, new: Release) -> list[str]:
    """Return the tables, those first from whose differences others follow."""
    first = ["sources", "corrections", *CODEBOOKS, *AUTHORITIES, "quotes"]
    first.remove("speakers")
    last = ["statement_quotes", "statements", "statement_coverage"]
    rest = [table for table in TABLE_BY_NAME if table not in (*first, *last)]
    order = [table for table in (*first, *rest, *last) if table in TABLE_BY_NAME]
    return [table for table in order if old.has(table) or new.has(table)]


def compare(old_folder: Path, new_folder: Path, out: Path) -> Summary:
    """Write the table of differences and its dictionary into a folder, and return what the page tells."""
    old, new = Release(old_folder), Release(new_folder)
    inputs = look(old, new)
    summary = Summary(
        names=(old.name, new.name),
        versions=(old.version, new.version),
        extractors=(", ".join(old.extractors), ", ".join(new.extractors)),
        sizes={table: (n_rows(old, table), n_rows(new, table)) for table in tables_in_order(old, new)},
    )
    schema = Differences.to_schema()
    types = {name: column.dtype.type for name, column in schema.columns.items()}
    arrow = as_arrow(schema)
    written = Written()
    with (
        pq.ParquetWriter(out / f"{TABLE}.parquet", arrow, compression="zstd", compression_level=3) as parquet,
        (out / f"{TABLE}.csv").open("wb") as csv,
    ):
        csv.write((",".join(types) + "\n").encode())
        for rows in _chunks(_differences(old, new, inputs, summary)):
            frame = pl.DataFrame(rows, schema=types, orient="row")
            schema.validate(frame)
            parquet.write_table(frame.to_arrow().cast(arrow))
            texts = [name for name, kind in types.items() if kind == pl.String]
            harmless = [pl.col(name).map_elements(defused, return_dtype=pl.String) for name in texts]
            csv.write(frame.with_columns(harmless).write_csv(include_header=False).encode())
            for name in frame.columns:
                for value in frame[name].drop_nulls().head(1):
                    written.examples.setdefault(name, value)
            written.n_rows += len(frame)
    (out / DICTIONARY).write_text(as_csv(table_entries(Differences, written)), encoding="utf-8")
    return summary


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    waiting: list[Row] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _differences(old: Release, new: Release, inputs: Inputs, summary: Summary) -> Iterator[Row]:
    ids = changed_ids(old, new, inputs.corrected_ids)
    causes = Causes(inputs)
    number = 0
    for table in tables_in_order(old, new):
        if old.has(table) and new.has(table):
            _, only_old, only_new = shared_columns(old, new, table)
            summary.other_columns += [f"{table}.{name} is gone" for name in only_old]
            summary.other_columns += [f"{table}.{name} is new" for name in only_new]
        else:
            summary.other_columns.append(f"the table {table} is {'gone' if old.has(table) else 'new'}")
        for one in row_changes(old, new, table, ids):
            summary.rows[table, one.change] += 1
            for cause, columns in causes.of(one):
                number += 1
                row = _row(number, one, columns, inputs) | cause._asdict()
                _sum_up(summary, row, columns)
                yield row


def _row(number: int, one: RowChange, columns: tuple[str, ...], inputs: Inputs) -> Row:
    article_id = _article_of(one)
    sha = one.any("raw_sha256") or inputs.hashes.get(str(article_id)[:FILE_DIGITS])
    shown = one.new or one.old or {}
    has_place = shown.get("char_start") is not None and shown.get("char_end") is not None
    return {
        "difference_no": number,
        "in_table": one.table,
        "change": one.change,
        "cause": "",
        "basis": "",
        "detail": None,
        "article_id": article_id,
        "raw_sha256": sha,
        "char_start": shown["char_start"] if has_place else None,
        "char_end": shown["char_end"] if has_place else None,
        "old_key": key_of(one.table, one.old),
        "new_key": key_of(one.table, one.new),
        "changed_columns": "; ".join(columns) or None,
        "old_values": _values(one.old, columns),
        "new_values": _values(one.new, columns),
    }


def _article_of(one: RowChange) -> str | None:
    article_id = one.any("article_id")
    if article_id is None:
        for column in ("quote_id", "gist_quote_id", "speaker_id"):
            value = str(one.any(column) or "")
            if ":" in value:
                return value.partition(":")[0]
    return None if article_id is None else str(article_id)


def _values(row: Row | None, columns: tuple[str, ...]) -> str | None:
    if not columns or row is None:
        return None
    # A column that holds a whole file is not repeated here.
    return json.dumps([_value(row.get(name)) for name in columns], ensure_ascii=False)


def _value(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell if len(cell) <= _LONGEST_VALUE else cell[: _LONGEST_VALUE - 1] + "…"
    return cell.isoformat() if isinstance(cell, date | datetime) else cell


def _sum_up(summary: Summary, row: Row, columns: tuple[str, ...]) -> None:
    table, cause = row["in_table"], row["cause"]
    summary.causes[table, row["change"], cause] += 1
    for name in columns:
        summary.columns[table, name] += 1
    if table == "sources" and cause.startswith("raw_file") and (not columns or "raw_sha256" in columns):
        summary.files[cause] += 1
    shown = summary.examples.setdefault((table, cause), [])
    if len(shown) < _EXAMPLES:
        shown.append(row)
