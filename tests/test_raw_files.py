"""The raw folder as hostile ground: every name is listed once, with a hash or with a reason."""

import contextlib
import hashlib
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import raw_files
from pipeline.faults import Fault
from pipeline.raw_files import Changed, RawFile, Scan, read, scan, shown_path

HOUR_NS = 3_600_000_000_000


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the scan run an hour after the files were written, so that their times can be trusted."""
    now = time.time_ns() + HOUR_NS
    monkeypatch.setattr(raw_files, "time", SimpleNamespace(time_ns=lambda: now))


def put(raw: Path, name: str | bytes, content: bytes = b"text") -> str:
    path = os.fsencode(raw) + b"/" + os.fsencode(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 (a Path refuses odd names)
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(content)
    return hashlib.sha256(content).hexdigest()


def look(raw: Path, remembered: Scan | None = None, **options: bool | int) -> Scan:
    return scan(raw, remembered=remembered.memory if remembered else {}, **options)  # type: ignore[arg-type]


def reasons(found: Scan) -> dict[str, str | None]:
    return {file.raw_path: file.reason_code for file in found.files}


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the right of root to read everything."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_raw() -> Iterator[Path]:
    """Give a raw folder that every user can enter; the folders of pytest are its own user's only."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_files_in_nested_folders_are_found_with_size_and_hash(raw: Path) -> None:
    top = put(raw, "top.txt", b"one")
    deep = put(raw, "a/b/c/deep.txt", b"other")
    (raw / "empty folder").mkdir()
    assert look(raw).files == [
        RawFile("a/b/c/deep.txt", 5, deep),
        RawFile("top.txt", 3, top),
    ]


def test_an_empty_raw_folder_holds_no_files(raw: Path) -> None:
    assert look(raw) == Scan([])


def test_files_come_in_code_point_order_of_the_whole_path(raw: Path) -> None:
    ordered = [
        "10",
        "9",
        "B.txt",
        "a-b.txt",
        "a/z.txt",
        "b.txt",
        "b/a.txt",
        "e\u0301.txt",
        "z.txt",
        "\u00e9.txt",
        "\uff5e.txt",
        "\U0001f33e.txt",
    ]
    for name in reversed(ordered):
        put(raw, name)
    assert [file.raw_path for file in look(raw).files] == ordered


def test_a_raw_folder_that_is_missing_or_no_folder_is_a_fault(tmp_path: Path) -> None:
    put(tmp_path, "file")
    for name in ("nothing", "file"):
        with pytest.raises(Fault, match="does not exist or is no folder: name the folder with --raw"):
            look(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("line\nbreak.txt", "line\nbreak.txt"),
        ('it\'s "quoted".txt', 'it\'s "quoted".txt'),
        ("河 – é.txt", "河 – é.txt"),
        (b"caf\xe9.txt", "caf\\xe9.txt"),
        (b"caf\\xe9.txt", "caf\\\\xe9.txt"),
        (b"\\\xff", "\\\\\\xff"),
        (b"half \xf0\x9f\x8c", "half \\xf0\\x9f\\x8c"),
        (" leading and trailing ", " leading and trailing "),
        ("-rf", "-rf"),
        ("=1+1", "=1+1"),
    ],
)
def test_odd_names_are_read_and_shown_as_valid_strings(raw: Path, name: str | bytes, shown: str) -> None:
    sha256 = put(raw, name, b"content")
    [file] = look(raw).files
    assert file.raw_path == shown
    shown.encode()
    assert (file.sha256, file.reason_code) == (sha256, None)
    assert read(raw, file.name, sha256, 100) == b"content"


NAMES = st.binary(min_size=1, max_size=12).filter(lambda name: b"/" not in name and b"\x00" not in name)


@settings(deadline=None)
@given(NAMES, NAMES)
def test_two_names_are_never_shown_alike(one: bytes, other: bytes) -> None:
    shown = [shown_path(os.fsdecode(name)) for name in (one, other)]
    assert (shown[0] == shown[1]) == (one == other)
    for text in shown:
        text.encode()


