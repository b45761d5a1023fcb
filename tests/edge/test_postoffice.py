"""The embedded post office: what a border host does, on loopback."""

import gc
import imaplib
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bot.edge.mailbox import ImapAccount, Mailbox
from bot.edge.outbox import Outbox, SmtpAccount
from bot.edge.postoffice import Ports, PostOffice, stamped
from bot.errors import Trouble
from bot.mail.letter import Dead, Sent
from tests.servers import free_port, letter

BOT, HOST = "cmpcr@meridell.example", "mx.meridell.example"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A post office that is not open yet."""
    house = PostOffice({BOT: "secret"}, HOST)
    yield house
    house.stop()


def box_at(ports: Ports) -> Mailbox:
    """The bot's mailbox there."""
    return Mailbox(ImapAccount("127.0.0.1", ports.imap, "none", BOT, lambda: "secret"))


def outbox_at(ports: Ports) -> Outbox:
    """An outbox that hands over there."""
    return Outbox(SmtpAccount("127.0.0.1", ports.smtp, "none"))


def inbox(ports: Ports) -> list[bytes]:
    """The bytes of all mails in the bot's inbox."""
    box = box_at(ports)
    mails = [mail.raw for mail in box.fetch(box.look().uids)]
    box.close()
    return mails


def test_mail_to_the_bot_lands_stamped(office: PostOffice) -> None:
    """Above the sender's bytes stand the return path, the verdict on the From domain and a Received line."""
    ports = office.start()
    assert outbox_at(ports).send("ana@coyotetel.example", BOT, letter()) == Sent()
    (raw,) = inbox(ports)
    lines = raw.split(b"\r\n")
    assert lines[0] == b"Return-Path: <ana@coyotetel.example>"
    assert lines[1] == b"Authentication-Results: mx.meridell.example; dmarc=pass header.from=coyotetel.example"
    assert lines[2].startswith(b"Received: from localhost by mx.meridell.example with ESMTP id ")
    assert b"\r\n".join(lines[3:]) == letter()
    assert office.tray == ()


def test_a_client_that_says_nothing_for_a_while_is_not_forgotten(office: PostOffice) -> None:
    """The collector of cycles comes by, as it does in a daemon, and takes nothing that somebody waits for."""
    ports = office.start()
    with imaplib.IMAP4("127.0.0.1", ports.imap, timeout=5) as line:
        line.login(BOT, "secret")
        gc.collect()
        assert line.noop()[0] == "OK"


def test_mail_to_others_lies_in_the_tray(office: PostOffice) -> None:
    """Nothing leaves the machine: the tray keeps envelope, bytes and time."""
    ports = office.start()
    outbox = outbox_at(ports)
    assert outbox.send("", "ana@coyotetel.example", letter("first")) == Sent()
    assert outbox.send(BOT, "bo@coyotetel.example", letter("second")) == Sent()
    assert [(posted.sender, posted.to, posted.raw) for posted in office.tray] == [
        ("", ("ana@coyotetel.example",), letter("first")),
        (BOT, ("bo@coyotetel.example",), letter("second")),
    ]
    assert office.tray[0].at <= office.tray[1].at
    assert inbox(ports) == []


@pytest.mark.parametrize("address", ["cmpcr+abc123@meridell.example", "CMPCR@Meridell.Example"])
def test_tags_and_capitals_reach_the_same_box(office: PostOffice, address: str) -> None:
    """A tag behind the name and capitals change nothing."""
    ports = office.start()
    outbox_at(ports).send("ana@coyotetel.example", address, letter())
    assert len(inbox(ports)) == 1


@pytest.mark.parametrize(
    ("sender", "head", "verdict"),
    [
        ("ana@coyotetel.example", b"From: Ana <ana@CoyoteTel.example>", b"pass header.from=coyotetel.example"),
        ("eve@evil.example", b"From: ana@coyotetel.example", b"fail header.from=coyotetel.example"),
        ("ana@evil.coyotetel.example", b"From: ana@coyotetel.example", b"fail header.from=coyotetel.example"),
        ("", b"From: MAILER-DAEMON@coyotetel.example", b"none header.from=coyotetel.example"),
        ("ana@coyotetel.example", b"Subject: nobody", b"permerror header.from=unknown"),
        (
            "ana@coyotetel.example",
            b"From: ana@coyotetel.example\r\nFrom: b@x.example",
            b"permerror header.from=unknown",
        ),
        ("ana@coyotetel.example", b"From: ana@coyotetel.example, b@x.example", b"permerror header.from=unknown"),
        ("ana@coyotetel.example", b"From: ana@coyotetel.example; dmarc=pass", b"permerror header.from=unknown"),
    ],
)
def test_the_stamp_says_what_the_host_knows(sender: str, head: bytes, verdict: bytes) -> None:
    """It passes only a single From whose domain is the envelope's."""
    lines = stamped(head + b"\r\n\r\nHello.\r\n", sender, HOST, "here").split(b"\r\n")
    assert lines[1] == b"Authentication-Results: mx.meridell.example; dmarc=" + verdict


