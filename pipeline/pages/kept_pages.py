"""Pages of the release before, taken over where nothing that they show has changed."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

# A unit is one page, or several files that are made together.
PAGE_COLUMNS = {
    "unit": pl.String,
    "fingerprint": pl.UInt64,
    "path": pl.String,
    "sha256": pl.String,
    "size": pl.Int64,
    "changed_ns": pl.Int64,
}


@dataclass
class Folder:
    """The folder `report` that is being written, and the one of the release before.

    `kept` holds what was noted of the files then. With `verify` what is taken over is read first.
    """

    folder: Path
    before: Path | None
    kept: pl.DataFrame
    verify: bool = False
    rows: list[tuple[str, int, str, str, int, int]] = field(default_factory=list)
    _folders: set[str] = field(default_factory=set)
    _hashes: dict[str, tuple[str, int, int]] | None = None

    def take_over(self, units: pl.DataFrame) -> set[str]:
        """Link the files of all units (columns unit, fingerprint) that did not change; return these units."""
        if self.before is None:
            return set()
        same = self.kept.join(units, on=["unit", "fingerprint"], how="semi", maintain_order="left")
        taken: set[str] = set()
        spoiled: set[str] = set()
        for row in same.iter_rows():
            unit, _, path, sha256, size, changed_ns = row
            if unit in spoiled:
                continue
            found_ns = self._link(path, sha256, size, changed_ns)
            if found_ns is not None:
                self.rows.append((*row[:-1], found_ns))
                taken.add(unit)
            else:
                spoiled.add(unit)
        for unit, _, path, *_ in [row for row in self.rows if row[0] in spoiled]:
            (self.folder / path).unlink()
            taken.discard(unit)
        self.rows = [row for row in self.rows if row[0] not in spoiled]
        return taken

    def write(self, unit: str, fingerprint: int, path: str, content: bytes) -> None:
        """Write a file of a unit; one that comes out as it was is linked."""
        sha256 = hashlib.sha256(content).hexdigest()
        if self._hashes is None:
            found = (
                self.kept.select("path", "sha256", "size", "changed_ns") if self.before else self.kept.head(0)
            )
            self._hashes = {
                row[0]: row[1:] for row in found.select("path", "sha256", "size", "changed_ns").iter_rows()
            }
        noted = self._hashes.get(path)
        if noted and noted[0] == sha256:
            found_ns = self._link(path, *noted)
            if found_ns is not None:
                self.rows.append((unit, fingerprint, path, sha256, noted[1], found_ns))
                return
        self._make_folder_of(path)
        target = self.folder / path
        with target.open("wb") as file:
            file.write(content)
        self.rows.append((unit, fingerprint, path, sha256, len(content), target.stat().st_mtime_ns))

    def noted(self) -> pl.DataFrame:
        """Return what there is to note of the files of this folder."""
        return pl.DataFrame(self.rows, schema=PAGE_COLUMNS, orient="row").sort("path")

    def hashes(self) -> dict[str, str]:
        """Return the hash of each file by its path."""
        return {row[2]: row[3] for row in self.rows}

    def _link(self, path: str, sha256: str, size: int, changed_ns: int) -> int | None:
        """Link a file of the release before, if it is still what was noted of it; return when it changed.

        The time may be another one: a build that gives the same bytes leaves the release before in its place.
        """
        assert self.before is not None
        source = f"{self.before}/{path}"
        try:
            found = os.lstat(source)
            if found.st_size != size:
                return None
            if self.verify or found.st_mtime_ns != changed_ns:
                with open(source, "rb") as file:  # noqa: PTH123 (ten thousand of them)
                    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                        return None
            self._make_folder_of(path)
            try:
                os.link(source, f"{self.folder}/{path}")
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS):
                    raise
                shutil.copy2(source, f"{self.folder}/{path}")
        except FileNotFoundError:
            return None
        return found.st_mtime_ns

    def _make_folder_of(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)


def no_pages() -> pl.DataFrame:
    """Return what is noted when nothing was made before."""
    return pl.DataFrame(schema=PAGE_COLUMNS)


def units(rows: Iterable[tuple[str, int]]) -> pl.DataFrame:
    """Return units with their fingerprints as `take_over` wants them."""
    return pl.DataFrame(list(rows), schema={"unit": pl.String, "fingerprint": pl.UInt64}, orient="row")
