"""Watches the raw folder and tells, burst by burst, which files have arrived, changed or gone."""

import os
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from pipeline.arrivals import Arrivals, Stamp
from pipeline.faults import Fault

# How often arrivals are looked at again, in milliseconds.
_TICK = 500
# Stands for files whose names are not UTF-8: watchfiles cannot tell them, only that there was one.
_ODD_NAME = "a file whose name is not UTF-8"


async def bursts(raw: Path, settle: float, patience: float) -> AsyncGenerator[list[str], None]:
    """Give the names of each burst of complete files, relative to `raw`; runs until it is cancelled.

    An empty list means that nobody knows what happened: it comes first, as soon as the folder is watched,
    and when the raw folder was replaced. Folders are watched one by one: a watch over the whole tree would
    follow links out of it. Raises Fault when the system cannot watch the folder.
    """
    from watchfiles import awatch

    def look(name: str) -> Stamp:
        try:
            status = os.lstat(os.path.join(raw, name))  # noqa: PTH118 (a Path would refuse odd names)
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns

    arrivals = Arrivals(settle, patience)
    watched = folders(raw)
    unknown = True
    while True:
        identity = _identity(raw)
        changes = awatch(
            *watched,
            watch_filter=None,
            debounce=_TICK,
            rust_timeout=_TICK,
            yield_on_timeout=True,
            recursive=False,
            ignore_permission_denied=True,
        )
        found = watched
        try:
            async for change in changes:
                if unknown:
                    unknown = False
                    yield []
                now = time.monotonic()
                paths = {path for _, path in change}
                arrivals.changed((os.path.relpath(path, raw) for path in paths), look, now)
                if due := arrivals.announce(look, now):
                    yield due
                if _identity(raw) != identity:
                    break
                if paths:
                    found = folders(raw)
                    if found != watched:
                        break
        except (OSError, ExceptionGroup) as error:
            if _is_odd_name(error):
                arrivals.changed([_ODD_NAME], look, time.monotonic())
            elif raw.is_dir() and _identity(raw) == identity and folders(raw) == watched:
                raise Fault(
                    f"the raw folder {raw} cannot be watched ({error})",
                    "raise the system's limit (fs.inotify.max_user_watches), or set "
                    "WATCHFILES_FORCE_POLLING=1 to look again and again instead",
                ) from None
        finally:
            await changes.aclose()
        if _identity(raw) != identity:
            while not raw.is_dir():
                await _pause()
            unknown = True
            found = folders(raw)
        else:
            # What came into a new folder before it was watched.
            new = [os.path.relpath(folder, raw) for folder in found if folder not in watched]
            arrivals.changed(new, look, time.monotonic())
        watched = found


def folders(raw: Path) -> list[str]:
    """Return the raw folder and all folders in it that are no links and not hidden, in order."""
    found = [str(raw)]
    for folder in found:
        try:
            with os.scandir(folder) as entries:
                found += [
                    entry.path
                    for entry in entries
                    if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
                ]
        except OSError:
            continue
    return sorted(found)


def _is_odd_name(error: BaseException) -> bool:
    if isinstance(error, ExceptionGroup):
        return any(map(_is_odd_name, error.exceptions))
    return "Unable to decode path" in str(error)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


async def _pause() -> None:
    import anyio

    await anyio.sleep(_TICK / 1000)
