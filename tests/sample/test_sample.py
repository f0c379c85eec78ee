"""The sample corpus: the expected metadata of every article, and what the first extractor finds in it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.workshop import PROJECT, Workshop

HERE = Path(__file__).parent
METADATA: dict[str, dict[str, Any]] = json.loads((HERE / "metadata.json").read_text(encoding="utf-8"))
BROKEN = "sample/broken_utf8.txt"
COPY = "sample/republished_games_copy.txt"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    shop = Workshop(tmp_path_factory.mktemp("sample"))
    shop.raw = PROJECT / "raw"
    assert shop.build() == 0
    yield shop


def test_the_sample_has_one_broken_file_one_copy_and_no_other_trouble(built: Workshop) -> None:
    statuses = {path: row["status"] for path, row in built.sources().items() if row["status"] != "ok"}
    assert statuses == {BROKEN: "quarantined", COPY: "duplicate"}
    assert built.sources()[BROKEN]["reason_code"] == "broken_utf8"


@pytest.mark.parametrize("stem", sorted(METADATA))
def test_the_metadata_of_every_article_is_as_expected(built: Workshop, stem: str) -> None:
    path = f"sample/{stem}.txt"
    (article,) = built.table("articles").filter(raw_path=path).to_dicts()
    blocks = built.table("blocks").filter(article_id=article["article_id"]).sort("block_no").to_dicts()
    (text,) = built.table("article_text").filter(article_id=article["article_id"])["text"]
    authors = built.table("article_authors").filter(article_id=article["article_id"]).sort("author_no")

    def words(block_type: str) -> list[str]:
        return [text[b["char_start"] : b["char_end"]] for b in blocks if b["block_type"] == block_type]

    found: dict[str, Any] = dict(article)
    found["published_date"] = str(article["published_date"]) if article["published_date"] else None
    found["authors"] = authors.select("name", "title", "place", "description").to_dicts()
    found["headings"] = words("heading")
    found["n_captions"] = len(words("caption"))
    found["n_pull_quotes"] = len(words("pull_quote"))
    expected = dict(METADATA[stem])
    first, last = expected.pop("body_first_words"), expected.pop("body_last_words")
    assert words("paragraph")[0].startswith(first)
    assert " ".join(words("paragraph")[-1].split()).endswith(" ".join(last.split()))
    assert {name: found[name] for name in expected} == expected


def test_every_kind_of_quote_is_found(built: Workshop) -> None:
    quotes = built.table("quotes")
    assert set(quotes["quote_type"]) == {"direct", "indirect", "mixed"}
    assert {"body", "pull_quote"} <= set(quotes["region"])
    assert quotes["level"].max() == 2
    assert quotes["has_continuation"].any()
    assert (quotes["n_spans"] > 1).any()
    assert quotes["duplicate_of"].is_not_null().any()


def test_a_page_without_quotes_gives_none(built: Workshop) -> None:
    found = built.table("articles").filter(pl.col("raw_path") == "sample/plain_no_quotes.txt")
    assert found["n_quotes"].to_list() == [0]
