"""Draw the sample and write down what a coder needs to judge it."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.audit import population
from pipeline.audit.population import PASSAGE, PASSAGE_FACTORS, QUOTE, Unit
from pipeline.audit.sheet import row_id
from pipeline.audit.strata import Stratum, stratify
from pipeline.pages.safe_text import on_one_line
from pipeline.verify.reading import by_articles

_AROUND = 400
# A spreadsheet takes 32,767 characters in a cell.
_LONGEST = 30_000
# Between quotes in one cell; the coder writes it too.
BETWEEN = " || "


@dataclass(frozen=True)
class Drawn:
    """A unit of the sample with its stratum."""

    unit: Unit
    stratum: Stratum


def draw(processed: Path, factors: tuple[str, ...], n: int, n_passages: int, seed: int) -> list[Drawn]:
    """Return the sample: quotes, then passages, each in an order that has nothing to do with the strata.

    The rows of a stratum whose tickets are lowest are drawn, which is simple random sampling without
    replacement (Ohlsson 1995: permanent random numbers). A ticket is a hash of the seed and of the place in
    the raw file: neither the order of the rows nor other files change it.
    """
    quotes = _draw(lambda: population.quotes(processed, factors), factors, n, seed)
    passages = _draw(lambda: population.passages(processed), PASSAGE_FACTORS, n_passages, seed)
    return [*quotes, *passages]


def _draw(units: Callable[[], Iterable[Unit]], factors: tuple[str, ...], n: int, seed: int) -> list[Drawn]:
    counts = Counter(unit.cell for unit in units())
    common = population.with_rare_joined(counts, factors)
    merged: Counter[tuple[str, ...]] = Counter()
    for cell, count in counts.items():
        merged[common[cell]] += count
    strata = stratify(merged, factors, n)
    lowest: dict[str, list[tuple[int, Unit]]] = {stratum.name: [] for stratum in strata.values()}
    for unit in units():
        stratum = strata[common[unit.cell]]
        if not stratum.n_drawn:
            continue
        # A heap has its smallest first, and the largest ticket is the one to give up.
        entry = (-int(unit.ticket(seed), 16), unit)
        heap = lowest[stratum.name]
        if len(heap) < stratum.n_drawn:
            heapq.heappush(heap, entry)
        elif entry[0] > heap[0][0]:
            heapq.heapreplace(heap, entry)
    by_name = {stratum.name: stratum for stratum in strata.values()}
    found = [(-ticket, Drawn(unit, by_name[name])) for name, heap in lowest.items() for ticket, unit in heap]
    return [drawn for _, drawn in sorted(found, key=lambda pair: pair[0])]


def sheet_rows(processed: Path, sample: Iterable[Drawn], seed: int) -> list[dict[str, str]]:
    """Return the rows of the sheet in the order of the sample."""
    wanted: dict[str, list[tuple[int, Drawn]]] = {}
    for number, drawn in enumerate(sample):
        wanted.setdefault(drawn.unit.article_id, []).append((number, drawn))
    rows: dict[int, dict[str, str]] = {}
    for chunk in by_articles(processed, ("article_text", "quotes")):
        texts = dict(chunk["article_text"].select("article_id", "text").iter_rows())
        here = [
            article for article in chunk["articles"].iter_rows(named=True) if article["article_id"] in wanted
        ]
        for article in here:
            quotes = chunk["quotes"].filter(article_id=article["article_id"])
            for number, drawn in wanted[article["article_id"]]:
                text = texts.get(article["article_id"], "")
                rows[number] = _drawn_cells(drawn, seed) | _shown_cells(drawn.unit, article, text, quotes)
    for row in rows.values():
        row["row_id"] = row_id(row)
    return [rows[number] for number in sorted(rows)]


def _drawn_cells(drawn: Drawn, seed: int) -> dict[str, str]:
    unit, stratum = drawn.unit, drawn.stratum
    return {
        "kind": unit.kind,
        "raw_sha256": unit.raw_sha256,
        "char_start": str(unit.char_start),
        "char_end": str(unit.char_end),
        "found": "0",
        "stratum": stratum.name,
        "stratum_rows": str(stratum.n_rows),
        "stratum_drawn": str(stratum.n_drawn),
        "probability": f"{stratum.probability:.6g}",
        "weight": f"{1 / stratum.probability:.6g}",
        "seed": str(seed),
    }


def _shown_cells(unit: Unit, article: dict[str, object], text: str, quotes: pl.DataFrame) -> dict[str, str]:
    start, end = unit.char_start, unit.char_end
    cells = {
        "outlet": str(article["outlet_id"] or "unknown"),
        "date": str(article["analysis_date"] or ""),
        "headline": _shown(article["headline"]),
        "context_before": _shown(text[max(0, start - _AROUND) : start]),
        "context_after": _shown(text[end : end + _AROUND]),
    }
    if unit.kind == PASSAGE:
        here = quotes.filter(block_id=unit.own_id)["quote_text"].to_list()
        return cells | {
            "text": _shown(text[start:end]),
            "found": str(len(here)),
            "found_quotes": _shown(BETWEEN.join(here)),
        }
    assert unit.kind == QUOTE
    (row,) = quotes.filter(quote_id=unit.own_id).to_dicts()
    return cells | {
        "text": _shown(row["quote_text"]),
        "cue": _shown(row["cue"]),
        "source_mention": _shown(row["source_mention"]),
        "speaker": _shown(row["speaker_name"]),
        "speaker_group": population.speaker_group(row["speaker_id"], row["n_speakers"]),
        "quote_type": row["quote_type"],
        "topics": _shown(row["topics"]),
        "illocution": _shown(row["illocution"]),
    }


def _shown(cell: object) -> str:
    return "" if cell is None else on_one_line(cell)[:_LONGEST]
