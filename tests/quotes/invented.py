"""Documents and an authority file about invented countries, for the tests of the quote stage."""

from datetime import date
from functools import cache
from typing import Any

import polars as pl

from pipeline.document import Block, Document, Rows
from pipeline.quotes.stage import QuoteExtractor, extract, prepare
from pipeline.reference import Reference, load_reference, name_key

ARTICLE = "0123456789abcdef"
DAY = date(2030, 5, 1)

_SPEAKERS: list[tuple[Any, ...]] = [
    ("arlonia", "Arlonia", "institution", "XAR", None),
    ("borvia", "Borvia", "institution", "XBO", None),
    ("mira_sol", "Mira Sol", "person", "XAR", "female"),
    ("tor_venn", "Tor Venn", "person", "XBO", "male"),
    ("arlonian_trade_ministry", "Arlonian Trade Ministry", "institution", "XAR", None),
    ("two_rivers", "Two Rivers League", "group", None, None),
]
_ROLES: list[tuple[Any, ...]] = [
    ("mira_sol", "President", "Arlonia", date(2028, 1, 1), None),
    ("mira_sol", "Mayor", "Arlonia", date(2020, 1, 1), date(2027, 12, 31)),
    ("tor_venn", "President", "Borvia", date(2029, 1, 1), None),
]
_ALIASES: list[tuple[Any, ...]] = [("Sol", "mira_sol"), ("Venn", "tor_venn")]
_MEMBERS: list[tuple[Any, ...]] = [
    ("two_rivers", "arlonia", None, None),
    ("two_rivers", "borvia", None, None),
]


@cache
def reference() -> Reference:
    """The real codebooks, with an authority file of invented speakers only."""
    real = load_reference()
    speakers = [(*row[:2], name_key(row[1]), *row[2:], None, "none", True) for row in _SPEAKERS]
    rows: dict[str, list[tuple[Any, ...]]] = {
        "speakers": speakers,
        "speaker_roles": _ROLES,
        "speaker_aliases": _ALIASES,
        "speaker_members": _MEMBERS,
    }
    frames = dict(real.frames)
    for name, listed in rows.items():
        frames[name] = pl.DataFrame(listed, schema=real.frames[name].schema, orient="row")
    return Reference(frames)


@cache
def extractor() -> QuoteExtractor:
    return prepare(reference())


def document(
    text: str,
    document_type: str = "news_report",
    *,
    analysis_date: date | None = DAY,
    language: str | None = "en",
    block_type: str = "paragraph",
) -> Document:
    """A document whose paragraphs are the lines of the text."""
    blocks = []
    at = 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        kind = block_type if line.strip() else "blank"
        blocks.append(Block(number, kind, at, at + len(line), kind))
        at += len(line)
    return Document(
        ARTICLE,
        text,
        tuple(blocks),
        None,
        None,
        document_type,
        language,
        analysis_date,
        "published" if analysis_date else "none",
        None,
        None,
    )


def rows_of(text: str, document_type: str = "news_report") -> Rows:
    return extract(extractor(), document(text, document_type))


def said(text: str, document_type: str = "news_report") -> list[tuple[str | None, str | None, str]]:
    """Source mention, cue and content of each quote, in reading order."""
    return [
        (row["source_mention"], row["cue"], row["quote_text"])
        for row in rows_of(text, document_type)["quotes"]
    ]


def speakers(text: str, document_type: str = "news_report") -> list[tuple[str | None, str]]:
    """Speaker name and resolution of each quote, in reading order."""
    return [(row["speaker_name"], row["resolution"]) for row in rows_of(text, document_type)["quotes"]]
