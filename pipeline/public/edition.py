"""`make public`: write the public edition of a dataset, article by article."""

import contextlib
import dataclasses
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import storage
from pipeline.dataset_folder import EDITION
from pipeline.faults import Fault
from pipeline.frames import TABLE_BY_NAME, column_types, validate
from pipeline.public.article import (
    RECIPE_COLUMNS,
    Bounds,
    Made,
    Row,
    public_path,
    public_speaker_id,
    publish_article,
)
from pipeline.public.words import CUT, first_words, join_cut, without_private
from pipeline.publish.companions import write_companions
from pipeline.publish.dictionary import Entry, dictionary
from pipeline.publish.parquet import write_tables
from pipeline.verify.reading import batches, by_articles, holds
from pipeline.verify.text_proof import article_of

RECIPES = "recipes.parquet"
FORM = 1
# Rows at a time of tables in another order than that of the articles.
_ROWS_ELSEWHERE = 5_000
PROJECT = Path(__file__).parent.parent.parent
# Files of the project that go with every edition.
_COMPANIONS = ("CITATION.cff", "LICENSE-DATA.md", "docs/datasheet.md")
# A message with one of these may name a file, or hold words of a page.
_TELLING = ("/", "\\", "'", '"', "“", "@")

_NOTES = {
    "file": "Public edition: only of articles that may be passed on.",
    "path": "Public edition: 'file-' and a hash of the path, which might name a person.",
    "person": "Public edition: left out.",
    "about_file": "Public edition: left out where it names files or holds words of a page.",
    "address": "Public edition: left out when it is no page of the web.",
    "names": "Public edition: without e-mail addresses and telephone numbers; a long description in an id is "
    "a hash.",
} | dict.fromkeys(
    ("span", "content", "cue", "source", "page"),
    "Public edition: cut to its first words (then '[…]') unless the article may be passed on.",
)


def by_article_tables() -> tuple[str, ...]:
    """Return the tables whose rows belong to one article each."""
    return tuple(t for t, model in TABLE_BY_NAME.items() if model.stage in ("articles", "quotes", "topics"))


