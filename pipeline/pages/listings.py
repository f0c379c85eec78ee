"""Which quotes stand on which page of a speaker or topic, and which rows on which page of a list.

Where a page ends depends on the articles near its end alone, not on how many stand before: one more article
changes the page that it stands on, not all pages that follow.
"""

import polars as pl

# On average; and at most.
ROWS_A_PAGE = 100
_MOST = 300
_DIGITS = 8


def paged(entries: pl.DataFrame, group: str) -> pl.DataFrame:
    """Return the entries sorted by group, day, event, article and quote, with their page, from 1.

    `entries` has the columns group, day, event_id, article_id and quote_no. Days that are not known come
    last. A group of up to twice `ROWS_A_PAGE` rows is one page.
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
        _chance=pl.col("article_id").str.slice(0, _DIGITS).str.to_integer(base=16),
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
    return ordered.with_columns(page=page.cast(pl.UInt32)).drop("_run", "_opens", "_part")


def page_file(name: str, page: int) -> str:
    """Return the file name of a page of a listing."""
    return f"{name}.html" if page == 1 else f"{name}.{page}.html"
