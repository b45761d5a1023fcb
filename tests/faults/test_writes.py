"""A disk that refuses a write, a sync or a rename in the middle of one change request's life (reliability.md F2, F17).

The law: no state is half written, no mail is lost, nothing is taken for a bug of ours, and the next turn goes on.
`python -m bench.writes` refuses every single one.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults.life import Life, begun
from tests.faults.writes import REFUSALS, Refusal, counted, needs_strace, outcome
from tests.servers import Dovecot
from tests.warm import Warm

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, dovecot: Dovecot, warm: Warm) -> Iterator[Life]:
    """An office on a disk that is about to refuse."""
    needs_strace()
    with begun(tmp_path_factory.mktemp("writes"), dovecot, warm) as life:
        yield life


@pytest.fixture(scope="module")
def counts(life: Life) -> Counter[str]:
    """How many calls of each kind a turn makes."""
    return counted(life)


@pytest.mark.parametrize("call", REFUSALS)
def test_a_refused_write_corrupts_nothing(call: str, life: Life, counts: Counter[str]) -> None:
    """One in the middle of what a turn writes is refused, by the kernel itself."""
    assert outcome(life, Refusal(call, max(counts[call] // 2, 1), lasts=False)) == []


def test_a_disk_that_stays_full_is_waited_for(life: Life) -> None:
    """From the first page of the database on nothing can be written any more, until there is room again."""
    assert outcome(life, Refusal("pwrite64", 5, lasts=True)) == []
