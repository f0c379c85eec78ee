"""What a sample is drawn from: all quotes, and all passages of text, article by article."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit.strata import Cell
from pipeline.verify.reading import by_articles

QUOTE, PASSAGE = "quote", "passage"
PASSAGE_FACTORS = ("has_quote", "outlet")
# Block types in which quotes are looked for.
_READ = ("headline", "deck", "heading", "paragraph", "caption", "pull_quote")
# Outlets and speakers beyond these are 'other'.
_NAMED = 12
_OTHER = "other"
_BANDS = (0.5, 0.7, 0.9)


@dataclass(frozen=True, slots=True)
class Unit:
    """A quote or a passage: where it stands in its raw file, and its values of the factors.

    `own_id` is the quote_id or block_id. Offsets in code points of the raw file as decoded, outer ends.
    """

    kind: str
    raw_sha256: str
    char_start: int
    char_end: int
    own_id: str
    article_id: str
    cell: Cell

    def ticket(self, seed: int) -> str:
        """Return the number that decides whether the unit is drawn: the same in any order of the rows."""
        place = f"{seed} {self.kind} {self.raw_sha256} {self.char_start} {self.char_end}"
        return hashlib.sha256(f"{place} {self.own_id}".encode()).hexdigest()


def quotes(processed: Path, factors: tuple[str, ...]) -> Iterator[Unit]:
    """Yield every quote of a dataset."""
    for chunk in by_articles(processed, ("quotes",)):
        articles = {row["article_id"]: row for row in chunk["articles"].iter_rows(named=True)}
        for row in chunk["quotes"].iter_rows(named=True):
            article = articles[row["article_id"]]
            values = {
                "outlet": article["outlet_id"] or "unknown",
                "quote_type": row["quote_type"],
                "speaker": speaker_group(row["speaker_id"], row["n_speakers"]),
                "confidence": _band(row["confidence"]),
            }
            yield Unit(
                QUOTE,
                article["raw_sha256"],
                row["char_start"],
                row["char_end"],
                row["quote_id"],
                row["article_id"],
                tuple(values[factor] for factor in factors),
            )


def passages(processed: Path) -> Iterator[Unit]:
    """Yield every block in which quotes are looked for."""
    for chunk in by_articles(processed, ("quotes", "blocks")):
        articles = {row["article_id"]: row for row in chunk["articles"].iter_rows(named=True)}
        quoted = set(chunk["quotes"]["block_id"])
        for row in chunk["blocks"].iter_rows(named=True):
            if row["block_type"] in _READ:
                article = articles[row["article_id"]]
                yield Unit(
                    PASSAGE,
                    article["raw_sha256"],
                    row["char_start"],
                    row["char_end"],
                    row["block_id"],
                    row["article_id"],
                    ("yes" if row["block_id"] in quoted else "no", article["outlet_id"] or "unknown"),
                )


def speaker_group(speaker_id: str | None, n_speakers: int) -> str:
    """Return the speaker of the authority file, or what else stands for the speaker."""
    if speaker_id is None:
        return "several" if n_speakers > 1 else "unresolved"
    return "in one document" if ":" in speaker_id else speaker_id


def with_rare_joined(cells: Counter[Cell], factors: tuple[str, ...]) -> dict[Cell, Cell]:
    """Return for each cell the one in which outlets and speakers beyond the most frequent are 'other'."""
    kept: dict[int, set[str]] = {}
    for place, factor in enumerate(factors):
        if factor in ("outlet", "speaker"):
            counts: Counter[str] = Counter()
            for cell, count in cells.items():
                counts[cell[place]] += count
            kept[place] = set(sorted(counts, key=lambda name: (-counts[name], name))[:_NAMED])
    return {
        cell: tuple(
            value if value in kept.get(place, {value}) else _OTHER for place, value in enumerate(cell)
        )
        for cell in cells
    }


def _band(confidence: float | None) -> str:
    if confidence is None:
        return "rules alone"
    ends = (0.0, *_BANDS, 1.0)
    number = sum(confidence >= end for end in _BANDS)
    return f"{ends[number]:g}–{ends[number + 1]:g}"
