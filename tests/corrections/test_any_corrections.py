"""Whatever stands in corrections.csv: every row is told of once, and the tables keep all their rules."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.corrections.apply import apply_corrections
from pipeline.corrections.sheet import read_sheet
from schemas.corrections import STATUSES, WHATS
from schemas.quotes import ILLOCUTIONS, QUOTE_TYPES
from tests.corrections.desk import AUTHORITY, VERSION, Desk, as_csv

SPEAKERS = (
    "",
    "velmar_ostin",
    "Ilsa Brannick",
    "Oren Tull",
    "velmar_ostin; Oren Tull",
    "=cmd()",
    "a;a",
    "ß:x",
)
HOSTILE = ("", "x", '"', "=1+1", "<script>", "NaN", "\x00", "1-2;", "-1", "é" * 50, "0-1")


def spans(near: int) -> st.SearchStrategy[str]:
    place = st.tuples(st.integers(max(0, near - 60), near + 120), st.integers(1, 90))
    return st.lists(place, min_size=1, max_size=3).map(
        lambda found: "; ".join(f"{start}-{start + length}" for start, length in sorted(found))
    )


@st.composite
def rows(draw: st.DrawFn, desk: Desk) -> dict[str, Any]:
    """Draw a row that means a quote, more or less, or none, or that cannot be read."""
    quote = draw(st.sampled_from(desk.frames["quotes"].to_dicts()[:40]))
    what = draw(st.sampled_from(WHATS))
    start = quote["char_start"] + draw(st.sampled_from((0, 0, 0, 1, -3, 20)))
    end = quote["char_end"] + draw(st.sampled_from((0, 0, 0, 5, -4, 200)))
    found = {
        "speaker": quote["speaker_name"] or "",
        "boundary": "",
        "type": quote["quote_type"],
        "topics": quote["topics"] or "",
        "cue": quote["cue"] or "",
        "illocution": quote["illocution"],
    }.get(what, "")
    near = spans(quote["char_start"])
    new = {
        "speaker": st.sampled_from(SPEAKERS),
        "boundary": near,
        "type": st.sampled_from(QUOTE_TYPES),
        "topics": st.sampled_from(("", "trade", "climate; trade", "weather")),
        "cue": near | st.just(""),
        "illocution": st.sampled_from(ILLOCUTIONS),
        "not_a_quote": st.just(""),
        "new_quote": st.tuples(
            st.sampled_from(SPEAKERS),
            st.sampled_from(("", *QUOTE_TYPES)),
            near | st.just(""),
            near | st.just(""),
        ).map(" | ".join),
        "article_date": st.sampled_from(("2024-03-12", "1999-01-01", "2024-02-30")),
    }[what]
    row = desk.row(quote, what, found, draw(new)) | {"char_start": start, "char_end": end}
    if draw(st.integers(0, 9)) == 0:
        row[draw(st.sampled_from(sorted(row)))] = draw(st.sampled_from(HOSTILE))
    return row


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_every_row_is_told_of_once_and_the_tables_stay_valid(desk: Desk, data: st.DataObject) -> None:
    drawn = data.draw(st.lists(rows(desk), max_size=30))
    sheet = read_sheet(as_csv(drawn))
    # Checks every table and the rules across them.
    frames, told = desk.correct(sheet)
    assert len(told) == len(sheet.rows) >= len([row for row in drawn if row["what"] in WHATS])
    assert {row["status"] for row in told} <= set(STATUSES)
    assert all("please report it" not in str(row["message"]) for row in told)
    for row in told:
        assert row["message"] or row["status"] == "applied"
    again = read_sheet(as_csv(reversed(drawn))).corrections
    turned, _ = apply_corrections(desk.frames, again, AUTHORITY, VERSION)
    assert all(turned[table].equals(frames[table]) for table in frames)
    for article in frames["articles"].to_dicts():
        here = frames["quotes"].filter(article_id=article["article_id"])
        assert here["quote_no"].to_list() == list(range(1, len(here) + 1))
    kept = set(frames["quotes"]["quote_id"])
    assert set(frames["topic_assignments"]["quote_id"].drop_nulls()) <= kept
    local = set(frames["speakers"]["speaker_id"])
    assert local <= set(frames["quote_speakers"]["speaker_id"])
