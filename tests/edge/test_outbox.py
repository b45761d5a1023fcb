"""The outbox against a real SMTP server that obeys a script: each code at each command."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.edge.outbox import UNCERTAIN, Outbox, SmtpAccount
from bot.errors import Trouble
from bot.mail.letter import Dead, Later, Sent
from tests.faults.proxy import Deed, Harm, Proxy
from tests.servers import DROP, HANG, Certificate, Command, Sink, certificate, letter, messages

OURS, THEIRS = "cmpcr@meridell.example", "ana@coyotetel.example"
WIRE = letter("PC030226-1 acknowledged")


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
def sink(request: pytest.FixtureRequest) -> Iterator[Sink]:
    """A sink that takes several commands at once, and one that does not say so."""
    with Sink(pipelining=request.param) as server:
        yield server


@pytest.fixture
def outbox(sink: Sink) -> Iterator[Outbox]:
    """An outbox that sends to the sink."""
    box = Outbox(sink.account(timeout=0.5, last_timeout=0.5))
    yield box
    box.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for this machine, signed by a CA that only the tests know."""
    return certificate(tmp_path_factory.mktemp("ca"))


def test_a_letter_arrives_byte_for_byte(sink: Sink, outbox: Outbox) -> None:
    """Envelope and bytes are what was given, leading dots included."""
    wire = b".first\r\n" + letter(body=".\r\n..\r\n.dotted\r\n\r\n. end")
    assert outbox.send(OURS, THEIRS, wire) == Sent()
    assert (sink.taken[0].sender, sink.taken[0].to, sink.taken[0].raw) == (OURS, (THEIRS,), wire)


def test_a_null_return_path_is_sent_as_such(sink: Sink, outbox: Outbox) -> None:
    """A letter whose bounces nobody needs has an empty envelope sender."""
    assert outbox.send("", THEIRS, WIRE) == Sent()
    assert not sink.taken[0].sender


def test_fifty_letters_share_one_connection(sink: Sink, outbox: Outbox) -> None:
    """A turn's letters go over one connection, in order."""
    letters = [letter(number=n) for n in range(50)]
    assert {outbox.send(OURS, THEIRS, wire) for wire in letters} == {Sent()}
    assert sink.connections == 1
    assert messages(sink.taken) == tuple(letters)


AT: tuple[Command, ...] = ("MAIL", "RCPT", "DATA", "DOT")


@pytest.mark.parametrize("command", AT)
@pytest.mark.parametrize("code", [421, 450, 451, 452, 500, 501, 503, 521, 550, 552, 554])
def test_a_refusal_is_later_or_dead(sink: Sink, outbox: Outbox, command: Command, code: int) -> None:
    """4xx is for now, 5xx for good, in the server's own words; the next letter is not affected."""
    sink.say(command, f"{code} 5.0.0 because of the moon", times=2)
    outcome = Later if code < 500 else Dead
    assert outbox.send(OURS, THEIRS, WIRE) == outcome(f"{code} 5.0.0 because of the moon")
    assert sink.taken == []
    sink.behave()
    assert outbox.send(OURS, THEIRS, letter("next")) == Sent()
    assert sink.connections == (2 if code == 421 else 1)


@pytest.mark.parametrize("command", AT)
@pytest.mark.parametrize(
    "answer",
    [
        "550 5.4.5 Daily user sending limit exceeded.",
        "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
        "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message",
        "554 5.2.252 SendAsDenied; bot not allowed to send as cmpcr",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "553 5.7.1 <cmpcr@meridell.example>: Sender address rejected: not owned by user bot",
        "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
    ],
)
def test_a_refusal_of_our_account_is_no_letters_fault(
    sink: Sink, outbox: Outbox, command: Command, answer: str
) -> None:
    """Where the account may not send, or no more today, every letter would be refused: it says so, and the letter goes
    out once that is mended."""
    sink.say(command, answer, times=1)
    assert outbox.send(OURS, THEIRS, WIRE) == Later(answer, barred=True)
    assert outbox.send(OURS, THEIRS, WIRE) == Sent()
    assert messages(sink.taken) == (WIRE,)


