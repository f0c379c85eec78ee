"""Stata and SPSS files: what stands in the tables comes back, with the labels of the dictionary."""

import importlib.util
import shutil
from datetime import date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export import labelled
from pipeline.export.formats import spss, stata
from pipeline.export.labelled import n_bytes, shortened
from pipeline.faults import Fault
from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.dictionary import label_of

FORMATS = {"stata": (stata, "dta", pyreadstat.read_dta), "spss": (spss, "sav", pyreadstat.read_sav)}


@pytest.fixture(scope="module", params=list(FORMATS))
def exported(
    request: pytest.FixtureRequest, sample_dataset: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    out = tmp_path_factory.mktemp(request.param)
    FORMATS[request.param][0].write(sample_dataset, out)
    return request.param, out


def read(exported: tuple[str, Path], table: str) -> tuple[pl.DataFrame, Any]:
    name, out = exported
    _, ending, reader = FORMATS[name]
    frame, about = reader(out / f"{table}.{ending}", output_format="polars")
    return frame, about


def test_every_table_but_the_texts_has_a_file(exported: tuple[str, Path]) -> None:
    name, out = exported
    ending = FORMATS[name][1]
    wanted = {f"{table}.{ending}" for table in TABLE_BY_NAME if table != "article_text"}
    assert {path.name for path in out.iterdir()} == {*wanted, "NOTES.txt"}
    assert "Left out, since its texts are too long: article_text." in (out / "NOTES.txt").read_text()


@pytest.mark.parametrize("table", [table for table in TABLE_BY_NAME if table != "article_text"])
def test_values_and_labels_come_back(exported: tuple[str, Path], sample_dataset: Path, table: str) -> None:
    found, about = read(exported, table)
    wanted = pl.read_parquet(sample_dataset / f"{table}.parquet")
    assert found.columns == wanted.columns
    for name, column in schema_of(table).columns.items():
        label = shortened(label_of(str(column.description)), 80 if exported[0] == "stata" else 255)
        assert about.column_names_to_labels[name] == label
        levels = (column.metadata or {}).get("levels")
        values = wanted[name].to_list()
        if levels:
            values = [None if value is None else levels.index(value) + 1 for value in values]
        elif wanted.schema[name] == pl.String:
            values = [value or "" for value in values]
        elif isinstance(wanted.schema[name], pl.Datetime):
            values = wanted[name].dt.replace_time_zone(None).to_list()
        assert [day(value, values) for value in found[name]] == values, name


def day(value: object, values: list[object]) -> object:
    """Return the day of a time where days are wanted: SPSS has times only."""
    if isinstance(value, datetime) and any(type(one) is date for one in values):
        return value.date()
    return value


def test_levels_and_truth_values_are_numbers_with_labels(exported: tuple[str, Path]) -> None:
    _, about = read(exported, "quotes")
    words = about.variable_value_labels
    assert words["quote_type"] == {1: "Direct speech", 2: "Indirect speech", 3: "Partly in quotation marks"}
    assert words["is_negated"] == {0: "no", 1: "yes"}
    assert about.file_label == "On the Record: quotes"


@pytest.fixture
def long_text(sample_dataset: Path, tmp_path: Path) -> tuple[Path, str]:
    """A dataset one of whose quotes has a text that SPSS cannot hold."""
    text = "“Ça suffit – ” 是 " * 3_000
    for path in sample_dataset.iterdir():
        if path.is_file():
            shutil.copyfile(path, tmp_path / path.name)
    quotes = pl.read_parquet(tmp_path / "quotes.parquet")
    first = pl.int_range(pl.len()) == 0
    quotes = quotes.with_columns(
        pl.when(first).then(pl.lit(text)).otherwise("quote_text").alias("quote_text")
    )
    quotes.write_parquet(tmp_path / "quotes.parquet")
    return tmp_path, text


def test_stata_keeps_long_texts_whole(long_text: tuple[Path, str], tmp_path: Path) -> None:
    folder, text = long_text
    stata.write(folder, tmp_path / "out")
    found, _ = read(("stata", tmp_path / "out"), "quotes")
    assert found["quote_text"][0] == text


def test_spss_cuts_them_and_says_so(long_text: tuple[Path, str], tmp_path: Path) -> None:
    folder, text = long_text
    spss.write(folder, tmp_path / "out")
    found, _ = read(("spss", tmp_path / "out"), "quotes")
    kept = found["quote_text"][0]
    assert kept.endswith("…")
    assert text.startswith(kept[:-1].rstrip())
    assert spss.LONGEST_TEXT - 20 < n_bytes(kept) <= spss.LONGEST_TEXT
    assert "quotes.quote_text: 1 texts were too long" in (tmp_path / "out" / "NOTES.txt").read_text()


def test_without_the_library_it_is_told_what_to_install(
    sample_dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(Fault, match=r"need pyreadstat: install it: \.venv/bin/pip install pyreadstat"):
        stata.write(sample_dataset, tmp_path)


def test_a_dataset_without_its_dictionary_is_told(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"value_labels\.csv is missing"):
        list(labelled.labelled_tables(tmp_path))


@pytest.mark.parametrize("module", [stata, spss])
def test_the_first_line_of_the_help_says_what_is_left_out(module: ModuleType) -> None:
    assert "every table but article_text" in (module.__doc__ or "").split("\n")[0]


@given(st.text(), st.integers(3, 40))
def test_a_shortened_text_fits_and_is_the_beginning(text: str, longest: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    for size in (len, n_bytes):
        short = shortened(text, longest, size)
        assert size(short) <= longest
        assert short == text if size(text) <= longest else text.startswith(short.removesuffix("…"))
