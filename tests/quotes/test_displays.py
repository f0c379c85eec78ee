from dataclasses import replace

from pipeline.document import Block
from pipeline.quotes.stage import extract
from tests.quotes.invented import document, extractor, said


def test_a_pull_quote_takes_name_and_title_from_below() -> None:
    parts = [
        ("pull_quote", "Water is life.\n"),
        ("pull_quote_name", "ADA ORR\n"),
        ("pull_quote_title", "Pilot\n"),
    ]
    text = "".join(shown for _, shown in parts)
    blocks = []
    at = 0
    for number, (rule, shown) in enumerate(parts, start=1):
        blocks.append(Block(number, "pull_quote", at, at + len(shown), rule))
        at += len(shown)
    (row,) = extract(extractor(), replace(document(text), blocks=tuple(blocks)))["quotes"]
    assert row["quote_text"] == "Water is life"
    assert row["region"] == "pull_quote"
    assert row["quote_type"] == "direct"
    assert row["cue"] is None
    assert row["source_form"] == "display"
    assert row["speaker_name"] == "Ada Orr"
    assert row["speaker_role"] == "Pilot"


def test_a_name_below_a_quotation() -> None:
    assert said("“Water is all we have.” — Ada Orr, pilot") == [("Ada Orr", None, "“Water is all we have.”")]


def test_labels_of_a_transcript() -> None:
    text = "Question: Is it raining?\n\nAda Orr: No. It is dry.\n\nIt will stay so.\n"
    assert said(text, "transcript") == [
        ("Question", None, "Is it raining?"),
        ("Ada Orr", None, "No. It is dry. … It will stay so."),
    ]
