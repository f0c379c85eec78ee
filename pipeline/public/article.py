"""The rows of one article as they are published: words of the article shortened, personal data out."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.frames import TABLE_BY_NAME
from pipeline.public.recipes import recipe_for
from pipeline.public.words import CUT, Showing, count_words, fair_bound, first_words, without_private
from pipeline.verify.reading import holds

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]

# Words without offsets in the order in which they are shown; what is not named here comes after it.
_FIRST = ("headline", "dateline_place", "published_time", "published_evidence", "section", "byline")
# The columns of recipes.parquet: whose cell it is (the key of its row as published), and how it is made.
RECIPE_COLUMNS = ("article_id", "table_name", "row_key", "column_name", "recipe")

# Of what may be shown, what headline, cues, source mentions and the like may take together, and then what the
# quotes may take of the rest; what is left is for the words by which topics were found.
_SHORT_SHARE = 0.5
_CONTENT_SHARE = 0.8
# A telling id is kept up to so many words.
ID_WORDS = 8


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be shown of an article that may not be passed on.

    `quote_words`: words that follow each other, and words of one quote; `share`: of all words of an article.
    """

    quote_words: int
    share: float
    keep_paths: bool = False


@dataclass
class Made:
    """What was left out: cells and recipes, for the reader and for the way back."""

    shortened: Counter[tuple[str, str]] = field(default_factory=Counter)
    recipes: list[Row] = field(default_factory=list)
    n_whole: int = 0
    n_shortened: int = 0


def may_be_passed_on(article: Mapping[str, Any]) -> bool:
    """Tell whether the manifest says so and states the licence."""
    return article["redistributable"] is True and bool((article["licence"] or "").strip())


def public_path(raw_path: str, bounds: Bounds) -> str:
    """Return what stands for the path of a raw file, which may tell the name of a user or a project."""
    if bounds.keep_paths:
        return raw_path
    return f"file-{hashlib.sha256(raw_path.encode()).hexdigest()[:32]}"


def public_speaker_id(speaker_id: str) -> str:
    """Return the id of a speaker; one that is a long description of an article's own becomes a hash."""
    article_id, _, key = speaker_id.partition(":")
    if count_words(key) <= ID_WORDS:
        return speaker_id
    return f"{article_id}:x{hashlib.sha256(key.encode()).hexdigest()[:15]}"


def publish_article(rows: Rows, text: str, bounds: Bounds, made: Made) -> Rows:
    """Return the rows of one article, by table, as they are published; the given rows stay as they are."""
    article = rows["articles"][0]
    clean = without_private(text)
    whole = may_be_passed_on(article)
    made.n_whole += whole
    made.n_shortened += not whole
    out = {table: [dict(row) for row in listed] for table, listed in rows.items()}
    shower = _Whole(clean) if whole else _Shortened(clean, bounds)
    shower.fill(out, rows)
    if not whole:
        out["article_text"] = []
    _finish(out, rows, text, bounds, made)
    return out


class _Whole:
    """An article that may be passed on: only personal data is out."""

    def __init__(self, clean: str) -> None:
        self._clean = clean

    def fill(self, out: Rows, rows: Rows) -> None:
        for table, listed in out.items():
            for row in listed:
                for name in _named(table, "file", row):
                    row[name] = self._clean
                for name in _named(table, "span", row):
                    row[name] = self._clean[row["char_start"] : row["char_end"]]
                for name in (*_named(table, "page", row), *_named(table, "names", row)):
                    row[name] = without_private(row[name])
        join_spans(out["quotes"], out["quote_spans"])


