"""A small release folder of invented articles, for tests of pages: tables only, made in milliseconds."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.document import Row
from pipeline.pages.report import write_report
from pipeline.parts import Kept
from pipeline.publish.parquet import write_tables
from tests.tables import frame, row

HOSTILE = (
    "</p></script></style><script>document.title='x'</script><img src=x onerror=alert(1)> \u202eabc &amp; \"'"
)


def article_id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def quote_id(article: str, number: int) -> str:
    return f"{article}:{hashlib.sha256(f'{article} {number}'.encode()).hexdigest()[:12]}"


class Article:
    """An article with one paragraph per quote: `<speaker> said <words>.`"""

    def __init__(self, name: str, quotes: Sequence[tuple[str, str]], **cells: Any) -> None:
        self.article_id = article_id(name)
        self.quotes = quotes
        self.cells: dict[str, Any] = {
            "headline": name,
            "analysis_date": date(2024, 3, 5),
            "outlet_id": "herald",
            "is_translation": False,
            "redistributable": False,
            **cells,
        }
        self.of_quotes: dict[int, dict[str, Any]] = {}

    def rows(self) -> dict[str, list[Row]]:
        text = ""
        rows: dict[str, list[Row]] = {
            name: []
            for name in (
                "articles",
                "article_text",
                "blocks",
                "quotes",
                "quote_spans",
                "quote_speakers",
                "speakers",
            )
        }
        for number, (speaker, said) in enumerate(self.quotes, 1):
            start = len(text)
            source, cue = f"{speaker} ", "said "
            content = start + len(source) + len(cue)
            text += f"{source}{cue}{said}.\n"
            own = quote_id(self.article_id, number)
            known = speaker.islower()
            speaker_id = speaker if known else f"{self.article_id}:{speaker.lower().replace(' ', '-')}"
            cells: dict[str, Any] = {
                "quote_id": own,
                "article_id": self.article_id,
                "block_id": f"{self.article_id}:{number}",
                "region": "body",
                "quote_no": number,
                "quote_type": "direct",
                "quote_text": said,
                "char_start": content,
                "char_end": content + len(said),
                "level": 1,
                "is_negated": False,
                "cue": "said",
                "source_mention": speaker,
                "speaker_id": speaker_id,
                "speaker_name": speaker,
                "speaker_type": "person",
                "n_speakers": 1,
                "resolution": "document_name",
                "said_date_basis": "none",
                "illocution": "assertive",
                "has_continuation": False,
                "topics": "harbours",
                "topic_primary": "harbours",
                "confidence": 0.9,
                **self.of_quotes.get(number, {}),
            }
            rows["quotes"].append(row("quotes", **cells))
            for role, first, last in (
                ("content", content, content + len(said)),
                ("cue", start + len(source), content - 1),
                ("source", start, start + len(source) - 1),
            ):
                rows["quote_spans"].append(
                    row(
                        "quote_spans",
                        quote_id=own,
                        span_role=role,
                        span_no=1,
                        char_start=first,
                        char_end=last,
                        is_continuation=False,
                    )
                )
            if cells["n_speakers"]:
                rows["quote_speakers"].append(
                    row(
                        "quote_speakers",
                        quote_id=own,
                        speaker_no=1,
                        speaker_id=speaker_id,
                        speaker_name=speaker,
                    )
                )
            rows["blocks"].append(
                row(
                    "blocks",
                    article_id=self.article_id,
                    block_id=f"{self.article_id}:{number}",
                    block_no=number,
                    block_type="paragraph",
                    char_start=start,
                    char_end=len(text),
                )
            )
        rows["article_text"].append(row("article_text", article_id=self.article_id, text=text))
        rows["articles"].append(
            row("articles", article_id=self.article_id, n_quotes=len(self.quotes), **self.cells)
        )
        return rows


REFERENCE = {
    "outlets": [
        row("outlets", outlet_id=one, name=name) for one, name in (("herald", "The Herald"), ("post", "Post"))
    ],
    "topics": [
        row("topics", topic_id="harbours", label="Harbours", definition="Ports and piers."),
        row("topics", topic_id="weather", label="Weather"),
    ],
    "sources": [row("sources", status="ok")],
}
_SORTED_BY = {
    "quotes": ["article_id", "quote_no"],
    "blocks": ["article_id", "block_no"],
    "quote_spans": ["quote_id", "span_role", "span_no"],
    "quote_speakers": ["quote_id", "speaker_no"],
}


def write_release(
    folder: Path, articles: Sequence[Article], more: Mapping[str, list[Row]] | None = None
) -> Path:
    """Write the tables of a release."""
    rows: dict[str, list[Row]] = {**REFERENCE, **(more or {})}
    for article in articles:
        for table, found in article.rows().items():
            rows[table] = [*rows.get(table, []), *found]
    pieces: list[tuple[str, pl.DataFrame]] = []
    for table, found in rows.items():
        made = frame(table, *found)
        pieces.append((table, made.sort(_SORTED_BY.get(table, made.columns[0]))))
    folder.mkdir(parents=True)
    write_tables(iter(pieces), folder)
    return folder


def write_pages(
    folder: Path, articles: Sequence[Article], cache: Path, before: Path | None = None, **more: Any
) -> dict[str, str]:
    """Write a release with its pages and return the hash of each page."""
    write_release(folder, articles, more.pop("rows", None))
    return write_report(folder, before, Kept(cache, "pages", "v1"), **more)


def inodes(folder: Path) -> dict[str, int]:
    """Return the inode of each page by its path."""
    report = folder / "report"
    return {p.relative_to(report).as_posix(): p.stat().st_ino for p in report.rglob("*") if p.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of each page by its path."""
    report = folder / "report"
    return {p.relative_to(report).as_posix(): p.read_bytes() for p in report.rglob("*") if p.is_file()}
