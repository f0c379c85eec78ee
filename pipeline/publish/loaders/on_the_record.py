"""Load the tables beside this file with pandas: typed, labelled, and joined by their keys.

    import sys; sys.path.insert(0, "processed")
    import on_the_record as otr

    quotes = otr.read("quotes")
    otr.describe("quotes", "cue")
    joined = otr.join("quotes", "articles", "outlets")

Types: text, numbers, truth values, dates and UTC times of pyarrow, so that NULL stays NULL; a column with a
closed vocabulary is categorical, its levels in the order of the dictionary. It needs pandas 2.0 or later and
pyarrow.
"""

import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import pandas as pd

FOLDER = Path(__file__).absolute().parent


@cache
def _dictionary() -> pd.DataFrame:
    return _csv("data_dictionary.csv").set_index(["table", "column"])


@cache
def _levels() -> pd.DataFrame:
    return _csv("value_labels.csv").astype({"level_no": int}).set_index(["table", "column"])


def _csv(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, dtype=str, keep_default_na=False, encoding="utf-8")


def tables() -> list[str]:
    """Return the names of the tables."""
    return list(dict.fromkeys(_dictionary().index.get_level_values("table")))


def read(table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table, or these columns of it. Labels stand in `frame.attrs["labels"]`, by column.

    Raises KeyError when there is no such table or column, ValueError when dictionary and table disagree.
    """
    known = _columns(table)
    if columns is not None:
        for name in columns:
            _entry(table, name)
    frame = pd.read_parquet(
        FOLDER / f"{table}.parquet",
        columns=None if columns is None else list(columns),
        dtype_backend="pyarrow",
    )
    if columns is None and list(frame.columns) != list(known.index):
        raise ValueError(f"{table}.parquet and data_dictionary.csv do not belong together")
    for name in frame.columns:
        if known.loc[name, "allowed_values"]:
            frame[name] = _as_categories(table, name, frame[name])
    frame.attrs["table"] = table
    frame.attrs["labels"] = {name: known.loc[name, "label"] for name in frame.columns}
    return frame


def describe(table: str, column: str | None = None) -> "pd.Series | pd.DataFrame":
    """Return what the dictionary says of a column, or of all columns of a table."""
    return _columns(table) if column is None else _entry(table, column)


def levels(table: str, column: str) -> pd.DataFrame:
    """Return the levels of a closed vocabulary in their order, with label and definition."""
    _entry(table, column)
    if (table, column) not in _levels().index:
        return _levels().iloc[:0].reset_index(drop=True)
    return _levels().loc[[(table, column)]].reset_index(drop=True)


def join(*names: str, by: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the first table with the others joined to it by the references of the dictionary.

    Columns of a joined table are named after it: `name` of outlets is `outlets_name`. Every row of the first
    table stays. A table of which several rows belong to one row so far repeats that row, with a warning.
    `by` names the referring column where there are several: `by={"outlets": "agency_id"}`.
    Raises ValueError when no reference leads to a table.
    """
    by = by or {}
    first = names[0]
    joined = read(first)
    labels = dict(joined.attrs["labels"])
    # Where the columns of each table stand by now.
    place = {(first, column): column for column in joined.columns}
    for number, table in enumerate(names[1:], start=1):
        if table in names[:number]:
            raise ValueError(f"{table} is named twice")
        added = read(table)
        here, there = _reference(names[:number], table, by.get(table))
        left, right = place[here], f"{table}_{there}"
        labels |= {f"{table}_{name}": label for name, label in added.attrs["labels"].items()}
        added = added.rename(columns={name: f"{table}_{name}" for name in added.columns})
        added.attrs = {}
        added = added[added[right].notna()]
        n_rows = len(joined)
        if added[right].duplicated().any():
            joined = joined.merge(added, how="left", left_on=left, right_on=right)
            warnings.warn(
                f"several rows of {table} belong to one row: {n_rows} rows became {len(joined)}", stacklevel=2
            )
        else:
            joined = joined.merge(added, how="left", left_on=left, right_on=right, validate="many_to_one")
        place |= {(table, name): f"{table}_{name}" for name in _columns(table).index}
        # The same values twice; the column that was there first stays.
        joined = joined.drop(columns=right)
        place[table, there] = left
    joined.attrs = {"table": first, "labels": {name: labels[name] for name in joined.columns}}
    return joined


def page_of(quote_id: str) -> str:
    """Return the path of the reading page on which a quote stands, with the anchor of the quote.

    Raises FileNotFoundError when the folder has no reading page, KeyError when it has no such quote.
    """
    documents = FOLDER / "report" / "documents"
    if not documents.is_dir():
        raise FileNotFoundError(f"no reading page in {FOLDER}: `make dataset` writes one")
    if quote_id not in _quote_ids():
        raise KeyError(f"no quote {quote_id}; the column quote_id of quotes has them")
    article_id, _, anchor = quote_id.partition(":")
    return f"{documents / article_id}.html#q-{anchor}"


@cache
def _quote_ids() -> frozenset[str]:
    return frozenset(read("quotes", ["quote_id"])["quote_id"])


def _columns(table: str) -> pd.DataFrame:
    if table not in tables():
        raise KeyError(f"no table {table}; there are {', '.join(tables())}")
    return cast(pd.DataFrame, _dictionary().xs(table))


def _entry(table: str, column: str) -> pd.Series:
    known = _columns(table)
    if column not in known.index:
        raise KeyError(f"{table} has no column {column}; it has {', '.join(known.index)}")
    return cast("pd.Series", known.xs(column))


def _as_categories(table: str, column: str, values: pd.Series) -> pd.Series:
    order = levels(table, column)["level"]
    unknown = set(values.dropna()) - set(order)
    if unknown:
        raise ValueError(f"{table}.{column} has values that value_labels.csv lacks: {sorted(unknown)}")
    return values.astype(pd.CategoricalDtype(list(order)))


def _reference(before: Sequence[str], table: str, wanted: str | None) -> tuple[tuple[str, str], str]:
    """Return (table, column) among those before, and the column of `table` that has the same values."""
    for one in before:  # several rows there, one here
        if found := _the_reference(one, table, table, wanted):
            return (one, found[0]), found[1]
    for one in before:  # one row there, several here
        if found := _the_reference(table, one, table, wanted):
            return (one, found[1]), found[0]
    raise ValueError(f"no reference of the dictionary leads from {', '.join(before)} to {table}")


def _the_reference(table: str, target: str, joined: str, wanted: str | None) -> tuple[str, str] | None:
    found = _references(table, target)
    if wanted is not None:
        found = {column: there for column, there in found.items() if column == wanted}
    # Of several, the one that bears the name of its target is meant.
    found = {column: there for column, there in found.items() if column == there} or found
    if len(found) > 1:
        choice = f"by={{'{joined}': '{min(found)}'}}"
        raise ValueError(f"{table} refers to {target} by {' and '.join(found)}: say which, as {choice}")
    return next(iter(found.items()), None)


def _references(table: str, target: str) -> dict[str, str]:
    """Return the columns of a table that refer to `target`, each with the column there."""
    found: dict[str, str] = {}
    for column, references in _columns(table)["references"].items():
        for reference in filter(None, references.split(", ")):
            name, _, there = reference.partition(".")
            if name == target:
                found[str(column)] = there
    return found
