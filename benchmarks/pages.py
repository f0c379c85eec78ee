"""Measure what the reading page of a published dataset costs: all of it, nothing new, one article more.

    python benchmarks/pages.py PROCESSED [--work FOLDER]

PROCESSED is a dataset that was built elsewhere; it is only read. Its tables are copied to a folder of work,
and the pages are written there by a process for each step: `full` from nothing; `nothing new` with the pages
and notes of the step before; `one new` after an article, which was left out before, came to the tables.
Prints wall and CPU seconds, peak memory, how many pages were written, and what the first page loads.
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import polars as pl

PROJECT = Path(__file__).parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.measure import cost_of  # noqa: E402

_WRITE = """
import os, sys
from pathlib import Path
from pipeline.pages.report import write_report
from pipeline.parts import Kept
release, before, cache = map(Path, sys.argv[1:])
write_report(release, before if before.is_dir() else None, Kept(cache, "pages", "benchmark"))
os.sync()
"""
STEPS = ("full", "nothing new", "one new")


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("processed", type=Path)
    parser.add_argument("--work", type=Path, help="folder for the pages (default: a temporary one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.work) as work:
        _measure(arguments.processed, Path(work))


def _measure(processed: Path, work: Path) -> None:
    releases = {step: work / step for step in STEPS}
    ids = pl.read_parquet(processed / "articles.parquet", columns=["article_id"])["article_id"]
    article_id = ids[len(ids) // 2]
    for step, folder in releases.items():
        folder.mkdir()
        for path in sorted(processed.glob("*.parquet")):
            _copy_without(path, folder / path.name, None if step == "one new" else article_id)
    print(f"{processed}: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    before = work / "none"
    for step, folder in releases.items():
        command = [sys.executable, "-c", _WRITE, *map(str, (folder, before, work / "cache"))]
        cost, _ = cost_of(command, PROJECT)
        n_files, n_new, n_bytes = written(folder)
        print(
            f"{step:12} {cost.wall:6.1f} s  {cost.cpu:6.1f} CPU s  {cost.peak_mb:5.0f} MB  "
            f"{n_new:,} of {n_files:,} files written, {n_bytes / 1e6:,.0f} MB in all",
            flush=True,
        )
        before = folder
    print(f"first page: {first_page(before / 'report') / 1e3:,.0f} kB with all that it loads")


def _copy_without(path: Path, copy: Path, article_id: str | None) -> None:
    """Copy a table, without the rows of one article; the other row groups have the same bytes each time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    with pq.ParquetWriter(copy, file.schema_arrow, compression="zstd", compression_level=3) as writer:
        for group in range(file.metadata.num_row_groups):
            rows = pl.DataFrame(file.read_row_group(group))
            names = [name for name in ("article_id", "quote_id") if name in rows.columns]
            if article_id and names and path.stem not in ("sources", "article_pairs"):
                rows = rows.filter(~pl.col(names[0]).str.starts_with(article_id).fill_null(False))
            writer.write_table(pa.table(rows.to_arrow().cast(file.schema_arrow)), row_group_size=1 << 20)


def written(release: Path) -> tuple[int, int, int]:
    """Return how many files the pages have, how many were not linked from before, and their bytes."""
    found = [path.stat() for path in (release / "report").rglob("*") if path.is_file()]
    new = [one for one in found if one.st_nlink == 1]
    return len(found), len(new), sum(one.st_size for one in found)


def first_page(report: Path) -> int:
    """Return the bytes of the first page and of what it loads before anybody searches."""
    page = (report / "index.html").read_bytes()
    loaded: list[bytes] = re.findall(rb'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', page)
    return len(page) + sum((report / name.decode()).stat().st_size for name in loaded)


if __name__ == "__main__":
    main()
