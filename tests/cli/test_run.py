"""cmpbot run and check against real servers: a Dovecot and an SMTP sink."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli import run
from bot.intake.paper.blank import blank
from tests.cli.test_explain import FORM, PLAIN, TABLE, mail
from tests.servers import PASSWORD, Dovecot, Sink, until

STOPS_WITHIN = 10.0


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    """A mailbox of this test's own."""
    return dovecot.new_user()


@pytest.fixture
def real(shipped: Path, dovecot: Dovecot, sink: Sink, user: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped office with real servers in place of the embedded ones."""
    monkeypatch.setenv("CMPBOT_TEST_IMAP", PASSWORD)
    here = "host: 127.0.0.1, tls: none"
    imap = f"{{{here}, port: {dovecot.imap}, username: {user}, password: {{env: CMPBOT_TEST_IMAP}}}}"
    text = shipped.read_text("utf-8").replace("mailbox: embedded", f"mailbox: {imap}")
    shipped.write_text(text.replace("smtp: embedded", f"smtp: {{{here}, port: {sink.port}}}"), "utf-8")
    return shipped


@contextmanager
def daemon(config: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A running `cmpbot run`; killed at the end if it is still there."""
    with log.open("wb") as stderr:
        command = [sys.executable, "-m", "bot", "--config", str(config), "run"]
        process = subprocess.Popen(command, stderr=stderr, stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def events(log: Path) -> list[dict[str, object]]:
    """The lines of a log; every one of them is JSON."""
    return [json.loads(line) for line in log.read_text("ascii").splitlines()]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_daemon_answers_and_ends_when_asked(
    real: Path, dovecot: Dovecot, sink: Sink, user: str, how: signal.Signals
) -> None:
    """A mail gets its letters while it runs; a signal ends it with exit 0, and no child outlives it."""
    log = real.parent / "log"
    form = mail(PLAIN)
    form.add_attachment(blank(TABLE, "docx", FORM), maintype="application", subtype="msword", filename="form.docx")
    dovecot.deliver(user, form.as_bytes())
    with daemon(real, log) as process:
        until(lambda: len(sink.taken) == 2, 30)
        family = children(process.pid)
        assert family, "the form was opened by no child"
        asked = time.monotonic()
        process.send_signal(how)
        assert process.wait(STOPS_WITHIN) == 0
        assert time.monotonic() - asked < STOPS_WITHIN
        assert not any(Path(f"/proc/{child}").exists() for child in family)
    told = {event["event"] for event in events(log)}
    assert "turn" in told
    for private in ("priya.raman", PASSWORD, "address rejects"):
        assert private not in log.read_text("ascii")


def test_a_daemon_at_rest_ends_when_asked(real: Path) -> None:
    """With nothing to do it waits on the mailbox, and a signal ends that wait."""
    log = real.parent / "log"
    with daemon(real, log) as process:
        until((real.parent / "var" / "cmpbot.sqlite.lock").exists, 30)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOPS_WITHIN) == 0


def test_check_logs_in(real: Path, user: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Both logins are tried and the account is looked over; nothing is sent, no folder is left."""
    assert run(["--config", str(real), "check"]) == 0
    first = capsys.readouterr().out
    assert "UIDPLUS" in first
    assert run(["--config", str(real), "check"]) == 0
    shown = capsys.readouterr().out
    assert "well    mail folders    INBOX\n" in shown
    assert f"well    mailbox         {user} at 127.0.0.1" in shown
    assert "well    smtp            no login at 127.0.0.1" in shown


def test_check_tells_a_refused_login(
    real: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong password is named as what it is, without showing it."""
    monkeypatch.setenv("CMPBOT_TEST_IMAP", "not_the_word")
    assert run(["--config", str(real), "check"]) == 1
    shown = capsys.readouterr().out
    assert "MEND    mailbox" in shown
    assert "refuses the login" in shown
    assert "not_the_word" not in shown
