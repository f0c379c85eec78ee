"""Rules that hold across tables; what breaks one never reaches the published folder."""

from collections.abc import Sequence

import polars as pl

from pipeline.frames import TABLE_BY_NAME, InvalidDataset
from pipeline.parts import Frames
from pipeline.reference import Reference

_SPANS = (("quote_spans", "span_text"), ("topic_assignments", "evidence_text"))


def check_documents(frames: Frames, reference: Reference) -> None:
    """Check the tables of whole shards: links, tiling, texts at their offsets, counts.

    Raises InvalidDataset for the first rule that is broken.
    """
    for table, frame in frames.items():
        _check_links(table, frame, frames, reference)
    _anti(
        "articles",
        ("article_id",),
        frames["articles"],
        frames["article_text"],
        ("article_id",),
        "article_text",
    )
    texts = dict(frames["article_text"].iter_rows())
    _check_tiling(frames["blocks"], texts)
    article_of = dict(frames["quotes"].select("quote_id", "article_id").iter_rows())
    for table, column in _SPANS:
        _check_texts(table, column, frames[table], texts, article_of)
    _check_counts(frames)


def check_shard_of_ids(table: str, frame: pl.DataFrame, shard: str) -> None:
    """Check that the ids of a part start with the digits of its shard.

    So a key that is unique in its shard is unique, and shards in their order are the sorted table.
    """
    first = frame.columns[0]
    ids = frame[first]
    # What lies between two texts with the same beginning begins with it too.
    if ids.is_empty() or (
        not ids.null_count() and all(str(one).startswith(shard) for one in (ids.min(), ids.max()))
    ):
        return
    strays = frame.filter(~pl.col(first).str.starts_with(shard))
    if len(strays):
        raise InvalidDataset(
            table, first, f"the id does not begin with {shard}, as its part does", strays.to_dicts()
        )


def check_sources(sources: pl.DataFrame, articles: Sequence[pl.DataFrame], n_files: int) -> None:
    """Check that no raw file is lost, and that sources and articles point to each other."""
    if len(sources) != n_files:
        raise InvalidDataset("sources", "raw_path", f"{n_files} raw files, {len(sources)} rows", [])
    known = (
        pl.concat(articles)
        if articles
        else pl.DataFrame(schema={"article_id": pl.String, "raw_path": pl.String})
    )
    _anti("sources", ("article_id",), sources, known, ("article_id",), "articles")
    _anti("articles", ("raw_path",), known, sources, ("raw_path",), "sources")
    counted = sources["n_articles"].sum()
    if counted != len(known):
        raise InvalidDataset("sources", "n_articles", f"the sum is {counted}, with {len(known)} articles", [])


def _check_links(table: str, frame: pl.DataFrame, frames: Frames, reference: Reference) -> None:
    for here, there, columns in TABLE_BY_NAME[table].links:
        targets = [source[there] for source in (frames, reference.frames) if there in source]
        if targets:
            known = pl.concat([target.select(columns) for target in targets])
            _anti(table, here, frame, known, columns, there)


def _anti(
    table: str,
    here: tuple[str, ...],
    frame: pl.DataFrame,
    known: pl.DataFrame,
    columns: tuple[str, ...],
    there: str,
) -> None:
    lost = frame.drop_nulls(list(here)).join(known, left_on=list(here), right_on=list(columns), how="anti")
    if len(lost):
        rule = f"the value stands nowhere in {there}.{', '.join(columns)} ({len(lost)} rows)"
        raise InvalidDataset(table, ", ".join(here), rule, lost.to_dicts())


def _check_tiling(blocks: pl.DataFrame, texts: dict[str, str]) -> None:
    # A file may hold several articles; their blocks tile it together.
    ends: dict[str, int] = {}
    for row in blocks.sort(pl.col("article_id").str.slice(0, 16), "char_start").iter_rows(named=True):
        file = row["article_id"][:16]
        if row["char_start"] != ends.get(file, 0) or row["char_end"] <= row["char_start"]:
            raise InvalidDataset("blocks", "char_start", "blocks have to tile the file", [row])
        ends[file] = row["char_end"]
    for article_id, text in texts.items():
        end = ends.get(article_id[:16], 0)
        if end != len(text):
            rule = f"the blocks of {article_id} end at {end}, its text at {len(text)}"
            raise InvalidDataset("blocks", "char_end", rule, [])


def _check_texts(
    table: str, column: str, frame: pl.DataFrame, texts: dict[str, str], article_of: dict[str, str]
) -> None:
    for row in frame.filter(pl.col(column).is_not_null()).iter_rows(named=True):
        text = texts[row["article_id"] if "article_id" in row else article_of[row["quote_id"]]]
        if text[row["char_start"] : row["char_end"]] != row[column]:
            raise InvalidDataset(table, column, "it is not what stands at its offsets in the raw text", [row])


def _check_counts(frames: Frames) -> None:
    content = frames["quote_spans"].filter(span_role="content")
    for table, column, key, counted in (
        ("quotes", "n_spans", "quote_id", content),
        ("quotes", "n_speakers", "quote_id", frames["quote_speakers"]),
        ("articles", "n_quotes", "article_id", frames["quotes"]),
    ):
        numbers = counted.group_by(key).len()
        wrong = (
            frames[table]
            .join(numbers, on=key, how="left")
            .filter(pl.col("len").fill_null(0) != pl.col(column))
        )
        if len(wrong):
            raise InvalidDataset(table, column, "it is not the number of its rows", wrong.to_dicts())
