"""The mailbox: one IMAP connection, in one thread, that looks, fetches, moves and waits.

Its one rule: the server's word is checked and a sender's word never reaches it. Commands hold
UIDs and our own folder names only (a Message-ID in a SEARCH once deleted a folder, reliability.md
0.2); every answer is bounded in bytes and in seconds, and every number in it is looked at.
Whatever goes wrong becomes Trouble, and the next call starts on a new connection.
"""

import imaplib
import ipaddress
import select
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from re import search
from time import monotonic
from typing import Any, Literal

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from bot.errors import Trouble

BATCH = 50  # mails a FETCH: beyond it nothing is won (performance.md 2)
BATCH_BYTES = 20_000_000
MOVE_BATCH = 500  # keeps a command line under 8 kB, which every server takes
MOST_UIDS = 20_000  # a SEARCH answer is one line, and imaplib reads no line over 1 MB
HEADER_BYTES = 262_144
ANSWER_BYTES = 4_000_000  # what any answer without mails in it may hold
SLOWEST_LINE = 65_536  # bytes a second; below it a body counts as stalled
LONGEST_IDLE = 540  # seconds; RFC 2177 asks for less than 29 minutes, NAT boxes for less than 10
LOOPBACK_POLL = 0.2  # seconds; nothing leaves the machine, and it costs a fifth of a percent of a core
REMOTE_POLL = 10.0  # seconds, where the server has no IDLE
LOGIN_REFUSED_WAIT = 300  # seconds; servers lock accounts after a few refusals

# What a broken or hostile server makes imaplib, IMAPClient and ssl raise; all of it is the world's trouble.
BROKEN = (OSError, IMAPClientError, ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError,
          RecursionError, EOFError)  # fmt: skip


def reconnect_after(failures: int, spread: float) -> float:
    """Seconds to wait before connecting again after `failures` (1 or more) in a row.

    `spread` is a random number from 0 to 1 that the caller draws. From the fifth failure on there
    is at most one login in 30 s, and never a wait over 60 s (reliability.md F7, F8).
    """
    wait = (1.0, 2.0, 4.0, 8.0, 30.0, 48.0)[min(max(failures, 1), 6) - 1]
    return wait * (1 + spread / 4)


def is_loopback(host: str) -> bool:
    """True for a host that cannot be reached from another machine."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where the mailbox is and how to open it; times in seconds, sizes in bytes.

    Folder names are written with `/`; the server's own separator and prefix are put in later.
    `poll` is the pause between two looks while waiting; 0 chooses: short on loopback, else IDLE.
    Raises ValueError for what must never be tried: a login in clear text over a network, control
    characters in a name.
    """

    host: str
    port: int
    tls: Literal["tls", "starttls", "none"]
    username: str
    password: Callable[[], str] = field(repr=False)
    inbox: str = "INBOX"
    processed: str = "Processed"
    parked: str = "Parked"
    quarantine: str = "Quarantine"
    ca_file: str | None = None
    connect_timeout: float = 10
    read_timeout: float = 60
    largest: int = 25 * 1024 * 1024
    poll: float = 0

    def __post_init__(self) -> None:
        if self.tls == "none" and not is_loopback(self.host):
            raise ValueError("without TLS only a server on this machine may be used")
        for name in (self.username, self.inbox, self.processed, self.parked, self.quarantine):
            if not name.isprintable():
                raise ValueError(f"a name holds a control character: {name!r}")


@dataclass(frozen=True, slots=True)
class Look:
    """What lies in the inbox: UIDs in ascending order, valid under `uidvalidity` only."""

    uidvalidity: int
    uids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server keeps it. `arrived` is the INTERNALDATE, aware, in UTC; a truncated
    mail was over the account's limit and holds its headers only."""

    uid: int
    arrived: datetime
    raw: bytes
    truncated: bool = False


