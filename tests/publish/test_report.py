"""The run report: what came of each file, and what somebody should look at."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.document import Row
from pipeline.frames import TABLE_BY_NAME
from pipeline.progress import Progress
from pipeline.publish import report
from pipeline.publish.parquet import encode
from pipeline.publish.report import Observer, Piece, as_markdown, noted
from tests.tables import ARTICLE, frame, row


class Told(Progress):
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[tuple[str, int, int | None]] = []

    def step(self, what: str, done: int, total: int | None = None) -> None:
        self.steps.append((what, done, total))


def source(name: str, status: str, code: str | None = None, message: str | None = None) -> Row:
    return row("sources", raw_path=name, status=status, reason_code=code, message=message)


def speaker(name: str, kind: str = "person", *, known: bool = False) -> Row:
    return row("speakers", name=name, speaker_type=kind, in_authority=known)


def quote(number: int, mention: str | None, n_speakers: int) -> Row:
    return row(
        "quotes",
        quote_id=f"{ARTICLE}:{number:012x}",
        source_mention=mention,
        n_speakers=n_speakers,
        resolution="unresolved_ambiguous",
    )


PIECES: list[Piece] = [
    ("speakers", frame("speakers", speaker("Ilsa Brannick", known=True), speaker("Oren Tull"))),
    ("articles", frame("articles", row("articles"))),
    ("quotes", frame("quotes", quote(1, "he", 0), quote(2, "Ostin", 1))),
    ("speakers", frame("speakers", speaker("Oren Tull"), speaker("Mara Voss"), speaker("guild", "group"))),
    ("speakers", frame("speakers", speaker("guild", "group"), speaker("Ilsa Brannick", known=True))),
    ("articles", frame("articles", row("articles"), row("articles"))),
    ("quotes", frame("quotes", quote(3, None, 0))),
    (
        "sources",
        frame(
            "sources",
            source("a.txt", "ok"),
            source("b.txt", "ok"),
            source("c|d.txt", "warning", "mojibake", "2 places look garbled"),
            source("e.txt", "duplicate", "same_bytes", "same bytes as a.txt"),
            source("f\n.txt", "quarantined", "binary", "the file is a PDF"),
        ),
    ),
]


# Every table is counted, also one of which nothing came.
ROWS = dict.fromkeys(TABLE_BY_NAME, 0) | {"speakers": 7, "articles": 3, "quotes": 3, "sources": 5}


def watched(pieces: list[Piece] = PIECES) -> Observer:
    observer = Observer(Told(), 2)
    passed = list(observer.watch(pieces))
    assert [table for table, _ in passed] == [table for table, _ in pieces]
    assert all(one is other for (_, one), (_, other) in zip(passed, pieces, strict=True))
    return observer


def written(observer: Observer, folder: Path, raw: str = "/data/raw") -> tuple[dict[str, Any], str]:
    about = {"raw": raw, "seconds": 1.5, "release": "0123456789abcdef", "made": {"articles": 1_234}}
    observer.write_report(folder, about)
    loaded = json.loads((folder / "run_report.json").read_bytes())
    return loaded, (folder / "run_report.md").read_text(encoding="utf-8")


def test_the_tables_are_counted_as_they_pass() -> None:
    observer = watched()
    assert observer.n_rows == ROWS
    assert observer.file_counts() == {"ok": 2, "warning": 1, "duplicate": 1, "quarantined": 1}


def test_progress_is_told_for_every_segment() -> None:
    told = Told()
    list(Observer(told, 2).watch(PIECES))
    assert told.steps == [("combining", 1, 2), ("combining", 2, 2)]


def test_rows_that_were_encoded_before_are_told_like_those_of_now(tmp_path: Path) -> None:
    encoded: list[Piece] = []
    for table, piece in PIECES:
        assert isinstance(piece, pl.DataFrame)
        kept = json.loads(json.dumps(noted(table, piece)))
        encoded.append((table, replace(encode(table, piece), noted=kept)))
    now, before = watched(), watched(encoded)
    assert before.n_rows == now.n_rows
    assert before.file_counts() == now.file_counts()
    told = {name: written(one, tmp_path / name)[0] for name, one in (("now", now), ("before", before))}
    assert told["before"] | {"built_at": None} == told["now"] | {"built_at": None}


def test_the_report_says_what_to_look_at(tmp_path: Path) -> None:
    found, page = written(watched(), tmp_path / "reports")
    assert found["files"] == {"ok": 2, "warning": 1, "duplicate": 1, "quarantined": 1}
    assert (found["raw"], found["release"]) == ("/data/raw", "0123456789abcdef")
    assert found["rows"] == ROWS
    assert [(r["raw_path"], r["status"], r["reason_code"]) for r in found["files_to_look_at"]] == [
        ("c|d.txt", "warning", "mojibake"),
        ("e.txt", "duplicate", "same_bytes"),
        ("f\n.txt", "quarantined", "binary"),
    ]
    assert found["unresolved_speakers"] == [
        {"quote_id": f"{ARTICLE}:{1:012x}", "source_mention": "he", "resolution": "unresolved_ambiguous"},
        {"quote_id": f"{ARTICLE}:{3:012x}", "source_mention": None, "resolution": "unresolved_ambiguous"},
    ]
    # Persons only, and only those of several articles that are not in the authority file.
    assert found["name_candidates"] == [{"name": "Oren Tull", "n_articles": 2}]
    assert "\n- quarantined: 1\n" in page
    assert "\n- articles: 1,234\n" in page
    assert "\n| c\\|d.txt | warning | mojibake | 2 places look garbled |\n" in page
    assert "\n| f .txt | quarantined | binary | the file is a PDF |\n" in page
    assert "\n| Oren Tull | 2 |\n" in page


def test_a_build_of_nothing_has_a_report_too(tmp_path: Path) -> None:
    found, page = written(watched([("sources", frame("sources"))]), tmp_path)
    assert found["files"] == {"ok": 0, "warning": 0, "duplicate": 0, "quarantined": 0}
    assert found["files_to_look_at"] == found["unresolved_speakers"] == found["name_candidates"] == []
    assert page.count("\nNone.\n") == 3


def test_long_lists_are_cut_on_the_page_and_kept_in_the_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "_LISTED", 2)
    monkeypatch.setattr(report, "_KEPT", 4)
    pieces: list[Piece] = [
        *(("quotes", frame("quotes", quote(2 * n, "he", 0), quote(2 * n + 1, "she", 0))) for n in range(3)),
        ("sources", frame("sources", *(source(f"{n}.txt", "warning", "html", "x") for n in range(9)))),
    ]
    found, page = written(watched(pieces), tmp_path)
    assert len(found["unresolved_speakers"]) == len(found["files_to_look_at"]) == 4
    assert page.count("\n2 more are in run_report.json.\n") == 2
    assert "| 1.txt |" in page
    assert "| 2.txt |" not in page


def test_hostile_names_are_shown_and_do_nothing(tmp_path: Path) -> None:
    name = "<img src=x>\\|`x` **b** [a](http://evil.example) &amp;\n# title"
    pieces: list[Piece] = [("sources", frame("sources", source(name, "warning", "html", "m")))]
    found, page = written(watched(pieces), tmp_path)
    assert found["files_to_look_at"][0]["raw_path"] == name
    assert (
        "\n| &lt;img src=x>\\\\\\|'x' \\*\\*b\\*\\* \\[a](http://evil.example) &amp;amp; # title "
        "| warning | html | m |\n"
    ) in page


def test_corrections_are_counted_and_those_that_did_not_apply_are_listed(tmp_path: Path) -> None:
    told = {2: "applied", 3: "stale", 4: "already_right", 5: "invalid", 6: "stale"}
    rows = [
        row("corrections", line_no=n, status=status, what="type", message="=1+1 | <b>")
        for n, status in told.items()
    ]
    found, page = written(watched([("corrections", frame("corrections", *rows))]), tmp_path)
    assert found["corrections"] == {"applied": 1, "already_right": 1, "stale": 2, "invalid": 1}
    assert [row["line_no"] for row in found["corrections_to_look_at"]] == [3, 5, 6]
    assert "\n## Corrections\n\n- applied: 1\n- already_right: 1\n- stale: 2\n- invalid: 1\n" in page
    assert "\n| 3 | type | stale | =1+1 \\| &lt;b> |\n" in page


def test_names_that_are_no_valid_text_do_not_break_the_report(tmp_path: Path) -> None:
    found, page = written(watched(), tmp_path, raw="/data/caf\udce9")
    assert found["raw"] == "/data/caf\udce9"
    assert "`/data/caf\\" in page


def test_the_page_follows_from_the_report_alone() -> None:
    content: dict[str, Any] = {
        "built_at": "2024-03-12T08:00:00Z",
        "seconds": 1.5,
        "raw": "/data/raw",
        "release": "0123456789abcdef",
        "files": {"ok": 1_000},
        "made": {},
        "rows": {"articles": 1_000},
        "corrections": {},
        "files_to_look_at": [],
        "corrections_to_look_at": [],
        "unresolved_speakers": [],
        "name_candidates": [{"name": "Oren Tull", "n_articles": 2}],
    }
    assert as_markdown(content) == (
        "# Run report\n\n"
        "Built 2024-03-12T08:00:00Z from `/data/raw` in 1.5 s; release 0123456789abcdef.\n\n"
        "## Raw files\n\n- ok: 1,000\n\n"
        "## Documents worked on anew, by stage\n\n\n"
        "## Rows\n\n- articles: 1,000\n\n"
        "## Files to look at\n\nNone.\n\n"
        "## Quotes whose speaker is unresolved\n\nNone.\n\n"
        "## Names in several articles that are not in the authority file (one person each?)\n\n"
        "| name | n_articles |\n|---|---|\n| Oren Tull | 2 |\n"
    )
