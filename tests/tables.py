"""Rows that the schemas accept, for tests that need a table and care for a few of its cells only."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from pipeline.document import Row
from pipeline.frames import column_types, schema_of
from schemas.quotes import QUOTE_ID
from schemas.table import AUTHORITY_ID, COUNTRY, EDTF_DAY, ID, SHA256

ARTICLE = "ab" + 14 * "0"

_MATCHING = {
    ID: ARTICLE,
    SHA256: "ab" + 62 * "0",
    QUOTE_ID: f"{ARTICLE}:{12 * '0'}",
    AUTHORITY_ID: "kestrova",
    COUNTRY: "XKE",
    EDTF_DAY: "2024-03-12",
    r"^[a-z]{2}$": "en",
    r"^20[0-9]{6}$": "20000001",
    r"^[0-9]{3,4}$": "1900",
    r"^Q[1-9][0-9]*$": "Q42",
    r"^[^\W\d_]+( [^\W\d_]+)*$": "title",
}
_BY_TYPE: dict[Any, Any] = {
    pl.String: "Velmar Ostin – “yes”, 是",
    pl.Int32: 1,
    pl.Float64: 0.25,
    pl.Boolean: True,
    pl.Date: date(2024, 3, 12),
    pl.Datetime: datetime(2024, 3, 12, 23, 30, 15, 250, tzinfo=UTC),
}


def row(table: str, *, full: bool = False, **cells: Any) -> Row:
    """Return a row of a table: these cells, NULL where it is allowed (unless full), else some valid value."""
    made: Row = {}
    for name, column in schema_of(table).columns.items():
        if column.nullable and not full:
            made[name] = None
            continue
        made[name] = _BY_TYPE[column.dtype.type.base_type()]
        for check in column.checks:
            if "pattern" in check.statistics:
                made[name] = _MATCHING[check.statistics["pattern"]]
            elif "allowed_values" in check.statistics:
                made[name] = check.statistics["allowed_values"][-1]
    assert set(cells) <= set(made), f"{table} has no column {set(cells) - set(made)}"
    return made | cells


def frame(table: str, *rows: Row) -> pl.DataFrame:
    """Return rows as a frame with the types of the table."""
    return pl.DataFrame(list(rows), schema=column_types(table), orient="row")
