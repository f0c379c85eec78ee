from pathlib import Path

import pytest

from pipeline.reference import Reference, load_reference

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def reference() -> Reference:
    """The authority files with those of the invented countries of the sample."""
    return load_reference(PROJECT / "raw" / "authority")
