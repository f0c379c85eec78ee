"""The base model is read from its installed package."""

from pathlib import Path

import pytest

from pipeline.faults import Fault
from training import base_model


def test_files_are_those_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "invented_base" / "model"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(base_model, "PACKAGE", "invented_base")
    assert base_model.base_file("tokenizer.json") == folder / "tokenizer.json"
    with pytest.raises(Fault, match=r"model\.safetensors"):
        base_model.base_file("model.safetensors")


def test_without_the_package_it_is_said_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_model, "PACKAGE", "no_such_base")
    with pytest.raises(Fault, match=r"not installed: run `make model`"):
        base_model.base_file("tokenizer.json")
