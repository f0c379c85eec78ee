"""The differences for people: a page in Markdown and HTML, and a text for the changelog of a release."""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from pipeline.audit.markdown import markdown
from pipeline.diff.comparison import Summary
from pipeline.diff.schema import CAUSES, CHANGES
from pipeline.document import Row
from pipeline.frames import TABLE_BY_NAME
from pipeline.pages.safe_text import shortened, visible

PAGE, WEB_PAGE, CHANGELOG = "differences.md", "differences.html", "changelog.md"

_WORDS = {
    "raw_file_new": "new raw file",
    "raw_file_gone": "raw file gone",
    "raw_file_changed": "raw file changed",
}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}div{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse}"
    "th,td{border:1px solid #8a8a8a;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "th{background:#ececec}"
)
# A wide table is moved with the keyboard, too.
_TABLE = '<div role="region" tabindex="0" aria-label="{}">\n<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n'
_HOW = (
    "A row is the same row when its key is the same; a quote also when its words overlap by half or more "
    "with those of a quote of the same raw file whose id went. Numbers that only count rows (quote_no, "
    "assignment_no, line_no) and the name of the extractor are not compared. A row that changed for two "
    "causes is counted under both. Causes are read from the two datasets alone; where they do not tell, the "
    "cause is unknown. differences.parquet and differences.csv list every difference and how its cause is "
    "known; differences_dictionary.csv explains their columns. This page shows words of the articles."
)


@dataclass(frozen=True)
class Section:
    """A part of the page: a heading, paragraphs, and a table whose first row is its head."""

    heading: str
    paragraphs: Sequence[str] = ()
    table: Sequence[Sequence[str]] = ()


def write(folder: Path, summary: Summary) -> None:
    """Write the pages and the text for the changelog. They hold no clock, host or path."""
    sections = list(_sections(summary))
    (folder / PAGE).write_text(_markdown(sections), encoding="utf-8")
    (folder / WEB_PAGE).write_text(_html(sections), encoding="utf-8")
    (folder / CHANGELOG).write_text(changelog(summary), encoding="utf-8")


def changelog(summary: Summary) -> str:
    """Return the differences in a few lines that can stand in a changelog."""
    lines = []
    if summary.files:
        told = [
            f"{summary.files[cause]:,} {cause.removeprefix('raw_file_')}"
            for cause in CAUSES
            if summary.files[cause]
        ]
        lines.append(f"- Raw files: {', '.join(told)}.")
    if summary.extractors[0] != summary.extractors[1]:
        lines.append(f"- Extractor: {summary.extractors[0] or 'none'} → {summary.extractors[1] or 'none'}.")
    lines += [f"- Schema: {told}." for told in summary.other_columns]
    for table in _tables(summary):
        if table == "sources":
            continue
        parts = []
        for change in CHANGES:
            count = summary.rows[table, change]
            if count:
                causes = [
                    f"{_cause(cause)} {summary.causes[table, change, cause]:,}"
                    for cause in CAUSES
                    if summary.causes[table, change, cause]
                ]
                parts.append(f"{count:,} {change} ({', '.join(causes)})")
        before, after = summary.sizes[table]
        lines.append(f"- {table}: {', '.join(parts)}; {before:,} → {after:,} rows.")
    return "\n".join(lines or ["- No differences."]) + "\n"


def _cause(cause: str) -> str:
    return _WORDS.get(cause, cause)


def _tables(summary: Summary) -> list[str]:
    return [
        table for table in ("sources", *(t for t in TABLE_BY_NAME if t != "sources")) if summary.total(table)
    ]


