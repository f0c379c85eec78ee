"""Raw files that change between the look at the raw folder and the moment they are read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import build, parts, raw_files, segments, stages
from pipeline.progress import Progress
from tests.faults.survival import (
    GOOD,
    MORE,
    NOTICE,
    assert_next_build_is_clean,
    assert_told,
    assert_whole,
)
from tests.workshop import Workshop

MANIFEST = "path,outlet,notes\ngood.txt,ardesk_post,{}\n"
OUTLETS = "outlet_id,name,kind,country,ownership\nardesk_post,{},newspaper,XAR,private\n"
Change = Callable[[Path], object]


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A dataset of one article whose raw folder has got another one, with all files that steer a build."""
    shop = Workshop(tmp_path / "shop")
    shop.write(good=GOOD)
    (shop.raw / "authority").mkdir()
    (shop.raw / "authority" / "outlets.csv").write_text(OUTLETS.format("Ardesk Post"))
    (shop.raw / "manifest.csv").write_text(MANIFEST.format("one"))
    assert shop.build() == 0
    shop.write(more=MORE)
    return shop


def change_after_the_look(patch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    look = build.look

    def look_and_change(options: build.Options, progress: Progress) -> tuple[raw_files.Scan, str]:
        found = look(options, progress)
        patch.undo()
        change()
        return found

    patch.setattr(build, "look", look_and_change)


def put(name: str, content: str) -> Change:
    def change(raw: Path) -> None:
        # As programs replace files: aside, then renamed.
        (raw / f"{name}.partial").write_text(content, encoding="utf-8")
        (raw / f"{name}.partial").rename(raw / name)

    return change


def pipe(raw: Path) -> None:
    (raw / "more.txt").unlink()
    os.mkfifo(raw / "more.txt")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (put("more.txt", NOTICE), "changed"),
        (lambda raw: (raw / "more.txt").unlink(), "vanished"),
        (pipe, "changed"),
        pytest.param(put("more.txt", MORE.replace("Oren", "Orin")), "changed", marks=pytest.mark.long_fault),
        pytest.param(lambda raw: (raw / "more.txt").write_text(""), "changed", marks=pytest.mark.long_fault),
    ],
    ids=["other text", "removed", "a pipe", "same size", "emptied"],
)
def test_a_new_file_that_changed_is_left_out_with_the_reason(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, reason: str
) -> None:
    change_after_the_look(monkeypatch, lambda: change(shop.raw))
    assert shop.build() == 0
    row = shop.sources()["more.txt"]
    assert (row["status"], row["reason_code"], row["n_articles"]) == ("quarantined", reason, 0)
    assert len(shop.table("articles")) == 1
    assert_next_build_is_clean(shop, tmp_path)


def test_a_changed_file_of_the_old_dataset_that_changed_once_more_is_left_out(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write(good=NOTICE)
    change_after_the_look(monkeypatch, lambda: shop.write(good=GOOD))
    assert shop.build() == 0
    assert shop.sources()["good.txt"]["reason_code"] == "changed"
    assert shop.table("articles")["raw_path"].to_list() == ["more.txt"]
    assert_next_build_is_clean(shop, tmp_path)


def test_a_file_that_arrives_after_the_look_is_taken_in_by_the_next_build(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_after_the_look(monkeypatch, lambda: shop.write(notice=NOTICE))
    assert shop.build() == 0
    assert "notice.txt" not in shop.sources()
    assert_next_build_is_clean(shop, tmp_path)
    assert shop.sources()["notice.txt"]["status"] == "ok"


def test_a_copy_whose_twin_changed_is_told_and_comes_back(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write(other=MORE)
    change_after_the_look(monkeypatch, lambda: shop.write(more=NOTICE))
    assert shop.build() == 0
    told = shop.sources()
    assert [told[name]["reason_code"] for name in ("more.txt", "other.txt")] == ["changed", "changed"]
    assert_next_build_is_clean(shop, tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("manifest.csv", MANIFEST.format("two")), ("authority/outlets.csv", OUTLETS.format("Ardesk Courier"))],
)
@pytest.mark.parametrize(
    ("removed", "restored"),
    [
        (False, True),
        pytest.param(True, False, marks=pytest.mark.long_fault),
        pytest.param(False, False, marks=pytest.mark.long_fault),
        pytest.param(True, True, marks=pytest.mark.long_fault),
    ],
)
def test_a_file_that_steers_the_build_and_changed_stops_it(
    shop: Workshop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: str,
    removed: bool,
    restored: bool,
) -> None:
    before, first = shop.bytes(), (shop.raw / name).read_text()
    change_after_the_look(
        monkeypatch, lambda: (shop.raw / name).unlink() if removed else put(name, content)(shop.raw)
    )
    assert shop.build() == 1
    assert_told(capsys.readouterr().err, f"{name} changed during the build", "build again")
    assert_whole(shop, before)
    if restored:
        put(name, first)(shop.raw)
    assert_next_build_is_clean(shop, tmp_path)


def test_an_authority_file_that_changed_while_files_are_read_stops_the_build(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, outlets = shop.bytes(), shop.raw / "authority" / "outlets.csv"
    fingerprint = stages.tables_fingerprint

    def then_change(folders: tuple[Path, ...]) -> str:
        found = fingerprint(folders)
        outlets.write_text(OUTLETS.format("Ardesk Courier"))
        return found

    # So that the tables are loaded now, as in a worker of its own.
    outlets.write_text(OUTLETS.format("Ardesk Gazette"))
    monkeypatch.setattr("pipeline.build.tables_fingerprint", then_change)
    assert shop.build() == 1
    monkeypatch.undo()
    assert_told(capsys.readouterr().err, "a codebook or authority file", "changed during the build")
    assert_whole(shop, before)
    outlets.write_text(OUTLETS.format("Ardesk Gazette"))
    assert_next_build_is_clean(shop, tmp_path)


def test_a_file_that_changed_while_its_damaged_part_is_made_again_is_left_out(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shop.build() == 0
    shop.write(notice=NOTICE)
    build_segment = segments.build_segment

    def damage_and_change(task: segments.SegmentTask) -> parts.Part:
        monkeypatch.undo()
        for shard in task.shards:
            if any("good" in path for sha, path in task.paths.items() if sha[:2] == shard.shard):
                (shard.folders["articles"] / "blocks.parquet").unlink()
        shop.write(good=GOOD + MORE)
        return build_segment(task)

    monkeypatch.setattr("pipeline.combine.build_segment", damage_and_change)
    assert shop.build() == 0
    assert shop.sources()["good.txt"]["reason_code"] == "changed"
    assert sorted(shop.table("articles")["raw_path"]) == ["more.txt", "notice.txt"]
    assert_next_build_is_clean(shop, tmp_path)
