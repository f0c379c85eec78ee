"""How far two coders agree: Krippendorff's alpha (2004; nominal)."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.audit.answers import Answer, Coded, by_row
from pipeline.audit.sheet import JUDGED

_SHOWN = {
    "boundary": "text",
    "speaker": "speaker",
    "type": "quote_type",
    "topics": "topics",
    "illocution": "illocution",
}


@dataclass(frozen=True)
class Agreement:
    """Of `n` rows that both coders judged, how many have the same code, and alpha.

    `alpha` None: all codes are the same, so that agreement by chance cannot be told.
    """

    what: str
    n: int
    n_same: int
    alpha: float | None


@dataclass(frozen=True)
class Disagreement:
    """A row on which the coders differ: in what, and what each says."""

    row: Answer
    what: str
    codes: tuple[str, str]


def agreement(first: Coded, second: Coded) -> tuple[list[Agreement], list[Disagreement]]:
    """Return the agreement on every question, and the rows without it, in the order of the first sheet."""
    one, other = by_row(first.answers), by_row(second.answers)
    both = [(answer, other[row_id]) for row_id, answer in one.items() if row_id in other]
    found: list[Agreement] = []
    differ: list[Disagreement] = []
    for what in ("is_quote", *JUDGED, "missed_quotes"):
        codes: list[tuple[str, str]] = []
        for a, b in both:
            pair = code(a, what), code(b, what)
            if pair[0] is None or pair[1] is None:
                continue
            codes.append((pair[0], pair[1]))
            if pair[0] != pair[1]:
                differ.append(Disagreement(a, what, (pair[0], pair[1])))
        if codes:
            found.append(Agreement(what, len(codes), sum(a == b for a, b in codes), alpha(codes)))
    order = {row_id: number for number, row_id in enumerate(one)}
    differ.sort(key=lambda d: order[d.row.row["row_id"].strip()])
    return found, differ


def code(answer: Answer, what: str) -> str | None:
    """Return the code that a coder gives by an answer; None: the question was not answered.

    Where the coder says yes it is what the sheet says; where no, what is right instead, or 'something else'.
    """
    if what == "missed_quotes":
        return ("some" if answer.missed else "none") if answer.is_passage else None
    if answer.is_passage:
        return None
    if what == "is_quote":
        return "yes" if answer.is_quote else "no"
    if what not in answer.judged:
        return None
    if answer.judged[what]:
        said = answer.row[_SHOWN[what]]
        return _alike(said, what) or "none"
    if what not in answer.right:
        return "something else"
    return _alike(answer.right[what], what) or "none"


def alpha(codes: Sequence[tuple[str, str]]) -> float | None:
    """Return Krippendorff's alpha of the codes that two coders gave; None when there is one code only."""
    import krippendorff
    import numpy as np

    names = sorted({code for pair in codes for code in pair})
    if len(names) < 2:
        return None
    numbers = np.array([[names.index(pair[side]) for pair in codes] for side in (0, 1)], float)
    return float(krippendorff.alpha(reliability_data=numbers, level_of_measurement="nominal"))


def _alike(text: str, what: str) -> str:
    """Return a code so that case and white space make no difference, nor order but for the main topic."""
    parts = [" ".join(part.split()).casefold() for part in text.split(";") if part.strip()]
    first = 1 if what == "topics" else 0
    return "; ".join(parts[:first] + sorted(parts[first:]))
