"""What the pages need to know of all articles at once: little, and kept between builds slice by slice.

A slice whose bytes in the tables did not change is not read again.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from pipeline.pages.release_tables import ReleaseTables

Frames = dict[str, pl.DataFrame]

# What a page of a document shows, by table. The texts of spans and quotes follow from the text and offsets.
SHOWN: Mapping[str, Sequence[str]] = {
    "articles": (),
    "article_text": ("article_id", "text"),
    "blocks": ("article_id", "block_no", "block_type", "char_start", "char_end"),
    "quotes": (),
    "quote_spans": (
        "quote_id",
        "span_role",
        "span_no",
        "char_start",
        "char_end",
        "in_quotation_marks",
        "is_continuation",
    ),
    "quote_speakers": ("quote_id", "speaker_no", "speaker_id", "speaker_name"),
    "topic_assignments": ("article_id", "unit", "quote_id", "topic_id", "rank"),
}
TABLES = tuple(SHOWN)

# documents: the fingerprint of all that a document's page shows. said: a row per quote and speaker.
# about: a row per quote and topic. counts: numbers for the overview.
_PLACE = {"article_id": pl.String, "quote_no": pl.Int32, "day": pl.Date, "event_id": pl.String}
SCHEMAS: Mapping[str, Mapping[str, type[pl.DataType]]] = {
    "documents": {"article_id": pl.String, "fingerprint": pl.UInt64},
    "said": {
        "speaker_key": pl.String,
        "speaker_name": pl.String,
        "quote_type": pl.String,
        "illocution": pl.String,
        **_PLACE,
    },
    "about": {"topic_id": pl.String, **_PLACE},
    "counts": {"what": pl.String, "level": pl.String, "part": pl.String, "n": pl.UInt32},
}
SLICE = "slice"
_STEM = 16


def speaker_key(speaker_id: str = "speaker_id") -> pl.Expr:
    """Return the key by which quotes of a speaker are listed together.

    The id of the authority file; of anyone else ':' and the name key, which groups without claiming that
    they are one person.
    """
    return pl.coalesce(pl.col(speaker_id).str.extract("(:.*)$", 1), pl.col(speaker_id))


def summaries(tables: ReleaseTables, kept: Frames | None) -> Frames:
    """Return the summaries of all slices, taking those of unchanged slices from `kept`."""
    slices = {tables.digest(bounds, TABLES): bounds for bounds in tables.slices()}
    known: set[str] = set()
    pieces: dict[str, list[pl.DataFrame]] = {name: [_empty(name)] for name in SCHEMAS}
    if kept:
        known = set(kept["documents"][SLICE].unique().to_list()) & set(slices)
        for name in SCHEMAS:
            pieces[name].append(kept[name].filter(pl.col(SLICE).is_in(sorted(known))))
    for digest, bounds in slices.items():
        if digest not in known:
            read = {table: tables.rows(table, bounds, columns(tables, table)) for table in TABLES}
            for name, frame in summary(read).items():
                typed = frame.select(pl.col(column).cast(kind) for column, kind in SCHEMAS[name].items())
                pieces[name].append(typed.with_columns(pl.lit(digest).alias(SLICE)))
    return {name: pl.concat(found, rechunk=True) for name, found in pieces.items()}


def columns(tables: ReleaseTables, table: str) -> Sequence[str]:
    """Return the columns of a table that pages show."""
    return SHOWN[table] or tables.columns(table)


def summary(read: Frames) -> Frames:
    """Return the summary of some articles, of which `read` holds all rows."""
    quotes = read["quotes"].join(read["articles"].select("article_id", "analysis_date"), on="article_id")
    quotes = quotes.with_columns(pl.coalesce("said_date", "analysis_date").alias("day"))
    place = quotes.select("quote_id", "article_id", "quote_no", "day", "event_id", "quote_type", "illocution")
    said = read["quote_speakers"].join(place, on="quote_id")
    about = quotes.select("topics", *_PLACE).drop_nulls("topics")
    return {
        "documents": _fingerprints(read),
        "said": said.with_columns(speaker_key().alias("speaker_key")),
        "about": about.with_columns(pl.col("topics").str.split("; ").alias("topic_id")).explode("topic_id"),
        "counts": _counts(quotes, read["articles"]),
    }


def _fingerprints(read: Frames) -> pl.DataFrame:
    """Return a number per article that changes with any of its rows."""
    pieces = []
    for seed, frame in enumerate(frame for _, frame in sorted(read.items())):
        if "article_id" in frame.columns:
            article_id = pl.col("article_id")
        else:
            article_id = pl.col("quote_id").str.extract("^([^:]*)", 1)
        pieces.append(frame.select(article_id.alias("article_id"), fingerprint=frame.hash_rows(seed)))
    # The rows of a table have keys, so their sum says which rows there are; it wraps around.
    return pl.concat(pieces).group_by("article_id").agg(pl.col("fingerprint").sum()).sort("article_id")


def _counts(quotes: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    month = pl.col("analysis_date").dt.strftime("%Y-%m")
    confidence = (pl.col("confidence") * 10).floor().clip(0, 9).cast(pl.Int32).cast(pl.String)
    none = pl.lit(None, dtype=pl.String)
    found = [
        _count(quotes, "month", month, pl.col("quote_type")),
        _count(quotes, "resolution", pl.col("resolution"), none),
        _count(quotes, "confidence", confidence, none),
        _count(quotes, "doubt", pl.col("is_negated").cast(pl.String), none),
        _count(articles, "documents", pl.col("document_type"), none),
        _count(articles, "outlet", pl.col("outlet_id"), none),
        _count(articles, "date", pl.col("analysis_date_basis"), none),
    ]
    return pl.concat(found)


def _count(frame: pl.DataFrame, what: str, level: pl.Expr, part: pl.Expr) -> pl.DataFrame:
    counted = frame.select(level=level, part=part).group_by("level", "part", maintain_order=True)
    return counted.agg(pl.len().alias("n")).select(pl.lit(what).alias("what"), "level", "part", "n")


def _empty(name: str) -> pl.DataFrame:
    return pl.DataFrame(schema={**SCHEMAS[name], SLICE: pl.String})
