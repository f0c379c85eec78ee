"""Apply corrections to the tables of some articles: what a coder says, and all that follows from it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from pipeline.corrections.decisions import Decision, Decisions, Missed, decide, in_order, missed_quotes
from pipeline.corrections.page import ROLES, Page, Quote, read_pages
from pipeline.corrections.sheet import Correction, Span, by_raw_file
from pipeline.corrections.tools import Tools, tools_of
from pipeline.document import Document, Row, Rows
from pipeline.frames import column_types, stage_columns
from pipeline.ingest.article_events import Opening, event_of
from pipeline.ingest.dates import FoundDate
from pipeline.ingest.stage import documents
from pipeline.parts import Frames
from pipeline.quotes.authority import Speaker
from pipeline.quotes.cues import CueEntry
from pipeline.quotes.known_speakers import Resolution
from pipeline.quotes.stage import speaker_row
from pipeline.topics.stage import code

# What `extractor` says of a quote that a coder added, `resolution` of a speaker, a basis of a date.
BY_CODER = "correction"
# What is noted of every correction: columns of the table that do not depend on its line in the file.
OUTCOME = (
    "correction_id",
    "status",
    "message",
    "found_value",
    "article_id",
    "quote_id",
    "found_quote_id",
    "overlap",
)
_OUTCOME_TYPES = {name: pl.Float64 if name == "overlap" else pl.String for name in OUTCOME}
_TABLES = (
    "articles",
    "article_text",
    "blocks",
    "quotes",
    "quote_spans",
    "quote_speakers",
    "speakers",
    "topic_assignments",
)
# The tables that a correction can change.
_CHANGED = ("articles", "quotes", "quote_spans", "quote_speakers", "speakers", "topic_assignments")
_OF_CONTENT = (
    "quote_id",
    "block_id",
    "region",
    "quote_type",
    "quote_text",
    "char_start",
    "char_end",
    "n_spans",
    "has_continuation",
    "verbatim_share",
)
_OF_CUE = ("cue", "cue_lemma", "cue_class", "cue_class_2", "cue_polarity")
_OF_SPEAKER = (
    "speaker_id",
    "speaker_name",
    "speaker_type",
    "speaker_role",
    "speaker_country",
    "n_speakers",
    "resolution",
)
_CODED = tuple(name for name in stage_columns("quotes", "topics") if name not in ("quote_id", "article_id"))
_NOT_CODED: Row = dict.fromkeys(_CODED) | {"said_date_basis": "none", "event_basis": "not_coded"}
_LONGEST_FOUND = 2_000


def apply_corrections(
    frames: Frames, corrections: Sequence[Correction], extra_authority: Path | None, version: str
) -> tuple[Frames, pl.DataFrame]:
    """Return the tables with these corrections applied, and what became of each of them.

    `frames` are whole published tables of some shards, sorted by their keys; so are those returned. A pure
    function: neither the order of the corrections nor that they were applied before makes a difference. It
    never raises for a correction: what fails is noted as invalid.
    """
    tools = tools_of(extra_authority, version)
    outcomes: list[Row] = []
    changed: dict[str, Rows] = {}
    for raw_sha256, of_file in by_raw_file(corrections).items():
        rows = _rows_of(frames, raw_sha256)
        try:
            corrected, found = correct_file(rows, of_file, tools)
        except Exception as error:  # one correction never stops a run
            message = f"the pipeline failed on it ({type(error).__name__}): please report it"
            outcomes += [_outcome(Decision(one, status="invalid", message=message), {}) for one in of_file]
        else:
            outcomes += found
            if any(one["status"] == "applied" for one in found):
                changed[raw_sha256] = corrected
    return _replaced(frames, changed), pl.DataFrame(outcomes, schema=_OUTCOME_TYPES, orient="row")


def _rows_of(frames: Frames, raw_sha256: str) -> Rows:
    """Return the rows of the articles of one raw file."""
    return {table: frames[table].filter(_is_of(table, [raw_sha256])).to_dicts() for table in _TABLES}


def _is_of(table: str, raw_sha256: Sequence[str]) -> pl.Expr:
    if table == "articles":
        return pl.col("raw_sha256").is_in(list(raw_sha256))
    first = "article_id"
    if table in ("quote_spans", "quote_speakers"):
        first = "quote_id"
    elif table == "speakers":
        first = "speaker_id"
    # Every id starts with the sixteen digits of its file.
    return pl.col(first).str.slice(0, 16).is_in([one[:16] for one in raw_sha256])


def _replaced(frames: Frames, changed: dict[str, Rows]) -> Frames:
    """Return the frames with the rows of some raw files replaced, in the order that they had."""
    if not changed:
        return frames
    made = dict(frames)
    for table in _CHANGED:
        frame = frames[table]
        rows = [row for found in changed.values() for row in found[table]]
        new = pl.DataFrame(rows, schema=column_types(table), orient="row")
        order = {
            "articles": ["article_id"],
            "quotes": ["article_id", "quote_no"],
            "quote_spans": ["quote_id", "span_role", "span_no"],
            "quote_speakers": ["quote_id", "speaker_no"],
            "speakers": ["speaker_id"],
            "topic_assignments": ["article_id", "assignment_no"],
        }[table]
        made[table] = pl.concat([frame.filter(~_is_of(table, list(changed))), new]).sort(order)
    return made


def correct_file(rows: Rows, corrections: Sequence[Correction], tools: Tools) -> tuple[Rows, list[Row]]:
    """Return the rows of a raw file's articles with its corrections applied, and what became of each."""
    rows = {table: [dict(row) for row in found] for table, found in rows.items()}
    rows["articles"].sort(key=lambda row: int(row["article_no"]))
    articles = {row["article_id"]: row for row in rows["articles"]}
    pages = read_pages(documents(rows), rows, tools)
    made = decide(corrections, pages, articles)
    ids: dict[str, str] = {}
    for article_id, page in pages.items():
        if not any(one.status == "applied" and one.article_id == article_id for one in made.decisions):
            continue
        _correct_dates(made, articles[article_id], page, rows, tools)
        _correct_article(made, page, articles[article_id], rows)
    for page in pages.values():
        ids |= {key: quote.row["quote_id"] for key, quote in page.quotes.items()}
    corrected = _gathered(rows, pages)
    return corrected, [_outcome(one, ids) for one in in_order(made.decisions)]


