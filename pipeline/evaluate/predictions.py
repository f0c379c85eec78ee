"""What the pipeline finds in a text: the real path of a raw file, in memory."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.document import Document, Row, Rows
from pipeline.evaluate.gold import GoldDocument, Span
from pipeline.evaluate.gold_rows import cue_forms, quote_rows
from pipeline.evaluate.topics import Coded, read_coded
from pipeline.ingest import stage as articles_stage
from pipeline.quotes import stage as quotes_stage
from pipeline.reference import Reference, load_reference
from pipeline.stages import STAGES
from pipeline.topics import stage as topics_stage


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """One row of the quotes table with its spans and speakers."""

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    kind: str
    speakers: tuple[str, ...]
    level: int
    region: str
    confidence: float | None
    # By the basis of the measure: with all terms, and without those seen in a gold text.
    coded: Coded | None = None
    coded_unseen: Coded | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was found in a text. `failure`: the fault on which the pipeline gave the text up, if it did."""

    doc_id: str
    layout: str
    quotes: tuple[FoundQuote, ...]
    extractors: tuple[str, ...]
    failure: str | None
    # What the topics stage says of the gold quotes themselves, by basis and number of the quote.
    gold_coded: Mapping[str, Mapping[int, Coded]] = field(default_factory=dict)


class Predictor:
    """The articles and quotes stages, each with the codebooks and authority tables that it declared."""

    def __init__(self, extra_authority: Path | None = None) -> None:
        reference = load_reference(extra_authority)
        self._reader = articles_stage.prepare(_declared("articles", reference))
        self._extractor = quotes_stage.prepare(_declared("quotes", reference))
        topics = _declared("topics", reference)
        self._coder = topics_stage.prepare(topics)
        self._coder_unseen = topics_stage.prepare(_without_seen(topics))
        self._cues = cue_forms(topics.rows("cues"))

    def predict(self, doc_id: str, text: str, gold: GoldDocument | None = None) -> Prediction:
        """Return what a build would find in the text. A text on which a stage fails has no quotes.

        With `gold` whose quotes have topics, topics are coded too.
        """
        layout = "none"
        try:
            articles = articles_stage.read_articles(
                self._reader,
                text=text,
                encoding="utf-8",
                raw_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
                manifest_row=None,
            ).rows
            layout = str(articles["articles"][0]["layout"])
            documents = list(articles_stage.documents(articles))
            found = [quotes_stage.extract(self._extractor, document) for document in documents]
            with_topics = gold is not None and any(quote.topics for quote in gold.quotes)
            coded = self._code(documents, found) if with_topics else ({}, {})
            gold_coded = self._code_gold(documents, gold) if gold is not None and with_topics else {}
        except Exception as error:  # as in a build, one text never stops a run
            return Prediction(doc_id, layout, (), (), type(error).__name__)
        quotes = tuple(quote for rows in found for quote in _quotes(rows, *coded))
        extractors = {str(row["extractor"]) for rows in found for row in rows["quotes"]}
        return Prediction(doc_id, layout, quotes, tuple(sorted(extractors)), None, gold_coded)

    def _code(
        self, documents: Sequence[Document], found: Sequence[Rows]
    ) -> tuple[dict[str, Coded], dict[str, Coded]]:
        """Return what is said of the found quotes, by quote, with all terms and without those seen."""
        coded: tuple[dict[str, Coded], dict[str, Coded]] = ({}, {})
        for document, rows in zip(documents, found, strict=True):
            for made, coder in zip(coded, (self._coder, self._coder_unseen), strict=True):
                made.update(read_coded(topics_stage.code(coder, document, rows)))
        return coded

    def _code_gold(self, documents: Sequence[Document], gold: GoldDocument) -> dict[str, dict[int, Coded]]:
        coded: dict[str, dict[int, Coded]] = {"gold_quotes": {}, "gold_quotes_unseen": {}}
        for document in documents:
            rows, numbers = quote_rows(document, gold, self._cues)
            for made, coder in zip(coded.values(), (self._coder, self._coder_unseen), strict=True):
                found = read_coded(topics_stage.code(coder, document, rows))
                made.update(
                    (number, found[row["quote_id"]])
                    for number, row in zip(numbers, rows["quotes"], strict=True)
                )
        return coded


def as_json_lines(predictions: Iterable[Prediction]) -> str:
    """Return predictions in the format of the shared scorers, one document a line."""
    return "".join(json.dumps(_as_json(one), ensure_ascii=False) + "\n" for one in predictions)


def _as_json(prediction: Prediction) -> dict[str, Any]:
    return {
        "doc_id": prediction.doc_id,
        "layout": prediction.layout,
        "quotes": [
            {
                "content": quote.content,
                "source": quote.source or None,
                "cue": quote.cue or None,
                "kind": quote.kind,
                "speakers": quote.speakers,
                "level": quote.level,
                "region": quote.region,
                "confidence": quote.confidence,
            }
            for quote in prediction.quotes
        ],
    }


def _declared(stage: str, reference: Reference) -> Reference:
    return reference.only(next(one for one in STAGES if one.name == stage).reference)


def _without_seen(reference: Reference) -> Reference:
    """Return the codebooks without the terms that were seen in a gold text."""
    terms = reference.frames["topic_terms"].filter(pl.col("origin") != "seen_in_text")
    return Reference({**reference.frames, "topic_terms": terms})


def _quotes(rows: Rows, coded: Mapping[str, Coded], coded_unseen: Mapping[str, Coded]) -> list[FoundQuote]:
    spans: dict[str, list[Row]] = {}
    for row in rows["quote_spans"]:
        spans.setdefault(row["quote_id"], []).append(row)
    speakers: dict[str, list[Row]] = {}
    for row in rows["quote_speakers"]:
        speakers.setdefault(row["quote_id"], []).append(row)
    return [
        replace(
            _quote(row, spans.get(row["quote_id"], []), speakers.get(row["quote_id"], [])),
            coded=coded.get(row["quote_id"]),
            coded_unseen=coded_unseen.get(row["quote_id"]),
        )
        for row in rows["quotes"]
    ]


def _quote(row: Row, spans: list[Row], speakers: list[Row]) -> FoundQuote:
    def of(role: str) -> tuple[Span, ...]:
        chosen = sorted(
            (span for span in spans if span["span_role"] == role), key=lambda s: int(s["span_no"])
        )
        return tuple((span["char_start"], span["char_end"]) for span in chosen)

    return FoundQuote(
        content=of("content"),
        source=of("source"),
        cue=of("cue"),
        kind=row["quote_type"],
        speakers=tuple(one["speaker_name"] for one in sorted(speakers, key=lambda s: int(s["speaker_no"]))),
        level=row["level"],
        region=row["region"],
        confidence=row["confidence"],
    )
