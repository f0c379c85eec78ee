"""The dataset that the tests of this folder read, and its public edition."""

from pathlib import Path

import pytest

from pipeline.__main__ import main
from tests.built import built
from tests.workshop import Workshop


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The sample and some further files, built once for all folders. Only read it."""
    return built(tmp_path_factory.getbasetemp() / "built")


@pytest.fixture(scope="session")
def edition(dataset: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public edition with the bounds that stand by default. Only read it."""
    folder = tmp_path_factory.mktemp("edition") / "public"
    assert main(["public", "--processed", str(dataset.processed), "--to", str(folder)]) == 0
    return folder