def _outcome(one: Decision, ids: dict[str, str]) -> Row:
    key = one.quote
    return {
        "correction_id": one.correction.correction_id,
        "status": one.status,
        "message": one.message,
        "found_value": one.found_value[:_LONGEST_FOUND] if one.found_value else None,
        "article_id": one.article_id,
        "quote_id": ids.get(key) if key is not None else None,
        "found_quote_id": key if key is not None and not key.startswith("new ") else None,
        "overlap": one.overlap,
    }


def _correct_dates(made: Decisions, article: Row, page: Page, rows: Rows, tools: Tools) -> None:
    """Set the date of an article, with its event and with the roles that its speakers had on that day."""
    days = [
        one.value
        for one in made.holding("article_date")
        if one.status == "applied" and one.article_id == page.document.article_id
    ]
    if not days:
        return
    day: date = days[0]
    article |= {
        "published_date": day,
        "published_edtf": day.isoformat(),
        "published_precision": "day",
        "published_basis": BY_CODER,
        "published_evidence": None,
        "analysis_date": day,
        "analysis_date_basis": BY_CODER,
        "analysis_date_imputed": False,
    }
    article["event_id"] = event_of(tools.events, _opening(article, page.document))
    texts = [row for row in rows["article_text"] if row["article_id"] == page.document.article_id]
    blocks = [row for row in rows["blocks"] if row["article_id"] == page.document.article_id]
    (page.document,) = documents({"articles": [article], "article_text": texts, "blocks": blocks})
    for quote in page.quotes.values():
        speaker_id = quote.row["speaker_id"]
        if speaker_id in tools.authority.by_id:
            quote.row["speaker_role"] = page.speaker_of(speaker_id).role


def _opening(article: Row, document: Document) -> Opening:
    texts = {
        kind: [
            document.text[block.char_start : block.char_end]
            for block in document.blocks
            if block.block_type == kind
        ]
        for kind in ("paragraph", "caption")
    }
    stated = article["dateline_date"]
    return Opening(
        headline=article["headline"],
        paragraphs=texts["paragraph"],
        captions=texts["caption"],
        published=article["published_date"],
        dateline=FoundDate(stated.year, stated.month, stated.day, 0, 0) if stated else None,
        document_type=article["document_type"],
    )


