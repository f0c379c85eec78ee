"""The dataset as a Frictionless Data Package (https://datapackage.org, version 2): `datapackage.json`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pandera.polars import Check, Column

from pipeline.frames import TABLE_BY_NAME, schema_of
from pipeline.publish import title
from pipeline.publish.dictionary import Entry, about
from pipeline.publish.files import TableFile
from schemas.table import Table

FIELD_TYPES = {
    "string": "string",
    "int32": "integer",
    "double": "number",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us, tz=UTC]": "datetime",
}
# A rule of pandera, the name of its number or list there, and the constraint that says the same.
_CONSTRAINTS = {
    "isin": ("allowed_values", "enum"),
    "greater_than_or_equal_to": ("min_value", "minimum"),
    "greater_than": ("min_value", "exclusiveMinimum"),
    "less_than_or_equal_to": ("max_value", "maximum"),
    "less_than": ("max_value", "exclusiveMaximum"),
    "str_matches": ("pattern", "pattern"),
}


def as_datapackage(entries: Sequence[Entry], files: Mapping[str, TableFile]) -> str:
    """Return `datapackage.json`: a resource per table, with the rules of its schema as constraints."""
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": title.NAME,
        "title": title.TITLE,
        "description": f"{title.DESCRIPTION} Licence: {title.LICENCE}",
        "version": title.VERSION,
        "resources": [
            _resource(model, [e for e in entries if e.table == table], files[table])
            for table, model in TABLE_BY_NAME.items()
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(model: type[Table], entries: Sequence[Entry], file: TableFile) -> dict[str, Any]:
    columns = schema_of(model.table_name).columns
    schema: dict[str, Any] = {
        "fields": [_field(entry, columns[entry.column]) for entry in entries],
        # NULL is NULL in Parquet; no text stands for it.
        "missingValues": [],
    }
    # Of a key, Frictionless wants every column filled; ours may hold NULL (a role without a first day).
    if not any(columns[name].nullable for name in model.key):
        schema["primaryKey"] = list(model.key)
    if model.links:
        schema["foreignKeys"] = [
            {
                "fields": list(here),
                # Of the table itself the specification wants the empty name.
                "reference": {"resource": "" if there == model.table_name else there, "fields": list(names)},
            }
            for here, there, names in model.links
        ]
    return {
        "name": model.table_name,
        "type": "table",
        "description": about(model),
        "path": file.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        # No `bytes`: the validator counts only the bytes of text files.
        "hash": f"sha256:{file.sha256}",
        "schema": schema,
    }


def _field(entry: Entry, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": entry.column,
        "type": FIELD_TYPES[entry.type],
        "title": entry.label,
        "description": entry.definition,
    }
    if entry.unit:
        field["unit"] = entry.unit
    if column.nullable and field["type"] in ("integer", "number"):
        # Readers that go through pandas, the validator among them, turn a NULL number into NaN; none is ours.
        field["missingValues"] = ["nan"]
    constraints: dict[str, Any] = {}
    if not column.nullable:
        constraints["required"] = True
    if column.unique:
        constraints["unique"] = True
    for check in column.checks:
        name, value = constraint_of(check)
        constraints[name] = value
    if constraints:
        field["constraints"] = constraints
    return field


def constraint_of(check: Check) -> tuple[str, Any]:
    """Return the constraint that says what a check of pandera says. KeyError: there is none."""
    statistic, name = _CONSTRAINTS[str(check.name)]
    value = (check.statistics or {})[statistic]
    return name, list(value) if isinstance(value, (list, tuple, set, frozenset)) else value
