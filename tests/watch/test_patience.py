"""Who waits for a mail server says so all the while, so that the heartbeat of a loop that waits is never missed."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.config import load
from bot.config.load import packaged
from bot.daemon.desk import open_desk
from bot.daemon.pulse import EVERY, Pulse
from bot.daemon.take_in import take_in
from bot.edge.clock import Clock
from bot.edge.heartbeat import Heartbeat
from bot.edge.mailbox import ImapAccount, Mailbox
from bot.edge.oauth.web import TIMEOUT
from bot.edge.outbox import REACHED, UNCERTAIN, Outbox, SmtpAccount
from bot.edge.patience import SLICE, Patience
from bot.errors import Trouble
from bot.mail.letter import Later
from tests.edge.hostile import Answer, Hostile, drip, hang
from tests.servers import HANG, Command, Sink

BAR = 60.0  # seconds between two beats (reliability.md F29)
LITTLE = 1.5  # seconds of patience with a server that says nothing
STEPS = ("greeting", "CAPABILITY", "LOGIN", "SELECT", "SEARCH", "SIZES", "BODIES", "MOVE", "NOOP", "IDLE", "DONE")


def test_no_wait_for_a_server_outlasts_the_heartbeat() -> None:
    """25 s at most: a beat is kept back for ten seconds after the one before, then a slice passes, or the time for
    one address of a server. Before that a token may take its time twice: for the way there and for the answer."""
    account = ImapAccount("imap.example", 993, "tls", "bot", str)
    assert EVERY + max(SLICE, REACHED, account.connect_timeout) == 25
    assert EVERY + 2 * TIMEOUT < BAR


def longest_silence(step: str, answer: Answer = hang, **account: Any) -> float:
    """Seconds without a word to who waits, of a turn against a server that answers so at a step."""
    heard = [time.monotonic()]
    with Hostile({step: answer}, times=9) as server:
        settings: dict[str, Any] = {"connect_timeout": LITTLE, "read_timeout": LITTLE, "poll": 0.05} | account
        box = Mailbox(server.account(**settings), lambda: heard.append(time.monotonic()))
        with suppress(Trouble):
            box.move([mail.uid for mail in box.fetch(box.look().uids)], "Processed")
            box.wait(0.2)
    assert server.heard or step == "greeting"
    return longest(heard)


def longest(heard: list[float]) -> float:
    """The longest time between two words, the last of which is said now."""
    heard.append(time.monotonic())
    return max(after - before for before, after in pairwise(heard))


def test_whatever_is_not_answered_is_waited_for_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    """At no step, be it the greeting, the encryption or the login, is the silence of a server our own."""
    monkeypatch.setattr("bot.edge.patience.SLICE", 0.05)
    monkeypatch.setattr("bot.edge.mailbox.mailbox.LOOPBACK_POLL", 0)
    steps = [(step, {"poll": 0} if step in {"IDLE", "DONE"} else {}) for step in STEPS]
    with ThreadPoolExecutor(len(steps) + 1) as pool:  # they only wait
        found = list(pool.map(lambda each: longest_silence(each[0], **each[1]), [*steps, ("greeting", {"tls": "tls"})]))
    assert max(found) < LITTLE / 2, found


def test_the_heartbeat_of_a_daemon_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the wait for a server that took the login and says nothing more to the file that a monitor reads."""
    monkeypatch.setattr("bot.edge.patience.SLICE", 0.05)
    monkeypatch.setattr("bot.daemon.pulse.EVERY", 0.05)
    heard: list[float] = []
    monkeypatch.setattr(Heartbeat, "write", lambda *_: heard.append(time.monotonic()))
    settings = load(packaged() / "config.yaml", datetime(2026, 11, 23, tzinfo=UTC))
    with Hostile({"SELECT": hang}) as server, closing(Pulse.of(tmp_path, "host:1:a", Clock())) as pulse:
        imap = server.account(connect_timeout=LITTLE, read_timeout=LITTLE)
        store, site = f"sqlite:///{tmp_path}/store.sqlite", replace(settings.posting, folder=tmp_path / "site")
        own = replace(settings, embedded=False, imap=imap, store_url=store, posting=site, kept=tmp_path)
        with open_desk(own, Clock(), pulse) as desk, pytest.raises(Trouble):
            heard.append(time.monotonic())
            list(take_in(desk))
    assert longest(heard) < LITTLE / 2


def test_a_server_that_drips_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it spreads its bytes: one answer may take so long and no longer, and who waits hears of each of them."""
    monkeypatch.setattr("bot.edge.patience.SLICE", 0.02)  # less than lies between two of its bytes
    began = time.monotonic()
    assert longest_silence("SELECT", drip) < LITTLE / 2
    assert time.monotonic() - began < 2 * LITTLE


def test_a_wait_that_is_over_is_not_begun_again() -> None:
    """Patience that is at its end says so instead of beating on."""
    heard: list[int] = []
    patience = Patience(lambda: heard.append(1))
    patience.wait()
    patience.grant(-1)
    with pytest.raises(TimeoutError):
        patience.wait()
    assert heard == [1]


@pytest.mark.parametrize("command", ["CONNECT", "EHLO", "MAIL", "DATA", "DOT"])
def test_a_letter_that_is_not_answered_is_waited_for_aloud(
    sink: Sink, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each command, and at the last word on a letter, which may take ten minutes (RFC 5321)."""
    monkeypatch.setattr("bot.edge.patience.SLICE", 0.05)
    sink.say(command, HANG)
    heard = [time.monotonic()]
    account = sink.account(timeout=0.75, last_timeout=0.75)
    with closing(Outbox(account, lambda: heard.append(time.monotonic()))) as outbox:
        try:
            delivered = outbox.send("", "kim@bench.example", b"Subject: x\r\n\r\nx\r\n")
        except Trouble:
            assert command in {"CONNECT", "EHLO"}
        else:
            assert isinstance(delivered, Later)
            assert delivered.reason.startswith(UNCERTAIN) is (command == "DOT")
    assert longest(heard) < 0.4
    sink.behave()


@pytest.mark.parametrize("tls", ["tls", "none"])
@pytest.mark.parametrize("answer", [hang, drip])
def test_a_server_of_letters_that_never_greets_is_given_up(
    answer: Answer, tls: Literal["tls", "none"], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Be it mute, be it one that lets its greeting drip; under encryption, too."""
    monkeypatch.setattr("bot.edge.patience.SLICE", 0.02)
    heard = [time.monotonic()]
    with Hostile({"greeting": answer}) as server, pytest.raises(Trouble):
        account = SmtpAccount("127.0.0.1", server.port, tls, timeout=0.5)
        Outbox(account, lambda: heard.append(time.monotonic())).connect()
    assert longest(heard) < 0.3
    assert heard[-1] - heard[0] < 2
