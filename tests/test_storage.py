"""Writes that are whole or not at all, and the lock."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import storage

HOLD_LOCK = """
import sys, time
from pathlib import Path
from pipeline import storage
def say(text):
    print(text, flush=True)
with storage.locked(Path(sys.argv[1]), on_wait="waiting for another build", tell=say):
    say("held")
    sys.stdin.readline()
"""


def hold_lock(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD_LOCK, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(storage.__file__).parents[1],
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def let_go(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=20)


def fail(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "table.parquet"
    storage.write_bytes(path, b"old")
    storage.write_bytes(path, b"new\x00\r\n")
    assert storage.read_bytes(path) == b"new\x00\r\n"
    assert names(path.parent) == ["table.parquet"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "table.parquet"
    storage.write_bytes(path, b"old")
    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(storage, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        storage.write_bytes(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    storage.write_bytes(path, b"new")
    assert (path.read_bytes(), names(tmp_path)) == (b"new", ["table.parquet"])


def test_a_half_written_file_of_a_killed_process_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".table.parquet.partial").write_bytes(b"half of something longer")
    storage.write_bytes(tmp_path / "table.parquet", b"new")
    assert (tmp_path / "table.parquet").read_bytes() == b"new"
    assert names(tmp_path) == ["table.parquet"]


def test_the_content_is_on_the_disk_before_the_name_points_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(number: int) -> None:
        steps.append("fsync")
        fsync(number)

    def note_replace(old: Path, new: Path) -> Path:
        steps.append("rename")
        return replace(old, new)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    storage.write_bytes(tmp_path / "table.parquet", b"new")
    assert steps == ["fsync", "rename", "fsync"]


def test_a_file_system_that_cannot_sync_folders_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(number: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(os, "fsync", refuse)
    storage.sync_folder(tmp_path)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        storage.sync_folder(tmp_path)


def test_a_link_is_made_and_turned_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / ".current"
    storage.point_link(link, "releases/1")
    assert str(link.readlink()) == "releases/1"
    (tmp_path / "..current.partial").symlink_to("left by a killed process")
    unlinked: list[Path] = []
    unlink = Path.unlink

    def note_unlink(path: Path, missing_ok: bool = False) -> None:
        unlinked.append(path)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", note_unlink)
    storage.point_link(link, "releases/2")
    assert str(link.readlink()) == "releases/2"
    assert link not in unlinked
    assert names(tmp_path) == [".current"]


def test_a_link_that_cannot_be_turned_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / ".current"
    storage.point_link(link, "releases/1")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        storage.point_link(link, "releases/2")
    assert str(link.readlink()) == "releases/1"


def test_files_links_and_folders_are_removed_and_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / "inner").mkdir(parents=True)
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("kept")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    for name in ("file", "link", "dangling", "folder", "nothing"):
        storage.remove(tmp_path / name)
    assert names(tmp_path) == ["kept"]
    assert names(kept) == ["inner"]


def test_the_lock_makes_a_second_process_say_so_and_wait(tmp_path: Path) -> None:
    folder = tmp_path / "processed"
    first = hold_lock(folder)
    assert line_of(first) == "held"
    second = hold_lock(folder)
    assert line_of(second) == "waiting for another build"
    let_go(first)
    assert line_of(second) == "held"
    let_go(second)
    assert (first.returncode, second.returncode) == (0, 0)


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    first = hold_lock(tmp_path)
    assert line_of(first) == "held"
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=20)
    told: list[str] = []
    with storage.locked(tmp_path, on_wait="waiting", tell=told.append):
        assert told == []


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        with pytest.raises(RuntimeError), storage.locked(tmp_path, on_wait="waiting", tell=told.append):
            raise RuntimeError
    assert told == []


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "/data/quotes.parquet"),
            "the disk is full while building /data (/data/quotes.parquet): free some space and try again; "
            "nothing was changed.",
        ),
        (
            OSError(errno.EDQUOT, "Disk quota exceeded"),
            "the disk is full while building /data: free some space and try again; nothing was changed.",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/data"),
            "no permission to write while building /data (/data): allow writing there or name another "
            "folder; nothing was changed.",
        ),
        (
            OSError(errno.EROFS, "Read-only file system"),
            "no permission to write while building /data: allow writing there or name another folder; "
            "nothing was changed.",
        ),
        (
            OSError(errno.EIO, "Input/output error", "/data/x"),
            "Input/output error while building /data (/data/x): try again; nothing was changed.",
        ),
        (
            OSError("something without a number"),
            "something without a number while building /data: try again; nothing was changed.",
        ),
    ],
)
def test_a_failed_write_is_explained_in_plain_words(error: OSError, text: str) -> None:
    assert str(storage.explain(error, "building /data")) == text
