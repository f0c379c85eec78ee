"""Reading corrections.csv: every row comes out, as a correction or with what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.corrections import sheet
from pipeline.corrections.sheet import (
    COLUMNS,
    NewQuote,
    Sheet,
    Unusable,
    read_new_quote,
    read_sheet,
    read_spans,
)
from pipeline.corrections.status_table import file_warning, status_frame
from tests.corrections.desk import as_csv

HASH = "ab" + 62 * "0"
GOOD = {
    "raw_sha256": HASH,
    "char_start": "10",
    "char_end": "20",
    "what": "type",
    "old_value": "direct",
    "new_value": "mixed",
    "date": "2026-02-03",
}


def warning(sheet: Sheet) -> str | None:
    return file_warning(sheet, status_frame(sheet, []))


def problems(*rows: dict[str, str]) -> list[str | None]:
    return [row.problem for row in read_sheet(as_csv(rows)).rows]


def test_a_row_is_read_with_its_line() -> None:
    found = read_sheet(as_csv([GOOD | {"reason": "two\nlines"}, GOOD | {"coder": "K. T."}]))
    assert [row.line for row in found.rows] == [2, 4]
    assert found.problem is None
    assert warning(found) is None
    first = found.corrections[0]
    assert (first.raw_sha256, first.span, first.what) == (HASH, (10, 20), "type")
    assert (first.old_value, first.new_value) == ("direct", "mixed")


def test_the_same_row_is_one_correction_wherever_and_however_often_it_stands() -> None:
    other = GOOD | {"char_end": "21"}
    one, two = read_sheet(as_csv([GOOD, other, GOOD])), read_sheet(as_csv([other, GOOD]))
    assert len(one.rows) == 3
    assert {found.correction_id for found in one.corrections} == {
        found.correction_id for found in two.corrections
    }


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"raw_sha256": "AB"}, "raw_sha256 is 'AB': it has to be 64 digits and small letters a to f"),
        ({"raw_sha256": HASH + "\n0"}, "raw_sha256 is"),
        ({"what": "speeker"}, "what is 'speeker': it has to be one of speaker, boundary, type"),
        ({"char_start": "-1"}, "char_start is '-1': it has to be a number of characters from 0"),
        ({"char_start": "１０"}, "char_start is '１０'"),
        ({"char_end": "1e3"}, "char_end is '1e3'"),
        ({"char_end": "99999999999"}, "char_end is '99999999999'"),
        ({"char_end": "10"}, "char_start is 10, char_end is 10: the quote has to have a character"),
        ({"char_start": "", "char_end": ""}, "char_start is ''"),
        ({"date": "3.2.2026"}, "date is '3.2.2026': a date is written YYYY-MM-DD"),
        ({"date": "2026-02-30"}, "date is '2026-02-30'"),
        ({"new_value": "Mixed"}, "new_value is 'Mixed': it has to be one of direct, indirect, mixed"),
        ({"old_value": ""}, "old_value is '': it has to be one of direct, indirect, mixed"),
        ({"what": "illocution", "old_value": "", "new_value": ""}, "new_value is '': it has to be one of"),
        ({"what": "boundary", "old_value": "", "new_value": "20-10"}, "offsets are written 120-168"),
        ({"what": "boundary", "old_value": "", "new_value": "10-20; 15-30"}, "may not overlap"),
        ({"what": "cue", "new_value": "said"}, "new_value is 'said': offsets are written"),
        ({"what": "not_a_quote", "new_value": "x"}, "leave it empty, the quote is taken out"),
        ({"what": "new_quote", "new_value": "x"}, "old_value is 'direct': leave it empty"),
        ({"what": "new_quote", "old_value": "", "new_value": "x|loud"}, "the type in new_value is 'loud'"),
        ({"what": "new_quote", "old_value": "", "new_value": "a|||2-3|b"}, "it has to be speaker | type"),
        ({"what": "article_date", "old_value": "", "new_value": "May 2024"}, "a date is written"),
        ({"reason": "x" * 4_001}, "reason has 4,001 characters: 4,000 are allowed"),
    ],
)
def test_a_cell_that_cannot_be_used_is_told_with_what_to_do(cells: dict[str, str], problem: str) -> None:
    (found,) = problems(GOOD | cells)
    assert found is not None and problem in found
    assert problems(GOOD, GOOD | cells, GOOD) == [None, found, None]


def test_the_file_tells_of_its_first_rows_that_cannot_be_used() -> None:
    found = warning(read_sheet(as_csv([GOOD, *5 * [GOOD | {"what": "x"}]])))
    assert found is not None
    assert found.startswith("corrections.csv, line 3: what is 'x'")
    assert found.endswith("2 more rows are listed as invalid in the table corrections")


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ([*COLUMNS, "note"], "line 1: unknown column 'note'"),
        ([*COLUMNS, "what"], "line 1: the column what stands twice"),
        (COLUMNS[:-1], "line 1: the column date is missing"),
    ],
)
def test_with_a_wrong_header_every_row_is_listed_and_none_is_read(columns: list[str], problem: str) -> None:
    raw = (",".join(columns) + "\n" + HASH + ",10,20,type,direct,mixed,,,,\n").encode()
    found = read_sheet(raw)
    assert found.problem is not None and problem in found.problem
    assert found.corrections == []
    (row,) = found.rows
    assert (row.line, row.cells["what"]) == (2, "type")
    assert row.problem is not None and row.problem.startswith("the header cannot be used")


def test_the_columns_may_stand_in_any_order_and_the_file_may_have_a_mark_and_windows_line_ends() -> None:
    text = as_csv([GOOD], reversed(COLUMNS)).decode().replace("\n", "\r\n")
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = read_sheet(text.encode(encoding))
        assert [row.problem for row in found.rows] == [None]


def test_an_open_quotation_mark_costs_its_own_row_only() -> None:
    lines = as_csv([GOOD, GOOD | {"reason": "x"}, GOOD | {"reason": "y"}]).decode().split("\n")
    lines[2] = lines[2].replace(",x,", ',"x,')
    found = read_sheet("\n".join(lines).encode())
    assert [row.line for row in found.rows] == [2, 3, 4]
    assert [row.problem is None for row in found.rows] == [True, False, True]
    assert "close and double quotation marks" in str(found.rows[1].problem)


def test_too_many_cells_are_told_and_empty_lines_are_none() -> None:
    raw = as_csv([GOOD]) + b"\n,,,,,,,,\n" + as_csv([GOOD]).split(b"\n")[1] + b",extra\n"
    found = read_sheet(raw)
    assert [row.line for row in found.rows] == [2, 5]
    assert "10 cells for 9 columns" in str(found.rows[1].problem)


@pytest.mark.parametrize("raw", [b"", b"\x00\x01\x02\x03" * 50, b"%PDF-1.4", "é".encode() * 99 + b"\xc3"])
def test_a_file_that_is_no_text_is_told_of(raw: bytes) -> None:
    found = read_sheet(raw)
    assert found.corrections == []
    assert str(warning(found)).startswith("corrections.csv")


def test_one_byte_that_is_no_text_costs_the_file_and_its_rows_are_listed() -> None:
    found = read_sheet(as_csv([GOOD, GOOD | {"coder": "K\x00"}]))
    assert [row.line for row in found.rows] == [2, 3]
    assert all(str(row.problem).startswith("the file cannot be used: NUL byte") for row in found.rows)
    assert str(warning(found)).startswith("corrections.csv: NUL byte")


def test_the_first_row_over_the_bound_is_listed_and_ends_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    found = problems(GOOD, GOOD, GOOD, GOOD)
    assert found == [None, None, "only 2 rows are read, this and those below are not: take out old ones"]


def test_offsets_and_missed_quotes_have_one_form() -> None:
    assert read_spans("120-168", "x") == ((120, 168),)
    assert read_spans(" 120-168 ;180 - 204", "x") == ((120, 168), (180, 204))
    assert read_new_quote("Oren Tull") == NewQuote("Oren Tull", "", (), ())
    assert read_new_quote("oren_tull | direct | 5-9 | 10-20; 30-40") == NewQuote(
        "oren_tull", "direct", ((5, 9),), ((10, 20), (30, 40))
    )
    assert read_new_quote("") == NewQuote("", "", (), ())
    for wrong in ("5", "5-", "-5", "5-5", "a-b", "5-9-12", ";"):
        with pytest.raises(Unusable):
            read_spans(wrong, "x")


@given(st.binary(max_size=300), st.text(max_size=300))
def test_any_bytes_are_read_and_every_line_with_something_on_it_is_told_of(raw: bytes, text: str) -> None:
    for content in (raw, as_csv([GOOD]) + text.encode("utf-8", "surrogatepass")):
        found = read_sheet(content)
        lines = [row.line for row in found.rows]
        assert lines == sorted(set(lines))
        assert all((row.correction is None) == (row.problem is not None) for row in found.rows)
        assert found.rows or found.problem
