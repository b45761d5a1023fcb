"""Real servers for tests and benches: a Dovecot, an SMTP sink that obeys a script, a throw-away CA.

Its one rule: everything listens on loopback only, lives in a folder of its own under /tmp, and is
gone when the fixture ends.
"""

# ruff: noqa: N802  # aiosmtpd finds its commands by upper-case names

import asyncio
import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any, Literal, Self

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.edge.mailbox import ImapAccount
from bot.edge.outbox import SmtpAccount

PASSWORD = "correct_horse"
IN_CI = os.environ.get("CI", "").lower() == "true"


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something holds; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.01)


def letter(
    subject: str = "hello", body: str = "Good morning.", sender: str = "ana@coyotetel.example", number: int = 0
) -> bytes:
    """A small plain mail in wire form; `number` makes the Message-ID another one."""
    return (
        f"From: {sender}\r\nTo: cmpcr@meridell.example\r\nSubject: {subject}\r\n"
        f"Date: {format_datetime(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))}\r\n"
        f"Message-ID: <{number}.{subject.replace(' ', '-')}@coyotetel.example>\r\n\r\n{body}\r\n"
    ).encode()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate and key, as files, and the file of the CA that signed it."""

    chain: Path
    key: Path
    ca: Path

    def context(self) -> SSLContext:
        """A server's TLS context with this certificate."""
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def certificate(folder: Path, *names: str, days: int = 2) -> Certificate:
    """A certificate for these names (`DNS:localhost`, `IP:127.0.0.1`), signed by a new CA; both as RFC 5280 has
    them, which Python looks at from 3.13 on."""
    folder.mkdir(parents=True, exist_ok=True)
    ca, ca_key, chain, key, request = (
        folder / name for name in ("ca.pem", "ca.key", "chain.pem", "key.pem", "request.pem")
    )
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    signs = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    _openssl(
        "req", "-x509", *new_key, *signs, "-keyout", ca_key, "-out", ca, "-days", "2", "-subj", "/CN=Throw-away CA"
    )
    _openssl("req", *new_key, "-keyout", key, "-out", request, "-subj", "/CN=a test server")
    extensions = folder / "names.cnf"
    named = ",".join(names or ("DNS:localhost", "IP:127.0.0.1"))
    extensions.write_text(f"subjectAltName={named}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    _openssl(
        *("x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial"),
        *("-days", str(days), "-extfile", extensions, "-out", chain),
    )
    for path in (chain, key, ca):
        path.chmod(0o644)  # Dovecot runs as nobody
    return Certificate(chain, key, ca)


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


DOVECOT_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 100
auth_failure_delay = 0
{tls}
{settings}
disable_plaintext_auth = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""


