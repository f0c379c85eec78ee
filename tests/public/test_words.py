"""What is shown of an article: bounds that hold whatever is asked for, in whatever order."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.public.words import CUT, WORD, Showing, count_words, fair_bound, first_words, without_private

TEXT = "one two three four five six seven eight nine ten"


def test_the_first_words_are_shown_and_the_cut_is_marked() -> None:
    showing = Showing(TEXT, run=3, share=1.0)
    assert showing.show(4, 23, 9) == f"two three four {CUT}"
    assert showing.show(4, 13, 9) == "two three"


def test_words_that_follow_shown_words_stay_out() -> None:
    showing = Showing(TEXT, run=3, share=1.0)
    assert showing.show(0, 13, 9) == "one two three"
    assert showing.show(14, 27, 9) == CUT
    assert showing.show(19, 27, 9) == "five six"
    # Would join both to a run of six.
    assert showing.show(14, 18, 9) == CUT


def test_the_share_of_all_words_is_a_bound_too() -> None:
    showing = Showing(TEXT, run=9, share=0.25)
    assert showing.show(0, 48, 9) == f"one two {CUT}"
    assert showing.show(19, 27, 9) == CUT
    assert showing.show(0, 7, 9) == "one two"


def test_a_text_without_offsets_counts_at_the_nearest_place_where_it_stands() -> None:
    showing = Showing("He said so. She said so.", run=2, share=1.0)
    assert showing.show_cell("Said so", 9, near=20) == "Said so"
    assert showing.show(12, 15, 9) == CUT
    assert showing.show(0, 2, 9) == "He"


def test_no_script_makes_an_article_one_word() -> None:
    assert count_words("他们说了很多话") == 7
    assert count_words("คนไทย") == 5
    assert count_words("a" * 240) == 10
    assert count_words("snake_case") == 2


def test_marks_without_words() -> None:
    assert first_words("—", 0) == "—"
    assert first_words("?" * 99, 5) == CUT
    assert Showing("?" * 99, run=5, share=1.0).show(0, 99, 5) == CUT


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("write to a.b@post.example now", f"write to {'█' * 16} now"),
        ("call +99 2 555 0147.", f"call {'█' * 14}."),
        ("@handle and 1+1", "@handle and 1+1"),
        ("<x@y.example>", f"<{'█' * 11}>"),
    ],
)
def test_addresses_and_numbers_are_blotted_in_their_length(text: str, clean: str) -> None:
    assert without_private(text) == clean
    assert len(clean) == len(text)


def test_a_fair_bound_cuts_long_quotes_first() -> None:
    assert fair_bound([3, 10, 40], 25, 53) == 25
    assert fair_bound([3, 10, 40], 25, 33) == 20
    assert fair_bound([3, 10, 40], 25, 9) == 3
    assert fair_bound([], 25, 0) == 25


WORDS = st.lists(
    st.sampled_from(["ab", "c", "—", "deE", "f_g", "是的", "\n", "“h”"]), min_size=1, max_size=40
)
PLACES = st.lists(st.tuples(st.integers(0, 160), st.integers(1, 60), st.integers(0, 12)), max_size=25)


@given(WORDS, PLACES, st.integers(1, 8), st.floats(0, 1))
def test_what_is_shown_keeps_both_bounds(
    words: list[str], places: list[tuple[int, int, int]], run: int, share: float
) -> None:
    text = " ".join(words)
    showing = Showing(text, run=run, share=share)
    seen = [False] * len(text)
    for start, length, at_most in places:
        start, end = min(start, len(text) - 1), min(start + length, len(text))
        shown = showing.show(start, end, at_most) if start < end else CUT
        if shown.endswith(CUT):
            shown = shown.removesuffix(CUT).removesuffix(" ")
        assert text[start:].startswith(shown)
        seen[start : start + len(shown)] = [True] * len(shown)
    known = [any(seen[w.start() : w.end()]) for w in WORD.finditer(text)]
    runs = re.findall("1+", "".join("01"[one] for one in known))
    assert max(map(len, runs), default=0) <= run
    assert sum(known) <= len(known) * share


@given(st.text(max_size=60), st.integers(0, 9))
def test_first_words_are_a_beginning_of_so_many_words(text: str, n_words: int) -> None:
    short = first_words(text, n_words)
    if short != text:
        assert short.endswith(CUT)
        beginning = short.removesuffix(CUT).removesuffix(" ")
        assert text.startswith(beginning) and count_words(beginning) <= n_words
