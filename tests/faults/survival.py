"""What holds after every fault, and how faults are brought about."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import polars as pl

from tests.workshop import PROJECT, Workshop

GOOD = "Premier Ila Voss said the harbour will open in spring.\n"
MORE = "“We had no choice,” said Oren Tull, head of the pilots' guild.\n"
NOTICE = "According to the weather office, the ice will hold until March.\n"

# A busy machine takes its time.
PATIENCE = 180.0
_MARK = "FAULT_TEST_MARK"
Found = TypeVar("Found")


def many(number: int) -> dict[str, str]:
    """Return so many different texts by name."""
    return {f"text{n}": f"{n} pilots agreed. {GOOD}" for n in range(number)}


def start(
    shop: Workshop, mark: str, *more: str, engine: str = "direct", **env: str
) -> "subprocess.Popen[str]":
    """Start a build in a process of its own; what it starts carries the mark."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline", *shop.arguments(*more, engine=engine)],
        cwd=PROJECT,
        env=os.environ | env | {_MARK: mark},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(what: Callable[[], Found]) -> Found:
    """Ask until the answer is something, and return it."""
    give_up = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)
    return found


def processes(mark: str, having: str = "") -> list[int]:
    """Return the processes that carry the mark and have this in their command."""
    wanted = f"{_MARK}={mark}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            marked = wanted in (process / "environ").read_bytes().split(b"\0")
            if marked and having.encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue
    return found


def assert_no_process(mark: str) -> None:
    give_up = time.monotonic() + 15
    while left := processes(mark):
        assert time.monotonic() < give_up, f"left: {left}"
        time.sleep(0.05)


def assert_told(said: str, *parts: str) -> None:
    """The user reads what is wrong and what to do, and no traceback."""
    for part in parts:
        assert part in said
    assert "Traceback" not in said, said


def assert_whole(shop: Workshop, *datasets: dict[str, str]) -> None:
    """One of these datasets is published, and every table of it can be read."""
    for path in shop.processed.glob("*.parquet"):
        pl.read_parquet(path)
    assert shop.bytes() in datasets


_clean: dict[tuple[tuple[str, bytes | None], ...], dict[str, str]] = {}


def clean_bytes(shop: Workshop, folder: Path) -> dict[str, str]:
    """Return the bytes of a build from nothing of the same raw files; made once for the same files."""
    found = [path for path in sorted(shop.raw.rglob("*")) if not path.is_dir()]
    files = tuple(
        (path.relative_to(shop.raw).as_posix(), path.read_bytes() if path.is_file() else None)
        for path in found
    )
    if files not in _clean:
        clean = Workshop(folder / f"clean{len(_clean)}")
        # Pipes too, which Python's copying refuses.
        subprocess.run(["cp", "-a", f"{shop.raw}/.", str(clean.raw)], check=True)
        assert clean.build() == 0
        _clean[files] = clean.bytes()
    return _clean[files]


def assert_next_build_is_clean(shop: Workshop, tmp_path: Path) -> None:
    """The next build has the bytes of a build from nothing, and the one after finds nothing new."""
    assert shop.build() == 0
    assert shop.bytes() == clean_bytes(shop, tmp_path)
    published = shop.cache / "published.json"
    before = published.stat().st_mtime_ns
    assert shop.build() == 0
    assert published.stat().st_mtime_ns == before
    assert not list(shop.processed.rglob("*.partial"))
