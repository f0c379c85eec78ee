"""Tables as statistics packages want them: numbers for levels, with labels of variables and of values.

Everything comes from the dictionary files that lie beside the tables.
"""

import csv
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import polars as pl

from pipeline.faults import Fault

# Texts of whole articles are longer than what these packages are made for.
LEFT_OUT = ("article_text",)
_YES_NO = {0: "no", 1: "yes"}


@dataclass(frozen=True)
class Labelled:
    """A table with its labels; `value_labels` has the word of each number of each coded column.

    A level is its number in the dictionary, from 1; a truth value 0 or 1; NULL text is empty text.
    """

    name: str
    title: str
    frame: pl.DataFrame
    labels: dict[str, str]
    value_labels: dict[str, dict[int, str]]


def pyreadstat() -> ModuleType:
    """Return the library that writes the files. Raises Fault when it is not installed."""
    if importlib.util.find_spec("pyreadstat") is None:
        raise Fault(
            "files for Stata and SPSS need pyreadstat", "install it: .venv/bin/pip install pyreadstat"
        )
    return importlib.import_module("pyreadstat")


def labelled_tables(processed: Path) -> Iterator[Labelled]:
    """Return the published tables in the order of the dictionary, one in memory at a time."""
    levels: dict[tuple[str, str], dict[str, tuple[int, str]]] = {}
    for row in _rows(processed / "value_labels.csv"):
        known = levels.setdefault((row["table"], row["column"]), {})
        known[row["level"]] = (int(row["level_no"]), row["label"])
    labels: dict[str, dict[str, str]] = {}
    for row in _rows(processed / "data_dictionary.csv"):
        labels.setdefault(row["table"], {})[row["column"]] = row["label"]
    for table, label_of in labels.items():
        if table not in LEFT_OUT:
            yield _labelled(processed, table, label_of, levels)


def _labelled(
    processed: Path,
    table: str,
    labels: dict[str, str],
    levels: dict[tuple[str, str], dict[str, tuple[int, str]]],
) -> Labelled:
    frame = pl.read_parquet(processed / f"{table}.parquet")
    value_labels: dict[str, dict[int, str]] = {}
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if known := levels.get((table, name)):
            codes = {level: number for level, (number, _) in known.items()}
            frame = frame.with_columns(column.replace_strict(codes, return_dtype=pl.Int32))
            value_labels[name] = dict(known.values())
        elif kind == pl.Boolean:
            frame = frame.with_columns(column.cast(pl.Int32))
            value_labels[name] = _YES_NO
        elif kind == pl.String:
            frame = frame.with_columns(column.fill_null(""))
        elif isinstance(kind, pl.Datetime):
            frame = frame.with_columns(column.dt.replace_time_zone(None))
    return Labelled(table, f"On the Record: {table}", frame, labels, value_labels)


def shortened(text: str, longest: int, size: Callable[[str], int] = len) -> str:
    """Return a text of which the beginning is kept, with … at its end, when its size is over `longest`."""
    if size(text) <= longest:
        return text
    kept = text[:longest]
    while size(kept + "…") > longest:
        kept = kept[: -max(1, (size(kept + "…") - longest) // 4)]
    return kept + "…"


def n_bytes(text: str) -> int:
    """Return the size of a text in UTF-8."""
    return len(text.encode())


def notes(cut: dict[str, int]) -> str:
    """Return the words of NOTES.txt; `cut` has, by table.column, how many texts were cut."""
    lines = [
        "Made from the Parquet tables by `python -m pipeline export`.",
        "",
        "Levels of closed vocabularies are numbers with value labels, in the order of the data dictionary.",
        "Truth values are 0 (no) and 1 (yes). Times are UTC. NULL texts are empty texts.",
        "Offsets count Unicode code points of the raw file, from 0, end exclusive.",
        f"Left out, since its texts are too long: {', '.join(LEFT_OUT)}.",
        "",
    ]
    lines += [f"{column}: {n} texts were too long and end with …" for column, n in cut.items()]
    return "\n".join([*lines, ""] if cut else lines)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except FileNotFoundError:
        raise Fault(
            f"{path} is missing", "name the folder of a dataset that `make dataset` built with this version"
        ) from None
