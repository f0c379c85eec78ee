"""Every write of the pipeline: whole or not at all, and on the disk before anything points to it."""

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.faults import Fault


def read_bytes(path: Path) -> bytes:
    """Return the content of a file."""
    return path.read_bytes()


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that at any moment either the old or the whole new content stands at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    replace(partial, path)


def replace(old: Path, new: Path) -> None:
    """Rename a file, link or folder in one step and put the change on the disk."""
    old.replace(new)
    sync_folder(new.parent)


def sync_file(path: Path) -> None:
    """Put the content of a file on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:  # some network file systems do not sync folders
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def point_link(link: Path, target: str) -> None:
    """Make `link` point to `target` in one step, whether it stood there before or not."""
    partial = link.with_name(f".{link.name}.partial")
    remove(partial)
    partial.symlink_to(target)
    replace(partial, link)


def remove(path: Path) -> None:
    """Remove a file, link or whole folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path, *, on_wait: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the folder's lock; wait for another process that holds it.

    The lock belongs to the open file, so the system frees it when the process ends in any way: there is
    no stale lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(on_wait)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def explain(error: OSError, doing: str) -> Fault:
    """Return the fault that tells the user of a failed write in plain words."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Fault(
            f"the disk is full while {doing}{where}", "free some space and try again; nothing was changed"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Fault(
            f"no permission to write while {doing}{where}",
            "allow writing there or name another folder; nothing was changed",
        )
    return Fault(f"{error.strerror or error} while {doing}{where}", "try again; nothing was changed")
