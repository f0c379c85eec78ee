"""Bad raw files: each has its row in sources with a clear reason, and none stops the build."""

import os
import resource
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import raw_files, shards
from pipeline.document import Document, Rows
from tests.workshop import PROJECT, Workshop

GOOD = "Premier Ila Voss said the harbour will open in spring.\n"
NOBODY = 65534


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    shop = Workshop(tmp_path / "shop")
    shop.write(good=GOOD)
    return shop


def reason(shop: Workshop, path: str) -> tuple[str, str | None, str | None]:
    assert shop.build() == 0
    sources = shop.sources()
    assert sources["good.txt"]["status"] == "ok"
    row = sources[path]
    return row["status"], row["reason_code"], row["message"]


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"", "empty", "no bytes"),
        (b" \n\t\r\n ", "blank", "white space only"),
        (b"\xef\xbb\xbf\n", "blank", "white space only"),
        (bytes(range(256)) * 20, "binary", "not text"),
        (b"%PDF-1.7 " + b"x" * 100, "binary", "a PDF"),
        (b"Premier Voss said\x00 no.", "nul_bytes", "byte offset 17"),
        ("Voss said no.".encode("utf-16")[:-1], "truncated_utf16", "odd number of bytes"),
        ("“Voss” said “nö”.".encode()[:-2] + b"\xff.", "broken_utf8", "byte offset 22 (0xe2)"),
        ("Voss said “no”.".encode()[:-2], "broken_utf8", "byte offset 15 (0xe2)"),
        (b"Voss said \x81\x8d.", "undecodable", "byte offset 10"),
    ],
)
def test_content_that_is_no_text_is_quarantined(shop: Workshop, content: bytes, code: str, told: str) -> None:
    (shop.raw / "bad.txt").write_bytes(content)
    status, found, message = reason(shop, "bad.txt")
    assert (status, found) == ("quarantined", code)
    assert told in str(message)
    assert shop.sources()["bad.txt"]["raw_sha256"] is not None


def test_text_that_was_garbled_before_it_came_is_kept_with_a_warning(shop: Workshop) -> None:
    garbled = "â€œNo,â€\x9d said Ila Voss of CafÃ© Ardesk, who cameâ€”lateâ€”to the talks.\n"
    shop.write(garbled=garbled)
    status, code, message = reason(shop, "garbled.txt")
    assert (status, code) == ("warning", "mojibake")
    assert "garbled" in str(message)
    texts = dict(shop.table("article_text").iter_rows())
    assert texts[shop.sources()["garbled.txt"]["article_id"]] == garbled


def test_a_file_of_300_mb_is_over_the_bound_and_not_read(shop: Workshop) -> None:
    with (shop.raw / "huge.txt").open("wb") as file:
        file.truncate(300_000_000)
    status, code, message = reason(shop, "huge.txt")
    assert (status, code) == ("quarantined", "too_large")
    assert "300,000,000 bytes are over the bound of 50,000,000" in str(message)
    assert shop.sources()["huge.txt"]["raw_bytes"] == 300_000_000


def test_the_bound_can_be_set(shop: Workshop) -> None:
    assert shop.build("--max-bytes", "10") == 0
    assert shop.sources()["good.txt"]["reason_code"] == "too_large"
    assert shop.build("--max-bytes", "1000") == 0
    assert shop.sources()["good.txt"]["status"] == "ok"


