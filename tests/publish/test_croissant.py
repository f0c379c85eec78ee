"""`croissant.json` is valid for mlcroissant, which reads every table from the files beside it."""

import json
import logging
from pathlib import Path

import mlcroissant
import polars as pl
import pytest

from pipeline.frames import TABLE_BY_NAME


@pytest.fixture(scope="module")
def described(sample_dataset: Path) -> mlcroissant.Dataset:
    return mlcroissant.Dataset(jsonld=sample_dataset / "croissant.json")


def test_mlcroissant_reports_no_error_and_no_warning(
    sample_dataset: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        found = mlcroissant.Dataset(jsonld=sample_dataset / "croissant.json")
    issues = found.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())
    assert [record.getMessage() for record in caplog.records] == []


def test_every_table_is_a_record_set_that_can_be_read_from_disk(
    described: mlcroissant.Dataset, sample_dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("it wants the network")

    monkeypatch.setattr("requests.get", refuse)
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    read = {one.uuid: sum(1 for _ in described.records(one.uuid)) for one in described.metadata.record_sets}
    assert read == {
        table: len(pl.read_parquet(sample_dataset / f"{table}.parquet")) for table in TABLE_BY_NAME
    }


def test_a_record_has_the_values_of_its_row(described: mlcroissant.Dataset, sample_dataset: Path) -> None:
    record = next(iter(described.records("quotes")))
    row = pl.read_parquet(sample_dataset / "quotes.parquet").row(0, named=True)
    assert list(record) == [f"quotes/{name}" for name in row]
    assert record["quotes/quote_text"].decode() == row["quote_text"]
    assert record["quotes/char_start"] == row["char_start"]
    assert record["quotes/has_continuation"] is row["has_continuation"]


def test_levels_units_and_references_stand_in_words(sample_dataset: Path) -> None:
    dataset = json.loads((sample_dataset / "croissant.json").read_bytes())
    words = {
        field["@id"]: field["description"] for records in dataset["recordSet"] for field in records["field"]
    }
    assert "direct (Direct speech); indirect (Indirect speech)" in words["quotes/quote_type"]
    assert "Unit: code points" in words["quotes/char_start"]
    assert words["quotes/speaker_id"].endswith(" Refers to speakers.speaker_id.")
