"""Rows to frames: the right types, the declared columns, and a message that finds the bad row."""

import re
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipeline.document import Row
from pipeline.frames import (
    TABLE_BY_NAME,
    InvalidDataset,
    column_types,
    schema_of,
    stage_columns,
    stage_frame,
    stage_tables,
    validate,
)
from pipeline.stages import STAGE_NAMES
from tests.tables import ARTICLE, frame, row


def broken(table: str, made: pl.DataFrame, columns: tuple[str, ...] | None = None) -> InvalidDataset:
    with pytest.raises(InvalidDataset) as caught:
        validate(table, made, columns)
    return caught.value


@pytest.mark.parametrize("table", TABLE_BY_NAME)
def test_rows_of_every_table_with_and_without_null_are_accepted(table: str) -> None:
    validate(table, frame(table, row(table)))
    validate(table, frame(table, row(table, full=True)))
    validate(table, frame(table))


def test_the_columns_of_a_stage_are_those_that_it_fills() -> None:
    assert stage_columns("blocks", "articles") == tuple(schema_of("blocks").columns)
    assert stage_columns("blocks", "quotes") == ()
    articles = stage_columns("articles", "articles")
    assert {"raw_path", "n_quotes"} == set(schema_of("articles").columns) - set(articles)
    assert stage_columns("articles", "combine") == ("article_id", "raw_path", "n_quotes")
    assert stage_columns("quotes", "topics") == (
        "quote_id",
        "said_date",
        "said_date_basis",
        "event_id",
        "event_basis",
        "illocution",
        "illocution_evidence",
        "topic_primary",
        "topics",
        "duplicate_of",
    )


def test_the_stages_fill_every_column_once() -> None:
    for table, model in TABLE_BY_NAME.items():
        filled = [
            name
            for stage in (*STAGE_NAMES, "combine", "authority")
            for name in stage_columns(table, stage)
            if stage == model.stage or name not in ("quote_id", *model.key)
        ]
        assert sorted(filled) == sorted(schema_of(table).columns), table


def test_the_tables_of_a_stage() -> None:
    assert stage_tables("articles") == ("articles", "article_authors", "article_text", "blocks")
    assert stage_tables("quotes") == ("quotes", "quote_spans", "quote_speakers", "speakers")
    assert stage_tables("topics") == ("quotes", "topic_assignments")


def test_types_come_in_the_order_of_the_schema_or_as_asked() -> None:
    assert list(column_types("speaker_roles").items()) == [
        ("speaker_id", pl.String),
        ("role", pl.String),
        ("organisation", pl.String),
        ("valid_from", pl.Date),
        ("valid_to", pl.Date),
    ]
    assert column_types("articles", ["retrieved_at", "n_words"]) == {
        "retrieved_at": pl.Datetime("us", "UTC"),
        "n_words": pl.Int32,
    }


def block(number: int, **cells: Any) -> Row:
    return row("blocks", block_id=f"{ARTICLE}:{number}", block_no=number, **cells)


def test_rows_of_a_stage_become_a_frame_with_its_columns_and_nothing_else() -> None:
    made = stage_frame("blocks", "articles", [block(1) | {"note": "not of the table"}, block(2)])
    assert dict(made.schema) == column_types("blocks")
    assert made["block_no"].to_list() == [1, 2]
    assert stage_frame("blocks", "articles", []).schema == made.schema


def test_a_row_that_lacks_a_column_is_an_error() -> None:
    lacking = block(1)
    del lacking["layout_rule"]
    with pytest.raises(KeyError, match="layout_rule"):
        stage_frame("blocks", "articles", [lacking])


@pytest.mark.parametrize("cells", [{"char_start": "0"}, {"char_start": 2**31}, {"layout_rule": 5}])
def test_a_value_of_another_type_is_an_error_and_is_not_converted(cells: Row) -> None:
    with pytest.raises((TypeError, pl.exceptions.PolarsError, OverflowError)):
        stage_frame("blocks", "articles", [block(1, **cells)])


def test_a_broken_rule_is_told_with_table_column_rule_and_row() -> None:
    error = broken("blocks", frame("blocks", block(1), block(2, char_start=-5)))
    assert (error.table, error.column) == ("blocks", "char_start")
    assert error.rule == "greater_than_or_equal_to(0); found '-5' (1 rows)"
    assert str(error) == (
        "table blocks, column char_start: greater_than_or_equal_to(0); found '-5' (1 rows)\n"
        f"  block_id='{ARTICLE}:2', article_id='{ARTICLE}', block_no=2, block_type='blank', char_start=-5, "
        "char_end=1, layout_rule='Velmar Ostin – “yes”, 是'"
    )


