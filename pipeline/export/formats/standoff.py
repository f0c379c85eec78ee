"""Standoff as PolNeAR has it (JSON Lines): text with content, source and cue as offsets, for scorers.

Two files, one document a line, offsets in code points of the text, end exclusive. `attributions.jsonl` has
`doc_id`, `text` and `attributions` (`id`, `content`, `source`, `cue`, `kind`, `speech`): what scorers and
readers of PolNeAR in JSON take as gold. `predictions.jsonl` has `doc_id` and `quotes`: what they take as
found by a system. `doc_id` is the path of the raw file without its ending.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.dataset_folder import need_texts
from pipeline.verify.reading import by_articles

_ROLES = ("content", "source", "cue")


def write(processed: Path, out: Path) -> None:
    """Write both files, document by document."""
    need_texts(processed, "a standoff annotation")
    with (
        (out / "attributions.jsonl").open("w", encoding="utf-8") as gold,
        (out / "predictions.jsonl").open("w", encoding="utf-8") as predictions,
    ):
        for chunk in by_articles(processed, ("article_text", "quotes", "quote_spans")):
            for document in documents(chunk):
                gold.write(json.dumps(document, ensure_ascii=False) + "\n")
                found = {"doc_id": document["doc_id"], "quotes": document["attributions"]}
                predictions.write(json.dumps(found, ensure_ascii=False) + "\n")


def documents(chunk: Mapping[str, pl.DataFrame]) -> Iterator[dict[str, Any]]:
    """Yield some articles, whose rows in each table are given, as documents with their attributions."""
    texts = dict(chunk["article_text"].select("article_id", "text").iter_rows())
    spans: dict[str, dict[str, list[list[int]]]] = {}
    for row in chunk["quote_spans"].iter_rows(named=True):
        by_role = spans.setdefault(row["quote_id"], {role: [] for role in _ROLES})
        by_role[row["span_role"]].append([row["char_start"], row["char_end"]])
    quotes: dict[str, list[dict[str, Any]]] = {}
    for row in chunk["quotes"].iter_rows(named=True):
        places = spans.get(row["quote_id"], {role: [] for role in _ROLES})
        attribution = {
            "id": row["quote_id"],
            **places,
            "kind": row["quote_type"],
            "speech": True,
            "speakers": (row["speaker_name"] or "").split("; ") if row["speaker_name"] else [],
            "level": row["level"],
            "region": row["region"],
            "confidence": row["confidence"],
        }
        quotes.setdefault(row["article_id"], []).append(attribution)
    for article in chunk["articles"].iter_rows(named=True):
        number = f"-{article['article_no']}" if article["article_no"] > 1 else ""
        yield {
            "doc_id": article["raw_path"].removesuffix(".txt") + number,
            "raw_sha256": article["raw_sha256"],
            "text": texts.get(article["article_id"]),
            "attributions": quotes.get(article["article_id"], []),
        }
