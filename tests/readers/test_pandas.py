"""`on_the_record.py` gives pandas every table typed, labelled and joined, from the files beside it."""

import importlib.util
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pandas as pd
import polars as pl
import pytest

from pipeline.frames import TABLE_BY_NAME, schema_of


def loaded(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("on_the_record", folder / "on_the_record.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def otr(sample_dataset: Path) -> ModuleType:
    return loaded(sample_dataset)


@pytest.fixture
def copied(sample_dataset: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the files, which a test may change."""
    for path in sample_dataset.iterdir():
        if path.is_file():
            shutil.copyfile(path, tmp_path / path.name)
    yield tmp_path


def plain(values: pd.Series) -> list[object]:
    return [None if value is pd.NA or value is pd.NaT or value != value else value for value in values]


@pytest.mark.parametrize("table", list(TABLE_BY_NAME))
def test_every_value_of_every_table_is_that_of_the_parquet_file(
    otr: ModuleType, sample_dataset: Path, table: str
) -> None:
    frame = otr.read(table)
    wanted = pl.read_parquet(sample_dataset / f"{table}.parquet")
    assert list(frame.columns) == wanted.columns
    for name in wanted.columns:
        assert plain(frame[name]) == wanted[name].to_list(), name


def test_types_are_typed_and_null_stays_null(otr: ModuleType) -> None:
    articles, quotes = otr.read("articles"), otr.read("quotes")
    assert str(articles["headline"].dtype) == "string[pyarrow]"
    assert str(articles["n_words"].dtype) == "int32[pyarrow]"
    assert str(articles["published_date"].dtype) == "date32[day][pyarrow]"
    assert str(articles["retrieved_at"].dtype) == "timestamp[us, tz=UTC][pyarrow]"
    assert str(quotes["confidence"].dtype) == "double[pyarrow]"
    assert str(quotes["is_negated"].dtype) == "bool[pyarrow]"
    assert date(2024, 9, 19) in set(articles["published_date"].dropna())
    assert datetime(2026, 1, 5, 8, 30, tzinfo=UTC) in set(articles["retrieved_at"].dropna())
    assert quotes["cue_polarity"].isna().any()


def test_levels_stand_in_the_order_of_the_dictionary(otr: ModuleType) -> None:
    kinds = otr.read("quotes")["quote_type"]
    assert list(kinds.cat.categories) == ["direct", "indirect", "mixed"]
    assert not kinds.cat.ordered
    assert list(otr.levels("quotes", "quote_type")["level_no"]) == [1, 2, 3]
    assert otr.levels("quotes", "quote_type")["label"].iloc[0] == "Direct speech"
    assert len(otr.levels("quotes", "cue")) == 0


def test_labels_and_definitions_come_from_the_dictionary(otr: ModuleType) -> None:
    assert otr.tables() == list(TABLE_BY_NAME)
    assert otr.read("quotes").attrs["labels"]["cue"] == "The reporting words as printed (said, called on)"
    entry = otr.describe("quotes", "char_start")
    assert (entry["type"], entry["nullable"], entry["unit"][:11]) == ("int32", "no", "code points")
    assert list(otr.describe("quotes").index) == list(schema_of("quotes").columns)


def test_some_columns_can_be_read_alone(otr: ModuleType) -> None:
    frame = otr.read("quotes", ["cue", "quote_type"])
    assert list(frame.columns) == ["cue", "quote_type"]
    assert list(frame.attrs["labels"]) == ["cue", "quote_type"]


def test_what_is_not_there_is_told_with_what_is(otr: ModuleType) -> None:
    with pytest.raises(KeyError, match="no table quote; there are articles, "):
        otr.read("quote")
    with pytest.raises(KeyError, match="quotes has no column speaker; it has quote_id, "):
        otr.read("quotes", ["speaker"])


def test_a_join_follows_the_references_and_keeps_every_row(otr: ModuleType, sample_dataset: Path) -> None:
    joined = otr.join("quotes", "articles", "outlets", "speakers", "topics")
    quotes = pl.read_parquet(sample_dataset / "quotes.parquet")
    outlets = dict(
        pl.read_parquet(sample_dataset / "outlets.parquet").select("outlet_id", "name").iter_rows()
    )
    outlet_of = dict(
        pl.read_parquet(sample_dataset / "articles.parquet").select("article_id", "outlet_id").iter_rows()
    )
    assert plain(joined["quote_id"]) == quotes["quote_id"].to_list()
    assert plain(joined["outlets_name"]) == [outlets.get(outlet_of[one]) for one in quotes["article_id"]]
    assert None in plain(joined["speakers_name"])
    assert joined.attrs["labels"]["outlets_name"] == "Name of the outlet"
    assert list(joined.attrs["labels"]) == list(joined.columns)
    assert "articles_article_id" not in joined.columns
    assert joined["outlets_kind"].cat.categories[0] == "newspaper"


def test_a_join_that_repeats_rows_says_so(otr: ModuleType, sample_dataset: Path) -> None:
    n_quotes = len(pl.read_parquet(sample_dataset / "quotes.parquet"))
    with pytest.warns(UserWarning, match=rf"several rows of quote_speakers .* {n_quotes} rows became \d+"):
        joined = otr.join("quotes", "quote_speakers")
    assert len(joined) > n_quotes
    assert set(joined["quote_id"]) == set(otr.read("quotes")["quote_id"])


def test_of_several_references_one_is_named(otr: ModuleType) -> None:
    assert "outlets_name" in otr.join("articles", "outlets").columns
    agencies = otr.join("articles", "outlets", by={"outlets": "agency_id"})
    assert agencies["outlets_name"].notna().sum() == agencies["agency_id"].notna().sum()
    with pytest.raises(ValueError, match="quotes is named twice"):
        otr.join("quotes", "quotes")
    with pytest.raises(ValueError, match="speakers by group_id and member_id: say which"):
        otr.join("speaker_members", "speakers")
    with pytest.raises(ValueError, match="no reference of the dictionary leads from quotes to cues"):
        otr.join("quotes", "cues")


def test_the_page_of_every_quote_is_there_with_its_anchor(otr: ModuleType, sample_dataset: Path) -> None:
    for quote_id in otr.read("quotes")["quote_id"]:
        path, _, anchor = otr.page_of(quote_id).partition("#")
        article_id, _, key = quote_id.partition(":")
        assert path == f"{sample_dataset}/report/documents/{article_id}.html"
        assert anchor == f"q-{key}"
        assert f'id="{anchor}"' in Path(path).read_text(encoding="utf-8")


def test_no_page_is_named_that_is_not_there(otr: ModuleType, copied: Path) -> None:
    with pytest.raises(KeyError, match="no quote 15b3-2:a5; the column quote_id of quotes has them"):
        otr.page_of("15b3-2:a5")
    # As a public edition: tables, and no reading page.
    quote_id = otr.read("quotes")["quote_id"].iloc[0]
    with pytest.raises(FileNotFoundError, match=f"no reading page in {copied}: `make dataset` writes one"):
        loaded(copied).page_of(quote_id)


def test_it_reads_the_dictionary_beside_it_and_refuses_another(copied: Path) -> None:
    text = (copied / "data_dictionary.csv").read_text(encoding="utf-8")
    (copied / "data_dictionary.csv").write_text(
        text.replace('"The reporting words as printed (said, called on)",', "Changed,"), encoding="utf-8"
    )
    assert loaded(copied).read("quotes").attrs["labels"]["cue"] == "Changed"
    labels = (copied / "value_labels.csv").read_text(encoding="utf-8")
    (copied / "value_labels.csv").write_text(
        labels.replace("quotes,quote_type,2,indirect", "quotes,quote_type,2,reported"), encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"value_labels\.csv lacks: \['indirect'\]"):
        loaded(copied).read("quotes")
    lines = [line for line in text.split("\n") if not line.startswith("quotes,cue,")]
    (copied / "data_dictionary.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ValueError, match="do not belong together"):
        loaded(copied).read("quotes")
