"""Applying corrections: the cell that a coder corrects, and all that follows from it."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from pipeline.corrections.apply import apply_corrections
from pipeline.corrections.sheet import read_sheet
from pipeline.parts import Frames
from tests.corrections.desk import AUTHORITY, VERSION, Desk, as_csv, statuses

# The wire report of the sample: Velmar Ostin (President), then Ilsa Brannick (Prime Minister).
NEIGHBOURS = "Kestrova and Norvane are neighbours"
BRIDGE = "A border river is a bridge"
POWER = "no outside power will move"
STORM = "for having kept its power lines open"
BARGES = "grain barges will sail"
RENEWABLE = "her government is ready to expand"
WIND = "Wind does not stop"


def quote_of(frames: Frames, row: dict[str, Any]) -> dict[str, Any]:
    """Return the quote to which a row of the status table points."""
    (found,) = frames["quotes"].filter(quote_id=row["quote_id"]).to_dicts()
    return dict(found)


def changed(desk: Desk, frames: Frames) -> set[str]:
    """Return the tables that are not as they were."""
    return {table for table, frame in frames.items() if not frame.equals(desk.frames[table])}


def test_without_corrections_nothing_changes(desk: Desk) -> None:
    frames, rows = desk.corrected()
    assert (changed(desk, frames), rows) == (set(), [])


def test_a_speaker_of_the_authority_file_brings_name_type_role_and_country(desk: Desk) -> None:
    before = desk.quote(NEIGHBOURS)
    frames, (row,) = desk.corrected(desk.row(before, "speaker", "Velmar Ostin", "ilsa_brannick"))
    assert (row["status"], row["message"], row["found_value"]) == ("applied", None, "velmar_ostin")
    assert (row["quote_id"], row["found_quote_id"]) == (before["quote_id"], before["quote_id"])
    assert row["overlap"] == 1.0
    after = quote_of(frames, row)
    wanted = {
        "speaker_id": "ilsa_brannick",
        "speaker_name": "Ilsa Brannick",
        "speaker_type": "person",
        "speaker_role": "Prime Minister",
        "speaker_country": "XNO",
        "n_speakers": 1,
        "resolution": "correction",
    }
    assert {name: after[name] for name in wanted} == wanted
    assert {name for name in after if after[name] != before[name]} <= {*wanted}
    listed = frames["quote_speakers"].filter(quote_id=row["quote_id"]).to_dicts()
    assert [(one["speaker_no"], one["speaker_id"]) for one in listed] == [(1, "ilsa_brannick")]
    assert changed(desk, frames) == {"quotes", "quote_speakers"}


def test_several_speakers_are_all_listed(desk: Desk) -> None:
    before = desk.quote(NEIGHBOURS)
    frames, (row,) = desk.corrected(
        desk.row(before, "speaker", "velmar_ostin", "Velmar Ostin; ilsa_brannick")
    )
    after = quote_of(frames, row)
    assert (after["speaker_id"], after["n_speakers"], after["speaker_type"]) == (None, 2, "person")
    assert after["speaker_name"] == "Velmar Ostin; Ilsa Brannick"
    listed = frames["quote_speakers"].filter(quote_id=row["quote_id"])["speaker_id"].to_list()
    assert listed == ["velmar_ostin", "ilsa_brannick"]


def test_a_name_that_nobody_knows_is_a_person_of_the_article(desk: Desk) -> None:
    one, other = desk.quote(NEIGHBOURS), desk.quote(BRIDGE)
    frames, rows = desk.corrected(
        desk.row(one, "speaker", "velmar_ostin", "Oren  Tull"),
        desk.row(other, "speaker", "velmar_ostin", "Oren Tull"),
    )
    speaker_id = f"{one['article_id']}:oren-tull"
    assert [quote_of(frames, row)["speaker_id"] for row in rows] == [speaker_id, speaker_id]
    (person,) = frames["speakers"].filter(speaker_id=speaker_id).to_dicts()
    assert (person["name"], person["speaker_type"], person["in_authority"]) == ("Oren Tull", "person", False)


def test_a_local_speaker_without_a_quote_is_not_listed_any_more(desk: Desk) -> None:
    local = desk.frames["quotes"].filter(pl.col("speaker_id").str.contains(":", literal=True))
    before = local.filter(pl.len().over("speaker_id") == 1).to_dicts()[0]
    frames, (row,) = desk.corrected(desk.row(before, "speaker", before["speaker_name"], ""))
    after = quote_of(frames, row)
    assert (after["speaker_id"], after["speaker_name"], after["n_speakers"]) == (None, None, 0)
    assert after["resolution"] == "correction"
    assert before["speaker_id"] not in frames["speakers"]["speaker_id"].to_list()


def test_who_speaks_decides_at_which_event(desk: Desk) -> None:
    """The topics stage reads speakers: a person who was not at the event did not say it there."""
    before = desk.frames["quotes"].filter(event_basis="article", speaker_id="velmar_ostin").to_dicts()[0]
    frames, (row,) = desk.corrected(desk.row(before, "speaker", "velmar_ostin", "Oren Tull"))
    after = quote_of(frames, row)
    assert before["event_id"] is not None
    assert (after["event_id"], after["said_date"]) == (None, None)


def test_a_boundary_moves_text_id_type_and_the_evidence_of_topics(desk: Desk) -> None:
    before = desk.quote(RENEWABLE)
    assert before["topics"] == "energy_renewable"
    start = before["char_start"]
    article = before["article_id"]
    end = desk.place(article, "her government is ready to expand cooperation")[1]
    frames, (row,) = desk.corrected(desk.row(before, "boundary", "", f"{start}-{end}"))
    assert row["status"] == "applied"
    assert row["found_quote_id"] == before["quote_id"] != row["quote_id"]
    after = quote_of(frames, row)
    assert after["quote_text"] == "her government is ready to expand cooperation"
    assert (after["char_start"], after["char_end"], after["n_spans"]) == (start, end, 1)
    assert "energy_renewable" not in str(after["topics"])
    evidence = frames["topic_assignments"].filter(quote_id=row["quote_id"], method="term")
    assert all(evidence["char_end"] <= end)
    for table in ("quotes", "quote_spans", "quote_speakers", "topic_assignments"):
        assert before["quote_id"] not in frames[table]["quote_id"].to_list()
    assert frames["quote_spans"].filter(quote_id=row["quote_id"])["span_role"].to_list().count("cue") == 1


def test_a_boundary_of_two_spans_in_and_out_of_quotation_marks_is_mixed(desk: Desk) -> None:
    before = desk.quote(WIND)
    assert before["quote_type"] == "direct"
    article = before["article_id"]
    first = desk.place(article, '"Wind does not stop')
    second = desk.place(article, "safety rules")
    frames, (row,) = desk.corrected(
        desk.row(
            before,
            "boundary",
            f"{before['char_start']}-{before['char_end']}",
            f"{first[0]}-{first[1]}; {second[0]}-{second[1]}",
        )
    )
    after = quote_of(frames, row)
    assert after["quote_text"] == '"Wind does not stop … safety rules'
    assert (after["quote_type"], after["verbatim_share"], after["n_spans"]) == ("mixed", 0.6667, 2)
    spans = frames["quote_spans"].filter(quote_id=row["quote_id"], span_role="content")
    assert spans["in_quotation_marks"].to_list() == [True, False]


def test_type_and_illocution_are_set_and_nothing_else(desk: Desk) -> None:
    quote = desk.quote(STORM)
    frames, rows = desk.corrected(
        desk.row(quote, "type", "indirect", "mixed"),
        desk.row(quote, "illocution", "expressive", "assertive"),
    )
    assert statuses(rows) == ["applied", "applied"]
    after = quote_of(frames, rows[0])
    assert {name for name in after if after[name] != quote[name]} == {
        "quote_type",
        "illocution",
        "illocution_evidence",
    }
    assert (after["quote_type"], after["illocution"], after["illocution_evidence"]) == (
        "mixed",
        "assertive",
        None,
    )
    assert changed(desk, frames) == {"quotes"}


def test_topics_that_were_found_keep_their_evidence_and_others_have_none(desk: Desk) -> None:
    quote = desk.quote(NEIGHBOURS)
    assert quote["topics"] == "bilateral_relations; core_interests"
    frames, (row,) = desk.corrected(desk.row(quote, "topics", quote["topics"], "trade; core_interests"))
    after = quote_of(frames, row)
    assert (after["topic_primary"], after["topics"]) == ("trade", "trade; core_interests")
    assigned = frames["topic_assignments"].filter(quote_id=row["quote_id"]).sort("rank")
    shown = assigned.select("topic_id", "rank", "method", "evidence_text").rows()
    assert shown == [("trade", 1, "correction", None), ("core_interests", 2, "term", "sovereignty")]
    numbers = frames["topic_assignments"].filter(article_id=quote["article_id"])["assignment_no"].to_list()
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_cue_brings_lemma_class_polarity_and_the_speech_act(desk: Desk) -> None:
    quote = desk.quote(WIND)
    article = quote["article_id"]
    start, end = desk.place(article, "denounced")
    frames, (row,) = desk.corrected(desk.row(quote, "cue", "said", f"{start}-{end}"))
    after = quote_of(frames, row)
    assert (after["cue"], after["cue_lemma"]) == ("denounced", "denounce")
    assert (after["cue_class"], after["cue_polarity"], after["illocution"]) == (
        "expressive_negative",
        -1,
        "expressive",
    )
    spans = frames["quote_spans"].filter(quote_id=row["quote_id"], span_role="cue")
    assert spans.select("char_start", "char_end", "span_text").rows() == [(start, end, "denounced")]


def test_a_false_quote_goes_with_all_that_hangs_on_it(desk: Desk) -> None:
    quote = desk.quote(POWER)
    frames, (row,) = desk.corrected(desk.row(quote, "not_a_quote", quote["quote_text"]))
    assert (row["status"], row["quote_id"], row["found_quote_id"]) == ("applied", None, quote["quote_id"])
    for table in ("quotes", "quote_spans", "quote_speakers", "topic_assignments"):
        assert quote["quote_id"] not in frames[table]["quote_id"].to_list()
    here = frames["quotes"].filter(article_id=quote["article_id"])
    assert here["quote_no"].to_list() == list(range(1, len(here) + 1))
    (n_quotes,) = frames["articles"].filter(article_id=quote["article_id"])["n_quotes"]
    assert n_quotes == len(here)


def test_what_stood_inside_a_false_quote_stands_by_itself(desk: Desk) -> None:
    inner = desk.frames["quotes"].filter(level=2).to_dicts()[0]
    (outer,) = desk.frames["quotes"].filter(quote_id=inner["parent_quote_id"]).to_dicts()
    frames, _ = desk.corrected(desk.row(outer, "not_a_quote"))
    (after,) = frames["quotes"].filter(quote_id=inner["quote_id"]).to_dicts()
    assert (after["level"], after["parent_quote_id"]) == (1, None)


def test_a_missed_quote_is_a_whole_row_in_its_place(desk: Desk) -> None:
    article = desk.quote(NEIGHBOURS)["article_id"]
    start, end = desk.place(article, "each other's sovereignty")
    cue = desk.place(article, "agreed")
    frames, (row,) = desk.corrected(
        {
            "raw_sha256": desk.hashes[article],
            "char_start": start,
            "char_end": end,
            "what": "new_quote",
            "new_value": f"Ilsa Brannick | | {cue[0]}-{cue[1]}",
        }
    )
    assert (row["status"], row["found_quote_id"], row["overlap"]) == ("applied", None, None)
    after = quote_of(frames, row)
    (around,) = frames["quotes"].filter(quote_id=after["parent_quote_id"]).to_dicts()
    assert around["quote_text"].startswith(NEIGHBOURS)
    wanted = {
        "quote_text": "each other's sovereignty",
        "quote_type": "indirect",
        "region": "body",
        "level": 2,
        "quote_no": around["quote_no"] + 1,
        "n_spans": 1,
        "verbatim_share": 0.0,
        "cue": "agreed",
        "cue_lemma": "agree",
        "source_form": "none",
        "source_mention": None,
        "speaker_id": "ilsa_brannick",
        "speaker_role": "Prime Minister",
        "resolution": "correction",
        "illocution": "commissive",
        "confidence": None,
        "extractor": "correction",
    }
    assert {name: after[name] for name in wanted} == wanted
    roles = frames["quote_spans"].filter(quote_id=row["quote_id"])["span_role"].to_list()
    assert roles == ["content", "cue"]
    (n_quotes,) = frames["articles"].filter(article_id=article)["n_quotes"]
    assert n_quotes == len(desk.frames["quotes"].filter(article_id=article)) + 1


def test_an_added_quote_can_be_corrected_further_by_its_own_offsets(desk: Desk) -> None:
    article = desk.quote(NEIGHBOURS)["article_id"]
    start, end = desk.place(article, "each other's sovereignty")
    missed = {"raw_sha256": desk.hashes[article], "char_start": start, "char_end": end}
    frames, rows = desk.corrected(
        missed | {"what": "new_quote", "new_value": "Ilsa Brannick"},
        missed | {"what": "topics", "new_value": "trade"},
    )
    assert statuses(rows) == ["applied", "applied"]
    assert rows[0]["quote_id"] == rows[1]["quote_id"]
    assert quote_of(frames, rows[1])["topics"] == "trade"


def test_a_date_brings_the_event_the_roles_and_the_days_of_saying(desk: Desk) -> None:
    article = desk.quote(NEIGHBOURS)["article_id"]
    row = {"raw_sha256": desk.hashes[article], "what": "article_date"}
    frames, (told,) = desk.corrected(row | {"old_value": "2024-03-12", "new_value": "1999-05-12"})
    assert (told["status"], told["found_value"], told["article_id"]) == ("applied", "2024-03-12", article)
    (after,) = frames["articles"].filter(article_id=article).to_dicts()
    wanted = {
        "published_date": date(1999, 5, 12),
        "published_edtf": "1999-05-12",
        "published_precision": "day",
        "published_basis": "correction",
        "published_evidence": None,
        "analysis_date": date(1999, 5, 12),
        "analysis_date_basis": "correction",
        "analysis_date_imputed": False,
        "event_id": None,
    }
    assert {name: after[name] for name in wanted} == wanted
    quotes = frames["quotes"].filter(article_id=article)
    assert "ostin_brannick_video_2024" not in quotes["event_id"].to_list()
    assert set(quotes.filter(speaker_id="velmar_ostin")["speaker_role"]) == {None}


@pytest.mark.parametrize(
    ("what", "old", "new", "status", "message"),
    [
        ("speaker", "ilsa_brannick", "tamsel_rook", "stale", "the dataset says velmar_ostin, not old_value"),
        ("speaker", "", "ilsa_brannick", "stale", "the dataset says velmar_ostin"),
        ("speaker", "ilsa_brannick", "Velmar Ostin", "already_right", "the dataset says so by itself"),
        ("speaker", "velmar_ostin", "ostin:x", "invalid", "'ostin:x' is no speaker of this article"),
        ("speaker", "velmar_ostin", "=1+1;=1+1", "invalid", "the same speaker is named twice"),
        ("speaker", "velmar_ostin", "…", "invalid", "is no name of at most 200 letters"),
        ("topics", "trade", "climate", "stale", "the dataset says bilateral_relations; core_interests"),
        ("topics", "", "weather", "invalid", "topic 'weather' stands nowhere in topics.csv"),
        ("type", "mixed", "direct", "stale", "the dataset says indirect"),
        ("boundary", "0-5", "1-9", "stale", "the dataset says 573-645"),
        ("boundary", "", "1-99999", "invalid", "1-99999 is no place in the article"),
        ("not_a_quote", "other words", "", "stale", "the words there are others than old_value"),
    ],
)
def test_what_does_not_apply_is_told_and_changes_nothing(
    desk: Desk, what: str, old: str, new: str, status: str, message: str
) -> None:
    frames, (row,) = desk.corrected(desk.row(desk.quote(NEIGHBOURS), what, old, new))
    assert row["status"] == status
    assert message in row["message"]
    assert changed(desk, frames) == set()


@pytest.mark.parametrize(
    ("cells", "status", "message"),
    [
        ({"raw_sha256": 64 * "0"}, "unbound", "no raw file has this raw_sha256"),
        ({"char_end": 99_999}, "invalid", "char_end is 99999: the raw file has 2082 characters"),
        ({"char_start": 0, "char_end": 5}, "unbound", "no quote stands there"),
        ({"char_start": 643, "char_end": 700, "what": "type"}, "already_right", "by itself"),
        ({"char_start": 573, "char_end": 600}, "unbound", "too little in common (0.38, 0.5 is needed)"),
        ({"char_start": 573, "char_end": 699}, "applied", None),
    ],
)
def test_where_a_correction_is_bound(desk: Desk, cells: dict[str, Any], status: str, message: str) -> None:
    quote = desk.quote(NEIGHBOURS)
    given = desk.row(quote, "type", "indirect", "direct") | cells
    _, (row,) = desk.corrected(given)
    assert row["status"] == status
    assert message is None or message in row["message"]


def test_contradictions_are_not_applied_and_agreement_is(desk: Desk) -> None:
    quote, other, third = desk.quote(NEIGHBOURS), desk.quote(BRIDGE), desk.quote(BARGES)
    frames, rows = desk.corrected(
        desk.row(quote, "speaker", "velmar_ostin", "ilsa_brannick"),
        desk.row(quote, "speaker", "velmar_ostin", "tamsel_rook"),
        desk.row(quote, "type", "indirect", "mixed"),
        desk.row(other, "not_a_quote"),
        desk.row(other, "type", "direct", "mixed"),
        desk.row(third, "topics", "", "trade; climate; energy_nuclear"),
        desk.row(third, "topics", "", "trade; energy_nuclear; climate") | {"coder": "L. M."},
    )
    assert statuses(rows) == ["conflict", "conflict", "applied", "conflict", "conflict", "applied", "applied"]
    assert quote_of(frames, rows[0])["speaker_id"] == "velmar_ostin"
    assert quote_of(frames, rows[3])["quote_type"] == "direct"
    assert quote_of(frames, rows[5])["topic_primary"] == "trade"


def test_two_quotes_never_get_the_same_words(desk: Desk) -> None:
    one, other = desk.quote(NEIGHBOURS), desk.quote(BRIDGE)
    place = f"{other['char_start']}-{other['char_end']}"
    _, rows = desk.corrected(desk.row(one, "boundary", "", place))
    assert statuses(rows) == ["conflict"]
    assert "another quote would have the same words" in rows[0]["message"]
    # When the other one is taken out, the words are free.
    _, rows = desk.corrected(desk.row(one, "boundary", "", place), desk.row(other, "not_a_quote"))
    assert statuses(rows) == ["applied", "applied"]
    assert rows[0]["quote_id"] == other["quote_id"]


def test_a_quote_is_parted_by_taking_it_out_and_adding_its_parts(desk: Desk) -> None:
    quote = desk.quote("Each country must choose its own path. No lecture can")
    article = quote["article_id"]
    rows = [desk.row(quote, "not_a_quote")]
    for words in ("Each country must choose its own path.", "No lecture can replace the will of a people"):
        start, end = desk.place(article, words)
        rows.append(desk.row(quote, "new_quote", "", "Velmar Ostin") | {"char_start": start, "char_end": end})
    frames, told = desk.corrected(*rows)
    assert statuses(told) == ["applied", "applied", "applied"]
    texts = [quote_of(frames, row)["quote_text"] for row in told[1:]]
    assert texts == ["Each country must choose its own path.", "No lecture can replace the will of a people"]


def test_a_missed_quote_that_is_there_is_compared(desk: Desk) -> None:
    quote = desk.quote(NEIGHBOURS)
    rows = [
        desk.row(quote, "new_quote", "", "velmar_ostin | indirect"),
        desk.row(desk.quote(BRIDGE), "new_quote", "", "ilsa_brannick"),
        desk.row(desk.quote(BARGES), "new_quote", "", "ilsa_brannick | direct"),
    ]
    frames, told = desk.corrected(*rows)
    assert statuses(told) == ["already_right", "stale", "stale"]
    assert "with another speaker" in told[1]["message"]
    assert "with another type" in told[2]["message"]
    assert changed(desk, frames) == set()


def test_one_says_missed_and_one_says_none(desk: Desk) -> None:
    article = desk.quote(NEIGHBOURS)["article_id"]
    start, end = desk.place(article, "each other's sovereignty")
    row = {"raw_sha256": desk.hashes[article], "char_start": start, "char_end": end}
    _, told = desk.corrected(
        row | {"what": "new_quote", "new_value": "ilsa_brannick"}, row | {"what": "not_a_quote"}
    )
    assert statuses(told) == ["conflict", "conflict"]


def test_order_number_and_repetition_make_no_difference(desk: Desk) -> None:
    quotes = desk.frames["quotes"].filter(n_speakers=1).to_dicts()
    rows = [desk.row(one, "speaker", one["speaker_id"], "Oren Tull") for one in quotes[::3]]
    rows += [desk.row(one, "not_a_quote") for one in quotes[1::3]]
    rows += [desk.row(one, "topics", one["topics"] or "", "trade") for one in quotes[2::3]]
    straight, told = desk.corrected(*rows)
    turned, told_turned = desk.corrected(*reversed(rows), *rows)
    assert all(straight[table].equals(turned[table]) for table in straight)
    assert statuses(told) == statuses(told_turned[len(rows) :])
    assert set(statuses(told)) <= {"applied", "already_right"}


def test_applied_to_what_it_made_it_is_already_right(desk: Desk) -> None:
    rows = [
        desk.row(desk.quote(NEIGHBOURS), "speaker", "velmar_ostin", "Oren Tull"),
        desk.row(desk.quote(BRIDGE), "not_a_quote"),
        desk.row(desk.quote(BARGES), "topics", "", "trade"),
        desk.row(desk.quote(STORM), "type", "indirect", "mixed"),
        desk.row(desk.quote(POWER), "new_quote", "", "velmar_ostin"),
    ]
    once, _ = desk.corrected(*rows)
    twice, outcomes = apply_corrections(once, read_sheet(as_csv(rows)).corrections, AUTHORITY, VERSION)
    assert all(once[table].equals(twice[table]) for table in once)
    assert set(outcomes["status"]) == {"already_right"}


def test_a_fault_of_ours_is_told_at_its_rows_and_stops_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.corrections import apply

    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(apply, "correct_file", broken)
    frames, (row,) = desk.corrected(desk.row(desk.quote(STORM), "type", "indirect", "mixed"))
    assert (row["status"], row["message"]) == (
        "invalid",
        "the pipeline failed on it (RuntimeError): please report it",
    )
    assert changed(desk, frames) == set()


def test_too_many_corrections_of_one_file_are_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.corrections import decisions

    monkeypatch.setattr(decisions, "MOST_OF_A_FILE", 1)
    quote = desk.quote(STORM)
    _, rows = desk.corrected(
        desk.row(quote, "type", "indirect", "mixed"), desk.row(quote, "topics", "", "trade")
    )
    assert statuses(rows) == ["invalid", "invalid"]
