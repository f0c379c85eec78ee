"""Windows: the quotes of one speaker that may report the same utterance, being of the same days."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import polars as pl

# What was said on a day is looked for in reports of that day and of so many days after it.
DAYS_AFTER = 3


@dataclass(frozen=True)
class Window:
    """Quotes of one day, and those of this and the following days to compare them with, in order of ids."""

    speaker: str
    firsts: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return the hash of the quotes: what was found in them once is found again."""
        shown = "\n".join([*self.firsts, "", *self.others])
        return hashlib.sha256(shown.encode()).hexdigest()[:24]


def windows(utterances: pl.DataFrame) -> Iterator[Window]:
    """Return the windows in which quotes of two articles or more stand, by speaker and day."""
    rows = utterances.filter(pl.col("speaker").is_not_null() & pl.col("day").is_not_null())
    several = rows.group_by("speaker").agg(pl.col("article_id").n_unique().alias("n")).filter(pl.col("n") > 1)
    rows = (
        rows.join(several, on="speaker", how="semi")
        .select("speaker", pl.col("day").to_physical(), "quote_id", "article_id")
        .sort("speaker", "day", "quote_id")
    )
    for speaker, group in groupby(rows.iter_rows(), key=lambda row: str(row[0])):
        by_day: dict[int, list[tuple[str, str]]] = {}
        for _, day, quote_id, article_id in group:
            by_day.setdefault(day, []).append((quote_id, article_id))
        for day, here in by_day.items():
            near = [one for later in range(day, day + DAYS_AFTER + 1) for one in by_day.get(later, ())]
            if len({article_id for _, article_id in near}) > 1:
                yield Window(speaker, tuple(q for q, _ in here), tuple(sorted(q for q, _ in near)))
