"""Tables to Parquet: the declared types in every reader, and the same bytes however the pieces came."""

import hashlib
import itertools
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.frames import TABLE_BY_NAME, column_types, schema_of
from pipeline.publish import parquet
from pipeline.publish.parquet import Written, arrow_schema, write_tables
from tests.tables import frame, row

WHEN = datetime(2024, 3, 12, 23, 30, 15, 250, tzinfo=UTC)
NAME = "Velmar Ostin – “yes”, 是 🌾"

Piece = tuple[str, pl.DataFrame]


def articles() -> pl.DataFrame:
    """Return three articles: with every cell filled, with every NULL there may be, and filled again."""
    full = {
        "byline": NAME,
        "retrieved_at": WHEN,
        "published_date": date(2024, 3, 12),
        "redistributable": True,
    }
    return frame(
        "articles",
        row("articles", full=True, article_id=f"aa{14 * '0'}", **full),
        row("articles", article_id=f"bb{14 * '0'}"),
        row("articles", full=True, article_id=f"cc{14 * '0'}", byline="", redistributable=False),
    )


def pairs(count: int) -> pl.DataFrame:
    rows = [
        row(
            "article_pairs",
            article_id=f"{n:016x}",
            other_article_id=f"{n + 1:016x}",
            share=n / count if n % 3 else 0.5,
        )
        for n in range(count)
    ]
    return frame("article_pairs", *rows)


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def written(tmp_path: Path, pieces: Iterable[Piece]) -> Path:
    write_tables(pieces, tmp_path)
    return tmp_path


def test_a_file_is_written_for_every_table_even_if_it_is_empty(tmp_path: Path) -> None:
    noted = write_tables([], tmp_path)
    assert sorted(hashes(tmp_path)) == sorted(f"{table}.parquet" for table in TABLE_BY_NAME)
    assert noted == {table: Written(0, {}) for table in TABLE_BY_NAME}
    for table in TABLE_BY_NAME:
        found = pl.read_parquet(tmp_path / f"{table}.parquet")
        assert (dict(found.schema), len(found)) == (column_types(table), 0)


@pytest.mark.parametrize("table", TABLE_BY_NAME)
def test_every_table_comes_back_with_its_types(table: str, tmp_path: Path) -> None:
    made = frame(table, row(table, full=True), row(table))
    found = pq.read_table(written(tmp_path, [(table, made)]) / f"{table}.parquet")
    assert found.schema.equals(arrow_schema(table), check_metadata=False)
    assert found.to_pylist() == made.to_dicts()


def test_types_are_those_that_every_reader_knows() -> None:
    found = {str(field.type) for table in TABLE_BY_NAME for field in arrow_schema(table)}
    assert found == {"string", "int32", "double", "bool", "date32[day]", "timestamp[us, tz=UTC]"}


def test_fields_say_what_they_mean(tmp_path: Path) -> None:
    schema = pq.read_schema(written(tmp_path, []) / "quotes.parquet")
    offset, kind = schema.field("char_start"), schema.field("quote_type")
    assert offset.metadata == {
        b"description": b"Where the content starts.",
        b"unit": b"code points of the raw file as decoded, 0-based",
    }
    assert kind.metadata[b"levels"] == b"direct|indirect|mixed"
    assert (offset.nullable, schema.field("cue").nullable) == (False, True)
    for table in TABLE_BY_NAME:
        schema = pq.read_schema(tmp_path / f"{table}.parquet")
        for name, column in schema_of(table).columns.items():
            assert schema.field(name).metadata[b"description"].decode() == column.description
            assert schema.field(name).nullable == column.nullable


def test_metadata_is_small_and_holds_no_clock_host_or_path(tmp_path: Path) -> None:
    folder = written(tmp_path, [("articles", articles())])
    for path in folder.iterdir():
        metadata = pq.read_metadata(path).metadata
        assert set(metadata) == {b"ARROW:schema"}
        assert path.stat().st_size < 50_000
        assert str(tmp_path).encode() not in path.read_bytes()


def test_files_are_compressed_with_zstd(tmp_path: Path) -> None:
    folder = written(tmp_path, [("articles", articles())])
    group = pq.read_metadata(folder / "articles.parquet").row_group(0)
    assert {group.column(n).compression for n in range(group.num_columns)} == {"ZSTD"}


