"""Statements for Discourse Network Analyzer, read back as its users read them."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from pipeline.__main__ import main
from pipeline.export.formats.dna import DOCUMENT_COLUMNS, STATEMENT_COLUMNS, agreement
from tests.workshop import Workshop

# Line ends of three kinds and signs beyond the first plane of Unicode: Java counts them otherwise.
HARD = (
    "🌾🌾🌾🌾🌾 Harvest talks\r\n\r\nOrsel Vanth, the harvest minister, praised the trade.\r\n\r\n"
    '"=The barns 🌾 are full," said Mira Tolleden, an engineer.\r\n'
)


def read(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))


def export(shop: Workshop, out: Path) -> Path:
    assert main(["export", "dna", "--processed", str(shop.processed), "--to", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def exported(dataset: Workshop, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workshop, Path]:
    return dataset, export(dataset, tmp_path_factory.mktemp("dna") / "out")


def test_every_quote_is_there_with_each_of_its_speakers_and_topics(exported: tuple[Workshop, Path]) -> None:
    shop, out = exported
    rows = read(out / "statements.csv")
    assert tuple(rows[0]) == STATEMENT_COLUMNS
    expected = {
        (quote["quote_id"], speaker or "NULL", topic or "NULL")
        for quote in shop.table("quotes").to_dicts()
        if quote["duplicate_of"] is None
        for speaker in (quote["speaker_name"] or "").split("; ")
        for topic in (quote["topics"] or "").split("; ")
    }
    found = [
        (
            row["statement_id"].rpartition(":")[0],
            row["speaker_id"] if row["speaker_id"] == "NULL" else names[row["speaker_id"]],
            row["concept"],
        )
        for names in [dict(shop.table("speakers").select("speaker_id", "name").iter_rows())]
        for row in rows
    ]
    assert len(found) == len(set(found)) == len(expected)
    assert set(found) == expected


def test_documents_have_what_rdna_asks_for(exported: tuple[Workshop, Path]) -> None:
    shop, out = exported
    documents = {row["document_id"]: row for row in read(out / "documents.csv")}
    assert tuple(next(iter(documents.values()))) == DOCUMENT_COLUMNS
    assert set(documents) == set(shop.table("articles")["article_id"])
    assert_places_hold(shop, out)
    pact = next(row for row in documents.values() if row["title"] == "Lake states sign seed and harvest pact")
    assert (pact["date_time"], pact["epoch_seconds"]) == ("2024-10-04 00:00:00", "1728000000")
    assert (pact["source"], pact["type"]) == ("Ardesk Morning Post", "news_report")


def assert_places_hold(shop: Workshop, out: Path) -> None:
    """Check that start and stop, counted as Java does, are the words at the offsets of the dataset."""
    documents = {row["document_id"]: row for row in read(out / "documents.csv")}
    raw = dict(shop.table("article_text").iter_rows())
    for row in read(out / "statements.csv"):
        document = documents[row["document_id"]]
        text = document["text"]
        # An apostrophe that guards the text against spreadsheets is no part of it.
        units = text.removeprefix("'" if text.startswith(("'=", "'+", "'-", "'@")) else "").encode(
            "utf-16-le"
        )
        shown = units[2 * int(row["start"]) : 2 * int(row["stop"])].decode("utf-16-le")
        place = raw[row["document_id"]][int(row["char_start"]) : int(row["char_end"])]
        assert shown == place.replace("\r\n", "\n").replace("\r", "\n") and "\r" not in text
        assert (row["document_title"], row["date_time"]) == (document["title"], document["date_time"])


def test_places_hold_where_java_counts_otherwise(tmp_path: Path) -> None:
    shop = Workshop(tmp_path)
    (shop.raw / "hard.txt").write_bytes(HARD.encode())
    assert shop.build() == 0
    out = export(shop, tmp_path / "out")
    assert_places_hold(shop, out)
    (document,) = read(out / "documents.csv")
    assert (document["date_time"], document["epoch_seconds"], document["author"]) == ("NULL",) * 3
    rows = read(out / "statements.csv")
    assert rows and all(int(row["start"]) != int(row["char_start"]) for row in rows)
    assert rows[-1]["text"].startswith('"=The barns 🌾')


def test_persons_have_the_body_of_their_role_and_bodies_stand_alone(exported: tuple[Workshop, Path]) -> None:
    _, out = exported
    actors = {(row["person"], row["organization"]) for row in read(out / "statements.csv")}
    assert ("Ilsa Brannick", "Norvane") in actors and ("Velmar Ostin", "Kestrova") in actors
    assert ("Hanne Corvath", "NULL") in actors
    assert not [pair for pair in actors if pair[0] != "NULL" and pair[0] == pair[1]]


def test_agreement_is_one_of_three_and_no_cell_is_a_formula(exported: tuple[Workshop, Path]) -> None:
    _, out = exported
    rows = read(out / "statements.csv")
    assert {row["agreement"] for row in rows} <= {"TRUE", "FALSE", "NULL"}
    for row in rows:
        assert (row["agreement"] == "NULL") == (row["agreement_rule"] not in ("cue_in_favour", "cue_against"))
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    limits = (out / "LIMITS.md").read_text()
    for rule in {row["agreement_rule"] for row in rows}:
        assert f"`{rule}`" in limits


def quote(**cells: Any) -> dict[str, Any]:
    return {
        "topics": "trade",
        "cue_polarity": 1,
        "is_negated": False,
        "level": 1,
        "quote_type": "indirect",
        "cue_class": "expressive_positive",
        "cue_class_2": None,
        "illocution": "expressive",
        "quote_text": "the new ferry trade",
    } | cells


OBJECT = frozenset(("object",))


def test_praise_of_a_project_agrees_and_rejection_of_it_does_not() -> None:
    assert agreement(quote(), OBJECT) == (True, "cue_in_favour")
    rejected = quote(cue_polarity=-1, cue_class="rejection", topics="sanctions_protectionism")
    assert agreement(rejected | {"quote_text": "new tariffs on timber"}, OBJECT) == (False, "cue_against")
    pledged = quote(cue_class="commissive", illocution="commissive", quote_text="to buy grain for years")
    assert agreement(pledged, frozenset(("infinitive",))) == (True, "cue_in_favour")


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"topics": None}, "no_topic"),
        ({"topics": "trade; finance"}, "several_topics"),
        ({"topics": "noninterference"}, "topic_is_no_project"),
        ({"cue_polarity": None}, "cue_not_in_codebook"),
        ({"cue_polarity": 0}, "neutral_cue"),
        ({"is_negated": True}, "not_said"),
        ({"level": 2}, "inside_another_quote"),
        ({"quote_type": "direct"}, "direct_speech"),
        ({"cue_class": "directive"}, "cue_without_stance"),
        ({"illocution": "directive"}, "asks_others"),
        ({"quote_text": "Norvane for its trade"}, "gives_a_reason"),
        ({"quote_text": "the end of the ferry trade"}, "turned_in_content"),
        ({"quote_text": "a trade that doesn’t pay"}, "turned_in_content"),
    ],
)
def test_where_the_dataset_does_not_tell_agreement_is_null(cells: dict[str, Any], rule: str) -> None:
    assert agreement(quote(**cells), OBJECT) == (None, rule)


@pytest.mark.parametrize("frames", [frozenset(), frozenset(("clause", "object")), frozenset(("mention",))])
def test_a_cue_that_may_take_a_clause_does_not_tell(frames: frozenset[str]) -> None:
    assert agreement(quote(), frames) == (None, "cue_may_take_a_clause")