def test_what_is_no_file_is_listed_and_not_opened(raw: Path) -> None:
    os.mkfifo(raw / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(raw)  # a socket's path may have about a hundred bytes only
        try:
            listening.bind("socket")
        finally:
            os.chdir(here)
        found = look(raw)
    message = "it is a pipe, socket or device, not a file: remove it"
    assert found.files == [
        RawFile("pipe", None, None, "not_a_file", message),
        RawFile("socket", None, None, "not_a_file", message),
    ]


def test_links_are_followed_to_files_inside_the_raw_folder_only(raw: Path, tmp_path: Path) -> None:
    put(tmp_path, "outside.txt")
    put(tmp_path, "rawhide/file.txt")
    sha256 = put(raw, "folder/inside.txt", b"inside")
    os.mkfifo(raw / "pipe")
    for name, target in (
        ("absolute", str(raw / "folder" / "inside.txt")),
        ("relative", "folder/inside.txt"),
        ("folder/up_and_back", "../folder/../folder/inside.txt"),
        ("to_link", "relative"),
        ("out", "../outside.txt"),
        ("out_absolute", "/etc/passwd"),
        ("out_beside", "../rawhide/file.txt"),
        ("out_by_link", "to_outside_folder/outside.txt"),
        ("to_outside_folder", ".."),
        ("to_folder", "folder"),
        ("to_raw", "."),
        ("to_pipe", "pipe"),
        ("to_nothing", "nothing.txt"),
        ("to_itself", "to_itself"),
        ("circle_a", "circle_b"),
        ("circle_b", "circle_a"),
    ):
        (raw / name).symlink_to(target)
    found = look(raw)
    assert reasons(found) == {
        "absolute": None,
        "circle_a": "link_loop",
        "circle_b": "link_loop",
        "folder/inside.txt": None,
        "folder/up_and_back": None,
        "out": "link_outside_raw",
        "out_absolute": "link_outside_raw",
        "out_beside": "link_outside_raw",
        "out_by_link": "link_outside_raw",
        "pipe": "not_a_file",
        "relative": None,
        "to_folder": "link_to_folder",
        "to_itself": "link_loop",
        "to_link": None,
        "to_nothing": "dangling_link",
        "to_outside_folder": "link_outside_raw",
        "to_pipe": "not_a_file",
        "to_raw": "link_to_folder",
    }
    for file in found.files:
        if file.reason_code:
            assert (file.size, file.sha256) == (None, None)
            assert file.message
        else:
            assert (file.size, file.sha256) == (6, sha256)


def test_a_raw_folder_may_itself_be_a_link(raw: Path, tmp_path: Path) -> None:
    put(raw, "file.txt")
    (raw / "link").symlink_to("file.txt")
    (tmp_path / "other").symlink_to("raw")
    assert reasons(look(tmp_path / "other")) == {"file.txt": None, "link": None}


def test_files_and_folders_that_may_not_be_read_are_listed(open_raw: Path) -> None:
    put(open_raw, "closed.txt")
    put(open_raw, "closed folder/lost.txt")
    readable = put(open_raw, "open.txt")
    (open_raw / "into_closed").symlink_to("closed folder/lost.txt")
    (open_raw / "closed.txt").chmod(0)
    (open_raw / "closed folder").chmod(0)
    try:
        with as_nobody():
            found = look(open_raw)
            with pytest.raises(Changed) as caught:
                read(open_raw, "closed.txt", "0" * 64, 100)
    finally:
        (open_raw / "closed folder").chmod(0o755)
    assert caught.value.code == "unreadable"
    assert found.files == [
        RawFile(
            "closed folder",
            None,
            None,
            "unreadable_folder",
            "the folder cannot be read (Permission denied): allow reading it",
        ),
        RawFile("closed.txt", 4, None, "unreadable", "the file may not be read: allow reading it"),
        RawFile("into_closed", None, None, "unreadable", "the file may not be read: allow reading it"),
        RawFile("open.txt", 4, readable),
    ]


def test_a_raw_folder_that_may_not_be_read_is_a_fault(open_raw: Path) -> None:
    (open_raw / "raw").mkdir(mode=0o111)
    with as_nobody(), pytest.raises(Fault, match=r"cannot be read \(Permission denied\): allow reading it"):
        look(open_raw / "raw")


def test_hidden_files_are_listed_and_not_read(raw: Path) -> None:
    put(raw, ".DS_Store")
    put(raw, "folder/.~lock.page.txt#")
    found = look(raw)
    assert reasons(found) == {".DS_Store": "hidden_file", "folder/.~lock.page.txt#": "hidden_file"}
    assert [(file.size, file.sha256) for file in found.files] == [(4, None), (4, None)]
    assert found.n_hashed == 0


def test_unfinished_files_are_listed_and_not_read(raw: Path) -> None:
    names = ["page.txt.part", "page.TMP", "page.txt~", "in/~$page.txt", "page.crdownload"]
    for name in [*names, "partial.txt", "a~b.txt"]:
        put(raw, name)
    found = look(raw)
    assert reasons(found) == dict.fromkeys(names, "unfinished_file") | {"partial.txt": None, "a~b.txt": None}
    assert found.n_hashed == 2


def test_a_file_over_the_bound_is_listed_and_not_read(raw: Path) -> None:
    put(raw, "large.txt", 1001 * b"x")
    exact = put(raw, "exact.txt", 1000 * b"x")
    assert look(raw, max_bytes=1000).files == [
        RawFile("exact.txt", 1000, exact),
        RawFile(
            "large.txt",
            1001,
            None,
            "too_large",
            "1,001 bytes are over the bound of 1,000: split the file or raise --max-bytes",
        ),
    ]


def test_an_empty_file_is_a_file(raw: Path) -> None:
    sha256 = put(raw, "empty.txt", b"")
    assert look(raw).files == [RawFile("empty.txt", 0, sha256)]


def test_a_file_larger_than_one_chunk_is_hashed_whole(raw: Path) -> None:
    sha256 = put(raw, "large.txt", bytes(range(256)) * 10_000)
    [file] = look(raw).files
    assert file.sha256 == sha256
    assert len(read(raw, "large.txt", sha256, 10_000_000)) == 2_560_000


def test_files_that_steer_the_build_are_told_apart_from_articles(raw: Path) -> None:
    for name in (
        "manifest.csv",
        "sub/manifest.csv",
        "authority/outlets.csv",
        "authority/notes.txt",
        "authority.csv",
    ):
        put(raw, name)
    found = look(raw)
    assert reasons(found) == {
        "authority.csv": None,
        "authority/notes.txt": None,
        "authority/outlets.csv": "authority_file",
        "manifest.csv": "manifest",
        "sub/manifest.csv": None,
    }
    assert all(file.sha256 for file in found.files)


@pytest.mark.parametrize("step", ["hash", "stat"])
def test_a_file_that_vanishes_during_the_scan_is_listed(
    raw: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    put(raw, "here.txt")
    put(raw, "gone.txt")
    walk, take_hash = raw_files._walk, raw_files._hash

    def vanish(path: str) -> None:
        if path.endswith("gone.txt"):
            Path(path).unlink()

    def walk_slowly(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str] | RawFile]]:
        for name, entry in walk(folder, prefix):
            vanish(name if isinstance(entry, RawFile) else entry.path)
            yield name, entry

    def hash_late(path: str, max_bytes: int) -> str:
        vanish(path)
        return take_hash(path, max_bytes)

    if step == "stat":
        monkeypatch.setattr(raw_files, "_walk", walk_slowly)
    else:
        monkeypatch.setattr(raw_files, "_hash", hash_late)
    found = look(raw)
    assert reasons(found) == {"gone.txt": "vanished", "here.txt": None}
    assert "gone.txt" not in found.memory


