"""Every level of every closed vocabulary has a label and a definition, and no row is left over."""

import csv
import io
from pathlib import Path

import pytest

from pipeline.faults import Fault
from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish.value_labels import COLUMNS, LEVELS_FILE, as_csv, value_labels, vocabularies


@pytest.fixture
def levels_file(tmp_path: Path) -> Path:
    copy = tmp_path / "levels.csv"
    copy.write_bytes(LEVELS_FILE.read_bytes())
    return copy


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(path: Path, start: str) -> int:
    [number] = [
        n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if line.startswith(start)
    ]
    return number


def fault(path: Path) -> Fault:
    with pytest.raises(Fault) as raised:
        value_labels(path)
    return raised.value


def test_every_column_with_levels_has_them_all_in_the_order_of_the_schema() -> None:
    wanted = [
        (table, name, number, level)
        for table in TABLE_BY_NAME
        for name, column in schema_of(table).columns.items()
        for number, level in enumerate((column.metadata or {}).get("levels") or (), start=1)
    ]
    labels = value_labels()
    assert [(x.table, x.column, x.level_no, x.level) for x in labels] == wanted
    assert len(wanted) > 200
    assert all(x.label and x.definition for x in labels)


def test_columns_of_one_vocabulary_share_their_rows() -> None:
    assert "quotes.cue_class" in vocabularies()
    assert "cues.cue_class" not in vocabularies()
    text = {(x.table, x.column, x.level): (x.label, x.definition) for x in value_labels()}
    assert text["cues", "cue_class_2", "directive"] == text["quotes", "cue_class", "directive"]


def test_the_published_file_has_a_row_per_level() -> None:
    [header, *rows] = csv.reader(io.StringIO(as_csv(value_labels())))
    assert tuple(header) == COLUMNS
    assert rows[[row[:2] for row in rows].index(["quotes", "quote_type"])] == [
        "quotes",
        "quote_type",
        "1",
        "direct",
        "Direct speech",
        "All of the content stands in quotation marks.",
    ]


def test_a_level_without_a_row_is_told_with_file_and_line(levels_file: Path) -> None:
    line = line_of(levels_file, "quotes.quote_type,mixed")
    edit(
        levels_file,
        "quotes.quote_type,mixed,Partly in quotation marks,Part of the content stands in quotation marks.\n",
        "",
    )
    assert fault(levels_file).what == (
        f"levels.csv, after line {line - 1}: 'mixed' of quotes.quote_type is missing"
    )


@pytest.mark.parametrize("name", ["quotes.quote_type,direkt", "quotes.quote_typ,direct", "quotes.cue,direct"])
def test_a_row_without_a_level_is_told_with_file_and_line(levels_file: Path, name: str) -> None:
    line = line_of(levels_file, "quotes.quote_type,direct")
    edit(levels_file, "quotes.quote_type,direct,", f"{name},")
    vocabulary, level = name.split(",")
    assert fault(levels_file).what == f"levels.csv, line {line}: {vocabulary} has no level {level!r}"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("quotes.quote_type,direct,Direct speech,", "quotes.quote_type,direct,,", "lacks a label"),
        ("quotes.quote_type,direct,Direct speech,", f"quotes.quote_type,direct,{61 * 'x'},", "is long"),
        ("quotes.quote_type,direct,Direct speech,", "quotes.quote_type,direct,Direct, speech,", "5 cells"),
        ("quotes.quote_type,indirect,", "quotes.quote_type,direct,", "stands twice"),
        ("vocabulary,level,label,definition", "vocabulary,level,label", "line 1: wrong columns"),
    ],
)
def test_a_row_that_is_not_whole_is_told(levels_file: Path, old: str, new: str, what: str) -> None:
    edit(levels_file, old, new)
    told = fault(levels_file)
    assert what in told.what
    assert told.what.startswith("levels.csv, line ")
