"""The folder `report/`: what is written, from the tables alone, and only what changed."""

import hashlib
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.pages.release import HOSTILE, Article, article_id, contents, inodes, quote_id, write_pages
from tests.tables import row

VOSS, TULL = "ila_voss", "Oren Tull"
FIRST = Article("Harbour opens", [(VOSS, "the harbour is open"), (TULL, "nobody came")])
SECOND = Article(
    "Piers close", [(VOSS, "the piers are closed")], outlet_id="post", analysis_date=date(2024, 4, 1)
)
THIRD = Article("Fees rise", [("Mira Hald", "fees will rise")], analysis_date=None)
NEW = Article("Answer", [("Mira Hald", "fees must not rise")], outlet_id="post")


def test_there_is_a_page_for_each_document_speaker_and_topic(tmp_path: Path) -> None:
    hashes = write_pages(tmp_path / "one", [FIRST, SECOND], tmp_path / "cache")
    pages = contents(tmp_path / "one")
    assert sorted(hashes) == sorted(f"report/{path}" for path in pages)
    assert {path for path in pages if path.endswith(".html")} == {
        "index.html",
        f"documents/{FIRST.article_id}.html",
        f"documents/{SECOND.article_id}.html",
        "speakers/ila_voss.html",
        "topics/harbours.html",
        "topics/weather.html",
        "lists/documents.html",
        "lists/speakers.html",
        "lists/topics.html",
        "lists/outlets.html",
        "lists/events.html",
    }


def test_a_document_page_has_the_anchors_that_others_link_to(tmp_path: Path) -> None:
    write_pages(tmp_path / "one", [FIRST], tmp_path / "cache")
    page = contents(tmp_path / "one")[f"documents/{FIRST.article_id}.html"].decode()
    for number in (1, 2):
        own = quote_id(FIRST.article_id, number)
        assert f'id="q-{own.rsplit(":", 1)[1]}"' in page
        assert f"<code>{own}</code>" in page
    assert f"<bdi>{FIRST.article_id}</bdi>" in page


def test_a_name_of_two_documents_has_a_page_that_claims_no_person(tmp_path: Path) -> None:
    write_pages(tmp_path / "one", [THIRD, NEW], tmp_path / "cache")
    pages = contents(tmp_path / "one")
    page = pages["speakers/name-mira-hald.html"].decode()
    assert "it may stand for several people" in page
    assert page.index("<bdi>Post</bdi>") < page.index("<h2>Day not known</h2>")
    assert "../speakers/name-mira-hald.html" in pages[f"documents/{NEW.article_id}.html"].decode()
    assert "lists/speakers-m.html" in pages


def test_an_empty_dataset_has_pages_too(tmp_path: Path) -> None:
    write_pages(tmp_path / "one", [], tmp_path / "cache")
    pages = contents(tmp_path / "one")
    assert b"<p>None.</p>" in pages["lists/documents.html"]
    assert b"<p>None.</p>" in pages["lists/speakers.html"]
    assert b"No quote has this topic." in pages["topics/harbours.html"]


GROUPED = [
    row("topics", topic_id="sea", label="The sea", definition="All that floats."),
    row("topics", topic_id="harbours", parent_id="sea", label="Harbours"),
    row("topics", topic_id="weather", parent_id="sea", label="Weather"),
    row("topics", topic_id="law", label="Law"),
]


def test_a_group_of_topics_shows_its_topics(tmp_path: Path) -> None:
    both = Article("Storm", [(VOSS, "the harbour is shut")])
    both.of_quotes[1] = {"topics": "harbours; weather"}
    write_pages(tmp_path / "one", [FIRST, both], tmp_path / "cache", rows={"topics": GROUPED})
    pages = {path: page.decode() for path, page in contents(tmp_path / "one").items() if "topics" in path}
    group, alone = pages["topics/sea.html"], pages["topics/law.html"]
    links = ['<a href="../topics/harbours.html">Harbours</a>', '<a href="../topics/weather.html">Weather</a>']
    assert "Group of topics." in group
    assert all(f"<li>{link}</li>" in group for link in links)
    assert "No quote has this topic." not in group
    assert "No quote has this topic." in alone
    assert "Group of topics" not in alone + pages["topics/harbours.html"]
    listed = pages["lists/topics.html"]

    def line(topic_id: str) -> str:
        [found] = [one for one in listed.split("<tr>") if f"<bdi>{topic_id}</bdi>" in one]
        return found

    # Three quotes of two documents, the one with both topics counted once.
    assert '<td><a href="../topics/sea.html"><bdi>Group of 2 topics</bdi></a></td>' in line("sea")
    assert '<td class="number"><bdi>3</bdi></td><td class="number"><bdi>2</bdi></td>' in line("sea")
    assert '<td class="number"><bdi>1</bdi></td><td class="number"><bdi>1</bdi></td>' in line("weather")
    assert '<a href="../topics/sea.html"><bdi>The sea</bdi></a>' in line("harbours")
    assert '<td class="number"><bdi>0</bdi></td>' in line("law")
    assert "Group" not in line("law")


