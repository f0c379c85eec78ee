"""CSV: every table in UTF-8, with cells that a spreadsheet would run as formulas made harmless.

NULL is an empty cell, an empty text is `""`. A text that starts like a formula has an apostrophe before it.
"""

from pathlib import Path

import polars as pl

from pipeline.frames import TABLE_BY_NAME
from pipeline.publish.dictionary import defused
from pipeline.verify.reading import batches, open_table


def write(processed: Path, out: Path) -> None:
    """Write a file per table, some thousand rows at a time."""
    for table in TABLE_BY_NAME:
        with open_table(processed, table) as file, (out / f"{table}.csv").open("wb") as target:
            target.write((",".join(file.schema_arrow.names) + "\n").encode())
            for frame in batches(processed, table):
                texts = [name for name, kind in frame.schema.items() if kind == pl.String]
                harmless = [pl.col(name).map_elements(defused, return_dtype=pl.String) for name in texts]
                target.write(frame.with_columns(harmless).write_csv(include_header=False).encode())
