"""The mailbox over TLS, and against servers that would have the password without it."""

import ssl
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.edge.mailbox import Mailbox
from bot.errors import Trouble
from tests.edge.hostile import POLITE, Answer, Conversation, Hostile, row_of
from tests.servers import PASSWORD, Certificate, Dovecot, certificate, letter


@pytest.fixture(scope="module")
def authority() -> Iterator[Certificate]:
    """A certificate for this machine, signed by a CA that only the tests know."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)  # Dovecot, which runs as nobody, reads it
        yield certificate(Path(folder))


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_private_ca_is_trusted_when_named(authority: Certificate, tls: Any) -> None:
    """With the CA's file the mailbox opens, by implicit TLS and by STARTTLS; by IDLE as well."""
    with Dovecot(tls=authority) as server:
        user = server.new_user()
        server.deliver(user, letter())
        box = Mailbox(server.account(user, tls=tls))
        uids = box.look().uids
        assert len(box.fetch(uids)) == 1
        assert box.wait(0.3) is False
        with pytest.raises(Trouble, match="certificate"):
            Mailbox(server.account(user, tls=tls, ca_file=None)).look()


def start_tls(conversation: Conversation) -> None:
    """Agree to STARTTLS, slipping in an answer that was never asked for."""
    conversation.say(b"TAG OK begin\r\n* CAPABILITY IMAP4rev1 EVIL\r\n")
    line = CONTEXTS["right"].wrap_socket(conversation.line, server_side=True)
    conversation.line = line
    with line.makefile("rb") as commands:
        for command in commands:
            conversation.say(POLITE[row_of(command, conversation)])


CONTEXTS: dict[str, ssl.SSLContext] = {}
WITH_STARTTLS: Answer = b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done\r\n"


@pytest.mark.parametrize(
    ("tls", "answers"),
    [
        ("starttls", {}),  # stripped: not offered
        ("starttls", {"greeting": b"* PREAUTH welcome\r\n", "CAPABILITY": WITH_STARTTLS}),
        ("starttls", {"CAPABILITY": WITH_STARTTLS, "STARTTLS": b"TAG NO not today\r\n"}),
        ("starttls", {"CAPABILITY": WITH_STARTTLS, "STARTTLS": b"TAG OK begin\r\nTAG OK no TLS here\r\n"}),
        ("starttls", {"CAPABILITY": WITH_STARTTLS, "STARTTLS": start_tls}),
        ("none", {"greeting": b"* PREAUTH welcome\r\n"}),
        ("tls", {}),  # no TLS at all behind a TLS port
    ],
)
def test_a_downgrade_gets_no_password(tls: Any, answers: dict[str, Answer], authority: Certificate) -> None:
    """A server that strips, skips or spoils the encryption hears no LOGIN (reliability.md T49)."""
    CONTEXTS["right"] = authority.context()
    with Hostile(answers, times=9) as server:
        with pytest.raises(Trouble):
            Mailbox(server.account(tls=tls, ca_file=str(authority.ca))).look()
        assert not any(PASSWORD.encode() in command or b"LOGIN" in command for command in server.heard)


@pytest.mark.parametrize("fault", ["unknown CA", "wrong name", "expired"])
def test_a_bad_certificate_gets_no_password(fault: str, authority: Certificate, tmp_path: Path) -> None:
    """A certificate of an unknown CA, for another name, or out of date ends the talk before it begins."""
    bad = {
        "unknown CA": lambda: certificate(tmp_path),
        "wrong name": lambda: certificate(tmp_path, "DNS:elsewhere.example"),
        "expired": lambda: certificate(tmp_path, days=-1),
    }[fault]()
    trusted = authority.ca if fault == "unknown CA" else bad.ca
    with Hostile({}, context=bad.context()) as server:
        with pytest.raises(Trouble, match="certificate"):
            Mailbox(server.account(tls="tls", ca_file=str(trusted), connect_timeout=5)).look()
        assert server.heard == []