@pytest.mark.parametrize(
    "answer",
    [
        "552 5.2.2 recipient has exceeded daily receive quota",
        "550 5.1.1 address not owned by us",
        "554 5.7.1 Relay access denied",
    ],
)
def test_what_is_said_of_a_recipient_bars_nothing(sink: Sink, outbox: Outbox, answer: str) -> None:
    """Only that letter is dead."""
    sink.say("RCPT", answer, times=1)
    assert outbox.send(OURS, THEIRS, WIRE) == Dead(answer)


ANSWERS = ("250 odd here", "220 hello", "999 what", "xyz", "354 go on", DROP, HANG)
FITTING = {
    "MAIL": {"250 odd here"},
    "RCPT": {"250 odd here"},
    "DATA": {"354 go on"},
    "DOT": {"250 odd here", "220 hello"},
}
NONSENSE = [(command, answer) for command in AT for answer in ANSWERS if answer not in FITTING[command]]


@pytest.mark.parametrize(("command", "answer"), NONSENSE)
def test_nonsense_is_never_taken_for_success(sink: Sink, outbox: Outbox, command: Command, answer: str) -> None:
    """An answer out of place means later, on a new connection; only 2xx after the dot means sent."""
    sink.say(command, answer, times=1)
    assert isinstance(outbox.send(OURS, THEIRS, WIRE), Later)
    sink.behave()
    assert outbox.send(OURS, THEIRS, letter("next")) == Sent()
    assert messages(sink.taken) == (letter("next"),)
    assert sink.connections == 2


@pytest.mark.parametrize("command", ["CONNECT", "EHLO"])
@pytest.mark.parametrize("answer", ["421 busy", "451 try later", "500 no", "550 no", "554 go away", "xyz", DROP, HANG])
def test_no_connection_is_trouble(sink: Sink, outbox: Outbox, command: Command, answer: str) -> None:
    """A server that will not talk at all is Trouble for now, whatever it says."""
    sink.say(command, answer)
    start = time.monotonic()
    with pytest.raises(Trouble) as trouble:
        outbox.send(OURS, THEIRS, WIRE)
    assert trouble.value.temporary
    assert command == "EHLO" or not answer[0].isdigit() or answer in str(trouble.value)
    assert time.monotonic() - start < 5
    sink.behave()
    assert outbox.send(OURS, THEIRS, WIRE) == Sent()


def test_a_refused_reset_costs_only_the_connection(sink: Sink, outbox: Outbox) -> None:
    """Where even RSET fails after a refusal, the next letter gets a new connection."""
    sink.say("RCPT", "550 no such user", times=1)
    sink.say("RSET", "502 what?", times=1)
    assert isinstance(outbox.send(OURS, THEIRS, WIRE), Dead)
    assert outbox.send(OURS, THEIRS, WIRE) == Sent()
    assert sink.connections == 2


def test_one_refused_recipient_leaves_the_others(sink: Sink, outbox: Outbox) -> None:
    """Each letter has its own fate."""
    sink.say("RCPT", "550 5.1.1 no such user", about="gone@")
    outcomes = [outbox.send(OURS, to, WIRE) for to in (THEIRS, "gone@coyotetel.example", "bo@coyotetel.example")]
    assert outcomes == [Sent(), Dead("550 5.1.1 no such user"), Sent()]
    assert sink.connections == 1


def test_no_letter_to_nobody_is_begun(sink: Sink, outbox: Outbox) -> None:
    """A server that refuses the recipient and waits for the letter all the same gets none."""
    sink.say("RCPT", "550 5.1.1 no such user", times=1)
    sink.say("DATA", "354 go on", times=1)
    assert outbox.send(OURS, THEIRS, WIRE) == Dead("550 5.1.1 no such user")
    sink.behave()
    assert outbox.send(OURS, THEIRS, letter("next")) == Sent()
    assert messages(sink.taken) == (letter("next"),)
    assert sink.connections == (2 if sink.pipelining else 1)  # a reset would have become the letter's text


