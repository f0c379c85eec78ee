"""Files of the cache and of the dataset that are truncated, emptied, overwritten or lost."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import parts, raw_files, storage
from tests.faults.survival import (
    GOOD,
    MORE,
    NOTICE,
    assert_next_build_is_clean,
    assert_told,
    assert_whole,
)
from tests.workshop import Workshop


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    """Change one byte in the middle, as a bad disk does."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def flip_everything(path: Path) -> None:
    path.write_bytes(bytes(byte ^ 255 for byte in path.read_bytes()))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "truncated": truncate,
    "emptied": empty,
    "a bit": flip,
    "all": flip_everything,
    "lost": Path.unlink,
}
# In the cache: the notes and tables of parts of each stage, those of segments, and what the build remembers.
PLACES = [
    "parts/articles/*/*/part.json",
    "parts/articles/*/*/articles.parquet",
    "parts/articles/*/*/article_text.parquet",
    "parts/articles/*/*/readings.parquet",
    "parts/articles/*/*/signatures.parquet",
    "parts/quotes/*/*/part.json",
    "parts/quotes/*/*/quotes.parquet",
    "parts/topics/*/*/part.json",
    "parts/topics/*/*/topic_assignments.parquet",
    "parts/segments/*/*/part.json",
    "parts/segments/*/*/quotes.parquet",
    "parts/segments/*/*/readings.parquet",
    "parts/segments/*/*/signatures.parquet",
    "parts/segments/*/*/noted.parquet",
    "parts/pairs/*/*/part.json",
    "parts/pairs/*/*/shares.parquet",
    "parts/pages/*/*/part.json",
    "parts/pages/*/*/said.parquet",
    "parts/pages/*/*/pages.parquet",
    "published.json",
    "scan.json",
]
# `make test` takes each place and each damage, `make faults` each with each.
CASES = [
    pytest.param(
        place, damage, marks=() if number % len(DAMAGES) == n_place % len(DAMAGES) else pytest.mark.long_fault
    )
    for n_place, place in enumerate(PLACES)
    for number, damage in enumerate(DAMAGES)
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A dataset of two articles that are alike enough to be compared."""
    folder = tmp_path_factory.mktemp("built") / "shop"
    shop = Workshop(folder)
    shop.write(good=20 * GOOD, more=20 * GOOD + MORE)
    assert shop.build() == 0
    yield folder


@pytest.fixture
def shop(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    shop = Workshop(tmp_path / "shop")
    shutil.copytree(built, tmp_path / "shop", symlinks=True, dirs_exist_ok=True)
    # The copies are remembered by the scan too, young as they are.
    monkeypatch.setattr(raw_files, "_YOUNG_NS", -(10**12))
    assert shop.build() == 0
    return shop


def content(shop: Workshop, place: str) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in shop.cache.glob(place)}


def hurt(shop: Workshop, place: str, damage: str) -> dict[Path, bytes]:
    """Damage these files and return what they hold now."""
    found = content(shop, place)
    assert found
    for path in found:
        DAMAGES[damage](path)
    return content(shop, place)


@pytest.mark.parametrize(("place", "damage"), CASES)
def test_a_damaged_file_of_the_cache_is_made_again(
    shop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, damage: str
) -> None:
    before = shop.bytes()
    damaged = hurt(shop, place, damage)
    # Nothing is new, so that segments are read; then something is, so that parts are.
    (shop.cache / "published.json").unlink(missing_ok=True)
    assert shop.build() == 0
    assert_whole(shop, before)
    if content(shop, place) != damaged:
        hurt(shop, place, damage)
    shop.write(notice=NOTICE)
    assert_next_build_is_clean(shop, tmp_path)
    assert_told(capsys.readouterr().err)


def test_a_part_that_is_damaged_again_and_again_is_told(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, read = shop.bytes(), parts.read
    shop.write(notice=NOTICE)
    with monkeypatch.context() as patch:
        patch.setattr(parts, "read", lambda part, table: None if table == "noted" else read(part, table))
        assert shop.build() == 1
    assert_told(capsys.readouterr().err, "damaged again", "look at the disk")
    assert_whole(shop, before)
    assert_next_build_is_clean(shop, tmp_path)


@pytest.mark.parametrize(
    "lost",
    [
        ".current",
        ".current/quotes.parquet",
        pytest.param(".releases", marks=pytest.mark.long_fault),
        pytest.param(".lock", marks=pytest.mark.long_fault),
        pytest.param("quotes.parquet", marks=pytest.mark.long_fault),
        pytest.param("reports", marks=pytest.mark.long_fault),
    ],
)
def test_a_lost_file_of_the_dataset_comes_back(shop: Workshop, tmp_path: Path, lost: str) -> None:
    before = shop.bytes()
    storage.remove(shop.processed / lost)
    assert shop.build() == 0
    assert_whole(shop, before)
    shop.write(notice=NOTICE)
    assert_next_build_is_clean(shop, tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "truncated",
        "a bit",
        pytest.param("emptied", marks=pytest.mark.long_fault),
        pytest.param("all", marks=pytest.mark.long_fault),
    ],
)
def test_a_damaged_file_of_the_dataset_is_published_again(
    shop: Workshop, tmp_path: Path, damage: str
) -> None:
    before = shop.bytes()
    DAMAGES[damage](shop.processed / "quotes.parquet")
    # What kept its size shows when it is read again.
    assert shop.build("--check") == 0
    assert_whole(shop, before)
    assert_next_build_is_clean(shop, tmp_path)
