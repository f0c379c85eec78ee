"""A clock that is set back or jumps: no change is missed, and no build fails."""

import os
import time
from pathlib import Path

import pytest

from tests.faults.survival import GOOD, MORE, NOTICE, assert_next_build_is_clean
from tests.workshop import Workshop

HOUR = 3_600
YEAR = 8_766 * HOUR


def set_clock(patch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let every further look at the clock be so many seconds off."""
    now, now_ns = time.time, time.time_ns
    patch.setattr(time, "time", lambda: now() + seconds)
    patch.setattr(time, "time_ns", lambda: now_ns() + seconds * 10**9)


def date_all(folder: Path, seconds: int) -> None:
    """Give every file under a folder a time so many seconds from now."""
    then = time.time() + seconds
    for path in folder.rglob("*"):
        os.utime(path, (then, then), follow_symlinks=False)


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    shop = Workshop(tmp_path / "shop")
    shop.write(good=GOOD, more=MORE)
    return shop


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (0, -HOUR),
        (YEAR, 0),
        pytest.param(0, 0, marks=pytest.mark.long_fault),
        pytest.param(0, -40 * YEAR, marks=pytest.mark.long_fault),
        pytest.param(HOUR, -HOUR, marks=pytest.mark.long_fault),
        pytest.param(YEAR, -40 * YEAR, marks=pytest.mark.long_fault),
    ],
)
def test_no_change_is_missed_when_the_clock_jumps_between_builds(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int, then: int
) -> None:
    with monkeypatch.context() as patch:
        set_clock(patch, first)
        assert shop.build() == 0
    with monkeypatch.context() as patch:
        set_clock(patch, then)
        # Of the same length, with the time that it had: neither size nor date tells.
        old = (shop.raw / "good.txt").stat()
        shop.write(good=GOOD.replace("spring", "autumn"))
        os.utime(shop.raw / "good.txt", ns=(old.st_atime_ns, old.st_mtime_ns))
        assert (shop.raw / "good.txt").stat().st_size == old.st_size
        assert_next_build_is_clean(shop, tmp_path)
    assert "in autumn" in "".join(shop.table("quotes")["quote_text"])
    assert shop.report()["seconds"] >= 0


@pytest.mark.parametrize(
    ("folder", "seconds"),
    [
        ("raw", YEAR),
        ("cache", YEAR),
        pytest.param("processed", YEAR, marks=pytest.mark.long_fault),
        pytest.param("raw", -60 * YEAR, marks=pytest.mark.long_fault),
        pytest.param("cache", -60 * YEAR, marks=pytest.mark.long_fault),
        pytest.param("processed", -60 * YEAR, marks=pytest.mark.long_fault),
    ],
)
def test_files_from_the_future_or_before_1970_are_taken_as_they_are(
    shop: Workshop, tmp_path: Path, folder: str, seconds: int
) -> None:
    assert shop.build() == 0
    shop.write(notice=NOTICE)
    date_all(getattr(shop, folder), seconds)
    assert_next_build_is_clean(shop, tmp_path)
    assert len(shop.table("articles")) == 3
    (shop.raw / "more.txt").unlink()
    shop.write(good=NOTICE)
    date_all(getattr(shop, folder), seconds)
    assert_next_build_is_clean(shop, tmp_path)
    assert len(shop.table("articles")) == 1
