"""kill -9 and SIGTERM at random moments of a daemon under load; `python -m bench.kills` does it hundreds of times."""

import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.life import begun
from tests.faults.moments import Toll, under_load
from tests.mixed import FATES, MAILS
from tests.servers import Dovecot
from tests.warm import Warm

pytestmark = pytest.mark.slow

TIMES = 10


def survived(folder: Path, dovecot: Dovecot, warm: Warm, store: str, how: signal.Signals) -> Toll:
    """A morning's sixty mails, and their daemon ended so many times."""
    with begun(folder, dovecot, warm, store) as life:
        before = life.house.fates()
        toll = under_load(life, MAILS, TIMES, how)
        assert toll.well, (toll, life.house.log()[-2000:])
        assert Counter(life.house.fates()) - before == FATES
    print(toll)  # noqa: T201 - shown with -rP
    return toll


def test_kills_at_random_moments_lose_nothing(tmp_path: Path, dovecot: Dovecot, warm: Warm, store_url: str) -> None:
    """Every mail has its fate, every number is there once, and no letter came twice but in the window after its
    final dot, counted."""
    toll = survived(tmp_path / "office", dovecot, warm, store_url, signal.SIGKILL)
    assert toll.under_way
    assert toll.twice <= TIMES


def test_stops_at_random_moments_are_in_time(tmp_path: Path, dovecot: Dovecot, warm: Warm) -> None:
    """Asked to end, it does so in time, with exit code 0 and no child left; the next start goes on, and no letter
    comes twice."""
    toll = survived(tmp_path / "office", dovecot, warm, "", signal.SIGTERM)
    assert toll.under_way
    assert toll.twice == 0
