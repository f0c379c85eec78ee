"""The formats: what a reader of each gets, and that it is what stands in the dataset and the raw file."""

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.export.formats import annotations, standoff
from pipeline.export.formats import csv as csv_format
from pipeline.frames import TABLE_BY_NAME
from tests.built import change, copied
from tests.workshop import Workshop

# The purposes and motivations of the Web Annotation Vocabulary that are used.
PURPOSES = {"tagging", "classifying", "identifying", "linking"}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def written(dataset: Workshop, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("annotations")
    annotations.write(dataset.processed, folder)
    return lines(folder / "annotations.jsonl")


def targets(annotation: dict[str, Any]) -> list[dict[str, Any]]:
    target = annotation["target"]
    return list(target) if isinstance(target, list) else [target]


def test_there_is_one_for_every_quote_span_and_topic(
    dataset: Workshop, written: list[dict[str, Any]]
) -> None:
    kinds = [annotation["id"].split(":")[2] for annotation in written]
    assert kinds.count("quote") == len(dataset.table("quotes"))
    assert kinds.count("span") == len(dataset.table("quote_spans"))
    topics = dataset.table("topic_assignments")["char_start"].drop_nulls()
    assert kinds.count("topic") == len(topics) > 100
    assert len({annotation["id"] for annotation in written}) == len(written)


def test_each_selector_finds_its_words_in_the_raw_file(
    dataset: Workshop, written: list[dict[str, Any]]
) -> None:
    codecs = {"utf-8": "utf-8", "utf-8-bom": "utf-8", "cp1252": "cp1252", "utf-16-le": "utf-16-le"}
    texts: dict[str, str] = {}
    for row in dataset.table("articles").iter_rows(named=True):
        name = row["raw_path"].replace("\\\\", "\\")
        raw = (dataset.raw / name).read_bytes()
        texts[f"urn:sha256:{row['raw_sha256']}"] = raw.decode(codecs[row["encoding"]])
    n_places = 0
    for annotation in written:
        for target in targets(annotation):
            text = texts[target["source"]["id"]]
            position, quote = target["selector"]
            start, end = position["start"], position["end"]
            assert text[start:end] == quote["exact"]
            assert text[:start].endswith(quote["prefix"]) and text[end:].startswith(quote["suffix"])
            n_places += 1
    assert n_places > 800


def test_it_is_the_model_of_the_w3c(written: list[dict[str, Any]]) -> None:
    for annotation in written:
        assert annotation["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
        assert annotation["type"] == "Annotation"
        assert annotation["motivation"] in PURPOSES
        assert targets(annotation)
        for body in annotation["body"]:
            assert body["purpose"] in PURPOSES
            assert body["type"] in ("TextualBody", "SpecificResource")
            assert isinstance(body.get("value", body.get("source")), str | dict)
        for target in targets(annotation):
            assert target["type"] == "SpecificResource"
            assert [selector["type"] for selector in target["selector"]] == [
                "TextPositionSelector",
                "TextQuoteSelector",
            ]
        own = {key for key in annotation if ":" in key}
        assert own <= {"otr:confidence"} and "otr" in annotation["@context"][1]


def test_a_quote_names_its_speaker_and_its_spans_their_quote(
    dataset: Workshop, written: list[dict[str, Any]]
) -> None:
    by_id = {annotation["id"]: annotation for annotation in written}
    quote = dataset.table("quotes").filter(pl.col("speaker_id").is_not_null()).row(0, named=True)
    made = by_id[f"urn:on-the-record:quote:{quote['quote_id']}"]
    named = [body["source"] for body in made["body"] if body["purpose"] == "identifying"]
    assert [source["otr:name"] for source in named] == [quote["speaker_name"]]
    values = [body["value"] for body in made["body"] if body["purpose"] == "classifying"]
    assert values[0] == quote["quote_type"]
    span = by_id[f"urn:on-the-record:span:{quote['quote_id']}:content:1"]
    assert span["body"][1]["source"]["id"] == made["id"]


def test_the_same_dataset_gives_the_same_annotations(
    dataset: Workshop, written: list[dict[str, Any]], tmp_path: Path
) -> None:
    annotations.write(dataset.processed, tmp_path)
    assert lines(tmp_path / "annotations.jsonl") == written


def test_standoff_is_what_the_scorers_read(dataset: Workshop, tmp_path: Path) -> None:
    standoff.write(dataset.processed, tmp_path)
    gold, found = lines(tmp_path / "attributions.jsonl"), lines(tmp_path / "predictions.jsonl")
    assert [document["doc_id"] for document in gold] == [document["doc_id"] for document in found]
    assert {"sample/wire_no_year", "jonas.arvel/speech"} <= {document["doc_id"] for document in gold}
    quotes = {row["quote_id"]: row for row in dataset.table("quotes").iter_rows(named=True)}
    attributions = [(d["text"], a) for d in gold for a in d["attributions"]]
    assert len(attributions) == len(quotes)
    for text, attribution in attributions:
        row = quotes[attribution["id"]]
        assert " … ".join(text[start:end] for start, end in attribution["content"]) == row["quote_text"]
        assert (" … ".join(text[start:end] for start, end in attribution["cue"]) or None) == row["cue"]
        assert attribution["kind"] == row["quote_type"] and attribution["speech"] is True
    assert [document["quotes"] for document in found] == [document["attributions"] for document in gold]


def test_the_shared_scorer_takes_it(dataset: Workshop, shared: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    standoff.write(dataset.processed, tmp_path)
    done = subprocess.run(
        [
            sys.executable,
            str(shared / "scorer" / "score_quotes.py"),
            *("--gold", str(tmp_path / "attributions.jsonl")),
            *("--pred", str(tmp_path / "predictions.jsonl")),
            *("--json", str(tmp_path / "scores.json")),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    total = next(line for line in done.stdout.splitlines() if line.startswith("all"))
    assert total.count("100.0") == 14


def test_csv_holds_every_table_and_no_formula(dataset: Workshop, tmp_path: Path) -> None:
    copy = copied(dataset, tmp_path / "copy")
    change(copy.processed / "articles.parquet", "headline", 0, '=HYPERLINK("http://x.example")')
    out = tmp_path / "out"
    out.mkdir()
    csv_format.write(copy.processed, out)
    assert {path.stem for path in out.iterdir()} == set(TABLE_BY_NAME)
    for table in TABLE_BY_NAME:
        with (out / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        frame = copy.table(table)
        assert len(rows) == len(frame)
        for name, kind in frame.schema.items():
            if kind == pl.String:
                assert not [row[name] for row in rows if row[name].startswith(("=", "+", "-", "@", "\t"))]
    with (out / "articles.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["headline"] == '\'=HYPERLINK("http://x.example")'
    with (out / "quotes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    before = dataset.table("quotes")
    assert [row["cue_polarity"] for row in rows] == [
        "" if value is None else str(value) for value in before["cue_polarity"]
    ]
