"""A folder that a command writes for the user: whole or not at all, and never over somebody's files."""

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline import storage
from pipeline.faults import Fault

# Says which command made a folder, so that the same command may replace it.
MARK = ".made_by"


def write_folder(
    to: Path, made_by: str, *, apart_from: Sequence[Path], write: Callable[[Path], None]
) -> None:
    """Let `write` fill an empty folder aside, then put it at `to` in place of what `made_by` put there.

    Raises Fault when `to` lies in one of the folders `apart_from` or holds one, or holds other files.
    """
    refuse(to, made_by, apart_from=apart_from)
    place = Path(os.path.realpath(to))
    aside = place.with_name(f".{place.name}.partial")
    before = place.with_name(f".{place.name}.before")
    try:
        storage.remove(aside)
        aside.mkdir(parents=True)
        try:
            write(aside)
            (aside / MARK).write_text(made_by + "\n", encoding="utf-8")
            for path in sorted(aside.rglob("*")):
                if path.is_file():
                    storage.sync_file(path)
            storage.remove(before)
            if place.exists():
                storage.replace(place, before)
            storage.replace(aside, place)
        finally:
            with contextlib.suppress(OSError):
                storage.remove(aside)
        storage.remove(before)
    except OSError as error:
        raise storage.explain(error, f"writing {to}") from None


def refuse(to: Path, made_by: str, *, apart_from: Sequence[Path]) -> None:
    """Raise Fault when a command may not write its folder at `to`."""
    place = Path(os.path.realpath(to))
    for folder in apart_from:
        other = Path(os.path.realpath(folder))
        if place == other or other in place.parents or place in other.parents:
            raise Fault(f"--to {to} and {folder} lie inside each other", "name a folder outside it")
    if not place.exists():
        return
    if not place.is_dir():
        raise Fault(f"--to {to} is not a folder", "name a folder")
    try:
        names = sorted(path.name for path in place.iterdir())
    except OSError as error:
        raise Fault(f"--to {to} cannot be read ({error.strerror})", "name another folder") from None
    if names and _mark(place) != made_by:
        raise Fault(
            f"--to {to} holds files that `{made_by}` did not make (such as {names[0]!r})",
            "name a new or empty folder",
        )


def _mark(folder: Path) -> str | None:
    mark = folder / MARK
    if mark.is_symlink() or not mark.is_file():
        return None
    with mark.open("rb") as file:
        return file.read(200).decode("utf-8", "replace").strip()
