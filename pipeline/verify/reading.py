"""Read a published dataset some rows or articles at a time: memory does not grow with the corpus."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.frames import TABLE_BY_NAME, column_types, schema_of

_ROWS = 20_000
# A text may be as long as the largest raw file.
_TEXTS = 32
_ARTICLES_AT_ONCE = 100

# Hex digits of the SHA-256 of a raw file with which the ids of all that is in it begin.
FILE_DIGITS = 16


class Unreadable(Exception):
    """A published table that cannot be read: which, and why."""

    def __init__(self, table: str, why: str) -> None:
        super().__init__(f"{table}.parquet cannot be read ({why})")
        self.table = table
        self.why = why


@cache
def holds(table: str, column: str) -> str:
    """Return whose words a text column holds (see schemas.table.Holds); 'ours' for any other column."""
    noted = schema_of(table).columns[column].metadata or {}
    return str(noted.get("holds") or "ours")


def is_scattered(table: str) -> bool:
    """Tell whether the rows of a table are not in the order of the articles."""
    return TABLE_BY_NAME[table].key[0] not in ("article_id", "quote_id")


def open_table(processed: Path, table: str) -> pq.ParquetFile:
    """Open a published table. Raises Unreadable."""
    try:
        return pq.ParquetFile(processed / f"{table}.parquet", pre_buffer=False)
    except FileNotFoundError:
        raise Unreadable(table, "it is not there") from None
    except (OSError, pa.ArrowException) as error:
        raise Unreadable(table, _short(error)) from None


def batches(
    processed: Path, table: str, columns: Sequence[str] | None = None, *, rows: int | None = None
) -> Iterator[pl.DataFrame]:
    """Yield the rows of a published table, some thousand at a time. Raises Unreadable."""
    size = rows or (_TEXTS if table == "article_text" else _ROWS)
    with open_table(processed, table) as file:
        try:
            for batch in file.iter_batches(
                size, columns=list(columns) if columns else None, use_threads=False
            ):
                frame = pl.from_arrow(batch)
                assert isinstance(frame, pl.DataFrame)
                yield frame
        except (OSError, pa.ArrowException, pl.exceptions.PolarsError) as error:
            raise Unreadable(table, _short(error)) from None


def by_articles(
    processed: Path, tables: Iterable[str], *, at_once: int = _ARTICLES_AT_ONCE
) -> Iterator[dict[str, pl.DataFrame]]:
    """Yield the rows of some articles in several tables, then those of the next, in order of the ids.

    The articles of one raw file come together. `tables` are tables in the order of the articles; with
    speakers, the rows of the authority file are left out. Rows that stand in the wrong place come with
    later articles, those of no article with the last.
    """
    pivot = _Cursor(processed, "articles")
    others = {table: _Cursor(processed, table) for table in tables if table != "articles"}
    while True:
        upto = pivot.look_ahead(at_once)
        chunk = {"articles": pivot.take(upto)}
        chunk |= {table: cursor.take(upto) for table, cursor in others.items()}
        if upto is not None or any(len(frame) for frame in chunk.values()):
            yield chunk
        if upto is None:
            return


@dataclass
class _Cursor:
    """The place to which a table was read."""

    processed: Path
    table: str
    waiting: list[pl.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._rest = batches(self.processed, self.table)
        self._column = TABLE_BY_NAME[self.table].key[0]

    def look_ahead(self, n_rows: int) -> str | None:
        """Return the raw file (its digits) to which to read next; None: to the end."""
        while sum(map(len, self.waiting)) <= n_rows and self._read():
            pass
        joined = self._joined()
        if len(joined) <= n_rows:
            return None
        found = joined[self._column][n_rows - 1]
        return None if found is None else str(found)[:FILE_DIGITS]

    def take(self, upto: str | None) -> pl.DataFrame:
        """Return the rows that were not taken yet up to a raw file, with it."""
        if upto is None:
            while self._read():
                pass
            joined, self.waiting = self._joined(), []
            return joined
        while (not self.waiting or not self._is_beyond(upto)) and self._read():
            pass
        joined = self._joined()
        here = joined[self._column].str.slice(0, FILE_DIGITS).fill_null("") <= upto
        self.waiting = [joined.filter(~here)]
        return joined.filter(here)

    def _is_beyond(self, upto: str) -> bool:
        last = self.waiting[-1]
        return bool(len(last)) and str(last[self._column][-1])[:FILE_DIGITS] > upto

    def _read(self) -> bool:
        frame = next(self._rest, None)
        if frame is None:
            return False
        if self.table == "speakers":
            frame = frame.filter(~pl.col("in_authority"))
        self.waiting.append(frame)
        return True

    def _joined(self) -> pl.DataFrame:
        if len(self.waiting) != 1:
            empty = pl.DataFrame(schema=column_types(self.table))
            self.waiting = [pl.concat(self.waiting) if self.waiting else empty]
        return self.waiting[0]


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
