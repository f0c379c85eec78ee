"""Which quote a correction means: the one whose words overlap best with its offsets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.corrections.sheet import Span

# The least overlap at which a correction and a quote are of the same words.
LEAST_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """The quote that fits best, by its key, and how well. `is_tie`: another one fits as well."""

    key: str
    overlap: float
    is_tie: bool = False


def find_best(span: Span, places: Mapping[str, Sequence[Sequence[Span]]]) -> Fit | None:
    """Return the quote that fits the offsets best, None when none shares a character with them.

    `places` are the content spans of each quote by key: those that the extractor gave, and those that a
    corrected boundary gives it.
    """
    fits = sorted(
        ((max(_fit(span, content) for content in contents), key) for key, contents in places.items()),
        key=lambda fit: (-fit[0][0], -fit[0][1], fit[1]),
    )
    if not fits or fits[0][0][0] <= 0:
        return None
    best, key = fits[0]
    return Fit(key, round(best[0], 4), len(fits) > 1 and fits[1][0] == best)


def _fit(span: Span, content: Sequence[Span]) -> tuple[float, float]:
    """Return the overlap with the content or, where it is better, with all from its start to its end.

    The second decides between quotes of the same first: whose own words they are.
    """
    own = share([span], content)
    return max(own, share([span], [(content[0][0], content[-1][1])])), own


def share(one: Iterable[Span], other: Iterable[Span]) -> float:
    """Return the characters in both by the characters in either of them (intersection over union).

    The spans of each are in order and do not overlap.
    """
    mine, its = list(one), list(other)
    common = sum(
        max(0, min(end, its_end) - max(start, its_start)) for start, end in mine for its_start, its_end in its
    )
    whole = sum(end - start for start, end in [*mine, *its]) - common
    return common / whole if whole else 0.0