class _Shortened:
    """An article of which only some words may be shown."""

    def __init__(self, clean: str, bounds: Bounds) -> None:
        self._bounds = bounds
        self._showing = Showing(clean, run=bounds.quote_words, share=bounds.share)

    def fill(self, out: Rows, rows: Rows) -> None:
        showing, most = self._showing, self._bounds.quote_words
        reserved = int(showing.left * (1 - _SHORT_SHARE))
        showing.left -= reserved
        pages = [
            (table, row, name) for table in out for row in out[table] for name in _named(table, "page", row)
        ]
        pages.sort(key=lambda cell: _FIRST.index(cell[2]) if cell[2] in _FIRST else len(_FIRST))
        for _, row, name in pages:
            if name in _FIRST:
                row[name] = showing.show_cell(without_private(row[name]), most, row.get("char_start", 0))
        for row in out["quote_spans"]:
            if row["span_role"] != "content":
                row["span_text"] = showing.show(row["char_start"], row["char_end"], most)
        for _, row, name in pages:
            if name not in _FIRST:
                row[name] = showing.show_cell(without_private(row[name]), most, row.get("char_start", 0))
        for table in out:
            for row in out[table]:
                for name in _named(table, "names", row):
                    row[name] = first_words(without_private(row[name]), most)
        showing.left += reserved
        self._show_contents(out)
        for table in out:
            if table != "quote_spans":
                for row in out[table]:
                    for name in _named(table, "span", row):
                        row[name] = showing.show(row["char_start"], row["char_end"], most)
        join_spans(out["quotes"], out["quote_spans"], upto_cut=True)

    def _show_contents(self, out: Rows) -> None:
        """Show the beginning of every quote: as many words of each as can be shown of all."""
        showing = self._showing
        repeated = {row["quote_id"] for row in out["quotes"] if row["duplicate_of"] is not None}
        contents: dict[str, list[Row]] = {}
        for span in out["quote_spans"]:
            if span["span_role"] == "content":
                contents.setdefault(span["quote_id"], []).append(span)
        lengths = [
            sum(len(showing.words_in(span["char_start"], span["char_end"])) for span in spans)
            for quote_id, spans in contents.items()
            if quote_id not in repeated
        ]
        bound = fair_bound(lengths, self._bounds.quote_words, int(showing.left * _CONTENT_SHARE))
        for row in out["quotes"]:
            # A pull quote repeats words of the body, which would come to be shown twice as long.
            left = 0 if row["quote_id"] in repeated else bound
            for span in contents.get(row["quote_id"], ()):
                n_words = len(showing.words_in(span["char_start"], span["char_end"]))
                span["span_text"] = showing.show(span["char_start"], span["char_end"], left)
                left = 0 if span["span_text"].endswith(CUT) else left - n_words


def join_spans(quotes: Sequence[Row], spans: Sequence[Row], *, upto_cut: bool = False) -> None:
    """Set the texts of quotes to those of their spans; with `upto_cut` up to the first that is cut."""
    of_quote: dict[tuple[str, str], list[str]] = {}
    for span in sorted(spans, key=lambda row: int(row["span_no"])):
        of_quote.setdefault((span["quote_id"], span["span_role"]), []).append(span["span_text"])
    for row in quotes:
        for name in row:
            role = holds("quotes", name)
            texts = of_quote.get((row["quote_id"], role), [])
            if row[name] is not None and texts:
                cut = next((n for n, text in enumerate(texts) if text.endswith(CUT)), len(texts))
                row[name] = " … ".join(texts[: cut + 1] if upto_cut else texts)


def _finish(out: Rows, rows: Rows, text: str, bounds: Bounds, made: Made) -> None:
    """Take out what concerns persons and folders, and note what every changed cell was."""
    for table, listed in out.items():
        for row, before in zip(listed, rows[table], strict=False):
            for name in row:
                kind = holds(table, name)
                if kind == "person":
                    row[name] = None
                elif kind == "path":
                    row[name] = public_path(row[name], bounds)
                elif kind == "address" and row[name] is not None:
                    row[name] = public_address(row[name])
                elif kind == "ours" and isinstance(row[name], str):
                    row[name] = without_private(row[name])
                elif kind == "names" and name == "speaker_id" and before[name] is not None:
                    row[name] = public_speaker_id(before[name])
                elif kind == "names" and name == "name_key":
                    row[name] = public_speaker_id(before["speaker_id"]).partition(":")[2] or before[name]
        if not listed and rows[table]:
            made.shortened[table, "text"] += len(rows[table])
        for row, before in zip(listed, rows[table], strict=False):
            for name, cell in row.items():
                if cell == before[name] or holds(table, name) == "path":
                    continue
                made.shortened[table, name] += 1
                if holds(table, name) in ("page", "person", "names") and name not in (
                    "speaker_id",
                    "name_key",
                ):
                    article_id = rows["articles"][0]["article_id"]
                    recipe = recipe_for(before[name], text)
                    made.recipes.append(
                        dict(
                            zip(
                                RECIPE_COLUMNS,
                                (article_id, table, row_key(table, row), name, recipe),
                                strict=True,
                            )
                        )
                    )


def row_key(table: str, row: Mapping[str, Any]) -> str:
    """Return the key of a row in one text."""
    return "\t".join(str(row[column]) for column in TABLE_BY_NAME[table].key)


def public_address(url: str) -> str | None:
    """Return the address of a page; none for what is no page of the web or names a user."""
    if not url.startswith(("http://", "https://")) or "@" in url:
        return None
    return url


def _named(table: str, kind: str, row: Mapping[str, Any]) -> Iterable[str]:
    """Return the columns of a row that hold this kind of words and are not NULL."""
    return [
        name
        for name in row
        if holds(table, name) == kind and row[name] is not None and name not in ("speaker_id", "name_key")
    ]
