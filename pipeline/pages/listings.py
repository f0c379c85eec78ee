"""Which quotes stand on which page of a speaker or topic, and which rows on which page of a list.

Where a page ends depends on the articles near its end alone, not on how many stand before, and a page is
named by the row that opens it: one more article changes the page that it stands on, not all that follow.
"""

import datetime
from typing import NamedTuple

import polars as pl

# On average; and at most.
ROWS_A_PAGE = 100
_MOST = 300
# Digits of an id that do not follow its order: articles without a date stand in order of their ids.
_DIGITS = (8, 8)


def paged(entries: pl.DataFrame, group: str) -> pl.DataFrame:
    """Return the entries sorted by group, day, event, article and quote, with the page on which each stands.

    `entries` has the columns group, day, event_id, article_id and quote_no. Days that are not known come
    last. A group of up to twice `ROWS_A_PAGE` rows is one page. The column `page` has the number of the page,
    from 1, the column `opens` its name: '' for the first, else the article and quote that open it.
    """
    ordered = entries.sort(
        group, "day", "event_id", "article_id", "quote_no", nulls_last=[False, True, True, False, False]
    )
    # Neighbouring rows of one article stay together: a run.
    ordered = ordered.with_columns(_run=pl.struct(group, "article_id").rle_id())
    runs = ordered.group_by("_run", maintain_order=True).agg(
        pl.col(group).first(), pl.col("article_id").first(), pl.len().alias("_n")
    )
    rows, n_runs = pl.col("_n").sum().over(group), pl.len().over(group)
    # Half a page in runs, as a power of two: it changes only when the shape of a group has changed much.
    half = (ROWS_A_PAGE * n_runs / rows / 2).log(2).floor().clip(0, 6).cast(pl.Int32)
    runs = runs.with_columns(
        _half=pl.when(rows > 2 * ROWS_A_PAGE).then(half),
        _chance=pl.col("article_id").str.slice(*_DIGITS).str.to_integer(base=16),
    )
    pieces = [runs.filter(pl.col("_half").is_null()).with_columns(_opens=pl.lit(False))]
    for power in sorted(runs["_half"].drop_nulls().unique()):
        window = 2 * 2**power + 1
        # A run opens a page where its id is the lowest of those around it.
        lowest = pl.col("_chance").rolling_min(window, min_samples=1, center=True).over(group)
        opens = (pl.col("_chance") == lowest) & (pl.int_range(pl.len()).over(group) > 0)
        pieces.append(runs.filter(_half=power).with_columns(_opens=opens))
    opened = pl.concat(pieces).select("_run", "_opens")
    ordered = ordered.join(opened, on="_run", how="left", maintain_order="left")
    first_of_run = pl.col("_run") != pl.col("_run").shift(1)
    opens = (pl.col("_opens") & first_of_run).fill_null(False)
    ordered = ordered.with_columns(_part=opens.cast(pl.UInt32).cum_sum().over(group))
    full = (pl.int_range(pl.len()).over(group, "_part") // _MOST).alias("_full")
    page = pl.struct("_part", full).rle_id().over(group) + 1
    ordered = ordered.with_columns(page=page.cast(pl.UInt32)).drop("_run", "_opens", "_part")
    name = pl.format("{}-{}", pl.col("article_id").first(), pl.col("quote_no").first()).over(group, "page")
    return ordered.with_columns(opens=pl.when(pl.col("page") == 1).then(pl.lit("")).otherwise(name))


class Place(NamedTuple):
    """A page among those of its group.

    Names of pages (see `paged`) are None where there is no such page. `n` is how many rows the group has and
    `jumps` the first day and name of its pages; both are told on its first page only.
    """

    opens: str = ""
    before: str | None = None
    after: str | None = None
    first_day: datetime.date | None = None
    n: int | None = None
    jumps: tuple[tuple[datetime.date | None, str], ...] = ()


def places(listed: pl.DataFrame, group: str) -> pl.DataFrame:
    """Return a row for each page of what `paged` returned: its place, and how many `rows` it has."""
    found = listed.group_by(group, "page", maintain_order=True).agg(
        pl.col("opens", "day").first(), pl.len().alias("rows")
    )
    first = pl.col("page") == 1
    return found.sort(group, "page").with_columns(
        pl.col("opens").shift(1).over(group).alias("before"),
        pl.col("opens").shift(-1).over(group).alias("after"),
        pl.when(first).then(pl.col("rows").sum().over(group)).alias("n"),
        # What the first page has to know of the others.
        pl.when(first).then(pl.struct("opens", "day").hash(107).sum().over(group)).alias("others"),
    )


def page_file(name: str, opens: str = "") -> str:
    """Return the file name of a page of a listing."""
    return f"{name}.{opens}.html" if opens else f"{name}.html"
