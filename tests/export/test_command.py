"""`export`: formats are found by listing their folder; a folder is written whole or not at all."""

from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.export import formats
from pipeline.export.folder import MARK, write_folder
from pipeline.faults import Fault
from tests.workshop import PROJECT, Workshop


def export(dataset: Workshop, name: str, to: Path) -> int:
    return main(["export", name, "--processed", str(dataset.processed), "--to", str(to)])


def test_every_module_of_the_folder_is_a_format() -> None:
    folder = PROJECT / "pipeline" / "export" / "formats"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert set(formats.names()) == modules
    assert {"annotations", "standoff", "csv"} <= modules
    for name in formats.names():
        assert callable(formats.load(name).write)
        assert formats.description(name).endswith(".")


def test_the_help_lists_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for name in formats.names():
        assert f"  {name:<12} {formats.description(name)}" in said


def test_the_files_are_counted(dataset: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert export(dataset, "standoff", tmp_path / "out") == 0
    assert capsys.readouterr().err == f"wrote 2 files to {tmp_path / 'out'}\n"


def test_a_folder_of_another_format_is_left_alone(
    dataset: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(dataset, "standoff", tmp_path / "out") == 0
    assert export(dataset, "csv", tmp_path / "out") == 1
    assert "holds files that `export csv` did not make" in capsys.readouterr().err
    assert (tmp_path / "out" / "predictions.jsonl").is_file()


def test_the_dataset_is_no_place_for_exports(dataset: Workshop, tmp_path: Path) -> None:
    before = dataset.bytes()
    (tmp_path / "link").symlink_to(dataset.processed)
    for to in (dataset.processed, dataset.processed / "new", dataset.processed.parent, tmp_path / "link"):
        assert export(dataset, "csv", to) == 1
    assert dataset.bytes() == before


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    def good(folder: Path) -> None:
        (folder / "one.txt").write_text("first")

    def bad(folder: Path) -> None:
        (folder / "one.txt").write_text("second")
        raise RuntimeError

    write_folder(tmp_path / "out", "test", apart_from=[], write=good)
    with pytest.raises(RuntimeError):
        write_folder(tmp_path / "out", "test", apart_from=[], write=bad)
    assert (tmp_path / "out" / "one.txt").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_is_told_in_plain_words(tmp_path: Path) -> None:
    def full(folder: Path) -> None:
        raise OSError(28, "No space left on device", str(folder / "one.txt"))

    with pytest.raises(Fault) as fault:
        write_folder(tmp_path / "out", "test", apart_from=[], write=full)
    assert "the disk is full while writing" in str(fault.value)


def test_a_mark_that_is_a_link_is_no_mark(tmp_path: Path) -> None:
    (tmp_path / "mark").write_text("test\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / MARK).symlink_to(tmp_path / "mark")
    with pytest.raises(Fault):
        write_folder(tmp_path / "out", "test", apart_from=[], write=lambda folder: None)