def test_a_servers_words_are_cleaned_and_cut(sink: Sink, outbox: Outbox) -> None:
    """A reply becomes one printable line of bounded length."""
    sink.say("RCPT", "550-first\r\n550 \x1b[31m" + "x" * 400)
    outcome = outbox.send(OURS, THEIRS, WIRE)
    assert isinstance(outcome, Dead)
    assert outcome.reason.startswith("550 first [31mxxx")
    assert outcome.reason.isprintable()
    assert len(outcome.reason) <= 300


@pytest.mark.parametrize("swallowed", [DROP, HANG])
def test_a_swallowed_answer_is_retried_with_the_same_bytes(sink: Sink, outbox: Outbox, swallowed: str) -> None:
    """After the final dot nobody can know: Later, saying so; N lost answers make at most N copies."""
    sink.swallow(swallowed, times=3)
    outcomes = [outbox.send(OURS, THEIRS, WIRE) for _ in range(4)]
    assert all(isinstance(outcome, Later) and outcome.reason.startswith(UNCERTAIN) for outcome in outcomes[:3])
    assert outcomes[3] == Sent()
    assert messages(sink.taken) == (WIRE,) * 4


def test_before_the_dot_nothing_is_uncertain(sink: Sink, outbox: Outbox) -> None:
    """A connection lost before the letter was whole makes no duplicate, and does not claim one."""
    sink.say("DATA", DROP, times=1)
    outcome = outbox.send(OURS, THEIRS, WIRE)
    assert isinstance(outcome, Later)
    assert UNCERTAIN not in outcome.reason


def test_half_a_letter_is_no_letter(sink: Sink) -> None:
    """A connection lost in the middle of a letter leaves no doubt either: the next try brings it, once."""
    long = WIRE + b"%s\r\n" % (b"x" * 76) * 100_000
    with Proxy(sink.port) as line:
        box = Outbox(SmtpAccount("127.0.0.1", line.port, "none", timeout=5, last_timeout=5))
        line.begin(Harm(Deed.CUT, command=3 if sink.pipelining else 5))  # after EHLO, MAIL, RCPT and DATA
        outcome = box.send(OURS, THEIRS, long)
        assert isinstance(outcome, Later)
        assert UNCERTAIN not in outcome.reason
        assert box.send(OURS, THEIRS, long) == Sent()
        box.close()
    assert messages(sink.taken) == (long,)


def test_the_last_answer_is_waited_for_longest(sink: Sink) -> None:
    """RFC 5321 gives the server ten minutes to answer the final dot."""
    sink.swallow(HANG)
    start = time.monotonic()
    assert isinstance(Outbox(sink.account(timeout=0.3, last_timeout=1.2)).send(OURS, THEIRS, WIRE), Later)
    assert time.monotonic() - start > 1.1
    assert SmtpAccount("localhost", 25, "none").last_timeout == 600


def test_an_idle_connection_that_was_cut_is_renewed(sink: Sink, outbox: Outbox) -> None:
    """A server tired of waiting costs nothing but a new connection."""
    assert outbox.send(OURS, THEIRS, letter(number=1)) == Sent()
    sink.drop_connections()
    time.sleep(0.1)
    assert outbox.send(OURS, THEIRS, letter(number=2)) == Sent()
    sink.say("MAIL", "421 idle for too long", times=1)
    assert outbox.send(OURS, THEIRS, letter(number=3)) == Sent()
    assert sink.connections == 3
    assert len(sink.taken) == 3


def test_a_login_that_ended_is_made_again(sink: Sink, outbox: Outbox) -> None:
    """A kept connection may outlive the token with which it was opened: one more login, and on it goes."""
    assert outbox.send(OURS, THEIRS, letter(number=1)) == Sent()
    sink.say("MAIL", "530 5.7.57 Client not authenticated", times=1)
    assert outbox.send(OURS, THEIRS, letter(number=2)) == Sent()
    assert (sink.connections, len(sink.taken)) == (2, 2)


