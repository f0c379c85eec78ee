"""Some of the sample articles, built once for all tests of corrections."""

import shutil

import pytest

from tests.corrections.desk import Desk, tables_of
from tests.workshop import PROJECT, Workshop

# Reports, a readout, a transcript, and a page whose lines are broken.
FILES = (
    "wire_year_in_caption",
    "wire_no_year",
    "republished_games",
    "readout_phone_call",
    "plain_interview",
    "plain_hard_wrapped",
)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The articles as built, without corrections. Nothing may be changed in it."""
    shop = Workshop(tmp_path_factory.mktemp("corrections"))
    shutil.copytree(PROJECT / "raw" / "authority", shop.raw / "authority")
    for name in FILES:
        shutil.copy(PROJECT / "raw" / "sample" / f"{name}.txt", shop.raw)
    assert shop.build() == 0
    return shop


@pytest.fixture(scope="session")
def desk(sample: Workshop) -> Desk:
    """The tables of the sample articles."""
    return Desk(tables_of(sample))
