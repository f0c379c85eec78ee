from dataclasses import replace
from datetime import date

import pytest

from pipeline.quotes.stage import extract
from tests.quotes.invented import document, extractor, rows_of, speakers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mira Sol said it rains.", [("Mira Sol", "authority_name")]),
        ("President Sol said it rains.", [("Mira Sol", "authority_name")]),
        ("Arlonian President Mira Sol said it rains.", [("Mira Sol", "authority_name")]),
        ("Ada Orr left. It rains, Orr said.", [("Ada Orr", "document_name")]),
        (
            "It rains, said Orr Ada. It pours, Orr said.",
            [("Orr Ada", "document_name"), ("Orr Ada", "document_name")],
        ),
        ("Ada Orr met Ben Orr. It rains, Orr said.", [(None, "unresolved_ambiguous")]),
        ("Ann Sol left. It rains, Sol said.", [("Ann Sol", "document_name")]),
        ("Ann Sol met Mira Sol. It rains, Sol said.", [(None, "unresolved_ambiguous")]),
        ("Agriculture Minister Ada Orr said it rains.", [("Ada Orr", "document_name")]),
        ("The winner, Ada Orr, said it rained.", [("Ada Orr", "apposition")]),
        ("The Arlonian Trade Ministry said it rains.", [("Arlonian Trade Ministry", "authority_name")]),
        ("The Borvian Fish Council said it rains.", [("Borvian Fish Council", "institution")]),
        ("Many analysts said it rains.", [("analysts", "unnamed_group")]),
        ("A senior official said it rains.", [("senior official", "unnamed_group")]),
        ("Sol left. The Arlonian president said it rains.", [("Mira Sol", "title")]),
        ("The Borvian mayor said it rains.", [(None, "unresolved_no_antecedent")]),
        ("He said it rains.", [(None, "unresolved_no_antecedent")]),
        (
            "Venn said it rains. The sun is gone, he said.",
            [("Tor Venn", "authority_name"), ("Tor Venn", "pronoun")],
        ),
        (
            "Venn said it rains. The sun is gone, she said.",
            [("Tor Venn", "authority_name"), (None, "unresolved_ambiguous")],
        ),
        (
            "Venn met Sol in Lyra. The two leaders agreed to row.",
            [("Tor Venn; Mira Sol", "members")],
        ),
        ("Arlonia and Borvia row. The two sides agreed to rest.", [("Arlonia; Borvia", "members")]),
        ("Lyra Regatta began. It rains, Lyra said.", [("Lyra", "document_name")]),
        ("House Speaker Ada Orr (P-Lyra) said it rains.", [("Ada Orr", "document_name")]),
        ("Arlonia's envoy Ada Orr said it rains.", [("Ada Orr", "document_name")]),
        (
            "Ada Orr said it rains. She met Ben Ilk. He said it pours.",
            [("Ada Orr", "document_name"), (None, "unresolved_ambiguous")],
        ),
        ("Sol and Venn pledged to row.", [("Mira Sol; Tor Venn", "members")]),
        ("The Two Rivers League said it rains.", [("Arlonia; Borvia", "members")]),
        ("Mr Oskar ILK said it rains.", [("Oskar Ilk", "document_name")]),
        ("President SOL said it rains.", [("Mira Sol", "authority_name")]),
        (
            "Professor Ada DRELL said it rains. DRELL said it pours.",
            [("Ada Drell", "document_name"), ("Ada Drell", "document_name")],
        ),
        ("Councillor Ada Orr said it rains.", [("Ada Orr", "document_name")]),
        (
            "The Ministry of Roads and Bridges said it rains. It pours, the ministry said.",
            [
                ("Ministry of Roads and Bridges", "institution"),
                ("Ministry of Roads and Bridges", "institution"),
            ],
        ),
        ("The winner, Ada Orr, who rows, said it rained.", [("Ada Orr", "apposition")]),
        ("Orr's brother, the baker Ben Ilk, said it rained.", [("Ben Ilk", "apposition")]),
        ("The mayor of Lyra, Ada Orr, said it rained.", [("Ada Orr", "apposition")]),
    ],
)
def test_resolution(text: str, expected: list[tuple[str | None, str]]) -> None:
    assert speakers(text) == expected


def test_a_role_is_the_one_of_the_day() -> None:
    text = document("Mira Sol said it rains.")
    roles = [
        extract(extractor(), replace(text, analysis_date=day))["quotes"][0]["speaker_role"]
        for day in (date(2030, 5, 1), date(2025, 5, 1), None)
    ]
    assert roles == ["President", "Mayor", None]


def test_a_role_of_someone_else_comes_from_the_document() -> None:
    rows = rows_of("It rains, said Ada Orr, a pilot from Lyra. It pours, Orr said.")["quotes"]
    assert [row["speaker_role"] for row in rows] == ["pilot from Lyra", "pilot from Lyra"]


def test_local_speakers_get_ids_of_the_article_and_authority_ones_do_not() -> None:
    rows = rows_of("Ada Orr said it rains. Sol said it pours.")
    assert [row["speaker_id"] for row in rows["quotes"]] == ["0123456789abcdef:ada-orr", "mira_sol"]
    assert [row["speaker_id"] for row in rows["speakers"]] == ["0123456789abcdef:ada-orr"]