def test_a_server_may_go_and_come_back(sink: Sink, outbox: Outbox) -> None:
    """Away, it is Trouble; back, the same outbox sends."""
    assert outbox.send(OURS, THEIRS, letter(number=1)) == Sent()
    sink.stop()
    for _ in range(2):
        with pytest.raises(Trouble) as trouble:
            outbox.send(OURS, THEIRS, letter(number=2))
        assert trouble.value.temporary
    sink.start()
    assert outbox.send(OURS, THEIRS, letter(number=2)) == Sent()
    assert messages(sink.taken) == (letter(number=1), letter(number=2))


def test_closing_twice_is_closing(sink: Sink, outbox: Outbox) -> None:
    """An outbox may be closed at any time, and used again."""
    outbox.close()
    assert outbox.send(OURS, THEIRS, WIRE) == Sent()
    outbox.close()
    outbox.close()
    assert outbox.send(OURS, THEIRS, WIRE) == Sent()
    assert sink.connections == 2


STRANGE = (
    *("", "ana", "ana@", "@x.example", "a na@x.example", "<a@x.example>", "a@b@c.example", "zoë@x.example"),
    *("a@x.example>\r\nRCPT TO:<b@x.example", "a@x.example\n", "a@x.example\x00"),
)


@pytest.mark.parametrize("to", STRANGE)
def test_a_strange_address_is_dead_and_unsent(sink: Sink, outbox: Outbox, to: str) -> None:
    """What cannot be written in SMTP is refused here; no address can hold a command."""
    assert isinstance(outbox.send(OURS, to, WIRE), Dead)
    assert isinstance(outbox.send(to or "x", THEIRS, WIRE), Dead)
    assert sink.commands == []


@pytest.mark.parametrize(
    "wire", [b"a: b\n\nc\r\n", b"a: b\r\n\r\nc\n.\r\nMAIL FROM:<x>\r\n", b"a\rb\r\n", b"no end", b""]
)
def test_bare_line_breaks_never_leave(sink: Sink, outbox: Outbox, wire: bytes) -> None:
    """Strict CRLF: a bare CR or LF could smuggle a second mail (reliability.md T24)."""
    assert isinstance(outbox.send(OURS, THEIRS, wire), Dead)
    assert sink.commands == []


def test_clear_text_is_for_loopback_only() -> None:
    """An account without TLS on another machine cannot even be written down."""
    with pytest.raises(ValueError, match="TLS"):
        SmtpAccount("mail.meridell.example", 25, "none")


def test_a_login_comes_first(sink: Sink) -> None:
    """With a user name every connection logs in before it sends."""
    sink.password = "canary-5512"
    box = Outbox(sink.account(username="bot", password=lambda: "canary-5512"))
    box.connect()
    assert box.send(OURS, THEIRS, WIRE) == Sent()
    assert sink.connections == 1
    assert sink.commands.index("AUTH") < sink.commands.index("MAIL")


@pytest.mark.parametrize("password", ["gr\u00fcn-5512", "\u5bc6\u7801 5512", 'a\\b "c"'])
def test_a_password_may_have_any_letter(sink: Sink, password: str) -> None:
    """As for the mailbox; a wrong one is refused as any other is, and no letter of it is in the words."""
    sink.password = password
    box = Outbox(sink.account(username="bot", password=lambda: password))
    assert box.send(OURS, THEIRS, WIRE) == Sent()
    box.close()
    sink.password = "another one"
    with pytest.raises(Trouble, match=r"^outbox: the server refuses the login$"):
        box.send(OURS, THEIRS, WIRE)


def test_a_refused_login_is_told_apart(sink: Sink) -> None:
    """A wrong password is Trouble with a long wait, and is in none of its words."""
    box = Outbox(sink.account(username="bot", password=lambda: "canary-5512"))
    with pytest.raises(Trouble, match="refuses the login") as trouble:
        box.send(OURS, THEIRS, WIRE)
    assert trouble.value.wait >= 60
    assert "canary" not in f"{trouble.value!r}{trouble.value.__cause__!r}{box.account!r}"
    assert "MAIL" not in sink.commands
    with pytest.raises(Trouble):
        box.connect()
    assert sink.connections == 2  # nothing is said over a line at which a login was refused


