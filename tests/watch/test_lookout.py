"""The lookout: once a round of the loop, never in its way."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest

from bot.config.settings import Settings
from bot.daemon.alert import Alarm
from bot.daemon.desk import Desk
from bot.daemon.lookout import LOOK, Lookout
from bot.daemon.pulse import Pulse
from bot.daemon.signs import Sign
from bot.edge.clock import Clock
from bot.edge.store import Store
from bot.errors import Trouble
from tests.watch.test_alerts import Tray


@dataclass
class Listener:
    """An alarm that only keeps what it was shown."""

    channel: object = True
    shown: list[list[str]] = field(default_factory=list)

    def settle(self, now: datetime) -> None:
        """Nothing is on its way."""

    def look(self, signs: Sequence[Sign], now: datetime) -> None:
        """Keep it."""
        self.shown.append([sign.key for sign in signs])


def unread() -> NoReturn:
    """A configuration that is not asked for."""
    raise AssertionError("nobody has asked for it")


@pytest.fixture
def lookout(desk: Desk, tmp_path: Path) -> Iterator[Lookout]:
    """What the loop asks at each round."""
    with closing(Pulse.of(tmp_path, "host:1:a", Clock())) as pulse:
        yield Lookout(desk.settings, unread, pulse, Listener())  # type: ignore[arg-type]  # it is asked for no more


def shown(lookout: Lookout) -> list[list[str]]:
    """What its alarm was shown."""
    assert isinstance(lookout.alarm, Listener)
    return lookout.alarm.shown


def test_it_looks_seldom(lookout: Lookout, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that turns often asks the database each half a minute only."""
    for _ in range(20):
        assert lookout.round(desk) is None
    assert len(shown(lookout)) == 1
    later = Clock.monotonic() + LOOK
    monkeypatch.setattr(Clock, "monotonic", staticmethod(lambda: later))
    lookout.round(desk)
    assert len(shown(lookout)) == 2


def test_a_database_that_is_gone_is_a_sign(lookout: Lookout, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who watches finds it, too, and goes on."""

    def gone(_store: Store, _now: datetime) -> NoReturn:
        raise Trouble("the database does not answer as it should: gone")

    monkeypatch.setattr(Store, "figures", gone)
    lookout.round(desk)
    assert "database" in shown(lookout)[0]


def test_a_bug_in_it_ends_nothing(
    lookout: Lookout, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, and the loop turns on."""
    monkeypatch.setattr(Store, "figures", lambda *_: 1 / 0)
    assert lookout.round(desk) is None
    assert [record.message for record in caplog.records] == ["not watched"]


def test_it_tells_by_the_way_of_the_office(desk: Desk, tmp_path: Path) -> None:
    """From the sign to the channel, with the office's name."""
    tray = Tray()
    with closing(Pulse.of(tmp_path, "host:1:a", Clock())) as pulse, closing(Alarm.of(desk.settings)) as alarm:
        alarm.channel = tray
        lookout = Lookout(desk.settings, unread, pulse, alarm)
        lookout.weather.tell("mailbox", Trouble("mailbox: the server refuses the login", wait=300))
        lookout.round(desk)
        ((subject, text),) = tray.told_so_far
        assert subject == "Meridell CMP: not well: mailbox"
        assert text.startswith("Not well: mailbox: the server refuses the login")


@pytest.mark.parametrize("error", [ValueError("canary"), OSError(13, "Permission denied"), Trouble("no holidays")])
def test_whatever_reading_it_again_meets_the_old_one_stays(
    lookout: Lookout, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """A bug of ours, too; it is asked for once, refused once, and remembered for health."""

    def fails() -> Settings:
        raise error

    lookout.read = fails
    caplog.set_level(logging.ERROR)
    desk.clock._call(1, None)
    assert lookout.round(desk) is None
    assert lookout.round(desk) is None
    assert [record.message for record in caplog.records].count("not reloaded") == 1
    assert lookout.pulse.refused
    assert "canary" not in lookout.pulse.refused