def test_null_in_a_column_that_must_not_be_null_is_refused(tmp_path: Path) -> None:
    with pytest.raises((ValueError, pa.ArrowInvalid)):
        write_tables([("articles", articles().with_columns(layout=pl.lit(None, pl.String)))], tmp_path)


def test_the_first_value_of_each_column_is_noted_as_its_example(tmp_path: Path) -> None:
    made = articles()
    noted = write_tables([("articles", made[1:2]), ("articles", made[:1]), ("articles", made[2:])], tmp_path)
    assert noted["articles"].n_rows == 3
    examples = noted["articles"].examples
    assert examples["article_id"] == f"bb{14 * '0'}"
    assert examples["byline"] == NAME
    assert examples["retrieved_at"] == WHEN
    assert examples["redistributable"] is True
    assert noted["quotes"] == Written()


def groups(path: Path) -> list[int]:
    metadata = pq.read_metadata(path)
    return [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]


@pytest.mark.parametrize(
    ("count", "expected"), [(0, []), (1, [1]), (9, [9]), (10, [10]), (11, [10, 1]), (35, [10, 10, 10, 5])]
)
def test_row_groups_have_a_fixed_number_of_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, expected: list[int]
) -> None:
    monkeypatch.setattr(parquet, "_GROUP_ROWS", 10)
    made = pairs(count)
    folder = written(tmp_path, [("article_pairs", made)])
    assert groups(folder / "article_pairs.parquet") == expected
    assert pl.read_parquet(folder / "article_pairs.parquet").equals(made)


def test_texts_come_in_smaller_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_TEXT_GROUP_ROWS", 2)
    texts = [row("article_text", article_id=f"{n:016x}", text=n * "river ") for n in range(5)]
    folder = written(tmp_path, [("article_text", frame("article_text", *texts)), ("articles", articles())])
    assert groups(folder / "article_text.parquet") == [2, 2, 1]
    assert groups(folder / "articles.parquet") == [3]


PAIRS = pairs(35)
ARTICLES = pl.concat([articles()] * 9)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 35), max_size=6), st.lists(st.integers(0, 27), max_size=6), st.randoms())
def test_the_bytes_do_not_depend_on_how_the_pieces_were_cut(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], more_cuts: list[int], shuffle: Any
) -> None:
    def cut(table: str, whole: pl.DataFrame, places: list[int]) -> list[Piece]:
        edges = [0, *sorted(places), len(whole)]
        return [(table, whole[start:end]) for start, end in itertools.pairwise(edges)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "_GROUP_ROWS", 10)
        expected = hashes(
            written(tmp_path_factory.mktemp("whole"), [("article_pairs", PAIRS), ("articles", ARTICLES)])
        )
        # Pieces of one table keep their order; those of different tables may come in any.
        queues = [cut("article_pairs", PAIRS, cuts), cut("articles", ARTICLES, more_cuts)]
        pieces: list[Piece] = []
        while any(queues):
            pieces.append(shuffle.choice([queue for queue in queues if queue]).pop(0))
        found = hashes(written(tmp_path_factory.mktemp("cut"), pieces))
    assert found == expected


def test_a_frame_of_many_chunks_gives_the_same_bytes(tmp_path: Path) -> None:
    whole, chunked = articles(), pl.concat([articles()[n : n + 1] for n in range(3)], rechunk=False)
    assert chunked.n_chunks() == 3
    for name, made in (("whole", whole), ("chunked", chunked)):
        (tmp_path / name).mkdir()
        written(tmp_path / name, [("articles", made)])
    assert hashes(tmp_path / "whole") == hashes(tmp_path / "chunked")


# What readers make of our types, with NULL, times in UTC and characters of every kind.


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return written(tmp_path, [("articles", articles()), ("article_pairs", pairs(2))]) / "articles.parquet"


COLUMNS = ("byline", "n_words", "redistributable", "analysis_date_imputed", "published_date", "retrieved_at")


def test_polars_reads_every_type(published: Path) -> None:
    found = pl.read_parquet(published)
    assert dict(found.schema) == column_types("articles")
    assert found.equals(articles())
    pair = pl.read_parquet(published.with_name("article_pairs.parquet"))
    assert pair.schema["share"] == pl.Float64


