"""The raw folder: which files it holds, which of them changed, and reading them safely.

Raw files are hostile: names of any bytes, links that lead out or in circles, pipes, folders that may not
be entered, files that change while they are read. Nothing here raises for a single bad file.
"""

import errno
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import storage
from pipeline.faults import Fault

MANIFEST = "manifest.csv"
CORRECTIONS = "corrections.csv"
AUTHORITY = "authority"
# What `reason_code` says of files that steer the build: listed in sources, and no articles.
STEERING = ("manifest", "authority_file", "corrections")
DEFAULT_MAX_BYTES = 50_000_000

# What downloads, copies and editors call a file while they write it.
_UNFINISHED_ENDINGS = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".swp", "~")
_CHUNK = 1 << 20
# A file may change again within the same tick of the file system's clock: one that is this young is
# hashed again at the next scan, as git does with "racily clean" entries.
_YOUNG_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file under the raw folder. `name` is its path as bytes kept in a str (surrogateescape)."""

    name: str
    size: int | None
    sha256: str | None
    reason_code: str | None = None
    message: str | None = None

    @property
    def raw_path(self) -> str:
        """Return the path as the tables show it: a unique valid string, odd bytes escaped."""
        return shown_path(self.name)

    def as_json(self) -> str:
        """Return all that is known of the file, for fingerprints."""
        return json.dumps([self.name, self.size, self.sha256, self.reason_code, self.message])


@dataclass
class Scan:
    """What lies under the raw folder, in code-point order of the path."""

    files: list[RawFile]
    # What to remember for the next scan: file name → [size, mtime, ctime, inode, sha256].
    memory: dict[str, list[int | str]] = field(default_factory=dict)
    n_hashed: int = 0


class Changed(Exception):
    """A file is not any more what the scan saw."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def shown_path(name: str) -> str:
    """Return a file name as a valid string: a backslash doubled, a byte that is not UTF-8 as \\xNN."""
    if name.isascii() and "\\" not in name:
        return name
    return os.fsencode(name).replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


def is_unfinished(name: str) -> bool:
    """Tell whether a file of this name is one that a download, copy or editor has not finished."""
    last = name.rpartition("/")[2]
    return last.startswith("~$") or last.casefold().endswith(_UNFINISHED_ENDINGS)


def scan(
    raw: Path,
    *,
    remembered: Mapping[str, list[int | str]],
    max_bytes: int = DEFAULT_MAX_BYTES,
    check: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> Scan:
    """List every file under `raw` with the hash of its bytes.

    A file is read again only when size, mtime, ctime or inode differ from what `remembered` says, when it
    was too young to trust these, or with `check`. Links are followed only to files inside `raw`.
    """
    if not raw.is_dir():
        raise Fault(f"the raw folder {raw} does not exist or is no folder", "name the folder with --raw")
    found = Scan([])
    root = os.path.realpath(raw)
    now = time.time_ns()
    for count, (name, entry) in enumerate(_walk(raw, "")):
        found.files.append(_look(name, entry, root, remembered, max_bytes, check, now, found))
        if on_progress and count % 1000 == 999:
            on_progress(count + 1)
    found.files.sort(key=lambda file: file.raw_path)
    return found


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str] | RawFile]]:
    waiting = [(str(folder), prefix)]
    while waiting:
        path, prefix = waiting.pop()
        try:
            with os.scandir(path) as entries:
                listed = list(entries)
        except OSError as error:
            if not prefix:
                raise Fault(
                    f"the raw folder {path} cannot be read ({error.strerror})", "allow reading it"
                ) from None
            message = f"the folder cannot be read ({error.strerror}): allow reading it"
            yield prefix[:-1], RawFile(prefix[:-1], None, None, "unreadable_folder", message)
            continue
        for entry in listed:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, name + "/"))
            else:
                yield name, entry


