"""What the page of a run shows: for the eye, and bounded. The tables and the report hold everything."""

from pathlib import Path
from typing import Any

import polars as pl

N_ROWS = 1_000
N_CHARACTERS = 100_000
_COLUMNS = ["raw_path", "status", "reason_code", "message"]
_CELL = 300


def manifest_rows(processed: Path) -> tuple[list[dict[str, Any]], int]:
    """Return what became of the raw files, those to look at first, and how many raw files there are.

    At most 1,000 rows, long paths and messages cut.
    """
    sources = pl.read_parquet(processed / "sources.parquet", columns=_COLUMNS)
    rows = sources.sort(pl.col("status") == "ok", "raw_path").head(N_ROWS)
    return rows.with_columns(pl.col("raw_path", "message").str.slice(0, _CELL)).to_dicts(), len(sources)


def shortened(text: str) -> str:
    """Return a text of at most 100,000 characters and a word where the rest is, cut at the end of a line."""
    if len(text) <= N_CHARACTERS:
        return text
    return text[: text.rfind("\n", 0, N_CHARACTERS) + 1] + "\nThe rest is in reports/run_report.md.\n"