class Mailbox:
    """The bot's mailbox; connects when first used, and again after any Trouble.

    Every method may raise Trouble(temporary); the connection is then closed.
    """

    def __init__(self, account: ImapAccount) -> None:
        self.account = account
        self._client: Any = None
        self._allowance = Allowance()
        self._selected = False
        self._uidvalidity = 0
        self._namespace: tuple[str, str] | None = None

    def look(self) -> Look:
        """The UIDs of the mails in the inbox, at most the first 20,000 of them."""
        with self._talk() as client:
            found = self._select(client)
            self._uidvalidity = _number(found[b"UIDVALIDITY"])
            criteria = ["ALL"] if _removes(client) else ["UNDELETED"]
            if found[b"EXISTS"] > MOST_UIDS:
                criteria.append(f"1:{MOST_UIDS}")
            return Look(self._uidvalidity, tuple(sorted({_number(uid) for uid in client.search(criteria)})))

    def fetch(self, uids: Sequence[int]) -> tuple[Fetched, ...]:
        """The mails with these UIDs; those that vanished meanwhile are left out.

        All of them are held in memory: for more than a few, take them by `batches`.
        """
        return tuple(chain.from_iterable(self.batches(uids)))

    def batches(self, uids: Sequence[int]) -> Iterator[tuple[Fetched, ...]]:
        """The same mails, up to 50 and 20 MB at a time, each batch fetched when it is asked for."""
        for start in range(0, len(uids), BATCH):
            with self._talk() as client:
                self._reselect(client)
                stated = self._stated(client, uids[start : start + BATCH])
            for group in _grouped(stated, self.account.largest):
                yield self._bodies(group)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails out of the inbox into a folder, which is made when missing; those that
        vanished are no error. Where the server has neither MOVE nor UIDPLUS, they are copied and
        marked deleted, and `look` no longer shows them."""
        for start in range(0, len(uids), MOVE_BATCH):
            with self._talk() as client:
                self._reselect(client)
                self._move(client, uids[start : start + MOVE_BATCH], self._folder(client, folder))

    def wait(self, seconds: float, wake: int | None = None) -> bool:
        """Wait for mail, at most so many seconds (and nine minutes): True when some may have come.

        `wake` is a descriptor that ends the wait as soon as it can be read; it is not read here.
        Look again after every wait: a server may forget to announce a mail.
        """
        with self._talk() as client:
            self._reselect(client)
            end = monotonic() + min(seconds, LONGEST_IDLE)
            pause = self._pause(client)
            while not client.line.news() and (left := end - monotonic()) > 0:
                if pause:
                    woken = bool(select.select(_given(wake), [], [], min(pause, left))[0])
                    self._grant()
                    client.noop()
                else:
                    woken = self._idle(client, left, wake)
                if woken:
                    return False
            return bool(client.line.news(forget=True))

    def close(self) -> None:
        """Log out, in at most two seconds, and close the connection."""
        if self._client is not None:
            with suppress(*BROKEN):
                self._client.socket().settimeout(1)
                self._allowance.grant(ANSWER_BYTES, 1)
                self._client.logout()
        self._drop()

    # --- the connection

    @contextmanager
    def _talk(self, size: int = 0) -> Iterator[Any]:
        """The connection, allowed to answer with so many bytes of mail; breaks into Trouble."""
        try:
            if self._client is None:
                self._connect()
            self._grant(size)
            yield self._client
        except Trouble:
            self._drop()
            raise
        except BROKEN as error:
            self._drop()
            raise Trouble(f"mailbox: {_cause(error)}", public="The mailbox cannot be reached.") from error

    def _grant(self, size: int = 0) -> None:
        self._allowance.grant(ANSWER_BYTES + 2 * size, self.account.read_timeout + size / SLOWEST_LINE)

    def _connect(self) -> None:
        account = self.account
        self._allowance = Allowance()
        self._allowance.grant(ANSWER_BYTES, account.connect_timeout + account.read_timeout)
        context = _context(account, self._allowance)
        self._client = client = _Client(account, self._allowance, context)
        if client.line.state != "NONAUTH":
            raise Trouble("mailbox: the server skips the login (PREAUTH), which is not to be trusted")
        if account.tls == "starttls":
            client.starttls(context)
            if self._allowance.unread:
                raise Trouble("mailbox: somebody slipped in answers before the encryption began")
        self._login(client)

    def _login(self, client: Any) -> None:
        account = self.account
        try:
            if client.has_capability("AUTH=PLAIN"):
                client.plain_login(account.username, account.password())
            else:
                client.login(account.username, account.password())
        except LoginError as error:
            if isinstance(error.__context__, IMAPClientAbortError) or "[UNAVAILABLE]" in str(error):
                raise OSError("the connection broke during the login") from None
            code = search(r"\[[A-Z-]+\]", str(error))  # only the code: a server may echo what it was sent
            raise Trouble(
                f"mailbox: the server refuses the login {code[0] if code else ''}".rstrip(),
                public="The mail server refuses the bot's user name or password.",
                wait=LOGIN_REFUSED_WAIT,
            ) from None

    def _drop(self) -> None:
        client, self._client, self._selected, self._namespace = self._client, None, False, None
        if client is not None:
            with suppress(*BROKEN):
                client.shutdown()

    # --- the steps

    def _select(self, client: Any) -> Mapping[bytes, Any]:
        found: Mapping[bytes, Any] = client.select_folder(self._folder(client, self.account.inbox))
        client.line.news(forget=True)
        self._selected = True
        return found

    def _reselect(self, client: Any) -> None:
        """On a new connection, make sure that the UIDs of the last look still mean the same mails."""
        if self._selected:
            return
        uidvalidity = _number(self._select(client)[b"UIDVALIDITY"])
        if self._uidvalidity and uidvalidity != self._uidvalidity:
            raise Trouble("mailbox: the folder was renumbered since the last look")

    def _folder(self, client: Any, name: str) -> str:
        if name.upper() == "INBOX":
            return name
        if self._namespace is None:
            self._namespace = _namespace(client)
        return wire_name(name, *self._namespace)

    def _stated(self, client: Any, uids: Sequence[int]) -> tuple["Stated", ...]:
        answers = _ask(client, uids, ["RFC822.SIZE", "INTERNALDATE"])
        return tuple(Stated(uid, _arrival(answer), _size(answer)) for uid, answer in answers.items())

    def _bodies(self, group: tuple["Stated", ...]) -> tuple[Fetched, ...]:
        truncated = group[0].size > self.account.largest
        item = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>" if truncated else "BODY.PEEK[]"
        key = b"BODY[HEADER]<0>" if truncated else b"BODY[]"
        size = HEADER_BYTES if truncated else sum(mail.size for mail in group)
        with self._talk(size) as client:
            self._reselect(client)
            answers = _ask(client, [mail.uid for mail in group], [item])
        return tuple(
            Fetched(mail.uid, mail.arrived, _raw(answers[mail.uid][key]), truncated)
            for mail in group
            if key in answers.get(mail.uid, {})
        )

    def _move(self, client: Any, uids: Sequence[int], folder: str) -> None:
        try:
            _shift(client, uids, folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            client.noop()  # the server now knows that we know which mails are gone
            if not client.folder_exists(folder):
                client.create_folder(folder)
                client.subscribe_folder(folder)
            _shift(client, uids, folder)

    def _pause(self, client: Any) -> float:
        """Seconds between two polls, or 0 where IDLE is the better way.

        QUIRK: Dovecot holds an IDLE notice back for half a second. On loopback a NOOP each 0.2 s
        sees a mail five times sooner for a fifth of a percent of a core.
        """
        if self.account.poll:
            return self.account.poll
        if is_loopback(self.account.host):
            return LOOPBACK_POLL
        return 0 if client.has_capability("IDLE") else REMOTE_POLL

    def _idle(self, client: Any, seconds: float, wake: int | None) -> bool:
        """One IDLE; True when it was ended from our side. A server that ends it without news is
        not asked again for a second."""
        line = client.socket()
        client.idle()
        heard = bool(client.line.news() or self._allowance.unread or getattr(line, "pending", int)())
        ready = [line] if heard else select.select([line, *_given(wake)], [], [], seconds)[0]
        self._grant()
        client.idle_done()
        if line in ready and not client.line.news():
            return bool(select.select(_given(wake), [], [], min(seconds, 1))[0])
        return wake in ready


@dataclass(frozen=True, slots=True)
class Stated:
    """What the server says of a mail before it is fetched."""

    uid: int
    arrived: datetime
    size: int


def wire_name(name: str, prefix: str, separator: str) -> str:
    """A folder's name as the server wants it: `CMP/Parked` is `INBOX.CMP.Parked` on some."""
    path = name.replace("/", separator) if separator else name
    return path if path.startswith(prefix) else prefix + path


