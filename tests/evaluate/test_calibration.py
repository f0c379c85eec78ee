"""Confidence against what is right, and the bootstrap."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.bootstrap import MIN_DOCUMENTS, intervals
from pipeline.evaluate.calibration import (
    MEASURES,
    N_BINS,
    bin_number,
    bins,
    brier_skill,
    count_calibration,
    expected_calibration_error,
)
from pipeline.evaluate.gold import GoldDocument, GoldQuote
from pipeline.evaluate.measures import ALL, Counts, add_up, share
from pipeline.evaluate.scores import compare
from tests.evaluate.scorers import found_quote

TEXT = "Ola Venn said " + " ".join(f"word{number}" for number in range(100)) + "."


def word(number: int) -> tuple[int, int]:
    start = TEXT.index(f"word{number}")
    return start, start + len(f"word{number}")


def counted(*cases: tuple[float | None, bool]) -> Counts:
    """Return the counts of quotes with these confidences that are right or not."""
    gold = tuple(
        GoldQuote((word(n),), (), None, True, None, False) for n, (_, right) in enumerate(cases) if right
    )
    quotes = [found_quote([word(n)], confidence=confidence) for n, (confidence, _) in enumerate(cases)]
    return count_calibration(compare(GoldDocument("one", TEXT, gold), quotes, speech_only=True))


def test_nine_in_ten_right_at_nine_tenths_has_no_error() -> None:
    counts = counted(*[(0.9, True)] * 9, (0.9, False))
    assert expected_calibration_error(counts).value == pytest.approx(0)
    assert brier_skill(counts).value == pytest.approx(0)
    assert [one.compute(counts).value for one in MEASURES[2:]] == [1.0, 0.9]


def test_the_error_is_the_distance_weighed_by_bins() -> None:
    counts = counted((0.9, True), (0.9, False), (0.2, False), (0.2, False))
    assert expected_calibration_error(counts).value == pytest.approx(0.5 * 0.4 + 0.5 * 0.2)
    assert expected_calibration_error(counts).n == 4


def test_skill_is_one_when_certain_and_right_and_below_zero_when_worse_than_the_base_rate() -> None:
    assert brier_skill(counted((1.0, True), (0.0, False))).value == 1.0
    worse = brier_skill(counted((0.0, True), (1.0, False))).value
    assert worse is not None and worse < 0
    assert brier_skill(counted((0.7, True), (0.8, True))).value is None


def test_quotes_without_confidence_are_left_out() -> None:
    assert counted((None, True)) == {}
    assert counted((None, True), (0.5, True))["confidence.n"] == 1
    assert expected_calibration_error({}).value is None


@pytest.mark.parametrize(("speakers", "right"), [(["Ola Venn"], 1), ([], 0), (["Tarn"], 0)])
def test_right_wants_the_speaker_where_gold_has_one(speakers: list[str], right: int) -> None:
    gold = GoldQuote((word(1),), ((0, 8),), None, True, frozenset({"ola venn"}), False)
    quote = found_quote([word(1)], [(0, 8)], speakers, confidence=0.9)
    counts = count_calibration(compare(GoldDocument("one", TEXT, (gold,)), [quote], speech_only=True))
    assert counts["confidence.sure_right"] == right


@given(st.integers(min_value=0, max_value=100))
def test_a_confidence_of_two_decimals_lies_in_its_bin(hundredths: int) -> None:
    assert bin_number(hundredths / 100) == min(hundredths // 10, N_BINS - 1)


def test_the_bins_hold_every_quote() -> None:
    found = bins(counted((0.05, False), (0.95, True), (1.0, True)))
    assert [one.n for one in found] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert found[-1].mean_confidence == pytest.approx(0.975)
    assert (found[0].share_right, found[1].share_right, found[-1].share_right) == (0.0, None, 1.0)


RIGHT = share("content_iou50", "recall", ALL, "right", "n")


def dice(n: int) -> list[Counts]:
    rng = random.Random(7)
    return [{"n": 10, "right": sum(rng.random() < 0.7 for _ in range(10))} for _ in range(n)]


def test_below_twenty_documents_there_is_no_interval() -> None:
    assert intervals(dice(MIN_DOCUMENTS - 1), [RIGHT]) == [None]


def test_the_interval_holds_the_value_is_seeded_and_shrinks() -> None:
    wide, narrow = intervals(dice(20), [RIGHT])[0], intervals(dice(500), [RIGHT])[0]
    assert wide and narrow
    value = RIGHT.compute(add_up(dice(20))).value
    assert value is not None and wide[0] < value < wide[1]
    assert narrow[1] - narrow[0] < (wide[1] - wide[0]) / 2
    assert intervals(dice(20), [RIGHT])[0] == wide
    assert intervals(dice(20), [RIGHT], seed=2)[0] != wide


def test_what_cannot_be_measured_has_no_interval() -> None:
    assert intervals([{} for _ in range(30)], [RIGHT]) == [None]
