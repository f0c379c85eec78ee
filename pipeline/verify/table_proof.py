"""The tables against their schemas: columns, types, values, keys, links; and the dictionary."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import polars as pl

from pipeline.frames import TABLE_BY_NAME, InvalidDataset, schema_of, validate
from pipeline.publish.parquet import arrow_schema
from pipeline.verify.problems import Findings
from pipeline.verify.reading import Unreadable, batches, open_table

# So many different values are held at a time; a larger table is read several times.
_VALUES = 2_000_000


def prove_tables(
    processed: Path, findings: Findings, on_progress: Callable[[int], None] | None = None
) -> bool:
    """Prove every table by itself. Returns whether they have the columns and types that the rest needs."""
    whole = True
    for number, table in enumerate(TABLE_BY_NAME, start=1):
        try:
            with open_table(processed, table) as file:
                if not prove_columns(table, file.schema_arrow, findings):
                    whole = False
                    continue
            for frame in batches(processed, table):
                findings.counts["rows"] += len(frame)
                try:
                    validate(table, frame)
                except InvalidDataset as error:
                    findings.in_table(table, " ".join(str(error).split()))
        except Unreadable as error:
            findings.in_table(table, str(error.why))
            whole = False
        findings.counts["tables"] += 1
        if on_progress:
            on_progress(number)
    return whole


def prove_keys_and_links(processed: Path, findings: Findings) -> None:
    """Prove that no key stands twice and that what a row points to is there."""
    for table, model in TABLE_BY_NAME.items():
        unique = [(name,) for name, column in schema_of(table).columns.items() if column.unique]
        for columns in dict.fromkeys([tuple(model.key), *unique]):
            _prove_unique(processed, table, columns, findings)
            findings.counts["keys"] += 1
        for here, there, columns in model.links:
            _prove_link(processed, table, here, there, columns, findings)
            findings.counts["links"] += 1


def prove_dictionary(processed: Path, findings: Findings) -> None:
    """Prove that the data dictionary lists the columns of the tables, these only, in their order."""
    path = processed / "data_dictionary.csv"
    wanted = [(table, name) for table in TABLE_BY_NAME for name in schema_of(table).columns]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = [(row["table"], row["column"]) for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        findings.in_file(path.name, f"it cannot be read ({error})")
        return
    for table, name in wanted:
        if (table, name) not in found:
            findings.in_file(path.name, f"it does not list {table}.{name}")
    for table, name in found:
        if (table, name) not in wanted:
            findings.in_file(path.name, f"it lists {table}.{name}, which no table has")
    findings.counts["dictionary"] += len(found)


def prove_columns(table: str, found: object, findings: Findings) -> bool:
    """Prove that a Parquet file has the columns and types of a table, and return whether it has."""
    wanted = {field.name: (str(field.type), field.nullable) for field in arrow_schema(table)}
    there = {field.name: (str(field.type), field.nullable) for field in found}  # type: ignore[attr-defined]
    rules = [f"column {name} is missing" for name in wanted if name not in there]
    rules += [f"column {name} does not belong there" for name in there if name not in wanted]
    for name, (kind, nullable) in wanted.items():
        if name in there and there[name][0] != kind:
            rules.append(f"column {name} has the type {there[name][0]}, and the schema says {kind}")
        elif name in there and there[name][1] and not nullable:
            rules.append(f"column {name} may be NULL, and the schema says it may not")
    if not rules and list(wanted) != list(there):
        rules.append("the columns are not in the order of the schema")
    for rule in rules:
        findings.in_table(table, rule)
    return not rules


def _prove_unique(processed: Path, table: str, columns: Sequence[str], findings: Findings) -> None:
    for part, n_parts in _parts(processed, table):
        seen = list(_values(processed, table, columns, part, n_parts))
        if not seen:
            continue
        together = pl.concat(seen)
        twice = together.filter(pl.struct(columns).is_duplicated()).unique(maintain_order=True)
        for row in twice.iter_rows(named=True):
            findings.in_row(table, tuple(columns), row, f"the key {', '.join(columns)} stands twice")


def _prove_link(
    processed: Path,
    table: str,
    here: Sequence[str],
    there: str,
    columns: Sequence[str],
    findings: Findings,
) -> None:
    to = f"{there}.{', '.join(columns)}"
    renamed = dict(zip(columns, here, strict=True))
    for part, n_parts in _parts(processed, there):
        known = [
            values.rename(renamed).unique() for values in _values(processed, there, columns, part, n_parts)
        ]
        if not known:
            known = [pl.DataFrame(schema=dict.fromkeys(here, pl.String))]
        everything = pl.concat(known).unique()
        for values in _values(processed, table, here, part, n_parts, with_key=True):
            lost = values.drop_nulls(list(here)).join(everything, on=list(here), how="anti")
            for row in lost.iter_rows(named=True):
                rule = (
                    f"{', '.join(here)} {', '.join(repr(row[name]) for name in here)} stands nowhere in {to}"
                )
                findings.in_row(table, TABLE_BY_NAME[table].key, row, rule)


def _parts(processed: Path, table: str) -> Iterator[tuple[int, int]]:
    with open_table(processed, table) as file:
        n_parts = 1 + file.metadata.num_rows // _VALUES
    return ((part, n_parts) for part in range(n_parts))


def _values(
    processed: Path,
    table: str,
    columns: Sequence[str],
    part: int,
    n_parts: int,
    *,
    with_key: bool = False,
) -> Iterator[pl.DataFrame]:
    """Yield the values of some columns, of rows whose hash falls into a part."""
    wanted = list(dict.fromkeys([*columns, *(TABLE_BY_NAME[table].key if with_key else ())]))
    for frame in batches(processed, table, wanted):
        if n_parts == 1:
            yield frame
        else:
            # The same values hash alike whatever their columns are called.
            numbered = frame.select(pl.col(name).alias(str(place)) for place, name in enumerate(columns))
            yield frame.filter(numbered.hash_rows() % n_parts == part)
