"""The layouts: one module each, found by listing this folder.

A layout module says how a page is built, not who published it. It has `NAME` (the module's name),
`recognise(page, known)`, the evidence from form alone that a page is built so, 0 to 1, and
`read(page, known)`, which gives every line a type.
"""

import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

from pipeline.ingest.known import Known
from pipeline.ingest.page import Page
from pipeline.ingest.reading import Reading


class Layout(Protocol):
    """What a layout module offers."""

    NAME: str

    def recognise(self, page: Page, known: Known) -> float:
        """Return the evidence that the page is built in this way, 0 to 1."""

    def read(self, page: Page, known: Known) -> Reading:
        """Give every line of the page a type, and collect what the page states."""


@cache
def layouts() -> tuple[Layout, ...]:
    """Return every layout in order of name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(cast(Layout, importlib.import_module(f"{__name__}.{name}")) for name in names)


def choose_layout(page: Page, known: Known) -> Layout:
    """Return the layout with the most evidence; of equal ones the first by name."""
    scores = [(-layout.recognise(page, known), layout.NAME) for layout in layouts()]
    chosen = min(scores)[1]
    return next(layout for layout in layouts() if chosen == layout.NAME)
