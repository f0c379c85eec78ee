"""Prefect's database of past runs, which a build must not depend on."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pipeline import storage
from pipeline.progress import Progress

_DATABASE = "prefect.db"


def set_aside_if_damaged(home: Path, progress: Progress) -> None:
    """Move a damaged database out of the way of the server that is about to start with this home.

    Only the history is lost with it. A server that finds it damaged would not start, and not say why.
    """
    path = home / _DATABASE
    if path.is_file() and _is_damaged(path):
        for ending in ("-wal", "-shm"):
            storage.remove(path.with_name(path.name + ending))
        aside = path.with_name(f"{path.name}.damaged")
        storage.replace(path, aside)
        progress.say(f"Prefect's history was damaged and is now {aside}; a new one begins")


def _is_damaged(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:
        return False  # a full disk or a lock; the server will tell
    except sqlite3.DatabaseError:
        return True
