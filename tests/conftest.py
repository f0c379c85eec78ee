"""Shared fixtures, and the rule that no test is skipped without a reason that somebody wrote down."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"
ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips.txt")

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_skipped: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-faults", action="store_true", help="also those that `make test` leaves out")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long_fault: runs with --all-faults only, as `make faults` does")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--all-faults"):
        left_out = [item for item in items if item.get_closest_marker("long_fault")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def sample_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of `raw/`, built once for all tests that only read it."""
    from tests.workshop import Workshop

    shop = Workshop(tmp_path_factory.mktemp("sample"))
    shutil.copytree(PROJECT / "raw", shop.raw, dirs_exist_ok=True)
    assert shop.build() == 0
    return shop.processed


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium. Ended with the module: while it is open, nothing else can run an event loop here."""
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium in /usr/bin, which is not here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real raw files and gold answers; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared (real raw files and gold answers), which is not here")
    return SHARED


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):
        _skipped.append(report.longrepr[2].removeprefix("Skipped: "))


def pytest_sessionfinish(session: pytest.Session) -> None:
    allowed = {line.split(" #")[0].strip() for line in ALLOWED_SKIPS.read_text().splitlines()}
    unknown = sorted(set(_skipped) - allowed)
    if unknown and os.environ.get("FAIL_ON_SKIPS"):
        for reason in unknown:
            print(f"\nskip without an entry in {ALLOWED_SKIPS.name}: {reason}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
