"""What is published beside the tables: every form of the dictionary, and the loaders."""

import dataclasses
import hashlib
from pathlib import Path

from pipeline.publish.companions import LOADERS, write_companions
from pipeline.publish.dictionary import dictionary
from pipeline.publish.parquet import write_tables

FORMS = {
    "data_dictionary.csv",
    "data_dictionary.html",
    "data_dictionary.md",
    "value_labels.csv",
    "datapackage.json",
    "croissant.json",
    "views.sql",
}


def release(folder: Path) -> dict[str, str]:
    folder.mkdir()
    return write_companions(folder, write_tables([], folder))


def test_every_form_and_every_loader_is_written_once_and_the_same(tmp_path: Path) -> None:
    release(tmp_path / "one")
    release(tmp_path / "other")
    written = {p.name: p.read_bytes() for p in (tmp_path / "one").iterdir() if p.suffix != ".parquet"}
    assert set(written) == {*FORMS, "load.R", "on_the_record.py"}
    for name, content in written.items():
        assert (tmp_path / "other" / name).read_bytes() == content
        assert str(tmp_path).encode() not in content
    for name in ("load.R", "on_the_record.py"):
        assert written[name] == (LOADERS / name).read_bytes()


def test_it_returns_the_hashes_of_the_tables(tmp_path: Path) -> None:
    hashes = release(tmp_path / "one")
    assert hashes == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (tmp_path / "one").glob("*.parquet")
    }


def test_an_edition_may_say_more_of_a_column_in_every_form(tmp_path: Path) -> None:
    written = write_tables([], tmp_path)
    entries = [
        dataclasses.replace(e, definition=f"{e.definition} Cut here.") if e.column == "quote_text" else e
        for e in dictionary(written)
    ]
    write_companions(tmp_path, written, entries)
    for name in FORMS - {"value_labels.csv"}:
        assert "Cut here." in (tmp_path / name).read_text(encoding="utf-8"), name
