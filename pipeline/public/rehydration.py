"""`rehydrate`: fill the text into a public edition for those who have the raw files.

An edition comes from elsewhere and is not trusted: no path in it is ever opened. Raw files are found by the
SHA-256 of their bytes among what lies under the raw folder; offsets and recipes that do not fit are left.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import raw_files
from pipeline.dataset_folder import EDITION
from pipeline.faults import Fault
from pipeline.frames import TABLE_BY_NAME
from pipeline.public.article import Bounds, Row, join_spans, public_path, public_speaker_id, row_key
from pipeline.public.edition import (
    FORM,
    RECIPES,
    RecipeFile,
    by_article_tables,
    grouped,
    joined,
)
from pipeline.public.recipes import BadRecipe, follow
from pipeline.publish.companions import write_companions
from pipeline.publish.dictionary import defused
from pipeline.publish.parquet import write_tables
from pipeline.reference import name_key
from pipeline.verify.problems import Findings
from pipeline.verify.raw_proof import NotReadable, read_raw
from pipeline.verify.reading import batches, by_articles, holds, open_table
from pipeline.verify.table_proof import prove_columns
from pipeline.verify.text_proof import article_of, decode

NOT_RESTORED = "not_restored.csv"
_MAX_BYTES = 2**31 - 1
_ROWS_ELSEWHERE = 5_000
_MAX_EDITION_BYTES = 1_000_000
_HIDDEN = Bounds(quote_words=0, share=0.0)


@dataclass
class RawFolder:
    """What lies under the raw folder, by hash and by what stands for its path in an edition."""

    folder: Path
    by_sha256: Mapping[str, str]
    by_public_path: Mapping[str, str]
    paths: frozenset[str]

    @classmethod
    def look(cls, folder: Path, on_progress: Callable[[int], None] | None = None) -> "RawFolder":
        """Read and hash every raw file."""
        scan = raw_files.scan(folder, remembered={}, max_bytes=_MAX_BYTES, on_progress=on_progress)
        by_sha256: dict[str, str] = {}
        for file in scan.files:
            if file.sha256:
                by_sha256.setdefault(file.sha256, file.raw_path)
        paths = [file.raw_path for file in scan.files]
        return cls(folder, by_sha256, {public_path(path, _HIDDEN): path for path in paths}, frozenset(paths))

    def text_of(self, article: Mapping[str, Any]) -> str:
        """Return the text of an article from its raw file. Raises NotReadable with the reason."""
        sha256, shown = article["raw_sha256"], article["raw_path"]
        path = self.by_sha256.get(sha256)
        if path is None:
            is_there = shown in self.by_public_path or shown in self.paths
            raise NotReadable("changed: a file of this path has other bytes" if is_there else "missing")
        content = read_raw(self.folder, path)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise NotReadable("changed: the file changed while it was read")
        return decode(content, article["encoding"])

    def path(self, shown: str) -> str:
        """Return the path for what stands for it, when a file has it."""
        return self.by_public_path.get(shown, shown)


@dataclass
class Restored:
    """How many articles have their text again, which have not and why, and cells that could not be made."""

    n_articles: int = 0
    n_cells_left: int = 0
    not_restored: list[tuple[str, str, str]] = field(default_factory=list)
    # Ids of speakers that were hashes.
    ids: dict[str, str] = field(default_factory=dict)


def rehydrate(
    public: Path, raw: RawFolder, out: Path, on_progress: Callable[[int], None] | None = None
) -> Restored:
    """Write the whole dataset, as far as there are raw files, into the empty folder `out`."""
    restored = Restored()
    written = write_tables(_pieces(public, raw, restored, on_progress), out)
    write_companions(out, written)
    with (out / NOT_RESTORED).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("article_id", "raw_sha256", "reason"))
        writer.writerows([defused(cell) for cell in row] for row in restored.not_restored)
    return restored


def check_edition(public: Path) -> None:
    """Raise Fault when a folder is no public edition, or not as it was made."""
    about = _about(public)
    listed = about.get("files")
    if about.get("form") != FORM or not isinstance(listed, dict):
        raise Fault(
            f"{public / EDITION} is of no form that is known here",
            "use the version of the project that made the edition",
        )
    needed = [f"{table}.parquet" for table in TABLE_BY_NAME] + [RECIPES]
    for name in needed:
        try:
            with (public / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise Fault(
                f"{public / name} cannot be read ({error.strerror})", "fetch the edition again"
            ) from None
        if found != listed.get(name):
            raise Fault(f"{public / name} is not what {EDITION} says it is", "fetch the edition again")
    findings = Findings()
    for table in TABLE_BY_NAME:
        with open_table(public, table) as parquet:
            prove_columns(table, parquet.schema_arrow, findings)
    if findings.shown:
        raise Fault(str(findings.shown[0]), "use the version of the project that made the edition")


def _about(public: Path) -> dict[str, Any]:
    try:
        with (public / EDITION).open("rb") as file:
            found = json.loads(file.read(_MAX_EDITION_BYTES))
    except FileNotFoundError:
        raise Fault(
            f"there is no public edition in {public}",
            f"name with --public the folder that `make public` wrote; it holds {EDITION}",
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise Fault(f"{public / EDITION} cannot be read ({error})", "fetch the edition again") from None
    return found if isinstance(found, dict) else {}


def _pieces(
    public: Path, raw: RawFolder, restored: Restored, on_progress: Callable[[int], None] | None
) -> Iterator[tuple[str, pl.DataFrame]]:
    tables = by_article_tables()
    for frame in batches(public, "speakers"):
        yield "speakers", frame.filter(in_authority=True)
    done = 0
    recipes = _Recipes(public)
    for chunk in by_articles(public, tables):
        articles = grouped(chunk)
        for article_id, rows in articles.items():
            _restore(rows, recipes.of(article_id), raw, restored)
        yield from joined(chunk, articles).items()
        done += len(articles)
        if on_progress:
            on_progress(done)
    for table in TABLE_BY_NAME:
        if table not in tables:
            for frame in batches(public, table, rows=_ROWS_ELSEWHERE):
                yield table, _elsewhere(public, table, frame, raw, restored)


class _Recipes:
    """The recipes of one article after the other, in the order of the articles."""

    def __init__(self, public: Path) -> None:
        self._rows = (
            row
            for frame in batches(public, "recipes", RecipeFile.SCHEMA.names)
            for row in frame.iter_rows(named=True)
        )
        self._next = next(self._rows, None)

    def of(self, article_id: str) -> list[Row]:
        found = []
        while self._next is not None and str(self._next["article_id"]) <= article_id:
            if self._next["article_id"] == article_id:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


def _restore(rows: Mapping[str, list[Row]], recipes: list[Row], raw: RawFolder, restored: Restored) -> None:
    """Fill in the rows of one article."""
    article = rows["articles"][0]
    try:
        text = raw.text_of(article)
    except NotReadable as why:
        restored.not_restored.append((article["article_id"], str(article["raw_sha256"]), str(why)))
        article["raw_path"] = raw.path(article["raw_path"])
        return
    article["raw_path"] = raw.path(article["raw_path"])
    rows["article_text"][:] = [{"article_id": article["article_id"], "text": text}]
    for table, listed in rows.items():
        spans = [name for name in listed[0] if holds(table, name) == "span"] if listed else []
        for row in listed:
            _fill_row(row, spans, text, restored)
    join_spans(rows["quotes"], rows["quote_spans"])
    _follow(rows, recipes, text, restored)
    _restore_ids(rows, restored)
    restored.n_articles += 1


def _follow(rows: Mapping[str, list[Row]], recipes: list[Row], text: str, restored: Restored) -> None:
    places = {(r["table_name"], r["row_key"], r["column_name"]): r["recipe"] for r in recipes}
    for table in {str(table) for table, _, _ in places} & set(rows):
        for row in rows[table]:
            key = row_key(table, row)
            for name in row:
                if (table, key, name) not in places or holds(table, name) not in ("page", "person", "names"):
                    continue
                try:
                    row[name] = follow(places[table, key, name] or "", text)
                except BadRecipe:
                    restored.n_cells_left += 1


def _restore_ids(rows: Mapping[str, list[Row]], restored: Restored) -> None:
    article_id = rows["articles"][0]["article_id"]
    back = {}
    for row in rows["speakers"]:
        key = name_key(row["name"]) or "unknown"
        whole = f"{article_id}:{key}"
        if row["speaker_id"] != whole and public_speaker_id(whole) == row["speaker_id"]:
            back[row["speaker_id"]] = whole
            row["speaker_id"], row["name_key"] = whole, key
    for table in ("quotes", "quote_speakers"):
        for row in rows[table]:
            row["speaker_id"] = back.get(row["speaker_id"], row["speaker_id"])
    restored.ids.update(back)


def _elsewhere(
    public: Path, table: str, frame: pl.DataFrame, raw: RawFolder, restored: Restored
) -> pl.DataFrame:
    """Return rows of a table that does not follow the articles, with words, paths and ids as they were."""
    words = [name for name in frame.columns if holds(table, name) == "span"]
    if words:
        frame = _fill_words(public, frame, words, raw, restored)
    changes = []
    for name in frame.columns:
        kind = holds(table, name)
        if kind == "path":
            changes.append(pl.col(name).map_elements(raw.path, return_dtype=pl.String))
        elif kind == "names" and name == "speaker_id":
            changes.append(pl.col(name).replace(restored.ids))
        elif kind == "about_file":
            changes.append(pl.col(name).map_elements(_message_with(raw), return_dtype=pl.String))
    return frame.with_columns(changes)


def _fill_words(
    public: Path, frame: pl.DataFrame, words: list[str], raw: RawFolder, restored: Restored
) -> pl.DataFrame:
    rows = frame.to_dicts()
    of_article: dict[str | None, list[Row]] = {}
    for row in rows:
        of_article.setdefault(article_of(row), []).append(row)
    wanted = pl.col("article_id").is_in([article_id for article_id in of_article if article_id])
    for articles in batches(public, "articles", ("article_id", "raw_sha256", "raw_path", "encoding")):
        for article in articles.filter(wanted).iter_rows(named=True):
            try:
                text = raw.text_of(article)
            except NotReadable:  # told of its article
                continue
            for row in of_article[article["article_id"]]:
                _fill_row(row, words, text, restored)
    return pl.DataFrame(rows, schema=frame.schema, orient="row")


def _fill_row(row: Row, words: list[str], text: str, restored: Restored) -> None:
    for name in words:
        if row[name] is None:
            continue
        start, end = row["char_start"], row["char_end"]
        if start is None or end is None or not 0 <= start < end <= len(text):
            restored.n_cells_left += 1
        else:
            row[name] = text[start:end]


def _message_with(raw: RawFolder) -> Callable[[str], str]:
    def restore(message: str) -> str:
        return " ".join(
            raw.path(word.rstrip(",:;.")) + word[len(word.rstrip(",:;.")) :]
            if word.startswith("file-")
            else word
            for word in message.split(" ")
        )

    return restore
