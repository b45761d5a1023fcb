"""The mailbox against a real Dovecot, pymap, and an IMAP server that means harm."""

import os
import re
import resource
import socket
import ssl
import tempfile
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from bot.edge.mailbox import ImapAccount, Mailbox, reconnect_after
from bot.edge.mailbox.answers import Stated, grouped, wire_name
from bot.edge.postoffice import PostOffice
from bot.errors import Trouble
from tests.servers import PASSWORD, Certificate, Dovecot, certificate, letter


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    """A user of Dovecot whom no other test uses."""
    return dovecot.new_user()


@pytest.fixture
def mailbox(dovecot: Dovecot, user: str) -> Iterator[Mailbox]:
    """That user's mailbox."""
    box = Mailbox(dovecot.account(user))
    yield box
    box.close()


@pytest.fixture(scope="module")
def authority() -> Iterator[Certificate]:
    """A certificate for this machine, signed by a CA that only the tests know."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)  # Dovecot, which runs as nobody, reads it
        yield certificate(Path(folder))


@pytest.fixture
def by_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait as on a server far away: with IDLE."""
    monkeypatch.setattr("bot.edge.mailbox.mailbox.LOOPBACK_POLL", 0)


def second_client(account: ImapAccount) -> IMAPClient:
    """Another program at the same mailbox."""
    client = IMAPClient(account.host, account.port, ssl=False)
    client.login(account.username, account.password())
    client.select_folder("INBOX")
    return client


# --- looking, fetching, moving


def test_an_empty_inbox_is_a_look_without_uids(mailbox: Mailbox) -> None:
    """An inbox that nobody ever wrote to is empty, not an error."""
    look = mailbox.look()
    assert look.uids == ()
    assert look.uidvalidity > 0


