"""Page against manifest, dates without years, events, and the rows as tables."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from pipeline.document import Row
from pipeline.ingest.stage import ArticleReader, ArticleRows, documents, prepare, read_articles
from pipeline.reference import Reference
from schemas import ArticleAuthors, Articles, ArticleText, Blocks

BODY = (
    "Kestrovan President Velmar Ostin spoke with Norvanian Prime Minister Ilsa Brannick by video link, "
    "and both praised the ferries on the river, their offices said.\nThe talks took an hour.\n"
)
MANIFEST: dict[str, object] = {
    "path": "a.txt", "url": "https://quay.example/1", "outlet": None, "republisher": None,
    "published_date": None, "retrieved_at": None, "licence": None, "redistributable": None,
    "is_translation": None, "notes": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def reader(reference: Reference) -> ArticleReader:
    return prepare(reference)


def read(reader: ArticleReader, text: str, **manifest: object) -> ArticleRows:
    return read_articles(
        reader,
        text=text,
        encoding="utf-8",
        raw_sha256="0123456789abcdef" * 4,
        manifest_row=MANIFEST | manifest,
    )


def article(reader: ArticleReader, text: str, **manifest: object) -> Row:
    return read(reader, text, **manifest).rows["articles"][0]


def values(row: Row, *names: str) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def test_rows_fit_the_schemas(reader: ArticleReader) -> None:
    rows = read(reader, f"Title: Talks\nAuthor: Ann Lee\nDate: 2024-03-12\nText: {BODY}").rows
    for model in (Articles, ArticleAuthors, ArticleText, Blocks):
        columns = {
            name: found.dtype.type
            for name, found in model.to_schema().columns.items()
            if (found.metadata or {}).get("filled_by") is None
        }
        (table,) = [rows[model.table_name]]
        assert all(list(row) == list(columns) for row in table)
        pl.DataFrame(table, schema=columns, orient="row")


def test_documents_are_rebuilt_from_rows(reader: ArticleReader) -> None:
    text = f"Talks\n2024-03-12\n\n{BODY}"
    (document,) = documents(read(reader, text).rows)
    assert (document.article_id, document.text, document.headline) == ("0123456789abcdef", text, "Talks")
    assert "".join(text[b.char_start : b.char_end] for b in document.blocks) == text


def test_the_manifest_supplies_what_the_page_does_not_say(reader: ArticleReader) -> None:
    row = article(
        reader, BODY, outlet="norvane_lantern", published_date=date(2024, 3, 13), is_translation=True
    )
    names = ("outlet_id", "outlet_basis", "published_date", "published_basis", "is_translation")
    assert values(row, *names) == ("norvane_lantern", "manifest", date(2024, 3, 13), "manifest", True)
    assert values(row, "published_edtf", "published_precision") == ("2024-03-13", "day")


def test_the_page_wins_and_a_contradiction_is_reported(reader: ArticleReader) -> None:
    found = read(
        reader,
        f"Talks\n2024-03-12\n\n{BODY}By : Norvane Lantern\n",
        outlet="basin_feed",
        published_date=date(2024, 3, 1),
    )
    row = found.rows["articles"][0]
    assert values(row, "outlet_id", "published_date") == ("norvane_lantern", date(2024, 3, 12))
    told = [warning.message for warning in found.warnings if warning.code == "manifest_contradiction"]
    assert len(told) == 2 and all("which wins" in message for message in told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"ARDESK, Mar. 12 (Veltapress) -- {BODY}", (None, "XXXX-03-12", "none", "dateline")),
        (
            f"A boat, Mar. 12, 2024. (Veltapress/Ann Lee)\nARDESK, Mar. 12 (Veltapress) -- {BODY}",
            (date(2024, 3, 12), "2024-03-12", "day", "dateline"),
        ),
        (
            f"A boat, Mar. 11, 2024. (Veltapress/Ann Lee)\nARDESK, Mar. 12 (Veltapress) -- {BODY}",
            (None, "XXXX-03-12", "none", "dateline"),
        ),
        (f"Talks\nMarch 2024\n\n{BODY}", (None, "2024-03", "month", "header")),
        (f"Title: Talks\nDate: 03/04/2024\nText: {BODY}", (None, "2024", "year", "header")),
        (
            f"Talks\nMarch 12\n\n{BODY}Published : March 12, 2024\n",
            (date(2024, 3, 12), "2024-03-12", "day", "header"),
        ),
        (f"{BODY}", (None, None, "none", "none")),
    ],
)
def test_a_year_is_never_guessed(text: str, expected: tuple[Any, ...], reader: ArticleReader) -> None:
    names = ("published_date", "published_edtf", "published_precision", "published_basis")
    assert values(article(reader, text), *names) == expected


def test_an_event_supplies_the_date_for_time_series(reader: ArticleReader) -> None:
    row = article(reader, f"Talks on ferries\nBy Ann Lee\n\nOn March 12, {BODY}")
    names = ("event_id", "published_date", "analysis_date", "analysis_date_basis", "analysis_date_imputed")
    assert values(row, *names) == ("ostin_brannick_video_2024", None, date(2024, 3, 12), "event", True)


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "On March 13, " + BODY,
        "On March 12, 2023, " + BODY,
        "On March 12, " + BODY.replace("Ilsa Brannick", "somebody"),
        "On March 12, " + BODY.replace("by video link", "by telephone"),
    ],
)
def test_an_event_that_is_not_settled_stays_null(text: str, reader: ArticleReader) -> None:
    assert article(reader, text)["event_id"] is None


def test_an_agency_text_on_another_page_is_the_agencys(reader: ArticleReader) -> None:
    row = article(reader, f"Norvane Lantern\n\nTalks\n\nARDESK, Mar. 12 (Veltapress) -- {BODY}")
    names = ("outlet_id", "outlet_basis", "republisher_id", "agency_id", "agency_role")
    assert values(row, *names) == ("veltapress", "agency", "norvane_lantern", "veltapress", "origin")


def test_no_address_is_kept(reader: ArticleReader) -> None:
    rows = read(
        reader, f"Title: Talks\nAuthor: Ann Lee ann@quay.example\nAuthor bio: a@quay.example\nText: {BODY}"
    ).rows
    kept = str([rows["articles"], rows["article_authors"]])
    assert "@" not in kept
    assert rows["article_authors"][0]["has_email"] is True


def block_types(reader: ArticleReader, text: str) -> dict[str, str]:
    blocks = read(reader, text).rows["blocks"]
    return {text[row["char_start"] : row["char_end"]]: row["block_type"] for row in blocks}


FRONT = "Ferries run again\nBy Ann Lee\n\n" + BODY


def test_dates_of_other_articles_below_the_text_are_not_the_pages_own(reader: ArticleReader) -> None:
    below = "\nMore news\nStorm cuts power in Quay\nMay 9, 2024\nMinister leaves office\nMay 8, 2024\n"
    assert article(reader, FRONT + below)["published_date"] is None
    assert block_types(reader, FRONT + below)["May 9, 2024"] == "boilerplate"
    own = article(reader, FRONT + "\nMay 9, 2024\n")
    assert (own["published_date"], own["published_basis"]) == (date(2024, 5, 9), "footer")


def test_of_footers_that_contradict_each_other_none_is_taken(reader: ArticleReader) -> None:
    text = FRONT + "\nPublished: May 9, 2024\nPosted: May 8, 2024\n"
    assert article(reader, text)["published_date"] is None
    warning = read(reader, text).warnings[0]
    assert warning.code == "page_dates_contradict" and "none is taken" in warning.message


def test_the_date_of_a_change_is_not_that_of_publication(reader: ArticleReader) -> None:
    text = "Title: Ferries\nPublished Time: Updated May 9, 2024\nText:\n" + BODY
    assert article(reader, text)["published_edtf"] is None
    assert [warning.code for warning in read(reader, text).warnings] == ["unread_date"]


def test_a_picture_from_the_archive_supplies_no_year(reader: ArticleReader) -> None:
    text = "{} ferry leaves Quay on May 6, 2019. (Wire/Ann Lee)\nQUAY, May 6 (Wire) -- " + BODY
    assert article(reader, text.format("File photo: A"))["published_edtf"] == "XXXX-05-06"
    assert article(reader, text.format("A"))["published_edtf"] == "2019-05-06"


def test_a_line_of_marks_is_neither_title_nor_deck(reader: ArticleReader) -> None:
    row = article(reader, "Call on ferries\nMay 6, 2024\n•\n\n" + BODY)
    assert (row["headline"], row["deck"]) == ("Call on ferries", None)


def test_one_who_speaks_once_has_a_label_and_no_heading(reader: ArticleReader) -> None:
    text = (
        "Ferry talk\nMay 6, 2024\n\nQuay Post: Will the ferries run in the winter too?\n"
        "Ann Lee: They will, on every day but one.\nLake News: What of tolls?\n"
        "Ann Lee: Nobody has asked for any.\nQuay Post: And who pays for it all?\nAnn Lee: We do.\n"
    )
    assert block_types(reader, text)["Lake News: What of tolls?"] == "paragraph"


def test_a_paragraph_below_the_title_does_not_become_part_of_it(reader: ArticleReader) -> None:
    text = f"Published Time: 2024-05-06\nTitle: Ferries\n{BODY}Text: The treaty is short, and it rained.\n"
    assert article(reader, text)["headline"] == "Ferries"


@pytest.mark.parametrize("label", ["**{}:** ", "**{}**: "])
def test_labels_in_bold(label: str, reader: ArticleReader) -> None:
    names = [label.format(name) for name in ("Title", "Author", "Date", "Text")]
    text = f"{names[0]}Ferries\n{names[1]}Ann Lee\n{names[2]}2024-05-06\n{names[3]}\n{BODY}"
    row = article(reader, text)
    assert (row["headline"], row["authors"], row["published_edtf"]) == ("Ferries", "Ann Lee", "2024-05-06")


@pytest.mark.parametrize(
    ("line", "outlet", "authors"),
    [
        ("By Ann Lee Published: May 6, 2024 10:40 Updated: May 7, 2024 09:00", None, "Ann Lee"),
        ("By Ann Lee (Norvane Lantern) 10:40, May 06, 2024", "norvane_lantern", "Ann Lee"),
        ("(Norvane Lantern) 10:40, May 06, 2024", "norvane_lantern", None),
    ],
)
def test_byline_outlet_and_date_on_one_line(
    line: str, outlet: str | None, authors: str | None, reader: ArticleReader
) -> None:
    row = article(reader, f"Ferries run again\n{line}\n\n{BODY}")
    assert (row["outlet_id"], row["authors"]) == (outlet, authors)
    assert (row["published_edtf"], row["published_time"]) == ("2024-05-06", "10:40")


def test_credits_joined_by_semicolons_are_no_text(reader: ArticleReader) -> None:
    line = "Reporting by Ann Lee in Quay and Bo Dahl in the city of Ardesk; Editing by Cy Wit"
    assert block_types(reader, FRONT + line)[line] == "boilerplate"


def test_a_drop_cap_belongs_to_its_paragraph(reader: ArticleReader) -> None:
    types = block_types(reader, f"Ferries run again\nMay 6, 2024\n\nK\n{BODY[1:]}")
    assert types["K\n" + BODY[1:].split("\n")[0]] == "paragraph"


@pytest.mark.parametrize(
    "line", ["With inputs from Wire, Norvane Lantern and others", "(With Norvane Lantern, Wire inputs)"]
)
def test_a_list_of_inputs(line: str, reader: ArticleReader) -> None:
    row = article(reader, f"{FRONT}\n{line}\n")
    assert (row["agency_id"], row["agency_role"]) == ("norvane_lantern", "inputs")


def test_a_source_in_brackets_below_the_text(reader: ArticleReader) -> None:
    row = article(reader, f"{FRONT}\n(Source: Norvane Lantern)\n")
    assert (row["outlet_id"], row["outlet_basis"]) == ("norvane_lantern", "footer")
