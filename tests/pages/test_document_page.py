"""What the page of a document shows, from rows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipeline.pages.document_page import document_page, facts, headline, rights
from pipeline.pages.labels import Labels
from tests.tables import row

A = "ab" + 14 * "0"
LABELS = Labels(
    outlets={"herald": "The Herald"},
    topics={"harbours": "Harbours"},
    events={"summit": "Lake summit"},
    paged_speakers=frozenset({"ila_voss"}),
)


def article(**cells: Any) -> dict[str, Any]:
    made = row("articles", article_id=A, raw_path="in/a.txt", outlet_id="herald", outlet_basis="header")
    return {**made, "language_basis": "too_short", "analysis_date_imputed": False, **cells}


def quote(number: int, **cells: Any) -> dict[str, Any]:
    made = row(
        "quotes", article_id=A, quote_id=f"{A}:{number:012}", quote_no=number, quote_text="yes", level=1
    )
    plain = {
        "quote_type": "direct",
        "region": "body",
        "is_negated": False,
        "has_continuation": False,
        "n_speakers": 1,
        "speaker_id": "ila_voss",
        "speaker_name": "Ila Voss",
        "speaker_type": "person",
        "resolution": "authority_name",
        "confidence": 0.91,
    }
    return {**made, **plain, **cells}


def speaker(number: int, speaker_id: str = "ila_voss", name: str = "Ila Voss") -> dict[str, Any]:
    own = f"{A}:{number:012}"
    return row("quote_speakers", quote_id=own, speaker_no=1, speaker_id=speaker_id, speaker_name=name)


def page(quotes: list[dict[str, Any]], **cells: Any) -> dict[str, Any]:
    speakers = {
        q["quote_id"]: [speaker(q["quote_no"], q["speaker_id"], q["speaker_name"])]
        for q in quotes
        if q["n_speakers"]
    }
    return document_page(article(**cells), "yes", [], quotes, [], speakers, ["harbours"], [], LABELS)


def test_a_card() -> None:
    full = quote(
        1,
        source_mention="Premier Ila Voss",
        speaker_role="Premier",
        cue="urged",
        cue_class="directive",
        illocution="directive",
        illocution_evidence="urged",
        said_date=date(2024, 3, 4),
        said_date_basis="relative",
        event_id="summit",
        event_basis="article",
        topics="harbours",
    )
    [card] = page([full])["cards"]
    assert (card.no, card.anchor, card.quote_id) == (1, f"{1:012}", f"{A}:{1:012}")
    assert card.named == [("Ila Voss", "speakers/ila_voss.html")]
    assert (card.role, card.classes, card.doubts) == ("Premier", "v0 l0 direct", [])
    assert card.topics == [("Harbours", "topics/harbours.html")]
    assert card.rows == [
        ("Source mention", "Premier Ila Voss"),
        ("Found by", "named, and in the authority file"),
        ("Cue", "urged (directive)"),
        ("Speech act", "directive (“urged”)"),
        ("Said on", "2024-03-04 (read by the day of writing)"),
        ("Event", "Lake summit (the event of the article)"),
        ("Confidence", "0.91"),
    ]


def test_voices_differ_in_hue_and_line_and_the_unresolved_is_none_of_them() -> None:
    quotes = [
        quote(1),
        quote(2, speaker_id=f"{A}:oren-tull", speaker_name="Oren Tull"),
        quote(3, n_speakers=0, speaker_id=None, speaker_name=None, resolution="unresolved_ambiguous"),
        quote(4),
    ]
    made = page(quotes)
    assert [(voice["name"], voice["look"], voice["n"], voice["first"]) for voice in made["voices"]] == [
        ("Ila Voss", "v0 l0", 2, f"{1:012}"),
        ("Oren Tull", "v1 l1", 1, f"{2:012}"),
        ("speaker not resolved", "open", 1, f"{3:012}"),
    ]
    assert [card.named for card in made["cards"]][1:3] == [[("Oren Tull", None)], []]


def test_relations_between_quotes_are_told() -> None:
    inner = quote(2, level=2, parent_quote_id=f"{A}:{1:012}", duplicate_of=f"{A}:{3:012}")
    made = page([quote(1), inner, quote(3)])
    assert made["cards"][1].relations == [
        ("reported inside quote", f"{1:012}", 1),
        ("repeats quote", f"{3:012}", 3),
    ]


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        ({"confidence": None}, "v0 l0 direct unsure"),
        ({"confidence": 0.49}, "v0 l0 direct unsure"),
        ({"is_negated": True, "quote_type": "indirect"}, "v0 l0 indirect negated"),
    ],
)
def test_what_is_uncertain_or_negated_looks_so(cells: dict[str, Any], classes: str) -> None:
    assert page([quote(1, **cells)])["cards"][0].classes == classes


def test_facts_name_their_basis() -> None:
    found = dict(
        facts(
            article(
                analysis_date=date(2024, 3, 5),
                analysis_date_basis="event",
                analysis_date_imputed=True,
                published_edtf="XXXX-03-05",
                published_basis="footer",
                published_evidence="March 5",
            ),
            LABELS,
        )
    )
    assert found["Outlet"] == "The Herald (named in the header)"
    assert found["Date used for time series"] == (
        "2024-03-05 (from the day of the event, imputed: not the stated date of publication)"
    )
    assert found["Published"] == "XXXX-03-05 (from the foot of the page, “March 5”)"
    assert found["Language"] == "not told (too few letters)"
    assert found["article_id"] == A


@pytest.mark.parametrize(
    ("redistributable", "told"),
    [
        (True, "The text may be passed on."),
        (False, "The text may not be passed on."),
        (None, "Whether the text may be passed on is not stated; treat it as no."),
    ],
)
def test_rights_are_told(redistributable: bool | None, told: str) -> None:
    cells = {
        "redistributable": redistributable,
        "licence": "CC BY 4.0",
        "url": "https://herald.example/a",
        "retrieved_at": datetime(2024, 3, 6, 9, tzinfo=UTC),
    }
    assert rights(article(**cells), LABELS) == {
        "owner": "The Herald",
        "licence": "CC BY 4.0",
        "may": told,
        "url": "https://herald.example/a",
        "printed_url": None,
        "retrieved": "2024-03-06",
    }


def test_an_address_that_is_none_is_printed_only() -> None:
    found = rights(article(url="javascript:alert(1)"), LABELS)
    assert (found["url"], found["printed_url"]) == (None, "javascript:alert(1)")


def test_an_article_without_a_headline_is_called_by_its_file() -> None:
    assert headline(article(headline=" Piers\n close ")) == "Piers close"
    assert headline(article(headline=None)) == "a.txt (no headline)"
