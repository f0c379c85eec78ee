from dataclasses import replace

import pytest

from pipeline.ingest.document_type import Form, document_type_of

FORM = Form(None, (), (), (), False, False, False, "en")
REPORT = "The harbour office opened a new quay on Monday, and forty boats came to see it, the town said."
OTHER = "Prices for fish rose a little on the day, according to traders, and fell again in the evening."


@pytest.mark.parametrize(
    ("kind", "paragraphs"),
    [
        ("news_report", [REPORT, OTHER]),
        ("unknown", ["Too little to tell."]),
        (
            "news_preview",
            [
                "Foreign Minister Otto Vennik will hold talks with a colleague on Tuesday, he said.",
                OTHER,
            ],
        ),
        (
            "news_report",
            [
                "Otto Vennik met a colleague on Monday and said they will hold talks in May.",
                OTHER,
            ],
        ),
        (
            "official_readout",
            [
                "Foreign Minister Otto Vennik spoke by telephone with Foreign Minister Mira Harlow today.",
                "The Ministers discussed the ferries. They agreed to keep talking. Both expressed hope.",
            ],
        ),
        (
            "official_readout",
            [
                "Otto Vennik pointed out that the lake is shared. We are willing to keep it clean with you.",
                "Otto Vennik stressed that trade grows. I hope that our customs offices open earlier.",
                "The two sides exchanged views about fisheries.",
            ],
        ),
        (
            "news_report",
            [
                'Vennik said that the lake is shared. "We keep it clean, and I am glad," he said on Monday.',
                'Vennik said trade grows. "I hope our offices open earlier," he said, and traders agreed.',
            ],
        ),
        (
            "transcript",
            [
                f"{who}: The ferry will come at noon, we think."
                for who in ("Q", "MR. VENNIK", "Q", "MR. VENNIK")
            ],
        ),
        (
            "commentary",
            [
                "I have walked along the lake for years, and I have never seen it so clean as it is now.",
                "My neighbours think the ferries did it. I do not.",
                "I think we should ask the herons.",
            ],
        ),
    ],
)
def test_the_kind_is_told_from_the_form(kind: str, paragraphs: list[str]) -> None:
    assert document_type_of(replace(FORM, paragraphs=paragraphs)) == kind


def test_labels_and_language() -> None:
    assert document_type_of(replace(FORM, paragraphs=[REPORT, OTHER], sections=["Opinion"])) == "commentary"
    assert (
        document_type_of(replace(FORM, paragraphs=[REPORT, OTHER], headline="Readout of a call"))
        == "news_report"
    )
    assert document_type_of(replace(FORM, paragraphs=[REPORT, OTHER], language="fr")) == "unknown"
