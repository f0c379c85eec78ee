"""Windows: quotes of one speaker, of a day and the three after it, in more than one article."""

from datetime import date, timedelta

import polars as pl

from pipeline.statements.windows import Window, windows


def utterances(*rows: tuple[str, str, str | None, int | None]) -> pl.DataFrame:
    """Return utterances from (quote, article, speaker, day of March)."""
    first = date(2024, 3, 1)
    return pl.DataFrame(
        [(q, a, s, None if day is None else first + timedelta(days=day - 1)) for q, a, s, day in rows],
        schema={"quote_id": pl.String, "article_id": pl.String, "speaker": pl.String, "day": pl.Date},
        orient="row",
    )


def test_quotes_of_a_day_are_compared_with_those_of_three_days_after_it() -> None:
    rows = utterances(("q1", "a", "ostin", 1), ("q2", "b", "ostin", 4), ("q3", "c", "ostin", 8))
    assert list(windows(rows)) == [Window("ostin", ("q1",), ("q1", "q2"))]


def test_one_article_alone_has_nothing_to_compare() -> None:
    assert list(windows(utterances(("q1", "a", "ostin", 1), ("q2", "a", "ostin", 1)))) == []


def test_speakers_are_apart_and_without_one_or_a_day_nothing_is_compared() -> None:
    rows = utterances(
        ("q1", "a", "ostin", 1), ("q2", "b", "voss", 1), ("q3", "a", None, 1), ("q4", "b", None, 1),
        ("q5", "a", "ostin", None), ("q6", "b", "ostin", None),
    )  # fmt: skip
    assert list(windows(rows)) == []


def test_the_key_follows_from_the_quotes_alone() -> None:
    rows = utterances(("q1", "a", "ostin", 1), ("q2", "b", "ostin", 1))
    [here] = windows(rows)
    [turned] = windows(rows.reverse())
    [more] = windows(pl.concat([rows, utterances(("q3", "c", "ostin", 1))]))
    assert here.key == turned.key != more.key
