"""The end of what the bot logs in with: people hear of each stage once, on real stores."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.daemon.desk import Desk
from bot.daemon.expiry import warn
from bot.daemon.loop import Turn, remind_once
from bot.daemon.weather import Weather
from bot.edge.oauth import Provider, Registration, Tokens, Way
from bot.mail.letter import Kind
from tests.arriving import letters
from tests.daemon.test_dialogue import at, text_of

ENDS = date(2027, 3, 1)


def with_end(desk: Desk, kept: Path, ends: date | None) -> Desk:
    """The office with a client secret that ends then."""
    of = Registration(
        Provider.MICROSOFT, Way.SECRET, "cmpcr", ("x",), credential=lambda: "canary", ends=ends, warn=(30, 7, 1)
    )
    return replace(desk, settings=replace(desk.settings, oauth=Tokens(of, kept)))


def on(desk: Desk, day: date, hour: int = 12) -> Desk:
    """The office at an hour (UTC) of a day."""
    return at(desk, datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def test_nobody_is_told_where_nothing_ends(desk: Desk, tmp_path: Path) -> None:
    """An office with passwords, and one whose credential has no known end."""
    assert warn(desk) == 0
    assert warn(with_end(desk, tmp_path, None)) == 0


def test_each_stage_is_told_once(desk: Desk, tmp_path: Path) -> None:
    """Looked at many times a day for months: one letter a stage to the CMP Manager, and one when it is over."""
    office, told = with_end(desk, tmp_path, ENDS), []
    for days in range(-60, 10):
        day = ENDS + timedelta(days=days)
        told += [days for hour in (9, 15, 21) if warn(on(office, day, hour))]
    assert told == [-30, -7, -1, 1]
    mailed = letters(desk, Kind.EXPIRY)
    assert {letter.recipient for letter in mailed} == {"marta.ellison@meridell.example"}
    assert len(mailed) == 4
    texts = [" ".join(text_of(desk, letter).split()) for letter in mailed]
    assert all("Monday, March 1, 2027" in text for text in texts)
    assert sum("Without a new one it can neither" in text for text in texts) == 1
    assert all("Make a new client secret" in text and "canary" not in text for text in texts)


def test_a_jumping_clock_tells_nothing_twice(desk: Desk, tmp_path: Path) -> None:
    """Set forward and back again, each stage still has one letter."""
    office = with_end(desk, tmp_path, ENDS)
    for days in (30, 1, 30, 7, -3, 1, 7, 30):
        warn(on(office, ENDS - timedelta(days=days)))
    assert len(letters(desk, Kind.EXPIRY)) == 4


def test_a_renewed_credential_starts_anew(desk: Desk, tmp_path: Path) -> None:
    """A later day is quiet until its own stages come."""
    assert warn(on(with_end(desk, tmp_path, ENDS), ENDS)) == 1
    renewed = with_end(desk, tmp_path, date(2029, 3, 1))
    assert warn(on(renewed, ENDS)) == 0
    assert warn(on(renewed, date(2029, 2, 1))) == 1


def test_the_loop_looks_even_while_the_mailbox_has_trouble(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Once the secret has ended no mailbox opens; the letter is owed and the log says it all the same."""
    office, weather = on(with_end(desk, tmp_path, ENDS), ENDS + timedelta(days=2)), Weather()
    weather.failures["mailbox"] = 1
    remind_once(office, weather, Turn())
    assert len(letters(desk, Kind.EXPIRY)) == 1
    assert "expiry" in caplog.text
