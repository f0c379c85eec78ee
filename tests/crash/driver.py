"""Runs a build and kills it with SIGKILL at its N-th step, which it names; with N = 0 it lists all steps.

    driver.py N ENGINE RAW PROCESSED CACHE

A step is before, in the middle of, or after anything that changes the disk. The pipeline itself knows
nothing of this: its one module for writing is wrapped from here.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import pyarrow.parquet as pq

from pipeline import storage
from pipeline.__main__ import main

KILL_AT = int(sys.argv[1])
_steps = 0


def step(name: str) -> None:
    global _steps
    _steps += 1
    if KILL_AT == 0:
        print(f"{_steps} {name}", flush=True)
    elif _steps == KILL_AT:
        print(name, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)


def around(module: Any, name: str) -> None:
    """Make a step before and after every call of a function."""
    function = getattr(module, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        about = " ".join(str(a) for a in args if isinstance(a, Path | str))
        step(f"before {name} {about}")
        result = function(*args, **kwargs)
        step(f"after {name} {about}")
        return result

    setattr(module, name, wrapped)


class HalfWriter:
    """A file that makes a step when half of what it is given has reached the disk."""

    def __init__(self, file: Any, path: Path) -> None:
        self._file = file
        self._path = path

    def write(self, content: bytes) -> int:
        half = len(content) // 2
        self._file.write(content[:half])
        self._file.flush()
        step(f"middle of write {self._path}")
        return half + int(self._file.write(content[half:]))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "HalfWriter":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


_open = Path.open


def open_half(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
    file = _open(self, mode, *args, **kwargs)
    return HalfWriter(file, self) if mode == "wb" else file


Path.open = open_half  # type: ignore[method-assign]
for name in ("write_bytes", "replace", "point_link", "remove", "sync_file"):
    around(storage, name)
around(pq.ParquetWriter, "write_table")

sys.exit(
    main(
        [
            "build",
            "--engine",
            sys.argv[2],
            "--raw",
            sys.argv[3],
            "--processed",
            sys.argv[4],
            "--cache",
            sys.argv[5],
        ]
    )
)