def test_a_single_line_of_10_mb_is_read_in_bounded_memory(shop: Workshop) -> None:
    plain = "The river rose again and the fields of the valley were wet for weeks. " * 20
    line = (plain + "Premier Ila Voss said the harbour will open. ") * (10_000_000 // (len(plain) + 45))
    (shop.raw / "long.txt").write_text(line)
    command = [sys.executable, "-m", "pipeline", *shop.arguments()]
    bound = 2_000_000_000

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))

    done = subprocess.run(command, cwd=PROJECT, preexec_fn=limit, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert shop.sources()["long.txt"]["status"] == "ok"
    counts = dict(shop.table("articles").select("raw_path", "n_quotes").iter_rows())
    assert counts["long.txt"] == line.count(" said ")


def test_a_pipe_is_not_waited_for(shop: Workshop) -> None:
    os.mkfifo(shop.raw / "pipe.txt")
    assert reason(shop, "pipe.txt")[:2] == ("quarantined", "not_a_file")


def test_a_socket_is_no_file(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.raw)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
        assert reason(shop, "socket.txt")[:2] == ("quarantined", "not_a_file")


def test_links_are_followed_inside_the_raw_folder_only(shop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("The vault opens at nine, Ila Voss said.\n")
    (shop.raw / "sub").mkdir()
    links = {
        "dangling.txt": "nowhere.txt",
        "outside.txt": str(tmp_path / "secret.txt"),
        "climbing.txt": "../../secret.txt",
        "loop_a.txt": "loop_b.txt",
        "loop_b.txt": "loop_a.txt",
        "itself.txt": "itself.txt",
        "folder.txt": "sub",
        "z_inside.txt": "good.txt",
    }
    for name, target in links.items():
        (shop.raw / name).symlink_to(target)
    (shop.raw / "sub" / "up").symlink_to("..")
    assert shop.build() == 0
    found = {path: (row["status"], row["reason_code"]) for path, row in shop.sources().items()}
    assert found == {
        "good.txt": ("ok", None),
        "dangling.txt": ("quarantined", "dangling_link"),
        "outside.txt": ("quarantined", "link_outside_raw"),
        "climbing.txt": ("quarantined", "link_outside_raw"),
        "loop_a.txt": ("quarantined", "link_loop"),
        "loop_b.txt": ("quarantined", "link_loop"),
        "itself.txt": ("quarantined", "link_loop"),
        "folder.txt": ("quarantined", "link_to_folder"),
        "sub/up": ("quarantined", "link_to_folder"),
        "z_inside.txt": ("duplicate", "same_bytes"),
    }
    assert "vault" not in "".join(shop.table("article_text")["text"])


def test_a_file_and_a_folder_that_may_not_be_read(shop: Workshop, tmp_path: Path) -> None:
    assert shop.build() == 0
    shop.write(locked=GOOD + "No more.\n")
    (shop.raw / "shut").mkdir()
    (shop.raw / "shut" / "inside.txt").write_text(GOOD)
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    for path in (shop.raw.parent, *shop.raw.parent.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    (shop.raw / "locked.txt").chmod(0)
    (shop.raw / "shut").chmod(0)
    # Root may read everything, so the build runs as somebody else.
    os.seteuid(NOBODY)
    try:
        assert shop.build() == 0
    finally:
        os.seteuid(0)
    sources = shop.sources()
    assert sources["good.txt"]["status"] == "ok"
    assert sources["locked.txt"]["reason_code"] == "unreadable"
    assert "allow reading it" in sources["locked.txt"]["message"]
    assert sources["shut"]["reason_code"] == "unreadable_folder"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"two\nlines.txt", "two\nlines.txt"),
        (b"quote'\"`.txt", "quote'\"`.txt"),
        ("Ärger – 谈话.txt".encode(), "Ärger – 谈话.txt"),
        (b"odd\xff\xfebytes.txt", "odd\\xff\\xfebytes.txt"),
        (b"back\\slash.txt", "back\\\\slash.txt"),
        (b"=cmd|'calc'!A0.txt", "=cmd|'calc'!A0.txt"),
        (b"<script>.txt", "<script>.txt"),
        (b" leading and trailing ", " leading and trailing "),
    ],
)
def test_odd_names_are_kept(shop: Workshop, name: bytes, shown: str) -> None:
    (Path(os.fsdecode(os.fsencode(shop.raw) + b"/" + name))).write_bytes(b"Ila Voss said no.\n")
    assert reason(shop, shown)[:2] == ("ok", None)
    assert shop.build() == 0


def test_hidden_files_are_listed_and_not_read(shop: Workshop) -> None:
    (shop.raw / ".DS_Store").write_bytes(b"\x00\x01")
    assert reason(shop, ".DS_Store")[:2] == ("quarantined", "hidden_file")


@pytest.mark.parametrize(
    ("change", "code"),
    [(lambda path: path.unlink(), "vanished"), (lambda path: path.write_text("Other words.\n"), "changed")],
)
def test_a_file_that_changes_or_vanishes_during_the_build(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, change: Any, code: str
) -> None:
    shop.write(moving="Oren Tull said the fees will rise.\n")
    read = raw_files.read

    def late(raw: Path, name: str, sha256: str, max_bytes: int) -> bytes:
        if name == "moving.txt":
            change(raw / name)
        return read(raw, name, sha256, max_bytes)

    with monkeypatch.context() as patched:
        patched.setattr(raw_files, "read", late)
        assert shop.build() == 0
    row = shop.sources()["moving.txt"]
    assert (row["status"], row["reason_code"], row["n_articles"]) == ("quarantined", code, 0)
    assert len(shop.table("articles")) == 1
    # The next build takes the file as it is then.
    assert shop.build() == 0
    assert shop.sources().get("moving.txt", {}).get("status") == (None if code == "vanished" else "ok")


@pytest.mark.parametrize(("stage", "left"), [("articles", 0), ("quotes", 1), ("topics", 1)])
def test_a_file_on_which_the_pipeline_itself_fails_does_not_stop_the_others(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, stage: str, left: int
) -> None:
    shop.write(poison="Oren Tull said the POISON works.\n")
    names = {"articles": "read_articles", "quotes": "extract", "topics": "code"}
    module = getattr(shards, f"{stage}_stage")
    works = getattr(module, names[stage])

    def fails(*given: Any, **named: Any) -> Rows:
        texts = [named.get("text", "")] + [g.text for g in given if isinstance(g, Document)]
        if "POISON" in "".join(texts):
            raise ZeroDivisionError("secret words")
        rows: Rows = works(*given, **named)
        return rows

    monkeypatch.setattr(module, names[stage], fails)
    status, code, message = reason(shop, "poison.txt")
    assert code == f"{stage}_failed"
    assert status == ("quarantined" if stage == "articles" else "warning")
    assert "ZeroDivisionError in test_bad_input.py" in str(message)
    assert "secret words" not in str(message)
    assert len(shop.table("articles").filter(raw_path="poison.txt")) == left


def test_every_file_has_a_row(shop: Workshop) -> None:
    for number in range(30):
        folder = shop.raw / f"f{number % 3}" / f"g{number % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.txt").write_bytes(
            b"" if number % 5 == 0 else f"Ila Voss said {number}.".encode()
        )
    (shop.raw / "manifest.csv").write_text("path,licence\ngood.txt,CC0-1.0\n")
    assert shop.build() == 0
    assert len(shop.sources()) == sum(path.is_file() for path in shop.raw.rglob("*")) == 32
    assert shop.sources()["manifest.csv"]["reason_code"] == "manifest"
