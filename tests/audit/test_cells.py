import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.audit.cells import NotAnAnswer, guarded, restored, whole_number, yes_or_no

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


@given(st.text())
@example("'=1")
@example("''")
@example("'@'")
@example("=cmd|' /C calc'!A0")
def test_a_guarded_cell_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert not guarded(text).startswith(FORMULAS)
    assert restored(guarded(text)) == text


@pytest.mark.parametrize("cell", ["=1+1", "'tis", "plain", ""])
def test_a_cell_whose_guard_the_spreadsheet_took_off_is_the_same(cell: str) -> None:
    assert restored(cell) == cell


@pytest.mark.parametrize(
    "cell", ["yes", "Y", " TRUE ", "true", "1", "1.0", "1,00", "WAHR", "ja", "Vrai", "x", "SÍ", "是"]
)
def test_yes_is_understood_as_people_and_spreadsheets_write_it(cell: str) -> None:
    assert yes_or_no(cell) is True


@pytest.mark.parametrize("cell", ["no", "N", "FALSE", "0", "0.0", "0,00", "FALSCH", "nein", "faux", "否"])
def test_no_is_understood_as_people_and_spreadsheets_write_it(cell: str) -> None:
    assert yes_or_no(cell) is False


def test_an_empty_cell_is_no_answer_and_anything_else_is_a_fault() -> None:
    assert yes_or_no("  ") is None
    for cell in ("maybe", "2", "10", "yes?", "1.5"):
        with pytest.raises(NotAnAnswer):
            yes_or_no(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1204", 1204), ("1204.0", 1204), ("1204,00", 1204), ("1 204", 1204), ("1\u00a0204", 1204), ("007", 7)],
)
def test_numbers_are_read_as_spreadsheets_show_them(cell: str, number: int) -> None:
    assert whole_number(cell) == number


@pytest.mark.parametrize("cell", ["", "1.5", "12,4", "-3", "1e5", "x", "²"])
def test_what_is_no_whole_number_is_none(cell: str) -> None:
    with pytest.raises(ValueError):
        whole_number(cell)
