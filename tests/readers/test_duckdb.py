"""`views.sql` runs in DuckDB from the folder as its first lines say: views, ready joins, comments."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.frames import TABLE_BY_NAME, schema_of


@pytest.fixture
def database(sample_dataset: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["duckdb.DuckDBPyConnection"]:
    monkeypatch.chdir(sample_dataset)
    with duckdb.connect() as connection:
        connection.sql(Path("views.sql").read_text(encoding="utf-8"))
        yield connection


def one(database: "duckdb.DuckDBPyConnection", query: str) -> object:
    [(value,)] = database.sql(query).fetchall()
    return value


def test_every_table_is_a_view_with_its_rows(
    database: "duckdb.DuckDBPyConnection", sample_dataset: Path
) -> None:
    for table in TABLE_BY_NAME:
        rows = len(pl.read_parquet(sample_dataset / f"{table}.parquet"))
        assert one(database, f"SELECT count(*) FROM {table}") == rows


def test_the_joined_views_neither_lose_nor_repeat_rows(database: "duckdb.DuckDBPyConnection") -> None:
    for view, rows in (
        ("quotes_full", "quotes"),
        ("quote_speakers_full", "quote_speakers"),
        ("quote_topics_full", "topic_assignments WHERE unit = 'quote'"),
    ):
        assert one(database, f"SELECT count(*) FROM {view}") == one(database, f"SELECT count(*) FROM {rows}")


def test_a_joined_column_has_the_name_that_the_loaders_give_it(
    database: "duckdb.DuckDBPyConnection", sample_dataset: Path
) -> None:
    from tests.readers.test_pandas import loaded

    joined = loaded(sample_dataset).join("quotes", "articles", "outlets", "speakers", "topics")
    assert database.sql("SELECT * FROM quotes_full").columns == list(joined.columns)
    found = database.sql("SELECT quote_id, outlets_name FROM quotes_full").fetchall()
    wanted = joined[["quote_id", "outlets_name"]].astype(object)
    wanted = wanted.where(wanted.notna(), None)
    assert sorted(found) == sorted(wanted.itertuples(index=False, name=None))


def test_every_column_has_its_comment(database: "duckdb.DuckDBPyConnection") -> None:
    comments = dict(
        database.sql(
            "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    )
    assert None not in comments.values()
    for table in TABLE_BY_NAME:
        for name, column in schema_of(table).columns.items():
            assert str(comments[f"{table}.{name}"]).startswith(str(column.description))
    assert comments["quotes_full.outlets_name"] == "Name of the outlet."


def test_the_first_lines_say_how_to_run_it(sample_dataset: Path) -> None:
    text = (sample_dataset / "views.sql").read_text(encoding="utf-8")
    assert "duckdb -init views.sql" in "".join(text.split("\n")[:4])
    assert not re.search(r"read_parquet\('[^']*/", text)