def test_one_of_a_thing_is_not_several(tmp_path: Path) -> None:
    write_pages(tmp_path / "one", [SECOND], tmp_path / "cache")
    write_pages(tmp_path / "two", [FIRST, SECOND], tmp_path / "cache")
    one, two = (contents(tmp_path / name) for name in ("one", "two"))
    assert b"<b>1</b> document</a>" in one["index.html"]
    assert b"<b>0</b> events</a>" in one["index.html"]
    assert b"<b>2</b> documents</a>" in two["index.html"]
    assert b"1 quote in all." in one["speakers/ila_voss.html"]
    assert b"2 quotes in all." in two["speakers/ila_voss.html"]


def test_the_same_tables_give_the_same_bytes_whatever_the_cache_held(tmp_path: Path) -> None:
    write_pages(tmp_path / "old", [FIRST, THIRD], tmp_path / "cache")
    write_pages(tmp_path / "new", [FIRST, SECOND, NEW], tmp_path / "cache", tmp_path / "old")
    write_pages(tmp_path / "clean", [FIRST, SECOND, NEW], tmp_path / "other cache")
    assert contents(tmp_path / "new") == contents(tmp_path / "clean")


def test_one_new_document_writes_only_the_pages_that_show_it(tmp_path: Path) -> None:
    write_pages(tmp_path / "old", [FIRST, SECOND, THIRD], tmp_path / "cache")
    write_pages(tmp_path / "new", [FIRST, SECOND, THIRD, NEW], tmp_path / "cache", tmp_path / "old")
    before, after = inodes(tmp_path / "old"), inodes(tmp_path / "new")
    written = {path for path in after if after[path] != before.get(path) and not path.startswith("search/")}
    assert written == {
        "index.html",
        f"documents/{NEW.article_id}.html",
        # It links to the page of its speaker, which is new as well.
        f"documents/{THIRD.article_id}.html",
        "speakers/name-mira-hald.html",
        "topics/harbours.html",
        "lists/documents.html",
        "lists/speakers.html",
        "lists/speakers-m.html",
        "lists/topics.html",
        "lists/outlets.html",
    }


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    write_pages(tmp_path / "old", [FIRST, SECOND], tmp_path / "cache")
    write_pages(tmp_path / "new", [FIRST, SECOND], tmp_path / "cache", tmp_path / "old")
    assert inodes(tmp_path / "new") == inodes(tmp_path / "old")


@pytest.mark.parametrize(
    "cell", [{"confidence": None}, {"is_negated": True}, {"cue": "swore"}, {"topics": None}]
)
def test_a_cell_that_changes_changes_the_page(tmp_path: Path, cell: dict[str, object]) -> None:
    write_pages(tmp_path / "old", [FIRST, SECOND], tmp_path / "cache")
    changed = Article("Harbour opens", FIRST.quotes)
    changed.of_quotes[2] = cell
    write_pages(tmp_path / "new", [changed, SECOND], tmp_path / "cache", tmp_path / "old")
    write_pages(tmp_path / "clean", [changed, SECOND], tmp_path / "other cache")
    page = f"documents/{FIRST.article_id}.html"
    assert contents(tmp_path / "new") == contents(tmp_path / "clean")
    assert contents(tmp_path / "new")[page] != contents(tmp_path / "old")[page]


