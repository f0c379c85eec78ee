"""A stale or incomplete dictionary is never published: every form is checked against the tables beside it."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.frames import TABLE_BY_NAME, InvalidDataset
from pipeline.publish.companions import write_companions
from pipeline.publish.dictionary_check import check_dictionary
from pipeline.publish.parquet import write_tables


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release folder without rows."""
    write_companions(tmp_path, write_tables([], tmp_path))
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def broken(folder: Path) -> InvalidDataset:
    with pytest.raises(InvalidDataset) as raised:
        check_dictionary(folder)
    return raised.value


def test_what_a_build_writes_passes(release: Path) -> None:
    assert len(list(release.glob("*.parquet"))) == len(TABLE_BY_NAME)
    check_dictionary(release)


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("data_dictionary.csv", "quotes,cue_lemma,"),
        ("data_dictionary.md", "| `cue_lemma` |"),
        ("data_dictionary.html", '<tr id="quotes.cue_lemma">'),
        ("datapackage.json", '"name": "cue_lemma"'),
        ("croissant.json", '"column": "cue_lemma"'),
        ("views.sql", 'COMMENT ON COLUMN quotes."cue_lemma"'),
    ],
)
def test_a_column_that_a_form_lacks_fails_the_build(release: Path, name: str, old: str) -> None:
    edit(release / name, old, old.replace("cue_lemma", "cue_stem"))
    found = broken(release)
    assert (found.table, found.column) in {("quotes", "cue_lemma"), ("quotes", "cue_stem")}
    assert found.rule.startswith(name)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data_dictionary.csv", "quotes,quote_no,", "quotes,quote_no,x,string,no,2,,,y,,\nquotes,old,"),
        ("data_dictionary.md", "| `n_spans` | int32 |", "| `n_spans` | double |"),
        (
            "data_dictionary.html",
            "timestamp[us, tz=UTC]</code>",
            "timestamp[ms, tz=UTC]</code>",
        ),
        ("datapackage.json", '"type": "datetime"', '"type": "string"'),
        ("croissant.json", '"dataType": "sc:DateTime"', '"dataType": "sc:Date"'),
    ],
)
def test_a_wrong_type_fails_the_build(release: Path, name: str, old: str, new: str) -> None:
    edit(release / name, old, new)
    assert broken(release).rule.startswith(name)


def test_a_table_that_no_form_knows_fails_the_build(release: Path) -> None:
    pq.write_table(pq.read_table(release / "topics.parquet"), release / "themes.parquet")
    assert broken(release).table == "themes"


def test_an_entry_that_is_left_over_fails_the_build(release: Path) -> None:
    table = pq.read_table(release / "quotes.parquet").drop_columns(["cue_lemma"])
    pq.write_table(table, release / "quotes.parquet")
    found = broken(release)
    assert (found.table, found.column) == ("quotes", "cue_lemma")
    assert "the table has none of that name" in found.rule


def test_other_levels_than_those_of_the_table_fail_the_build(release: Path) -> None:
    edit(release / "value_labels.csv", "quotes,quote_type,3,mixed", "quotes,quote_type,3,both")
    found = broken(release)
    assert (found.table, found.column) == ("quotes", "quote_type")