def _correct_article(made: Decisions, page: Page, article: Row, rows: Rows) -> None:
    """Apply what holds for the quotes of an article: first what others follow from, then what was coded."""
    article_id = page.document.article_id
    here = [one for one in made.decisions if one.holds and one.article_id == article_id]
    whats = {one.correction.what for one in here if one.status == "applied"}
    for one in here:
        if one.correction.what == "not_a_quote" and one.quote is not None:
            page.quotes.pop(one.quote, None)
    for key, one in missed_quotes(made).items():
        if one.article_id == article_id:
            page.quotes[key] = _missed_quote(page, key, one.value)
    for key, quote in page.quotes.items():
        wanted = {one.correction.what: one.value for one in here if one.quote == key}
        if wanted.keys() & {"speaker", "boundary", "cue"}:
            _remake(page, quote, wanted)
    if whats & {"not_a_quote", "new_quote", "boundary"}:
        page.place()
    article["n_quotes"] = len(page.quotes)
    if whats & {"not_a_quote", "new_quote", "boundary", "speaker", "cue", "article_date"}:
        _code_again(page, article_id, rows)
    _set_coded(page, here, article_id, rows)


def _missed_quote(page: Page, key: str, missed: Missed) -> Quote:
    """Return the row of a missed quote with all that hangs on it, before it has its place."""
    spans = {"content": missed.content, "cue": missed.cue, "source": ()}
    entry = page.cue_entry(missed.cue)
    row, made = page.made(spans, (), Resolution(missed.speakers, "none", BY_CODER), entry)
    row |= _NOT_CODED
    row |= {"confidence": None, "extractor": BY_CODER}
    if missed.quote_type is not None:
        row["quote_type"] = missed.quote_type
    return Quote(key, page.document.article_id, row, made, _speaker_rows(row["quote_id"], missed.speakers))


def _speaker_rows(quote_id: str, speakers: Sequence[Speaker]) -> list[Row]:
    return [
        {
            "quote_id": quote_id,
            "speaker_no": number,
            "speaker_id": speaker.speaker_id,
            "speaker_name": speaker.name,
        }
        for number, speaker in enumerate(speakers, start=1)
    ]


def _remake(page: Page, quote: Quote, wanted: dict[str, object]) -> None:
    """Make the columns of a quote anew that follow from its content, cue or speakers.

    What the extractor said and nobody corrected stays as it is.
    """
    spans: dict[str, tuple[Span, ...]] = {role: quote.offsets(role) for role in ROLES}
    continued = [
        (one["char_start"], one["char_end"]) for one in quote.spans["content"] if one["is_continuation"]
    ]
    entry: CueEntry | None = None
    speakers = tuple(_speaker(page, speaker_id) for speaker_id in quote.speaker_ids)
    columns: list[str] = []
    roles: list[str] = []
    if isinstance(content := wanted.get("boundary"), tuple) and content != spans["content"]:
        spans["content"] = content
        columns += _OF_CONTENT
        roles.append("content")
    if isinstance(cue := wanted.get("cue"), tuple) and cue != spans["cue"]:
        spans["cue"] = cue
        entry = page.cue_entry(cue)
        columns += _OF_CUE
        roles.append("cue")
    corrected = wanted.get("speaker")
    if isinstance(corrected, tuple) and tuple(one.speaker_id for one in corrected) != quote.speaker_ids:
        speakers = corrected
        columns += _OF_SPEAKER
    resolution = Resolution(speakers, quote.row["source_form"], BY_CODER)
    row, made = page.made(spans, continued, resolution, entry)
    quote.row |= {name: row[name] for name in columns}
    quote.spans |= {role: made[role] for role in roles}
    if corrected is speakers:
        quote.speakers = _speaker_rows(quote.row["quote_id"], speakers)
    for one in [*quote.speakers, *(span for role in ROLES for span in quote.spans[role])]:
        one["quote_id"] = quote.row["quote_id"]


def _speaker(page: Page, speaker_id: str) -> Speaker:
    added = page.added.get(speaker_id)
    return page.speaker_of(speaker_id) if added is None else added


