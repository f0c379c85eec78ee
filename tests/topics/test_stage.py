from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import Block, Document, Rows
from pipeline.reference import load_reference
from pipeline.topics.stage import code, prepare
from schemas import Quotes, TopicAssignments
from tests.topics.gold_quotes import document_of, quote_rows_of
from tests.topics.pages import CUES, marked_page

CODER = prepare(load_reference())
NO_QUOTES: Rows = {"quotes": [], "quote_spans": [], "quote_speakers": []}


def validate(document: Document, rows: Rows) -> None:
    types = {name: column.dtype.type for name, column in TopicAssignments.to_schema().columns.items()}
    TopicAssignments.validate(pl.DataFrame(rows["topic_assignments"], schema=types, orient="row"))
    whole = Quotes.to_schema()
    own = {"quote_id", "article_id", "quote_no"} | {
        name for name, column in whole.columns.items() if (column.metadata or {}).get("filled_by") == "topics"
    }
    schema = whole.remove_columns([name for name in whole.columns if name not in own])
    frame = pl.DataFrame(
        rows["quotes"],
        schema={name: column.dtype.type for name, column in schema.columns.items()},
        orient="row",
    )
    schema.validate(frame)
    for row in rows["topic_assignments"]:
        assert document.text[row["char_start"] : row["char_end"]] == row["evidence_text"]
    units = [(r["unit"], r["block_id"], r["quote_id"], r["rank"]) for r in rows["topic_assignments"]]
    assert len(set(units)) == len(units)


def coded(marked: str, **fields: Any) -> dict[str, Any]:
    document, quotes = marked_page(marked, **fields)
    rows = code(CODER, document, quotes)
    validate(document, rows)
    (quote,) = rows["quotes"]
    methods = {r["topic_id"]: r["method"] for r in rows["topic_assignments"] if r["unit"] == "quote"}
    return quote | {"methods": methods}


def test_a_quote_is_coded_by_what_it_says() -> None:
    row = coded("<The energy minister of Norland> [said] {steel exports and climate change matter}.")
    assert row["topics"] == "climate; trade"
    assert row["topic_primary"] == "climate"
    assert row["methods"] == {"climate": "term", "trade": "term"}


def test_a_quote_without_a_term_inherits_from_its_sentence_but_not_from_the_source() -> None:
    row = coded("Asked about climate change, <the energy minister> [said] {it is real}.")
    assert row["methods"] == {"climate": "inherited"}


def test_a_longer_quote_without_a_term_speaks_of_something_else() -> None:
    row = coded(
        "Asked about climate change, <she> [said] {the boats in her village had left two days before}."
    )
    assert row["methods"] == {}


def test_else_from_the_heading_above() -> None:
    row = coded("Climate change\n<She> [said] {it is real}.\nNuclear power\n")
    assert row["methods"] == {"climate": "heading"}


def test_else_what_the_same_speaker_said_just_before_in_the_block() -> None:
    text = "Climate change is real, she said. It hurts, she said. It helps, he said."
    quotes = [
        {"content": [[0, 22]], "cue": [[28, 32]], "source": [[24, 27]]},
        {"content": [[34, 42]], "cue": [[48, 52]], "source": [[44, 47]]},
        {"content": [[54, 62]], "cue": [[67, 71]], "source": [[64, 66]]},
    ]
    document = document_of(text)
    rows = quote_rows_of(document, quotes, CUES)
    rows["quote_speakers"] = [
        {"quote_id": row["quote_id"], "speaker_no": 1, "speaker_id": who, "speaker_name": who}
        for row, who in zip(rows["quotes"], ("she", "she", "he"), strict=True)
    ]
    made = code(CODER, document, rows)
    validate(document, made)
    told = [(r["quote_id"][-1], r["method"]) for r in made["topic_assignments"] if r["unit"] == "quote"]
    assert told == [("1", "term"), ("2", "inherited")]
    assert [row["topic_primary"] for row in made["quotes"]] == ["climate", "climate", None]


def test_the_occasion_of_saying_is_not_handed_on() -> None:
    row = coded("After a summit meeting in Beijing, <she> [said] {so}.")
    assert row["methods"] == {}


def test_a_quote_without_any_topic() -> None:
    row = coded("<She> [said] {so}.")
    assert (row["topic_primary"], row["topics"], row["methods"]) == (None, None, {})


def test_article_and_blocks_are_coded_too() -> None:
    text = "Section: Sports\nClimate change\nIt hurts.\n© Climate change Ltd."
    kinds = ["header_field", "headline", "paragraph", "boilerplate"]
    ends = [16, 31, 41, len(text)]
    blocks = tuple(
        Block(number, kind, start, end, "test")
        for number, (kind, start, end) in enumerate(zip(kinds, [0, *ends[:-1]], ends, strict=True), 1)
    )
    base = document_of(text)
    document = Document(
        base.article_id,
        text,
        blocks,
        "Climate change",
        "Sports",
        "news_report",
        "en",
        None,
        "none",
        None,
        None,
    )
    rows = code(CODER, document, NO_QUOTES)
    validate(document, rows)
    assert [
        (r["unit"], r["topic_id"], r["rank"], r["method"], r["evidence_text"], r["char_start"])
        for r in rows["topic_assignments"]
    ] == [
        ("article", "climate", 1, "term", "Climate change", 16),
        ("article", "olympics_sport", 2, "section", "Sports", 9),
        ("block", "climate", 1, "term", "Climate change", 16),
    ]


def test_the_same_rows_whatever_their_order() -> None:
    document, quotes = marked_page("<She> [said] {trade and climate change matter}.", ("a", "b"))
    turned = {name: list(reversed(rows)) for name, rows in quotes.items()}
    assert code(CODER, document, quotes) == code(CODER, document, turned)


PIECES = st.sampled_from(
    [
        "core interests",
        "Taiwan",
        " the US ",
        "UN",
        "on Monday",
        "Dec 30",
        "\n",
        ".",
        "“",
        "İß",
        "said",
        " should ",
        "energy",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=40), st.data())
def test_any_text_and_any_spans_give_valid_rows(pieces: list[str], data: st.DataObject) -> None:
    document = document_of("".join(pieces))
    places = st.integers(0, len(document.text))
    attributions = []
    for _ in range(data.draw(st.integers(0, 4))):
        one: dict[str, Any] = {"region": data.draw(st.sampled_from(["body", "pull_quote"]))}
        for role in ("content", "cue", "source"):
            ends = sorted(data.draw(st.lists(places, min_size=2, max_size=2)))
            one[role] = [ends]
        attributions.append(one)
    rows = quote_rows_of(document, attributions, CUES)
    rows["quote_speakers"] = [
        {"quote_id": row["quote_id"], "speaker_no": 1, "speaker_id": "she", "speaker_name": "She"}
        for row in rows["quotes"]
    ]
    validate(document, code(CODER, document, rows))
