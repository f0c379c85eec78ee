"""What the watcher tells of a real folder. The empty list that says that it watches is left out."""

import os
import shutil
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import anyio
import pytest

from pipeline.watcher import bursts, folders

SETTLE = 0.4
Step = Callable[[], object]


def watch(raw: Path, *steps: Step) -> list[list[str]]:
    """Take the steps, one after the burst that the one before led to (or after a while without any)."""
    return anyio.run(_watch, raw, steps)


async def _watch(raw: Path, steps: tuple[Step, ...]) -> list[list[str]]:
    found: list[list[str]] = []
    async with aclosing(bursts(raw, SETTLE, 30)) as arriving:
        assert await anext(arriving) == []
        told = anyio.Event()

        async def listen() -> None:
            async for names in arriving:
                found.append(names)
                told.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(listen)
            for step in steps:
                told = anyio.Event()
                step()
                with anyio.move_on_after(SETTLE + 2):
                    await told.wait()
            tasks.cancel_scope.cancel()
    return found


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "in").mkdir(parents=True)
    (folder / "old.txt").write_text("Ila Voss said so.")
    return folder


def test_new_changed_and_removed_files(raw: Path) -> None:
    found = watch(
        raw,
        lambda: (raw / "in" / "new.txt").write_text("Oren Tull said so."),
        lambda: (raw / "old.txt").write_text("Ila Voss said it again."),
        lambda: (raw / "old.txt").unlink(),
    )
    assert found == [["in/new.txt"], ["old.txt"], ["old.txt"]]


def test_a_burst_is_told_once(raw: Path) -> None:
    found = watch(raw, lambda: [(raw / f"{n}.txt").write_text("x") for n in range(5)])
    assert found == [["0.txt", "1.txt", "2.txt", "3.txt", "4.txt"]]


def test_a_download_is_told_when_it_has_its_name(raw: Path) -> None:
    found = watch(
        raw,
        lambda: (raw / "page.txt.part").write_text("x"),
        lambda: (raw / "page.txt.part").rename(raw / "page.txt"),
    )
    assert found == [["page.txt"]]


def test_a_folder_that_is_made_moved_in_or_removed(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere" / "deep" / "a.txt").write_text("x")
    found = watch(
        raw,
        lambda: (tmp_path / "elsewhere").rename(raw / "moved"),
        lambda: (raw / "moved" / "deep" / "b.txt").write_text("x"),
        lambda: shutil.move(raw / "moved", tmp_path / "gone"),
    )
    assert [bool(names) for names in found] == [True, True, True]
    assert "moved" in found[0]
    assert found[1] == ["moved/deep/b.txt"]
    assert "moved" in found[2]


def test_links_are_not_followed(raw: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (raw / "out").symlink_to(outside)
    (raw / "circle").symlink_to(raw)
    assert folders(raw) == [str(raw), str(raw / "in")]
    assert watch(raw, lambda: (outside / "new.txt").write_text("x")) == []


def test_a_raw_folder_that_is_replaced_is_watched_again(raw: Path, tmp_path: Path) -> None:
    def replace() -> None:
        raw.rename(tmp_path / "before")
        raw.mkdir()

    found = watch(raw, replace, lambda: (raw / "new.txt").write_text("x"))
    assert found[0] == []
    assert found[-1] == ["new.txt"]


def test_a_name_that_is_not_text_is_told_of_and_does_not_end_the_watch(raw: Path) -> None:
    odd = os.fsdecode(b"\xff\xfe.txt")
    found = watch(
        raw,
        lambda: os.close(os.open(os.path.join(raw, odd), os.O_CREAT)),  # noqa: PTH118 (odd names)
        lambda: (raw / "new.txt").write_text("x"),
    )
    assert found == [["a file whose name is not UTF-8"], ["new.txt"]]
