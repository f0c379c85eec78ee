"""A desk for corrections: the tables of some built articles, and rows of corrections.csv to try on them."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipeline.build import REFERENCE_FOLDERS
from pipeline.checks import check_documents
from pipeline.corrections.apply import apply_corrections
from pipeline.corrections.sheet import COLUMNS, Sheet, read_sheet
from pipeline.corrections.status_table import status_frame
from pipeline.frames import validate
from pipeline.parts import Frames
from pipeline.reference import load_reference
from pipeline.segments import TABLES
from pipeline.stages import tables_fingerprint
from tests.workshop import PROJECT, Workshop

AUTHORITY = PROJECT / "raw" / "authority"
VERSION = tables_fingerprint((*REFERENCE_FOLDERS, AUTHORITY))
REFERENCE = load_reference(AUTHORITY)


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Iterable[str] = COLUMNS) -> bytes:
    """Return rows as corrections.csv; a cell that a row leaves out is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def tables_of(shop: Workshop) -> Frames:
    """Return the published tables that a segment holds, of the articles alone."""
    frames = {table: shop.table(table) for table in TABLES}
    return frames | {"speakers": frames["speakers"].filter(~pl.col("in_authority"))}


class Desk:
    """The tables of some articles, uncorrected."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.text = dict(frames["article_text"].iter_rows())
        self.hashes = dict(frames["articles"].select("article_id", "raw_sha256").iter_rows())

    def quote(self, words: str, frames: Frames | None = None) -> dict[str, Any]:
        """Return the one quote whose text holds these words."""
        found = (frames or self.frames)["quotes"].filter(
            pl.col("quote_text").str.contains(words, literal=True)
        )
        (row,) = found.sort("level").head(1).to_dicts()
        return dict(row)

    def row(self, quote: Mapping[str, Any], what: str, old: str = "", new: str = "") -> dict[str, Any]:
        """Return a row of corrections.csv on a quote."""
        return {
            "raw_sha256": self.hashes[quote["article_id"]],
            "char_start": quote["char_start"],
            "char_end": quote["char_end"],
            "what": what,
            "old_value": old,
            "new_value": new,
            "coder": "K. T.",
            "reason": "read again",
            "date": "2026-02-03",
        }

    def place(self, article_id: str, words: str) -> tuple[int, int]:
        """Return the offsets of words in an article."""
        start = self.text[article_id].index(words)
        return start, start + len(words)

    def corrected(self, *rows: Mapping[str, Any]) -> tuple[Frames, list[dict[str, Any]]]:
        """Return the corrected tables, checked as the build checks them, and the rows of the status table."""
        return self.correct(read_sheet(as_csv(rows)))

    def correct(self, sheet: Sheet) -> tuple[Frames, list[dict[str, Any]]]:
        known = [one for one in sheet.corrections if one.raw_sha256 in self.hashes.values()]
        frames, outcomes = apply_corrections(self.frames, known, AUTHORITY, VERSION)
        for table, frame in frames.items():
            if frame is not self.frames[table]:
                validate(table, frame)
        check_documents(frames, REFERENCE)
        statuses = status_frame(sheet, [outcomes])
        validate("corrections", statuses)
        return frames, statuses.to_dicts()


def statuses(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the statuses in the order of the file."""
    return [row["status"] for row in rows]
