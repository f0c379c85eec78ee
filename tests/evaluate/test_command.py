"""The command: what it reads, what it writes, what it says when something is wrong."""

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.__main__ import main
from pipeline.evaluate import evaluation
from pipeline.evaluate.gold import default_gold, read_gold
from pipeline.evaluate.predictions import FoundQuote, Prediction, Predictor
from pipeline.evaluate.report import as_page, write_reports
from schemas.quality import MEASURES, ConfidenceBins, Quality
from tests.evaluate.scorers import altered, write_lines

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "tests" / "sample" / "quotes.jsonl"
TEXT = "Ola Venn said the harbour will open.\n"


def document(doc_id: str = "one", **changes: Any) -> dict[str, Any]:
    quote = {
        "content": [[14, 35]],
        "source": [[0, 8]],
        "cue": [[9, 13]],
        "kind": "indirect",
        "speech": True,
        "speakers": ["Ola Venn"],
    }
    quote = {name: value for name, value in (quote | changes).items() if value is not ...}
    return {"doc_id": doc_id, "text": TEXT, "attributions": [quote]}


def run(tmp_path: Path, *arguments: object) -> int:
    words = [str(one) for one in arguments]
    return main(["evaluate", "--processed", str(tmp_path / "processed"), *words])


def table(tmp_path: Path, name: str = "quality") -> pl.DataFrame:
    return pl.read_parquet(tmp_path / "processed" / "reports" / f"{name}.parquet")


def test_a_gold_file_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_lines(tmp_path / "mine.jsonl", [document()])
    predictions = tmp_path / "found.jsonl"
    assert run(tmp_path, "--gold", path, "--predictions", predictions) == 0
    found = table(tmp_path).filter(layout="all", kind="all", measure="end_to_end", statistic="recall")
    (row,) = found.to_dicts()
    assert row["gold"] == f"{tmp_path.parent.name}/{tmp_path.name}/mine"
    assert (row["value"], row["n"], row["n_right"], row["n_documents"]) == (1.0, 1, 1, 1)
    assert (row["low"], row["high"], row["scope"]) == (None, None, "speech")
    (line,) = [json.loads(line) for line in predictions.read_text(encoding="utf-8").splitlines()]
    assert line["doc_id"] == "one"
    assert line["quotes"][0]["content"] == [[14, 35]]
    assert line["quotes"][0]["speakers"] == ["Ola Venn"]
    assert "end to end F1 100.0" in capsys.readouterr().err
    page = (tmp_path / "processed" / "reports" / "quality.md").read_text(encoding="utf-8")
    assert "| end to end | 100.0 (1 of 1) | 100.0 (1 of 1) | 100.0 |" in page


def test_the_same_gold_gives_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for place in (tmp_path / "a", tmp_path / "b"):
        assert run(place, "--gold", SAMPLE, "--limit", 2) == 0
        folder = place / "processed" / "reports"
        written.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert written[0] == written[1]
    assert set(written[0]) == {
        "confidence_bins.parquet",
        "quality.md",
        "quality.parquet",
        "quality_dictionary.csv",
        "topic_confusion.parquet",
    }


def test_limit_takes_the_first_documents(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "mine.jsonl", [document("one"), document("two"), document("three")])
    assert run(tmp_path, "--gold", path, "--limit", 2) == 0
    assert set(table(tmp_path)["n_documents"]) == {2}


