from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit.strata import MINIMUM, Cell, Stratum, allocate, stratify


def test_the_rest_is_shared_out_by_size_after_the_minimum() -> None:
    assert allocate({("a",): 90, ("b",): 9, ("c",): 1}, 20) == {("a",): 16, ("b",): 3, ("c",): 1}


def test_of_two_equal_remainders_the_first_by_name_is_rounded_up() -> None:
    assert allocate({("b",): 10, ("a",): 10}, 5) == {("a",): 3, ("b",): 2}


def test_more_rows_than_there_are_means_all_rows() -> None:
    assert allocate({("a",): 3, ("b",): 1}, 100) == {("a",): 3, ("b",): 1}


def test_small_cells_are_joined_over_the_factor_named_last() -> None:
    cells: dict[Cell, int] = {
        ("lantern", "direct"): 50,
        ("lantern", "mixed"): 1,
        ("post", "direct"): 40,
        ("post", "mixed"): 1,
    }
    strata = stratify(cells, ("outlet", "type"), 12)
    assert {cell: stratum.name for cell, stratum in strata.items()} == {
        ("lantern", "direct"): "outlet=lantern, type=direct",
        ("lantern", "mixed"): "outlet=*, type=*",
        ("post", "direct"): "outlet=post, type=direct",
        ("post", "mixed"): "outlet=*, type=*",
    }
    assert strata["post", "mixed"] == Stratum("outlet=*, type=*", 2, 2)


def test_without_factors_there_is_one_stratum() -> None:
    assert stratify({(): 10}, (), 4) == {(): Stratum("all", 10, 4)}


CELLS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.sampled_from("12")),
    st.integers(1, 300),
    min_size=1,
)


@given(CELLS, st.integers(0, 400))
def test_every_stratum_has_its_minimum_and_the_sample_its_size(
    cells: dict[tuple[str, ...], int], n: int
) -> None:
    strata = stratify(cells, ("outlet", "type", "speaker"), n)
    each = {stratum.name: stratum for stratum in strata.values()}
    assert sum(stratum.n_rows for stratum in each.values()) == sum(cells.values())
    assert sum(stratum.n_drawn for stratum in each.values()) == min(n, sum(cells.values())) or n < MINIMUM
    for stratum in each.values():
        assert stratum.n_drawn <= stratum.n_rows
        assert n < MINIMUM * 2 or stratum.n_drawn >= min(MINIMUM, stratum.n_rows)
    assert len(each) == 1 or len(each) * MINIMUM * 2 <= n


@given(CELLS, st.integers(1, 400), st.randoms())
def test_the_order_of_the_rows_makes_no_difference(
    cells: dict[tuple[str, ...], int], n: int, random: object
) -> None:
    items = list(cells.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    factors = ("outlet", "type", "speaker")
    assert stratify(dict(items), factors, n) == stratify(cells, factors, n)
