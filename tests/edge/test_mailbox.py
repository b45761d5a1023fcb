"""The mailbox against a real Dovecot and pymap."""

import os
import re
import resource
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from imapclient import IMAPClient

from bot.edge.mailbox import ImapAccount, Mailbox, reconnect_after
from bot.edge.mailbox.answers import Stated, grouped, wire_name
from bot.edge.postoffice import PostOffice
from bot.errors import Trouble
from tests.faults.proxy import Proxy
from tests.servers import Dovecot, letter


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


def second_client(account: ImapAccount) -> IMAPClient:
    """Another program at the same mailbox."""
    client = IMAPClient(account.host, account.port, ssl=False)
    client.login(account.username, account.password())
    client.select_folder("INBOX")
    return client


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


@pytest.mark.parametrize("prefix", ["", "INBOX."])
def test_a_survey_leaves_nothing_behind(prefix: str) -> None:
    """It names what the server can and which folders are there, and makes none of ours."""
    with Dovecot(separator=".", prefix=prefix) as server:
        box = Mailbox(server.account(server.new_user(), parked="CMP/Parked"))
        box.move(box.look().uids, "Processed")
        first = box.survey()
        assert {"MOVE", "UIDPLUS", "IDLE"} <= set(first.capabilities)
        assert first.folders == ("INBOX",)
        assert first.refused == ()
        assert box.survey() == first


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


def test_what_stays_marked_as_deleted_hides_no_later_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be removed, there are once more mails than one look asks for."""
    monkeypatch.setattr("bot.edge.mailbox.mailbox.MOST_UIDS", 5)
    with Dovecot(settings="imap_capability = IMAP4rev1") as server:
        user = server.new_user()
        box = Mailbox(server.account(user))
        for came in range(4):
            server.deliver(user, *(letter(number=4 * came + n) for n in range(4)))
            uids = box.look().uids
            assert uids == tuple(range(4 * came + 1, 4 * came + 5))
            box.move(uids, "Processed")
        server.deliver(user, *(letter(number=50 + n) for n in range(9)))
        assert box.look().uids == tuple(range(17, 22))


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


@pytest.mark.parametrize("vanished", [(), (2, 5)], ids=["no folder yet", "and two mails gone"])
def test_what_is_refused_as_a_whole_is_asked_for_as_a_whole_again(
    dovecot: Dovecot, user: str, vanished: tuple[int, ...]
) -> None:
    """A missing folder, or a mail that vanished, costs one more command, and not one for each mail."""
    dovecot.deliver(user, *(letter(number=n) for n in range(40)))
    with Proxy(dovecot.imap) as line:
        box = Mailbox(replace(dovecot.account(user), port=line.port))
        uids = box.look().uids
        other = second_client(dovecot.account(user))
        other.delete_messages(vanished)
        other.expunge()
        box.move(uids, "Processed")
        assert sum(b"UID MOVE" in piece for piece in line.asked) == 2
        assert box.look().uids == ()
        box.close()
    assert len(dovecot.files(user, ".Processed")) == 40 - len(vanished)


def test_a_folder_that_cannot_be_made_holds_nothing_else_up(dovecot: Dovecot, user: str, mailbox: Mailbox) -> None:
    """What cannot be moved is named, stays, and can be moved once the folder can be made."""
    dovecot.deliver(user, *(letter(number=n) for n in range(4)))
    mailbox.move(mailbox.look().uids[:1], "Processed")
    in_the_way = dovecot.folder / "mail" / user / ".Parked"
    in_the_way.write_text("no folder")
    assert mailbox.move((2, 3), "Parked") == (2, 3)
    assert mailbox.move((4,), "Processed") == ()
    in_the_way.unlink()
    assert mailbox.move((2, 3), "Parked") == ()
    assert (mailbox.look().uids, len(dovecot.files(user, ".Parked"))) == ((), 2)


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
