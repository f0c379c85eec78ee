"""Faults of the surroundings: a clear message without a traceback, and the old dataset whole."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.workshop import PROJECT, Workshop

GOOD = "Premier Ila Voss said the harbour will open in spring.\n"
MORE = "Oren Tull said the fees will rise.\n"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]).returncode:
        pytest.skip("needs the right to mount a small file system, which is not given here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize(
    ("folder", "bytes_left", "engine"),
    [("processed", 60_000, "direct"), ("cache", 20_000, "direct"), ("cache", 20_000, "prefect")],
)
def test_a_full_disk_leaves_the_old_dataset_whole(
    small_disk: Path, tmp_path: Path, folder: str, bytes_left: int, engine: str
) -> None:
    shop = Workshop(tmp_path / "shop")
    setattr(shop, folder, small_disk / folder)
    shop.write(good=GOOD)
    assert shop.build() == 0
    before = shop.bytes()
    disk = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(bytes(disk.f_bavail * disk.f_frsize - bytes_left))
    shop.write(more=MORE)
    done = shop.run(engine=engine)
    assert done.returncode == 1
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert shop.bytes() == before
    (small_disk / "filler").unlink()
    assert shop.build() == 0
    assert len(shop.table("articles")) == 2


def test_processed_may_itself_be_a_mounted_file_system(small_disk: Path, tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.processed = small_disk
    shop.write(good=GOOD)
    assert shop.build() == 0
    shop.write(more=MORE)
    assert shop.build() == 0
    assert len(shop.table("articles")) == 2


@pytest.mark.parametrize("folder", ["processed", "cache"])
def test_a_read_only_folder_is_told(small_disk: Path, tmp_path: Path, folder: str) -> None:
    shop = Workshop(tmp_path / "shop")
    setattr(shop, folder, small_disk / folder)
    shop.write(good=GOOD)
    assert shop.build() == 0
    before = shop.bytes()
    shop.write(more=MORE)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = shop.run()
    assert done.returncode == 1
    assert "no permission to write" in done.stderr
    assert "Traceback" not in done.stderr
    assert shop.bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--raw", "nowhere"], "the raw folder"),
        (["--raw", "here", "--processed", "here"], "lie inside each other"),
        (["--raw", "here", "--processed", "here/inside"], "lie inside each other"),
        (["--raw", "here", "--batch-files", "0"], "give a positive number"),
        (["--raw", "here", "--cache", "here/cache"], "lies inside --raw or --processed"),
        (["--raw", "here", "--processed", "file"], "is not a folder"),
    ],
)
def test_a_wrong_option_is_told(tmp_path: Path, arguments: list[str], told: str) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "file").write_text("")
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "build",
        "--cache",
        "cache",
        "--processed",
        "out",
        *arguments,
    ]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_authority_row_is_told_with_file_and_line(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(good=GOOD)
    (shop.raw / "authority").mkdir()
    (shop.raw / "authority" / "outlets.csv").write_text(
        "outlet_id,name,kind,country,ownership\nardesk_post,Ardesk Post,gazette,XAR,private\n"
    )
    done = shop.run()
    assert done.returncode == 1
    assert "outlets.csv, line 2" in done.stderr
    assert "kind is 'gazette'" in done.stderr
    assert "newspaper" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_build_waits_for_the_first(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(good=GOOD)
    assert shop.build() == 0
    with (shop.processed / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "pipeline", *shop.arguments()]
        second = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        time.sleep(1.5)
        assert second.poll() is None
    _, told = second.communicate(timeout=60)
    assert second.returncode == 0
    assert "another build is running" in told
    assert "nothing new" in told


def test_two_builds_at_once_both_end_well(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(good=GOOD, more=MORE)
    command = [sys.executable, "-m", "pipeline", *shop.arguments()]
    both = [subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [build.communicate(timeout=120)[1] for build in both]
    assert [build.returncode for build in both] == [0, 0], told
    assert sorted("nothing new" in text for text in told) == [False, True]


def test_an_interrupt_is_quiet_and_leaves_the_old_dataset(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop")
    shop.write(good=GOOD)
    assert shop.build() == 0
    before = shop.bytes()
    shop.write(**{f"more{n}": MORE + f"{n} pilots agreed.\n" for n in range(400)})
    command = [sys.executable, "-m", "pipeline", *shop.arguments("--processes", "1", "--batch-files", "1")]
    # In a background job of a shell, interrupts are ignored, and so they are in all that it starts.
    listens = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    build = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True, preexec_fn=listens)
    while (
        not any(shop.cache.glob("parts/quotes/*/*/part.json"))
        or len(list(shop.cache.glob("parts/*/*/*"))) < 9
    ):
        time.sleep(0.02)
    build.send_signal(signal.SIGINT)
    _, told = build.communicate(timeout=60)
    assert build.returncode == 130, told
    assert "Traceback" not in told
    assert told.splitlines()[-2:] == [
        "stopping; what is made so far is kept",
        "interrupted; the published dataset is as it was",
    ]
    assert shop.bytes() == before
