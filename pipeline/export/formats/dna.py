"""Discourse Network Analyzer (Leifeld): a row per statement with person, organisation, concept, agreement.

`statements.csv`, `documents.csv` and what they can and cannot be used for, `LIMITS.md`. NULL is the word
NULL, so that an agreement that is not known is kept apart from FALSE.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.dataset_folder import need_texts
from pipeline.publish.dictionary import defused
from pipeline.verify.reading import batches, by_articles

NULL = "NULL"
DOCUMENT_COLUMNS = (
    "document_id",
    "title",
    "author",
    "source",
    "section",
    "type",
    "date_time",
    "epoch_seconds",
    "notes",
    "text",
)
STATEMENT_COLUMNS = (
    "statement_id",
    "document_id",
    "start",
    "stop",
    "person",
    "organization",
    "concept",
    "agreement",
    "agreement_rule",
    "date_time",
    "document_title",
    "document_author",
    "document_source",
    "document_section",
    "document_type",
    "text",
    "quote_type",
    "illocution",
    "cue",
    "speaker_id",
    "char_start",
    "char_end",
)
_TABLES = ("article_text", "quotes", "quote_speakers", "speakers")
_LINE_END = re.compile("\r\n?")

# Words that turn what is said round, so that praise or blame of it is no longer that of its topic.
_TURNED = re.compile(
    r"\b(?:not?|never|none|nor|neither|without|against|cannot|\w+n['’]t|end(?:s|ed|ing)?|stop\w*|halt\w*"
    r"|lift\w*|cut(?:s|ting)?|ban(?:s|ned|ning)?|oppos\w+|reject\w*|refus\w+|reduc\w+|remov\w+|abolish\w*"
    r"|withdraw\w*|withdrew|fail\w*|lack\w*|avoid\w*|prevent\w*|resist\w*|curb\w*|suspend\w*|cancel\w*"
    r"|attempts?|instead|rather than)\b",
    re.IGNORECASE,
)
# Frames of a cue whose object is what the speaker is for or against.
_TAKES_OBJECT = frozenset(("object", "infinitive"))
# Topics that are a project or a measure, which one can be for or against. The others are places, conflicts,
# norms (to condemn interference is to be for non-interference) or courtesy.
_PROJECTS = frozenset(
    (
        *("bilateral_relations", "treaties", "sco", "brics_g20", "global_development", "bri_eaeu", "trade"),
        *(
            "sanctions_protectionism",
            "energy_general",
            "energy_oil_gas",
            "energy_nuclear",
            "energy_renewable",
        ),
        *("finance", "industry_supply", "science_tech", "space_aviation", "people_exchange"),
    )
)
# "denounced N for …": what stands behind is the reason, and not what is denounced.
_REASON = re.compile(r"\b(?:for|over|because|after|by|as)\b", re.IGNORECASE)
_STANCES = frozenset(("expressive_positive", "expressive_negative", "rejection", "commissive"))

Row = dict[str, Any]


def write(processed: Path, out: Path) -> None:
    """Write statements and documents, some articles at a time, and their limits."""
    need_texts(processed, "Discourse Network Analyzer")
    known = _Known(processed)
    with (
        (out / "documents.csv").open("w", encoding="utf-8", newline="") as documents,
        (out / "statements.csv").open("w", encoding="utf-8", newline="") as statements,
    ):
        document_writer = csv.writer(documents, lineterminator="\n")
        statement_writer = csv.writer(statements, lineterminator="\n")
        document_writer.writerow(DOCUMENT_COLUMNS)
        statement_writer.writerow(STATEMENT_COLUMNS)
        for chunk in by_articles(processed, _TABLES):
            for document, rows in _documents(chunk, known):
                document_writer.writerow([_cell(document[name]) for name in DOCUMENT_COLUMNS])
                for row in rows:
                    statement_writer.writerow([_cell(row[name]) for name in STATEMENT_COLUMNS])
    limits = Path(__file__).with_name("dna_limits.md").read_text(encoding="utf-8")
    (out / "LIMITS.md").write_text(limits, encoding="utf-8")


class _Known:
    """The small tables: names of outlets, cues by lemma, speakers of the authority file and their roles."""

    def __init__(self, processed: Path) -> None:
        self.outlets = dict(_pairs(processed, "outlets", "outlet_id", "name"))
        self.frames = {
            lemma: frozenset((frame or "").split("|"))
            for lemma, frame in _pairs(processed, "cues", "lemma", "frame")
        }
        self.types: dict[str, str] = {}
        for frame in batches(processed, "speakers"):
            authority = frame.filter(pl.col("in_authority"))
            self.types.update(authority.select("speaker_id", "speaker_type").iter_rows())
        self._roles: dict[str, list[Row]] = {}
        for frame in batches(processed, "speaker_roles"):
            for row in frame.iter_rows(named=True):
                self._roles.setdefault(row["speaker_id"], []).append(row)

    def organization(self, speaker_id: str, day: date | None) -> str | None:
        """Return the body in which a person holds a role on a day; None: none known, or several."""
        if day is None:
            return None
        found = {
            role["organisation"]
            for role in self._roles.get(speaker_id, ())
            if role["organisation"]
            and (role["valid_from"] is None or role["valid_from"] <= day)
            and (role["valid_to"] is None or day <= role["valid_to"])
        }
        return found.pop() if len(found) == 1 else None


def _pairs(processed: Path, table: str, key: str, value: str) -> Iterator[tuple[str, Any]]:
    for frame in batches(processed, table):
        yield from frame.select(key, value).iter_rows()


def _documents(chunk: Mapping[str, pl.DataFrame], known: _Known) -> Iterator[tuple[Row, list[Row]]]:
    texts = dict(chunk["article_text"].select("article_id", "text").iter_rows())
    types = known.types | dict(chunk["speakers"].select("speaker_id", "speaker_type").iter_rows())
    speakers = _grouped(chunk["quote_speakers"], "quote_id")
    quotes = _grouped(chunk["quotes"], "article_id")
    for article in chunk["articles"].iter_rows(named=True):
        text = texts.get(article["article_id"], "")
        day: date | None = article["analysis_date"]
        document = {
            "document_id": article["article_id"],
            "title": article["headline"],
            "author": article["authors"],
            "source": known.outlets.get(article["outlet_id"], article["outlet_id"]),
            "section": article["section"],
            "type": article["document_type"],
            "date_time": f"{day.isoformat()} 00:00:00" if day else None,
            "epoch_seconds": (day - date(1970, 1, 1)).days * 86_400 if day else None,
            "notes": article["raw_sha256"],
            "text": _LINE_END.sub("\n", text),
        }
        places = _Places(text)
        rows = [
            row
            for quote in quotes.get(article["article_id"], ())
            if quote["duplicate_of"] is None
            for row in _statements(
                quote, speakers.get(quote["quote_id"], []), types, day, document, places, known
            )
        ]
        yield document, rows


def _statements(
    quote: Row,
    speakers: Iterable[Row],
    types: Mapping[str, str],
    day: date | None,
    document: Row,
    places: "_Places",
    known: _Known,
) -> Iterator[Row]:
    """Yield a statement for each speaker and topic of a quote."""
    agrees, rule = agreement(quote, known.frames.get(quote["cue_lemma"] or "", frozenset()))
    named = [*speakers] or [{"speaker_id": None, "speaker_name": None}]
    topics = (quote["topics"] or "").split("; ")
    number = 0
    for speaker in named:
        kind = types.get(speaker["speaker_id"] or "")
        is_person = kind == "person"
        for topic in topics:
            number += 1
            yield {
                "statement_id": f"{quote['quote_id']}:{number}",
                "document_id": document["document_id"],
                "start": places.utf16(quote["char_start"]),
                "stop": places.utf16(quote["char_end"]),
                "person": speaker["speaker_name"] if is_person or kind == "unnamed" else None,
                "organization": known.organization(speaker["speaker_id"], day)
                if is_person
                else speaker["speaker_name"]
                if kind in ("institution", "group")
                else None,
                "concept": topic or None,
                "agreement": None if agrees is None else str(agrees).upper(),
                "agreement_rule": rule,
                "date_time": document["date_time"],
                "document_title": document["title"],
                "document_author": document["author"],
                "document_source": document["source"],
                "document_section": document["section"],
                "document_type": document["type"],
                "text": quote["quote_text"],
                "quote_type": quote["quote_type"],
                "illocution": quote["illocution"],
                "cue": quote["cue"],
                "speaker_id": speaker["speaker_id"],
                "char_start": quote["char_start"],
                "char_end": quote["char_end"],
            }


def agreement(quote: Mapping[str, Any], frames: frozenset[str]) -> tuple[bool | None, str]:
    """Return whether the speaker is for the one topic of a quote, and the rule that says so.

    None: the dataset does not tell; the rule is then the first reason why not. `frames` are those that the
    codebook gives the cue.
    """
    topics = (quote["topics"] or "").split("; ")
    classes = {quote["cue_class"], quote["cue_class_2"]}
    for holds, reason in (
        (not quote["topics"], "no_topic"),
        (len(topics) > 1, "several_topics"),
        (topics[0] not in _PROJECTS, "topic_is_no_project"),
        (quote["cue_polarity"] is None, "cue_not_in_codebook"),
        (quote["cue_polarity"] == 0, "neutral_cue"),
        (quote["is_negated"], "not_said"),
        (quote["level"] > 1, "inside_another_quote"),
        (quote["quote_type"] == "direct", "direct_speech"),
        (classes.isdisjoint(_STANCES), "cue_without_stance"),
        (not frames or not frames <= _TAKES_OBJECT, "cue_may_take_a_clause"),
        (quote["illocution"] == "directive", "asks_others"),
        ("commissive" not in classes and _REASON.search(quote["quote_text"]) is not None, "gives_a_reason"),
        (_TURNED.search(quote["quote_text"]) is not None, "turned_in_content"),
    ):
        if holds:
            return None, reason
    return (True, "cue_in_favour") if quote["cue_polarity"] > 0 else (False, "cue_against")


class _Places:
    """Offsets in the text as Java counts them: UTF-16 code units, a line end is one."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Most texts count alike.
        self._is_plain = "\r" not in text and (not text or max(text) <= "\uffff")

    def utf16(self, offset: int) -> int:
        """Return the place of an offset that counts code points of the raw text."""
        if self._is_plain:
            return offset
        before = self._text[:offset]
        return len(_LINE_END.sub("\n", before)) + sum(char > "\uffff" for char in before)


def _cell(value: object) -> object:
    if value is None:
        return NULL
    if isinstance(value, str):
        # A headline may be the word NULL.
        return f"'{value}" if value == NULL else defused(value)
    return value


def _grouped(frame: pl.DataFrame, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[column], []).append(row)
    return found
