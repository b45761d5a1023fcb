"""The simulated office: every law holds over some seeds. `python -m bench.simulate` lives longer."""

import pytest

from bot.simulation.plan import Plan
from bot.simulation.premises import Premises
from bot.simulation.seeds import simulated


@pytest.mark.parametrize("seed", [1, 2])
def test_every_law_holds(premises: Premises, seed: int) -> None:
    """Three months of an office in which everything goes wrong break no law."""
    outcome = simulated(Plan(seed, 3), premises)
    assert not outcome.broken, f"{outcome.broken}\n{outcome.dialogue}"
    assert outcome.sums.faults["process killed"] and outcome.sums.counts["change requests"]