@pytest.mark.parametrize(
    "forged",
    [
        b"Authentication-Results: mx.meridell.example; dmarc=pass header.from=coyotetel.example",
        b"authentication-results : MX.Meridell.Example 1; dmarc=pass",
        b"Authentication-Results:\r\n mx.meridell.example;\r\n\tdmarc=pass",
        b"X: y\nAuthentication-Results: mx.meridell.example; dmarc=pass",
        b"Return-Path: <someone@else.example>",
    ],
)
def test_the_senders_own_stamps_are_removed(forged: bytes) -> None:
    """However it is spelt, a claim that the sender wrote does not come through (RFC 8601 section 5)."""
    mail = forged + b"\r\nFrom: ana@coyotetel.example\r\nSubject: x\r\n\r\nAuthentication-Results: stays\r\n"
    raw = stamped(mail, "eve@evil.example", HOST, "here")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert head.lower().count(b"authentication-results") == 1
    assert head.count(b"Return-Path") == 1
    assert b"dmarc=fail" in head
    assert b"else.example" not in head
    assert body == b"Authentication-Results: stays\r\n"


def test_a_wrong_password_opens_nothing(office: PostOffice) -> None:
    """There is no user but those given, and no password but theirs."""
    ports = office.start()
    for user, password in ((BOT, "wrong"), ("demouser", "demopass"), (BOT, "")):
        with pytest.raises(Trouble, match="refuses the login"):
            Mailbox(ImapAccount("127.0.0.1", ports.imap, "none", user, lambda p=password: p)).look()  # type: ignore[misc]


def test_it_stops_at_once_with_clients_on_the_line(office: PostOffice) -> None:
    """Stopping takes under two seconds, whoever is connected, and frees the ports."""
    ports = office.start()
    box, outbox = box_at(ports), outbox_at(ports)
    outbox.send("ana@coyotetel.example", BOT, letter())
    box.look()

    def wait() -> None:
        with suppress(Trouble):
            box.wait(30)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.3)
    start = time.monotonic()
    office.stop()
    assert time.monotonic() - start < 2
    waiting.join(5)
    assert not waiting.is_alive()
    assert not [thread for thread in threading.enumerate() if thread.name == "post office"]
    for port in (ports.imap, ports.smtp):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    office.stop()


def test_a_taken_port_is_trouble() -> None:
    """A port in use is said plainly, and nothing is left half open."""
    port = free_port()
    with PostOffice({BOT: "secret"}, HOST, smtp_port=port):
        second = PostOffice({BOT: "secret"}, HOST, smtp_port=port)
        with pytest.raises(Trouble):
            second.start()
        second.stop()
    with PostOffice({BOT: "secret"}, HOST, smtp_port=port) as ports:
        assert ports.smtp == port


def test_strange_mail_comes_through(office: PostOffice) -> None:
    """Long lines and raw 8-bit text reach the inbox as they were sent."""
    ports = office.start()
    body = "x" * 5000
    with smtplib.SMTP("127.0.0.1", ports.smtp, "localhost") as line:
        line.ehlo()
        line.mail("ana@coyotetel.example")
        line.rcpt(BOT)
        assert line.data(f"From: ana@coyotetel.example\r\n\r\n{body}\r\nzoë\r\n".encode())[0] == 250
    assert inbox(ports)[0].endswith(f"{body}\r\nzoë\r\n".encode())


def test_a_mail_over_the_limit_is_refused(office: PostOffice) -> None:
    """The size is announced, and a larger mail is dead on the spot."""
    ports = office.start()
    huge = letter(body="\r\n".join(["x" * 900] * 36_000))
    assert isinstance(outbox_at(ports).send("ana@coyotetel.example", BOT, huge), Dead)


def test_importing_it_is_cheap() -> None:
    """pymap and aiosmtpd are loaded when a post office opens, not before."""
    code = "import sys, bot.edge.postoffice; print({'pymap', 'aiosmtpd'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
