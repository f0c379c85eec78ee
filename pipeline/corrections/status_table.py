"""The table of corrections: every row of corrections.csv with what became of it."""

from collections.abc import Sequence

import polars as pl

from pipeline.corrections.sheet import NAME, Sheet, SheetRow, day_of, hash_of, number_of
from pipeline.document import Row
from pipeline.frames import column_types
from schemas.corrections import WHATS

# So many problems stand in the message of the file; the table holds them all.
_CITED = 3
_FROM_OUTCOME = (
    "status",
    "message",
    "found_value",
    "article_id",
    "quote_id",
    "found_quote_id",
    "overlap",
)


def status_frame(sheet: Sheet, outcomes: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the table. `outcomes` are those of all segments (see apply.OUTCOME)."""
    known = {row["correction_id"]: row for frame in outcomes for row in frame.iter_rows(named=True)}
    rows = [_table_row(row, known) for row in sheet.rows]
    return pl.DataFrame(rows, schema=column_types("corrections"), orient="row")


def file_warning(sheet: Sheet, told: pl.DataFrame) -> str | None:
    """Return what the sources table says of corrections.csv; None when every row of it can be used."""
    if sheet.problem:
        return sheet.problem
    wrong = told.filter(status="invalid").select("line_no", "message").rows()
    cited = [f"{NAME}, line {line}: {message}" for line, message in wrong[:_CITED]]
    if len(wrong) > _CITED:
        cited.append(f"{len(wrong) - _CITED} more rows are listed as invalid in the table corrections")
    return "; ".join(cited) or None


def _table_row(row: SheetRow, known: dict[str, Row]) -> Row:
    cells = row.cells
    made: Row = dict.fromkeys(column_types("corrections")) | {
        "line_no": row.line,
        "what": cells["what"] if cells.get("what") in WHATS else None,
        "raw_sha256": hash_of(cells.get("raw_sha256")),
        "coded_date": day_of(cells.get("date")),
    }
    for name in ("old_value", "new_value", "coder", "reason"):
        made[name] = cells.get(name) or None
    outcome = known.get(row.correction.correction_id) if row.correction is not None else None
    if outcome is not None:
        made |= {name: outcome[name] for name in _FROM_OUTCOME}
    elif row.correction is not None:
        made |= {"status": "unbound", "message": "no raw file has this raw_sha256"}
    else:
        made |= {"status": "invalid", "message": row.problem}
    start, end = number_of(cells.get("char_start")), number_of(cells.get("char_end"))
    # What is no place in the text is told in the message and is no offset here.
    if start is not None and end is not None and start < end and made["status"] != "invalid":
        made |= {"char_start": start, "char_end": end}
    return made
