"""What the tests of packaging share."""

import pytest

from tests.packaging.built import ROOT, Built, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The wheel and the sdist of this very tree."""
    return build(ROOT, tmp_path_factory.mktemp("dist"))
