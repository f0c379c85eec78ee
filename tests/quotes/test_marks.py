import pytest

from pipeline.quotes.marks import Marks, Quoted, quoted_stretches


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "rain" twice.', ['"rain"']),
        ("He said “rain” twice.", ["“rain”"]),
        ("He said «rain» twice.", ["«rain»"]),
        ("He said ''rain'' twice.", ["''rain''"]),
        ("He said 'rain falls' twice.", ["'rain falls'"]),
        ("He said ‘rain falls’ twice.", ["‘rain falls’"]),
        ("Arlonia's and Borvia's boats", []),
        ("the farmers' boats and the fishers' nets", []),
        ("“He calls it ‘home’ now.”", ["“He calls it ‘home’ now.”"]),
        ('a 6" pipe and "rain"', ['"rain"']),
        ("“Open to the end. ", ["“Open to the end."]),
        ('a stray " and then "rain" fell', ['"rain"']),
    ],
)
def test_stretches(text: str, expected: list[str]) -> None:
    found = quoted_stretches(text, 0, len(text))
    assert [text[one.start : one.end] for one in found] == expected


def test_an_unclosed_mark_is_said_to_be_open() -> None:
    assert quoted_stretches("“Open", 0, 5) == [Quoted(0, 5, True)]


def test_offsets_are_those_of_the_whole_text() -> None:
    text = "“A”\n“B”"
    assert quoted_stretches(text, 4, 7) == [Quoted(4, 7, False)]


def test_marks_answer_for_offsets_and_spans() -> None:
    marks = Marks(quoted_stretches('ab "cd" ef "gh"', 0, 15))
    assert marks.at(4) == Quoted(3, 7, False)
    assert marks.at(8) is None
    assert marks.within(0, 8) == [Quoted(3, 7, False)]
    assert marks.within(5, 12) == [Quoted(3, 7, False), Quoted(11, 15, False)]
