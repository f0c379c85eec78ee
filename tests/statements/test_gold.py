"""The alignment measured on the gold statements: with gold quotes, and through the whole path."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.quotes.stage import WEIGHTS
from pipeline.statements.encoder import load_encoder
from pipeline.statements.linking import Piece, Said, link, rarity_of, read_clauses
from pipeline.statements.words import load_vocabulary
from tests.statements.gold_scores import GoldPart, Pair, gold_pairs, score_parts, score_quotes
from tests.workshop import PROJECT, Workshop

SHARED = PROJECT.parent / "shared"
CHINA_DAILY, READOUT = "002_769c9fc006ba94f1", "004_36457a3432ef53d1"

pytestmark = pytest.mark.usefixtures("shared")


def lines(name: str) -> list[dict[str, Any]]:
    text = (SHARED / "gold" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def texts() -> dict[str, str]:
    return {path.stem: path.read_bytes().decode() for path in (SHARED / "raw").glob("*.txt")}


def gold() -> list[Pair]:
    return gold_pairs(lines("statements.jsonl"), CHINA_DAILY, READOUT)


def aligned_gold_quotes() -> list[Pair]:
    raw = texts()
    vocabulary = load_vocabulary(WEIGHTS)
    by_speaker: dict[str, dict[str, list[Said]]] = defaultdict(lambda: defaultdict(list))
    for document in lines("quotes.jsonl"):
        doc_id = document["doc_id"]
        for one in document["attributions"]:
            pieces = [Piece(start, raw[doc_id][start:end]) for start, end in one["content"]]
            said = Said(f"{doc_id}:{one['id']}", doc_id, None, False, read_clauses(pieces, vocabulary))
            for speaker in one.get("speakers") or ():
                by_speaker[speaker][doc_id].append(said)
    found = set()
    for _, of_speaker in sorted(by_speaker.items()):
        rarity = rarity_of([said for quotes in of_speaker.values() for said in quotes])
        encode = load_encoder(WEIGHTS).of_words
        for one in link(of_speaker[CHINA_DAILY], of_speaker[READOUT], rarity, encode):
            sides = [(one.first, one.first_no), (one.second, one.second_no)]
            a, b = (
                GoldPart(
                    said.article_id,
                    int(said.quote_id.partition(":")[2]),
                    said.clauses[number].char_start,
                    said.clauses[number].char_end,
                )
                for said, number in sides
            )
            found.add((a, b))
    return sorted(found)


def test_gold_quotes_are_aligned() -> None:
    found = aligned_gold_quotes()
    assert score_quotes(found, gold()).f1 >= 0.85
    assert score_parts(found, gold(), texts()).f1 >= 0.70


def test_the_whole_path(tmp_path: Path) -> None:
    # The quotes that were found take the place of the gold quotes that they overlap best.
    shop = Workshop(tmp_path)
    for path in (SHARED / "raw").glob("*.txt"):
        (shop.raw / path.name).write_bytes(path.read_bytes())
    assert shop.build() == 0
    found = []
    for _, rows in placed_parts(shop).group_by("statement_id", maintain_order=True):
        sides = [
            [GoldPart(*row) for row in rows.filter(doc_id=doc_id).select(GoldPart._fields).iter_rows()]
            for doc_id in (CHINA_DAILY, READOUT)
        ]
        found += [(a, b) for a in sides[0] for b in sides[1]]
    assert score_quotes(found, gold()).f1 >= 0.80
    assert score_parts(found, gold(), texts()).f1 >= 0.65


def placed_parts(shop: Workshop) -> pl.DataFrame:
    """Return statement_quotes with doc_id and the number of the gold quote that each quote overlaps best."""
    stems = shop.table("articles").select(
        "article_id", pl.col("raw_path").str.replace(".txt", "").alias("doc_id")
    )
    quotes = shop.table("quotes").select("quote_id", "article_id").join(stems, on="article_id")
    spans = shop.table("quote_spans").filter(span_role="content").join(quotes, on="quote_id")
    content: dict[tuple[str, str], set[int]] = defaultdict(set)
    for quote_id, doc_id, start, end in spans.select(
        "quote_id", "doc_id", "char_start", "char_end"
    ).iter_rows():
        content[quote_id, doc_id] |= set(range(start, end))
    of_gold = {
        document["doc_id"]: {
            one["id"]: {place for start, end in one["content"] for place in range(start, end)}
            for one in document["attributions"]
        }
        for document in lines("quotes.jsonl")
    }
    rows = []
    for (quote_id, doc_id), places in content.items():
        shares = {
            number: len(places & wanted) / len(places | wanted)
            for number, wanted in of_gold.get(doc_id, {}).items()
        }
        best = max(shares, key=lambda number: shares[number], default=-1)
        rows.append((quote_id, doc_id, best if shares.get(best, 0) >= 0.5 else -1))
    numbers = pl.DataFrame(rows, schema=["quote_id", "doc_id", "quote"], orient="row")
    return shop.table("statement_quotes").join(numbers, on="quote_id").sort("statement_id", "quote_id")