def write_edition(
    processed: Path, out: Path, bounds: Bounds, on_progress: Callable[[int], None] | None = None
) -> Made:
    """Write the public edition into the empty folder `out` and return what was left out."""
    made = Made()
    with RecipeFile(out / RECIPES) as recipes:
        written = write_tables(_pieces(processed, out, bounds, made, recipes, on_progress), out)
    entries = [_with_note(entry) for entry in dictionary(written)]
    write_companions(out, written, entries, besides=[RECIPES])
    for name in _COMPANIONS:
        if (PROJECT / name).is_file():
            shutil.copyfile(PROJECT / name, out / Path(name).name)
    (out / "README.md").write_text(_readme(bounds, made), encoding="utf-8")
    about = {
        "form": FORM,
        "quote_words": bounds.quote_words,
        "share": bounds.share,
        "keep_paths": bounds.keep_paths,
        "articles_whole": made.n_whole,
        "articles_shortened": made.n_shortened,
        "shortened_cells": {f"{table}.{name}": n for (table, name), n in sorted(made.shortened.items())},
        "files": hashes(out),
    }
    (out / EDITION).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return made


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of an edition by its name."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name != EDITION and not path.name.startswith("."):
            with path.open("rb") as file:
                found[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


class RecipeFile:
    """The file of recipes, written as they come, in the order of the articles."""

    SCHEMA = pa.schema([pa.field(name, pa.string()) for name in RECIPE_COLUMNS])

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> "RecipeFile":
        self._writer = pq.ParquetWriter(self._path, self.SCHEMA, compression="zstd")
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def add(self, rows: list[Row]) -> None:
        """Write some rows."""
        if rows:
            self._writer.write_table(pa.Table.from_pylist(rows, self.SCHEMA))


def _pieces(
    processed: Path,
    out: Path,
    bounds: Bounds,
    made: Made,
    recipes: RecipeFile,
    on_progress: Callable[[int], None] | None,
) -> Iterator[tuple[str, pl.DataFrame]]:
    tables = by_article_tables()
    for table in TABLE_BY_NAME:
        if table == "sources":
            for frame in batches(processed, table):
                yield table, _sources(processed, frame, bounds, made)
        elif table == "speakers":
            for frame in batches(processed, table):
                yield table, frame.filter(in_authority=True)
    done = 0
    with _spool(out) as spool:
        for chunk in by_articles(processed, tables):
            published = _publish(chunk, bounds, made)
            for table, frame in published.items():
                validate(table, frame)
                yield table, frame
            spool.add(published["quote_spans"])
            recipes.add(made.recipes)
            made.recipes.clear()
            done += len(chunk["articles"])
            if on_progress:
                on_progress(done)
        spool.close()
        for table in TABLE_BY_NAME:
            if table not in (*tables, "sources"):
                for frame in batches(processed, table, rows=_ROWS_ELSEWHERE):
                    shown = elsewhere(table, frame, spool, bounds, made)
                    validate(table, shown)
                    yield table, shown


def grouped(chunk: Mapping[str, pl.DataFrame]) -> dict[str, dict[str, list[Row]]]:
    """Return the rows of some articles by article and table, in the order of the rows."""
    found: dict[str, dict[str, list[Row]]] = {
        article_id: {table: [] for table in chunk} for article_id in chunk["articles"]["article_id"]
    }
    for table, frame in chunk.items():
        for row in frame.iter_rows(named=True):
            owner = row["speaker_id"].partition(":")[0] if table == "speakers" else article_of(row)
            if owner not in found:
                raise Fault(
                    f"{table}.parquet has a row of article {owner!r}, which is not there",
                    "look at the dataset with `python -m pipeline verify`",
                )
            found[owner][table].append(row)
    return found


def joined(
    chunk: Mapping[str, pl.DataFrame], articles: Mapping[str, Mapping[str, list[Row]]]
) -> dict[str, pl.DataFrame]:
    """Return the rows of some articles as tables again, the articles in the order of each table."""
    out = {}
    for table, frame in chunk.items():
        # Tables are sorted by their ids, and an id of a quote or speaker has ':' after that of its article.
        mark = "" if frame.columns[0] == "article_id" else ":"
        order = sorted(articles, key=lambda article_id: article_id + mark)
        rows = [row for owner in order for row in articles[owner][table]]
        out[table] = pl.DataFrame(rows, schema=column_types(table), orient="row")
    return out


def _publish(chunk: Mapping[str, pl.DataFrame], bounds: Bounds, made: Made) -> dict[str, pl.DataFrame]:
    published = {}
    for article_id, rows in grouped(chunk).items():
        if not rows["article_text"]:
            raise Fault(
                f"article_text.parquet has no text of article {article_id}",
                "make the edition from the whole dataset, not from another edition",
            )
        published[article_id] = publish_article(rows, rows["article_text"][0]["text"], bounds, made)
    return joined(chunk, published)


def _sources(processed: Path, frame: pl.DataFrame, bounds: Bounds, made: Made) -> pl.DataFrame:
    wanted = frame["article_id"].drop_nulls().unique()
    carried: dict[str, str] = {}
    for articles in batches(processed, "articles", ("article_id", "raw_path")):
        here = articles.filter(pl.col("article_id").is_in(wanted.to_list()))
        carried.update(here.iter_rows())
    rows = frame.to_dicts()
    for row in rows:
        message = row["message"]
        if message and not bounds.keep_paths:
            for path in filter(None, (row["raw_path"], carried.get(row["article_id"]))):
                message = message.replace(path, public_path(path, bounds))
            if any(mark in message for mark in _TELLING):
                message = None
        elif message:
            message = without_private(message)
        if message is None and row["message"] is not None:
            made.shortened["sources", "message"] += 1
        row["message"] = message
        row["raw_path"] = public_path(row["raw_path"], bounds)
    out = pl.DataFrame(rows, schema=column_types("sources"), orient="row")
    validate("sources", out)
    return out


def elsewhere(
    table: str, frame: pl.DataFrame, spool: "ShownSpans", bounds: Bounds, made: Made
) -> pl.DataFrame:
    """Return rows of a table that does not follow the articles: of their words, what their quotes show."""
    kinds = {name: holds(table, name) for name in frame.columns if holds(table, name) != "ours"}
    if not kinds:
        return frame
    rows = frame.to_dicts()
    shown = spool.of({row["quote_id"] for row in rows}) if "span" in kinds.values() else {}
    for row in rows:
        for name, kind in kinds.items():
            cell = row[name]
            if cell is None:
                continue
            if kind == "span":
                row[name] = within(shown.get(row["quote_id"], []), row["char_start"], row["char_end"])
            elif kind == "names" and name == "speaker_id":
                row[name] = public_speaker_id(cell)
            elif kind == "names":
                row[name] = first_words(without_private(cell), bounds.quote_words)
            elif kind == "about_file" and not any(mark in cell for mark in _TELLING):
                continue
            else:
                row[name] = None
            if row[name] != cell:
                made.shortened[table, name] += 1
    return pl.DataFrame(rows, schema=column_types(table), orient="row")


def within(spans: Sequence[tuple[int, str]], start: int, end: int) -> str:
    """Return what is shown of start:end by published spans, given as where they start and their text."""
    for span_start, text in spans:
        shown = text.removesuffix(CUT).removesuffix(" ") if text.endswith(CUT) else text
        if span_start <= start < span_start + len(shown):
            piece = shown[start - span_start : end - span_start]
            return piece if len(piece) == end - start else join_cut(piece)
    return CUT


class ShownSpans:
    """What the content spans of quotes show, aside on the disk, to be asked by quote."""

    _COLUMNS = ("quote_id", "char_start", "span_text")

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def add(self, spans: pl.DataFrame) -> None:
        """Keep the content spans of some articles."""
        table = spans.filter(span_role="content").select(self._COLUMNS).to_arrow()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> None:
        """Finish the file, so that it can be asked."""
        if self._writer is not None:
            self._writer.close()

    def of(self, quote_ids: set[str]) -> dict[str, list[tuple[int, str]]]:
        """Return where the spans of some quotes start, and what they show."""
        found: dict[str, list[tuple[int, str]]] = {}
        if self._writer is None or not quote_ids:
            return found
        wanted = pl.col("quote_id").is_in(list(quote_ids))
        with pq.ParquetFile(self._path) as file:
            for batch in file.iter_batches(20_000):
                frame = pl.from_arrow(batch)
                assert isinstance(frame, pl.DataFrame)
                for quote_id, start, text in frame.filter(wanted).iter_rows():
                    found.setdefault(quote_id, []).append((start, text))
        return found


@contextlib.contextmanager
def _spool(out: Path) -> Iterator[ShownSpans]:
    path = out / ".shown_spans.parquet"
    spool = ShownSpans(path)
    try:
        yield spool
    finally:
        spool.close()
        storage.remove(path)


def _with_note(entry: Entry) -> Entry:
    note = _NOTES.get(holds(entry.table, entry.column))
    return dataclasses.replace(entry, definition=f"{entry.definition} {note}") if note else entry


def _readme(bounds: Bounds, made: Made) -> str:
    cells: Counter[str] = Counter()
    for (table, name), n in made.shortened.items():
        cells[f"`{table}.{name}`"] += n
    most = bounds.quote_words
    listed = [f"- {name}: {n:,} cells" for name, n in sorted(cells.items())] or ["- nothing"]
    return "\n".join(
        [
            "# Public edition of a dataset of On the Record",
            "",
            "The tables of the dataset as Parquet, without the text of articles that may not be passed on.",
            f"Whole are {made.n_whole:,} articles, whose rows say that the text may be passed on "
            "(`redistributable`) and under which `licence`.",
            f"Of the {made.n_shortened:,} others are shown, over all columns together, no more than "
            f"{most} words that follow each other, no more than {most} words of one quote, and no more than "
            f"{bounds.share:.0%} of all words of an article. Where words are left out stands `[…]`.",
            "Hashes and offsets are those of the whole dataset.",
            "",
            "Shortened or left out:",
            "",
            *listed,
            "",
            "With the raw files, the whole dataset comes back (in the project On the Record):",
            "",
            "    python -m pipeline rehydrate --public THIS_FOLDER --raw raw --to processed-full",
            "",
            "`data_dictionary.md` explains every column, `datasheet.md` how the dataset was made and what",
            "it is not good for, `LICENSE-DATA.md` who may use it, `CITATION.cff` how to cite it.",
            "`edition.json` has the SHA-256 of every file.",
            "",
        ]
    )
