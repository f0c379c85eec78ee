"""Where a row of a codebook stands, for the message about an error in it."""

import csv

from pipeline.reference import CODEBOOK_FOLDER


def place_of(table: str, kind: str, row_id: str) -> str:
    """Return file, line and id of a codebook row; without the line when the row is not in the file."""
    path = CODEBOOK_FOLDER / f"{table}.csv"
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file)
            for cells in rows:
                if cells and cells[0].strip() == row_id:
                    return f"{path.name}, line {rows.line_num}, {kind} {row_id}"
    return f"{path.name}, {kind} {row_id}"
