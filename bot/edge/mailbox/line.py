"""The line to the server: imaplib and IMAPClient, held to an allowance, encrypted, logged in.

Its one rule: no answer is read that was not allowed, and no password is sent on a line that is
not to be trusted (reliability.md T48, T49).
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from bot.edge.mailbox.account import ImapAccount
from bot.edge.patience import SLOWEST, Patience, dial, patient
from bot.edge.xoauth2 import MEANING, Exchange
from bot.errors import Trouble

ANSWER_BYTES = 4_000_000  # what any answer without mails in it may hold
LOGIN_REFUSED_WAIT = 300  # seconds; servers lock accounts after a few refusals

# What a broken or hostile server makes imaplib, IMAPClient and ssl raise; all of it is the world's trouble.
BROKEN = (OSError, IMAPClientError, ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError,
          RecursionError, EOFError)  # fmt: skip


class Allowance(Patience):
    """What the server may send in answer to one command, in bytes and in seconds: imaplib reads whatever
    size the server claims."""

    def __init__(self, waiting: Callable[[], None], seconds: float) -> None:
        super().__init__(waiting)
        self.received = self.consumed = 0
        self.allow(ANSWER_BYTES, seconds)

    @property
    def unread(self) -> int:
        """Bytes that came off the socket but wait in the reader's buffer, unseen by select."""
        return self.received - self.consumed

    def allow(self, size: int, seconds: float) -> None:
        """Begin anew: so many bytes, within so many seconds from now."""
        self.most = self.received + size
        self.grant(seconds)

    def claim(self, more: int = 0) -> None:
        """Raise OSError once the allowance is used up, or would be by so many more bytes."""
        self.check()
        if self.consumed + more > self.most:
            raise OSError("the server sends more than it was asked for")


def _watched(kind: type[socket.socket], allowance: Allowance) -> type[Any]:
    """A kind of socket that counts what it receives; one class a connection, so that the socket
    that STARTTLS makes is watched from its first byte."""

    class Watched(patient(kind, allowance)):  # type: ignore[misc]  # the base is an argument
        def recv_into(self, *args: Any) -> int:
            allowance.claim()
            count: int = super().recv_into(*args)
            allowance.received += count
            return count

    return Watched


def _context(account: ImapAccount, allowance: Allowance) -> ssl.SSLContext | None:
    """A context that verifies name and chain; None without TLS, for reading the CA bundle takes 20 ms."""
    if account.tls == "none":
        return None
    context = ssl.create_default_context(cafile=account.ca_file)
    context.sslsocket_class = _watched(ssl.SSLSocket, allowance)
    return context


class _Line(imaplib.IMAP4):
    """imaplib's connection with our sockets under it."""

    def __init__(self, account: ImapAccount, allowance: Allowance, context: ssl.SSLContext | None) -> None:
        self._account, self._allowance, self._context = account, allowance, context
        super().__init__(account.host, account.port, account.connect_timeout)

    def _create_socket(self, timeout: float | None) -> Any:
        plain = dial(self.host, self.port, timeout, self._allowance)
        if self._account.tls == "tls" and self._context:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        line = _watched(socket.socket, self._allowance)(fileno=plain.detach())
        line.settimeout(timeout)
        return line

    def read(self, size: int) -> bytes:
        self._allowance.claim(size)
        data = super().read(size)
        self._allowance.consumed += len(data)
        return data

    def readline(self) -> bytes:
        line = super().readline()
        self._allowance.consumed += len(line)
        return line

    def news(self, *, forget: bool = False) -> bool:
        """Has the server spoken of new mails (EXISTS) since the last SELECT or forgetting?"""
        heard = "EXISTS" in self.untagged_responses
        if forget:
            self.untagged_responses.pop("EXISTS", None)
        return heard


