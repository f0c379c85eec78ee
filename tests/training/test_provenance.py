"""The published weights are the files whose hashes are recorded, and made of the inputs that are recorded."""

import json
from pathlib import Path

from pipeline.quotes.model.confidence import FEATURES
from pipeline.quotes.stage import WEIGHTS
from training.corpus import DEV, TRAIN
from training.provenance import OUTPUTS, Record, differences, read_record, sha256_of, write_record

RECORD: Record = {
    "recipe": {"layers": 4, "seed": 1},
    "machine": {"torch": "2"},
    "inputs": {"corpus": "aa"},
    "outputs": {"model.onnx": "bb", "settings.json": "cc"},
}


def test_the_published_files_have_the_recorded_hashes() -> None:
    record = read_record(WEIGHTS)
    assert record["outputs"] == sha256_of(WEIGHTS / name for name in OUTPUTS)


def test_the_tokenizer_is_that_of_the_base_model() -> None:
    record = read_record(WEIGHTS)
    assert record["outputs"]["tokenizer.json"] == record["inputs"]["tokenizer.json"]


def test_the_corpora_here_are_those_that_the_weights_were_made_of(shared: Path) -> None:
    inputs = read_record(WEIGHTS)["inputs"]
    assert {TRAIN: inputs[TRAIN], DEV: inputs[DEV]} == sha256_of(
        shared / "corpora" / name for name in (TRAIN, DEV)
    )


def test_the_settings_have_a_weight_for_each_feature_of_the_confidence() -> None:
    settings = json.loads((WEIGHTS / "settings.json").read_bytes())
    assert tuple(settings["confidence"]) == FEATURES


def test_hashes_are_those_of_sha256(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"abc")
    (tmp_path / "a").write_bytes(b"")
    assert sha256_of([tmp_path / "b", tmp_path / "a"]) == {
        "a": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "b": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    }


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_record(tmp_path) == {}
    write_record(tmp_path, RECORD)
    assert read_record(tmp_path) == RECORD


def test_the_same_outputs_are_the_same_bytes_whatever_the_machine() -> None:
    assert differences(RECORD, RECORD | {"machine": {"torch": "3"}}) == []


def test_other_outputs_are_told_with_what_may_be_the_reason() -> None:
    published: Record = {
        "recipe": {"layers": 6, "seed": 1},
        "machine": {"torch": "2"},
        "inputs": {"corpus": "aa"},
        "outputs": {"model.onnx": "dd", "settings.json": "cc"},
    }
    assert differences(RECORD, published) == [
        "output model.onnx: bb, published dd",
        "recipe layers: 4, published 6",
    ]


def test_without_published_weights_that_is_the_difference() -> None:
    assert differences(RECORD, {}) == ["nothing is published that it could be compared with"]
