"""Publishing in one atomic step: a whole release folder is written aside, then one link is turned to it.

`processed/` holds a link per file or folder of the release to `.current/<name>`, and `.current` is itself a
link to the release. Renaming a link is atomic on every POSIX file system, mounted volumes included, so a
reader sees all of the old dataset or all of the new one, and a crash at any moment leaves one of the two.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pipeline import storage

RELEASES = ".releases"
CURRENT = ".current"
# More new files than these are put on the disk together: one by one, each waits for the disk.
_SYNCED_ALONE = 200


def publish(processed: Path, write: Callable[[Path], Mapping[str, str] | None]) -> str:
    """Let `write` fill a new release folder, make it the current one, and return its id.

    The id is a hash of the content, so that the same dataset has the same id wherever it is built. `write`
    may return the SHA-256 of files by their path in the folder, which are then not read again. Files that it
    linked from the current release are on the disk already.
    """
    aside = processed / RELEASES / ".partial"
    storage.remove(aside)
    aside.mkdir(parents=True)
    try:
        known = write(aside) or {}
        _sync(aside)
    except BaseException:
        # A disk that is full gets its space back.
        with suppress(OSError):
            storage.remove(aside)
        raise
    release_id = content_id(aside, known)
    release = _place_for(processed, release_id)
    if release.exists():
        storage.remove(aside)
    else:
        storage.replace(aside, release)
    # New names first: until .current is turned they lead nowhere, which readers take for absent.
    names = {path.name for path in release.iterdir()}
    for name in sorted(names):
        _link(processed / name, f"{CURRENT}/{name}")
    _link(processed / CURRENT, f"{RELEASES}/{release.name}")
    tidy(processed)
    return release_id


def current_release(processed: Path) -> Path | None:
    """Return the folder of the current release, or None when there is none."""
    link = processed / CURRENT
    return processed / link.readlink() if link.is_symlink() and link.is_dir() else None


def current_files(processed: Path) -> dict[str, int] | None:
    """Return the files of the current release, by path, with their sizes.

    None when it is missing or not whole.
    """
    link = processed / CURRENT
    if not link.is_symlink() or not link.is_dir():
        return None
    files = {path: entry.stat().st_size for path, entry in _files(link)}
    for name in {path.partition("/")[0] for path in files}:
        shown = processed / name
        if not shown.is_symlink() or shown.readlink() != Path(CURRENT, name):
            return None
    return files


def content_id(folder: Path, known: Mapping[str, str] | None = None) -> str:
    """Return the hash of the paths and contents of all files in a folder.

    Files whose SHA-256 is `known` are not read.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path, _ in _files(folder)):
        sha256 = known.get(path) if known else None
        if sha256 is None:
            with (folder / path).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path} {sha256}\n".encode())
    return digest.hexdigest()[:16]


def _files(folder: Path, inside: str = "") -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Yield every file below a folder by its path there; there may be ten thousands of them."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path), f"{inside}{entry.name}/")
            else:
                yield inside + entry.name, entry


def _sync(aside: Path) -> None:
    """Put a release on the disk. A file with a second name is one of the release before: it is there."""
    new = sorted(path for path, entry in _files(aside) if entry.stat(follow_symlinks=False).st_nlink == 1)
    if len(new) > _SYNCED_ALONE:
        os.sync()
    else:
        for path in new:
            storage.sync_file(aside / path)
    for folder, _, _ in os.walk(aside):
        storage.sync_folder(Path(folder))


def tidy(processed: Path) -> None:
    """Remove what a crash or an earlier release left: old releases, half-written ones, links to nowhere."""
    link = processed / CURRENT
    current = link.readlink().name if link.is_symlink() else None
    for path in (processed / RELEASES).glob("*"):
        if path.name != current:
            storage.remove(path)
    for path in processed.iterdir():
        leads_into_release = path.is_symlink() and path.readlink().parts[:1] == (CURRENT,)
        if (leads_into_release and not path.exists()) or path.name.endswith(".partial"):
            storage.remove(path)


def _place_for(processed: Path, release_id: str) -> Path:
    # A release of this name whose content was damaged since may be the current one, and is not touched
    # before the link has been turned away from it.
    releases = processed / RELEASES
    for place in (releases / release_id, releases / f"{release_id}-b"):
        if not place.exists() or content_id(place) == release_id:
            return place
    storage.remove(place)
    return place


def _link(link: Path, target: str) -> None:
    if not (link.is_symlink() and link.readlink() == Path(target)):
        if link.is_dir() and not link.is_symlink():
            storage.remove(link)
        storage.point_link(link, target)
