"""`verify`: what it proves, and exactly what it says when one thing is not as it was built."""

import hashlib
import shutil
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.__main__ import main
from pipeline.frames import TABLE_BY_NAME
from pipeline.verify import table_proof
from pipeline.verify.reading import by_articles
from pipeline.verify.text_proof import tables_with_offsets
from tests.built import change, copied, drop_row
from tests.workshop import Workshop

REBUILD = "build the dataset again, or fetch it again from where you have it."
PUT_BACK = "put the file back as it was, or build again."


@pytest.fixture
def copy(dataset: Workshop, tmp_path: Path) -> Workshop:
    return copied(dataset, tmp_path / "copy")


def verify(workshop: Workshop) -> int:
    return main(["verify", "--raw", str(workshop.raw), "--processed", str(workshop.processed)])


def told(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the lines of a run that has to find something wrong."""
    capsys.readouterr()
    assert verify(workshop) == 1
    return [
        line for line in capsys.readouterr().err.splitlines() if not line.startswith(("tables:", "raw f"))
    ]


def test_a_fresh_dataset_is_proved_with_counts(dataset: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert verify(dataset) == 0
    said = capsys.readouterr().err
    articles, sources = dataset.table("articles"), dataset.table("sources")
    offsets = sum(
        2 * dataset.table(table)["char_start"].drop_nulls().len() for table in tables_with_offsets()
    )
    assert f"{len(sources):,} raw files are in sources" in said
    assert f"{len(articles):,} articles have the text of {len(articles):,} raw files" in said
    assert f"{len(dataset.table('blocks')):,} blocks cover them without gap or overlap" in said
    n_tables = sum(len(dataset.table(table)) > 0 for table in tables_with_offsets())
    assert n_tables >= 5
    assert f"{offsets:,} offsets in {n_tables} tables stand in {len(articles):,} files" in said
    assert said.splitlines()[-1].startswith(f"{dataset.processed} is proved (")


def test_every_encoding_is_proved(dataset: Workshop) -> None:
    assert set(dataset.table("articles")["encoding"]) == {"utf-8", "utf-8-bom", "utf-16-le", "cp1252"}


def test_it_needs_neither_the_links_nor_the_cache_of_the_build(copy: Workshop) -> None:
    assert not list(copy.processed.glob(".current"))
    assert verify(copy) == 0


def test_the_offsets_are_found_by_the_schemas() -> None:
    wanted = {
        table
        for table, model in TABLE_BY_NAME.items()
        if {"char_start", "char_end"} <= set(model.to_schema().columns)
    }
    assert set(tables_with_offsets()) == wanted
    assert "statement_quotes" in wanted


def raw_file(workshop: Workshop, n: int = 0) -> tuple[Path, str]:
    row = workshop.table("articles").row(n, named=True)
    return workshop.raw / row["raw_path"], row["raw_path"]


def test_a_flipped_byte_of_a_raw_file(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    path, shown = raw_file(copy)
    content = bytearray(path.read_bytes())
    before = hashlib.sha256(content).hexdigest()
    content[30] ^= 1
    path.write_bytes(content)
    now = hashlib.sha256(content).hexdigest()
    assert told(copy, capsys) == [
        f"{shown}: its SHA-256 is {now}, and its row of sources says {before}: {PUT_BACK}",
        f"{shown}: its SHA-256 is {now}, and articles.raw_sha256 says {before}: {PUT_BACK}",
        "not proved: 2 problems",
    ]


def test_a_longer_raw_file(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    path, shown = raw_file(copy)
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + b"!")
    assert f"{shown}: it has {size + 1:,} bytes, and its row of sources says {size:,}: {PUT_BACK}" in told(
        copy, capsys
    )


def test_a_removed_raw_file(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    path, shown = raw_file(copy)
    path.unlink()
    article = copy.table("articles")["article_id"][0]
    n_files = len(copy.table("sources")) - 1
    assert told(copy, capsys) == [
        f"{shown}: the raw file of a row of sources is not there: {PUT_BACK}",
        f"sources.parquet, table sources: it has {n_files + 1} rows, and {n_files} files lie under the raw "
        f"folder: {REBUILD}",
        f"{shown}: the file of article {article} cannot be read (No such file or directory): {PUT_BACK}",
        "not proved: 3 problems",
    ]


def test_an_added_raw_file(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    (copy.raw / "sample" / "added.txt").write_text("new")
    assert told(copy, capsys)[0] == "sample/added.txt: no row of sources names the file: build again."


def test_a_raw_file_that_became_a_link_out_of_the_folder(
    copy: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, shown = raw_file(copy)
    shutil.move(path, tmp_path / "outside.txt")
    path.symlink_to(tmp_path / "outside.txt")
    assert f"{shown}: it cannot be read (the path leads out of the raw folder): {PUT_BACK}" in told(
        copy, capsys
    )


def test_a_path_of_the_tables_that_leads_out_is_not_opened(
    copy: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(raw_file(copy)[0], copy.raw.parent / "secret.txt")
    change(copy.processed / "articles.parquet", "raw_path", 0, "../secret.txt")
    article = copy.table("articles")["article_id"][0]
    said = told(copy, capsys)
    assert (
        f"../secret.txt: the file of article {article} cannot be read (the path leads out of the raw "
        f"folder): {PUT_BACK}"
    ) in said
    assert any("raw_path '../secret.txt' stands nowhere in sources.raw_path" in line for line in said)


def span_row(workshop: Workshop) -> dict[str, object]:
    return workshop.table("quote_spans").row(3, named=True)


def test_a_moved_offset_of_a_span(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    row = span_row(copy)
    start = int(str(row["char_start"]))
    change(copy.processed / "quote_spans.parquet", "char_start", 3, start + 1)
    key = f"quote_id={row['quote_id']!r}, span_role={row['span_role']!r}, span_no={row['span_no']}"
    assert told(copy, capsys)[0] == (
        f"quote_spans.parquet, table quote_spans, row {key}: span_text is not what stands in the raw text at "
        f"{start + 1}:{row['char_end']}: {REBUILD}"
    )


def test_an_offset_behind_the_end(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    row = copy.table("topic_assignments").row(0, named=True)
    change(copy.processed / "topic_assignments.parquet", "char_end", 0, 9_999_999)
    [first, *_] = told(copy, capsys)
    assert first.startswith(
        f"topic_assignments.parquet, table topic_assignments, row article_id={row['article_id']!r}, "
        f"assignment_no=1: char_start {row['char_start']} and char_end 9999999 are no place in the text, "
    )


@pytest.mark.parametrize(
    ("column", "role"), [("quote_text", "content"), ("cue", "cue"), ("source_mention", "source")]
)
def test_a_changed_text_of_a_quote(
    copy: Workshop, column: str, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    quotes = copy.table("quotes")
    number = next(n for n, value in enumerate(quotes[column]) if value is not None)
    row = quotes.row(number, named=True)
    change(copy.processed / "quotes.parquet", column, number, "what nobody said")
    assert told(copy, capsys) == [
        f"quotes.parquet, table quotes, row article_id={row['article_id']!r}, quote_no={row['quote_no']}: "
        f"{column} is not its {role} spans of quote_spans joined: {REBUILD}",
        "not proved: 1 problem",
    ]


def test_a_changed_article_text(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    row = copy.table("article_text").row(0, named=True)
    change(copy.processed / "article_text.parquet", "text", 0, row["text"][:7] + "¿" + row["text"][8:])
    assert told(copy, capsys)[0] == (
        f"article_text.parquet, table article_text, row article_id={row['article_id']!r}: text is not the "
        f"raw bytes decoded (first difference at offset 7): {REBUILD}"
    )


def test_another_encoding(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    articles = copy.table("articles")
    number = articles["raw_path"].to_list().index("latin.txt")
    change(copy.processed / "articles.parquet", "encoding", number, "utf-8")
    assert told(copy, capsys)[0] == (
        f"latin.txt: the file of article {articles['article_id'][number]} cannot be read (its bytes are not "
        f"utf-8 at byte 2): {PUT_BACK}"
    )


def test_blocks_that_leave_a_gap(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    row = copy.table("blocks").row(2, named=True)
    change(copy.processed / "blocks.parquet", "char_start", 2, row["char_start"] + 1)
    assert told(copy, capsys)[0] == (
        f"blocks.parquet, table blocks, row article_id={row['article_id']!r}, block_no={row['block_no']}: "
        f"the blocks do not tile the text: the one before ends at {row['char_start']}, this one starts at "
        f"{row['char_start'] + 1}: {REBUILD}"
    )


def test_a_dropped_row_that_others_point_to(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    quotes = copy.table("quotes")
    lost = quotes["quote_id"][0]
    drop_row(copy.processed / "quotes.parquet", 0)
    said = told(copy, capsys)
    spans = copy.table("quote_spans").filter(quote_id=lost)
    wanted = f"quote_id {lost!r} stands nowhere in quotes.quote_id: {REBUILD}"
    assert sum(line.startswith("quote_spans.parquet") and line.endswith(wanted) for line in said) == len(
        spans
    )


def test_a_row_that_stands_twice(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy.processed / "topics.parquet"
    table = pq.read_table(path)
    pq.write_table(pa.concat_tables([table, table.slice(0, 1)]), path)
    said = told(copy, capsys)
    first = table["topic_id"][0].as_py()
    assert any(
        line.startswith(
            f"topics.parquet, table topics, row topic_id={first!r}: the key topic_id stands twice"
        )
        for line in said
    )


def test_another_type(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy.processed / "blocks.parquet"
    table = pq.read_table(path)
    place = table.schema.get_field_index("char_end")
    pq.write_table(table.set_column(place, "char_end", table["char_end"].cast(pa.int64())), path)
    assert told(copy, capsys) == [
        "blocks.parquet, table blocks: column char_end has the type int64, and the schema says int32: "
        f"{REBUILD}",
        "not proved: 1 problem",
        "texts and offsets were not looked at: mend the tables first",
    ]


def test_a_value_that_is_not_in_the_vocabulary(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy.processed / "quotes.parquet", "quote_type", 0, "hearsay")
    [first, *_] = told(copy, capsys)
    assert first.startswith("quotes.parquet, table quotes: table quotes, column quote_type: isin(")
    assert "found 'hearsay' (1 rows)" in first


def test_a_missing_and_a_damaged_table(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    (copy.processed / "cues.parquet").unlink()
    (copy.processed / "topics.parquet").write_bytes(b"PAR1 no more")
    said = told(copy, capsys)
    assert f"cues.parquet, table cues: it is not there: {REBUILD}" in said
    assert any(line.startswith("topics.parquet, table topics: ") for line in said)


def test_a_dictionary_without_a_column(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy.processed / "data_dictionary.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("quotes,cue,")), encoding="utf-8")
    assert told(copy, capsys)[0] == f"data_dictionary.csv: it does not list quotes.cue: {REBUILD}"


def test_a_table_in_another_order_is_proved_too(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    row = copy.table("statement_quotes").row(4, named=True)
    key = (
        f"statement_id={row['statement_id']!r}, quote_id={row['quote_id']!r}, char_start={row['char_start']}"
    )
    change(copy.processed / "statement_quotes.parquet", "char_end", 4, row["char_end"] - 1)
    assert told(copy, capsys) == [
        f"statement_quotes.parquet, table statement_quotes, row {key}: said_text is not what stands in the "
        f"raw text at {row['char_start']}:{row['char_end'] - 1}: {REBUILD}",
        "not proved: 1 problem",
    ]


def test_only_the_first_problems_are_shown(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy.processed / "blocks.parquet"
    table = pq.read_table(path)
    place = table.schema.get_field_index("block_id")
    ids = pa.array(["0" * 16 + ":1"] * len(table), pa.string())
    pq.write_table(table.set_column(place, table.schema.field(place), ids), path)
    said = told(copy, capsys)
    shown = [line for line in said if line.startswith(("quotes.parquet", "quote_spans", "blocks", "topic_"))]
    assert len(shown) == 50
    assert "more are not shown" in said[-1]


def test_hostile_text_moves_no_cursor(copy: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    change(copy.processed / "articles.parquet", "raw_path", 0, "\x1b[2J\u202egone")
    said = "\n".join(told(copy, capsys))
    assert "\x1b" not in said and "\u202e" not in said


def test_large_tables_are_read_in_parts(
    copy: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(table_proof, "_VALUES", 20)
    assert verify(copy) == 0
    lost = copy.table("quotes")["block_id"][0]
    drop_row(copy.processed / "blocks.parquet", copy.table("blocks")["block_id"].to_list().index(lost))
    assert any(f"block_id {lost!r} stands nowhere in blocks.block_id" in line for line in told(copy, capsys))


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_the_articles_come_with_all_their_rows_however_many_at_once(dataset: Workshop, at_once: int) -> None:
    tables = ("article_text", "quotes", "quote_spans", "blocks", "topic_assignments")
    chunks = list(by_articles(dataset.processed, tables, at_once=at_once))
    for table in ("articles", *tables):
        assert pl.concat([chunk[table] for chunk in chunks]).equals(dataset.table(table))
    for chunk in chunks:
        here = set(chunk["articles"]["article_id"])
        assert set(chunk["quotes"]["article_id"]) | set(chunk["blocks"]["article_id"]) <= here
        assert {quote_id.partition(":")[0] for quote_id in chunk["quote_spans"]["quote_id"]} <= here


def test_no_raw_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--raw", str(tmp_path / "raw"), "--processed", str(tmp_path)]) == 1
    assert "does not exist or is no folder: name the folder with --raw." in capsys.readouterr().err


def test_another_raw_folder(dataset: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.txt").write_text("Nothing of it.", encoding="utf-8")
    assert main(["verify", "--raw", str(tmp_path), "--processed", str(dataset.processed)]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"no raw file of the dataset lies in {tmp_path}: name the folder that it was built from with --raw"
    )
