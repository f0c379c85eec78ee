"""What the pipeline finds in a text: the real path of a raw file, in memory."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.document import Row, Rows
from pipeline.evaluate.gold import Span
from pipeline.ingest import stage as articles_stage
from pipeline.quotes import stage as quotes_stage
from pipeline.reference import Reference, load_reference
from pipeline.stages import STAGES


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


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was found in a text. `failure`: the fault on which the pipeline gave the text up, if it did."""

    doc_id: str
    layout: str
    quotes: tuple[FoundQuote, ...]
    extractors: tuple[str, ...]
    failure: str | None


class Predictor:
    """The articles and quotes stages, each with the codebooks and authority tables that it declared."""

    def __init__(self, extra_authority: Path | None = None) -> None:
        reference = load_reference(extra_authority)
        self._reader = articles_stage.prepare(_declared("articles", reference))
        self._extractor = quotes_stage.prepare(_declared("quotes", reference))

    def predict(self, doc_id: str, text: str) -> Prediction:
        """Return what a build would find in the text. A text on which a stage fails has no quotes."""
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
            found = [
                quotes_stage.extract(self._extractor, document)
                for document in articles_stage.documents(articles)
            ]
        except Exception as error:  # as in a build, one text never stops a run
            return Prediction(doc_id, layout, (), (), type(error).__name__)
        quotes = tuple(quote for rows in found for quote in _quotes(rows))
        extractors = {str(row["extractor"]) for rows in found for row in rows["quotes"]}
        return Prediction(doc_id, layout, quotes, tuple(sorted(extractors)), None)


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


def _quotes(rows: Rows) -> list[FoundQuote]:
    spans: dict[str, list[Row]] = {}
    for row in rows["quote_spans"]:
        spans.setdefault(row["quote_id"], []).append(row)
    speakers: dict[str, list[Row]] = {}
    for row in rows["quote_speakers"]:
        speakers.setdefault(row["quote_id"], []).append(row)
    return [
        _quote(row, spans.get(row["quote_id"], []), speakers.get(row["quote_id"], []))
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
