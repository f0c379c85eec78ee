from math import inf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit.estimates import Observation, estimate, wilson


def rows(stratum: str, size: int, right: int, n: int) -> list[Observation]:
    return [Observation(stratum, size, float(number < right), 1) for number in range(n)]


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 81 of 263, method 3.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    # 0 of 20 and 1 of 29, from the same table.
    assert wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson(1 / 29, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_strata_are_weighed_by_their_size() -> None:
    found = estimate([*rows("large", 900, 8, 10), *rows("small", 100, 1, 10)])
    assert found is not None
    assert (found.n, found.n_right, found.share) == (20, 9, 0.45)
    assert found.value == pytest.approx(0.9 * 0.8 + 0.1 * 0.1)
    # Cochran 1977, ch. 5: the sum of W² (1 - f) p q / (n - 1).
    variance = 0.81 * (1 - 1 / 90) * 0.16 / 9 + 0.01 * 0.9 * 0.09 / 9
    n_effective = found.value * (1 - found.value) / variance
    assert found.n_effective == pytest.approx(n_effective)
    assert found.interval == wilson(found.value, found.n_effective)
    assert found.population == pytest.approx(1000)


def test_a_part_of_the_rows_is_estimated_with_the_variance_of_all() -> None:
    part = [Observation("a", 100, float(k < 3), float(k < 6)) for k in range(10)]
    found = estimate(part)
    assert found is not None
    assert (found.n, found.n_right, found.value) == (6, 3, 0.5)
    assert found.population == pytest.approx(60)
    # Linearised: the scores of rows outside are 0, those inside ±0.5 / 60.
    spread = 6 * (0.5 / 60) ** 2 / 9
    assert found.n_effective == pytest.approx(min(0.25 / (100**2 * 0.9 * spread / 10), 6 / 0.9))


def test_when_all_were_coded_nothing_is_left_open() -> None:
    found = estimate([*rows("a", 10, 7, 10), *rows("b", 2, 1, 2)])
    assert found is not None
    assert (found.n_effective, found.interval) == (inf, (found.value, found.value))
    assert found.value == pytest.approx(8 / 12)
    assert found.share_interval == wilson(8 / 12, 12)


def test_rows_that_all_agree_do_not_seem_sure() -> None:
    found = estimate([*rows("a", 100, 10, 10), *rows("b", 900, 10, 10)])
    assert found is not None
    kish = 1000**2 / (10 * 10**2 + 10 * 90**2)
    assert found.n_effective == pytest.approx(kish / (1 - 20 / 1000))
    assert found.value == 1 and found.interval[0] == pytest.approx(wilson(1, found.n_effective)[0])
    assert found.interval[1] == 1


def test_strata_of_which_one_row_was_coded_are_taken_together() -> None:
    found = estimate([*rows("a", 10, 1, 1), *rows("b", 10, 0, 1)])
    assert found is not None
    assert found.value == 0.5
    spread = 2 * (0.5 / 20) ** 2
    assert found.n_effective == pytest.approx(min(0.25 / (20**2 * 0.9 * spread / 2), 2 / 0.9))


def test_nothing_judged_is_no_estimate() -> None:
    assert estimate([]) is None
    assert estimate([Observation("a", 5, 0, 0)]) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=60))
def test_the_interval_holds_the_estimate(drawn: list[tuple[str, bool]]) -> None:
    sizes = {name: 3 * sum(one == name for one, _ in drawn) for name in "abc"}
    found = estimate([Observation(name, sizes[name], float(right), 1) for name, right in drawn])
    assert found is not None
    assert 0 <= found.interval[0] <= found.value <= found.interval[1] <= 1
    assert found.value == pytest.approx(found.share)
    assert found.n_effective <= len(drawn) * 1.5 + 1e-6
    assert sqrt(found.n_effective) > 0
