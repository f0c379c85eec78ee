import pytest

from pipeline.ingest.datelines import end_mark_in, is_end_mark, read_caption, read_dateline

TEXT = "Boats of every kind left the old harbour before noon."


@pytest.mark.parametrize(
    ("opening", "place", "edtf", "agency"),
    [
        ("QUAY, Dec. 15 (Wire) --", "Quay", "XXXX-12-15", "Wire"),
        ("QUAY, Dec. 15, 2021 (Wire) —", "Quay", "2021-12-15", "Wire"),
        ("QUAY, 15 Dec (Wire) -", "Quay", "XXXX-12-15", "Wire"),
        ("QUAY (Wire) —", "Quay", None, "Wire"),
        ("QUAY—", "Quay", None, None),
        ("QUAY, Dec. 15 --", "Quay", "XXXX-12-15", None),
        ("OLD QUAY, December 15. /WIRE/.", "Old Quay", "XXXX-12-15", "WIRE"),
        ("QUAY/ARDESK, Dec 15 (Wire) -", "Quay/Ardesk", "XXXX-12-15", "Wire"),
        ("Quay [Norvane], December 15 (Wire):", "Quay [Norvane]", "XXXX-12-15", "Wire"),
        ("ST. ANN, N.D. (Wire) –", "St. Ann, N.D.", None, "Wire"),
    ],
)
def test_a_dateline(opening: str, place: str, edtf: str | None, agency: str | None) -> None:
    found = read_dateline(f"{opening} {TEXT}")
    assert found is not None
    assert f"{opening} {TEXT}"[found.end :].lstrip() == TEXT
    assert (found.place, found.date and found.date.edtf, found.agency) == (place, edtf, agency)


@pytest.mark.parametrize(
    "text",
    [
        f"BREAKING — {TEXT}",
        f"UPDATE 1 - {TEXT}",
        f"Boats (and ships) - {TEXT}",
        f"The boats — old and new — {TEXT}",
        f"On Dec. 15 (a Monday), {TEXT}",
        "QUAYTO — long divided over the ferries — said that it would not take part in the talks.",
        "QUAY - a guide",
        TEXT,
        "—",
    ],
)
def test_other_openings_are_none(text: str) -> None:
    assert read_dateline(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "A boat leaves the quay. (Wire/Ann Lee)",
        "A boat leaves the quay. [Photo/Wire]",
        "A boat leaves the quay. (Photo by Ann Lee/Wire)",
        "A boat leaves the quay. (Ann Lee via Wire)",
        "?? ANN LEE / WIRE ?? A boat leaves the quay.",
        "FILE PHOTO: A boat leaves the quay.",
    ],
)
def test_captions(text: str) -> None:
    assert read_caption(text) is not None


@pytest.mark.parametrize(
    "text", ["Each captain (he/she) may go (and/or stay).", f"{TEXT} (see below)", "What??"]
)
def test_sentences_are_no_captions(text: str) -> None:
    assert read_caption(text) is None


def test_end_marks() -> None:
    assert all(map(is_end_mark, ["Enditem", "(END)", "###", "-30-", "ENDS", "***"]))
    assert not any(map(is_end_mark, ["The end of it", "30", "#1"]))
    assert end_mark_in("It rained. Enditem") == len("It rained. ")
    assert end_mark_in("It rained (END)") == len("It rained ")
    assert end_mark_in("It rained. ###") == len("It rained. ")
    assert end_mark_in("This was the end") is None
