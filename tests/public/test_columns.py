"""Every text column says whose words it holds, so that none is published by oversight."""

from typing import get_args

import polars as pl
import pytest

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.public.edition import by_article_tables
from pipeline.verify.reading import holds
from schemas.table import Holds

COLUMNS = [(table, name) for table in TABLE_BY_NAME for name in schema_of(table).columns]


def is_text(table: str, name: str) -> bool:
    return bool(schema_of(table).columns[name].dtype.type == pl.String)


@pytest.mark.parametrize(("table", "name"), [(t, n) for t, n in COLUMNS if is_text(t, n)])
def test_a_text_column_is_of_a_vocabulary_or_pattern_or_says_what_it_holds(table: str, name: str) -> None:
    column = schema_of(table).columns[name]
    is_closed = any({"allowed_values", "pattern"} & set(check.statistics) for check in column.checks)
    is_ours = TABLE_BY_NAME[table].stage == "authority"
    assert (column.metadata or {})["holds"] in get_args(Holds) or is_closed or is_ours


def test_only_text_columns_say_it() -> None:
    for table, name in COLUMNS:
        if not is_text(table, name):
            assert (schema_of(table).columns[name].metadata or {})["holds"] is None


def test_words_in_other_tables_are_those_of_spans_of_quotes() -> None:
    of_articles = {"file", "span", "content", "cue", "source", "page"}
    others = [(t, n) for t, n in COLUMNS if holds(t, n) in of_articles and t not in by_article_tables()]
    assert others == [("statement_quotes", "said_text")]
    assert {"quote_id", "char_start", "char_end"} <= set(schema_of("statement_quotes").columns)


def test_what_is_cut_to_nothing_may_be_a_mark_or_null() -> None:
    for table, name in COLUMNS:
        if holds(table, name) == "person":
            assert schema_of(table).columns[name].nullable
