"""Row groups are copied as they are: what readers see is the rows of the files, one file after the other."""

import json
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.frames import TABLE_BY_NAME
from pipeline.publish.parquet import encode
from pipeline.publish.row_groups import Footer, JoinedFile
from tests.tables import frame, row

CELLS = st.fixed_dictionaries(
    {
        "text": st.none() | st.text(max_size=20),
        "number": st.none() | st.integers(-(2**31), 2**31 - 1),
        "share": st.none() | st.floats(allow_nan=False),
        "known": st.none() | st.booleans(),
    }
)
SCHEMA = pa.schema(
    [("text", pa.string()), ("number", pa.int32()), ("share", pa.float64()), ("known", pa.bool_())]
)


def as_file(rows: pa.Table, group: int = 1_000) -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(rows, out, row_group_size=group, compression="zstd")
    content: bytes = out.getvalue().to_pybytes()
    return content


def join(path: Path, *files: bytes) -> Path:
    joined = JoinedFile(path)
    for content in files:
        joined.add(content)
    joined.finish()
    joined.close()
    return path


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(CELLS, max_size=7), min_size=1, max_size=4), st.integers(1, 4))
def test_rows_come_back_in_the_order_of_the_files(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[list[dict[str, object]]], group: int
) -> None:
    files = [as_file(pa.Table.from_pylist(rows, SCHEMA), group) for rows in pieces]
    path = join(tmp_path_factory.mktemp("joined") / "rows.parquet", *files)
    expected = [cells for rows in pieces for cells in rows]
    assert pq.read_table(path).to_pylist() == expected
    assert pl.read_parquet(path).to_dicts() == expected


@pytest.mark.parametrize("table", TABLE_BY_NAME)
def test_a_table_comes_out_as_it_went_in(tmp_path: Path, table: str) -> None:
    content = encode(table, frame(table, row(table, full=True), row(table))).content
    assert join(tmp_path / "one.parquet", content).read_bytes() == content


@pytest.mark.parametrize("table", TABLE_BY_NAME)
def test_a_footer_can_be_kept_as_json(table: str) -> None:
    footer = Footer.of(encode(table, frame(table, row(table, full=True), row(table))).content)
    assert Footer.of_json(json.loads(json.dumps(footer.as_json()))) == footer


def test_a_kept_footer_joins_the_same_file(tmp_path: Path) -> None:
    first, second = (as_file(pa.table({"number": range(start, start + 9)}), 4) for start in (0, 9))
    joined = JoinedFile(tmp_path / "kept.parquet")
    for content in (first, second):
        joined.add(content, Footer.of_json(Footer.of(content).as_json()))
    joined.finish()
    joined.close()
    read_anew = join(tmp_path / "read.parquet", first, second)
    assert (tmp_path / "kept.parquet").read_bytes() == read_anew.read_bytes()


def test_one_file_comes_out_as_it_went_in(tmp_path: Path) -> None:
    content = as_file(pa.table({"number": range(10)}), 4)
    path = join(tmp_path / "one.parquet", content)
    assert path.read_bytes() == content


def test_the_places_of_row_groups_are_true(tmp_path: Path) -> None:
    first, second = (as_file(pa.table({"number": range(start, start + 9)}), 4) for start in (0, 9))
    path = join(tmp_path / "both.parquet", first, second)
    metadata = pq.read_metadata(path)
    assert (metadata.num_rows, metadata.num_row_groups) == (18, 6)
    # Each group is found by its place alone.
    groups = [pq.ParquetFile(path).read_row_group(number)["number"].to_pylist() for number in range(6)]
    assert groups == [[0, 1, 2, 3], [4, 5, 6, 7], [8], [9, 10, 11, 12], [13, 14, 15, 16], [17]]
    with duckdb.connect() as base:
        assert base.execute(f"SELECT number FROM '{path}' WHERE number > 15").fetchall() == [(16,), (17,)]


def test_the_description_of_the_fields_stays(tmp_path: Path) -> None:
    content = encode("quotes", frame("quotes", row("quotes"))).content
    path = join(tmp_path / "quotes.parquet", content, content)
    assert pq.read_schema(path).field("char_start").metadata[b"description"] == (b"Where the content starts.")


def test_a_file_of_another_schema_is_refused(tmp_path: Path) -> None:
    joined = JoinedFile(tmp_path / "x.parquet")
    joined.add(as_file(pa.table({"number": [1]})))
    with pytest.raises(ValueError, match="another schema"):
        joined.add(as_file(pa.table({"number": ["1"]})))
    joined.close()


def test_page_indexes_are_refused(tmp_path: Path) -> None:
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({"number": [1]}), out, write_page_index=True)
    joined = JoinedFile(tmp_path / "x.parquet")
    with pytest.raises(ValueError, match="page indexes"):
        joined.add(out.getvalue().to_pybytes())
    joined.close()


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1PAR1", b"no Parquet at all", b"PAR1" + 9 * b"x"])
def test_what_is_no_parquet_file_is_refused(tmp_path: Path, content: bytes) -> None:
    joined = JoinedFile(tmp_path / "x.parquet")
    with pytest.raises(ValueError, match=r"not a Parquet file|not understood"):
        joined.add(content)
    joined.close()


def test_a_file_needs_a_schema(tmp_path: Path) -> None:
    joined = JoinedFile(tmp_path / "x.parquet")
    with pytest.raises(ValueError, match="no file gave a schema"):
        joined.finish()
    joined.close()
