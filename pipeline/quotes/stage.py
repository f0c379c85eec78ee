"""The quote stage: from a document to the rows of quotes, quote_spans, quote_speakers and speakers."""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.document import Block, Document, Row, Rows
from pipeline.quotes.attributions import Attribution, Span
from pipeline.quotes.authority import Speaker, SpeakerAuthority, build_authority
from pipeline.quotes.cues import CueLexicon, build_lexicon
from pipeline.quotes.marks import Marks
from pipeline.quotes.model.tagger import Tagger, load
from pipeline.quotes.reading import Reading, ReadSpan, read
from pipeline.quotes.speakers import Resolution, resolve_speakers
from pipeline.quotes.turns import find_document_quotes
from pipeline.reference import Reference, name_key

EXTRACTOR = "tagger 3, rules 2"
WEIGHTS = Path(__file__).parent / "model" / "weights"
TABLES = ("quotes", "quote_spans", "quote_speakers", "speakers")
_WORD = re.compile(r"[^\W_]+")
_REGIONS = {"headline": "headline", "deck": "headline", "caption": "caption", "pull_quote": "pull_quote"}


@dataclass(frozen=True)
class QuoteExtractor:
    """What the extractor needs besides the document; built once a process."""

    lexicon: CueLexicon
    authority: SpeakerAuthority
    tagger: Tagger


@dataclass(frozen=True, slots=True)
class Placed:
    """An attribution of the reading text with its content in the raw text, and its place among the others."""

    attribution: Attribution
    content: tuple[ReadSpan, ...]
    quote_id: str
    parent: int | None
    level: int


def prepare(reference: Reference) -> QuoteExtractor:
    """Build the extractor from the cue codebook and the speaker authority."""
    return QuoteExtractor(build_lexicon(reference.rows("cues")), authority_of(reference), load(WEIGHTS))


def authority_of(reference: Reference) -> SpeakerAuthority:
    """Return the speakers of the authority file, to resolve mentions with."""
    return build_authority(
        reference.rows("speakers"),
        reference.rows("speaker_aliases"),
        reference.rows("speaker_roles"),
        reference.rows("speaker_members"),
    )


def extract(extractor: QuoteExtractor, document: Document) -> Rows:
    """Return the rows that the document gives; the tables are always there, empty or not.

    A text in another language than English gives none.
    """
    rows: Rows = {table: [] for table in TABLES}
    if document.language not in (None, "en"):
        return rows
    reading = read(document)
    found = find_document_quotes(reading.document, extractor.lexicon, extractor.tagger)
    placed = place_attributions(document.article_id, reading, found.attributions)
    resolutions = resolve_speakers(
        reading.document,
        [one.attribution for one in placed],
        [one.parent for one in placed],
        extractor.authority,
    )
    starts = [block.char_start for block in document.blocks]
    local: dict[str, Speaker] = {}
    for number, (one, resolution) in enumerate(zip(placed, resolutions, strict=True), start=1):
        block = document.blocks[bisect_right(starts, one.content[0].raw.start) - 1]
        parent_id = placed[one.parent].quote_id if one.parent is not None else None
        rows["quotes"].append(
            quote_row(document, number, one, parent_id, resolution, block, reading, found.marks)
        )
        rows["quote_spans"].extend(span_rows(document, one, starts, reading, found.marks))
        for place, speaker in enumerate(resolution.speakers, start=1):
            rows["quote_speakers"].append(
                {
                    "quote_id": one.quote_id,
                    "speaker_no": place,
                    "speaker_id": speaker.speaker_id,
                    "speaker_name": speaker.name,
                }
            )
            if not speaker.in_authority:
                local[speaker.speaker_id] = speaker
    rows["speakers"].extend(speaker_row(speaker) for _, speaker in sorted(local.items()))
    return rows


def place_attributions(
    article_id: str, reading: Reading, attributions: Sequence[Attribution]
) -> list[Placed]:
    """Put the attributions in reading order, drop doubles, and find what each stands inside."""
    by_id: dict[str, tuple[Attribution, tuple[ReadSpan, ...]]] = {}
    for attribution in attributions:
        content = in_raw_text(reading, attribution.content)
        by_id.setdefault(_quote_id(article_id, [span.raw for span in content]), (attribution, content))
    ordered = sorted(
        by_id.items(),
        key=lambda item: (item[1][0].content[0].start, -item[1][0].content[-1].end, item[1][0].content),
    )
    placed: list[Placed] = []
    around: list[int] = []
    for quote_id, (attribution, content) in ordered:
        while around and placed[around[-1]].attribution.content[-1].end <= attribution.content[0].start:
            around.pop()
        parent = next(
            (i for i in reversed(around) if _holds(placed[i].attribution, attribution)),
            None,
        )
        level = placed[parent].level + 1 if parent is not None else 1
        placed.append(Placed(attribution, content, quote_id, parent, level))
        around.append(len(placed) - 1)
    return placed


def in_raw_text(reading: Reading, spans: Sequence[Span]) -> tuple[ReadSpan, ...]:
    """Return spans of the reading text as spans of the raw text, in the order of that."""
    return tuple(
        sorted((part for span in spans for part in reading.raw_spans(span)), key=lambda one: one.raw)
    )


def _shown(text: str, spans: Sequence[ReadSpan]) -> str:
    return " … ".join(text[span.raw.start : span.raw.end] for span in spans)