def test_a_label_that_changes_changes_every_page(tmp_path: Path) -> None:
    write_pages(tmp_path / "old", [FIRST], tmp_path / "cache")
    rows = {"topics": [row("topics", topic_id="harbours", label="Ports", definition="Ports and piers.")]}
    write_pages(tmp_path / "new", [FIRST], tmp_path / "cache", tmp_path / "old", rows=rows)
    assert b"Ports</a>" in contents(tmp_path / "new")[f"documents/{FIRST.article_id}.html"]


def damaged(path: Path, *, keep_time: bool) -> bytes:
    content = path.read_bytes()
    noted = path.stat()
    path.unlink()  # The other release has the same file.
    path.write_bytes(content[:-2] + b"X\n")
    if keep_time:
        os.utime(path, ns=(noted.st_atime_ns, noted.st_mtime_ns))
    return content


@pytest.mark.parametrize("how", ["changed", "changed, same time", "truncated", "lost"])
def test_a_page_that_was_damaged_is_made_again(tmp_path: Path, how: str) -> None:
    write_pages(tmp_path / "old", [FIRST, SECOND], tmp_path / "cache")
    good = contents(tmp_path / "old")
    for name in (f"documents/{FIRST.article_id}.html", "search/e0-0.js"):
        path = tmp_path / "old" / "report" / name
        if how == "truncated":
            path.write_bytes(path.read_bytes()[:-7])
        elif how == "lost":
            path.unlink()
        else:
            damaged(path, keep_time=how.endswith("time"))
    verify = how.endswith("time")
    write_pages(tmp_path / "new", [FIRST, SECOND], tmp_path / "cache", tmp_path / "old", verify=verify)
    assert contents(tmp_path / "new") == good


def test_a_release_that_was_copied_is_as_good(tmp_path: Path) -> None:
    write_pages(tmp_path / "old", [FIRST, SECOND], tmp_path / "cache")
    shutil.copytree(tmp_path / "old", tmp_path / "copy", copy_function=shutil.copyfile)
    write_pages(tmp_path / "new", [FIRST, SECOND], tmp_path / "cache", tmp_path / "copy")
    assert inodes(tmp_path / "new") == inodes(tmp_path / "copy")


def test_a_file_with_another_time_is_read_once_and_then_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So are all files when a build gave the bytes that stood there: the files of before stay.
    write_pages(tmp_path / "one", [FIRST], tmp_path / "cache")
    for path in (tmp_path / "one" / "report").rglob("*.html"):
        os.utime(path, ns=(1, 1))
    n_read: list[int] = []
    digest = hashlib.file_digest

    def counted(file, how):  # type: ignore[no-untyped-def]
        n_read.append(1)
        return digest(file, how)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    write_pages(tmp_path / "two", [FIRST], tmp_path / "cache", tmp_path / "one")
    assert n_read
    n_read.clear()
    write_pages(tmp_path / "three", [FIRST], tmp_path / "cache", tmp_path / "two")
    assert n_read == []
    assert inodes(tmp_path / "three") == inodes(tmp_path / "one")


def test_pages_are_copied_where_links_do_not_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pages(tmp_path / "old", [FIRST, SECOND], tmp_path / "cache")

    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    write_pages(tmp_path / "new", [FIRST, SECOND], tmp_path / "cache", tmp_path / "old")
    assert contents(tmp_path / "new") == contents(tmp_path / "old")
    assert not set(inodes(tmp_path / "new").values()) & set(inodes(tmp_path / "old").values())


def test_hostile_words_are_escaped_everywhere(tmp_path: Path) -> None:
    hostile = Article(
        HOSTILE, [(HOSTILE, HOSTILE), (HOSTILE, "x" * 3000)], byline=HOSTILE, licence=HOSTILE, url=HOSTILE
    )
    again = Article("Again", [(HOSTILE, HOSTILE)])
    write_pages(tmp_path / "one", [hostile, again], tmp_path / "cache")
    for path, content in contents(tmp_path / "one").items():
        page = content.decode()
        if path.endswith(".html"):
            assert "<script>" not in page
            assert "<img" not in page
            assert page.count("</script>") == 1
        elif path.startswith("search/"):
            assert "<" not in page
            assert page.isascii()
    assert article_id(HOSTILE) == hostile.article_id