def test_a_mail_is_fetched_byte_for_byte(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """What the server keeps is what we get, with its arrival in UTC."""
    dovecot.deliver(
        user, letter("one", number=1), letter("two", body=".\r\nétrange \u2014 ".encode().decode("latin-1"))
    )
    fetched = mailbox.fetch(mailbox.look().uids)
    assert [mail.raw for mail in fetched] == [
        path.read_bytes().replace(b"\n", b"\r\n")
        for path in sorted(dovecot.files(user), key=lambda p: p.stat().st_mtime_ns)
    ]
    assert all(mail.arrived.tzinfo is UTC and not mail.truncated for mail in fetched)
    assert all(abs(mail.arrived - datetime.now(UTC)) < timedelta(seconds=30) for mail in fetched)


def test_fetching_does_not_mark_a_mail_as_read(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """The unread flag belongs to people."""
    dovecot.deliver(user, letter())
    mailbox.fetch(mailbox.look().uids)
    assert b"\\Seen" not in second_client(dovecot.account(user)).get_flags([1])[1]


def test_more_than_a_batch_is_fetched_in_order(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """A hundred and twenty mails come in batches of fifty, none lost, none twice."""
    dovecot.deliver(user, *(letter(number=n) for n in range(120)))
    batches = list(mailbox.batches(mailbox.look().uids))
    assert [len(batch) for batch in batches] == [50, 50, 20]
    assert [re.search(rb"<(\d+)\.", mail.raw)[1] for batch in batches for mail in batch] == [  # type: ignore[index]
        str(n).encode() for n in range(120)
    ]


def test_batches_are_bounded_by_size() -> None:
    """A batch holds at most 20 MB, and a mail over the limit goes alone."""
    now = datetime.now(UTC)
    mails = [Stated(n, now, size) for n, size in enumerate([9_000_000, 9_000_000, 9_000_000, 40_000_000, 1, 2])]
    assert [[mail.uid for mail in group] for group in grouped(mails, 25_000_000)] == [[0, 1], [2], [3], [4, 5]]


def test_a_mail_over_the_limit_is_fetched_by_its_headers_only(dovecot: Dovecot, user: str) -> None:
    """An oversized mail yields its headers, marked as truncated, and does not hide the others."""
    dovecot.deliver(user, letter("small"), letter("huge", body="x" * 70_000), letter("last"))
    box = Mailbox(replace(dovecot.account(user), largest=20_000))
    fetched = box.fetch(box.look().uids)
    assert [mail.truncated for mail in fetched] == [False, True, False]
    assert b"Subject: huge" in fetched[1].raw
    assert b"xxxx" not in fetched[1].raw


def test_mails_are_moved_to_a_folder_made_for_them(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """A missing folder is made, and the inbox keeps only what was not moved."""
    dovecot.deliver(user, *(letter(number=n) for n in range(5)))
    mailbox.move(mailbox.look().uids[:3], "Processed")
    assert mailbox.look().uids == (4, 5)
    mailbox.move((4,), "Processed")
    assert len(dovecot.files(user, ".Processed")) == 4


@pytest.mark.parametrize(("separator", "prefix"), [("/", ""), (".", ""), (".", "INBOX."), ("/", "INBOX/")])
def test_folders_lie_where_the_server_keeps_folders(separator: str, prefix: str) -> None:
    """Folder names get the server's separator and prefix; nested ones are nested."""
    with Dovecot(separator=separator, prefix=prefix) as server:
        user = server.new_user()
        server.deliver(user, letter(number=1), letter(number=2))
        box = Mailbox(server.account(user))
        uids = box.look().uids
        box.move(uids[:1], "Quarantine")
        box.move(uids[1:], "CMP/Parked")
        names = {name for _, _, name in second_client(server.account(user)).list_folders()}
        assert {f"{prefix}Quarantine", f"{prefix}CMP{separator}Parked"} <= names
        assert box.look().uids == ()


def test_a_folder_name_in_the_servers_words() -> None:
    """`/` becomes the separator, the prefix is put in once, a flat server keeps the name."""
    assert wire_name("CMP/Parked", "INBOX.", ".") == "INBOX.CMP.Parked"
    assert wire_name("INBOX/Parked", "INBOX.", ".") == "INBOX.Parked"
    assert wire_name("Parked", "", "") == "Parked"


def test_without_move_only_our_own_mails_are_expunged() -> None:
    """COPY, STORE and UID EXPUNGE stand in for MOVE; a mail that a person marked deleted stays."""
    with Dovecot(settings="imap_capability = IMAP4rev1 UIDPLUS NAMESPACE IDLE") as server:
        user = server.new_user()
        server.deliver(user, *(letter(number=n) for n in range(3)))
        second_client(server.account(user)).add_flags([1], [b"\\Deleted"])
        box = Mailbox(server.account(user))
        box.move((2,), "Processed")
        assert box.look().uids == (1, 3)
        assert len(server.files(user, ".Processed")) == 1


def test_without_uidplus_a_moved_mail_is_seen_no_more() -> None:
    """Where a single mail cannot be expunged it is marked deleted, and looking passes over it."""
    with Dovecot(settings="imap_capability = IMAP4rev1") as server:
        user = server.new_user()
        server.deliver(user, letter(number=1), letter(number=2))
        box = Mailbox(server.account(user))
        box.move(box.look().uids[:1], "Processed")
        assert box.look().uids == (2,)
        assert len(server.files(user)) == 2


# --- other hands at the same mailbox


def test_mails_expunged_by_another_client_are_left_out(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """A mail that vanishes between look and fetch is no error, for the fetch or for the move."""
    dovecot.deliver(user, *(letter(number=n) for n in range(6)))
    uids = mailbox.look().uids
    other = second_client(dovecot.account(user))
    other.delete_messages([2, 5])
    other.expunge()
    assert [mail.uid for mail in mailbox.fetch(uids)] == [1, 3, 4, 6]
    other.delete_messages([1])
    other.expunge()
    mailbox.move(uids, "Processed")
    assert mailbox.look().uids == ()
    assert len(dovecot.files(user, ".Processed")) == 3


def test_mails_moved_away_while_being_fetched_one_by_one(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """Everything gone is an empty answer, and the connection stays usable."""
    dovecot.deliver(user, letter(number=1), letter(number=2))
    uids = mailbox.look().uids
    other = second_client(dovecot.account(user))
    other.delete_messages(list(uids))
    other.expunge()
    assert mailbox.fetch(uids) == ()
    dovecot.deliver(user, letter(number=3))
    assert len(mailbox.fetch(mailbox.look().uids)) == 1


def test_a_renumbered_folder_says_so(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """With its UID list lost the folder has another UIDVALIDITY, and all its mails."""
    dovecot.deliver(user, *(letter(number=n) for n in range(3)))
    before = mailbox.look()
    mailbox.close()
    dovecot.renumber(user)
    after = mailbox.look()
    assert after.uidvalidity != before.uidvalidity
    assert len(after.uids) == 3


def test_old_numbers_never_move_other_mails(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """A UID from before a renumbering is refused after a reconnect, not applied to another mail."""
    dovecot.deliver(user, letter(number=1), letter(number=2))
    uids = mailbox.look().uids
    mailbox.close()
    dovecot.renumber(user)
    with pytest.raises(Trouble, match="renumbered"):
        mailbox.move(uids[:1], "Processed")
    assert len(mailbox.look().uids) == 2


# --- waiting


def arrival_in(seconds: float, deliver: Callable[[], None]) -> list[float]:
    """Deliver later, in another thread; the list gets the moment it was done."""
    done: list[float] = []

    def go() -> None:
        deliver()
        done.append(time.monotonic())

    threading.Timer(seconds, go).start()
    return done


def test_a_poll_notices_a_mail_well_under_a_second(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """On loopback a new mail is noticed soon after its delivery."""
    mailbox.look()
    done = arrival_in(0.3, lambda: dovecot.deliver(user, letter()))
    assert mailbox.wait(20)
    assert not done or time.monotonic() - done[0] < 2  # the notice may even beat LMTP's answer
    assert mailbox.look().uids == (1,)


@pytest.mark.usefixtures("by_idle")
def test_idle_notices_a_mail(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """IDLE ends when a mail comes, and can be begun again."""
    for count in (1, 2):
        mailbox.look()
        arrival_in(0.2, lambda: dovecot.deliver(user, letter()))
        start = time.monotonic()
        assert mailbox.wait(20)
        assert time.monotonic() - start < 5
        assert len(mailbox.look().uids) == count


@pytest.mark.parametrize("idle", [False, True])
def test_a_wake_ends_the_wait_at_once(mailbox: Mailbox, idle: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte in the pipe ends any wait, and is left for its reader."""
    if idle:
        monkeypatch.setattr("bot.edge.mailbox.mailbox.LOOPBACK_POLL", 0)
    mailbox.look()
    reading, writing = os.pipe()
    threading.Timer(0.2, lambda: os.write(writing, b"!")).start()
    start = time.monotonic()
    assert mailbox.wait(20, reading) is False
    assert time.monotonic() - start < 3
    assert os.read(reading, 10) == b"!"
    assert mailbox.look().uids == ()
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("idle", [False, True])
def test_a_wait_without_mail_ends_in_time(mailbox: Mailbox, idle: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing came: False, when the time is up."""
    if idle:
        monkeypatch.setattr("bot.edge.mailbox.mailbox.LOOPBACK_POLL", 0)
    mailbox.look()
    start = time.monotonic()
    assert mailbox.wait(0.5) is False
    assert 0.4 < time.monotonic() - start < 3


def test_a_mail_announced_beside_another_answer_is_not_slept_over(
    dovecot: Dovecot, user: str, mailbox: Mailbox
) -> None:
    """A mail that the server mentions during a fetch ends the next wait at once."""
    dovecot.deliver(user, letter(number=1))
    uids = mailbox.look().uids
    dovecot.deliver(user, letter(number=2))
    mailbox.fetch(uids)
    start = time.monotonic()
    assert mailbox.wait(20)
    assert time.monotonic() - start < 3


@pytest.mark.bench
@pytest.mark.parametrize("idle", [False, True], ids=["poll", "idle"])
def test_what_waiting_costs(
    mailbox: Mailbox, idle: bool, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """A figure, not a law: the share of a core that waiting takes, from a second of it."""
    if idle:
        monkeypatch.setattr("bot.edge.mailbox.mailbox.LOOPBACK_POLL", 0)
    mailbox.look()
    before = resource.getrusage(resource.RUSAGE_THREAD)
    assert mailbox.wait(1) is False
    after = resource.getrusage(resource.RUSAGE_THREAD)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    record_property("seconds of CPU in a minute of waiting", round(used * 60, 4))


# --- coming back


def test_the_server_may_go_and_come_back() -> None:
    """While it is away every call is Trouble; afterwards the same mailbox works again."""
    with Dovecot() as server:
        user = server.new_user()
        server.deliver(user, letter())
        box = Mailbox(server.account(user))
        assert box.look().uids == (1,)
        server.stop()
        for _ in range(2):
            with pytest.raises(Trouble) as trouble:
                box.look()
            assert trouble.value.temporary
        server.start()
        assert box.look().uids == (1,)


def test_reconnecting_slows_down_and_never_waits_a_minute() -> None:
    """After five failures there is at most one login in 30 s; no wait exceeds 60 s."""
    waits = [reconnect_after(failures, 0) for failures in range(1, 20)]
    assert waits == sorted(waits)
    assert all(reconnect_after(failures, spread) >= 30 for failures in range(5, 20) for spread in (0, 0.5, 1))
    assert all(reconnect_after(failures, 1) <= 60 for failures in range(1, 1000))


def test_a_refused_login_is_told_apart(dovecot: Dovecot, user: str) -> None:
    """A wrong password is Trouble with a long wait, and the password is in none of its words."""
    box = Mailbox(replace(dovecot.account(user), password=lambda: "canary-7731"))
    with pytest.raises(Trouble, match="refuses the login") as trouble:
        box.look()
    assert trouble.value.wait >= 60
    assert trouble.value.public
    assert "canary" not in f"{trouble.value!r}{trouble.value.public}{trouble.value.__cause__!r}{box.account!r}"


def test_a_password_may_hold_blanks_and_quotes() -> None:
    """What an IMAP string would have to quote reaches the server as it is."""
    password = 'p"a ss\\ word'
    with PostOffice({"cmpcr@meridell.example": password}, "mx.meridell.example") as ports:
        account = ImapAccount("127.0.0.1", ports.imap, "none", "cmpcr@meridell.example", lambda: password)
        assert Mailbox(account).look().uids == ()


@pytest.mark.parametrize("host", ["mail.meridell.example", "192.0.2.1", "10.0.0.7"])
def test_clear_text_is_for_loopback_only(host: str) -> None:
    """An account without TLS on another machine cannot even be written down."""
    with pytest.raises(ValueError, match="TLS"):
        ImapAccount(host, 143, "none", "bot", lambda: "x")


def test_a_name_with_a_line_break_is_refused() -> None:
    """No name that goes into a command may hold a control character."""
    with pytest.raises(ValueError, match="control"):
        ImapAccount("localhost", 143, "none", "bot", lambda: "x", parked="Parked\r\nA1 DELETE INBOX")


# --- the same laws on pymap


def test_the_embedded_server_keeps_the_same_laws() -> None:
    """Look, fetch, move, wait and wake work on the post office as on Dovecot."""
    from bot.edge.outbox import Outbox, SmtpAccount

    with PostOffice({"cmpcr@meridell.example": "secret"}, "mx.meridell.example") as ports:
        box = Mailbox(ImapAccount("127.0.0.1", ports.imap, "none", "cmpcr@meridell.example", lambda: "secret"))
        assert box.look().uids == ()
        outbox = Outbox(SmtpAccount("127.0.0.1", ports.smtp, "none"))
        arrival_in(
            0.2,
            lambda: (
                [outbox.send("ana@coyotetel.example", "cmpcr@meridell.example", letter(number=n)) for n in range(3)],
                None,
            )[1],
        )
        assert box.wait(10)
        time.sleep(0.2)
        uids = box.look().uids
        assert [mail.raw.endswith(letter(number=n)) for n, mail in enumerate(box.fetch(uids))] == [True] * 3
        box.move(uids[:2], "Processed")
        box.move(uids[2:], "CMP/Parked")
        assert box.look().uids == ()
        box.close()


# --- TLS


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


# --- a server that means harm

Answer = bytes | Callable[["Conversation"], None]
POLITE: dict[str, Answer] = {
    "greeting": b"* OK ready\r\n",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\nTAG OK done\r\n",
    "LOGIN": b"TAG OK welcome\r\n",
    "LIST": b'* LIST (\\Noselect) "/" ""\r\nTAG OK done\r\n',
    "SELECT": b"* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK [READ-WRITE] done\r\n",
    "SEARCH": b"* SEARCH 1\r\nTAG OK done\r\n",
    "SIZES": b'* 1 FETCH (UID 1 RFC822.SIZE 9 INTERNALDATE "02-Mar-2026 09:00:00 +0000")\r\nTAG OK done\r\n',
    "BODIES": b"* 1 FETCH (UID 1 BODY[] {9}\r\nA: b\r\n\r\nc)\r\nTAG OK done\r\n",
    "MOVE": b"* 1 EXPUNGE\r\nTAG OK done\r\n",
    "NOOP": b"TAG OK done\r\n",
    "IDLE": b"+ idling\r\n",
    "DONE": b"TAG OK done\r\n",
    "LOGOUT": b"* BYE\r\nTAG OK bye\r\n",
}


class Conversation:
    """One connection to the hostile server."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.tag = b""

    def say(self, answer: Answer) -> None:
        """Send an answer, with the client's tag put in."""
        if callable(answer):
            answer(self)
        else:
            self.line.sendall(answer.replace(b"TAG", self.tag))


class Hostile:
    """A small IMAP server that answers from a table; `harm` replaces rows for the first connections."""

    def __init__(self, harm: dict[str, Answer], times: int = 1, context: ssl.SSLContext | None = None) -> None:
        self.harm, self.times, self.context = harm, times, context
        self.connections = 0
        self.heard: list[bytes] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> "Hostile":
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()

    def account(self, **settings: Any) -> ImapAccount:
        """How to open it: with little patience."""
        given: dict[str, Any] = {"tls": "none", "connect_timeout": 0.3, "read_timeout": 0.3, "poll": 0.05} | settings
        return ImapAccount("127.0.0.1", self.port, username="bot", password=lambda: PASSWORD, **given)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        answers = POLITE | (self.harm if self.connections <= self.times else {})
        with suppress(OSError, ValueError):
            if self.context:
                line = self.context.wrap_socket(line, server_side=True)
            conversation = Conversation(line)
            conversation.say(answers["greeting"])
            with line.makefile("rb") as commands:
                for command in commands:
                    self.heard.append(command)
                    conversation.say(answers[_row(command, conversation)])
        line.close()


def _row(command: bytes, conversation: Conversation) -> str:
    """The row of the table that a command line asks for."""
    if command == b"DONE\r\n":
        return "DONE"
    conversation.tag, verb, *rest = command.split()
    if verb == b"UID":
        verb, rest = rest[0], rest[1:]
    if verb == b"FETCH":
        return "BODIES" if b"BODY.PEEK" in command else "SIZES"
    return verb.decode()


def hang(conversation: Conversation) -> None:
    """Say nothing for long."""
    time.sleep(30)


def drop(conversation: Conversation) -> None:
    """Close the connection."""
    conversation.line.shutdown(socket.SHUT_RDWR)
    raise OSError


def drip(conversation: Conversation) -> None:
    """Send a byte now and then, never a line."""
    while True:
        conversation.line.sendall(b"*")
        time.sleep(0.05)


def flood(conversation: Conversation) -> None:
    """Send lines without end."""
    while True:
        conversation.line.sendall(b"* OK still here\r\n" * 1000)


HARM: dict[str, Answer] = {
    "hang": hang,
    "drop": drop,
    "drip": drip,
    "flood": flood,
    "bye": b"* BYE overloaded\r\n",
    "no-tag": b"OK done\r\n",
    "wrong-tag": b"ZZZZ9 OK done\r\n",
    "garbage": b"\x00\xff\xfe{}()\r\n",
    "half-a-line": b"* 1 EX",
    "huge-literal": b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n",
    "absurd-literal": b"* 1 FETCH (UID 1 BODY[] {" + b"9" * 6000 + b"}\r\n",
    "long-line": b"* OK " + b"x" * 1_500_000 + b"\r\n",
    "bad": b"TAG BAD " + PASSWORD.encode() + b" what?\r\n",
}
STEPS = (
    "greeting",
    "CAPABILITY",
    "LOGIN",
    "SELECT",
    "SEARCH",
    "SIZES",
    "BODIES",
    "LIST",
    "MOVE",
    "NOOP",
    "IDLE",
    "DONE",
)


def a_turn(box: Mailbox) -> int:
    """One turn of everything a mailbox can do; the number of mails seen."""
    fetched = box.fetch(box.look().uids)
    box.move([mail.uid for mail in fetched], "Processed")
    box.wait(0.1)
    return len(fetched)


def harmed(step: str, harm: str) -> None:
    """One turn against harm at one step, and one on a better day."""
    with Hostile({step: HARM[harm]}) as server:
        box = Mailbox(server.account(poll=0 if step in {"IDLE", "DONE"} else 0.05))
        start, cpu = time.monotonic(), time.thread_time()
        try:
            a_turn(box)
        except Trouble as trouble:
            assert trouble.temporary
            assert PASSWORD not in f"{trouble!r}{trouble.public}"
            assert box._client is None
        assert time.monotonic() - start < 10, harm
        assert time.thread_time() - cpu < 2, harm
        assert server.connections == 1, harm
        box.close()
        box = Mailbox(replace(box.account, read_timeout=10, connect_timeout=10))
        assert a_turn(box) == 1, harm


@pytest.mark.parametrize("step", STEPS)
def test_no_harm_at_any_step_hangs_or_escapes(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the server does at whatever step: Trouble within the time-outs, or a turn that ends;
    one connection, the password in no word; and the next turn on a better day succeeds."""
    if step in {"IDLE", "DONE"}:
        monkeypatch.setattr("bot.edge.mailbox.mailbox.LOOPBACK_POLL", 0)
    with ThreadPoolExecutor(len(HARM)) as pool:  # they mostly wait for time-outs
        list(pool.map(lambda harm: harmed(step, harm), HARM))


@pytest.mark.parametrize(
    "answers",
    [
        {"SEARCH": b"* SEARCH 0\r\nTAG OK done\r\n"},
        {"SEARCH": b"* SEARCH 4294967296\r\nTAG OK done\r\n"},
        {"SEARCH": b"* SEARCH -1\r\nTAG OK done\r\n"},
        {"SEARCH": b"* SEARCH one two\r\nTAG OK done\r\n"},
        {"SEARCH": b"* SEARCH " + b"9" * 5000 + b"\r\nTAG OK done\r\n"},
        {"SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 0] x\r\nTAG OK done\r\n"},
        {"SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY x] x\r\nTAG OK done\r\n"},
        {"SELECT": b"* 1 EXISTS\r\nTAG OK done\r\n"},
        {"SELECT": b"* x EXISTS\r\n* OK [UIDVALIDITY 5] x\r\nTAG OK done\r\n"},
        {"SELECT": b"TAG NO no such folder\r\n"},
        {"SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK [READ-ONLY] done\r\n"},
        {"SIZES": b"* 1 FETCH (((((\r\nTAG OK done\r\n"},
        {"SIZES": b"* 1 FETCH " + b"(" * 100_000 + b"\r\nTAG OK done\r\n"},
    ],
)
def test_numbers_out_of_range_are_trouble(answers: dict[str, Answer]) -> None:
    """UIDs, UIDVALIDITY and counts are believed only within their range."""
    with Hostile(answers) as server:
        box = Mailbox(server.account())
        fetched: tuple[object, ...] = ()
        with suppress(Trouble):
            fetched = box.fetch(box.look().uids)
        assert fetched == ()


def test_a_size_that_lies_is_found_out() -> None:
    """A mail stated as small may not send gigabytes."""
    with Hostile({"BODIES": b"* 1 FETCH (UID 1 BODY[] {500000000}\r\n"}) as server:
        box = Mailbox(server.account())
        with pytest.raises(Trouble, match="more than it was asked for"):
            box.fetch(box.look().uids)


def test_mails_nobody_asked_for_are_ignored() -> None:
    """An answer for another UID is not taken for the mail that was asked for."""
    other = b"* 1 FETCH (UID 99 BODY[] {3}\r\nabc)\r\nTAG OK done\r\n"
    with Hostile({"BODIES": other}) as server:
        box = Mailbox(server.account())
        assert box.fetch(box.look().uids) == ()


@pytest.mark.parametrize(
    "date", ["32-Foo-2026 99:00:00 +0000", "01-Jan-0001 00:00:00 +1400", "31-Dec-9999 23:59:59 -1200"]
)
def test_an_absurd_arrival_is_no_error(date: str) -> None:
    """An INTERNALDATE that is no instant, or hardly one, still yields an aware one in UTC."""
    sizes = f'* 1 FETCH (UID 1 RFC822.SIZE 9 INTERNALDATE "{date}")\r\nTAG OK done\r\n'.encode()
    with Hostile({"SIZES": sizes}) as server:
        box = Mailbox(server.account())
        assert box.fetch(box.look().uids)[0].arrived.tzinfo is UTC


def test_one_mail_that_cannot_be_had_does_not_hide_the_others() -> None:
    """When a batch is refused its mails are asked for one by one."""

    def bodies(conversation: Conversation) -> None:
        numbers = bodies_heard[-1].split()[3].split(b",")
        if b"1" in numbers:
            conversation.say(b"TAG NO [SERVERBUG] damaged\r\n")
        else:
            conversation.say(b"* 2 FETCH (UID 2 BODY[] {1}\r\nx)\r\nTAG OK done\r\n")

    sizes = b"* 1 FETCH (UID 1 RFC822.SIZE 9)\r\n* 2 FETCH (UID 2 RFC822.SIZE 1)\r\nTAG OK done\r\n"
    with Hostile({"SEARCH": b"* SEARCH 2 1 2\r\nTAG OK x\r\n", "SIZES": sizes, "BODIES": bodies}) as server:
        bodies_heard = server.heard
        box = Mailbox(server.account())
        look = box.look()
        assert look.uids == (1, 2)
        assert [(mail.uid, mail.raw) for mail in box.fetch(look.uids)] == [(2, b"x")]


@pytest.mark.parametrize("idle", [b"+ idling\r\n* 2 EXISTS\r\n", b"* 2 EXISTS\r\n+ idling\r\n"])
@pytest.mark.usefixtures("by_idle")
def test_news_around_the_continuation_are_heard(idle: bytes) -> None:
    """A mail announced in the same packet as IDLE's `+`, before or after it, ends the wait at once."""
    with Hostile({"IDLE": idle}) as server:
        box = Mailbox(server.account(poll=0, read_timeout=5))
        box.look()
        start = time.monotonic()
        assert box.wait(10)
        assert time.monotonic() - start < 2


@pytest.mark.usefixtures("by_idle")
def test_idle_without_news_is_not_a_busy_loop() -> None:
    """A server that ends every IDLE with small talk is asked about once a second."""
    with Hostile({"IDLE": b"+ idling\r\n* OK still here\r\n"}) as server:
        box = Mailbox(server.account(poll=0, read_timeout=5))
        box.look()
        assert box.wait(2.5) is False
        assert sum(b"IDLE" in command for command in server.heard) <= 4


def test_commands_hold_numbers_and_our_own_names_only() -> None:
    """Nothing that a sender wrote is ever part of a command (reliability.md T26)."""
    evil = b"Message-ID: <a\r\n A1 DELETE INBOX>\r\nSubject: A2 LOGOUT\r\n\r\nA3 DELETE INBOX\r\n"
    body = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\nTAG OK done\r\n" % (len(evil), evil)
    with Hostile({"BODIES": body}) as server:
        assert a_turn(Mailbox(server.account())) == 1
        grammar = re.compile(
            rb'[A-Z]+\d+ (CAPABILITY|NOOP|LOGIN bot "[^"]*"|LIST "" ""|SELECT "?INBOX"?|UID SEARCH [A-Z0-9: ]+|'
            rb'UID FETCH [\d,]+ \([A-Z0-9. \[\]]+\)|UID MOVE [\d,]+ "?Processed"?)\r\n'
        )
        assert [command for command in server.heard if not grammar.fullmatch(command)] == []


def test_a_password_may_hold_any_letter() -> None:
    """Where the server knows PLAIN, a password outside ASCII is sent in UTF-8 (RFC 4616)."""
    rows: dict[str, Answer] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK done\r\n",
        "AUTHENTICATE": b"+ \r\n",
    }
    with Hostile(rows) as server:
        with pytest.raises(Trouble):
            Mailbox(replace(server.account(), password=lambda: "gr\u00fc\u00df dich")).look()
        assert b64decode(server.heard[-1]).decode() == "\0bot\0gr\u00fc\u00df dich"


# --- nobody gets the password


def start_tls(conversation: Conversation) -> None:
    """Agree to STARTTLS, slipping in an answer that was never asked for."""
    conversation.say(b"TAG OK begin\r\n* CAPABILITY IMAP4rev1 EVIL\r\n")
    line = CONTEXTS["right"].wrap_socket(conversation.line, server_side=True)
    conversation.line = line
    with line.makefile("rb") as commands:
        for command in commands:
            conversation.say(POLITE[_row(command, conversation)])


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