def test_a_connection_is_made_ahead_of_letters(sink: Sink, outbox: Outbox) -> None:
    """Whoever checks the server sends nothing, and the first letter goes over the same connection."""
    outbox.connect()
    assert (sink.connections, "MAIL" in sink.commands) == (1, False)
    assert outbox.send(OURS, THEIRS, WIRE) == Sent()
    assert sink.connections == 1


def test_an_account_shows_neither_password_nor_token() -> None:
    """Not where it is printed by mistake, either."""
    account = SmtpAccount("localhost", 25, "none", password=lambda: "x", token=lambda _: "x")
    assert "lambda" not in repr(account)


@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_a_server_that_wants_a_login_is_trouble_not_death(sink: Sink, outbox: Outbox, code: int) -> None:
    """These speak of the session (RFC 4954): the letter stays owed."""
    sink.say("MAIL", f"{code} 5.7.0 Authentication required", times=1)
    with pytest.raises(Trouble):
        outbox.send(OURS, THEIRS, WIRE)
    assert outbox.send(OURS, THEIRS, WIRE) == Sent()


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_private_ca_is_trusted_when_named(authority: Certificate, tls: str) -> None:
    """With the CA's file letters go out encrypted; without it nothing is said at all."""
    with Sink(tls=authority, implicit_tls=tls == "tls", password="canary-5512") as sink:
        login = {"username": "bot", "password": lambda: "canary-5512"}
        with pytest.raises(Trouble, match="certificate"):
            Outbox(sink.account(tls, ca_file=None, **login)).send(OURS, THEIRS, WIRE)  # type: ignore[arg-type]
        assert not {"AUTH", "MAIL"} & set(sink.commands)
        assert Outbox(sink.account(tls, **login)).send(OURS, THEIRS, WIRE) == Sent()  # type: ignore[arg-type]


def test_a_certificate_has_an_end(sink: Sink, outbox: Outbox, authority: Certificate) -> None:
    """Whoever watches over it is told when, in UTC; without encryption there is none."""
    with Sink(tls=authority) as encrypted:
        ends = Outbox(encrypted.account("starttls")).certificate_ends()
    assert ends is not None
    assert timedelta(0) < ends - datetime.now(UTC) < timedelta(days=400)
    assert outbox.certificate_ends() is None


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_for_another_name_is_refused(tmp_path: Path, tls: str) -> None:
    """The right CA with the wrong name is as bad as none."""
    with Sink(tls=certificate(tmp_path, "DNS:elsewhere.example"), implicit_tls=tls == "tls") as sink:
        with pytest.raises(Trouble, match="certificate"):
            Outbox(sink.account(tls, username="bot")).send(OURS, THEIRS, WIRE)  # type: ignore[arg-type]
        assert not {"AUTH", "MAIL"} & set(sink.commands)


def test_stripped_encryption_sends_nothing(sink: Sink, authority: Certificate) -> None:
    """Where STARTTLS is asked for and not offered, no login and no letter leaves."""
    box = Outbox(sink.account("starttls", username="bot", ca_file=str(authority.ca)))
    with pytest.raises(Trouble):
        box.send(OURS, THEIRS, WIRE)
    assert not {"AUTH", "MAIL"} & set(sink.commands)


def test_the_name_we_give_is_the_configured_one(sink: Sink) -> None:
    """EHLO carries our domain, and the DNS is not asked for it."""
    sink.say("EHLO", "550 who?", about="mail.meridell.example")
    with pytest.raises(Trouble):
        Outbox(sink.account(name="mail.meridell.example")).send(OURS, THEIRS, WIRE)


def test_nothing_is_left_open(sink: Sink) -> None:
    """Fifty failures leave no descriptor behind."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    sink.say("EHLO", "554 no")
    box = Outbox(sink.account())
    for _ in range(50):
        with pytest.raises(Trouble):
            box.send(OURS, THEIRS, WIRE)
    time.sleep(0.2)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 5
