"""The real raw files against the hand-made answers. Their text stays outside the project."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pipeline.document import Rows
from pipeline.ingest.stage import prepare, read_articles
from pipeline.reference import load_reference

# What no gold file holds, read off the two files by a person.
ANSWERS: dict[str, dict[str, Any]] = {
    "001": {
        "layout": "agency_wire", "headline": None, "headline_basis": "none", "published_date": "2021-12-15",
        "published_basis": "dateline", "published_evidence": "Dec. 15 … Dec. 15, 2021", "outlet_id": "xinhua",
        "outlet_basis": "agency", "agency_id": "xinhua", "agency_role": "origin", "dateline_place": "Beijing",
        "dateline_date": "2021-12-15", "document_type": "news_report", "n_captions": 4, "n_headings": 2,
        "event_id": "xi_putin_video_2021_12_15", "authors": [],
    },
    "003": {
        "layout": "newspaper_reader", "headline_basis": "header", "published_date": None,
        "published_edtf": None, "published_basis": "none", "analysis_date": "2022-12-30",
        "analysis_date_basis": "event", "analysis_date_imputed": True, "document_type": "news_report",
        "event_id": "xi_putin_video_2022_12_30", "outlet_id": "china_daily_global_weekly",
        "outlet_basis": "header", "republisher_id": "pressreader", "agency_id": "xinhua",
        "agency_role": "photo", "n_captions": 2, "n_pull_quotes": 1, "n_headings": 0,
        "authors": [
            {"name": "Xu Wei", "title": None, "place": "Beijing", "description": None},
            {"name": "Ren Qi", "title": None, "place": "Moscow", "description": None},
        ],
    },
}  # fmt: skip


def described(rows: Rows, text: str) -> dict[str, Any]:
    """Return the fields of an article in the form of the gold file."""

    def words(block_type: str) -> list[str]:
        return [
            text[row["char_start"] : row["char_end"]]
            for row in rows["blocks"]
            if row["block_type"] == block_type
        ]

    fields = {k: v.isoformat() if isinstance(v, date) else v for k, v in rows["articles"][0].items()}
    authors = [
        {name: row[name] for name in ("name", "title", "place", "description")}
        for row in rows["article_authors"]
    ]
    return fields | {
        "authors": authors,
        "headings": words("heading"),
        "n_headings": len(words("heading")),
        "n_captions": len(words("caption")),
        "n_pull_quotes": sum(row["block_type"] == "pull_quote" for row in rows["blocks"]),
        "body_first_words": words("paragraph")[0],
        "body_last_words": words("paragraph")[-1],
    }


def test_the_real_files(shared: Path) -> None:
    gold = json.loads((shared / "gold" / "metadata.json").read_text(encoding="utf-8"))
    reader = prepare(load_reference())
    checked = 0
    for path in sorted((shared / "raw").glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        found = read_articles(
            reader,
            text=text,
            encoding="utf-8",
            raw_sha256=sha256(path.read_bytes()).hexdigest(),
            manifest_row=None,
        )
        assert found.warnings == []
        got = described(found.rows, text)
        expected = gold.get(path.stem) or ANSWERS.get(path.stem[:3], {})
        for name, value in expected.items():
            if name == "body_first_words":
                assert got[name].startswith(value)
            elif name == "body_last_words":
                assert got[name].endswith(value)
            else:
                assert got[name] == value, (path.stem, name)
            checked += 1
    if not checked:
        pytest.fail("no gold file fits a raw file")
