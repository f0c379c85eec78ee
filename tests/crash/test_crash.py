"""A build that is killed at any step leaves the old dataset whole, no process, and no trace in the next."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.__main__ import main
from tests.workshop import published_bytes

DRIVER = Path(__file__).with_name("driver.py")
TEXTS = {
    "talks.txt": "Talks in Ardesk\n2024-03-05 10:00\n\nPremier Ila Voss said the harbour will open.\n",
    "fees.txt": 'The guild said its fees will rise. "We had no choice," said Oren Tull.\n',
    "notice.txt": "According to the weather office, the ice will hold until March.\n",
}
NEW = {"answer.txt": "The port rejected the fees. It called for talks, Mira Hald said.\n"}
N_DIRECT = 50
N_PREFECT = 6
# Those of `make test`; `make faults` takes them all.
ALWAYS_DIRECT = [n for n in range(N_DIRECT) if n % 5 in (0, 2)]
ALWAYS_PREFECT = [0, 3, 5]

log = logging.getLogger("faults")


def points(number: int, always: list[int]) -> list[Any]:
    return [pytest.param(n, marks=() if n in always else pytest.mark.long_fault) for n in range(number)]


@dataclass
class World:
    """A raw folder with one file more than the dataset that was built before knows."""

    folder: Path
    old: dict[str, str]
    new: dict[str, str]
    steps: list[str]


def build(
    folder: Path, kill_at: int | None = None, engine: str = "direct", mark: str = ""
) -> tuple[int, str]:
    arguments = [engine, *(str(folder / name) for name in ("raw", "processed", "cache"))]
    command = [sys.executable, str(DRIVER), str(-1 if kill_at is None else kill_at), *arguments]
    done = subprocess.run(
        command,
        env=os.environ | {"CRASH_TEST_MARK": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout


def published(folder: Path) -> dict[str, str]:
    """Return the hash of every published file, and read every table."""
    for path in (folder / "processed").glob("*.parquet"):
        pl.read_parquet(path)
    return published_bytes(folder / "processed")


def survivors(mark: str) -> list[str]:
    wanted = f"CRASH_TEST_MARK={mark}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:200])
        except OSError:
            continue
    return found


def copy_of(world: World, folder: Path) -> Path:
    shutil.copytree(world.folder, folder, symlinks=True)
    return folder


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    (folder / "raw").mkdir()
    for name, text in TEXTS.items():
        (folder / "raw" / name).write_text(text, encoding="utf-8")
    assert build(folder)[0] == 0
    old = published(folder)
    for name, text in NEW.items():
        (folder / "raw" / name).write_text(text, encoding="utf-8")
    clean = tmp_path_factory.mktemp("clean")
    shutil.copytree(folder / "raw", clean / "raw")
    assert build(clean)[0] == 0
    new = published(clean)
    assert {name for name in old if "/" not in name} == {name for name in new if "/" not in name}
    assert old != new
    found = World(folder, old, new, [])
    code, listed = build(copy_of(found, tmp_path_factory.mktemp("list") / "w"), kill_at=0)
    assert code == 0
    found.steps = listed.splitlines()
    yield found


def spread(world: World, n: int) -> list[int]:
    """Return n steps spread over those after the first part was begun."""
    first = next(i for i, name in enumerate(world.steps, 1) if "/parts/" in name)
    last = len(world.steps)
    return [first + (last - first) * i // (n - 1) for i in range(n)]


def crash(world: World, folder: Path, kill_at: int, engine: str) -> None:
    copy_of(world, folder)
    mark = uuid.uuid4().hex
    code, said = build(folder, kill_at=kill_at, engine=engine, mark=mark)
    where = said.strip().replace(str(folder), "")
    assert code == -signal.SIGKILL, f"not killed at {world.steps[kill_at - 1]}"
    log.info("killed at step %d of %d, %s", kill_at, len(world.steps), where)
    for _ in range(100):
        if not (left := survivors(mark)):
            break
        time.sleep(0.05)
    assert not left, f"killed at {where}"
    assert published(folder) in (world.old, world.new), f"killed at {where}"
    # In this process, which has everything imported.
    arguments = [f"--{name}={folder / name}" for name in ("raw", "processed", "cache")]
    assert main(["build", "--engine", "direct", *arguments]) == 0
    assert published(folder) == world.new, f"killed at {where}"
    report = json.loads((folder / "processed/reports/run_report.json").read_bytes())
    assert report["release"] == (folder / "processed/.current").readlink().name, f"killed at {where}"
    leftovers = list((folder / "processed").rglob("*.partial"))
    assert not leftovers, f"killed at {where}"


@pytest.mark.parametrize("number", points(N_DIRECT, ALWAYS_DIRECT))
def test_killed_at_steps_spread_over_build_and_publish(world: World, tmp_path: Path, number: int) -> None:
    crash(world, tmp_path / "w", spread(world, N_DIRECT)[number], "direct")


def test_killed_around_the_turn_of_the_link(world: World, tmp_path: Path) -> None:
    turn = next(
        i
        for i, name in enumerate(world.steps, 1)
        if name.endswith("/processed/.current") and "replace" in name
    )
    for offset in (0, 1):
        crash(world, tmp_path / str(offset), turn + offset, "direct")
        # Before the rename the old dataset is current, after it the new one; nothing lies between.


@pytest.mark.parametrize("number", points(N_PREFECT, ALWAYS_PREFECT))
def test_killed_under_prefect_leaves_no_server(world: World, tmp_path: Path, number: int) -> None:
    crash(world, tmp_path / "w", spread(world, N_PREFECT + 2)[number + 1], "prefect")
