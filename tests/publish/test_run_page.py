"""What the page of a run shows of a dataset."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipeline.publish.run_page import N_CHARACTERS, N_ROWS, manifest_rows, shortened


def write_sources(folder: Path, **columns: Sequence[str | None]) -> None:
    pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).write_parquet(folder / "sources.parquet")


def test_the_files_to_look_at_come_first(tmp_path: Path) -> None:
    write_sources(
        tmp_path,
        raw_path=["a.txt", "b.txt", "c.txt"],
        status=["ok", "quarantined", "warning"],
        reason_code=[None, "unreadable", "odd"],
        message=[None, "allow reading it", "look at it"],
        sha256=["1", "2", "3"],
    )
    rows, total = manifest_rows(tmp_path)
    assert total == 3
    assert [row["raw_path"] for row in rows] == ["b.txt", "c.txt", "a.txt"]
    assert rows[0] == {
        "raw_path": "b.txt",
        "status": "quarantined",
        "reason_code": "unreadable",
        "message": "allow reading it",
    }


def test_a_large_corpus_and_long_cells_are_cut(tmp_path: Path) -> None:
    n = 5_000
    write_sources(
        tmp_path,
        raw_path=[f"{number:04}" + "x" * 1_000 for number in range(n)],
        status=["ok"] * (n - 1) + ["quarantined"],
        reason_code=[None] * n,
        message=[None] * (n - 1) + ["y" * 10_000],
    )
    rows, total = manifest_rows(tmp_path)
    assert (len(rows), total) == (N_ROWS, n)
    assert rows[0]["raw_path"].startswith("4999")
    assert max(len(row["raw_path"]) for row in rows) == 300
    assert len(rows[0]["message"]) == 300


def test_a_long_report_is_cut_at_a_line() -> None:
    assert shortened("short\n") == "short\n"
    long = "ninechars\n" * 20_000
    cut = shortened(long)
    assert cut == "ninechars\n" * (N_CHARACTERS // 10) + "\nThe rest is in reports/run_report.md.\n"
