"""What has to be known of a published file to describe it: its name, size and hash."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TableFile:
    """The Parquet file of a table; `n_bytes` is its size, `sha256` the hash of its bytes in hex."""

    name: str
    n_bytes: int
    sha256: str


def table_file(folder: Path, table: str) -> TableFile:
    """Read the Parquet file of a table once, in small pieces, and return what it is."""
    path = folder / f"{table}.parquet"
    with path.open("rb") as file:
        return TableFile(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
