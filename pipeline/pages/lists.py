"""Lists of documents, speakers, topics and outlets: frames to what the template of a list shows."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.pages.document_page import headline
from pipeline.pages.labels import Labels
from pipeline.pages.listings import Place, page_file
from pipeline.pages.safe_text import on_one_line, shortened

Row = Mapping[str, Any]
# What a cell shows and the page it leads to, from the folder `report`, or several of them.
Cell = tuple[object, str | None]

AUTHORITY_LIST = "speakers"
_NAME_LIST = "speakers-"


def pager(title: str, name: str, place: Place = Place()) -> dict[str, Any]:  # noqa: B008 (immutable)
    """Return what a page of several shows of itself and of the others."""
    several = place.opens or place.after is not None
    since = f"from {place.first_day or 'a day that is not known'}"
    return {
        "name": title,
        "title": f"{title}, {since}" if several else title,
        "since": since if several else "",
        "first": page_file(name) if place.opens else None,
        "before": page_file(name, place.before) if place.before is not None else None,
        "after": page_file(name, place.after) if place.after is not None else None,
        "jumps": [(str(day or "not known"), page_file(name, opens)) for day, opens in place.jumps],
    }


def document_list(articles: pl.DataFrame, place: Place, labels: Labels) -> dict[str, Any]:
    """Return what a page of the list of documents shows."""
    rows: list[list[Cell]] = [
        [
            (shortened(headline(row), 120), f"documents/{row['article_id']}.html"),
            (row["analysis_date"] or "not known", None),
            (labels.outlet(row["outlet_id"]) if row["outlet_id"] else "not known", None),
            (row["document_type"].replace("_", " "), None),
            (f"{row['n_quotes']:,}", None),
            (row["article_id"], None),
        ]
        for row in articles.iter_rows(named=True)
    ]
    columns = ["document", "date", "outlet", "kind", "quotes", "article_id"]
    return {
        **_list(columns, rows, "By date; those without a date come last."),
        **pager("Documents", "documents", place),
    }


def with_list(voices: pl.DataFrame) -> pl.DataFrame:
    """Return the speakers (speaker_key, name, n, n_articles) with the list on which each stands.

    The authority file has one list; names of several documents have one for each letter.
    """
    key = pl.col("speaker_key")
    letter = key.str.extract("^:([a-z])", 1).fill_null("other")
    named = pl.format(_NAME_LIST + "{}", letter)
    where = pl.when(key.str.starts_with(":")).then(named).otherwise(pl.lit(AUTHORITY_LIST))
    return voices.with_columns(where.alias("list")).sort("list", "name", "speaker_key")


def speaker_list(name: str, voices: pl.DataFrame, names: Sequence[str], labels: Labels) -> dict[str, Any]:
    """Return what a list of speakers shows; `names` are all such lists, for the way to the others."""
    rows: list[list[Cell]] = [
        [
            (on_one_line(row["name"]), labels.speaker_page(row["speaker_key"])),
            (f"{row['n']:,}", None),
            (f"{row['n_articles']:,}", None),
            (row["speaker_key"].lstrip(":"), None),
        ]
        for row in voices.iter_rows(named=True)
    ]
    known = name == AUTHORITY_LIST
    note = (
        "Names of several documents that are not known to be one person are listed by letter."
        if known
        else "A name may stand for several people. Names of one document only are on its page."
    )
    title = "Speakers of the authority file" if known else f"Names in several documents: {_letter(name)}"
    shown = _list(["speaker", "quotes", "documents", "id"], rows, note)
    jumps = [("authority file" if one == AUTHORITY_LIST else _letter(one), f"{one}.html") for one in names]
    return {**shown, **pager(title, name), "jumps": jumps if len(jumps) > 1 else []}


def topic_list(about: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return what the list of topics shows: those of the codebook, with and without quotes.

    A group counts the quotes and documents of its topics, each once.
    """
    parent = pl.col("topic_id").replace_strict(labels.topic_groups, default=None, return_dtype=pl.String)
    of_groups = about.with_columns(topic_id=parent).drop_nulls("topic_id")
    about = pl.concat([about, of_groups]).unique(["topic_id", "article_id", "quote_no"])
    counted = about.group_by("topic_id").agg(
        pl.len().alias("n"), pl.col("article_id").n_unique().alias("n_articles")
    )
    numbers = {row[0]: row[1:] for row in counted.iter_rows()}
    rows: list[list[Cell]] = []
    for topic_id, label in sorted(labels.topics.items(), key=lambda item: (item[1], item[0])):
        n, n_articles = numbers.get(topic_id, (0, 0))
        rows.append(
            [
                (label, labels.topic_page(topic_id)),
                (f"{n:,}", None),
                (f"{n_articles:,}", None),
                _group(topic_id, labels),
                (topic_id, None),
            ]
        )
    note = "A group has the quotes of its topics, each counted once." if labels.topic_groups else ""
    columns = ["topic", "quotes", "documents", "group", "topic_id"]
    return {**_list(columns, rows, note), **pager("Topics", "topics")}


def _group(topic_id: str, labels: Labels) -> Cell:
    """Return of a group how many topics it has, which its page lists, and of a topic its group."""
    members = labels.topics_of(topic_id)
    if members:
        return f"Group of {len(members)} topic{'s' * (len(members) != 1)}", labels.topic_page(topic_id)
    group = labels.topic_groups.get(topic_id)
    return (labels.topics.get(group, group), labels.topic_page(group)) if group else ("", None)


def outlet_list(articles: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return what the list of outlets shows: those that have documents."""
    counted = articles.group_by("outlet_id").agg(pl.len().alias("n"), pl.col("n_quotes").sum())
    rows: list[list[Cell]] = [
        [
            (labels.outlet(outlet_id), None),
            (labels.outlet_about.get(outlet_id, ""), None),
            (f"{n:,}", None),
            (f"{n_quotes:,}", None),
            (outlet_id or "", None),
        ]
        for outlet_id, n, n_quotes in counted.sort("n", "outlet_id", descending=[True, False]).iter_rows()
    ]
    return {
        **_list(["outlet", "kind", "documents", "quotes", "outlet_id"], rows),
        **pager("Outlets", "outlets"),
    }


def _letter(name: str) -> str:
    return name.removeprefix(_NAME_LIST)


def _list(columns: Sequence[str], rows: list[list[Cell]], note: str = "") -> dict[str, Any]:
    kinds = [(name, "number" if name in ("quotes", "documents") else "") for name in columns]
    return {"columns": kinds, "rows": rows, "note": note}
