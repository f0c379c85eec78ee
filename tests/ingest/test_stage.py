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