def _sections(summary: Summary) -> Iterator[Section]:
    tables = _tables(summary)
    facts = [["what", "old", "new"]]
    facts.append(["release", *(name or "not known" for name in summary.names)])
    facts.append(["version", *(version or "not noted" for version in summary.versions)])
    facts.append(["extractor", *(name or "none" for name in summary.extractors)])
    facts += [
        [f"rows of {table}", *(f"{size:,}" for size in summary.sizes[table])]
        for table in ("sources", "articles", "quotes")
        if table in summary.sizes
    ]
    paragraphs = [] if tables else ["No row differs."]
    yield Section("Differences between two datasets", paragraphs, facts)
    if summary.other_columns:
        yield Section("Schema", [f"{told}." for told in summary.other_columns])
    if not tables:
        return
    head = ["table", *CHANGES, "rows before", "rows now"]
    counts = [
        [
            table,
            *(f"{summary.rows[table, change]:,}" for change in CHANGES),
            *(f"{n:,}" for n in summary.sizes[table]),
        ]
        for table in tables
    ]
    yield Section("Rows by table", [_HOW], [head, *counts])
    causes = [cause for cause in CAUSES if any(key[2] == cause for key in summary.causes)]
    by_cause = [
        [
            table,
            change,
            *(
                f"{summary.causes[table, change, cause] or '':,}"
                if summary.causes[table, change, cause]
                else ""
                for cause in causes
            ),
        ]
        for table in tables
        for change in CHANGES
        if summary.rows[table, change]
    ]
    yield Section("Rows by cause", (), [["table", "change", *map(_cause, causes)], *by_cause])
    if summary.columns:
        columns = sorted(
            summary.columns.items(), key=lambda item: (tables.index(item[0][0]), -item[1], item[0])
        )
        shown = [[table, column, f"{count:,}"] for (table, column), count in columns]
        yield Section("Columns that changed", (), [["table", "column", "rows"], *shown])
    for table in tables:
        examples = [row for cause in CAUSES for row in summary.examples.get((table, cause), [])]
        head = ["change", "cause", "basis", "detail", "key", "what"]
        yield Section(f"Examples: {table}", (), [head, *map(_example, examples)])


def _example(row: Row) -> list[str]:
    columns = (row["changed_columns"] or "").split("; ")
    old = json.loads(row["old_values"] or "[]")
    new = json.loads(row["new_values"] or "[]")
    cells = [
        f"{name}: {_shown(a)} → {_shown(b)}"
        for name, a, b in zip(columns, old, new, strict=False)
        if columns[0]
    ]
    return [
        row["change"],
        _cause(row["cause"]),
        row["basis"],
        shortened(row["detail"] or "", 120),
        shortened(row["new_key"] or row["old_key"] or "", 80),
        shortened("; ".join(cells), 400),
    ]


def _shown(value: object) -> str:
    return "NULL" if value is None else shortened(str(value), 80)


def _markdown(sections: Sequence[Section]) -> str:
    lines: list[str] = []
    for number, section in enumerate(sections):
        lines += [f"{'#' if number == 0 else '##'} {markdown(section.heading)}", ""]
        for paragraph in section.paragraphs:
            lines += [markdown(paragraph), ""]
        for at, row in enumerate(section.table):
            lines.append(f"| {' | '.join(map(markdown, row))} |")
            if at == 0:
                lines.append("|" + "---|" * len(row))
        if section.table:
            lines.append("")
    return "\n".join(lines)


def _html(sections: Sequence[Section]) -> str:
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    parts = [
        Markup('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'),
        Markup('<meta http-equiv="Content-Security-Policy" content="{}">\n').format(policy),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">\n'),
        Markup("<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n").format(
            sections[0].heading, Markup(_STYLE)
        ),
    ]
    for number, section in enumerate(sections):
        parts.append(
            Markup(f"<h{1 if number == 0 else 2}>%s</h{1 if number == 0 else 2}>\n") % section.heading
        )
        parts += [Markup("<p>{}</p>\n").format(visible(paragraph)) for paragraph in section.paragraphs]
        if section.table:
            head, *body = section.table
            cells = Markup("").join(Markup('<th scope="col">{}</th>').format(visible(cell)) for cell in head)
            parts.append(Markup(_TABLE).format(section.heading, cells))
            for row in body:
                cells = Markup("").join(Markup("<td>{}</td>").format(visible(cell)) for cell in row)
                parts.append(Markup("<tr>{}</tr>\n").format(cells))
            parts.append(Markup("</tbody>\n</table>\n</div>\n"))
    parts.append(Markup("</main>\n</body>\n</html>\n"))
    return str(escape(Markup("").join(parts)))
