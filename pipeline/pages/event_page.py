"""Pages of events: which statement which article reports, how, and which leaves it out, side by side."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl

from pipeline.pages.document_page import headline
from pipeline.pages.labels import Labels
from pipeline.pages.lists import pager
from pipeline.pages.safe_text import file_name, on_one_line, shortened
from pipeline.pages.wording import RELATION, counted, words

Row = Mapping[str, Any]

# A page shows so many articles, those with most statements, and so many statements, those told most often.
_ARTICLES = 8
_STATEMENTS = 150
_TEXT = 300
_HOW = {"direct": "direct", "mixed": "mixed", "indirect": "indirect", "left_out": "left out"}
# Of the joins below, half were right where they were measured, of those above nearly all; see
# docs/decisions/reading-page.md.
WEAK_BELOW = 0.6


class Cell(NamedTuple):
    """How an article reports a statement.

    `join` tells how like its quote is to those it was joined with, empty for the quote that stands for the
    statement; `is_weak` says that it may be another statement.
    """

    coverage: str
    how: str
    text: str = ""
    link: str = ""
    cue: str = ""
    join: str = ""
    is_weak: bool = False


def event_rows(coverage: pl.DataFrame, statements: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Return what pages of events are made from: a row for each statement and article, in order.

    `coverage`, `statements` and `parts` are the tables statement_coverage, statements and statement_quotes.
    """
    said = parts.select("statement_id", "quote_id", "said_text", "relation", "score").unique(
        ["statement_id", "quote_id"], maintain_order=True
    )
    gists = statements.join(
        parts.select("statement_id", gist_quote_id="quote_id", gist="said_text").unique(
            ["statement_id", "gist_quote_id"], maintain_order=True
        ),
        on=["statement_id", "gist_quote_id"],
        how="left",
    ).select("statement_id", "gist_quote_id", "speaker_id", "n_articles", "gist")
    return (
        coverage.join(gists, on="statement_id", how="left")
        .join(said, on=["statement_id", "quote_id"], how="left")
        .sort("event_id", "n_articles", "statement_id", "article_id", descending=[False, True, False, False])
    )


def event_page(
    event_id: str, rows: pl.DataFrame, articles: Mapping[str, Row], cues: Mapping[str, Row], labels: Labels
) -> dict[str, Any]:
    """Return what the page of an event shows. `cues`: speaker_name and cue of its quotes, by quote_id."""
    told = rows.filter(pl.col("coverage") != "left_out")
    tellers = told.group_by("article_id").len().sort("len", "article_id", descending=[True, False])
    shown_ids = tellers["article_id"].head(_ARTICLES).to_list()
    shown_ids += [one for one in sorted(rows["article_id"].unique()) if one not in tellers["article_id"]]
    shown_ids = shown_ids[:_ARTICLES]
    n_articles, n_statements = rows["article_id"].n_unique(), rows["statement_id"].n_unique()
    found: dict[str, dict[str, Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["statement_id"], {})[row["article_id"]] = row
    lines = []
    for by_article in list(found.values())[:_STATEMENTS]:
        first = next(iter(by_article.values()))
        gist = cues.get(first["gist_quote_id"], {})
        lines.append(
            {
                "who": on_one_line(gist.get("speaker_name") or "speaker not resolved"),
                "gist": shortened(first["gist"] or "", _TEXT),
                "cells": [_cell(by_article.get(article_id), cues) for article_id in shown_ids],
            }
        )
    return {
        **pager(labels.events.get(event_id, event_id), file_name(event_id)),
        "event_id": event_id,
        "about": f"{counted(n_statements, 'statement')} in {counted(n_articles, 'document')}.",
        "weak_below": f"{WEAK_BELOW:.2f}",
        "cut": _cut(n_articles, n_statements),
        "articles": [
            {
                "link": f"../documents/{article_id}.html",
                "headline": shortened(headline(articles[article_id]), 70),
                "outlet": labels.outlet(articles[article_id]["outlet_id"]),
                "day": articles[article_id]["analysis_date"] or "date not known",
            }
            for article_id in shown_ids
        ],
        "lines": lines,
    }


def _cut(n_articles: int, n_statements: int) -> str:
    cut = []
    if n_articles > _ARTICLES:
        cut.append(f"the {_ARTICLES} documents with most statements")
    if n_statements > _STATEMENTS:
        cut.append(f"the {_STATEMENTS} statements told most often")
    return f"Here are {' and '.join(cut)}; the table statement_coverage has all." if cut else ""


def _cell(row: Row | None, cues: Mapping[str, Row]) -> Cell:
    if row is None:
        # The table makes no claim: it lists what is left out only of reports that count for the event.
        return Cell("not_counted", "not counted")
    if row["coverage"] == "left_out":
        return Cell("left_out", _HOW["left_out"])
    quote_id = row["quote_id"]
    # As it is shown: what reads 0.60 is not below.
    likeness = round(row["score"], 2)
    cue = cues.get(quote_id, {}).get("cue")
    is_joined = quote_id != row["gist_quote_id"]
    return Cell(
        row["coverage"],
        _HOW[row["coverage"]],
        shortened(row["said_text"] or "", _TEXT),
        f"../documents/{row['article_id']}.html#q-{quote_id.rsplit(':', 1)[1]}",
        on_one_line(cue) if cue else "",
        f"likeness {likeness:.2f}, {words(row['relation'], RELATION)}" if is_joined else "",
        is_joined and likeness < WEAK_BELOW,
    )


def event_list(rows: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return what the list of events shows: those of which several documents tell."""
    numbers = rows.group_by("event_id").agg(
        pl.col("statement_id").n_unique().alias("n"), pl.col("article_id").n_unique().alias("n_articles")
    )
    cells = [
        [
            (labels.events.get(event_id, event_id), f"events/{file_name(event_id)}.html"),
            (f"{n:,}", None),
            (f"{n_articles:,}", None),
            (event_id, None),
        ]
        for event_id, n, n_articles in numbers.sort("event_id").iter_rows()
    ]
    kinds = [("event", ""), ("statements", "number"), ("documents", "number"), ("event_id", "")]
    note = "Who reports what was said at an event, and who leaves it out."
    return {"columns": kinds, "rows": cells, "note": note, **pager("Events", "events")}
