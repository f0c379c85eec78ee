"""Which quote a correction means: the one that overlaps best with its offsets."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.corrections.binding import Fit, find_best, share


def test_the_share_is_that_of_all_characters() -> None:
    assert share([(0, 10)], [(0, 10)]) == 1
    assert share([(0, 10)], [(5, 15)]) == 5 / 15
    assert share([(0, 10)], [(10, 20)]) == 0
    assert share([(0, 4), (6, 10)], [(0, 10)]) == 0.8


def test_the_quote_with_the_best_overlap_is_meant() -> None:
    places = {"a": [[(0, 50)]], "b": [[(60, 100)]], "c": [[(62, 100)]]}
    assert find_best((60, 99), places) == Fit("b", 0.975)
    assert find_best((51, 59), places) is None


def test_a_quote_in_two_parts_is_found_by_its_start_and_end() -> None:
    places = {"around": [[(0, 10), (90, 100)]], "between": [[(12, 88)]]}
    assert find_best((0, 100), places) == Fit("around", 1.0)
    assert find_best((12, 88), places) == Fit("between", 1.0)


def test_two_quotes_that_fit_alike_are_a_tie() -> None:
    assert find_best((0, 100), {"a": [[(0, 50)]], "b": [[(50, 100)]]}) == Fit("a", 0.5, is_tie=True)


def test_a_corrected_boundary_is_a_place_of_the_quote_too() -> None:
    assert find_best((40, 100), {"a": [[(0, 50)], [(40, 100)]], "b": [[(0, 55)]]}) == Fit("a", 1.0)


SPANS = st.lists(st.integers(0, 60), min_size=2, max_size=8, unique=True).map(
    lambda cuts: list(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
)


@given(SPANS, SPANS)
def test_the_share_is_that_of_sets_of_characters(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    mine, its = ({n for start, end in spans for n in range(start, end)} for spans in (one, other))
    assert share(one, other) == len(mine & its) / len(mine | its)
    assert share(one, other) == share(other, one)
