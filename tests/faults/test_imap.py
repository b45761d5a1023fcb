"""The line to the mail server, cut or frozen at every command and at bytes all over a session (reliability.md F7, F8).

The law: trouble for now, within the time-out; the next session goes on; each mail is stored once, moved once, and
has one fate. `python -m bench.cuts` cuts at every single byte.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.daemon.loop import turn_once
from bot.daemon.take_in import take_in, tidy
from bot.daemon.weather import Weather
from tests.faults.lines import PATIENCE, Office, cuts, drops, office
from tests.servers import Dovecot

pytestmark = pytest.mark.slow


@pytest.fixture
def cut(tmp_path: Path, dovecot: Dovecot) -> Iterator[Office]:
    """An office on a bad line."""
    with office(tmp_path / "office", dovecot) as opened:
        yield opened


def test_a_line_that_breaks_at_every_command_loses_nothing(cut: Office) -> None:
    """Cut or silent, before or after the server has heard the command: the mail is stored once and moved once."""
    pieces, _ = cut.session()
    assert pieces > 9
    wrong, slowest = list[str](), 0.0
    for harm in drops(pieces):
        began = time.monotonic()
        wrong += cut.survives(harm)
        slowest = max(slowest, time.monotonic() - began)
    cut.settle()
    assert wrong + cut.faults() == []
    assert slowest < 3 * PATIENCE


def test_a_line_cut_in_the_middle_of_answers_loses_nothing(cut: Office) -> None:
    """Twenty places all over a session."""
    _, size = cut.session()
    wrong = [fault for harm in cuts(size, size // 20) for fault in cut.survives(harm)]
    cut.settle()
    assert wrong + cut.faults() == []


def test_a_frozen_line_is_waited_for_and_resumes(cut: Office) -> None:
    """While the network is silent the arcs come back after their time-outs, trouble is told, and logins stay few;
    when it speaks again, everything goes on."""
    weather = Weather()
    cut.fill(cut.notice())
    turn_once(cut.desk, weather)
    cut.imap.freeze()
    cut.smtp.freeze()
    cut.fill(cut.notice())
    began, cut.imap.connections = time.monotonic(), 0
    with cut.little_patience():
        while time.monotonic() - began < 3:
            turn_once(cut.desk, weather)
            time.sleep(0.05)
    assert weather.troubled("mailbox")
    assert cut.imap.connections <= 4
    cut.imap.thaw()
    cut.smtp.thaw()
    cut.settle()
    assert cut.faults() == []


def test_a_mail_that_comes_before_others_are_moved_is_noticed(cut: Office) -> None:
    """Its announcement is not forgotten by what a turn still asks of the server: nobody waits for the next round."""
    cut.fill(cut.notice())
    for _ in take_in(cut.desk):
        cut.fill(cut.notice())
    tidy(cut.desk)
    began = time.monotonic()
    assert cut.desk.mailbox.wait(20)
    assert time.monotonic() - began < 10
    cut.settle()
    assert cut.faults() == []
