"""The rules that every table of the dataset keeps."""

import re
from typing import Any

import polars as pl
import pytest

from pipeline.frames import schema_of
from schemas import TABLES, sources
from schemas.table import Table

ALLOWED_TYPES = {pl.String, pl.Int32, pl.Float64, pl.Boolean, pl.Date, pl.Datetime("us", "UTC")}
STAGES = {"articles", "quotes", "topics", "combine", "authority"}

each_table = pytest.mark.parametrize("model", TABLES, ids=[model.table_name for model in TABLES])


def columns(model: type[Table]) -> dict[str, Any]:
    return dict(model.to_schema().columns)


BY_NAME = {model.table_name: model for model in TABLES}
ALL_COLUMNS: dict[str, Any] = {
    f"{model.table_name}.{name}": made for model in TABLES for name, made in columns(model).items()
}


def test_every_table_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(TABLES) == 28
    for name in BY_NAME:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)


@each_table
def test_a_table_says_what_it_is(model: type[Table]) -> None:
    assert model.__doc__
    first = model.__doc__.split("\n\n")[0].strip()
    assert first.endswith(".")
    assert model.stage in STAGES


@each_table
def test_the_columns_of_the_key_exist(model: type[Table]) -> None:
    assert model.key
    assert set(model.key) <= set(columns(model))


@each_table
def test_links_lead_to_columns_that_exist_and_have_the_same_type(model: type[Table]) -> None:
    for here, there, wanted in model.links:
        assert len(here) == len(wanted) > 0
        for mine, its in zip(here, wanted, strict=True):
            assert columns(model)[mine].dtype == columns(BY_NAME[there])[its].dtype


@each_table
def test_links_lead_to_values_that_stand_once(model: type[Table]) -> None:
    for _, there, wanted in model.links:
        [name] = wanted
        assert columns(BY_NAME[there])[name].unique or BY_NAME[there].key == wanted


@each_table
def test_every_id_of_another_table_is_a_link(model: type[Table]) -> None:
    owners = {f"{table.removesuffix('s')}_id": table for table in BY_NAME}
    owners |= {"agency_id": "outlets", "republisher_id": "outlets", "term_id": "topic_terms"}
    linked = {name for here, _, _ in model.links for name in here}
    for name in columns(model):
        if owners.get(name, model.table_name) != model.table_name:
            assert name in linked, f"{model.table_name}.{name} is no link to {owners[name]}"


@each_table
def test_unknown_missing_and_misplaced_columns_are_errors_and_nothing_is_converted(
    model: type[Table],
) -> None:
    schema = model.to_schema()
    assert (schema.strict, schema.ordered, schema.coerce) == (True, True, False)
    assert not any(column.coerce for column in schema.columns.values())


def test_a_column_has_a_description_of_one_or_more_sentences() -> None:
    for where, column in ALL_COLUMNS.items():
        assert re.search(r"\w.*[.)]$", column.description), where
        assert "\n" not in column.description, where
        assert "  " not in column.description, where


def test_a_column_has_one_of_the_few_types() -> None:
    for where, column in ALL_COLUMNS.items():
        assert column.dtype.type in ALLOWED_TYPES, where


def test_a_column_has_a_name_that_every_reader_takes() -> None:
    for where, column in ALL_COLUMNS.items():
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", column.name), where
        # DuckDB cannot parse a column of this column.name.
        assert column.name != "end", where


def test_a_column_that_may_be_null_says_what_null_means_and_no_other_does() -> None:
    for where, column in ALL_COLUMNS.items():
        assert column.nullable == ("NULL" in column.description), where


def test_levels_are_what_the_values_are_checked_against() -> None:
    for where, column in ALL_COLUMNS.items():
        levels = column.metadata["levels"]
        allowed = [check.statistics["allowed_values"] for check in column.checks if check.name == "isin"]
        if levels is None:
            assert not allowed or column.dtype.type != pl.String, where
        else:
            assert len(levels) == len(set(levels)) > 1, where
            assert [list(values) for values in allowed] == [list(levels)], where
            assert all(re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", level) for level in levels), where


def test_offsets_and_counts_say_what_they_count() -> None:
    for where, column in ALL_COLUMNS.items():
        unit = column.metadata["unit"]
        if column.name.startswith("char_"):
            assert unit == "code points of the raw file as decoded, 0-based", where
        if column.name.startswith("n_") or column.dtype.type == pl.Float64:
            assert unit, where
        if column.name.startswith(("is_", "has_", "in_")):
            assert column.dtype.type == pl.Boolean, where
        if column.name.endswith("_date"):
            assert column.dtype.type == pl.Date, where


def test_a_column_is_filled_by_a_stage_that_exists() -> None:
    for where, column in ALL_COLUMNS.items():
        assert column.metadata["filled_by"] in {None, *STAGES}, where


def test_a_column_name_has_one_type_everywhere() -> None:
    types: dict[str, set[Any]] = {}
    for column in ALL_COLUMNS.values():
        types.setdefault(column.name, set()).add(column.dtype.type)
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_the_offsets_of_a_span_come_in_pairs() -> None:
    for model in TABLES:
        assert ("char_start" in columns(model)) == ("char_end" in columns(model))


def test_two_articles_of_one_file_have_different_ids_and_two_quotes_of_one_article_too() -> None:
    id_pattern = columns(BY_NAME["articles"])["article_id"].checks[0].statistics["pattern"]
    for value, right in (
        ("00ff00ff00ff00ff", True),
        ("00ff00ff00ff00ff-2", True),
        ("00ff00ff00ff00ff-0", False),
        ("00FF00FF00FF00FF", False),
        ("00ff00ff00ff00f", False),
        ("00ff00ff00ff00ff\n", False),
    ):
        assert pl.Series([value]).str.contains(id_pattern)[0] is right


def test_every_state_of_a_raw_file_is_a_level() -> None:
    assert sources.STATUSES == ("ok", "warning", "duplicate", "quarantined")
    assert schema_of("sources").columns["status"].metadata == {
        "levels": sources.STATUSES,
        "unit": None,
        "filled_by": None,
        "holds": None,
    }
