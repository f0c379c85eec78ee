"""The texts and offsets of every table against the raw bytes.

Which columns are offsets and which hold the words between them is read off the schemas; the bytes are read,
hashed and decoded here, with nothing of what built the dataset.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.verify.problems import Findings
from pipeline.verify.raw_proof import NotReadable, read_raw
from pipeline.verify.reading import FILE_DIGITS, batches, by_articles, holds, is_scattered
from schemas.table import CODE_POINTS

Row = dict[str, Any]

# How Python calls the encodings of articles.encoding; a byte-order mark is kept as a code point.
_CODECS = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1252": "cp1252",
}
_BETWEEN_SPANS = " … "
_ROLES = ("content", "cue", "source")
_SCATTERED_ROWS = 5_000
# What a person typed is a fact of the dataset only where it was taken up.
_TYPED = {"corrections": ("status", ("applied", "already_right"))}


@dataclass(frozen=True, slots=True)
class Offsets:
    """The two columns of a table that are offsets, and the columns whose words stand between them."""

    start: str
    end: str
    words: tuple[str, ...]


@cache
def offsets_of(table: str) -> tuple[Offsets, ...]:
    """Return the offsets of a table, by the unit of its columns."""
    columns = schema_of(table).columns
    counted = [name for name, column in columns.items() if (column.metadata or {}).get("unit") == CODE_POINTS]
    starts = [name for name in counted if name.endswith("_start")]
    pairs = [(start, start.removesuffix("_start") + "_end") for start in starts]
    if sorted(name for pair in pairs for name in pair) != sorted(counted):
        raise ValueError(f"{table}: offsets that are no pair of _start and _end: {counted}")
    words = tuple(name for name in columns if holds(table, name) == "span")
    return tuple(Offsets(start, end, words) for start, end in pairs)


@cache
def tables_with_offsets() -> tuple[str, ...]:
    """Return the tables that have offsets."""
    return tuple(table for table in TABLE_BY_NAME if offsets_of(table))


def prove_texts(
    raw: Path, processed: Path, findings: Findings, on_progress: Callable[[int], None] | None = None
) -> None:
    """Prove ids, texts, the tiling of the blocks, and all offsets with their words."""
    in_order = [table for table in tables_with_offsets() if not is_scattered(table)]
    for chunk in by_articles(processed, ["article_text", *in_order]):
        _prove_chunk(raw, chunk, in_order, findings)
        if on_progress:
            on_progress(findings.counts["articles"])
    for table in tables_with_offsets():
        if is_scattered(table):
            _prove_scattered(raw, processed, table, findings)


def article_of(row: Mapping[str, Any]) -> str | None:
    """Return the article of a row: its id is a column, or the beginning of the id of its quote or block."""
    if "article_id" in row:
        return None if row["article_id"] is None else str(row["article_id"])
    found = row.get("quote_id") or row.get("block_id")
    return str(found).rpartition(":")[0] if found else None


def decode(content: bytes, encoding: str) -> str:
    """Return raw bytes as text. Raises NotReadable when they are not in this encoding."""
    codec = _CODECS.get(encoding)
    if codec is None:
        raise NotReadable(f"no encoding is called {encoding!r}")
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise NotReadable(f"its bytes are not {encoding} at byte {error.start}") from None


def _prove_chunk(raw: Path, chunk: Mapping[str, pl.DataFrame], tables: list[str], findings: Findings) -> None:
    texts: dict[str, str] = {}
    for file in _files(chunk["articles"]):
        text = _raw_text(raw, file, findings)
        for row in file:
            findings.counts["articles"] += 1
            _prove_id(row, findings)
            if text is not None:
                texts[row["article_id"]] = text
    known = set(chunk["articles"]["article_id"])
    _prove_article_texts(chunk["article_text"], texts, known, findings)
    _prove_tiling(chunk["blocks"], texts, findings)
    for table in tables:
        _prove_offsets(table, chunk[table].iter_rows(named=True), texts, known, findings)
    _prove_quotes(chunk["quotes"], chunk["quote_spans"], findings)


def _files(articles: pl.DataFrame) -> Iterator[list[Row]]:
    """Yield the rows of the articles of each raw file."""
    file: list[Row] = []
    for row in articles.iter_rows(named=True):
        if file and file[-1]["raw_sha256"] != row["raw_sha256"]:
            yield file
            file = []
        file.append(row)
    if file:
        yield file


def _raw_text(raw: Path, articles: list[Row], findings: Findings) -> str | None:
    first = articles[0]
    path = str(first["raw_path"])
    if {(row["raw_path"], row["encoding"]) for row in articles} != {(path, first["encoding"])}:
        findings.in_row(
            "articles", ("article_id",), articles[-1], "articles of one file differ in raw_path or encoding"
        )
    try:
        content = read_raw(raw, path)
        found = hashlib.sha256(content).hexdigest()
        if found != first["raw_sha256"]:
            findings.in_raw(
                path, f"its SHA-256 is {found}, and articles.raw_sha256 says {first['raw_sha256']}"
            )
            return None
        text = decode(content, str(first["encoding"]))
    except NotReadable as why:
        findings.in_raw(path, f"the file of article {first['article_id']} cannot be read ({why})")
        return None
    findings.counts["texts"] += 1
    return text


def _prove_id(row: Row, findings: Findings) -> None:
    number = row["article_no"]
    wanted = str(row["raw_sha256"])[:FILE_DIGITS] + (f"-{number}" if number != 1 else "")
    if row["article_id"] != wanted:
        rule = f"article_id is not the start of raw_sha256 with the number of the article ({wanted!r})"
        findings.in_row("articles", ("article_id",), row, rule)


def _prove_article_texts(
    rows: pl.DataFrame, texts: Mapping[str, str], known: set[str], findings: Findings
) -> None:
    with_text = set()
    for row in rows.iter_rows(named=True):
        with_text.add(row["article_id"])
        text = texts.get(row["article_id"])
        if text is not None and text != row["text"]:
            at = next((i for i, (a, b) in enumerate(zip(text, row["text"], strict=False)) if a != b), None)
            at = min(len(text), len(row["text"])) if at is None else at
            rule = f"text is not the raw bytes decoded (first difference at offset {at})"
            findings.in_row("article_text", ("article_id",), {"article_id": row["article_id"]}, rule)
    for article_id in sorted(known - with_text):
        findings.in_row(
            "articles", ("article_id",), {"article_id": article_id}, "no row of article_text is its"
        )


def _prove_tiling(blocks: pl.DataFrame, texts: Mapping[str, str], findings: Findings) -> None:
    # The articles of one file tile it together.
    lengths = {article_id[:FILE_DIGITS]: len(text) for article_id, text in texts.items()}
    ends = dict.fromkeys(lengths, 0)
    broken = set()
    ordered = blocks.sort(pl.col("article_id").str.slice(0, FILE_DIGITS), "char_start", nulls_last=True)
    for row in ordered.iter_rows(named=True):
        file = str(row["article_id"])[:FILE_DIGITS]
        if file not in lengths or file in broken:
            continue
        if row["char_start"] != ends[file] or row["char_end"] <= row["char_start"]:
            rule = (
                f"the blocks do not tile the text: the one before ends at {ends[file]}, this one starts at "
            )
            findings.in_row("blocks", ("article_id", "block_no"), row, f"{rule}{row['char_start']}")
            broken.add(file)
        else:
            findings.counts["blocks"] += 1
            ends[file] = row["char_end"]
    for file in sorted(set(lengths) - broken):
        if ends[file] != lengths[file]:
            rule = f"the blocks of file {file} end at {ends[file]}, and its text ends at {lengths[file]}"
            findings.in_table("blocks", rule)


def _prove_offsets(
    table: str,
    rows: Iterator[Row],
    texts: Mapping[str, str],
    known: set[str],
    findings: Findings,
) -> None:
    key = TABLE_BY_NAME[table].key
    found = findings.counts
    for row in rows:
        article_id = article_of(row)
        text = texts.get(article_id) if article_id else None
        if text is None:
            if article_id not in known:
                findings.in_row(
                    table, key, row, f"no article {article_id!r} is there, or it stands elsewhere"
                )
            continue
        for offsets in offsets_of(table):
            start, end = row[offsets.start], row[offsets.end]
            if start is None and end is None:
                if any(row[name] is not None for name in offsets.words):
                    findings.in_row(table, key, row, f"{offsets.words[0]} stands there without its offsets")
                continue
            if start is None or end is None or not 0 <= start < end <= len(text):
                rule = f"{offsets.start} {start} and {offsets.end} {end} are no place in the text, which has "
                findings.in_row(table, key, row, f"{rule}{len(text)} code points")
                continue
            found[f"offsets {table}"] += 2
            for name in offsets.words:
                if row[name] == text[start:end]:
                    found["words"] += 1
                else:
                    findings.in_row(
                        table, key, row, f"{name} is not what stands in the raw text at {start}:{end}"
                    )


def _prove_quotes(quotes: pl.DataFrame, spans: pl.DataFrame, findings: Findings) -> None:
    """Prove the texts of quotes through their spans, whose words stand in the raw text."""
    of_quote: dict[str, dict[str, list[Row]]] = {}
    for span in spans.sort("span_no").iter_rows(named=True):
        of_quote.setdefault(span["quote_id"], {role: [] for role in _ROLES})[span["span_role"]].append(span)
    nothing: dict[str, list[Row]] = {role: [] for role in _ROLES}
    key = TABLE_BY_NAME["quotes"].key
    for row in quotes.iter_rows(named=True):
        by_role = of_quote.get(row["quote_id"], nothing)
        for name in quotes.columns:
            role = holds("quotes", name)
            if role in _ROLES:
                joined = _BETWEEN_SPANS.join(span["span_text"] for span in by_role[role]) or None
                if row[name] == joined:
                    findings.counts["words"] += 1
                else:
                    findings.in_row(
                        "quotes", key, row, f"{name} is not its {role} spans of quote_spans joined"
                    )
        content = by_role["content"]
        if content and (row["char_start"], row["char_end"]) != (
            content[0]["char_start"],
            content[-1]["char_end"],
        ):
            rule = "char_start and char_end are not those of the first and last content span"
            findings.in_row("quotes", key, row, rule)
        if row["n_spans"] != len(content):
            findings.in_row(
                "quotes", key, row, f"n_spans is {row['n_spans']}, with {len(content)} content spans"
            )


def _prove_scattered(raw: Path, processed: Path, table: str, findings: Findings) -> None:
    """Prove a table whose rows follow another order, with the raw files of some thousand rows at a time."""
    for rows in batches(processed, table, rows=_SCATTERED_ROWS):
        if table in _TYPED:
            column, taken_up = _TYPED[table]
            rows = rows.filter(pl.col(column).is_in(taken_up) & pl.col("article_id").is_not_null())
        wanted = {article_of(row) for row in rows.iter_rows(named=True)}
        for articles in batches(processed, "articles", ("article_id", "raw_path", "raw_sha256", "encoding")):
            here = articles.filter(pl.col("article_id").is_in(list(wanted)))
            known = set(here["article_id"])
            for article in here.iter_rows(named=True):
                try:
                    text = decode(read_raw(raw, article["raw_path"]), article["encoding"])
                except NotReadable:  # told of its article
                    continue
                ours = (row for row in rows.iter_rows(named=True) if article_of(row) == article["article_id"])
                _prove_offsets(table, ours, {article["article_id"]: text}, known, findings)
            wanted -= known
        for row in rows.iter_rows(named=True):
            if article_of(row) in wanted:
                findings.in_row(
                    table, TABLE_BY_NAME[table].key, row, f"no article {article_of(row)!r} is there"
                )
