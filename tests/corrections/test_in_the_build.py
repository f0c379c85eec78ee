"""Corrections in a build: they cost what they touch, and a file that cannot be read stops nothing."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline import segments
from pipeline.raw_files import CORRECTIONS
from pipeline.stages import code_fingerprint
from tests.corrections.desk import as_csv
from tests.workshop import Workshop

VOSS = "Premier Ila Voss said the harbour will open in spring. She called for talks on energy cooperation.\n"
TULL = "“We had no choice,” said Oren Tull, head of the pilots' guild. Tull added that fees could rise.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A dataset of two articles, each in a segment of its own. It is copied before it is built again."""
    shop = Workshop(tmp_path_factory.mktemp("built") / "shop")
    shop.write(voss=VOSS, tull=TULL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "_ARTICLES", 1)
        assert shop.build() == 0
    return shop


@pytest.fixture
def shop(built: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    monkeypatch.setattr(segments, "_ARTICLES", 1)
    copy = Workshop.__new__(Workshop)
    shutil.copytree(built.raw.parent, tmp_path / "shop", symlinks=True)
    copy.raw, copy.processed, copy.cache = (tmp_path / "shop" / n for n in ("raw", "processed", "cache"))
    return copy


def correct(shop: Workshop, *rows: Mapping[str, object]) -> None:
    (shop.raw / CORRECTIONS).write_bytes(as_csv(rows))


def row_of(shop: Workshop, words: str, what: str, old: str = "", new: str = "") -> dict[str, object]:
    (quote,) = (row for row in shop.table("quotes").to_dicts() if words in row["quote_text"])
    hashes = dict(shop.table("articles").select("article_id", "raw_sha256").iter_rows())
    place = {"raw_sha256": hashes[quote["article_id"]], "what": what, "old_value": old, "new_value": new}
    return place | {"char_start": quote["char_start"], "char_end": quote["char_end"]}


def kept(shop: Workshop) -> set[str]:
    """Return the segments that are kept."""
    return {path.relative_to(shop.cache).as_posix() for path in shop.cache.glob("parts/segments/*/*")}


def test_a_correction_makes_the_segment_of_its_article_anew_and_no_stage(shop: Workshop) -> None:
    before, n_published = kept(shop), shop.bytes()
    correct(shop, row_of(shop, "fees could rise", "illocution", "assertive", "commissive"))
    assert shop.build() == 0
    assert shop.report()["made"] == {"articles": 0, "quotes": 0, "topics": 0}
    assert len(before - kept(shop)) == len(kept(shop) - before) == 1
    (told,) = shop.table("corrections").to_dicts()
    assert told["status"] == "applied"
    assert shop.table("quotes").filter(quote_id=told["quote_id"])["illocution"].to_list() == ["commissive"]
    assert shop.sources()[CORRECTIONS]["status"] == "ok"
    assert shop.sources()[CORRECTIONS]["reason_code"] == "corrections"
    # Taken out again, the dataset is what it was.
    (shop.raw / CORRECTIONS).unlink()
    assert shop.build() == 0
    assert (kept(shop), shop.bytes()) == (before, n_published)


def test_a_row_that_moves_makes_no_segment_anew(shop: Workshop) -> None:
    one = row_of(shop, "fees could rise", "illocution", "assertive", "commissive")
    correct(shop, one)
    assert shop.build() == 0
    before = kept(shop)
    correct(shop, {"what": "nonsense"}, {"raw_sha256": 64 * "0"} | {"what": "not_a_quote"}, one)
    assert shop.build() == 0
    assert kept(shop) == before
    told = shop.table("corrections").select("line_no", "status").rows()
    assert told == [(2, "invalid"), (3, "invalid"), (4, "applied")]


def test_what_cannot_be_read_is_told_in_sources_and_report_and_the_rest_counts(shop: Workshop) -> None:
    good = row_of(shop, "fees could rise", "type", "indirect", "mixed")
    gone = good | {"raw_sha256": 64 * "0"}
    far = good | {"char_end": 99_999}
    correct(shop, good | {"what": "=cmd|' /C calc'!A0"}, good, gone, far)
    assert shop.build() == 0
    told = shop.table("corrections")
    assert told["status"].to_list() == ["invalid", "applied", "unbound", "invalid"]
    source = shop.sources()[CORRECTIONS]
    assert (source["status"], source["reason_code"]) == ("warning", "corrections; invalid_corrections")
    assert source["message"].startswith("corrections.csv, line 2: what is \"=cmd|' /C calc'!A0\"")
    assert "corrections.csv, line 5: char_end is 99999" in source["message"]
    report = shop.report()
    assert report["corrections"] == {"applied": 1, "unbound": 1, "invalid": 2}
    assert [row["line_no"] for row in report["corrections_to_look_at"]] == [2, 4, 5]
    page = (shop.processed / "reports" / "run_report.md").read_text(encoding="utf-8")
    assert "=cmd\\|' /C calc'!A0" in page
    assert "- unbound: 1" in page


def test_a_file_that_is_no_text_stops_nothing(shop: Workshop) -> None:
    (shop.raw / CORRECTIONS).write_bytes(b"\x00\xff" * 200)
    assert shop.build() == 0
    assert shop.sources()[CORRECTIONS]["status"] == "warning"
    assert len(shop.table("quotes")) > 0


def test_without_corrections_there_is_an_empty_table_and_nothing_in_the_report(shop: Workshop) -> None:
    assert shop.table("corrections").is_empty()
    assert shop.report()["corrections"] == {}
    assert "Corrections" not in (shop.processed / "reports" / "run_report.md").read_text(encoding="utf-8")


def test_the_code_that_corrects_is_part_of_what_publishes_and_of_no_stage() -> None:
    def reads(*names: str) -> bool:
        return code_fingerprint(*names) != code_fingerprint(*names, without=("pipeline.corrections.apply",))

    assert reads("pipeline.publish", "pipeline.combine", "pipeline.build")
    assert not reads("pipeline.shards")