def test_of_many_bad_rows_three_are_shown_and_all_are_counted() -> None:
    made = frame("blocks", *(block(number, block_type="poem") for number in range(1, 8)), block(8))
    error = broken("blocks", made)
    assert error.rule.startswith("isin(['header_field', 'headline',")
    assert error.rule.endswith("found 'poem' (7 rows)")
    assert re.findall(r"block_no=(\d)", str(error)) == ["1", "2", "3"]


def test_long_values_and_null_are_left_out_of_the_message() -> None:
    made = frame("article_text", row("article_text", article_id="no id", text=1000 * "The river rose. "))
    error = broken("article_text", made)
    assert len(str(error)) < 300
    assert str(error).endswith("text='The river rose. The river rose. The river rose. The…")
    people = frame("speakers", row("speakers", speaker_type="ghost"))
    assert "gender" not in str(broken("speakers", people))


@pytest.mark.parametrize(
    ("table", "cells", "column", "rule"),
    [
        ("blocks", {"layout_rule": None}, "layout_rule", "not_nullable"),
        ("articles", {"article_id": "ABCDEF0123456789"}, "article_id", "str_matches"),
        ("articles", {"raw_sha256": 63 * "0"}, "raw_sha256", "str_matches"),
        ("articles", {"encoding": "latin-1"}, "encoding", "isin"),
        ("articles", {"published_edtf": "12 March"}, "published_edtf", "str_matches"),
        ("articles", {"language": "eng"}, "language", "str_matches"),
        ("quotes", {"confidence": 1.01}, "confidence", "less_than_or_equal_to(1)"),
        ("quotes", {"confidence": float("nan")}, "confidence", "less_than_or_equal_to(1)"),
        ("quotes", {"cue_polarity": 2}, "cue_polarity", "isin([-1, 0, 1])"),
        ("quotes", {"n_spans": 0}, "n_spans", "greater_than_or_equal_to(1)"),
        ("speakers", {"wikidata_qid": "Q0"}, "wikidata_qid", "str_matches"),
        ("outlets", {"country": "Kestrova"}, "country", "str_matches"),
        ("topic_terms", {"weight": 0.0}, "weight", "greater_than(0)"),
    ],
)
def test_values_that_the_schema_does_not_allow(table: str, cells: Row, column: str, rule: str) -> None:
    error = broken(table, frame(table, row(table, **cells)))
    assert (error.table, error.column) == (table, column)
    assert error.rule.startswith(rule)


def test_columns_that_are_missing_unknown_misplaced_or_of_another_type() -> None:
    made = frame("blocks", block(1))
    for changed, rule in (
        (made.drop("layout_rule"), "column_in_dataframe; found 'layout_rule'"),
        (made.with_columns(note=pl.lit("x")), "column_in_schema; found 'note'"),
        (made.select(reversed(made.columns)), "column_ordered; found 'layout_rule'"),
        (made.with_columns(pl.col("block_no").cast(pl.Int64)), "dtype('Int32'); found 'Int64'"),
        (
            made.with_columns(pl.col("block_type").cast(pl.Categorical)),
            "dtype('String'); found 'Categorical'",
        ),
    ):
        error = broken("blocks", changed)
        assert error.table == "blocks"
        assert error.rule.startswith(rule)
        assert error.rule.endswith("(1 rows)")


def test_a_key_of_several_columns_may_stand_once() -> None:
    authors = [
        row("article_authors", author_no=number, name=name) for number, name in ((1, "A"), (2, "B"), (1, "C"))
    ]
    validate("article_authors", frame("article_authors", *authors[:2]))
    error = broken("article_authors", frame("article_authors", *authors))
    assert (error.column, error.rule) == ("article_id, author_no", "the key stands twice")
    assert "name='A'" in str(error)
    assert "name='C'" in str(error)
    assert "name='B'" not in str(error)


def test_a_key_with_null_may_stand_once_too() -> None:
    role = row("speaker_roles", role="Mayor")
    validate("speaker_roles", frame("speaker_roles", role, role | {"valid_from": date(2024, 1, 1)}))
    assert broken("speaker_roles", frame("speaker_roles", role, role)).rule == "the key stands twice"


def test_an_id_that_has_to_be_unique_may_stand_once() -> None:
    twice = [block(1), block(2) | {"block_id": f"{ARTICLE}:1"}]
    error = broken("blocks", frame("blocks", *twice))
    assert (error.column, error.rule) == ("block_id", f"field_uniqueness; found '{ARTICLE}:1' (2 rows)")


def test_the_columns_of_a_stage_are_checked_alone() -> None:
    columns = stage_columns("quotes", "topics")
    made = frame("quotes", row("quotes")).select(columns)
    validate("quotes", made, columns)
    bad = made.with_columns(illocution=pl.lit("poem"))
    assert broken("quotes", bad, columns).column == "illocution"
    assert broken("quotes", made).rule.startswith("column_in_dataframe")
    twice = pl.concat([made, made])
    assert broken("quotes", twice, columns).column == "quote_id"
