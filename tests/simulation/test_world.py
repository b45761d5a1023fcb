"""The simulated office: every law holds over some seeds, and a seed says everything."""

from collections.abc import Iterator

import pytest

from bot.config import load
from bot.config.load import packaged
from bot.simulation.plan import START, Plan
from bot.simulation.premises import Premises
from bot.simulation.seeds import opened, simulated

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def premises() -> Iterator[Premises]:
    """The shipped office, furnished for a simulation."""
    with opened(load(packaged() / "config.yaml", START)) as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_every_law_holds(premises: Premises, seed: int) -> None:
    """Three months of an office in which everything goes wrong break no law."""
    outcome = simulated(Plan(seed, 3, whole_every=0), premises)
    assert not outcome.broken, f"{outcome.broken}\n{outcome.dialogue}"
    assert outcome.faults["process killed"] and outcome.counts["change requests"]


def test_the_same_seed_gives_the_same_bytes(premises: Premises) -> None:
    """A seed lived twice leaves the same trace, journals and posting; another one does not."""
    once, again, other = (simulated(Plan(seed, 1), premises) for seed in (7, 7, 8))
    assert once.hashes == again.hashes
    assert set(once.hashes) == {"trace", "journal", "posting"}
    assert not set(once.hashes.values()) & set(other.hashes.values())
