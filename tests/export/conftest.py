"""The dataset that the tests of this folder read."""

import pytest

from tests.built import built
from tests.workshop import Workshop


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The sample and some further files, built once for all folders. Only read it."""
    return built(tmp_path_factory.getbasetemp() / "built")
