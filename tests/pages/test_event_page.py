"""The page of an event: statements by document, who reports them and who leaves them out."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.document import Row
from pipeline.statements import stage
from tests.pages.release import HOSTILE, Article, contents, inodes, quote_id, write_pages
from tests.tables import row

FIRST = Article("Harbour opens", [("ila_voss", "the harbour is open")], event_id="summit")
SECOND = Article("Piers close", [("ila_voss", "the port has opened")], outlet_id="post", event_id="summit")
THIRD = Article("Fees rise", [("Mira Hald", "fees will rise")], event_id="summit")


def statement_rows(
    *, gist: str = "the harbour is open", score: float = 0.71, relation: str = "paraphrase"
) -> dict[str, list[Row]]:
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
            row(
                "statement_quotes",
                statement_id="s1",
                quote_id=one,
                char_start=14,
                said_text=gist,
                relation="same_words",
                score=1.0,
            ),
            row(
                "statement_quotes",
                statement_id="s1",
                quote_id=two,
                char_start=14,
                said_text=other,
                relation=relation,
                score=score,
            ),
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
    assert "1 statement in 3 documents." in page
    assert page.count('<td class="direct">') == page.count('<td class="left_out"><b>left out</b></td>') == 1
    link = f"../documents/{SECOND.article_id}.html#q-{quote_id(SECOND.article_id, 1).rsplit(':', 1)[1]}"
    assert f'<td class="indirect"><b>indirect</b> · “<bdi>said</bdi>”<br><a href="{link}">' in page
    listed = contents(tmp_path / "one")["lists/events.html"].decode()
    assert '<a href="../events/summit.html"><bdi>Harbour summit</bdi></a>' in listed


def cells(page: str) -> list[str]:
    """Return the cells of the table, row by row."""
    return [cell.partition("</td>")[0] for cell in page.split("<td class=")[1:]]


def test_a_document_without_a_row_is_not_drawn_as_leaving_it_out(tmp_path: Path) -> None:
    # The third document tells of the event in a statement of its own, and has no row for the first.
    rows = statement_rows()
    third = quote_id(THIRD.article_id, 1)
    rows["statement_coverage"][2] |= {"statement_id": "s2", "coverage": "direct", "quote_id": third}
    rows["statements"].append(
        row("statements", statement_id="s2", event_id="summit", gist_quote_id=third, n_articles=1)
    )
    rows["statement_quotes"].append(
        row(
            "statement_quotes",
            statement_id="s2",
            quote_id=third,
            char_start=14,
            said_text="fees will rise",
            relation="same_words",
            score=1.0,
        )
    )
    write_pages(tmp_path / "one", ALL, tmp_path / "cache", rows=rows)
    page = contents(tmp_path / "one")["events/summit.html"].decode()
    assert "2 statements in 3 documents." in page
    empty = '"not_counted"><span class="unseen">not counted</span>'
    found = cells(page)
    assert len(found) == 6
    assert [cell == empty for cell in found].count(True) == 3
    assert not any("left out" in cell or "left_out" in cell for cell in found)
    assert f"more than {stage._MANY_REPORTS} documents report the event" in page


@pytest.mark.parametrize(
    ("score", "relation", "told", "is_weak"),
    [
        (0.46, "paraphrase", "likeness 0.46, in other words", True),
        (0.594, "partial", "likeness 0.59, a part of it", True),
        (0.596, "translation_variant", "likeness 0.60, another translation", False),
        (1.0, "same_words", "likeness 1.00, the same words", False),
    ],
)
def test_a_joined_quote_tells_how_like_it_is_and_a_weak_join_is_marked(
    tmp_path: Path, score: float, relation: str, told: str, is_weak: bool
) -> None:
    rows = statement_rows(score=score, relation=relation)
    write_pages(tmp_path / "one", ALL, tmp_path / "cache", rows=rows)
    page = contents(tmp_path / "one")["events/summit.html"].decode()
    [joined] = [cell for cell in cells(page) if cell.startswith('"indirect')]
    [gist] = [cell for cell in cells(page) if cell.startswith('"direct')]
    assert f'<br><span class="quiet">{told}</span>' in joined
    weak = '<span class="badge warn">weak: perhaps another statement</span>'
    assert (weak in joined, joined.startswith('"indirect weak"')) == (is_weak, is_weak)
    # The quote that stands for the statement is joined to nothing.
    assert "likeness" not in gist
    assert "weak" not in gist
    assert "Below 0.60 a join is" in page


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
    liker = written("five", "one", statement_rows(score=0.72), ALL)
    assert liker != first
    assert written("six", "five", statement_rows(score=0.72, relation="partial"), ALL) != liker
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
