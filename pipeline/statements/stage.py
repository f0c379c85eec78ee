"""The tables of statements, from the utterances of all segments."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import polars as pl

from pipeline.document import Row
from pipeline.frames import column_types
from pipeline.parts import Kept
from pipeline.quotes.stage import WEIGHTS
from pipeline.statements.encoder import load_encoder
from pipeline.statements.gathering import Part, PartLink, Statement, gather
from pipeline.statements.linking import Link, Piece, Said, link, rarity_of, read_clauses
from pipeline.statements.utterances import CLAUSE_TYPES
from pipeline.statements.windows import Window, windows
from pipeline.statements.words import load_vocabulary

METHOD = "clause_likeness"
STATEMENT_TABLES = ("statements", "statement_quotes", "statement_coverage")

# The same words, but for so few; a part says less than this share of the gist.
_SAME_WORDS = 0.8
_PART = 0.6
# So many quotes are read and compared at once: what is in memory does not grow with the corpus.
_QUOTES_AT_ONCE = 20_000
# Of so many clauses the vectors are remembered: some 60 MB.
_CLAUSES_KEPT = 4_096
# At an event that more articles report, a statement that one article alone has is not listed as left out by
# all others: there would be articles × statements of such rows.
_MANY_REPORTS = 50
_LITERALNESS = {"direct": 0, "mixed": 1, "indirect": 2}

_LINK_TYPES: Mapping[str, Any] = {
    "window": pl.String,
    **{f"{side}_{name}": dtype for side in ("first", "second") for name, dtype in CLAUSE_TYPES.items()},
    **dict.fromkeys(("share", "of_first", "of_second", "same"), pl.Float64),
}

# Reads the content spans of some quotes.
ReadPieces = Callable[[set[str]], Mapping[str, list[Piece]]]


def find_links(utterances: pl.DataFrame, read_pieces: ReadPieces, kept: Kept) -> list[PartLink]:
    """Return the links between all quotes; those of windows that did not change are as they were kept."""
    wanted = list(windows(utterances))
    keys = {window.key for window in wanted}
    compared, known = _known(kept)
    new = [window for window in wanted if window.key not in compared]
    if new or keys != compared:
        known = known.filter(pl.col("window").is_in(sorted(keys)))
        made = [_rows_of(batch, utterances, read_pieces) for batch in _batches(new)]
        rows = [row for found in made for row in found]
        fresh = pl.DataFrame(rows, schema=_LINK_TYPES, orient="row")
        known = pl.concat([known, fresh]).sort(list(_LINK_TYPES))
        compared_now = pl.DataFrame({"window": sorted(keys)}, schema={"window": pl.String})
        kept.save({"windows": compared_now, "links": known})
    return [
        PartLink(Part(*row[:4]), Part(*row[4:8]), *row[8:])
        for row in known.drop("window").unique().sort(pl.all()).iter_rows()
    ]


def _known(kept: Kept) -> tuple[set[str], pl.DataFrame]:
    """Return the windows that were compared at the last build, and their links."""
    frames = kept.load()
    if frames is None:
        return set(), pl.DataFrame(schema=_LINK_TYPES)
    return set(frames["windows"]["window"]), frames["links"]


def _batches(wanted: Sequence[Window]) -> Iterator[list[Window]]:
    batch: list[Window] = []
    size = 0
    for window in wanted:
        batch.append(window)
        size += len(window.others)
        if size >= _QUOTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _rows_of(
    batch: Sequence[Window], utterances: pl.DataFrame, read_pieces: ReadPieces
) -> list[tuple[Any, ...]]:
    ids = {quote_id for window in batch for quote_id in window.others}
    vocabulary = load_vocabulary(WEIGHTS)
    about = utterances.filter(pl.col("quote_id").is_in(sorted(ids))).unique("quote_id").sort("quote_id")
    pieces = read_pieces(ids)
    said = {
        quote_id: Said(
            quote_id, article_id, event_id, is_negated, read_clauses(pieces.get(quote_id, ()), vocabulary)
        )
        for quote_id, article_id, event_id, is_negated in about.select(
            "quote_id", "article_id", "event_id", "is_negated"
        ).iter_rows()
    }
    # A quote is compared on its day and as a later report of the days before.
    encode = lru_cache(_CLAUSES_KEPT)(load_encoder(WEIGHTS).of_words)
    rows = []
    for window in batch:
        others = [said[quote_id] for quote_id in window.others]
        firsts = [said[quote_id] for quote_id in window.firsts]
        rows += [_link_row(window.key, found) for found in link(firsts, others, rarity_of(others), encode)]
    return rows


def _link_row(window: str, found: Link) -> tuple[Any, ...]:
    sides: list[Any] = []
    for quote, number in ((found.first, found.first_no), (found.second, found.second_no)):
        clause = quote.clauses[number]
        sides += [quote.quote_id, clause.char_start, clause.char_end, clause.text]
    alike = found.likeness
    return (
        window,
        *sides,
        *(round(one, 4) for one in (alike.share, alike.of_first, alike.of_second, alike.same)),
    )


def statement_tables(
    utterances: pl.DataFrame,
    reports: pl.DataFrame,
    event_clauses: pl.DataFrame,
    links: Sequence[PartLink],
) -> dict[str, pl.DataFrame]:
    """Return the tables statements, statement_quotes and statement_coverage, sorted by their keys.

    `utterances`, `reports` and `event_clauses` are those of all segments together (see utterances.py).
    """
    linked = {part.quote_id for one in links for part in (one.first, one.second)}
    wanted = pl.col("quote_id").is_in(sorted(linked)) | pl.col("event_id").is_not_null()
    about = {row["quote_id"]: row for row in utterances.filter(wanted).unique("quote_id").to_dicts()}
    statements = gather(links, {quote_id: row["article_id"] for quote_id, row in about.items()})
    statements += _told_once(event_clauses, reports, statements)
    rows: dict[str, list[Row]] = {"statements": [], "statement_quotes": []}
    told: list[tuple[str, str, Row]] = []
    for statement in statements:
        statement_id = _id_of(statement.gist)
        quotes = [about[part.quote_id] for part in (statement.gist, *(o.second for o in statement.others))]
        events = {quote["event_id"] for quote in quotes if quote["event_id"]}
        event_id = events.pop() if len(events) == 1 else None
        rows["statements"].append(
            {
                "statement_id": statement_id,
                "speaker_id": quotes[0]["speaker_id"],
                "event_id": event_id,
                "gist_quote_id": statement.gist.quote_id,
                "n_articles": len({quote["article_id"] for quote in quotes}),
                "n_outlets": len({quote["outlet_id"] for quote in quotes if quote["outlet_id"]}),
            }
        )
        rows["statement_quotes"] += _quote_rows(statement_id, statement, about)
        if event_id:
            told += [(event_id, statement_id, quote) for quote in quotes]
    frames = {
        table: pl.DataFrame(found, schema=column_types(table), orient="row") for table, found in rows.items()
    }
    frames["statements"] = frames["statements"].sort("statement_id")
    frames["statement_quotes"] = frames["statement_quotes"].sort("statement_id", "quote_id", "char_start")
    frames["statement_coverage"] = _coverage(told, reports)
    return frames


def _told_once(
    event_clauses: pl.DataFrame, reports: pl.DataFrame, statements: Sequence[Statement]
) -> list[Statement]:
    """Return what one article alone reports of events that several report."""
    if event_clauses.is_empty():
        return []
    several = reports.group_by("event_id").agg(pl.len().alias("n")).filter(pl.col("n") > 1)["event_id"]
    here = event_clauses.filter(pl.col("event_id").is_in(several.implode()))
    linked: dict[str, list[tuple[int, int]]] = {}
    for statement in statements:
        for part in (statement.gist, *(one.second for one in statement.others)):
            linked.setdefault(part.quote_id, []).append((part.char_start, part.char_end))
    return [
        Statement(Part(quote_id, start, end, text), ())
        for quote_id, start, end, text in here.select(list(CLAUSE_TYPES)).sort(pl.all()).iter_rows()
        if not any(first < end and start < last for first, last in linked.get(quote_id, ()))
    ]


def _id_of(gist: Part) -> str:
    return hashlib.sha256(f"{gist.quote_id} {gist.char_start} {gist.char_end}".encode()).hexdigest()[:16]


def _quote_rows(statement_id: str, statement: Statement, about: Mapping[str, Row]) -> list[Row]:
    gist = statement.gist
    is_translation = bool(about[gist.quote_id]["is_translation"])
    found = [(gist, "same_words", 1.0)]
    for one in statement.others:
        translated = is_translation or bool(about[one.second.quote_id]["is_translation"])
        found.append((one.second, _relation(one, translated), one.share))
    return [
        {
            "statement_id": statement_id,
            "quote_id": part.quote_id,
            "char_start": part.char_start,
            "char_end": part.char_end,
            "said_text": part.said_text,
            "relation": relation,
            "method": METHOD,
            "score": round(score, 4),
        }
        for part, relation, score in found
    ]


def _relation(found: PartLink, translated: bool) -> str:
    if found.same >= _SAME_WORDS:
        return "same_words"
    if found.of_first < _PART <= found.of_second:
        return "partial"
    return "translation_variant" if translated else "paraphrase"


def _coverage(told: Sequence[tuple[str, str, Row]], reports: pl.DataFrame) -> pl.DataFrame:
    """Return for each event which of its articles report which statement, and which leave it out."""
    best: dict[tuple[str, str], dict[str, Row]] = {}
    for event_id, statement_id, quote in told:
        here = best.setdefault((event_id, statement_id), {})
        other = here.get(quote["article_id"])
        rank = (_LITERALNESS[quote["quote_type"]], quote["quote_id"])
        if other is None or rank < (_LITERALNESS[other["quote_type"]], other["quote_id"]):
            here[quote["article_id"]] = quote
    reporting: dict[str, list[tuple[str, str | None]]] = {}
    for event_id, article_id, outlet_id in reports.iter_rows():
        reporting.setdefault(event_id, []).append((article_id, outlet_id))
    columns: dict[str, list[Any]] = {name: [] for name in column_types("statement_coverage")}
    for (event_id, statement_id), by_article in sorted(best.items()):
        articles = dict(reporting.get(event_id, ()))
        if len(articles) > _MANY_REPORTS and len(by_article) < 2:
            articles = {}
        articles |= {article_id: quote["outlet_id"] for article_id, quote in by_article.items()}
        for article_id, outlet_id in sorted(articles.items()):
            best_quote = by_article.get(article_id)
            cells = (
                event_id,
                statement_id,
                article_id,
                outlet_id,
                best_quote["quote_type"] if best_quote else "left_out",
                best_quote["quote_id"] if best_quote else None,
                best_quote["cue_class"] if best_quote else None,
                best_quote["cue_polarity"] if best_quote else None,
            )
            for name, cell in zip(columns, cells, strict=True):
                columns[name].append(cell)
    return pl.DataFrame(columns, schema=column_types("statement_coverage"))