def _code_again(page: Page, article_id: str, rows: Rows) -> None:
    """Let the topics stage code the quotes again: whom it was said by, where and how is part of it."""
    quotes = list(page.quotes.values())
    quote_rows: Rows = {
        "quotes": [quote.row for quote in quotes],
        "quote_spans": [span for quote in quotes for role in ROLES for span in quote.spans[role]],
        "quote_speakers": [row for quote in quotes for row in quote.speakers],
    }
    others = [row for row in rows["topic_assignments"] if row["article_id"] != article_id]
    try:
        coded = code(page.tools.coder, page.document, quote_rows)
    except Exception:  # as at the stage: told in sources, and the quotes stand without it
        known = {quote.row["quote_id"] for quote in quotes}
        kept = [row for row in rows["topic_assignments"] if row["article_id"] == article_id]
        kept = [row for row in kept if row["quote_id"] is None or row["quote_id"] in known]
        for quote in quotes:
            if quote.row["duplicate_of"] not in known:
                quote.row["duplicate_of"] = None
        rows["topic_assignments"] = others + kept
        return
    by_id = {row["quote_id"]: row for row in coded["quotes"]}
    for quote in quotes:
        found = by_id[quote.row["quote_id"]]
        quote.row |= {name: found[name] for name in _CODED}
    rows["topic_assignments"] = others + coded["topic_assignments"]


def _set_coded(page: Page, here: Sequence[Decision], article_id: str, rows: Rows) -> None:
    """Set what coders say of type, speech act and topics; it outlasts what follows from other corrections."""
    topics: dict[str, tuple[str, ...]] = {}
    for one in in_order(here):
        quote = page.quotes.get(str(one.quote))
        what = one.correction.what
        if quote is None:
            continue
        if what == "type":
            quote.row["quote_type"] = one.value
        elif what == "illocution" and quote.row["illocution"] != one.value:
            quote.row |= {"illocution": one.value, "illocution_evidence": None}
        elif what == "topics" and quote.row["topics"] != ("; ".join(one.value) or None):
            topics.setdefault(quote.row["quote_id"], one.value)
    for quote in page.quotes.values():
        wanted = topics.get(quote.row["quote_id"])
        if wanted is not None:
            quote.row |= {
                "topic_primary": wanted[0] if wanted else None,
                "topics": "; ".join(wanted) or None,
            }
    if topics:
        _assign(page, topics, article_id, rows)
    own = [row for row in rows["topic_assignments"] if row["article_id"] == article_id]
    for number, row in enumerate(sorted(own, key=lambda row: int(row["assignment_no"])), start=1):
        row["assignment_no"] = number


def _assign(page: Page, topics: dict[str, tuple[str, ...]], article_id: str, rows: Rows) -> None:
    """Give quotes these topics; one that was found keeps its evidence, one that was not has none."""
    own = [row for row in rows["topic_assignments"] if row["article_id"] == article_id]
    own.sort(key=lambda row: int(row["assignment_no"]))
    made = [row for row in own if row["unit"] != "quote"]
    for quote in sorted(page.quotes.values(), key=lambda quote: int(quote.row["quote_no"])):
        quote_id = quote.row["quote_id"]
        found = [row for row in own if row["quote_id"] == quote_id]
        if quote_id in topics:
            by_topic = {row["topic_id"]: row for row in found}
            found = [
                by_topic.get(topic, _coded_topic(article_id, quote_id, topic)) | {"rank": rank}
                for rank, topic in enumerate(topics[quote_id], start=1)
            ]
        made += found
    for number, row in enumerate(made, start=1):
        row["assignment_no"] = number
    others = [row for row in rows["topic_assignments"] if row["article_id"] != article_id]
    rows["topic_assignments"] = others + made


def _coded_topic(article_id: str, quote_id: str, topic: str) -> Row:
    return {
        "article_id": article_id,
        "assignment_no": 0,
        "unit": "quote",
        "block_id": None,
        "quote_id": quote_id,
        "topic_id": topic,
        "rank": 1,
        "score": 1.0,
        "method": BY_CODER,
        "term_id": None,
        "evidence_text": None,
        "char_start": None,
        "char_end": None,
    }


def _gathered(rows: Rows, pages: dict[str, Page]) -> Rows:
    """Return the rows of all articles of the file; a local speaker is listed while a quote is his or hers."""
    quotes = [quote for page in pages.values() for quote in page.quotes.values()]
    speaking = [row["speaker_id"] for quote in quotes for row in quote.speakers]
    known = {row["speaker_id"]: row for row in rows["speakers"]}
    for page in pages.values():
        for speaker_id, speaker in page.added.items():
            known.setdefault(speaker_id, speaker_row(speaker))
    return rows | {
        "quotes": [quote.row for quote in quotes],
        "quote_spans": [span for quote in quotes for role in ROLES for span in quote.spans[role]],
        "quote_speakers": [row for quote in quotes for row in quote.speakers],
        "speakers": [known[speaker] for speaker in sorted(set(speaking)) if speaker in known],
    }
