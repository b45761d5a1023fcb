"""What is done at intervals goes on whatever somebody does to the clock."""

import datetime
from itertools import pairwise
from types import SimpleNamespace

import pytest
import schedule

from bot.daemon.rounds import Rounds

START = datetime.datetime(2026, 11, 1, 0, 59, 50)  # noqa: DTZ001 - schedule reckons in local time


class Wall(datetime.datetime):
    """The wall clock that `schedule` looks at."""

    at = START

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        """Whatever it shows."""
        return cls.at


@pytest.mark.parametrize("jump", [0, -3600, -86_400 * 365, -30, 3600, 86_400 * 365])
def test_a_clock_that_is_set_holds_no_round_up(monkeypatch: pytest.MonkeyPatch, jump: int) -> None:
    """A minute before and five minutes after: what is done every five seconds is missed once at most, and what is done
    every minute, too."""
    monkeypatch.setattr(schedule, "datetime", SimpleNamespace(datetime=Wall, timedelta=datetime.timedelta))
    monkeypatch.setattr(Wall, "at", START)
    done: list[tuple[int, str]] = []
    rounds = Rounds((5, lambda: done.append((second, "soon"))), (60, lambda: done.append((second, "later"))))
    waits = set()
    for second in range(360):
        if second == 60:
            Wall.at += datetime.timedelta(seconds=jump)
        waits.add(rounds.pause())
        rounds.run()
        Wall.at += datetime.timedelta(seconds=1)
    assert max(waits) <= 6
    for kind, interval in (("soon", 5), ("later", 60)):
        moments = [0, *(at for at, what in done if what == kind), 360]
        assert max(after - before for before, after in pairwise(moments)) <= 2 * interval
        assert len(moments) > 300 // interval
