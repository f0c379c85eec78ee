"""The tables of a release, read back some hundred articles at a time."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

# Row groups of segments hold 256 to 512 articles; longer ones are read in pieces of this many.
_ARTICLES_AT_ONCE = 512
# Hex digits that all articles of one file, and so all their rows, share.
_STEM = 16


class ReleaseTables:
    """The Parquet files of a release folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, pq.ParquetFile] = {}
        self._hashes: dict[tuple[str, int], str] = {}

    def whole(self, table: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return all rows of a table."""
        return pl.read_parquet(self._folder / f"{table}.parquet", columns=list(columns) if columns else None)

    def columns(self, table: str) -> list[str]:
        """Return the names of the columns of a table."""
        return list(self._file(table).schema_arrow.names)

    def slices(self) -> list[tuple[str, str]]:
        """Return ranges of article ids (first 16 digits, both ends included) that are read together."""
        file = self._file("articles")
        found: list[tuple[str, str]] = []
        for group in range(file.metadata.num_row_groups):
            ids = file.read_row_group(group, columns=["article_id"])["article_id"].to_pylist()
            stems = list(dict.fromkeys(str(one)[:_STEM] for one in ids))
            for start in range(0, len(stems), _ARTICLES_AT_ONCE):
                piece = stems[start : start + _ARTICLES_AT_ONCE]
                # Articles of one file stand in one slice, also when a row group ends between them.
                first = piece[0] if not found or piece[0] != found[-1][1] else piece[0] + "\0"
                if first <= piece[-1]:
                    found.append((first, piece[-1]))
        return found

    def digest(self, bounds: tuple[str, str], tables: Sequence[str]) -> str:
        """Return the hash of all bytes in which rows of these articles stand, without reading the rows.

        Row groups of unchanged segments are copied as they are, so their articles keep it.
        """
        parts = [repr(bounds)]
        for table in tables:
            for group in self._groups(table, bounds):
                if (table, group) not in self._hashes:
                    self._hashes[table, group] = self._hash_of(table, group)
                parts.append(f"{table} {self._hashes[table, group]}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]

    def _hash_of(self, table: str, group: int) -> str:
        about = self._file(table).metadata.row_group(group)
        columns = [about.column(number) for number in range(about.num_columns)]
        start = min(
            place for one in columns for place in (one.dictionary_page_offset, one.data_page_offset) if place
        )
        with (self._folder / f"{table}.parquet").open("rb") as file:
            file.seek(start)
            return hashlib.blake2b(file.read(sum(one.total_compressed_size for one in columns))).hexdigest()

    def rows(self, table: str, bounds: tuple[str, str], columns: Sequence[str]) -> pl.DataFrame:
        """Return the rows of the articles in a range of ids, of a table sorted by article or quote."""
        key = self._key(table)
        read = list(dict.fromkeys([key, *columns]))
        found = pl.DataFrame(self._file(table).read_row_groups(self._groups(table, bounds), columns=read))
        stem = pl.col(key).str.slice(0, _STEM)
        return found.filter((stem >= bounds[0]) & (stem <= bounds[1])).select(columns)

    def of_quotes(self, table: str, places: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
        """Return the rows of some quotes (article_id, quote_no), reading one row group at a time."""
        keys = ["article_id", "quote_no"]
        wanted = places.select(keys).unique()
        pieces = [piece.join(wanted, on=keys, how="semi") for piece in self._pieces(table, columns)]
        return pl.concat(pieces) if pieces else self.whole(table, columns)

    def with_quote_ids(self, table: str, ids: set[str], columns: Sequence[str]) -> pl.DataFrame:
        """Return the rows of some quotes by id, reading one row group at a time."""
        wanted = pl.col("quote_id").is_in(sorted(ids))
        pieces = [piece.filter(wanted) for piece in self._pieces(table, columns)]
        return pl.concat(pieces) if pieces else self.whole(table, columns)

    def _key(self, table: str) -> str:
        return "article_id" if "article_id" in self._file(table).schema_arrow.names else "quote_id"

    def _groups(self, table: str, bounds: tuple[str, str]) -> list[int]:
        metadata = self._file(table).metadata
        column = self._file(table).schema_arrow.names.index(self._key(table))
        groups = range(metadata.num_row_groups)
        return [group for group in groups if _overlaps(metadata.row_group(group), column, bounds)]

    def _pieces(self, table: str, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        file = self._file(table)
        for group in range(file.metadata.num_row_groups):
            yield pl.DataFrame(file.read_row_group(group, columns=list(columns)))

    def _file(self, table: str) -> pq.ParquetFile:
        if table not in self._files:
            self._files[table] = pq.ParquetFile(self._folder / f"{table}.parquet")
        return self._files[table]


def _overlaps(group: pq.RowGroupMetaData, column: int, bounds: tuple[str, str]) -> bool:
    noted = group.column(column).statistics
    if noted is None or not noted.has_min_max:
        return True
    return bool(noted.max[:_STEM] >= bounds[0] and noted.min[:_STEM] <= bounds[1])
