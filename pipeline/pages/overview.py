"""The first page: how much there is, plots with their numbers, the way to everything else."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.pages.labels import Labels
from pipeline.pages.plots import stacked_bars
from pipeline.pages.wording import DATE_BASIS, RESOLUTION, words

_MOST_BARS = 12
_MOST_PARTS = 6
_MOST_YEARS_BY_MONTH, _MOST_YEARS = 3, 60
_QUOTE_TYPES = ("direct", "indirect", "mixed")
_ILLOCUTIONS = ("assertive", "directive", "commissive", "expressive", "declaration")
OTHERS = "all others"

Cells = list[tuple[object, str | None]]


def plot(
    number: int,
    title: str,
    about: str,
    counted: pl.DataFrame,
    parts: Sequence[str],
    *,
    first_column: str,
    name: Callable[[Any], str] = str,
    link: Callable[[Any], str | None] = lambda level: None,
    part_name: Callable[[Any], str] = str,
    upright: bool = False,
) -> dict[str, Any]:
    """Return a plot and its table from counts (columns level, part, n), a bar for each level in their order.

    `parts` are the parts of a bar; an empty one stands for bars without parts.
    """
    levels = counted["level"].unique(maintain_order=True).to_list()
    numbers = {(level, part): n for level, part, n in counted.select("level", "part", "n").iter_rows()}
    series = {part_name(part): [numbers.get((level, part), 0) for level in levels] for part in parts}
    rows: list[Cells] = []
    for at, level in enumerate(levels):
        counts = [values[at] for values in series.values()]
        total: list[object] = [f"{sum(counts):,}"] if len(parts) > 1 else []
        rows.append(
            [(name(level), link(level)), *((f"{n:,}", None) for n in counts), *((n, None) for n in total)]
        )
    svg = stacked_bars(number, title, about, [name(level) for level in levels], series, upright=upright)
    columns = [
        first_column,
        *(series if len(parts) > 1 else ["number"]),
        *(["all"] if len(parts) > 1 else []),
    ]
    return {"title": title, "about": about, "svg": svg if levels else "", "columns": columns, "rows": rows}


def strongest(counted: pl.DataFrame, most: int = _MOST_BARS) -> pl.DataFrame:
    """Return the counts of the levels that have most, the highest first; ties by name."""
    top = counted.group_by("level").agg(pl.col("n").sum().alias("_all")).drop_nulls("level")
    top = top.sort(["_all", "level"], descending=[True, False]).head(most).with_row_index("_place")
    return counted.join(top, on="level").sort("_place").drop("_all", "_place")


def plots(
    said: pl.DataFrame,
    about: pl.DataFrame,
    counts: pl.DataFrame,
    outlets: pl.DataFrame,
    sources: pl.DataFrame,
    names: Mapping[str, str],
    labels: Labels,
) -> list[dict[str, Any]]:
    """Return the plots of the first page.

    `said` and `about` are summaries (see summaries.py), `outlets` the outlet of each article, `names` the
    name of each speaker key.
    """

    def of(what: str) -> pl.DataFrame:
        found = counts.filter(what=what).group_by("level", "part").agg(pl.col("n").sum())
        return found.sort("level", "part", nulls_last=True)

    def counted(frame: pl.DataFrame, level: str, part: str) -> pl.DataFrame:
        return (
            frame.group_by(level=pl.col(level), part=pl.col(part))
            .agg(pl.len().alias("n"))
            .sort("level", "part")
        )

    def speaker_link(key: str) -> str | None:
        return labels.speaker_page(key)

    by_outlet = about.join(outlets, on="article_id", how="left")
    by_outlet = by_outlet.with_columns(pl.col("outlet_id").fill_null("?"))
    main = strongest(counted(by_outlet, "outlet_id", "topic_id"), _MOST_PARTS)["level"].unique(
        maintain_order=True
    )
    shown = [*main.to_list()]
    outlet = pl.when(pl.col("outlet_id").is_in(shown)).then("outlet_id").otherwise(pl.lit(OTHERS))
    by_outlet = by_outlet.with_columns(outlet_id=outlet)
    if OTHERS in by_outlet["outlet_id"]:
        shown.append(OTHERS)
    months = _without_gaps(of("month").drop_nulls("level"))
    status = (
        sources.group_by(level="status").agg(pl.len().alias("n")).with_columns(part=pl.lit("")).sort("level")
    )

    def one_part(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(part=pl.lit(""))

    return [
        plot(
            1,
            "Who speaks most",
            "Quotes of the speakers with most quotes, by kind of quote.",
            strongest(counted(said, "speaker_key", "quote_type")),
            _QUOTE_TYPES,
            first_column="speaker",
            name=lambda key: names.get(key, key),
            link=speaker_link,
        ),
        plot(
            2,
            "Which topics, in which outlet",
            "Quotes about the most common topics, by outlet.",
            strongest(counted(by_outlet, "topic_id", "outlet_id")),
            shown,
            first_column="topic",
            name=lambda one: labels.topics.get(one, one),
            link=labels.topic_page,
            part_name=lambda one: one if one == OTHERS else labels.outlet(None if one == "?" else one),
        ),
        plot(
            3,
            "What they do by speaking",
            "Quotes of the speakers with most quotes, by speech act.",
            strongest(counted(said.drop_nulls("illocution"), "speaker_key", "illocution")),
            _ILLOCUTIONS,
            first_column="speaker",
            name=lambda key: names.get(key, key),
            link=speaker_link,
        ),
        plot(
            4,
            "When",
            "Quotes by the date of their document (analysis_date) and kind; documents without a date "
            "are left out.",
            months,
            _QUOTE_TYPES,
            first_column="time",
            upright=True,
        ),
        plot(
            5,
            "How speakers were found",
            "Quotes by how their speaker was found, or why not.",
            strongest(one_part(of("resolution")), 20),
            [""],
            first_column="resolution",
            name=lambda code: words(code, RESOLUTION),
        ),
        plot(
            6,
            "How sure the extractor was",
            "Quotes by confidence: the probability that content and source are "
            "right. Not measured: found by rules alone.",
            _all_tenths(one_part(of("confidence"))),
            [""],
            first_column="confidence",
            name=_confidence,
            upright=True,
        ),
        plot(
            7,
            "What became of the raw files",
            "Raw files by status; the table sources says why.",
            status,
            [""],
            first_column="status",
        ),
        plot(
            8,
            "Where dates come from",
            "Documents by what their date is based on.",
            one_part(of("date")),
            [""],
            first_column="basis",
            name=lambda code: words(code, DATE_BASIS),
        ),
    ]


def _without_gaps(months: pl.DataFrame) -> pl.DataFrame:
    """Return counts by month without gaps in time, or by year when there are many months."""
    first, last = months["level"].min(), months["level"].max()
    if first is None:
        return months
    years = range(int(str(first)[:4]), int(str(last)[:4]) + 1)
    if len(years) > _MOST_YEARS_BY_MONTH:
        year = pl.col("level").str.slice(0, 4)
        counted = months.group_by(year, "part").agg(pl.col("n").sum()).sort("level", "part")
        # A date of long ago, right or wrong, would leave a hundred empty bars.
        return counted if len(years) > _MOST_YEARS else _filled(counted, [f"{one:04}" for one in years])
    times = [f"{one:04}-{month:02}" for one in years for month in range(1, 13)]
    return _filled(months, [one for one in times if str(first) <= one <= str(last)])


def _filled(counted: pl.DataFrame, levels: Sequence[str | None]) -> pl.DataFrame:
    wanted = pl.DataFrame({"level": levels}, schema={"level": pl.String})
    return wanted.join(counted, on="level", how="left", nulls_equal=True, maintain_order="left")


def _all_tenths(counted: pl.DataFrame) -> pl.DataFrame:
    """Return counts by tenth of confidence with those that no quote has; not measured stands last."""
    unmeasured = [] if counted.filter(pl.col("level").is_null()).is_empty() else [None]
    return _filled(counted, [*map(str, range(10)), *unmeasured])


def _confidence(tenth: str | None) -> str:
    return (
        "not measured"
        if tenth is None
        else f"0.{tenth}–" + ("1.0" if tenth == "9" else f"0.{int(tenth) + 1}")
    )