class Dovecot:
    """A Dovecot of our own: every user exists, all with one password; IMAP and LMTP on loopback.

    It may be stopped and started again, on the same ports and with the same mail. `settings` are
    further lines of its configuration.
    """

    def __init__(
        self, *, separator: str = "/", prefix: str = "", tls: Certificate | None = None, settings: str = ""
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dc", dir="/tmp"))  # socket paths must be short
        self.imap, self.imaps, self.lmtp = free_port(), free_port(), free_port()
        self.tls = tls
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        account = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self._as: dict[str, Any] = (
            {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        )
        secure = f"ssl = yes\nssl_cert = <{tls.chain}\nssl_key = <{tls.key}" if tls else "ssl = no"
        (self.folder / "c.conf").write_text(
            DOVECOT_CONFIG.format(
                folder=self.folder,
                user=account.pw_name,
                group=_group(account.pw_gid),
                tls=secure,
                settings=settings,
                password=PASSWORD,
                separator=separator,
                prefix=prefix,
                imap=self.imap,
                imaps=self.imaps if tls else 0,
                lmtp=self.lmtp,
            )
        )
        os.chown(self.folder, account.pw_uid, account.pw_gid)

    @staticmethod
    def missing() -> bool:
        """True where no Dovecot is installed."""
        return shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin") is None

    def start(self) -> Self:
        """Start it, and come back when it answers."""
        program = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin")
        assert program, "dovecot is not installed"
        command = [program, "-F", "-c", str(self.folder / "c.conf")]
        self._process = subprocess.Popen(command, start_new_session=True, **self._as)
        until(lambda: self._answers(self.imap) and self._answers(self.lmtp))
        return self

    def stop(self) -> None:
        """Stop it, and all its connections; its mail stays."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)  # its children outlive it by a moment
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self._end(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_user(self) -> str:
        """An address that nobody has used yet."""
        return f"box{next(self._numbers)}@meridell.example"

    def account(self, user: str, tls: Literal["tls", "starttls", "none"] = "none", **settings: Any) -> ImapAccount:
        """How to open a user's mailbox."""
        given: dict[str, Any] = {"host": "127.0.0.1", "connect_timeout": 5, "read_timeout": 10} | settings
        port = self.imaps if tls == "tls" else self.imap
        if self.tls and tls != "none":
            given.setdefault("ca_file", str(self.tls.ca))
        return ImapAccount(port=port, tls=tls, username=user, password=lambda: PASSWORD, **given)

    def deliver(self, user: str, *mails: bytes, sender: str = "ana@coyotetel.example") -> None:
        """Deliver mails to a user, over LMTP, in order."""
        with smtplib.LMTP("127.0.0.1", self.lmtp, local_hostname="localhost") as line:
            for mail in mails:
                line.sendmail(sender, [user], mail)

    def files(self, user: str, folder: str = "") -> list[Path]:
        """The files of a user's mails in a folder (`.Processed`), as Dovecot keeps them."""
        home = self.folder / "mail" / user / folder
        return sorted(path for part in ("cur", "new") if (home / part).is_dir() for path in (home / part).iterdir())

    def renumber(self, user: str) -> None:
        """Lose the inbox's UID list and index, as a restored server does: all its mails get new
        UIDs, under another UIDVALIDITY."""
        home = self.folder / "mail" / user
        uidlist = home / "dovecot-uidlist"
        uidvalidity = int(uidlist.read_text().split()[1][1:])
        for path in home.glob("dovecot*"):
            path.unlink()
        uidlist.write_text(f"3 V{uidvalidity + 1000} N1 G{os.urandom(16).hex()}\n")
        shutil.chown(uidlist, home.owner(), home.group())

    def _answers(self, port: int) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", port)) == 0


def _group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name


DROP = "drop"  # close the connection instead of answering
HANG = "hang"  # never answer
Command = Literal["CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "DOT", "RSET"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the sink took: its envelope, its bytes and when."""

    sender: str
    to: tuple[str, ...]
    raw: bytes
    at: datetime


@dataclass(slots=True)
class Line:
    """A line of a script: what to answer to a command, how often; `about` must occur in its argument."""

    command: Command
    answer: str
    times: float
    about: str
    after_keeping: bool = False


@dataclass
class Sink:
    """A real SMTP server that keeps what it takes, and answers as told.

    `say` answers any code at any command; `swallow` keeps the mail but not its answer. It may be
    stopped and started again on the same port.
    """

    tls: Certificate | None = None
    implicit_tls: bool = False
    password: str = ""
    pipelining: bool = True
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self._script: list[Line] = []
        self._lines: list[Any] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def say(self, command: Command, answer: str, *, times: float = float("inf"), about: str = "") -> None:
        """Answer `answer` (a reply line, DROP or HANG) to a command, the next so many times."""
        self._script.append(Line(command, answer, times, about))

    def swallow(self, answer: str = DROP, *, times: float = float("inf")) -> None:
        """Keep the mail, but drop the connection (or HANG) instead of saying so."""
        self._script.append(Line("DOT", answer, times, "", after_keeping=True))

    def behave(self) -> None:
        """Forget the script."""
        self._script.clear()

    def account(self, tls: Literal["tls", "starttls", "none"] = "none", **settings: Any) -> SmtpAccount:
        """How to send through this sink."""
        given: dict[str, Any] = {"host": "127.0.0.1", "timeout": 5} | settings
        if self.tls and tls != "none":
            given.setdefault("ca_file", str(self.tls.ca))
        return SmtpAccount(port=self.port, tls=tls, **given)

    def start(self) -> Self:
        """Listen, in a thread."""
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(10), "the sink did not start"
        return self

    def stop(self) -> None:
        """Go away, cutting every connection."""
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(10)
            self._loop = None

    def drop_connections(self) -> None:
        """Cut every connection, as a server does that is tired of an idle client."""
        assert self._loop
        self._loop.call_soon_threadsafe(lambda: [line.cut() for line in self._lines])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        server = await self._loop.create_server(
            lambda: _Conversation(self),
            "127.0.0.1",
            self.port,
            ssl=self.tls.context() if self.tls and self.implicit_tls else None,
        )
        ready.set()
        await self._over.wait()
        server.close()
        for line in self._lines:
            line.cut()

    def _answer(self, command: str, argument: str, *, keeping: bool = False) -> str:
        for line in self._script:
            if line.command == command and line.times > 0 and line.about in argument and line.after_keeping == keeping:
                line.times -= 1
                return line.answer
        return ""


class _Conversation(SMTP):
    """One connection to the sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._greeted = False
        sink.connections += 1
        sink._lines.append(self)
        super().__init__(
            self,
            hostname="sink.example",
            data_size_limit=60_000_000,
            tls_context=sink.tls.context() if sink.tls and not sink.implicit_tls else None,
            auth_require_tls=False,
            auth_callback=lambda _mechanism, _login, password: password.decode() == sink.password,
            loop=asyncio.get_running_loop(),
        )

    def cut(self) -> None:
        """Close the connection at once."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            if await self._scripted("CONNECT", ""):
                return
        await super().push(status)
        if str(status).startswith("421") and self.transport:
            self.transport.close()

    async def _scripted(self, command: str, argument: str | None) -> bool:
        """True when the script had an answer to this command, and it was given."""
        self._sink.commands.append(command)
        if answer := await self._acted(self._sink._answer(command, argument or "")):
            await self.push(answer)
        return answer is None or bool(answer)

    async def _acted(self, answer: str) -> str | None:
        """Do what the script says; what is left to be said, None where that is nothing at all."""
        if answer == HANG:
            await asyncio.sleep(3600)
        if answer == DROP:
            self.cut()
        return None if answer in {HANG, DROP} else answer

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._scripted("EHLO", hostname):
            await super().smtp_EHLO(hostname)

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:1], *["250-PIPELINING"][: self._sink.pipelining], *responses[1:]]

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self._scripted("EHLO", hostname):
            await super().smtp_HELO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._scripted("AUTH", arg):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._scripted("MAIL", arg):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._scripted("RCPT", arg):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self._scripted("DATA", arg):
            await super().smtp_DATA(arg)

    async def smtp_RSET(self, arg: str) -> None:
        if not await self._scripted("RSET", arg):
            await super().smtp_RSET(arg)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self._sink.commands.append("DOT")
        to = ",".join(envelope.rcpt_tos)
        if answer := self._sink._answer("DOT", to):
            return await self._acted(answer) or ""
        sender = envelope.mail_from.strip("<>")  # a null sender is `<>`
        self._sink.taken.append(Taken(sender, tuple(envelope.rcpt_tos), bytes(envelope.content), datetime.now(UTC)))
        return await self._acted(self._sink._answer("DOT", to, keeping=True) or "250 2.0.0 kept") or ""


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot for the whole run; give each test a user of its own."""
    if Dovecot.missing() and not IN_CI:
        pytest.skip("dovecot is not installed (make servers)")
    with Dovecot() as server:
        yield server


@pytest.fixture
def sink() -> Iterator[Sink]:
    """An SMTP sink for one test."""
    with Sink() as server:
        yield server


def messages(mails: Sequence[Taken]) -> tuple[bytes, ...]:
    """Only the bytes of what was taken."""
    return tuple(mail.raw for mail in mails)