def _holds(outer: Attribution, inner: Attribution) -> bool:
    """Say whether all of the inner content, and its source, stand in the outer content."""
    spans = list(inner.content)
    if inner.source_mention is not None:
        spans.append(inner.source_mention)
    return all(
        any(out.start <= span.start and span.end <= out.end for out in outer.content) for span in spans
    )


def _quote_id(article_id: str, content: Sequence[Span]) -> str:
    shown = ",".join(f"{span.start}-{span.end}" for span in content)
    return f"{article_id}:{hashlib.sha256(shown.encode()).hexdigest()[:12]}"


def quote_row(
    document: Document,
    number: int,
    one: Placed,
    parent_id: str | None,
    resolution: Resolution,
    block: Block,
    reading: Reading,
    marks: Marks,
) -> Row:
    """Return the row of an attribution; `number` is its place in reading order, from 1."""
    attribution = one.attribution
    text = document.text
    content = one.content
    n_words, n_quoted = _count_words(reading.document.text, [span.read for span in content], marks)
    is_direct = n_quoted == n_words or block.block_type == "pull_quote"
    entry = attribution.cue_entry
    speakers = resolution.speakers
    single = speakers[0] if len(speakers) == 1 else None
    types = {speaker.speaker_type for speaker in speakers}
    source = attribution.source_mention
    return {
        "quote_id": one.quote_id,
        "article_id": document.article_id,
        "block_id": document.block_id(block),
        "region": _REGIONS.get(block.block_type, "body"),
        "quote_no": number,
        "quote_type": "direct" if is_direct else "mixed" if n_quoted else "indirect",
        "quote_text": _shown(text, content),
        "char_start": content[0].raw.start,
        "char_end": content[-1].raw.end,
        "n_spans": len(content),
        "has_continuation": bool(attribution.continued),
        "level": one.level,
        "parent_quote_id": parent_id,
        "verbatim_share": round(n_quoted / n_words, 4) if n_words else 0.0,
        "cue": _shown(text, in_raw_text(reading, attribution.cue)) or None,
        "cue_lemma": entry.lemma if entry is not None else None,
        "cue_class": entry.cue_class if entry is not None else None,
        "cue_class_2": entry.cue_class_2 if entry is not None else None,
        "cue_polarity": entry.polarity if entry is not None else None,
        "is_negated": attribution.is_negated,
        "source_mention": _shown(text, in_raw_text(reading, [source])) if source is not None else None,
        "source_form": resolution.source_form,
        "speaker_id": single.speaker_id if single is not None else None,
        "speaker_name": "; ".join(speaker.name for speaker in speakers) or None,
        "speaker_type": types.pop() if len(types) == 1 else None,
        "speaker_role": single.role if single is not None else None,
        "speaker_country": single.country if single is not None else None,
        "n_speakers": len(speakers),
        "resolution": resolution.reason,
        "confidence": None if attribution.confidence is None else round(attribution.confidence, 2),
        "extractor": EXTRACTOR,
    }


def _count_words(text: str, content: Sequence[Span], marks: Marks) -> tuple[int, int]:
    """Return how many words the content has, and how many of them stand in quotation marks."""
    n_words = n_quoted = 0
    for span in content:
        n_words += sum(1 for _ in _WORD.finditer(text, span.start, span.end))
        for quoted in marks.within(span.start, span.end):
            first, last = max(quoted.start, span.start), min(quoted.end, span.end)
            n_quoted += sum(1 for _ in _WORD.finditer(text, first, last))
    return n_words, min(n_quoted, n_words)


def span_rows(
    document: Document, one: Placed, starts: Sequence[int], reading: Reading, marks: Marks
) -> list[Row]:
    """Return the rows of the spans of an attribution; `starts` are those of the document's blocks."""
    attribution = one.attribution
    source = (attribution.source_mention,) if attribution.source_mention is not None else ()
    by_role = (
        ("content", one.content),
        ("cue", in_raw_text(reading, attribution.cue)),
        ("source", in_raw_text(reading, source)),
    )
    rows: list[Row] = []
    for role, spans in by_role:
        for number, span in enumerate(spans, start=1):
            n_words, n_quoted = _count_words(reading.document.text, (span.read,), marks)
            start, end = span.raw
            block = document.blocks[bisect_right(starts, start) - 1]
            rows.append(
                {
                    "quote_id": one.quote_id,
                    "span_role": role,
                    "span_no": number,
                    "block_id": document.block_id(block),
                    "char_start": start,
                    "char_end": end,
                    "span_text": document.text[start:end],
                    "in_quotation_marks": n_words > 0 and n_quoted == n_words,
                    "is_continuation": role == "content"
                    and any(
                        part.start < span.read.end and span.read.start < part.end
                        for part in attribution.continued
                    ),
                }
            )
    return rows


def speaker_row(speaker: Speaker) -> Row:
    """Return the row of a speaker who is known within one document only."""
    return {
        "speaker_id": speaker.speaker_id,
        "name": speaker.name,
        "name_key": name_key(speaker.name) or "unknown",
        "speaker_type": speaker.speaker_type,
        "country": speaker.country,
        "gender": speaker.gender,
        "wikidata_qid": None,
        "qid_status": "none",
        "in_authority": False,
    }
