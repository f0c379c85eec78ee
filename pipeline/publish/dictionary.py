"""The data dictionary in Markdown and CSV, from the schemas and this build's own values."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pandera.polars import DataFrameSchema

from pipeline.frames import TABLE_BY_NAME
from pipeline.publish.parquet import Written, as_arrow
from schemas.table import Table

COLUMNS = (
    "table",
    "column",
    "label",
    "type",
    "nullable",
    "key",
    "allowed_values",
    "unit",
    "definition",
    "references",
    "example",
)
_EXAMPLE_LENGTH = 48
_SENTENCE_END = re.compile(r"(?<=[.…])\s")
# A spreadsheet takes a cell that starts with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Entry:
    """One column of one table, as the dictionary shows it.

    `label` is the first sentence of the definition. `key` is the place in the key, from 1; 'unique' for a
    column outside the key whose values stand once; else ''.
    """

    table: str
    column: str
    label: str
    type: str
    nullable: str
    key: str
    allowed_values: str
    unit: str
    definition: str
    references: str
    example: str


def dictionary(written: Mapping[str, Written]) -> list[Entry]:
    """Return an entry for every column of every table, in the order of the schemas."""
    return [entry for table, model in TABLE_BY_NAME.items() for entry in table_entries(model, written[table])]


def table_entries(model: type[Table], written: Written) -> list[Entry]:
    """Return an entry for every column of one table, published or not."""
    schema = model.to_schema()
    arrow = as_arrow(schema)
    return [_entry(model, schema, name, arrow.field(name).type, written) for name in schema.columns]


def label_of(definition: str) -> str:
    """Return the first sentence of a definition without its full stop: the label of the column."""
    return _SENTENCE_END.split(definition, maxsplit=1)[0].removesuffix(".")


def about(model: type[Table]) -> str:
    """Return what a table holds, in a sentence."""
    return " ".join((model.__doc__ or "").split("\n\n")[0].split())


def _entry(
    model: type[Table], schema: DataFrameSchema, name: str, arrow_type: object, written: Written
) -> Entry:
    column = schema.columns[name]
    noted = column.metadata or {}
    links = [f"{there}.{columns[here.index(name)]}" for here, there, columns in model.links if name in here]
    example = written.examples.get(name)
    shown = "" if example is None else " ".join(str(example).split())
    return Entry(
        table=model.table_name,
        column=name,
        label=label_of(str(column.description)),
        type=str(arrow_type),
        nullable="yes" if column.nullable else "no",
        key=str(model.key.index(name) + 1) if name in model.key else "unique" * column.unique,
        allowed_values=" | ".join(noted.get("levels") or ()),
        unit=noted.get("unit") or "",
        definition=str(column.description),
        references=", ".join(links),
        example=shown if len(shown) <= _EXAMPLE_LENGTH else shown[: _EXAMPLE_LENGTH - 1] + "…",
    )


def as_csv(entries: list[Entry]) -> str:
    """Return the dictionary as CSV that a spreadsheet opens without running anything in it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([defused(getattr(entry, name)) for name in COLUMNS])
    return out.getvalue()


def defused(cell: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell


def as_markdown(entries: list[Entry], written: Mapping[str, Written]) -> str:
    """Return the dictionary as a Markdown page: a section per table, a row per column."""
    lines = [
        "# Data dictionary",
        "",
        "Generated from the schemas at every build; examples are from this build. Offsets (`char_start`,",
        "`char_end`) count Unicode code points of the raw file as decoded, from 0, end exclusive:",
        "`raw[char_start:char_end]` in Python, `substr(raw, char_start + 1, char_end)` in R. What",
        "attribution, cue, continuation and other words mean: `docs/glossary.md` of the project.",
        "",
    ]
    for table, model in TABLE_BY_NAME.items():
        lines += [
            f"## {table}",
            "",
            f"{about(model)} {written[table].n_rows} rows; "
            f"key: {', '.join(f'`{name}`' for name in model.key)}.",
            "",
            "| column | type | NULL | definition | allowed values | unit | refers to | example |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for e in entries:
            if e.table == table:
                cells = (e.type, e.nullable, e.definition, e.allowed_values, e.unit, e.references, e.example)
                lines.append(f"| `{e.column}` | " + " | ".join(_escape(cell) for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)


def _escape(cell: str) -> str:
    for old, new in (
        ("\\", "\\\\"),
        ("&", "&amp;"),
        ("<", "&lt;"),
        ("|", "\\|"),
        ("`", "\\`"),
        ("*", "\\*"),
        ("[", "\\["),
    ):
        cell = cell.replace(old, new)
    return cell
