"""The mailbox against a server that means harm: nothing hangs it, nothing escapes it."""

import re
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC

import pytest

from bot.edge.mailbox import Mailbox
from bot.edge.mailbox.withheld import Withheld
from bot.errors import Trouble
from tests.edge.hostile import Answer, Conversation, Hostile, drip, drop, flood, hang
from tests.servers import PASSWORD

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
        assert server.connections <= 1 + (step in {"SIZES", "BODIES"}), harm
        box.close()
        box = Mailbox(replace(box.account, read_timeout=10, connect_timeout=10))
        assert a_turn(box) == 1, harm


@pytest.mark.parametrize("step", STEPS)
def test_no_harm_at_any_step_hangs_or_escapes(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the server does at whatever step: Trouble within the time-outs, or a turn that ends;
    one connection, or another one to ask for the mails again; the password in no word; and the next turn on a
    better day succeeds."""
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
    with Hostile(answers, times=9) as server:
        box = Mailbox(server.account())
        fetched: tuple[object, ...] = ()
        with suppress(Trouble):
            fetched = box.fetch(box.look().uids)
        assert fetched == ()


def test_a_size_that_lies_is_found_out() -> None:
    """A mail stated as small may not send gigabytes; it is withheld."""
    with Hostile({"BODIES": b"* 1 FETCH (UID 1 BODY[] {500000000}\r\n"}, times=9) as server:
        box = Mailbox(server.account())
        assert box.fetch(box.look().uids) == ()
        assert box.withheld == (1,)


def test_a_mail_larger_than_stated_is_cut_to_its_header() -> None:
    """A stated size may be an estimate: what turns out too large to be kept is kept as such a mail is."""
    raw = b"Subject: large\r\n\r\n" + b"x" * 5000
    body = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\nTAG OK done\r\n" % (len(raw), raw)
    with Hostile({"BODIES": body}) as server:
        box = Mailbox(server.account(largest=1000))
        (mail,) = box.fetch(box.look().uids)
        assert (mail.raw, mail.truncated) == (b"Subject: large\r\n\r\n", True)


def test_a_mail_that_breaks_the_line_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mails beside it are had in the same turn, on a new connection; it is not asked for again soon."""

    def sizes(conversation: Conversation) -> None:
        for number in numbers():
            conversation.say(f"* {number} FETCH (UID {number} RFC822.SIZE 1)\r\n".encode())
        conversation.say(b"TAG OK done\r\n")

    def bodies(conversation: Conversation) -> None:
        for number in numbers():
            if number in broken:
                drop(conversation)
            conversation.say(f"* {number} FETCH (UID {number} BODY[] {{1}}\r\nx)\r\n".encode())
        conversation.say(b"TAG OK done\r\n")

    def numbers() -> list[int]:
        return [int(number) for number in server.heard[-1].split()[3].split(b",")]

    monkeypatch.setattr("bot.edge.mailbox.withheld.FIRST", 60.0)
    broken = {2}
    search = b"* SEARCH 1 2 3 4\r\nTAG OK done\r\n"
    with Hostile({"SEARCH": search, "SIZES": sizes, "BODIES": bodies}, times=99) as server:
        box = Mailbox(server.account(read_timeout=5))
        assert [mail.uid for mail in box.fetch(box.look().uids)] == [1, 3, 4]
        assert (box.withheld, server.connections) == ((2,), 3)
        assert [mail.uid for mail in box.fetch((2, 4))] == [4]
        assert server.connections == 3
        assert box.fetch((4,))
        assert not box.withheld, "it is not wanted any more"

        broken |= {1, 3, 4}
        with pytest.raises(Trouble):  # of all of them none can be had
            box.fetch(box.look().uids)
        assert box.withheld == (1, 2), "some of them at each turn, so that there is an end of it"
        box.close()
        assert not box.withheld


def test_what_is_withheld_is_asked_for_ever_more_rarely() -> None:
    """After a second first, at last once an hour, and after all others."""
    seconds = 0.0
    held = Withheld(lambda: seconds)
    waits = []
    for _ in range(14):
        held.add([7])
        began = seconds
        while held.parted([7, 8]) != ([8], [7]):
            seconds += 1
        waits.append(seconds - began)
    assert waits == [*(2**n for n in range(12)), 3600, 3600]
    held.remove([7])
    assert held.parted([7, 8]) == ([7, 8], [])


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
        assert box.withheld == (1,)


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


def test_a_survey_finds_the_folders_that_cannot_be_made() -> None:
    """Where the server makes no folders, those of ours that are missing are named; none is deleted."""
    with Hostile({"CREATE": b"TAG NO [NOPERM] not for you\r\n"}) as server:
        assert Mailbox(server.account()).survey().refused == ("Processed", "Parked", "Quarantine")
        assert not any(b"DELETE" in command for command in server.heard)


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