def test_a_folder_that_vanishes_during_the_scan_is_listed(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(raw, "here.txt")
    put(raw, "folder/file.txt")
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("folder"):
            raise FileNotFoundError(2, "No such file or directory")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert reasons(look(raw)) == {"folder": "unreadable_folder", "here.txt": None}


@pytest.mark.usefixtures("an_hour_later")
def test_an_unchanged_file_is_not_read_again(raw: Path) -> None:
    put(raw, "a.txt")
    put(raw, "b/b.txt")
    first = look(raw)
    second = look(raw, first)
    assert (first.n_hashed, second.n_hashed) == (2, 0)
    assert second.files == first.files
    assert second.memory == first.memory


@pytest.mark.usefixtures("an_hour_later")
@pytest.mark.parametrize(
    "change",
    ["touched", "rewritten", "rewritten_with_the_old_times", "replaced", "replaced_with_the_old_times"],
)
def test_a_file_whose_size_times_or_inode_changed_is_read_again(raw: Path, change: str) -> None:
    path = raw / "a.txt"
    put(raw, "a.txt", b"old!")
    put(raw, "b.txt")
    first = look(raw)
    status = path.stat()
    if change == "touched":
        path.touch()
    elif change.startswith("rewritten"):
        path.write_bytes(b"new!")
    else:
        (raw / "new").write_bytes(b"new!")
        (raw / "new").rename(path)
    if change.endswith("old_times"):
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    second = look(raw, first)
    assert second.n_hashed == 1
    expected = b"old!" if change == "touched" else b"new!"
    assert second.files[0].sha256 == hashlib.sha256(expected).hexdigest()
    assert look(raw, second).n_hashed == 0


@pytest.mark.usefixtures("an_hour_later")
def test_check_reads_every_file_again(raw: Path) -> None:
    put(raw, "a.txt")
    put(raw, "b.txt")
    first = look(raw)
    first.memory["a.txt"][4] = "0" * 64
    assert look(raw, first).files[0].sha256 == "0" * 64
    checked = look(raw, first, check=True)
    assert checked.n_hashed == 2
    assert checked.files[0].sha256 == hashlib.sha256(b"text").hexdigest()


def test_a_file_younger_than_two_seconds_is_read_again(raw: Path) -> None:
    put(raw, "young.txt")
    first = look(raw)
    assert first.memory == {}
    assert look(raw, first).n_hashed == 1


@pytest.mark.usefixtures("an_hour_later")
def test_a_file_from_the_future_is_read_again(raw: Path) -> None:
    put(raw, "future.txt")
    ahead = time.time_ns() + 24 * HOUR_NS
    os.utime(raw / "future.txt", ns=(ahead, ahead))
    assert look(raw, look(raw)).n_hashed == 1


@pytest.mark.usefixtures("an_hour_later")
def test_a_file_of_the_same_name_in_the_place_of_a_removed_one_is_read(raw: Path) -> None:
    put(raw, "a.txt")
    first = look(raw)
    (raw / "a.txt").unlink()
    assert look(raw, first).memory == {}
    put(raw, "a.txt", b"more")
    assert look(raw, first).n_hashed == 1


@pytest.mark.usefixtures("an_hour_later")
def test_the_memory_is_kept_between_builds_with_odd_names_too(raw: Path, tmp_path: Path) -> None:
    put(raw, b"caf\xe9.txt")
    put(raw, "河.txt")
    first = look(raw)
    raw_files.save_memory(tmp_path / "cache" / "scan.json", first)
    kept = raw_files.load_memory(tmp_path / "cache" / "scan.json")
    assert kept == first.memory
    assert scan(raw, remembered=kept).n_hashed == 0


@pytest.mark.parametrize("content", [None, b"", b'{"a.txt": [1, 2', b"[]", b"\xff\xfe", b"null"])
def test_a_memory_that_is_missing_or_damaged_is_empty(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "scan.json").write_bytes(content)
    assert raw_files.load_memory(tmp_path / "scan.json") == {}


@pytest.mark.usefixtures("an_hour_later")
def test_a_memory_in_which_a_digit_changed_is_empty(raw: Path, tmp_path: Path) -> None:
    put(raw, "a.txt")
    first = look(raw)
    path = tmp_path / "scan.json"
    raw_files.save_memory(path, first)
    sha256 = str(first.memory["a.txt"][4]).encode()
    path.write_bytes(path.read_bytes().replace(sha256, sha256[::-1]))
    assert raw_files.load_memory(path) == {}


def test_files_go_into_fingerprints_as_json_whatever_their_names(raw: Path) -> None:
    put(raw, b"caf\xe9.txt")
    one = look(raw).files[0].as_json()
    one.encode()
    put(raw, b"caf\xe9.txt", b"other")
    assert look(raw).files[0].as_json() != one


def changed(raw: Path, sha256: str, max_bytes: int = 100) -> str:
    with pytest.raises(Changed) as caught:
        read(raw, "a.txt", sha256, max_bytes)
    assert str(caught.value) == caught.value.message
    return caught.value.code


def test_reading_gives_the_bytes_that_the_scan_saw(raw: Path) -> None:
    sha256 = put(raw, "a.txt", b"\x00\xff\r\n")
    assert read(raw, "a.txt", sha256, 100) == b"\x00\xff\r\n"


def test_reading_a_file_that_changed_grew_or_vanished_says_so(raw: Path) -> None:
    sha256 = put(raw, "a.txt")
    put(raw, "a.txt", b"other")
    assert changed(raw, sha256) == "changed"
    put(raw, "a.txt", b"text and more")
    assert changed(raw, sha256) == "changed"
    put(raw, "a.txt", 1000 * b"x")
    assert changed(raw, sha256) == "changed"
    (raw / "a.txt").unlink()
    assert changed(raw, sha256) == "vanished"
    (raw / "a.txt").mkdir()
    assert changed(raw, sha256) == "unreadable"
    (raw / "a.txt").rmdir()
    (raw / "a.txt").symlink_to("a.txt")
    assert changed(raw, sha256) == "link_loop"


@pytest.mark.parametrize("writer", [False, True])
def test_reading_does_not_hang_on_a_pipe_in_the_place_of_the_file(raw: Path, writer: bool) -> None:
    sha256 = put(raw, "a.txt")
    (raw / "a.txt").unlink()
    os.mkfifo(raw / "a.txt")
    held = os.open(raw / "a.txt", os.O_RDWR | os.O_NONBLOCK) if writer else None
    assert changed(raw, sha256) == "changed"
    if held is not None:
        os.close(held)


def test_thousands_of_files_are_listed_each_once_and_progress_is_told(raw: Path) -> None:
    for number in range(2_100):
        put(raw, f"{number % 20:02}/{number:04}.txt", str(number % 1000).encode())
    told: list[int] = []
    found = scan(raw, remembered={}, on_progress=told.append)
    assert len(found.files) == len({file.name for file in found.files}) == 2_100
    assert [file.raw_path for file in found.files] == sorted(file.raw_path for file in found.files)
    assert len({file.sha256 for file in found.files}) == 1000
    assert told == [1000, 2000]


def test_a_folder_whose_path_is_too_long_for_the_system_is_listed(raw: Path) -> None:
    here = Path.cwd()
    os.chdir(raw)
    try:
        for _ in range(25):
            Path(200 * "d").mkdir()
            os.chdir(200 * "d")
        Path("deep.txt").write_bytes(b"text")
    finally:
        os.chdir(here)
    put(raw, "here.txt")
    folder, file = look(raw).files
    assert (file.raw_path, file.reason_code) == ("here.txt", None)
    assert (folder.reason_code, folder.message) == (
        "unreadable_folder",
        "the folder cannot be read (File name too long): allow reading it",
    )
