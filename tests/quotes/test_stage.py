import time
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Document, Rows
from pipeline.quotes.stage import TABLES, extract
from schemas import Quotes, QuoteSpans, QuoteSpeakers, Speakers
from schemas.table import Table
from tests.quotes.invented import document, extractor, rows_of

PIECES = st.sampled_from(
    [
        *"\"'“”‘’«».,:;!?-—()\n\r\t ",
        "''",
        ". ",
        "\n\n",
        " said ",
        " said that ",
        ", adding that ",
        "According to ",
        " called for ",
        " urged ",
        " and ",
        " to ",
        "Mira Sol",
        "Sol",
        "Ada Orr",
        "he",
        "They",
        "the two leaders",
        "The two sides",
        "President",
        "Arlonian",
        "the harbour will open",
        "It rains",
        "who",
        "I",
        "5",
        "Dr.",
        "Ünal",
        "\u00a0",
        "😀",
        "\ufeff",
    ]
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=40).map("".join))
KINDS = st.sampled_from(["news_report", "official_readout", "transcript"])
REGIONS = st.sampled_from(["paragraph", "headline", "caption", "pull_quote"])


def check(given_document: Document, rows: Rows) -> None:
    text = given_document.text
    ids = [row["quote_id"] for row in rows["quotes"]]
    assert len(ids) == len(set(ids))
    blocks = {given_document.block_id(block): block for block in given_document.blocks}
    contents: dict[str, list[tuple[int, int]]] = {}
    for span in rows["quote_spans"]:
        assert text[span["char_start"] : span["char_end"]] == span["span_text"] != ""
        block = blocks[span["block_id"]]
        assert block.char_start <= span["char_start"] < span["char_end"] <= block.char_end
        if span["span_role"] == "content":
            contents.setdefault(span["quote_id"], []).append((span["char_start"], span["char_end"]))
    for row in rows["quotes"]:
        spans = contents[row["quote_id"]]
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        assert (row["char_start"], row["char_end"]) == (spans[0][0], spans[-1][1])
        assert row["parent_quote_id"] is None or row["parent_quote_id"] in ids
        assert (row["level"] == 1) == (row["parent_quote_id"] is None)
    local = {row["speaker_id"] for row in rows["speakers"]}
    known = set(extractor().authority.by_id)
    assert all(row["speaker_id"] in local | known for row in rows["quote_speakers"])


@settings(max_examples=200, deadline=None)
@given(TEXTS, KINDS, REGIONS)
def test_no_text_raises_and_all_offsets_hold(text: str, kind: str, region: str) -> None:
    one = document(text, kind, block_type=region)
    check(one, extract(extractor(), one))


STORY = (
    'Mira Sol said the "harbour" will open. "It is ready," she told the Lyra Post.\n'
    "Tor Venn praised the rowers. The two leaders agreed to meet.\n"
    "It rains, according to Ada Orr, a pilot from Lyra.\n"
)


@pytest.mark.parametrize("model", [Quotes, QuoteSpans, QuoteSpeakers, Speakers])
def test_rows_satisfy_the_schemas(model: type[Table]) -> None:
    schema = model.to_schema()
    later = [
        name for name, found in schema.columns.items() if (found.metadata or {}).get("filled_by") is not None
    ]
    schema = schema.remove_columns(later)
    types = {name: found.dtype.type for name, found in schema.columns.items()}
    rows = rows_of(STORY)[model.table_name]
    assert rows
    assert all(list(row) == list(types) for row in rows)
    schema.validate(pl.DataFrame(rows, schema=types, orient="row"), lazy=True)


def test_kinds_and_shares() -> None:
    rows = rows_of(STORY)["quotes"]
    assert [(row["quote_type"], row["verbatim_share"]) for row in rows] == [
        ("mixed", 0.25),
        ("direct", 1.0),
        ("indirect", 0.0),
        ("indirect", 0.0),
        ("indirect", 0.0),
    ]
    assert [row["quote_no"] for row in rows] == [1, 2, 3, 4, 5]


def test_another_language_gives_no_quotes() -> None:
    one = document("Sol said it rains.")
    assert extract(extractor(), replace(one, language="de")) == {table: [] for table in TABLES}
    assert extract(extractor(), replace(one, language=None))["quotes"]


def test_boilerplate_gives_no_quotes() -> None:
    one = document("Sol said it rains.", block_type="boilerplate")
    assert extract(extractor(), one)["quotes"] == []


def test_the_id_hangs_on_the_article_and_the_content_spans_only() -> None:
    (row,) = rows_of("Sol said it rains.")["quotes"]
    assert row["quote_id"] == "0123456789abcdef:" + sha256(b"9-17").hexdigest()[:12]


@pytest.mark.parametrize(
    "unit",
    ["Sol said that it rains, and Venn said no. ", "Ann Lee, ", "X said that ", '"', "'a ", "They said so. "],
)
def test_time_grows_with_length_only(unit: str) -> None:
    def seconds(length: int) -> float:
        one = document(unit * (length // len(unit)))
        start = time.process_time()
        extract(extractor(), one)
        return time.process_time() - start

    short = max(seconds(5_000), 0.02)
    assert seconds(40_000) < 8 * short * 3