def _look(
    name: str,
    entry: os.DirEntry[str] | RawFile,
    root: str,
    remembered: Mapping[str, list[int | str]],
    max_bytes: int,
    check: bool,
    now: int,
    found: Scan,
) -> RawFile:
    if isinstance(entry, RawFile):
        return entry
    try:
        if entry.is_symlink():
            refused = _refuse_link(entry.path, root)
            if refused:
                return RawFile(name, None, None, *refused)
        status = entry.stat()
    except OSError as error:
        return RawFile(name, None, None, *_reason(error))
    if not stat.S_ISREG(status.st_mode):
        return RawFile(
            name, None, None, "not_a_file", "it is a pipe, socket or device, not a file: remove it"
        )
    size = status.st_size
    if name.startswith(".") or "/." in name:
        return RawFile(name, size, None, "hidden_file", "names that start with a dot are not read: rename it")
    if is_unfinished(name):
        message = "its name is that of an unfinished download, copy or draft: rename it when it is complete"
        return RawFile(name, size, None, "unfinished_file", message)
    if size > max_bytes:
        message = f"{size:,} bytes are over the bound of {max_bytes:,}: split the file or raise --max-bytes"
        return RawFile(name, size, None, "too_large", message)
    stamp: list[int | str] = [size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    known = remembered.get(name)
    if known and known[:4] == stamp and not check:
        sha256 = str(known[4])
    else:
        found.n_hashed += 1
        try:
            sha256 = _hash(entry.path, max_bytes)
        except OSError as error:
            return RawFile(name, size, None, *_reason(error))
    if max(status.st_mtime_ns, status.st_ctime_ns) < now - _YOUNG_NS:
        found.memory[name] = [*stamp, sha256]
    if name == MANIFEST:
        return RawFile(name, size, sha256, "manifest", None)
    if name == CORRECTIONS:
        return RawFile(name, size, sha256, "corrections", None)
    if name.startswith(f"{AUTHORITY}/") and name.endswith(".csv"):
        return RawFile(name, size, sha256, "authority_file", None)
    return RawFile(name, size, sha256)


def _refuse_link(path: str, root: str) -> tuple[str, str] | None:
    try:
        target = os.path.realpath(path, strict=True)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "link_loop", "the link leads in a circle: remove it"
        if error.errno == errno.ENOENT:
            return "dangling_link", "the link leads nowhere: mend or remove it"
        return _reason(error)
    if not (target + "/").startswith(root.rstrip("/") + "/"):
        return "link_outside_raw", "the link leads out of the raw folder: copy the file into it"
    if Path(target).is_dir():
        return "link_to_folder", "links to folders are not followed: copy the folder"
    return None


def _reason(error: OSError) -> tuple[str, str]:
    if isinstance(error, FileNotFoundError):
        return "vanished", "the file vanished during the build: build again when it is back"
    if isinstance(error, PermissionError):
        return "unreadable", "the file may not be read: allow reading it"
    if error.errno == errno.ELOOP:
        return "link_loop", "the link leads in a circle: remove it"
    return "unreadable", f"the file cannot be read ({error.strerror}): look at the disk"


def _open(path: str) -> int:
    # A pipe put in the file's place would block for ever, hence O_NONBLOCK.
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))


def _hash(path: str, max_bytes: int) -> str:
    digest = hashlib.sha256()
    descriptor = _open(path)
    try:
        left = max_bytes + 1
        while left > 0 and (chunk := os.read(descriptor, min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    finally:
        os.close(descriptor)
    return digest.hexdigest()


def read(raw: Path, name: str, sha256: str, max_bytes: int) -> bytes:
    """Return the bytes of a raw file that the scan saw.

    Raises Changed when the file is gone, unreadable, or has other bytes than it had then.
    """
    try:
        descriptor = _open(os.path.join(raw, name))  # noqa: PTH118 (a Path would refuse odd names)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(max_bytes + 1) or b""  # None: a pipe that has nothing to give
    except OSError as error:
        raise Changed(*_reason(error)) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Changed("changed", "the file changed during the build: build again to take it in")
    return content


def load_memory(path: Path) -> dict[str, list[int | str]]:
    """Return what the last scan remembered, or nothing when it is not there as it was written."""
    try:
        seal, _, content = storage.read_bytes(path).partition(b"\n")
    except OSError:
        return {}
    if seal != _seal(content):
        return {}
    found: dict[str, list[int | str]] = json.loads(content)
    return found


def save_memory(path: Path, scan: Scan) -> None:
    """Keep what the next scan needs to tell a changed file by its stat alone."""
    content = json.dumps(scan.memory).encode()
    storage.write_bytes(path, _seal(content) + b"\n" + content)


def _seal(content: bytes) -> bytes:
    # A hash that was remembered wrongly would keep a good file out of every further build.
    return hashlib.sha256(content).hexdigest().encode()
