"""The check before publication that every form of the dictionary is that of the tables beside it."""

import csv
import json
import re
from collections.abc import Collection
from html import unescape
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.frames import InvalidDataset
from pipeline.publish.croissant import DATA_TYPES
from pipeline.publish.datapackage import FIELD_TYPES

# (table, column) → type, in the words of one form.
Types = dict[tuple[str, str], str]

_HTML_ROW = re.compile(r'<tr id="([^".]+)\.([^"]+)">.*?<td><code>([^<]*)</code>')
_SQL_COMMENT = re.compile(r'^COMMENT ON COLUMN ([a-z_]+)\."([a-z0-9_]+)" IS \'', re.MULTILINE)


def check_dictionary(folder: Path, besides: Collection[str] = ()) -> None:
    """Check every form of the dictionary in `folder` against the Parquet files there, as they were written.

    `besides`: names of files there that are no tables of the dataset.
    Raises InvalidDataset for a column that a form lacks, has too much, or gives another type.
    """
    tables: Types = {}
    levels: dict[tuple[str, str], list[str]] = {}
    for path in sorted(folder.glob("*.parquet")):
        if path.name in besides:
            continue
        for field in pq.read_schema(path):
            tables[path.stem, field.name] = str(field.type)
            known = (field.metadata or {}).get(b"levels")
            if known:
                levels[path.stem, field.name] = known.decode().split("|")
    _same("data_dictionary.csv", _of_csv(folder), tables)
    _same("data_dictionary.md", _of_markdown(folder), tables)
    _same("data_dictionary.html", _of_html(folder), tables)
    _same("datapackage.json", _of_datapackage(folder), {c: FIELD_TYPES[t] for c, t in tables.items()})
    _same("croissant.json", _of_croissant(folder), {c: DATA_TYPES[t] for c, t in tables.items()})
    _same("views.sql", _of_views(folder, {table for table, _ in tables}), dict.fromkeys(tables, ""))
    _check_levels(folder, levels)


def _same(name: str, found: Types, wanted: Types) -> None:
    for table, column in wanted.keys() | found.keys():
        there, should = found.get((table, column)), wanted.get((table, column))
        if there != should:
            rule = (
                f"{name} has no entry for the column"
                if there is None
                else f"{name} describes the column, and the table has none of that name"
                if should is None
                else f"{name} says its type is {there}, and it is {should}"
            )
            raise InvalidDataset(table, column, rule, [])


def _of_csv(folder: Path) -> Types:
    with (folder / "data_dictionary.csv").open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["column"]): row["type"] for row in csv.DictReader(file)}


def _of_markdown(folder: Path) -> Types:
    found: Types = {}
    table = ""
    for line in (folder / "data_dictionary.md").read_text(encoding="utf-8").split("\n"):
        if line.startswith("## "):
            table = line[3:]
        elif line.startswith("| `"):
            column, kind = line.split(" | ", 2)[:2]
            found[table, column[3:-1]] = kind.replace("\\", "")
    return found


def _of_html(folder: Path) -> Types:
    page = (folder / "data_dictionary.html").read_text(encoding="utf-8")
    return {(table, column): unescape(kind) for table, column, kind in _HTML_ROW.findall(page)}


def _of_datapackage(folder: Path) -> Types:
    package = json.loads((folder / "datapackage.json").read_bytes())
    return {
        (resource["name"], field["name"]): field["type"]
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
    }


def _of_croissant(folder: Path) -> Types:
    dataset = json.loads((folder / "croissant.json").read_bytes())
    return {
        (records["name"], field["source"]["extract"]["column"]): field["dataType"]
        for records in dataset["recordSet"]
        for field in records["field"]
    }


def _of_views(folder: Path, tables: set[str]) -> Types:
    found = _SQL_COMMENT.findall((folder / "views.sql").read_text(encoding="utf-8"))
    return {(view, column): "" for view, column in found if view in tables or not view.endswith("_full")}


def _check_levels(folder: Path, wanted: dict[tuple[str, str], list[str]]) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    with (folder / "value_labels.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["table"], row["column"]), []).append(row["level"])
    for table, column in wanted.keys() | found.keys():
        if found.get((table, column)) != wanted.get((table, column)):
            rule = "value_labels.csv has other levels than the column"
            raise InvalidDataset(table, column, rule, [])
