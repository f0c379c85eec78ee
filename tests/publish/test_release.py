"""Publishing: at any moment the old dataset or the new one, whole."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import storage
from pipeline.publish.release import content_id, current_files, publish, tidy

OLD = {"articles.parquet": b"old articles", "quotes.parquet": b"old quotes", "gone.parquet": b"old"}
NEW = {"articles.parquet": b"new articles", "quotes.parquet": b"old quotes", "added.parquet": b"new"}


def writing(files: dict[str, bytes]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        for name, content in files.items():
            storage.write_bytes(folder / name, content)

    return write


def seen(processed: Path) -> dict[str, bytes]:
    """Return what a reader sees: the files in the folder, through their links."""
    return {
        path.name: path.read_bytes()
        for path in processed.iterdir()
        if path.is_file() and not path.name.startswith(".")
    }


def releases(processed: Path) -> list[str]:
    return sorted(path.name for path in (processed / ".releases").iterdir())


@pytest.fixture
def processed(tmp_path: Path) -> Path:
    folder = tmp_path / "processed"
    folder.mkdir()
    return folder


def test_the_first_release_fills_the_folder(tmp_path: Path) -> None:
    processed = tmp_path / "not" / "there" / "yet"
    release_id = publish(processed, writing(OLD))
    assert seen(processed) == OLD
    assert releases(processed) == [release_id]
    assert str((processed / ".current").readlink()) == f".releases/{release_id}"
    for name in OLD:
        assert str((processed / name).readlink()) == f".current/{name}"


def test_the_id_is_that_of_the_content_wherever_it_is_built(tmp_path: Path) -> None:
    one = publish(tmp_path / "one", writing(OLD))
    assert publish(tmp_path / "two", writing(dict(reversed(OLD.items())))) == one
    assert publish(tmp_path / "three", writing(NEW)) != one
    assert publish(tmp_path / "four", writing({**OLD, "x": b""})) != one
    renamed = {"other.parquet" if name == "gone.parquet" else name: content for name, content in OLD.items()}
    assert publish(tmp_path / "five", writing(renamed)) != one
    assert len(one) == 16
    assert content_id(tmp_path / "one" / ".current") == one


def test_publishing_the_same_content_again_changes_nothing(processed: Path) -> None:
    first = publish(processed, writing(OLD))
    inodes = {name: (processed / name).stat().st_ino for name in OLD}
    assert publish(processed, writing(OLD)) == first
    assert releases(processed) == [first]
    assert {name: (processed / name).stat().st_ino for name in OLD} == inodes


def test_a_new_release_takes_the_place_of_the_old(processed: Path) -> None:
    publish(processed, writing(OLD))
    second = publish(processed, writing(NEW))
    assert seen(processed) == NEW
    assert releases(processed) == [second]
    assert not (processed / "gone.parquet").is_symlink()


def test_who_holds_a_file_of_the_old_release_keeps_it(processed: Path) -> None:
    publish(processed, writing(OLD))
    with (processed / "articles.parquet").open("rb") as held:
        publish(processed, writing(NEW))
        assert held.read() == b"old articles"


def test_links_are_relative_so_that_the_folder_can_be_moved_and_copied(
    processed: Path, tmp_path: Path
) -> None:
    publish(processed, writing(OLD))
    processed.rename(tmp_path / "moved")
    assert seen(tmp_path / "moved") == OLD
    shutil.copytree(tmp_path / "moved", tmp_path / "copied", symlinks=True)
    shutil.rmtree(tmp_path / "moved")
    assert seen(tmp_path / "copied") == OLD
    publish(tmp_path / "copied", writing(NEW))
    assert seen(tmp_path / "copied") == NEW


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_write_that_fails_leaves_the_old_release_whole(processed: Path) -> None:
    first = publish(processed, writing(OLD))

    def write_half(folder: Path) -> None:
        writing({"articles.parquet": b"new articles"})(folder)
        full()

    with pytest.raises(OSError, match="No space left"):
        publish(processed, write_half)
    # Not even what was written: a full disk gets its space back.
    assert releases(processed) == [first]
    assert seen(processed) == OLD
    assert current_files(processed) == {name: len(content) for name, content in OLD.items()}
    assert content_id(processed / ".current") == first
    assert publish(processed, writing(NEW)) != first
    assert seen(processed) == NEW
    assert len(releases(processed)) == 1


def test_a_crash_at_any_step_leaves_one_of_the_two_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = storage.replace
    step = 0
    outcomes = []
    while True:
        processed = tmp_path / str(step)
        publish(processed, writing(OLD))
        left = step

        def crash_later(old: Path, new: Path) -> None:
            nonlocal left
            # The files of the new release are written aside in steps of their own, which do not count.
            if ".partial" not in new.parent.name:
                if left == 0:
                    full()
                left -= 1
            real(old, new)

        monkeypatch.setattr(storage, "replace", crash_later)
        try:
            publish(processed, writing(NEW))
        except OSError:
            # A reader who goes by the files of the release sees all of one of the two.
            found = seen(processed)
            assert found in (OLD, NEW)
            outcomes.append(found == NEW)
            monkeypatch.setattr(storage, "replace", real)
            publish(processed, writing(NEW))
            assert seen(processed) == NEW
            assert len(releases(processed)) == 1
            step += 1
            continue
        break
    # The release, the link of the added file, and .current.
    assert outcomes == [False, False, False]


@pytest.mark.parametrize("damage", ["changed", "removed", "added"])
def test_a_current_release_that_was_damaged_is_replaced(processed: Path, damage: str) -> None:
    first = publish(processed, writing(OLD))
    path = processed / ".current" / ("more.parquet" if damage == "added" else "articles.parquet")
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(b"OLD articles")
    for _ in range(2):
        assert publish(processed, writing(OLD)) == first
        assert seen(processed) == OLD
        assert content_id(processed / ".current") == first
        assert len(releases(processed)) == 1


def test_a_release_that_is_damaged_twice_is_replaced(processed: Path) -> None:
    first = publish(processed, writing(OLD))
    for _ in range(3):
        (processed / ".current" / "articles.parquet").write_bytes(b"damaged")
        assert publish(processed, writing(OLD)) == first
        assert seen(processed) == OLD


def test_what_is_not_of_a_release_stays(processed: Path, tmp_path: Path) -> None:
    (processed / "README.md").write_text("What this folder is.")
    (processed / "reports").mkdir()
    (processed / "reports" / "run_report.md").write_text("# Run report")
    (processed / ".lock").touch()
    (tmp_path / "codebook.pdf").write_bytes(b"pdf")
    (processed / "my_link.pdf").symlink_to("../codebook.pdf")
    (processed / "my_dangling_link").symlink_to("nowhere")
    publish(processed, writing(OLD))
    publish(processed, writing(NEW))
    assert seen(processed) == {**NEW, "README.md": b"What this folder is.", "my_link.pdf": b"pdf"}
    assert (processed / "reports" / "run_report.md").read_text() == "# Run report"
    assert (processed / "my_dangling_link").is_symlink()
    assert (processed / ".lock").exists()


@pytest.mark.parametrize("kind", ["file", "folder", "other link"])
def test_what_stands_in_the_place_of_a_published_file_makes_way(processed: Path, kind: str) -> None:
    path = processed / "articles.parquet"
    if kind == "file":
        path.write_bytes(b"something")
    elif kind == "folder":
        path.mkdir()
        (path / "part-0.parquet").write_bytes(b"something")
    else:
        path.symlink_to("/nowhere")
    publish(processed, writing(OLD))
    assert seen(processed) == OLD


def test_tidying_removes_what_a_crash_left(processed: Path) -> None:
    release_id = publish(processed, writing(OLD))
    (processed / ".releases" / ".partial").mkdir()
    (processed / ".releases" / "0123456789abcdef").mkdir()
    (processed / "left.parquet").symlink_to(".current/left.parquet")
    (processed / "..current.partial").symlink_to(".releases/0123456789abcdef")
    tidy(processed)
    assert releases(processed) == [release_id]
    assert sorted(path.name for path in processed.iterdir()) == sorted([".current", ".releases", *OLD])
    assert seen(processed) == OLD


def test_current_files_are_told_with_their_sizes(processed: Path) -> None:
    publish(processed, writing(OLD))
    assert current_files(processed) == {"articles.parquet": 12, "quotes.parquet": 10, "gone.parquet": 3}


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / ".current").unlink(),
        lambda folder: shutil.rmtree(folder / ".releases"),
        lambda folder: (folder / "quotes.parquet").unlink(),
        lambda folder: storage.point_link(folder / "quotes.parquet", ".current/articles.parquet"),
        lambda folder: storage.write_bytes(folder / "quotes.parquet", b"old quotes"),
        lambda folder: shutil.rmtree(folder),
    ],
    ids=["no link", "no release", "no file", "other link", "a file", "no folder"],
)
def test_a_published_folder_that_is_not_whole_is_told(
    processed: Path, damage: Callable[[Path], None]
) -> None:
    publish(processed, writing(OLD))
    damage(processed)
    assert current_files(processed) is None
    publish(processed, writing(OLD))
    assert seen(processed) == OLD


def test_everything_is_on_the_disk_before_the_link_is_turned(
    processed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(number: int) -> None:
        steps.append(Path(f"/proc/self/fd/{number}").readlink().name)
        fsync(number)

    def note_replace(old: Path, new: Path) -> Path:
        steps.append(f"-> {new.name}")
        return replace(old, new)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)

    def write(folder: Path) -> None:
        # As the Parquet writer does: without a sync of its own.
        (folder / "articles.parquet").write_bytes(b"x")

    release_id = publish(processed, write)
    assert steps == [
        "articles.parquet",
        ".partial",
        f"-> {release_id}",
        ".releases",
        "-> articles.parquet",
        "processed",
        "-> .current",
        "processed",
    ]


PAGES = {
    "articles.parquet": b"old articles",
    "report/index.html": b"index",
    "report/documents/a.html": b"a page",
}


def test_a_folder_of_a_release_is_one_link(processed: Path) -> None:
    publish(processed, writing(PAGES))
    assert str((processed / "report").readlink()) == ".current/report"
    assert (processed / "report" / "documents" / "a.html").read_bytes() == b"a page"
    assert current_files(processed) == {name: len(content) for name, content in PAGES.items()}
    publish(processed, writing(OLD))
    assert not (processed / "report").is_symlink()


def test_the_id_covers_files_in_folders(tmp_path: Path) -> None:
    one = publish(tmp_path / "one", writing(PAGES))
    changed = PAGES | {"report/documents/a.html": b"A page"}
    assert publish(tmp_path / "two", writing(changed)) != one
    moved = {name.replace("documents/", "speakers/"): content for name, content in PAGES.items()}
    assert publish(tmp_path / "three", writing(moved)) != one
    assert content_id(tmp_path / "one" / ".current") == one


@pytest.mark.parametrize("damage", ["changed", "removed", "added"])
def test_damage_in_a_folder_is_noticed_and_mended(processed: Path, damage: str) -> None:
    first = publish(processed, writing(PAGES))
    path = processed / "report" / "documents" / ("b.html" if damage == "added" else "a.html")
    if damage == "removed":
        path.unlink()
    else:
        path.write_bytes(b"A page")
    assert content_id(processed / ".current") != first
    assert publish(processed, writing(PAGES)) == first
    assert content_id(processed / ".current") == first
    assert len(releases(processed)) == 1


def test_a_folder_makes_way_for_the_link(processed: Path) -> None:
    (processed / "report").mkdir()
    (processed / "report" / "notes.txt").write_bytes(b"mine")
    publish(processed, writing(PAGES))
    assert (processed / "report").is_symlink()


def test_hashes_that_are_known_are_not_taken_again(processed: Path) -> None:
    known = {name: hashlib.sha256(content).hexdigest() for name, content in PAGES.items()}
    first = publish(processed, writing(PAGES))
    aside = processed / ".current"
    (aside / "report" / "index.html").write_bytes(b"INDEX")
    assert content_id(aside, known) == first
    assert content_id(aside) != first


@pytest.mark.parametrize("n_files", [3, 300])
def test_new_files_are_put_on_the_disk_and_linked_ones_are_there(
    processed: Path, monkeypatch: pytest.MonkeyPatch, n_files: int
) -> None:
    publish(processed, writing(PAGES))
    synced: list[str] = []
    together: list[str] = []
    sync_file = storage.sync_file

    def note_sync(path: Path) -> None:
        synced.append(path.name)
        sync_file(path)

    def write(folder: Path) -> None:
        (folder / "report").mkdir()
        os.link(processed / "report" / "index.html", folder / "report" / "index.html")
        for number in range(n_files):
            (folder / "report" / f"{number}.html").write_bytes(b"new")

    monkeypatch.setattr(storage, "sync_file", note_sync)
    monkeypatch.setattr(os, "sync", lambda: together.append("all"))
    publish(processed, write)
    assert (processed / "report" / "index.html").read_bytes() == b"index"
    if n_files == 3:
        assert (synced, together) == (["0.html", "1.html", "2.html"], [])
    else:
        assert (synced, together) == ([], ["all"])