class Client(IMAPClient):  # type: ignore[misc]  # an untyped library
    """IMAPClient on our line."""

    def __init__(self, account: ImapAccount, waiting: Callable[[], None]) -> None:
        self.account = account
        self.allowance = Allowance(waiting, account.connect_timeout + account.read_timeout)
        context = _context(account, self.allowance)
        self._make: Callable[[], _Line] = lambda: _Line(account, self.allowance, context)
        super().__init__(
            account.host,
            account.port,
            ssl=account.tls == "tls",
            ssl_context=context,
            timeout=SocketTimeout(account.connect_timeout, account.read_timeout),
        )
        self.normalise_times = False
        # QUIRK: IMAPClient raises imaplib's debug level, which formats every line received (and the
        # password sent) for a log that nobody reads; without it a fetch costs a fraction.
        self.line.debug = 0

    def _create_IMAP4(self) -> _Line:  # noqa: N802  # IMAPClient's name for it
        self.line: _Line = self._make()
        return self.line

    def grant(self, size: int = 0) -> None:
        """Allow the next answer, with so many bytes of mail in it."""
        self.allowance.allow(ANSWER_BYTES + 2 * size, self.account.read_timeout + size / SLOWEST)

    def enter(self, token: str) -> None:
        """Encrypt where that was asked for, and log in: with an access token, or where it is empty with the
        password. Raises TokenRefused for a token that the server does not take."""
        if self.line.state != "NONAUTH":
            raise Trouble("mailbox: the server skips the login (PREAUTH), which is not to be trusted")
        if self.account.tls == "starttls":
            self.starttls(self.ssl_context)
            if self.allowance.unread:
                raise Trouble("mailbox: somebody slipped in answers before the encryption began")
        if token:
            self._present(token)
            return
        try:
            login = self.plain_login if self.has_capability("AUTH=PLAIN") else self.login
            login(self.account.username, self.account.password())
        except LoginError as error:
            raise _refused(error) from None

    def _present(self, token: str) -> None:
        """Log in by XOAUTH2.

        QUIRK: IMAPClient's own oauth2_login answers the server's reason with the token once more.
        """
        if not self.has_capability("AUTH=XOAUTH2"):
            raise Trouble("mailbox: the server offers no XOAUTH2; are `mailbox.host` and `mailbox.auth` right?")
        exchange = Exchange(self.account.username, token)
        try:
            self._command_and_check("authenticate", "XOAUTH2", exchange)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if "[UNAVAILABLE]" in str(error):
                raise OSError("the server cannot check the login now") from None
            why = exchange.why()
        else:
            return
        raise TokenRefused(why)

    def idle(self) -> None:
        """Begin an IDLE.

        QUIRK: IMAPClient fails when the server mentions a new mail before its `+`, as RFC 3501
        section 7 allows; here such lines are kept for `news`.
        """
        self._idle_tag = self.line._command("IDLE")
        while self.line._get_response() is not None:
            if self.line.tagged_commands[self._idle_tag]:
                raise OSError("the server refuses to IDLE")

    def heard(self) -> bool:
        """Is there anything to read, or read already, that a select on the socket would not show?"""
        decrypted = getattr(self.socket(), "pending", int)()
        return bool(self.line.news() or self.allowance.unread or decrypted)


class TokenRefused(Exception):
    """The server takes this access token for none; the text is its reason."""


def connect(account: ImapAccount, waiting: Callable[[], None]) -> Client:
    """A connection, logged in. Whenever the server takes its time, `waiting` is called. Raises Trouble for a
    login that is refused or must not be made, else whatever of BROKEN the libraries raise."""
    if account.token is None:
        return _entered(account, "", waiting)
    token = account.token("")
    try:
        return _entered(account, token, waiting)
    except TokenRefused:
        pass  # it may have been revoked, or end early: one more try with another, on a new connection
    try:
        return _entered(account, account.token(token), waiting)
    except TokenRefused as refused:
        why = str(refused)
    raise _login_refused(f" with a token just renewed{why}{MEANING}")


def _entered(account: ImapAccount, token: str, waiting: Callable[[], None]) -> Client:
    client = Client(account, waiting)
    try:
        client.enter(token)
    except BaseException:
        shut(client)
        raise
    return client


def shut(client: Client) -> None:
    """Close a connection, whatever state it is in."""
    with suppress(*BROKEN):
        client.shutdown()


def _refused(error: LoginError) -> Exception:
    """What a failed login means. Of the server's words only the code is kept: it may echo what it was sent."""
    if isinstance(error.__context__, IMAPClientAbortError) or "[UNAVAILABLE]" in str(error):
        return OSError("the connection broke during the login")
    code = re.search(r"\[[A-Z-]+\]", str(error))
    return _login_refused(f" {code[0]}" if code else "")


def _login_refused(why: str) -> Trouble:
    return Trouble(
        f"mailbox: the server refuses the login{why}",
        public="The mail server refuses the bot's login.",
        wait=LOGIN_REFUSED_WAIT,
    )


def cause(error: BaseException) -> str:
    """What went wrong, without a word of any mail: libraries quote the line they stumbled over."""
    match error:
        case IMAPClientAbortError():
            return "the connection broke, or the server closed it"
        case OSError():
            return str(error)[:200] or type(error).__name__
        case IMAPClientError():
            return "the server refused a command"
        case _:
            return f"the server's answer makes no sense ({type(error).__name__})"
