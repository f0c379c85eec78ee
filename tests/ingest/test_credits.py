"""What an agency gave to an article: the text, inputs, or a picture."""

import pytest

from pipeline.ingest.credits import credit_in_line, end_credit, picture_credit
from pipeline.ingest.known import compile_known
from pipeline.ingest.stage import ArticleReader, prepare, read_articles
from pipeline.reference import Reference

BODY = (
    "Kestrovan President Velmar Ostin spoke with Norvanian Prime Minister Ilsa Brannick by video link, and "
    "both praised the ferries on the river, their offices said.\nThe talks took an hour, and the harbour "
    "office expects the first boat to leave in the spring of the coming year.\n"
)
FRONT = "Ferries run again\nMay 6, 2024\n\n"


@pytest.fixture(scope="module")
def reader(reference: Reference) -> ArticleReader:
    return prepare(reference)


def agency(reader: ArticleReader, text: str) -> tuple[str | None, str]:
    rows = read_articles(
        reader, text=text, encoding="utf-8", raw_sha256="0123456789abcdef" * 4, manifest_row=None
    ).rows
    blocks = rows["blocks"]
    assert "".join(text[block["char_start"] : block["char_end"]] for block in blocks) == text
    return rows["articles"][0]["agency_id"], rows["articles"][0]["agency_role"]


@pytest.mark.parametrize(
    ("line", "agency_id"),
    [
        ("(Xinhua)", "xinhua"),
        ("Xinhua", "xinhua"),
        ("Veltapress", "veltapress"),
        ("Source: Xinhua", "xinhua"),
        ("(Source: Xinhua News Agency)", "xinhua"),
        ("© Reuters", "reuters"),
        ("© 2024 Reuters", "reuters"),
        ("Copyright 2024 The Associated Press. All rights reserved.", "ap"),
    ],
)
def test_a_line_below_the_text_says_whose_it_is(line: str, agency_id: str, reader: ArticleReader) -> None:
    assert agency(reader, f"{FRONT}{BODY}\n{line}\n") == (agency_id, "origin")


@pytest.mark.parametrize("mark", [" (Xinhua)", " -- Xinhua", " – Xinhua", " [Xinhua]"])
def test_a_mark_behind_the_last_sentence_is_no_part_of_it(mark: str, reader: ArticleReader) -> None:
    assert agency(reader, f"{FRONT}{BODY.rstrip()}{mark}\n") == ("xinhua", "origin")


@pytest.mark.parametrize(
    "text",
    [
        f"ARDESK, Mar. 12 (Xinhua) -- {BODY}",
        f"ARDESK, March 12 /Xinhua/. {BODY}",
        f"Ferries run again\nXinhua\nMay 6, 2024\n\n{BODY}",
        f"Ferries run again\nBy Xinhua\nMay 6, 2024\n\n{BODY}",
        f"Ferries run again\nBy Ann Lee, Xinhua\nMay 6, 2024\n\n{BODY}",
        f"Ferries run again\nSource: Xinhua | 2024-05-06 10:40:11\n\n{BODY}",
        f"Title: Ferries\nSource: Xinhua\nDate: 2024-05-06\nText: {BODY}",
        f"Title: Ferries\nAuthor: Xinhua\nDate: 2024-05-06\nText: {BODY}",
    ],
)
def test_above_the_text_an_agency_is_its_origin(text: str, reader: ArticleReader) -> None:
    assert agency(reader, text) == ("xinhua", "origin")


@pytest.mark.parametrize(
    ("line", "agency_id"),
    [
        ("With inputs from agencies", None),
        ("(With agency inputs)", None),
        ("Agencies contributed to this story.", None),
        ("With Xinhua inputs", "xinhua"),
        ("(With inputs from AFP)", "afp"),
        ("AFP contributed to this report.", "afp"),
        ("Veltapress contributed reporting.", "veltapress"),
        ("Ann Lee and Reuters contributed to this report.", "reuters"),
        ("With additional reporting from AFP and Ann Lee", "afp"),
        ("— with files from Reuters", "reuters"),
        ("This article contains information from Interfax.", "interfax"),
        ("AP, Reuters", "ap"),
    ],
)
def test_inputs(line: str, agency_id: str | None, reader: ArticleReader) -> None:
    assert agency(reader, f"{FRONT}{BODY}\n{line}\n") == (agency_id, "inputs")


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Xinhua",
        "Photo: Xinhua/Ann Lee",
        "A boat at the quay, May 5, 2024. (Xinhua/Ann Lee)",
        "A boat at the quay. Photo: Xinhua",
        "A boat at the quay. [Photo/Xinhua]",
        "A boat at the quay on Monday. Ann Lee/Xinhua",
        "A boat at the quay on Monday. XINHUA/Ann Lee",
        "A boat at the quay (Xinhua)",
        "A boat at the quay in Ardesk. © Ann Lee, Xinhua",
    ],
)
def test_a_picture(line: str, reader: ArticleReader) -> None:
    assert agency(reader, f"{FRONT}{line}\n{BODY}") == ("xinhua", "photo")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Reuters could not verify the account.",
        "He told Xinhua that it rained, according to AFP.",
        "Source: Norvane Harbour Office",
        "The boats of Quay/Ardesk",
        "(Ardesk)",
    ],
)
def test_a_name_in_a_sentence_and_a_name_that_nobody_knows_are_no_credit(
    line: str, reader: ArticleReader
) -> None:
    assert agency(reader, f"{FRONT}{BODY}\n{line}\n") == (None, "none")


def test_the_strongest_role_counts(reader: ArticleReader) -> None:
    picture = "A boat at the quay, May 5, 2024. (Xinhua/Ann Lee)\n"
    assert agency(reader, f"{FRONT}{picture}{BODY}\nAFP contributed to this report.\n") == ("afp", "inputs")
    assert agency(reader, f"{FRONT}{picture}{BODY}\nWith inputs from agencies\n") == (None, "inputs")
    assert agency(reader, f"{FRONT}{picture}{BODY}\n(Reuters)\n") == ("reuters", "origin")


def test_the_readings_of_single_lines(reference: Reference) -> None:
    known = compile_known(reference)
    assert credit_in_line(known, "Reuters and AP contributed to this report.") == (
        "inputs",
        ["Reuters", "AP"],
    )
    assert credit_in_line(known, "The ferries contributed to this.") is None
    assert end_credit(known, "It rained. (AFP)") == ("AFP", 10)
    assert end_credit(known, "It rained on the boat (AFP)") is None
    assert picture_credit(known, "It rained. AFP") is None
