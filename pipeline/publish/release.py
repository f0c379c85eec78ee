"""Publishing in one atomic step: a whole release folder is written aside, then one link is turned to it.

`processed/` holds a link per file to `.current/<file>`, and `.current` is itself a link to the release.
Renaming a link is atomic on every POSIX file system, mounted volumes included, so a reader sees all of
the old dataset or all of the new one, and a crash at any moment leaves one of the two.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from pipeline import storage

RELEASES = ".releases"
CURRENT = ".current"


def publish(processed: Path, write: Callable[[Path], None]) -> str:
    """Let `write` fill a new release folder, make it the current one, and return its id.

    The id is a hash of the content, so that the same dataset has the same id wherever it is built.
    """
    aside = processed / RELEASES / ".partial"
    storage.remove(aside)
    aside.mkdir(parents=True)
    write(aside)
    for path in sorted(aside.iterdir()):
        storage.sync_file(path)
    release_id = content_id(aside)
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


def current_files(processed: Path) -> dict[str, int] | None:
    """Return the files of the current release with their sizes; None when it is missing or not whole."""
    link = processed / CURRENT
    if not link.is_symlink() or not link.is_dir():
        return None
    files = {path.name: path.stat().st_size for path in link.iterdir()}
    for name in files:
        shown = processed / name
        if not shown.is_symlink() or shown.readlink() != Path(CURRENT, name):
            return None
    return files


def content_id(folder: Path) -> str:
    """Return the hash of the names and contents of the files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digest.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


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
