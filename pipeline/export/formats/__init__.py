"""The formats: one module each, found by listing this folder.

A format module has a docstring of one line, which `export --help` shows, and
`write(processed, out)`, which reads the published tables in `processed` and writes into the empty folder
`out`. It writes as it reads: memory does not grow with the corpus. What the user can mend it raises as Fault.
"""

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Protocol, cast


class Format(Protocol):
    """What a format module offers."""

    __doc__: str | None

    def write(self, processed: Path, out: Path) -> None:
        """Write the dataset into the folder `out`, which is there and empty."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of all formats in order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def load(name: str) -> Format:
    """Return a format by its name, which is that of its module."""
    return cast(Format, importlib.import_module(f"{__name__}.{name}"))


def description(name: str) -> str:
    """Return what a format is, in a line, without importing what it needs."""
    import ast

    source_code = Path(__path__[0], f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source_code)) or "").split("\n")[0]
