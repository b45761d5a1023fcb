"""The outbox: hands a letter's bytes to the SMTP server and says what became of them.

Its one rule: the bytes are sent as they were stored, over a connection that is kept while it is
good; what the server says is an outcome (Sent, Later, Dead), and only a server that cannot be used
at all is Trouble.

The ambiguity window: once the final dot is out, a letter whose answer never comes may or may not
have been taken; no protocol can tell (reliability.md F10). We wait long for that answer, and then
choose twice over never: Later, with a reason that begins with UNCERTAIN, and the same bytes with the
same Message-ID at the next try.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from bot.edge.certificate import certificate_ends
from bot.edge.patience import SLOWEST, Patience, dial, patient
from bot.edge.smtp_login import TokenRefused, login_refused, with_password, with_token
from bot.edge.xoauth2 import MEANING
from bot.errors import Trouble
from bot.mail.letter import Dead, Delivery, Later, Sent

UNCERTAIN = "no answer after the end of the letter; it may have been taken"
REACHED = 15.0  # seconds for each address of a host; a server that is there is reached sooner
OK, OK_FORWARDED, GO_AHEAD, CLOSING = 250, 251, 354, 421
TOOK = frozenset({OK, OK_FORWARDED})
TAKEN, FOR_NOW, FOR_GOOD = 2, 4, 5  # the first digit of an answer (RFC 5321 section 4.2.1)
LOGIN_CODES = frozenset({530, 534, 535, 538})  # RFC 4954: the session may not send, whatever the letter
LOST = LOGIN_CODES | {CLOSING}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+", re.ASCII)  # printable, no blank, no angle bracket, one @

# What a broken server makes smtplib and ssl raise; smtplib.SMTPException is an OSError.
BROKEN = (OSError, ValueError)


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where letters are handed over; no user name means no login. Times in seconds.

    Where there is a `token`, it and no password logs in (XOAUTH2): it gives an access token, another one
    than that which it is called with.
    `name` is how we present ourselves (a domain), `last_timeout` how long to wait for the answer to
    the final dot: RFC 5321 section 4.5.3.2.6 says 10 minutes, and a shorter wait makes duplicates.
    Raises ValueError for a login or a letter in clear text over a network.
    """

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"]
    username: str = ""
    password: Callable[[], str] = field(default=str, repr=False)
    ca_file: str | None = None
    timeout: float = 60
    last_timeout: float = 600
    name: str = "localhost"
    token: Callable[[str], str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.tls == "none" and self.host.lower() not in LOOPBACK:
            raise ValueError("without TLS only a server on this machine may be used")


class Outbox:
    """One SMTP connection, made when first used, kept for the next letter, renewed when lost. While a server is
    waited for, for whose last word that may be minutes, `waiting` is called again and again."""

    def __init__(self, account: SmtpAccount, waiting: Callable[[], None] = lambda: None) -> None:
        self.account = account
        self._waiting = waiting
        self._line: smtplib.SMTP | None = None

    def send(self, return_path: str, to: str, wire: bytes) -> Delivery:
        """Send a letter to one address; `return_path` may be empty, `wire` is CRLF throughout.

        Sent, or Later (4xx, a lost connection, an account that may not send), or Dead (5xx, or a letter that no
        server can take).
        Raises Trouble when no connection can be made or the login is refused.
        """
        if (flaw := _flaw(return_path, to, wire)) is not None:
            return Dead(flaw)
        line, fresh = self._connected()
        refusal = _begin(line, return_path, to, len(wire))
        if refusal and refusal[0] in LOST and not fresh:
            # The server gave up the connection since the last letter, or the login has ended, as one with
            # a token does; nothing was sent of this one.
            self._drop()
            line, _ = self._connected()
            refusal = _begin(line, return_path, to, len(wire))
        return self._refused(line, *refusal) if refusal else self._hand_over(line, wire)

    def connect(self) -> None:
        """Connect and log in, where that is not done yet. Raises Trouble when it cannot be done."""
        self._connected()

    def certificate_ends(self) -> datetime | None:
        """Until when the server's certificate is good, in UTC; None without TLS. Raises Trouble."""
        return certificate_ends(self._connected()[0].sock)

    def close(self) -> None:
        """Say goodbye, in at most two seconds, and close the connection."""
        if self._line is not None:
            with suppress(*BROKEN):
                _sock(self._line).settimeout(2)
                self._line.quit()
        self._drop()

    def _connected(self) -> tuple[smtplib.SMTP, bool]:
        if self._line is not None:
            return self._line, False
        ask = self.account.token
        if ask is None:
            return self._log_in(""), True
        token = ask("")
        try:
            return self._log_in(token), True
        except TokenRefused:
            pass  # it may have been revoked, or end early: one more try with another, on a new connection
        try:
            return self._log_in(ask(token)), True
        except TokenRefused as error:
            why = str(error)
        raise login_refused(f" with a token just renewed{why}{MEANING}")

    def _log_in(self, token: str) -> smtplib.SMTP:
        """A new connection, encrypted and logged in, with a token unless it is empty. Raises TokenRefused,
        and Trouble for everything else."""
        account = self.account
        try:
            # Always our own context: smtplib's own verifies nothing (reliability.md 0.7).
            context = None if account.tls == "none" else ssl.create_default_context(cafile=account.ca_file)
            self._line = line = _Line(account, context, self._waiting)
            if account.tls == "starttls":
                line.starttls(context=context)
            line.ehlo_or_helo_if_needed()
            if token:
                with_token(line, account.username, token)
            elif account.username:
                with_password(line, account.username, account.password())
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            if error.smtp_code // 100 == FOR_GOOD:
                raise login_refused() from None  # a server may echo what it was sent
            raise Trouble("outbox: the server cannot check the login now") from None
        except BROKEN as error:
            self._drop()
            raise Trouble(f"outbox: {_said(error)}", public="The mail server cannot be reached.") from error
        except (TokenRefused, Trouble):
            self._drop()
            raise
        return line

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(*BROKEN):
                line.close()

    def _hand_over(self, line: smtplib.SMTP, wire: bytes) -> Delivery:
        """What becomes of the letter once the server waits for it."""
        try:
            line.send(_stuffed(wire))
        except BROKEN as error:
            self._drop()
            return Later(_said(error))
        return self._answer(line)

    def _answer(self, line: smtplib.SMTP) -> Delivery:
        """What the server says after the final dot."""
        try:
            _sock(line).settimeout(self.account.last_timeout)
            code, text = line.getreply()
            _sock(line).settimeout(self.account.timeout)
        except BROKEN as error:
            self._drop()
            return Later(f"{UNCERTAIN} ({_said(error)})")
        if code // 100 == TAKEN:
            return Sent()
        if code // 100 not in {FOR_NOW, FOR_GOOD}:  # the line may have been cut in the middle of a 250
            self._drop()
            return Later(f"{UNCERTAIN} ({_reply(code, text)})")
        return self._refused(line, code, text)

    def _refused(self, line: smtplib.SMTP, code: int, text: bytes) -> Delivery:
        """A refusal's outcome; the connection is made ready for the next letter, or closed."""
        reply = _reply(code, text)
        known = code // 100 in {FOR_NOW, FOR_GOOD}
        try:
            ready = known and code != CLOSING and line.rset()[0] == OK
        except BROKEN:
            ready = False
        if not ready or code in LOGIN_CODES:
            self._drop()
        if code in LOGIN_CODES:
            raise login_refused()
        if code // 100 != FOR_GOOD:
            return Later(reply)
        return Later(reply, barred=True) if _of_our_account(reply) else Dead(reply)


def _sock(line: smtplib.SMTP) -> socket.socket:
    return cast(socket.socket, line.sock)  # it has one from the first word on until it is dropped


class _Line(smtplib.SMTP):
    """smtplib's connection with patient sockets under it. Whatever it says and hears has an end: a server that lets
    its answer drip would else hold us for ever."""

    def __init__(self, account: SmtpAccount, context: ssl.SSLContext | None, waiting: Callable[[], None]) -> None:
        self._at_once = account.tls == "tls"
        self._context, self._patience = context, Patience(waiting)
        if context:
            context.sslsocket_class = patient(ssl.SSLSocket, self._patience)
        super().__init__(account.host, account.port, account.name, account.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        plain = dial(host, port, min(timeout, REACHED), self._patience)
        plain.settimeout(timeout)
        if self._at_once and self._context:
            return self._context.wrap_socket(plain, server_hostname=host)
        line = patient(socket.socket, self._patience)(fileno=plain.detach())
        line.settimeout(timeout)
        return line

    def send(self, s: str | bytes) -> None:  # type: ignore[override]  # the base wants what has a buffer, too
        self._grant(len(s))
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self._grant()
        return super().getreply()

    def _grant(self, size: int = 0) -> None:
        if self.sock:
            self._patience.grant((self.sock.gettimeout() or 0) + size / SLOWEST)


def _begin(line: smtplib.SMTP, return_path: str, to: str, size: int) -> tuple[int, bytes] | None:
    """Name sender and recipient and announce the letter, all at once where the server lets us (RFC
    2920); gives the answer that refuses something, or None when the server waits for the letter. A
    connection that breaks here counts as one that the server closed: nothing was sent of the letter."""
    announced = f" SIZE={size}" if line.has_extn("size") else ""
    commands = (
        (f"MAIL FROM:<{return_path}>{announced}\r\n", TOOK),
        (f"RCPT TO:<{to}>\r\n", TOOK),
        ("DATA\r\n", frozenset({GO_AHEAD})),
    )
    try:
        for together in (commands,) if line.has_extn("pipelining") else ((each,) for each in commands):
            line.send("".join(command for command, _ in together))
            answers = list(_answers(line, len(together)))
            for answer, (_, wanted) in zip(answers, together, strict=False):  # a server that closes says no more
                if answer[0] not in wanted:
                    if answer is not answers[-1] and answers[-1][0] == GO_AHEAD:
                        line.close()  # it would take whatever comes next for a letter to nobody (RFC 2920 section 3.1)
                    return answer
    except BROKEN as error:
        return CLOSING, _said(error).encode("ascii", "replace")
    return None


def _answers(line: smtplib.SMTP, count: int) -> Iterator[tuple[int, bytes]]:
    """The answers to so many commands; a server that closes gives no more of them."""
    for _ in range(count):
        code, text = line.getreply()
        yield code, text
        if code == CLOSING:
            return


def _of_our_account(reply: str) -> bool:
    from bot.intake.bounce import of_our_account  # noqa: PLC0415 - next to no letter is refused

    return of_our_account(reply)


def _flaw(return_path: str, to: str, wire: bytes) -> str | None:
    """Why no server could take this letter, or None."""
    if not _ADDRESS.fullmatch(to):
        return "the recipient's address cannot be written in SMTP"
    if return_path and not _ADDRESS.fullmatch(return_path):
        return "the sender's address cannot be written in SMTP"
    left = b"".join(wire.split(b"\r\n"))
    if b"\r" in left or b"\n" in left or not wire.endswith(b"\r\n"):
        return "a line of the letter does not end in CRLF"  # a bare CR or LF can smuggle a second mail
    return None


def _stuffed(wire: bytes) -> bytes:
    """The letter with dots doubled and the final dot (RFC 5321 section 4.5.2)."""
    doubled = wire.replace(b"\r\n.", b"\r\n..")
    return (b"." if wire.startswith(b".") else b"") + doubled + b".\r\n"


def _reply(code: int, text: bytes) -> str:
    """A server's answer, to be read by people."""
    return _clean(f"{code} {text.decode('ascii', 'replace')}")


def _clean(text: str) -> str:
    """A server's words in one printable line of at most 300 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:300]


def _said(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _clean(f"{error.smtp_code} {text.decode('ascii', 'replace') if isinstance(text, bytes) else text}")
    return _clean(str(error)) or type(error).__name__
