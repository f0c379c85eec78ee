"""The search index: what the scripts hold, and that reader.js reads words as they are written."""

import json
import re
from datetime import date
from typing import Any

import polars as pl
import pytest

from pipeline.pages.labels import Labels
from pipeline.pages.rendering import STATIC
from pipeline.pages.search_index import (
    STOP_WORDS,
    bucket_of,
    bucket_scripts,
    folded,
    group_of,
    n_buckets,
    n_groups,
    speaker_script,
)

ARTICLES = pl.DataFrame(
    {
        "article_id": ["b" * 16, "a" * 16],
        "raw_path": ["b.txt", "in/a.txt"],
        "headline": ["Straße is open", None],
        "analysis_date": [date(2024, 3, 5), None],
        "outlet_id": ["herald", None],
    }
)
QUOTES = pl.DataFrame(
    {
        "article_id": ["b" * 16, "b" * 16],
        "quote_no": [1, 2],
        "quote_id": ["b" * 16 + ":111111111111", "b" * 16 + ":222222222222"],
        "quote_text": ["The STRASSE is <open>", "É vero"],
        "speaker_name": ["Ila Voss", None],
        "source_mention": ["Voss", "he"],
    },
    schema_overrides={"quote_no": pl.Int32},
)


def scripts() -> dict[str, tuple[str, int, int, Any]]:
    found = {}
    labels = Labels(outlets={"herald": "The Herald"})
    for name, content in bucket_scripts(3, 2, ARTICLES, QUOTES, labels):
        call = re.fullmatch(rb'onTheRecord\("(\w+)",(\d+),(\d+),(.*)\);\n', content, re.DOTALL)
        assert call
        found[name] = (call[1].decode(), int(call[2]), int(call[3]), json.loads(call[4]))
    return found


def test_the_scripts_of_a_bucket() -> None:
    found = scripts()
    assert list(found) == ["w3-0.js", "w3-1.js", "e3-0.js", "b3.js"]
    words = {**found["w3-0.js"][3], **found["w3-1.js"][3]}
    # Entry 0 is the article without a date, 1 the other, 2 and 3 its quotes; later numbers are steps.
    assert words == {
        "strasse": "2",
        "straße": "1",
        "open": "1 1",
        "ila": "2",
        "voss": "2",
        "e": "3",
        "vero": "3",
    }
    for number, name in enumerate(("w3-0.js", "w3-1.js")):
        kind, bucket, group, of_group = found[name]
        assert (kind, bucket, group) == ("words", 3, number)
        assert {group_of(word, 2) for word in of_group} <= {number}
    assert found["e3-0.js"] == (
        "entries",
        3,
        0,
        [
            [
                0,
                [0],
                [1],
                [1, "111111111111", "Ila Voss", "The STRASSE is <open>"],
                [1, "222222222222", "he", "É vero"],
            ],
            [
                ["a" * 16, "a.txt (no headline)", "", ""],
                ["b" * 16, "Straße is open", "2024-03-05", "The Herald"],
            ],
        ],
    )
    assert found["b3.js"][3] == [0]


def test_nothing_in_a_script_can_end_it() -> None:
    labels = Labels()
    for _, content in bucket_scripts(0, 8, ARTICLES, QUOTES, labels):
        assert content.isascii()
        assert b"<" not in content
    assert b"<" not in speaker_script({"x": ("</script>", 2)})


@pytest.mark.parametrize(
    ("text", "read"),
    [("Ibáñez", "ibanez"), ("ÅNGSTRÖM", "angstrom"), ("ﬁne", "fine"), ("İz", "iz"), ("是", "是")],
)
def test_words_are_folded(text: str, read: str) -> None:
    assert pl.select(folded(pl.lit(text))).item() == read


def test_buckets_follow_from_the_number_of_articles() -> None:
    assert [n_buckets(n) for n in (0, 512, 513, 10_000, 10_000_000)] == [1, 1, 2, 32, 4096]
    assert (n_groups(1), n_groups(2)) == (8, 32)
    ids = pl.DataFrame({"id": ["0000" + 12 * "0", "ffff" + 12 * "0", "8000" + 12 * "0" + "-2"]})
    assert ids.select(bucket_of(pl.col("id"), 16)).to_series().to_list() == [0, 15, 8]


def test_the_reader_leaves_out_the_same_words() -> None:
    script = (STATIC / "reader.js").read_text(encoding="utf-8")
    [listed] = re.findall(r"STOP_WORDS = new Set\(\((.*?)\)\.split", script, re.DOTALL)
    assert "".join(re.findall(r'"([^"]*)"', listed)).split() == STOP_WORDS
