"""Utterances: what is needed of every quote to find others that report the same, kept with the segment."""

import polars as pl

from pipeline.parts import Frames
from pipeline.quotes.stage import WEIGHTS
from pipeline.statements.linking import Piece, read_clauses
from pipeline.statements.words import load_vocabulary

UTTERANCES = "utterances"
REPORTS = "reports"
EVENT_CLAUSES = "event_clauses"

CLAUSE_TYPES = {
    "quote_id": pl.String,
    "char_start": pl.Int32,
    "char_end": pl.Int32,
    "said_text": pl.String,
}
# People and institutions are the same in two outlets; `officials` or `residents` are not.
_SHARED_TYPES = ("person", "institution")
# A clause with fewer content words says too little to be looked for in other articles.
_LEAST_WORDS = 2


def utterances(frames: Frames, authority_speakers: pl.DataFrame) -> pl.DataFrame:
    """Return a row for every quote and each of its speakers; quotes that repeat another are left out.

    Columns: quote_id; article_id; outlet_id; is_translation; speaker_id of the quote; speaker: an id of the
    authority file, or the key of a name, NULL when outlets cannot share it; day; event_id; is_negated;
    quote_type; cue_class; cue_polarity. Sorted by quote and speaker.
    """
    known = authority_speakers.select("speaker_id", pl.lit(True).alias("is_known"))
    names = (
        frames["speakers"]
        .select("speaker_id", "name_key", "speaker_type")
        .join(known, on="speaker_id", how="anti")
    )
    speakers = (
        frames["quote_speakers"]
        .select("quote_id", "speaker_id")
        .join(known, on="speaker_id", how="left")
        .join(names, on="speaker_id", how="left")
        .select(
            "quote_id",
            pl.when("is_known")
            .then("speaker_id")
            .when(pl.col("speaker_type").is_in(_SHARED_TYPES))
            .then(pl.concat_str(pl.lit("name "), "name_key"))
            .alias("speaker"),
        )
    )
    articles = frames["articles"].select("article_id", "outlet_id", "is_translation", "analysis_date")
    return (
        frames["quotes"]
        .filter(pl.col("duplicate_of").is_null())
        .join(articles, on="article_id", how="left")
        .join(speakers, on="quote_id", how="left")
        .select(
            "quote_id",
            "article_id",
            "outlet_id",
            "is_translation",
            "speaker_id",
            "speaker",
            pl.coalesce("said_date", "analysis_date").alias("day"),
            "event_id",
            "is_negated",
            "quote_type",
            "cue_class",
            "cue_polarity",
        )
        .unique()
        .sort("quote_id", "speaker")
    )


def reports(frames: Frames, events: pl.DataFrame) -> pl.DataFrame:
    """Return which articles report which events: event_id, article_id, outlet_id; sorted.

    An article reports its own event, unless it is older than that (a preview leaves nothing out), and those
    at which something was said that it quotes. `events`: the table of the authority file.
    """
    starts = events.select("event_id", "start_date")
    is_later = (pl.col("analysis_date") >= pl.col("start_date")).fill_null(True)
    articles = frames["articles"].join(starts, on="event_id", how="left").filter(is_later)
    articles = articles.select("event_id", "article_id", "outlet_id")
    outlets = frames["articles"].select("article_id", "outlet_id")
    quoted = frames["quotes"].select("event_id", "article_id").join(outlets, on="article_id", how="left")
    both = pl.concat([articles, quoted.select(articles.columns)])
    return both.filter(pl.col("event_id").is_not_null()).unique().sort("event_id", "article_id")


def event_clauses(frames: Frames) -> pl.DataFrame:
    """Return the clauses of all quotes with an event: event_id and the columns of a part, in order."""
    wanted = (
        frames["quotes"]
        .filter(pl.col("event_id").is_not_null() & pl.col("duplicate_of").is_null())
        .select("event_id", "quote_id")
    )
    vocabulary = load_vocabulary(WEIGHTS)
    rows = [
        (quote_id, clause.char_start, clause.char_end, clause.text)
        for quote_id, pieces in content_pieces(frames["quote_spans"], set(wanted["quote_id"])).items()
        for clause in read_clauses(pieces, vocabulary)
        if len(clause.words) >= _LEAST_WORDS
    ]
    found = pl.DataFrame(rows, schema=CLAUSE_TYPES, orient="row")
    return wanted.join(found, on="quote_id", how="inner").sort("quote_id", "char_start")


def content_pieces(quote_spans: pl.DataFrame, wanted: set[str]) -> dict[str, list[Piece]]:
    """Return the content spans of some quotes, in text order."""
    rows = (
        quote_spans.filter(pl.col("span_role") == "content")
        .filter(pl.col("quote_id").is_in(sorted(wanted)))
        .select("quote_id", "char_start", "span_text")
        .sort("quote_id", "char_start")
    )
    found: dict[str, list[Piece]] = {}
    for quote_id, start, text in rows.iter_rows():
        found.setdefault(quote_id, []).append(Piece(start, text))
    return found
