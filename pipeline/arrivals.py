"""When files that arrive under the raw folder are complete, and how a burst of them becomes one message.

No clock, no file system and no Prefect here: the time and what a file looks like are handed in.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.raw_files import is_unfinished

# Size in bytes and time of the last change in nanoseconds; None: the file is not there (any more).
Stamp: TypeAlias = tuple[int, int] | None


def counts(name: str) -> bool:
    """Tell whether a file of this name, relative to the raw folder, is one to wait for.

    The scan reads neither hidden files nor those whose names are of unfinished ones.
    """
    return not is_unfinished(name) and not any(part.startswith(".") for part in name.split("/"))


@dataclass
class _Arrival:
    stamp: Stamp
    since: float
    complete: bool = False


class Arrivals:
    """Files that changed and are not announced yet.

    A file is complete when its size and time have not changed for `settle` seconds. All are announced
    together, when the last one is complete; but none waits longer than `patience` seconds for others.
    """

    def __init__(self, settle: float, patience: float) -> None:
        self._settle = settle
        self._patience = patience
        self._waiting: dict[str, _Arrival] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def changed(self, names: Iterable[str], look: Callable[[str], Stamp], now: float) -> None:
        """Note that something happened to these files: they came, were written to, or went."""
        for name in names:
            if counts(name):
                self._waiting[name] = _Arrival(look(name), now)

    def announce(self, look: Callable[[str], Stamp], now: float) -> list[str]:
        """Return the names that are due, in order, and forget them; mostly none."""
        for name, arrival in self._waiting.items():
            if arrival.complete or now - arrival.since < self._settle:
                continue
            stamp = look(name)
            if stamp == arrival.stamp:
                arrival.complete = True
            else:
                arrival.stamp, arrival.since = stamp, now
        complete = [name for name, arrival in self._waiting.items() if arrival.complete]
        if len(complete) < len(self._waiting) and not self._is_overdue(now):
            return []
        for name in complete:
            del self._waiting[name]
        return sorted(complete)

    def _is_overdue(self, now: float) -> bool:
        return any(a.complete and now - a.since >= self._patience for a in self._waiting.values())
