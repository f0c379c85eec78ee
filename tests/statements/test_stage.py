"""Statements through a build: what outlets share, what they leave out, what is kept for the next build."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.statements import stage
from pipeline.statements.gathering import Part, PartLink
from pipeline.statements.utterances import reports
from tests.workshop import Workshop

FIRST = """Ostin calls for bridge

TAVENHOLM, March 5, 2024 - President Velmar Ostin said on Tuesday that the two sides should speed up work on \
the Sill bridge. Ostin said tariffs on timber would fall by a third next year.
"""
SECOND = """Bridge to come sooner

BRANNOCK, March 6, 2024 - President Velmar Ostin said the two countries should accelerate work on the bridge \
over the Sill. Ostin added that the fishing season would begin in April.
"""


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    shop = Workshop(tmp_path)
    shop.write(first=FIRST, second=SECOND)
    assert shop.build() == 0
    return shop


def said(shop: Workshop) -> list[tuple[str, str]]:
    frame = shop.table("statement_quotes").sort("statement_id", "char_start")
    return frame.select("relation", "said_text").rows()


def test_the_same_thing_in_two_articles_is_one_statement(shop: Workshop) -> None:
    [statement] = shop.table("statements").to_dicts()
    assert (statement["n_articles"], statement["event_id"]) == (2, None)
    assert sorted(text for _, text in said(shop)) == [
        "the two countries should accelerate work on the bridge over the Sill",
        "the two sides should speed up work on the Sill bridge",
    ]


def test_parts_stand_at_their_offsets(shop: Workshop) -> None:
    texts = dict(shop.table("article_text").rows())
    quotes = dict(shop.table("quotes").select("quote_id", "article_id").rows())
    parts = shop.table("statement_quotes").select("quote_id", "char_start", "char_end", "said_text").rows()
    assert len(parts) == 2
    for quote_id, start, end, text in parts:
        assert texts[quotes[quote_id]][start:end] == text


def test_links_are_kept_and_a_new_article_compares_its_own_days_only(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shop.bytes()
    seen: list[int] = []
    rows_of = stage._rows_of

    def watched(batch, utterances, read_pieces):  # type: ignore[no-untyped-def]
        seen.append(len(batch))
        return rows_of(batch, utterances, read_pieces)

    monkeypatch.setattr(stage, "_rows_of", watched)
    later = FIRST.replace("March 5", "June 5").replace("Tuesday", "Wednesday")
    shop.write(third=later)
    assert shop.build() == 0
    assert seen == []
    assert len(shop.table("statements")) == 1
    shop.write(fourth=SECOND.replace("March 6", "March 7").replace("sooner", "soon"))
    assert shop.build() == 0
    assert seen != []
    assert sorted(shop.table("statements")["n_articles"]) == [2, 3]
    (shop.raw / "third.txt").unlink()
    (shop.raw / "fourth.txt").unlink()
    assert shop.build() == 0
    assert shop.bytes() == before


def test_a_clean_build_gives_the_same_bytes(shop: Workshop, tmp_path: Path) -> None:
    other = Workshop(tmp_path / "other")
    other.write(second=SECOND, first=FIRST)
    assert other.build() == 0
    assert other.bytes() == shop.bytes()


def test_what_an_article_on_the_event_leaves_out_is_listed() -> None:
    part = Part("a:1", 0, 5, "words")
    frames = stage.statement_tables(
        pl.DataFrame(
            {
                "quote_id": ["a:1", "b:1"],
                "article_id": ["a", "b"],
                "outlet_id": ["taven", None],
                "is_translation": [None, None],
                "speaker_id": ["ostin", "ostin"],
                "event_id": ["summit", "summit"],
                "quote_type": ["indirect", "direct"],
                "cue_class": ["neutral_report", None],
                "cue_polarity": [0, None],
            }
        ),
        pl.DataFrame(
            {
                "event_id": ["summit"] * 3,
                "article_id": ["a", "b", "c"],
                "outlet_id": ["taven", None, "veltapress"],
            }
        ),
        pl.DataFrame(
            {
                "event_id": ["summit", "summit"],
                "quote_id": ["a:1", "b:1"],
                "char_start": [0, 40],
                "char_end": [5, 60],
                "said_text": ["words", "told once"],
            },
            schema_overrides={"char_start": pl.Int32, "char_end": pl.Int32},
        ),
        [PartLink(part, Part("b:1", 0, 9, "words too"), 0.7, 0.9, 0.7, 0.7)],
    )
    shared, once = frames["statements"].sort("n_articles", descending=True).to_dicts()
    assert (shared["n_articles"], shared["n_outlets"], shared["speaker_id"]) == (2, 1, "ostin")
    assert (once["n_articles"], once["gist_quote_id"]) == (1, "b:1")
    coverage = {
        (row["statement_id"], row["article_id"]): (row["coverage"], row["quote_id"], row["cue_class"])
        for row in frames["statement_coverage"].to_dicts()
    }
    assert coverage == {
        (shared["statement_id"], "a"): ("indirect", "a:1", "neutral_report"),
        (shared["statement_id"], "b"): ("direct", "b:1", None),
        (shared["statement_id"], "c"): ("left_out", None, None),
        (once["statement_id"], "a"): ("left_out", None, None),
        (once["statement_id"], "b"): ("direct", "b:1", None),
        (once["statement_id"], "c"): ("left_out", None, None),
    }


@pytest.mark.parametrize(
    ("of_first", "of_second", "same", "translated", "wanted"),
    [
        (0.9, 0.9, 0.85, False, "same_words"),
        (0.5, 0.9, 0.6, False, "partial"),
        (0.7, 0.7, 0.5, False, "paraphrase"),
        (0.7, 0.7, 0.5, True, "translation_variant"),
    ],
)
def test_relation(of_first: float, of_second: float, same: float, translated: bool, wanted: str) -> None:
    parts = Part("a", 0, 1, "x"), Part("b", 0, 1, "x")
    assert stage._relation(PartLink(*parts, 0.7, of_first, of_second, same), translated) == wanted


def test_a_preview_leaves_nothing_out_unless_it_quotes_what_was_said_there() -> None:
    articles = pl.DataFrame(
        {
            "article_id": ["preview", "report", "undated", "quoting"],
            "outlet_id": ["taven"] * 4,
            "event_id": ["summit"] * 4,
            "analysis_date": [date(2024, 3, 1), date(2024, 3, 5), None, date(2024, 3, 1)],
        }
    )
    quotes = pl.DataFrame({"article_id": ["quoting", "preview"], "event_id": ["summit", None]})
    events = pl.DataFrame({"event_id": ["summit"], "start_date": [date(2024, 3, 5)]})
    found = reports({"articles": articles, "quotes": quotes}, events)
    assert found["article_id"].to_list() == ["quoting", "report", "undated"]
