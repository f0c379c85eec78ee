"""The reading page as builds make it: part of the release, mended with it, the same as from nothing."""

from pathlib import Path

import pytest

from pipeline import storage
from tests.faults.survival import GOOD, NOTICE, assert_next_build_is_clean, assert_whole
from tests.workshop import Workshop


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    found = Workshop(tmp_path / "shop")
    found.write(good=GOOD)
    assert found.build() == 0
    return found


def page_of(shop: Workshop) -> Path:
    [page] = (shop.processed / "report" / "documents").glob("*.html")
    return page


def test_pages_of_documents_that_did_not_change_are_linked(shop: Workshop, tmp_path: Path) -> None:
    inode = page_of(shop).stat().st_ino
    shop.write(notice=NOTICE)
    before = {path.name for path in (shop.processed / "report" / "documents").iterdir()}
    assert_next_build_is_clean(shop, tmp_path)
    after = {path.name: path.stat().st_ino for path in (shop.processed / "report" / "documents").iterdir()}
    assert inode in after.values()
    assert len(after) == len(before) + 1


@pytest.mark.parametrize("lost", ["report", "report/index.html", "report/documents"])
def test_what_is_lost_comes_back(shop: Workshop, lost: str) -> None:
    before = shop.bytes()
    storage.remove(shop.processed / lost)
    assert shop.build() == 0
    assert_whole(shop, before)


def test_a_page_that_kept_its_size_is_mended_by_a_check(shop: Workshop, tmp_path: Path) -> None:
    before = shop.bytes()
    page = page_of(shop)
    page.write_bytes(page.read_bytes()[:-2] + b"X\n")
    assert shop.build("--check") == 0
    assert_whole(shop, before)
    page.write_bytes(page.read_bytes()[:-2] + b"X\n")
    shop.write(notice=NOTICE)
    assert_next_build_is_clean(shop, tmp_path)


def test_the_bytes_do_not_depend_on_the_cache(shop: Workshop) -> None:
    shop.write(notice=NOTICE)
    assert shop.build() == 0
    before = shop.bytes()
    storage.remove(shop.cache)
    assert shop.build() == 0
    assert shop.bytes() == before
