"""What the tests of the simulation share."""

from collections.abc import Iterator

import pytest

from bot.config import load
from bot.config.load import packaged
from bot.simulation.plan import START
from bot.simulation.premises import Premises
from bot.simulation.seeds import opened


@pytest.fixture(scope="package")
def premises() -> Iterator[Premises]:
    """The shipped office, furnished for a simulation."""
    with opened(load(packaged() / "config.yaml", START)) as made:
        yield made
