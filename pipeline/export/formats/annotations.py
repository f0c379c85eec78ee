"""W3C Web Annotations (JSON-LD, one a line): every quote, span and topic at its place in the raw file.

`annotations.jsonl` follows the Web Annotation Data Model (W3C Recommendation, 2017). A target is the raw file
by its SHA-256, with two selectors that mean the same place: TextPositionSelector in code points of the raw
file as decoded, and TextQuoteSelector with the words and what stands around them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent

import polars as pl

from pipeline.dataset_folder import need_texts
from pipeline.verify.reading import batches, by_articles

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"otr": "urn:on-the-record:"}]
_AROUND = 32
_WIKIDATA = "http://www.wikidata.org/entity/"
_TABLES = ("article_text", "quotes", "quote_spans", "quote_speakers", "topic_assignments", "speakers")

Row = dict[str, Any]


def write(processed: Path, out: Path) -> None:
    """Write `annotations.jsonl`, the annotations of an article after each other."""
    need_texts(processed, "an annotation")
    authority = _wikidata(frame for frame in batches(processed, "speakers"))
    with (out / "annotations.jsonl").open("w", encoding="utf-8") as file:
        for chunk in by_articles(processed, _TABLES):
            for annotation in annotations(chunk, authority):
                file.write(json.dumps(annotation, ensure_ascii=False) + "\n")


def annotations(chunk: Mapping[str, pl.DataFrame], wikidata: Mapping[str, str]) -> Iterator[Row]:
    """Yield the annotations of some articles, whose rows in each table are given."""
    texts = dict(chunk["article_text"].select("article_id", "text").iter_rows())
    articles = {row["article_id"]: row for row in chunk["articles"].iter_rows(named=True)}
    spans = _grouped(chunk["quote_spans"], "quote_id")
    speakers = _grouped(chunk["quote_speakers"], "quote_id")
    quotes = _grouped(chunk["quotes"], "article_id")
    topics = _grouped(chunk["topic_assignments"], "article_id")
    for article_id, article in articles.items():
        page = _Page(article, texts.get(article_id))
        for row in quotes.get(article_id, ()):
            here = spans.get(row["quote_id"], [])
            yield _quote(page, row, here, speakers.get(row["quote_id"], []), wikidata)
            yield from (_span(page, span) for span in here)
        yield from (_topic(page, row) for row in topics.get(article_id, ()) if row["char_start"] is not None)


class _Page:
    """An article and the raw text around a place in it."""

    def __init__(self, article: Row, text: str | None) -> None:
        self.text = text
        self.file = {
            "id": f"urn:sha256:{article['raw_sha256']}",
            "type": "Text",
            "format": "text/plain",
            "otr:raw_path": article["raw_path"],
            "otr:encoding": article["encoding"],
        }

    def target(self, start: int, end: int) -> Row:
        """Return a place in the raw file; the words only where the text is in the dataset."""
        position = {"type": "TextPositionSelector", "start": start, "end": end}
        selectors: list[Row] = [position]
        if self.text is not None:
            selectors.append(
                {
                    "type": "TextQuoteSelector",
                    "exact": self.text[start:end],
                    "prefix": self.text[max(0, start - _AROUND) : start],
                    "suffix": self.text[end : end + _AROUND],
                }
            )
        return {"type": "SpecificResource", "source": self.file, "selector": selectors}


def _quote(
    page: _Page, row: Row, spans: Iterable[Row], speakers: Iterable[Row], wikidata: Mapping[str, str]
) -> Row:
    body = [_words("classifying", row["quote_type"])]
    if row["illocution"]:
        body.append(_words("classifying", row["illocution"]))
    body += [_words("tagging", topic) for topic in (row["topics"] or "").split("; ") if topic]
    for speaker in speakers:
        known = wikidata.get(speaker["speaker_id"])
        named = f"urn:on-the-record:speaker:{percent(speaker['speaker_id'], safe=':')}"
        source = {"id": f"{_WIKIDATA}{known}" if known else named, "otr:name": speaker["speaker_name"]}
        body.append({"type": "SpecificResource", "purpose": "identifying", "source": source})
    made = _annotation(f"quote:{row['quote_id']}", "classifying", body)
    if row["confidence"] is not None:
        made["otr:confidence"] = row["confidence"]
    content = [span for span in spans if span["span_role"] == "content"]
    made["target"] = [page.target(span["char_start"], span["char_end"]) for span in content]
    return made


def _span(page: _Page, span: Row) -> Row:
    quote = {"id": f"urn:on-the-record:quote:{span['quote_id']}"}
    body = [
        _words("tagging", span["span_role"]),
        {"type": "SpecificResource", "purpose": "linking", "source": quote},
    ]
    made = _annotation(f"span:{span['quote_id']}:{span['span_role']}:{span['span_no']}", "tagging", body)
    return made | {"target": page.target(span["char_start"], span["char_end"])}


def _topic(page: _Page, row: Row) -> Row:
    body = [_words("classifying", row["topic_id"])]
    if row["quote_id"]:
        quote = {"id": f"urn:on-the-record:quote:{row['quote_id']}"}
        body.append({"type": "SpecificResource", "purpose": "linking", "source": quote})
    made = _annotation(f"topic:{row['article_id']}:{row['assignment_no']}", "classifying", body)
    return made | {"target": page.target(row["char_start"], row["char_end"])}


def _annotation(name: str, motivation: str, body: list[Row]) -> Row:
    return {
        "@context": CONTEXT,
        "id": f"urn:on-the-record:{name}",
        "type": "Annotation",
        "motivation": motivation,
        "body": body,
    }


def _words(purpose: str, value: str) -> Row:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}


def _wikidata(frames: Iterable[pl.DataFrame]) -> dict[str, str]:
    found: dict[str, str] = {}
    for frame in frames:
        verified = frame.filter(pl.col("wikidata_qid").is_not_null(), qid_status="verified")
        found.update(verified.select("speaker_id", "wikidata_qid").iter_rows())
    return found


def _grouped(frame: pl.DataFrame, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[column], []).append(row)
    return found
