"""The page of an event: statements by document, who reports them and who leaves them out."""

from datetime import date
from pathlib import Path
from typing import Any

from pipeline.document import Row
from tests.pages.release import HOSTILE, Article, contents, inodes, quote_id, write_pages
from tests.tables import row

FIRST = Article("Harbour opens", [("ila_voss", "the harbour is open")], event_id="summit")
SECOND = Article("Piers close", [("ila_voss", "the port has opened")], outlet_id="post", event_id="summit")
THIRD = Article("Fees rise", [("Mira Hald", "fees will rise")], event_id="summit")


def statement_rows(*, gist: str = "the harbour is open") -> dict[str, list[Row]]:
    one, two = (quote_id(article.article_id, 1) for article in (FIRST, SECOND))
    other = "the port has opened"
    shared: dict[str, Any] = {"statement_id": "s1", "event_id": "summit"}

    def covered(article: Article, how: str, quote: str | None = None) -> Row:
        return row(
            "statement_coverage", **shared, article_id=article.article_id, coverage=how, quote_id=quote
        )

    return {
        "events": [row("events", event_id="summit", label="Harbour summit", start_date=date(2024, 3, 4))],
        "statements": [
            row("statements", **shared, speaker_id="ila_voss", gist_quote_id=one, n_articles=2, n_outlets=2)
        ],
        "statement_quotes": [
            row("statement_quotes", statement_id="s1", quote_id=one, char_start=14, said_text=gist),
            row("statement_quotes", statement_id="s1", quote_id=two, char_start=14, said_text=other),
        ],
        "statement_coverage": [
            covered(FIRST, "direct", one),
            covered(SECOND, "indirect", two),
            covered(THIRD, "left_out"),
        ],
    }


ALL = [FIRST, SECOND, THIRD]


def test_each_document_is_a_column_with_what_it_says_or_leaves_out(tmp_path: Path) -> None:
    write_pages(tmp_path / "one", ALL, tmp_path / "cache", rows=statement_rows())
    page = contents(tmp_path / "one")["events/summit.html"].decode()
    assert "<h1><bdi>Harbour summit</bdi></h1>" in page
    assert "1 statements in 3 documents." in page
    assert page.count('<td class="direct">') == page.count('<td class="left_out"><b>left out</b></td>') == 1
    link = f"../documents/{SECOND.article_id}.html#q-{quote_id(SECOND.article_id, 1).rsplit(':', 1)[1]}"
    assert f'<td class="indirect"><b>indirect</b> · “<bdi>said</bdi>”<br><a href="{link}">' in page
    listed = contents(tmp_path / "one")["lists/events.html"].decode()
    assert '<a href="../events/summit.html"><bdi>Harbour summit</bdi></a>' in listed


def test_without_statements_there_is_a_list_that_says_so(tmp_path: Path) -> None:
    write_pages(tmp_path / "one", ALL, tmp_path / "cache")
    pages = contents(tmp_path / "one")
    assert b"<p>None.</p>" in pages["lists/events.html"]
    assert not any(path.startswith("events/") for path in pages)


def test_a_page_of_an_event_is_written_when_it_changes_and_not_else(tmp_path: Path) -> None:
    def written(name: str, before: str | None, rows: dict[str, list[Row]], articles: list[Article]) -> int:
        old = tmp_path / before if before else None
        write_pages(tmp_path / name, articles, tmp_path / "cache", old, rows=rows)
        return inodes(tmp_path / name)["events/summit.html"]

    first = written("one", None, statement_rows(), ALL)
    assert written("two", "one", statement_rows(), [*ALL, Article("Other", [("Oren Tull", "no")])]) == first
    assert written("three", "two", statement_rows(gist="other words"), ALL) != first
    changed = Article("Harbour opens", FIRST.quotes, event_id="summit")
    changed.of_quotes[1] = {"cue": "swore"}
    other = written("four", "one", statement_rows(), [changed, SECOND, THIRD])
    assert other != first
    assert b"swore" in contents(tmp_path / "four")["events/summit.html"]


def test_hostile_words_are_escaped(tmp_path: Path) -> None:
    write_pages(tmp_path / "one", ALL, tmp_path / "cache", rows=statement_rows(gist=HOSTILE))
    page = contents(tmp_path / "one")["events/summit.html"]
    assert b"<img src=x" not in page
    assert b"&lt;script&gt;document.title" in page
