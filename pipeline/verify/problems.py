"""What verify finds wrong, told by file, table, row, rule and what to do; and what it counted on the way."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHOWN = 50

REBUILD = "build the dataset again, or fetch it again from where you have it"
PUT_BACK = "put the file back as it was, or build again"


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that is broken. `where` is a file; table and row are empty for what concerns a whole file."""

    where: str
    table: str
    row: str
    rule: str
    to_do: str

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (self.where, self.table and f"table {self.table}", self.row and f"row {self.row}")
            if part
        )
        return _harmless(f"{place}: {self.rule}: {self.to_do}.")


@dataclass
class Findings:
    """The first problems, how many there are, and counts of what was proved."""

    shown: list[Problem] = field(default_factory=list)
    n_problems: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, problem: Problem) -> None:
        """Keep a problem, or only count it when there are many already."""
        self.n_problems += 1
        if len(self.shown) < SHOWN:
            self.shown.append(problem)

    def in_row(self, table: str, key: tuple[str, ...], row: Mapping[str, Any], rule: str) -> None:
        """Keep a problem of a row of a table."""
        shown = ", ".join(f"{name}={row.get(name)!r}" for name in key)
        self.add(Problem(f"{table}.parquet", table, shown, rule, REBUILD))

    def in_table(self, table: str, rule: str) -> None:
        """Keep a problem of a whole table."""
        self.add(Problem(f"{table}.parquet", table, "", rule, REBUILD))

    def in_file(self, name: str, rule: str) -> None:
        """Keep a problem of a file of the dataset that is no table."""
        self.add(Problem(name, "", "", rule, REBUILD))

    def in_raw(self, raw_path: str, rule: str, to_do: str = PUT_BACK) -> None:
        """Keep a problem of a raw file."""
        self.add(Problem(raw_path, "", "", rule, to_do))


def _harmless(text: str) -> str:
    """Return a line that moves no cursor and hides nothing on a terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
