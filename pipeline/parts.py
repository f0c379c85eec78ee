"""Parts: what a stage made of the documents of one shard, kept by content hash.

A part is a folder `<stage>/<shard>/<hash of the keys of its documents>` with one Parquet file per table
and `part.json`, which says which documents (by key) it holds, what each file has to hash to, and its own
hash. A part is written aside and renamed, so it is there as a whole or not at all; one that is damaged is
not used.
"""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline import storage

Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Part:
    """A part on the disk: its folder and the key of each document in it, by article id."""

    folder: Path
    keys: Mapping[str, str]
    hashes: Mapping[str, str]


@dataclass(frozen=True)
class Kept:
    """What a build keeps of the whole corpus for the next one, like a part: tables by name.

    `name` says what it is; `fingerprint` is the hash of the code that made it: of another it is not used.
    """

    cache: Path
    name: str
    fingerprint: str

    @property
    def folder(self) -> Path:
        """Return where it is kept, if it is."""
        return part_folder(self.cache, self.name, "all", [self.fingerprint])

    def load(self) -> Frames | None:
        """Return the tables of the last build, or None when there are none that can be used."""
        part = find(self.folder)
        return load(part) if part else None

    def save(self, frames: Frames) -> None:
        """Keep tables for the next build."""
        save(self.cache, self.name, "all", {"all": self.fingerprint}, frames)


def part_folder(cache: Path, stage: str, shard: str, keys: Iterable[str]) -> Path:
    """Return where the part of these document keys lies, whether it is there or not."""
    name = hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:24]
    return cache / "parts" / stage / shard / name


def find(folder: Path) -> Part | None:
    """Return the part in a folder, or None when there is none that can be read."""
    try:
        noted = json.loads(storage.read_bytes(folder / "part.json"))
        keys, hashes = noted["keys"], noted["hashes"]
        return Part(folder, keys, hashes) if noted["seal"] == _seal(keys, hashes) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _seal(keys: Mapping[str, str], hashes: Mapping[str, str]) -> str:
    """Return the hash of what a part notes of itself, which may be damaged as well as its tables."""
    return hashlib.sha256(json.dumps([keys, hashes], sort_keys=True).encode()).hexdigest()


def load(part: Part, tables: Iterable[str] | None = None) -> Frames | None:
    """Return the tables of a part, or None when a file is missing or has other bytes than were written."""
    frames: Frames = {}
    for table in part.hashes if tables is None else tables:
        content = read(part, table)
        if content is None:
            return None
        frames[table] = pl.read_parquet(io.BytesIO(content))
    return frames


def read(part: Part, table: str) -> bytes | None:
    """Return the file of a table, or None when it is missing or has other bytes than were written."""
    try:
        content = storage.read_bytes(part.folder / f"{table}.parquet")
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == part.hashes.get(table) else None


def save(cache: Path, stage: str, shard: str, keys: Mapping[str, str], frames: Frames) -> Part:
    """Write a part, whole or not at all."""
    return save_files(cache, stage, shard, keys, ((table, as_file(frame)) for table, frame in frames.items()))


def as_file(frame: pl.DataFrame) -> bytes:
    """Return a table as the Parquet file that a part keeps."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3)
    return buffer.getvalue()


def save_files(
    cache: Path, stage: str, shard: str, keys: Mapping[str, str], files: Iterable[tuple[str, bytes]]
) -> Part:
    """Write a part whose tables are Parquet files already, whole or not at all."""
    folder = part_folder(cache, stage, shard, keys.values())
    aside = folder.with_name(f".{folder.name}.partial")
    storage.remove(aside)
    hashes = {}
    for table, content in files:
        storage.write_bytes(aside / f"{table}.parquet", content)
        hashes[table] = hashlib.sha256(content).hexdigest()
    seal = _seal(dict(keys), hashes)
    noted = json.dumps({"keys": dict(keys), "hashes": hashes, "seal": seal}, sort_keys=True)
    storage.write_bytes(aside / "part.json", noted.encode())
    storage.remove(folder)
    storage.replace(aside, folder)
    return Part(folder, dict(keys), hashes)


def others(cache: Path, stage: str, shard: str) -> list[Part]:
    """Return every part of this stage and shard, in order of name: earlier states to take rows from."""
    folder = cache / "parts" / stage / shard
    if not folder.is_dir():
        return []
    found = (find(path) for path in sorted(folder.iterdir()) if not path.name.startswith("."))
    return [part for part in found if part]


def sweep(cache: Path, in_use: Iterable[Path]) -> None:
    """Remove every part that the published dataset does not use."""
    keep = set(in_use)
    for shard in (cache / "parts").glob("*/*"):
        for folder in shard.iterdir():
            if folder not in keep:
                storage.remove(folder)
        if not any(shard.iterdir()):
            shard.rmdir()
