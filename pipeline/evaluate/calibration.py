"""Whether a confidence of 0.9 means that nine in ten are right."""

from dataclasses import dataclass

from pipeline.evaluate.measures import ALL, Counts, Figure, Measure, share
from pipeline.evaluate.scores import Comparison, FoundItem, GoldItem, pair_up, same_place_and_source
from pipeline.evaluate.speaker_names import name_set

N_BINS = 10
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Bin:
    """The quotes whose confidence lies in [low, high), in the last bin [low, high]."""

    low: float
    high: float
    n: int
    mean_confidence: float | None
    share_right: float | None


def count_calibration(comparison: Comparison) -> Counts:
    """Count, by confidence, the found quotes of a document and how many of them are right.

    Right: half of the words of the content in common with a gold quote, its source, and, where the gold
    quote has speakers settled, just these. Quotes without confidence are left out.
    """
    right = {id(item) for _, item in pair_up(comparison.wanted, comparison.found, _all_right)}
    counts: dict[str, float] = {}

    def add(name: str, count: float) -> None:
        counts[f"confidence.{name}"] = counts.get(f"confidence.{name}", 0) + count

    for item in comparison.found:
        confidence = item.quote.confidence
        if confidence is None:
            continue
        is_right = id(item) in right
        number = bin_number(confidence)
        add("n", 1)
        add("right", is_right)
        add("squares", (confidence - is_right) ** 2)
        add(f"{number}.n", 1)
        add(f"{number}.right", is_right)
        add(f"{number}.sum", confidence)
        if confidence >= SURE:
            add("sure", 1)
            add("sure_right", is_right)
    return counts


def _all_right(share_of: float, gold: GoldItem, found: FoundItem) -> bool:
    named = gold.quote.speakers
    return same_place_and_source(share_of, gold, found) and (
        named is None or name_set(found.quote.speakers) == named
    )


def bin_number(confidence: float) -> int:
    """Return the bin of a confidence; its lower edge belongs to it, and 1 to the last."""
    # In floating point 0.7 may come out of a sum as 0.6999999999999999.
    return min(int(round(confidence * N_BINS, 9)), N_BINS - 1)


def bins(counts: Counts) -> list[Bin]:
    """Return the table of a reliability diagram: ten bins of equal width (DeGroot & Fienberg 1983)."""
    made = []
    for number in range(N_BINS):
        n = int(counts.get(f"confidence.{number}.n", 0))
        mean = counts[f"confidence.{number}.sum"] / n if n else None
        right = counts[f"confidence.{number}.right"] / n if n else None
        made.append(Bin(number / N_BINS, (number + 1) / N_BINS, n, mean, right))
    return made


def expected_calibration_error(counts: Counts) -> Figure:
    """Return the mean distance of confidence and share right over the bins (Naeini et al. 2015).

    Each bin weighs as many as it has quotes; 0 is best.
    """
    n = int(counts.get("confidence.n", 0))
    gaps = [
        one.n * abs(one.mean_confidence - one.share_right)
        for one in bins(counts)
        if one.mean_confidence is not None and one.share_right is not None
    ]
    return Figure(sum(gaps) / n if n else None, n, None)


def brier_skill(counts: Counts) -> Figure:
    """Return how much better the squared error (Brier 1950) is than with the share right as every confidence.

    1 is perfect, 0 no better than the base rate, below 0 worse (Murphy 1973). There is none when all quotes
    are right, or all wrong.
    """
    n, right = int(counts.get("confidence.n", 0)), counts.get("confidence.right", 0)
    if not 0 < right < n:
        return Figure(None, n, None)
    base = right / n
    return Figure(1 - counts["confidence.squares"] / n / (base * (1 - base)), n, None)


MEASURES: tuple[Measure, ...] = (
    Measure("confidence_calibration_error", "score", ALL, expected_calibration_error),
    Measure("confidence_brier_skill", "score", ALL, brier_skill),
    share("confidence_coverage_90", "share", ALL, "confidence.sure", "confidence.n"),
    share("confidence_precision_90", "precision", ALL, "confidence.sure_right", "confidence.sure"),
)
