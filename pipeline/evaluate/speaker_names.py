"""When two lists of speakers name the same."""

import re
from collections.abc import Sequence

_LEADING = re.compile(r"(?:the|president|former)\s+")


def name_set(speakers: str | Sequence[str] | None) -> frozenset[str]:
    """Return the names as a set in which case, order and one leading *the*, *president*, *former* are gone.

    A string holds names that are divided by ';'.
    """
    if isinstance(speakers, str):
        speakers = speakers.split(";")
    return frozenset(_plain(name) for name in speakers or () if name.strip())


def _plain(name: str) -> str:
    name = name.strip().casefold()
    found = _LEADING.match(name)
    return name[found.end() :] if found else name