def test_everything_wants_beliefs_too(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "mine.jsonl", [document(speech=False)])
    wanted = {"layout": "all", "kind": "all", "measure": "content_iou50", "statistic": "recall"}
    assert run(tmp_path, "--gold", path) == 0
    assert table(tmp_path).filter(**wanted)["n"].to_list() == [0]
    assert run(tmp_path, "--gold", path, "--no-speech-only") == 0
    assert table(tmp_path).filter(**wanted)["n"].to_list() == [1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"content": [[14, 99]]}, "line 1: not a document in the gold format (the span 14–99 does not lie"),
        ({"content": ...}, "'content' is missing"),
        ({"speech": ...}, "'speech' is missing"),
        ({"kind": "loud"}, "kind is 'loud', allowed are direct, mixed, indirect"),
    ],
)
def test_a_fault_in_gold_is_told_with_its_line(
    changes: dict[str, Any], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_lines(tmp_path / "mine.jsonl", [document(**changes)])
    assert run(tmp_path, "--gold", path) == 1
    assert told in capsys.readouterr().err
    assert not (tmp_path / "processed").exists()


def test_other_faults_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = write_lines(tmp_path / "twice.jsonl", [document(), document()])
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{", encoding="utf-8")
    empty = write_lines(tmp_path / "empty.jsonl", [])
    one, other = (write_lines(tmp_path / f"{name}.jsonl", [document()]) for name in ("a", "b"))
    for arguments, told in (
        (["--gold", twice], "one stands twice"),
        (["--gold", broken], "line 1: not a document"),
        (["--gold", empty], "holds no document"),
        (["--gold", tmp_path / "none.jsonl"], "cannot be read"),
        (["--gold", one, "--limit", 0], "--limit is 0"),
        (["--gold", one, "--authority", tmp_path / "none"], "is no folder"),
        (["--gold", one, "--gold", other, "--predictions", tmp_path / "p"], "stands in several gold files"),
    ):
        assert run(tmp_path, *arguments) == 1
        assert told in capsys.readouterr().err


def test_the_default_is_the_gold_that_is_here() -> None:
    assert SAMPLE in default_gold()
    assert all(path.is_file() for path in default_gold())


def test_the_authority_beside_a_gold_file_is_used(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "mine.jsonl", [document(speakers=["Olandra Venn"])])
    wanted = {"layout": "all", "measure": "speaker_right"}
    assert run(tmp_path, "--gold", path) == 0
    assert table(tmp_path).filter(**wanted)["value"].to_list() == [0.0]
    for name, more in (
        ("speakers", "olandra_venn,Olandra Venn,person,,,,none"),
        ("speaker_aliases", "Ola Venn,olandra_venn"),
    ):
        shipped = PROJECT / "schemas" / "authority" / f"{name}.csv"
        (tmp_path / "authority").mkdir(exist_ok=True)
        head = shipped.read_text(encoding="utf-8-sig").splitlines()[0]
        (tmp_path / "authority" / f"{name}.csv").write_text(f"{head}\n{more}\n", encoding="utf-8")
    assert run(tmp_path, "--gold", path) == 0
    assert table(tmp_path).filter(**wanted)["value"].to_list() == [1.0]


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    paths = []
    for folder in ("a", "b"):
        place = tmp_path / folder / "my" / "gold"
        place.mkdir(parents=True)
        paths.append(write_lines(place / "quotes.jsonl", [document()]))
    names = [gold.name for gold in read_gold([*paths, SAMPLE, paths[0]], speech_only=True)]
    assert names == [*map(str, paths), "tests/sample/quotes"]


def test_a_text_on_which_the_pipeline_fails_counts_as_without_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no")

    path = write_lines(tmp_path / "mine.jsonl", [document()])
    monkeypatch.setattr("pipeline.quotes.stage.extract", fail)
    prediction = Predictor().predict("one", TEXT)
    assert (prediction.quotes, prediction.failure) == ((), "RuntimeError")
    (gold,) = read_gold([path], speech_only=True)
    page = as_page([evaluation.measure(gold, [prediction], speech_only=True)])
    assert "one (RuntimeError)" in page


@pytest.mark.parametrize("text", ["", "\n", "no quote here", "\ud800 said \u2028 “x", "“" * 50])
def test_odd_texts_are_predicted(text: str) -> None:
    assert Predictor().predict("odd", text).failure is None


def with_confidence(tmp_path: Path) -> evaluation.Result:
    documents = [document(f"d{number}") for number in range(20)]
    (gold,) = read_gold([write_lines(tmp_path / "mine.jsonl", documents)], speech_only=True)
    return evaluation.measure(gold, altered(gold.documents, seed=3), speech_only=True)


def test_intervals_and_calibration_are_written_where_they_can_be(tmp_path: Path) -> None:
    result = with_confidence(tmp_path)
    write_reports(tmp_path / "processed" / "reports", [result])
    found = table(tmp_path)
    assert set(found["measure"]) == set(MEASURES)
    assert found.filter(measure="end_to_end", statistic="f1", kind="all")["low"].is_not_null().all()
    told = found.drop_nulls("low")
    assert (told["low"] <= told["high"]).all()
    bins = table(tmp_path, "confidence_bins").filter(layout="all")
    assert len(bins) == 10
    n_bins = sum(bins["n"])
    assert n_bins == found.filter(measure="confidence_calibration_error", layout="all")["n"][0]
    page = as_page([result])
    assert "| expected calibration error |" in page
    assert " to " in page


def test_the_dictionary_explains_every_column(tmp_path: Path) -> None:
    write_reports(tmp_path / "processed" / "reports", [with_confidence(tmp_path)])
    with (tmp_path / "processed" / "reports" / "quality_dictionary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for model in (Quality, ConfidenceBins):
        mine = [row for row in rows if row["table"] == model.table_name]
        schema = model.to_schema()
        assert [row["column"] for row in mine] == list(schema.columns)
        assert all(row["definition"] for row in mine)
        for name, column in schema.columns.items():
            assert column.nullable == ("NULL" in column.description), name


def test_speakers_are_shown_where_gold_names_them(tmp_path: Path) -> None:
    cases: tuple[tuple[dict[str, Any], bool], ...] = (({}, True), ({"speakers": ...}, False))
    for changes, shown in cases:
        path = write_lines(tmp_path / "mine.jsonl", [document(**changes)])
        assert run(tmp_path, "--gold", path) == 0
        page = (tmp_path / "processed" / "reports" / "quality.md").read_text(encoding="utf-8")
        assert ("speaker right" in page) is shown


def test_markdown_in_a_name_stays_text() -> None:
    quote = FoundQuote(((14, 35),), (), (), "indirect", (), 1, "body", None)
    prediction = Prediction("one|*", "plain", (quote,), ("rules <1>",), "Fault|")
    (gold,) = read_gold([SAMPLE], speech_only=True, limit=1)
    page = as_page([evaluation.measure(gold, [prediction], speech_only=True)])
    assert "rules &lt;1>" in page
    assert "one\\|\\* (Fault\\|)" in page
