"""A published dataset as it is compared: its tables, read some rows at a time."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.release import CURRENT
from pipeline.verify.reading import FILE_DIGITS, Unreadable, batches, open_table

# Order only, or told once for the whole dataset: a row does not change by them.
_NOT_COMPARED = {
    "quotes": ("quote_no", "extractor"),
    "topic_assignments": ("assignment_no",),
    "corrections": ("line_no",),
}
# What makes a row the same row where the key holds numbers that move when a row is added above.
_IDENTITY = {
    "quotes": ("quote_id",),
    "topic_assignments": (
        "article_id",
        "unit",
        "block_id",
        "quote_id",
        "topic_id",
        "method",
        "term_id",
        "char_start",
    ),
    "corrections": ("raw_sha256", "char_start", "char_end", "what", "old_value", "new_value"),
}
QUOTE_LINKS = ("quote_id", "parent_quote_id", "duplicate_of", "gist_quote_id", "found_quote_id")


def identity(table: str) -> tuple[str, ...]:
    """Return the columns by which a row is found again in the other dataset."""
    return _IDENTITY.get(table, TABLE_BY_NAME[table].key)


@dataclass(frozen=True)
class Release:
    """A folder with a published dataset, of this or an earlier version of the schemas."""

    folder: Path
    _columns: dict[str, dict[str, str]] = field(default_factory=dict, compare=False)

    def has(self, table: str) -> bool:
        """Tell whether the dataset has a table."""
        return (self.folder / f"{table}.parquet").exists()

    @cached_property
    def name(self) -> str | None:
        """Return the id of the release, which is a hash of its content; None: it was copied without."""
        link = self.folder / CURRENT
        return link.readlink().name if link.is_symlink() else None

    @cached_property
    def version(self) -> str | None:
        """Return the version that its data package notes; None: it notes none."""
        try:
            noted = json.loads((self.folder / "datapackage.json").read_bytes())
        except (OSError, ValueError):
            return None
        version = noted.get("version") if isinstance(noted, dict) else None
        return str(version) if version else None

    @cached_property
    def extractors(self) -> tuple[str, ...]:
        """Return the extractors that found its quotes."""
        found: set[str] = set()
        if self.has("quotes"):
            for frame in self.read("quotes", ("extractor",)):
                found.update(frame["extractor"].drop_nulls().unique())
        return tuple(sorted(found))

    def columns(self, table: str) -> dict[str, str]:
        """Return the types of the columns of a table by name, as the file has them."""
        if table not in self._columns:
            with open_table(self.folder, table) as file:
                self._columns[table] = {one.name: str(one.type) for one in file.schema_arrow}
        return self._columns[table]

    def read(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the rows of a table some thousand at a time. Raises Unreadable."""
        try:
            yield from batches(self.folder, table, columns)
        except KeyError as error:
            raise Unreadable(table, f"it has no column {error}") from None

    def take(self, table: str, columns: Sequence[str], rows: pl.Series) -> pl.DataFrame:
        """Return the rows with these numbers (from 0), with their numbers in the column `row`."""
        wanted = rows.sort()
        found: list[pl.DataFrame] = []
        at = 0
        for frame in self.read(table, columns):
            first = int(wanted.search_sorted(at))
            last = int(wanted.search_sorted(at + len(frame)))
            if last > first:
                here = wanted.slice(first, last - first)
                found.append(frame[(here - at).to_list()].with_columns(here.alias("row")))
            at += len(frame)
            if last == len(wanted):
                break
        return pl.concat(found) if found else pl.DataFrame()


def shared_columns(old: Release, new: Release, table: str) -> tuple[list[str], list[str], list[str]]:
    """Return the columns that both datasets have, those of the old alone, and those of the new alone."""
    before, after = old.columns(table), new.columns(table)
    both = [name for name in after if name in before]
    return (
        both,
        [name for name in before if name not in after],
        [name for name in after if name not in before],
    )


def compared_columns(old: Release, new: Release, table: str) -> list[str]:
    """Return the columns whose values make a row a changed one."""
    both, _, _ = shared_columns(old, new, table)
    left_out = (*_NOT_COMPARED.get(table, ()), *identity(table))
    return [name for name in both if name not in left_out]


def is_text(table: str, column: str) -> bool:
    """Tell whether a column holds whole files, which no difference repeats."""
    schema = schema_of(table).columns
    return column in schema and ((schema[column].metadata or {}).get("holds") == "file")


def file_of(article: pl.Expr) -> pl.Expr:
    """Return the digits of the raw file in the id of an article, quote or speaker."""
    return article.str.slice(0, FILE_DIGITS)


def n_rows(release: Release, table: str) -> int:
    """Return how many rows a table has."""
    return int(pq.read_metadata(release.folder / f"{table}.parquet").num_rows) if release.has(table) else 0