def _grouped(mails: Sequence[Stated], largest: int) -> Iterator[tuple[Stated, ...]]:
    """Groups of up to 20 MB, in order; a mail over the limit goes alone."""
    group: list[Stated] = []
    for mail in mails:
        alone = mail.size > largest
        if group and (alone or sum(other.size for other in group) + mail.size > BATCH_BYTES):
            yield tuple(group)
            group = []
        if alone:
            yield (mail,)
        else:
            group.append(mail)
    if group:
        yield tuple(group)


def _ask(client: Any, uids: Sequence[int], items: list[str]) -> Mapping[int, Mapping[bytes, Any]]:
    """A FETCH.

    QUIRK: RFC 2180 lets a server answer NO when one of the mails was expunged by another client,
    and Dovecot does, having sent the others. They are then asked for one by one, after a NOOP has
    told us what is gone; one that is refused even so is left for the next turn.
    """
    answers: dict[int, Mapping[bytes, Any]] = {}
    try:
        answers.update(client.fetch(uids, items))
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        client.noop()
        for uid in uids:
            try:
                answers.update(client.fetch([uid], items))
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                continue
    return answers


def _shift(client: Any, uids: Sequence[int], folder: str) -> None:
    if client.has_capability("MOVE"):
        client.move(uids, folder)
        return
    client.copy(uids, folder)
    client.delete_messages(uids, silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)  # never a bare EXPUNGE: it would take other people's deletions along


