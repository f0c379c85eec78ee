"""Rules that hold across tables: each is broken once."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from pipeline.checks import check_documents, check_shard_of_ids, check_sources
from pipeline.document import Row, Rows
from pipeline.frames import TABLE_BY_NAME, InvalidDataset
from pipeline.parts import Frames
from pipeline.reference import Reference
from tests.tables import ARTICLE, frame, row

# A byte-order mark and a character outside the basic plane: offsets count code points.
TEXT = "\ufeff🌾 Harvest\n“The river rose,” Ostin said.\n"
HEADLINE, BODY = (0, 11), (11, len(TEXT))
QUOTE = f"{ARTICLE}:{12 * '0'}"
TABLES = (
    "articles",
    "article_authors",
    "article_text",
    "blocks",
    "quotes",
    "quote_spans",
    "quote_speakers",
    "speakers",
    "topic_assignments",
)

REFERENCE = Reference(
    {
        "outlets": frame("outlets", row("outlets", outlet_id="ardesk_post")),
        "events": frame("events", row("events", event_id="lakes_summit")),
        "speakers": frame("speakers", row("speakers", speaker_id="velmar_ostin")),
        "topics": frame("topics", row("topics", topic_id="water")),
        "topic_terms": frame("topic_terms", row("topic_terms", term_id="river", topic_id="water")),
    }
)


def span(role: str, words: str, **cells: Any) -> Row:
    start = TEXT.index(words)
    places = {"char_start": start, "char_end": start + len(words), "span_text": words}
    made = row("quote_spans", quote_id=QUOTE, span_role=role, span_no=1, block_id=f"{ARTICLE}:2")
    return made | places | cells


def rows() -> Rows:
    """Return one article with one quote, whole and right."""
    river = TEXT.index("river")
    return {
        "articles": [row("articles", article_id=ARTICLE, outlet_id="ardesk_post", event_id="lakes_summit")],
        "article_authors": [row("article_authors", article_id=ARTICLE)],
        "article_text": [row("article_text", article_id=ARTICLE, text=TEXT)],
        "blocks": [
            row(
                "blocks",
                block_id=f"{ARTICLE}:{n}",
                article_id=ARTICLE,
                block_no=n,
                char_start=start,
                char_end=end,
            )
            for n, (start, end) in enumerate((HEADLINE, BODY), 1)
        ],
        "quotes": [
            row(
                "quotes",
                quote_id=QUOTE,
                article_id=ARTICLE,
                block_id=f"{ARTICLE}:2",
                speaker_id="velmar_ostin",
                event_id="lakes_summit",
                topic_primary="water",
                n_spans=1,
                n_speakers=1,
            )
        ],
        "quote_spans": [span("content", "The river rose,"), span("cue", "said"), span("source", "Ostin")],
        "quote_speakers": [row("quote_speakers", quote_id=QUOTE, speaker_id="velmar_ostin")],
        "speakers": [],
        "topic_assignments": [
            row(
                "topic_assignments",
                article_id=ARTICLE,
                unit="quote",
                quote_id=QUOTE,
                topic_id="water",
                term_id="river",
                evidence_text="river",
                char_start=river,
                char_end=river + 5,
            )
        ],
    }


def frames(made: Rows) -> Frames:
    return {table: frame(table, *made[table]) for table in TABLES}


def check(made: Frames, shard: str) -> None:
    for table, found in made.items():
        check_shard_of_ids(table, found, shard)
    check_documents(made, REFERENCE)


def broken(made: Rows, shard: str = "ab") -> tuple[str, str, str]:
    with pytest.raises(InvalidDataset) as caught:
        check(frames(made), shard)
    return caught.value.table, caught.value.column, caught.value.rule


def test_a_shard_that_keeps_every_rule_is_accepted() -> None:
    check(frames(rows()), "ab")
    check(frames({table: [] for table in TABLES}), "ab")


def test_ids_are_those_of_the_shard() -> None:
    assert broken(rows(), "cd") == (
        "articles",
        "article_id",
        "the id does not begin with cd, as its part does",
    )


@pytest.mark.parametrize("table", TABLES)
def test_a_stray_row_of_another_shard_is_found_in_every_table(table: str) -> None:
    made = rows()
    first = next(iter(frame(table).columns))
    made[table] = [*made[table], row(table) | {first: f"cd{14 * '0'}:1"}]
    assert broken(made) == (table, first, "the id does not begin with ab, as its part does")


LINKS = [
    (table, here[0], there)
    for table in TABLES
    for here, there, _ in TABLE_BY_NAME[table].links
    if there != "sources"
]


@pytest.mark.parametrize(
    ("table", "column", "there"), LINKS, ids=[f"{table}.{column}" for table, column, _ in LINKS]
)
def test_every_link_leads_somewhere(table: str, column: str, there: str) -> None:
    made = rows()
    lost = ARTICLE + ":nowhere"
    made[table] = [{**made[table][0], column: lost}, *made[table][1:]]
    name = frame(table).columns[0]
    if column != name and f"{name}" in ("quote_id", "block_id"):
        made[table][0][name] = f"{ARTICLE}:1" if name == "block_id" else QUOTE
    table_found, column_found, rule = broken(made)
    assert (table_found, column_found) == (table, column)
    assert rule.startswith(f"the value stands nowhere in {there}.")
    assert rule.endswith("(1 rows)")


def test_links_lead_to_speakers_of_this_shard_and_of_the_authority_file_alike() -> None:
    made = rows()
    local = f"{ARTICLE}:oren-tull"
    made["quotes"][0]["speaker_id"] = made["quote_speakers"][0]["speaker_id"] = local
    assert broken(made)[:2] == ("quotes", "speaker_id")
    made["speakers"] = [row("speakers", speaker_id=local)]
    check(frames(made), "ab")


def test_null_needs_no_counterpart() -> None:
    made = rows()
    made["quotes"][0] |= {"speaker_id": None, "event_id": None, "topic_primary": None}
    made["articles"][0] |= {"outlet_id": None, "event_id": None}
    check(frames(made), "ab")


def shift(number: int, **cells: int) -> Callable[[Rows], None]:
    def change(made: Rows) -> None:
        made["blocks"][number] |= cells

    return change


@pytest.mark.parametrize(
    ("change", "column"),
    [
        pytest.param(shift(0, char_start=1), "char_start", id="does not start at 0"),
        pytest.param(shift(1, char_start=12), "char_start", id="gap"),
        pytest.param(shift(1, char_start=10), "char_start", id="overlap"),
        pytest.param(shift(0, char_end=0), "char_start", id="empty block"),
        pytest.param(shift(1, char_end=len(TEXT) - 1), "char_end", id="end is missing"),
        pytest.param(shift(1, char_end=len(TEXT) + 1), "char_end", id="beyond the end"),
        pytest.param(lambda made: made["blocks"].pop(0), "char_start", id="first block is missing"),
        pytest.param(
            lambda made: made["article_text"][0].update(text=TEXT + "!"), "char_end", id="longer text"
        ),
    ],
)
def test_blocks_tile_the_file(change: Callable[[Rows], None], column: str) -> None:
    made = rows()
    for table in ("quotes", "quote_spans", "quote_speakers", "topic_assignments"):
        made[table] = []
    change(made)
    assert broken(made)[:2] == ("blocks", column)


def test_an_article_without_blocks_is_found() -> None:
    made = rows()
    for table in TABLES:
        made[table] = made[table] if table in ("articles", "article_text") else []
    rule = f"the blocks of {ARTICLE} end at 0, its text at {len(TEXT)}"
    assert broken(made) == ("blocks", "char_end", rule)


def test_the_articles_of_one_file_tile_it_together() -> None:
    made = rows()
    second = f"{ARTICLE}-2"
    made["articles"].append(row("articles", article_id=second, article_no=2, n_quotes=0))
    made["article_text"].append(row("article_text", article_id=second, text=TEXT))
    for place, number in (((11, 20), 1), ((20, len(TEXT)), 2)):
        made["blocks"].append(
            row(
                "blocks",
                block_id=f"{second}:{number}",
                article_id=second,
                block_no=number,
                char_start=place[0],
                char_end=place[1],
            )
        )
    assert broken(made)[:2] == ("blocks", "char_start")
    made["blocks"][1] |= {"char_start": 20, "char_end": 25}
    made["blocks"][3] |= {"char_start": 25}
    check(frames(made), "ab")


@pytest.mark.parametrize(
    ("table", "column"), [("quote_spans", "span_text"), ("topic_assignments", "evidence_text")]
)
@pytest.mark.parametrize("change", [{"char_start": 1}, {"char_end": 100}, "other words"])
def test_words_are_those_that_stand_at_their_offsets(table: str, column: str, change: Row | str) -> None:
    made = rows()
    made[table][0] |= {column: change} if isinstance(change, str) else change
    assert broken(made) == (table, column, "it is not what stands at its offsets in the raw text")


def test_an_assignment_without_evidence_has_no_words_to_check() -> None:
    made = rows()
    nothing = dict.fromkeys(("term_id", "evidence_text", "char_start", "char_end"))
    made["topic_assignments"][0] |= {"method": "model", **nothing}
    check(frames(made), "ab")


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("n_spans", lambda made: made["quotes"][0].update(n_spans=2)),
        ("n_spans", lambda made: made["quote_spans"].pop(0)),
        ("n_speakers", lambda made: made["quotes"][0].update(n_speakers=0)),
        ("n_speakers", lambda made: made["quote_speakers"].clear()),
        ("n_quotes", lambda made: made["articles"][0].update(n_quotes=5)),
    ],
)
def test_counts_are_the_numbers_of_rows(column: str, change: Callable[[Rows], None]) -> None:
    made = rows()
    change(made)
    table = "articles" if column == "n_quotes" else "quotes"
    assert broken(made) == (table, column, "it is not the number of its rows")


ARTICLES = pl.DataFrame({"article_id": [ARTICLE], "raw_path": ["a.txt"]})
OTHERS = pl.DataFrame({"article_id": [f"cd{14 * '0'}"], "raw_path": ["b.txt"]})


def sources(**cells: Any) -> list[Row]:
    return [
        row("sources", raw_path="a.txt", article_id=ARTICLE, n_articles=1) | cells,
        row("sources", raw_path="b.txt", article_id=f"cd{14 * '0'}", n_articles=1),
        row("sources", raw_path="c.txt", article_id=ARTICLE, n_articles=0),
        row("sources", raw_path="pipe", n_articles=0),
    ]


def broken_sources(made: list[Row], articles: list[pl.DataFrame], n_files: int = 4) -> tuple[str, str, str]:
    with pytest.raises(InvalidDataset) as caught:
        check_sources(frame("sources", *made), articles, n_files)
    return caught.value.table, caught.value.column, caught.value.rule


def test_every_raw_file_stands_in_sources_and_every_article_in_its_file() -> None:
    check_sources(frame("sources", *sources()), [ARTICLES, OTHERS], 4)
    check_sources(frame("sources"), [], 0)


def test_a_raw_file_that_is_lost_is_found() -> None:
    assert broken_sources(sources()[:3], [ARTICLES, OTHERS]) == (
        "sources",
        "raw_path",
        "4 raw files, 3 rows",
    )


def test_an_article_that_is_lost_is_found() -> None:
    assert broken_sources(sources(), [ARTICLES]) == (
        "sources",
        "article_id",
        "the value stands nowhere in articles.article_id (1 rows)",
    )
    assert broken_sources(sources(), [])[:2] == ("sources", "article_id")


def test_an_article_without_a_source_is_found() -> None:
    assert broken_sources(sources(raw_path="z.txt"), [ARTICLES, OTHERS]) == (
        "articles",
        "raw_path",
        "the value stands nowhere in sources.raw_path (1 rows)",
    )


def test_a_wrong_count_of_articles_is_found() -> None:
    assert broken_sources(sources(n_articles=2), [ARTICLES, OTHERS]) == (
        "sources",
        "n_articles",
        "the sum is 3, with 2 articles",
    )