def test_pandas_reads_every_type_with_arrow_behind_it(published: Path) -> None:
    found = pd.read_parquet(published, dtype_backend="pyarrow")
    assert {name: str(found[name].dtype) for name in COLUMNS} == {
        "byline": "string[pyarrow]",
        "n_words": "int32[pyarrow]",
        "redistributable": "bool[pyarrow]",
        "analysis_date_imputed": "bool[pyarrow]",
        "published_date": "date32[day][pyarrow]",
        "retrieved_at": "timestamp[us, tz=UTC][pyarrow]",
    }
    assert found["byline"][0] == NAME
    assert found["published_date"][0] == date(2024, 3, 12)
    assert found["retrieved_at"][0] == pd.Timestamp(WHEN)
    for name in ("byline", "redistributable", "published_date", "retrieved_at"):
        assert found[name].isna().tolist() == [False, True, False]
    assert found["byline"][2] == ""
    pair = pd.read_parquet(published.with_name("article_pairs.parquet"), dtype_backend="pyarrow")
    assert str(pair["share"].dtype) == "double[pyarrow]"


def test_pandas_reads_every_value_with_its_own_types_too(published: Path) -> None:
    found = pd.read_parquet(published)
    # A flag or a day that may be NULL is a column of Python objects there, hence dtype_backend above.
    assert {name: str(found[name].dtype) for name in COLUMNS} == {
        "byline": "str",
        "n_words": "int32",
        "redistributable": "object",
        "analysis_date_imputed": "bool",
        "published_date": "object",
        "retrieved_at": "datetime64[us, UTC]",
    }
    assert found["byline"][0] == NAME
    assert found["published_date"][0] == date(2024, 3, 12)
    assert found["retrieved_at"][0] == pd.Timestamp(WHEN)
    assert found["redistributable"].tolist() == [True, None, False]
    assert found["retrieved_at"].isna().tolist() == [False, True, False]
    assert found["byline"].isna().tolist() == [False, True, False]
    pair = pd.read_parquet(published.with_name("article_pairs.parquet"))
    assert str(pair["share"].dtype) == "float64"


def test_duckdb_reads_every_type(published: Path) -> None:
    with duckdb.connect() as base:
        base.execute("SET TimeZone = 'UTC'")
        kinds = base.execute(f"DESCRIBE SELECT * FROM '{published}'").fetchall()
        found = base.execute(f"SELECT {', '.join(COLUMNS)} FROM '{published}' ORDER BY article_id").fetchall()
        stamps = base.execute(f"SELECT epoch_us(retrieved_at) FROM '{published}'").fetchall()
        pair = base.execute(
            f"DESCRIBE SELECT share FROM '{published.with_name('article_pairs.parquet')}'"
        ).fetchall()
    types = {line[0]: line[1] for line in kinds}
    assert list(types) == list(schema_of("articles").columns)
    assert {name: types[name] for name in COLUMNS} == {
        "byline": "VARCHAR",
        "n_words": "INTEGER",
        "redistributable": "BOOLEAN",
        "analysis_date_imputed": "BOOLEAN",
        "published_date": "DATE",
        "retrieved_at": "TIMESTAMP WITH TIME ZONE",
    }
    assert pair[0][1] == "DOUBLE"
    assert found[0][:5] == (NAME, 1, True, True, date(2024, 3, 12))
    assert found[1][0] is None
    assert found[1][2] is None
    assert found[1][4:] == (None, None)
    assert stamps[0][0] == int(WHEN.timestamp()) * 1_000_000 + 250


def test_duckdb_can_name_every_column_of_every_table_without_quoting(tmp_path: Path) -> None:
    written(tmp_path, [])
    with duckdb.connect() as base:
        for table, model in TABLE_BY_NAME.items():
            names = ", ".join(schema_of(table).columns)
            order = ", ".join(model.key)
            path = tmp_path / f"{table}.parquet"
            assert base.execute(f"SELECT {names} FROM '{path}' ORDER BY {order}").fetchall() == []


def test_the_schema_of_the_writer_is_kept_for_readers_of_arrow(tmp_path: Path) -> None:
    folder = written(tmp_path, [("articles", articles())])
    assert pq.read_schema(folder / "articles.parquet").equals(arrow_schema("articles"), check_metadata=False)
    # No index of pandas, no private types of polars.
    assert json.dumps(str(pq.read_schema(folder / "articles.parquet").metadata)) == '"None"'