def _removes(client: Any) -> bool:
    return bool(client.has_capability("MOVE") or client.has_capability("UIDPLUS"))


def _namespace(client: Any) -> tuple[str, str]:
    """The personal namespace's prefix and separator (RFC 2342), else what LIST says."""
    if client.has_capability("NAMESPACE") and (personal := client.namespace().personal):
        prefix, separator = personal[0]
    else:
        prefix, separator = "", client.list_folders("", "")[0][1]
    separator = separator.decode("ascii") if isinstance(separator, bytes) else separator
    return str(prefix), str(separator or "")


def _number(value: object) -> int:
    """A UID or UIDVALIDITY: 1 to 2**32 - 1 (RFC 3501 section 9), else ValueError."""
    if not isinstance(value, int) or not 0 < value < 2**32:
        raise ValueError("a number from the server is out of range")
    return value


def _size(answer: Mapping[bytes, Any]) -> int:
    size = answer.get(b"RFC822.SIZE")
    return size if isinstance(size, int) and size >= 0 else 0


def _arrival(answer: Mapping[bytes, Any]) -> datetime:
    """The INTERNALDATE in UTC; where it is missing or absurd, the present moment."""
    given = answer.get(b"INTERNALDATE")
    if isinstance(given, datetime):
        with suppress(ArithmeticError, ValueError):
            return given.astimezone(UTC)
    return datetime.now(UTC)


def _raw(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""  # NIL is how an empty mail is sent


def _given(wake: int | None) -> list[int]:
    return [] if wake is None else [wake]


def _cause(error: BaseException) -> str:
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


# --- the line: imaplib, held to an allowance


class Allowance:
    """What the server may send in answer to one command, in bytes and in seconds.

    imaplib reads whatever size the server claims, and a read time-out alone lets a server that
    sends one byte a minute hold us for ever.
    """

    def __init__(self) -> None:
        self.received = self.consumed = 0
        self.grant(ANSWER_BYTES, 60)

    @property
    def unread(self) -> int:
        """Bytes that came off the socket but wait in the reader's buffer, unseen by select."""
        return self.received - self.consumed

    def grant(self, size: int, seconds: float) -> None:
        """Begin anew: so many bytes, within so many seconds from now."""
        self.most = self.received + size
        self.deadline = monotonic() + seconds

    def check(self, more: int = 0) -> None:
        """Raise OSError once the allowance is used up, or would be by so many more bytes."""
        if monotonic() > self.deadline:
            raise TimeoutError("the server takes too long")
        if self.consumed + more > self.most:
            raise OSError("the server sends more than it was asked for")


def _watched(kind: type[socket.socket], allowance: Allowance) -> type[Any]:
    """A kind of socket that counts what it receives; one class a connection, so that the socket
    that STARTTLS makes is watched from its first byte."""

    class Watched(kind):  # type: ignore[misc,valid-type]  # the base is an argument
        def recv_into(self, *args: Any) -> int:
            allowance.check()
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
        plain = socket.create_connection((self.host, self.port), timeout)
        if self._account.tls == "tls" and self._context:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        line = _watched(socket.socket, self._allowance)(fileno=plain.detach())
        line.settimeout(timeout)
        return line

    def read(self, size: int) -> bytes:
        self._allowance.check(size)
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


class _Client(IMAPClient):  # type: ignore[misc]  # an untyped library
    """IMAPClient on our line."""

    def __init__(self, account: ImapAccount, allowance: Allowance, context: ssl.SSLContext | None) -> None:
        self._make: Callable[[], _Line] = lambda: _Line(account, allowance, context)
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

    def idle(self) -> None:
        """Begin an IDLE.

        QUIRK: IMAPClient fails when the server mentions a new mail before its `+`, as RFC 3501
        section 7 allows; here such lines are kept for `news`.
        """
        self._idle_tag = self.line._command("IDLE")
        while self.line._get_response() is not None:
            if self.line.tagged_commands[self._idle_tag]:
                raise OSError("the server refuses to IDLE")
