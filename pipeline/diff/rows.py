"""The rows of one table that were added, are gone or changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.diff.releases import QUOTE_LINKS, Release, compared_columns, identity, is_text, shared_columns
from pipeline.frames import TABLE_BY_NAME

_AT_ONCE = 20_000

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a table in both datasets; `old` None: it was added; `new` None: it is gone.

    The rows have the key, the identity, and what causes are read from. `columns` are those that changed.
    """

    table: str
    old: Row | None
    new: Row | None
    columns: tuple[str, ...] = ()

    @property
    def change(self) -> str:
        """Return what happened."""
        return "added" if self.old is None else "gone" if self.new is None else "changed"

    def any(self, column: str) -> Any:
        """Return a value in the new dataset, or else in the old one; None where there is no such column."""
        for row in (self.new, self.old):
            if row is not None and row.get(column) is not None:
                return row[column]
        return None

    def columns_any(self, columns: frozenset[str]) -> bool:
        """Tell whether one of the columns changed."""
        return not columns.isdisjoint(self.columns)

    def both(self, column: str) -> set[Any]:
        """Return the values in both datasets that are not NULL."""
        found = {row.get(column) for row in (self.old, self.new) if row is not None}
        return {value for value in found if value is not None}


def row_changes(old: Release, new: Release, table: str, ids: Mapping[str, str]) -> Iterator[RowChange]:
    """Yield the differences of a table. `ids` are the new ids of quotes that changed theirs.

    Memory holds identity and hash of every row, and the rows that differ some thousand at a time.
    """
    if not old.has(table) or not new.has(table):
        only = new if new.has(table) else old
        if not only.has(table):
            return
        for frame in only.read(table, _told(only, table)):
            for row in frame.iter_rows(named=True):
                yield RowChange(table, None, row) if only is new else RowChange(table, row, None)
        return
    both, _, _ = shared_columns(old, new, table)
    same_by = [name for name in identity(table) if name in both]
    compared = compared_columns(old, new, table)
    types_differ = [name for name in compared if old.columns(table)[name] != new.columns(table)[name]]
    hashed = [
        _hashed(release, table, same_by, compared, types_differ, names)
        for release, names in ((old, ids), (new, {}))
    ]
    joined = hashed[0].join(hashed[1], on=["one", "two", "n"], how="full", coalesce=True, suffix="_new")
    del hashed
    differ = joined.filter(
        pl.col("hash").is_null() | pl.col("hash_new").is_null() | (pl.col("hash") != pl.col("hash_new"))
    ).select("row", "row_new")
    del joined
    differ = differ.sort(pl.coalesce("row_new", "row"), "row")
    for start in range(0, len(differ), _AT_ONCE):
        yield from _read(old, new, table, differ.slice(start, _AT_ONCE), compared, ids)


def _hashed(
    release: Release,
    table: str,
    same_by: list[str],
    compared: list[str],
    as_text: list[str],
    ids: Mapping[str, str],
) -> pl.DataFrame:
    """Return hashes of the identity and of the content of every row, and its number in the file."""
    frames = []
    at = 0
    for frame in release.read(table, [*same_by, *compared]):
        frame = _renamed(frame, ids).with_columns(pl.col(as_text).cast(pl.String))
        numbers = pl.int_range(at, at + len(frame), eager=True, dtype=pl.Int64)
        # Two hashes stand for the identity: of keys as text, memory would hold the largest table's.
        columns = {
            "one": frame.select(same_by).hash_rows(seed=1),
            "two": frame.select(same_by).hash_rows(seed=2),
            "hash": frame.select(compared).hash_rows(seed=3)
            if compared
            else pl.zeros(len(frame), pl.UInt64, eager=True),
            "row": numbers,
        }
        frames.append(pl.DataFrame(columns))
        at += len(frame)
    if not frames:
        frames.append(
            pl.DataFrame(schema={"one": pl.UInt64, "two": pl.UInt64, "hash": pl.UInt64, "row": pl.Int64})
        )
    # Rows of the same identity are told apart by their order.
    return pl.concat(frames).with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).over("one", "two").alias("n")
    )


def _renamed(frame: pl.DataFrame, ids: Mapping[str, str]) -> pl.DataFrame:
    """Return rows of the old dataset with the ids that their quotes have in the new one."""
    links = [name for name in QUOTE_LINKS if name in frame.columns]
    if not ids or not links:
        return frame
    return frame.with_columns(pl.col(links).replace(dict(ids)))


def _told(release: Release, table: str) -> list[str]:
    return [name for name in release.columns(table) if not is_text(table, name)]


def _read(
    old: Release,
    new: Release,
    table: str,
    differ: pl.DataFrame,
    compared: list[str],
    ids: Mapping[str, str],
) -> Iterator[RowChange]:
    before = _rows(old, table, differ["row"], ids)
    after = _rows(new, table, differ["row_new"], {})
    texts = tuple(name for name in compared if is_text(table, name))
    for old_row, new_row in differ.iter_rows():
        one = before.get(old_row) if old_row is not None else None
        other = after.get(new_row) if new_row is not None else None
        if one is None or other is None:
            yield RowChange(table, one, other)
            continue
        columns = tuple(
            name for name in compared if name in one and name in other and one[name] != other[name]
        )
        if columns or texts:
            yield RowChange(table, one, other, columns or texts)


def _rows(release: Release, table: str, numbers: pl.Series, ids: Mapping[str, str]) -> dict[int, Row]:
    wanted = numbers.drop_nulls()
    if not len(wanted):
        return {}
    frame = release.take(table, _told(release, table), wanted)
    links = [name for name in QUOTE_LINKS if name in frame.columns]
    kept = frame.with_columns(pl.col(name).alias(f"{name} before") for name in links) if ids else frame
    return {row.pop("row"): row for row in _renamed(kept, ids).iter_rows(named=True)}


def key_of(table: str, row: Row | None) -> str | None:
    """Return the key of a row in its own dataset, as people read it."""
    if row is None:
        return None
    names = ("quote_id",) if table == "quotes" else TABLE_BY_NAME[table].key
    cells = (row.get(f"{name} before", row.get(name)) for name in names)
    return " / ".join("" if cell is None else str(cell) for cell in cells)
