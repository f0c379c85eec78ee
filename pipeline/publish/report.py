"""The run report: what went in, what came out, and what somebody should look at."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipeline import storage
from pipeline.frames import TABLE_BY_NAME
from pipeline.progress import Progress
from pipeline.publish.parquet import Encoded
from schemas.corrections import STATUSES

Piece = tuple[str, pl.DataFrame | Encoded]

_LISTED = 200
# The report keeps no more rows of a list than this; the tables hold them all.
_KEPT = 10_000


def noted(table: str, frame: pl.DataFrame) -> dict[str, Any]:
    """Return what the report has to know of some rows, as JSON can keep it."""
    if table == "quotes":
        wanted = frame.filter(n_speakers=0).select("quote_id", "source_mention", "resolution")
        return {"unresolved": wanted.head(_KEPT).to_dicts()}
    if table == "speakers":
        local = frame.filter(~pl.col("in_authority") & (pl.col("speaker_type") == "person"))
        return {"names": dict(Counter(local["name"].to_list()))}
    if table == "corrections":
        wanted = frame.filter(pl.col("status").is_in(("stale", "unbound", "conflict", "invalid")))
        wanted = wanted.select("line_no", "what", "status", "message")
        return {
            "corrections": dict(Counter(frame["status"].to_list())),
            "corrections_to_look_at": wanted.head(_KEPT).to_dicts(),
        }
    if table == "sources":
        wanted = frame.filter(pl.col("status") != "ok")
        wanted = wanted.select("raw_path", "status", "reason_code", "message")
        return {
            "statuses": dict(Counter(frame["status"].to_list())),
            "problems": wanted.head(_KEPT).to_dicts(),
        }
    return {}


class Observer:
    """Watches the tables on their way to the release folder and notes what the report tells."""

    def __init__(self, progress: Progress, n_segments: int) -> None:
        self.n_rows: Counter[str] = Counter(dict.fromkeys(TABLE_BY_NAME, 0))
        self._progress = progress
        self._n_segments = n_segments
        self._segments = 0
        self._statuses: Counter[str] = Counter()
        self._problems: list[dict[str, Any]] = []
        self._unresolved: list[dict[str, Any]] = []
        self._names: Counter[str] = Counter()
        self._corrections: Counter[str] = Counter()
        self._corrections_to_look_at: list[dict[str, Any]] = []

    def watch(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        """Pass the pieces on as they come."""
        for table, piece in pieces:
            if isinstance(piece, Encoded):
                self.n_rows[table] += piece.written.n_rows
                self._note(piece.noted)
            else:
                self.n_rows[table] += len(piece)
                self._note(noted(table, piece))
            if table == "articles":
                self._segments += 1
                self._progress.step("combining", self._segments, self._n_segments)
            yield table, piece

    def _note(self, found: Mapping[str, Any]) -> None:
        self._statuses.update(found.get("statuses", {}))
        self._names.update(found.get("names", {}))
        self._corrections.update(found.get("corrections", {}))
        for kept, name in (
            (self._problems, "problems"),
            (self._unresolved, "unresolved"),
            (self._corrections_to_look_at, "corrections_to_look_at"),
        ):
            kept += found.get(name, [])[: _KEPT - len(kept)]

    def file_counts(self) -> dict[str, int]:
        """Return the number of raw files by what became of them."""
        return {status: self._statuses[status] for status in ("ok", "warning", "duplicate", "quarantined")}

    def not_read(self, n: int) -> list[tuple[str, str]]:
        """Return path and message of the first `n` files that no article could be made of."""
        found = [row for row in self._problems if row["status"] == "quarantined"]
        return [(row["raw_path"], row["message"]) for row in found[:n]]

    def write_report(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write the report as Markdown and JSON. The clock and the paths stay here, out of the tables.

        `about` says what only the build knows: raw, seconds, release, made.
        """
        report = {
            "built_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            **about,
            "files": self.file_counts(),
            "rows": dict(self.n_rows),
            "corrections": {name: self._corrections[name] for name in STATUSES if self._corrections[name]},
            "files_to_look_at": self._problems,
            "corrections_to_look_at": self._corrections_to_look_at,
            "unresolved_speakers": self._unresolved,
            "name_candidates": [
                {"name": name, "n_articles": count}
                for name, count in sorted(self._names.items())
                if count > 1
            ],
        }
        # A line for each part: with an indent of its own, ten thousand rows would take half a second.
        parts = (
            f"{json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in report.items()
        )
        content = ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8", "backslashreplace")
        storage.write_bytes(folder / "run_report.json", content)
        storage.write_bytes(folder / "run_report.md", as_markdown(report).encode("utf-8", "backslashreplace"))


def as_markdown(report: Mapping[str, Any]) -> str:
    """Return a report as a Markdown page."""
    lines = [
        "# Run report",
        "",
        f"Built {report['built_at']} from `{_plain(report['raw'])}` in {report['seconds']} s; "
        f"release {report['release']}.",
        "",
        *_counts("Raw files", report["files"]),
        *_counts("Documents worked on anew, by stage", report["made"]),
        *_counts("Rows", report["rows"]),
        *(_counts("Corrections", report["corrections"]) if report["corrections"] else ()),
        *_list("Files to look at", report["files_to_look_at"]),
        *(
            _list("Corrections to look at (lines of corrections.csv)", report["corrections_to_look_at"])
            if report["corrections_to_look_at"]
            else ()
        ),
        *_list("Quotes whose speaker is unresolved", report["unresolved_speakers"]),
        *_list(
            "Names in several articles that are not in the authority file (one person each?)",
            report["name_candidates"],
        ),
    ]
    return "\n".join(lines)


def _counts(title: str, counts: Mapping[str, int]) -> list[str]:
    return [f"## {title}", "", *(f"- {name}: {count:,}" for name, count in counts.items()), ""]


def _list(title: str, rows: list[dict[str, Any]]) -> list[str]:
    lines = [f"## {title}", ""]
    if not rows:
        return [*lines, "None.", ""]
    lines += ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    lines += ["| " + " | ".join(_plain(cell) for cell in row.values()) + " |" for row in rows[:_LISTED]]
    if len(rows) > _LISTED:
        lines += ["", f"{len(rows) - _LISTED} more are in run_report.json."]
    return [*lines, ""]


def _plain(text: object) -> str:
    shown = "" if text is None else " ".join(str(text).split())
    for old, new in (
        ("\\", "\\\\"),
        ("&", "&amp;"),
        ("<", "&lt;"),
        ("|", "\\|"),
        ("`", "'"),
        ("*", "\\*"),
        ("[", "\\["),
    ):
        shown = shown.replace(old, new)
    return shown
