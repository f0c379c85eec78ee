"""Segments: neighbouring shards in published form, made again only when something in them changed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import parts, segments
from pipeline.segments import SegmentTask, kept_folder, segment_tasks
from pipeline.shards import ShardResult
from tests.workshop import Workshop

VOSS = "Premier Ila Voss said the harbour will open in spring. She called for talks on energy cooperation.\n"
TULL = "“We had no choice,” said Oren Tull, head of the pilots' guild. Tull added that fees could rise.\n"
NOTICE = "According to the weather office, the ice will hold until March.\n"


def result(shard: str, mark: str = "a") -> ShardResult:
    folders = {stage: Path("cache") / stage / f"{shard}{mark}" for stage in ("articles", "quotes", "topics")}
    return ShardResult(shard, folders)


def tasks(hashes: list[str], fingerprint: str = "f", mark: str = "a") -> list[SegmentTask]:
    return segment_tasks(
        [result(shard, mark) for shard in {one[:2] for one in hashes}],
        {one: f"{one}.txt" for one in hashes},
        cache=Path("cache"),
        extra_authority=None,
        reference_version="r",
        fingerprint=fingerprint,
    )


def hashes_of(count: int) -> list[str]:
    return [f"{n % 256:02x}{n:062x}" for n in range(count)]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, 0),
        (1, 1),
        (512, 1),
        (513, 2),
        (1_024, 2),
        (1_025, 4),
        (10_000, 32),
        (100_000, 256),
        (300_000, 256),
    ],
)
def test_there_are_so_many_segments_as_powers_of_two_at_most_one_a_shard(count: int, expected: int) -> None:
    found = tasks(hashes_of(count))
    assert len(found) == expected
    assert sum(len(task.paths) for task in found) == count


@given(st.lists(st.text("0123456789abcdef", min_size=6, max_size=6), unique=True, max_size=60))
def test_segments_hold_every_shard_and_every_path_once_in_order(starts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segments, "_ARTICLES", 4)
        hashes = [start + 58 * "0" for start in starts]
        found = tasks(hashes)
    shards = [shard.shard for task in found for shard in task.shards]
    assert shards == sorted({one[:2] for one in hashes})
    assert sorted(path for task in found for path in task.paths) == sorted(hashes)
    for task in found:
        first, last = task.name.split("-")
        assert all(first <= shard.shard <= last for shard in task.shards)
        assert all(first <= one[:2] <= last for one in task.paths)


def test_the_key_is_that_of_the_parts_the_paths_and_the_code() -> None:
    hashes = hashes_of(3)
    (task,) = tasks(hashes)
    assert kept_folder(tasks(list(reversed(hashes)))[0]) == kept_folder(task)
    changed = [tasks(hashes[:2])[0], tasks(hashes, fingerprint="g")[0], tasks(hashes, mark="b")[0]]
    assert kept_folder(task) not in [kept_folder(one) for one in changed]


def kept(shop: Workshop) -> dict[str, int]:
    """Return the segments by their place, with the moment at which each was written."""
    found = sorted(shop.cache.glob("parts/segments/*/*"))
    return {path.relative_to(shop.cache).as_posix(): path.stat().st_mtime_ns for path in found}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A dataset of two articles, each in a segment of its own."""
    monkeypatch.setattr(segments, "_ARTICLES", 1)
    shop = Workshop(tmp_path / "shop")
    shop.write(voss=VOSS, tull=TULL)
    assert shop.build() == 0
    assert len(kept(shop)) == 2
    return shop


def test_one_new_file_makes_one_segment_and_the_bytes_of_a_clean_build(
    shop: Workshop, tmp_path: Path
) -> None:
    before = kept(shop)
    # Of the same content: nothing is extracted, but the path of its article moves.
    shop.write(aa=TULL)
    assert shop.build() == 0
    assert len(before.keys() & kept(shop).keys()) == 1
    assert {place: before[place] for place in before.keys() & kept(shop).keys()}.items() <= kept(shop).items()
    clean = Workshop(tmp_path / "clean")
    clean.write(voss=VOSS, tull=TULL, aa=TULL)
    assert clean.build() == 0
    assert shop.bytes() == clean.bytes()
    assert shop.report()["rows"] == clean.report()["rows"]
    assert shop.report()["unresolved_speakers"] == clean.report()["unresolved_speakers"]


def test_a_corpus_that_grew_has_the_bytes_of_a_clean_build(shop: Workshop, tmp_path: Path) -> None:
    shop.write(notice=NOTICE)
    assert shop.build() == 0
    clean = Workshop(tmp_path / "clean")
    clean.write(voss=VOSS, tull=TULL, notice=NOTICE)
    assert clean.build() == 0
    assert shop.bytes() == clean.bytes()


@pytest.mark.parametrize("table", ["quotes", "readings", "noted"])
def test_a_damaged_segment_is_made_again(shop: Workshop, table: str) -> None:
    before = shop.bytes()
    for path in shop.cache.glob(f"parts/segments/*/*/{table}.parquet"):
        path.write_bytes(path.read_bytes()[:-9] + b"damage!!!")
    (shop.cache / "published.json").unlink()
    assert shop.build() == 0
    assert shop.bytes() == before


def test_a_segment_that_is_not_in_use_is_removed(shop: Workshop) -> None:
    parts.save(shop.cache, "segments", "00-ff", {"old": "key"}, {})
    (shop.raw / "voss.txt").unlink()
    assert shop.build() == 0
    assert len(kept(shop)) == 1
