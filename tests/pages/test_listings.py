"""How long lists are divided into pages."""

import hashlib
import random
from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.pages.listings import ROWS_A_PAGE, page_file, paged, places


def entries(n_articles: int, quotes_each: int, seed: int = 1) -> pl.DataFrame:
    rows = []
    for number in range(n_articles):
        article = hashlib.sha256(f"{seed} {number}".encode()).hexdigest()[:16]
        day = date(2024, 1, 1) + timedelta(days=int(article[8:12], 16) % 300)
        rows += [("trade", article, quote, day, None) for quote in range(1, quotes_each + 1)]
    schema = {
        "topic_id": pl.String,
        "article_id": pl.String,
        "quote_no": pl.Int32,
        "day": pl.Date,
        "event_id": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def pages(frame: pl.DataFrame) -> list[pl.DataFrame]:
    return paged(frame, "topic_id").partition_by("page", maintain_order=True)


def test_a_short_list_is_one_page_in_order_of_days() -> None:
    [page] = pages(entries(100, 2))
    assert page["day"].to_list() == sorted(page["day"].to_list())
    assert page["page"].unique().to_list() == [1]


def test_days_that_are_not_known_come_last() -> None:
    frame = entries(3, 1).with_columns(day=pl.Series([None, date(2024, 2, 2), date(2024, 1, 1)]))
    assert paged(frame, "topic_id")["day"].to_list() == [date(2024, 1, 1), date(2024, 2, 2), None]


def test_pages_of_a_long_list_hold_about_as_many_as_they_should() -> None:
    found = pages(entries(2000, 3))
    assert 30 <= len(found) <= 120
    assert max(len(page) for page in found) <= 3 * ROWS_A_PAGE
    assert [page["page"][0] for page in found] == list(range(1, len(found) + 1))


def test_one_article_with_very_many_quotes_is_divided_too() -> None:
    assert [len(page) for page in pages(entries(1, 1000))] == [300, 300, 300, 100]


@settings(max_examples=20, deadline=None)
@given(st.integers(100, 1500), st.integers(1, 4), st.integers(0, 9), st.booleans())
def test_one_more_article_changes_few_pages(
    n_articles: int, quotes_each: int, seed: int, dated: bool
) -> None:
    def told(frame: pl.DataFrame) -> set[tuple[str, ...]]:
        about = places(paged(frame, "topic_id"), "topic_id").select("opens", "before", "after").rows()
        return {
            (*map(str, names), *page["article_id"].to_list())
            for names, page in zip(about, pages(frame), strict=True)
        }

    day = pl.col("day") if dated else pl.lit(None, pl.Date).alias("day")
    before = entries(n_articles, quotes_each, seed).with_columns(day)
    after = entries(n_articles + 1, quotes_each, seed).with_columns(day)
    # Its own page, perhaps cut in two or joined with the one beside; all when the list has doubled in kind.
    changed = told(after) - told(before)
    assert len(changed) <= 5 or len(changed) >= 0.5 * len(told(after))


def test_the_order_of_the_rows_does_not_matter() -> None:
    frame = entries(500, 2)
    order = list(range(len(frame)))
    random.Random(3).shuffle(order)
    assert paged(frame[order], "topic_id").equals(paged(frame, "topic_id"))


def test_files_of_pages() -> None:
    assert [page_file("trade"), page_file("trade", "ab-1")] == ["trade.html", "trade.ab-1.html"]


def test_a_page_knows_its_neighbours_by_name() -> None:
    listed = paged(entries(300, 2), "topic_id")
    found = places(listed, "topic_id")
    names = found["opens"].to_list()
    assert names[0] == ""
    assert len(set(names)) == len(names) > 3
    assert found["before"].to_list() == [None, *names[:-1]]
    assert found["after"].to_list() == [*names[1:], None]
    assert found["n"].to_list() == [600, *[None] * (len(names) - 1)]
    for name, page in zip(names[1:], pages(entries(300, 2))[1:], strict=True):
        assert name == f"{page['article_id'][0]}-{page['quote_no'][0]}"
