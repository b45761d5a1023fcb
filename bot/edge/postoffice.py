"""The post office: a mail server of our own, on loopback, for trying the bot without one.

Its one rule: it does what a border mail host does, and no more. Mail to a user lands in that user's
IMAP inbox under a stamp saying whether its From domain is the envelope's (a stand-in for DMARC; any
such stamp that the sender wrote is removed, RFC 8601 section 5). Mail to anybody else goes no
further than the tray, where it can be read. Everything is in memory and gone at the end.

pymap (IMAP) and aiosmtpd (SMTP) take half a second to import, so they are imported when it starts.
"""

import asyncio
import re
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses
from typing import Any
from uuid import uuid4

from bot.errors import Trouble

LARGEST = 30 * 1024 * 1024  # bytes of a mail; over the bot's own limit, so that it can be tried
TRAY = 2000  # mails kept in the tray
_START_WITHIN = 30.0  # seconds
_STOP_WITHIN = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the post office listens, on 127.0.0.1, both without TLS."""

    imap: int
    smtp: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail in the tray: its envelope, its bytes as they came, and when (aware, UTC)."""

    sender: str
    to: tuple[str, ...]
    raw: bytes
    at: datetime


class PostOffice:
    """An IMAP and an SMTP server in one background thread.

    `users` maps addresses to IMAP passwords; `authserv_id` names this host in its stamps. Port 0
    takes a free one. Use it as a context manager, or start and stop it.
    """

    def __init__(self, users: Mapping[str, str], authserv_id: str, imap_port: int = 0, smtp_port: int = 0) -> None:
        self._users = {address.lower(): password for address, password in users.items()}
        self._authserv_id = authserv_id
        self._asked = Ports(imap_port, smtp_port)
        self._tray: list[Posted] = []
        self._identities: dict[str, Any] = {}
        self._talks: set[object] = set()  # the tasks of IMAP connections, held until they end
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def tray(self) -> tuple[Posted, ...]:
        """Mails to people who have no mailbox here, oldest first; the last 2,000 of them."""
        return tuple(self._tray)

    def start(self) -> Ports:
        """Open for business. Raises Trouble when a port is taken."""
        ready: Future[Ports] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="post office", daemon=True)
        self._thread.start()
        try:
            return ready.result(_START_WITHIN)
        except OSError as error:
            raise Trouble(f"post office: {error.strerror or error}") from error

    def stop(self) -> None:
        """Close, cutting every connection; comes back within two seconds."""
        if self._loop and self._thread:
            with suppress(RuntimeError):  # it ended by itself: it was cut off, or never began
                self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(_STOP_WITHIN)
        self._thread = None

    def __enter__(self) -> Ports:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, ready: Future[Ports]) -> None:
        try:
            asyncio.run(self._serve(ready))
        except Exception as error:
            if ready.done():
                raise
            ready.set_exception(error)

    async def _serve(self, ready: Future[Ports]) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        imap = await self._open_imap()
        try:
            smtp = await self._open_smtp()
        except OSError:
            imap.close()
            raise
        ready.set_result(Ports(_port(imap), _port(smtp)))
        await self._over.wait()
        imap.close()
        smtp.close()

    async def _open_imap(self) -> asyncio.Server:
        from argparse import ArgumentParser  # noqa: PLC0415  # heavy: only where a post office is wanted

        from proxyprotocol.result import ProxyResultLocal  # noqa: PLC0415  # the same
        from proxyprotocol.sock import SocketInfo  # noqa: PLC0415  # the same
        from pymap.backend.dict import Config, DictBackend, Identity, Login  # noqa: PLC0415  # the same
        from pymap.concurrent import Subsystem  # noqa: PLC0415  # the same
        from pymap.imap import IMAPServer, IMAPService  # noqa: PLC0415  # the same
        from pymap.user import UserMetadata  # noqa: PLC0415  # the same
        from pysasl.hashing import Cleartext  # noqa: PLC0415  # the same

        class Ours(Config):
            greeting = b"post office"  # QUIRK: pymap's own asks the DNS for our name at each connection

        parser = ArgumentParser()
        IMAPService.add_arguments(parser)
        DictBackend.add_subparser("dict", parser.add_subparsers())
        parser.set_defaults(debug=False, skip_services=[], passlib_cfg=None)
        config = Ours.from_args(
            parser.parse_args(["--no-tls", "dict"]), hash_context=Cleartext(), cpu_subsystem=Subsystem.for_asyncio()
        )
        config.apply_context()
        login = Login(config)
        for address, password in self._users.items():
            self._identities[address] = identity = Identity(address, login, None, frozenset())
            await identity.set(UserMetadata(config, address, password=password))
        serve = IMAPServer(login, config)

        # QUIRK: the callback that comes with pymap starts a task that nobody holds. With Python 3.13 the collector of
        # cycles takes it while it waits for the client, which then waits for ever.
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            self._talks.add(task)
            try:
                await serve(reader, writer, SocketInfo.get(writer, ProxyResultLocal(), unique_id=uuid4().bytes))
            finally:
                self._talks.discard(task)

        return await asyncio.start_server(talk, "127.0.0.1", self._asked.imap)

    async def _open_smtp(self) -> asyncio.Server:
        from aiosmtpd.smtp import SMTP  # noqa: PLC0415  # heavy: only where a post office is wanted

        class Host(SMTP):
            line_length_limit = (
                100_000  # QUIRK: RFC 5321 says 1,000, and mail hosts take more; so may strange mail here
            )

        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: Host(self, hostname=self._authserv_id, data_size_limit=LARGEST, loop=loop),
            "127.0.0.1",
            self._asked.smtp,
        )

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Take in a mail (aiosmtpd's hook): to the users it names, and to the tray for all others."""
        now = datetime.now(UTC)
        sender, raw = (envelope.mail_from or "").strip("<>"), bytes(envelope.content)  # a null sender is `<>`
        homes = {address: _home(address) for address in envelope.rcpt_tos}
        if strangers := tuple(address for address, home in homes.items() if home not in self._users):
            self._tray.append(Posted(sender, strangers, raw, now))
            del self._tray[:-TRAY]
        for home in sorted(set(homes.values()) & self._users.keys()):
            received = f"from {_word(session.host_name)} by {self._authserv_id} with ESMTP id {uuid4().hex[:12]}"
            await self._append(
                home, stamped(raw, sender, self._authserv_id, f"{received}; {format_datetime(now)}"), now
            )
        return "250 2.0.0 Taken"

    async def _append(self, user: str, raw: bytes, now: datetime) -> None:
        from pymap.parsing.message import AppendMessage  # noqa: PLC0415  # heavy, and loaded by now

        async with self._identities[user].new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            await inbox.append(AppendMessage(raw, now))


def stamped(raw: bytes, sender: str, authserv_id: str, received: str) -> bytes:
    """A mail as a border host hands it on: lines ended by CRLF, the sender's claims about its own
    authenticity removed, ours on top."""
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    head, blank, body = raw.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    kept = [
        f for f in fields if f.partition(b":")[0].strip().lower() not in {b"authentication-results", b"return-path"}
    ]
    result, domain = _dmarc(b"\r\n".join(kept), sender)
    top = (
        f"Return-Path: <{sender}>\r\n"
        f"Authentication-Results: {authserv_id}; dmarc={result} header.from={domain}\r\n"
        f"Received: {received}\r\n"
    )
    return top.encode("ascii", "replace") + b"\r\n".join(kept) + blank + body


def _dmarc(head: bytes, sender: str) -> tuple[str, str]:
    """What this host says of the From header, and the domain that it speaks of."""
    lines = BytesHeaderParser().parsebytes(head + b"\r\n\r\n").get_all("from") or []
    addresses = getaddresses([str(line) for line in lines])
    domain = addresses[0][1].rpartition("@")[2].lower() if len(lines) == len(addresses) == 1 else ""
    if not re.fullmatch(r"[a-z0-9.-]+", domain, re.ASCII):
        return "permerror", "unknown"
    if not sender:
        return "none", domain
    return ("pass" if sender.rpartition("@")[2].lower() == domain else "fail"), domain


def _home(address: str) -> str:
    """The mailbox an address belongs to: `cmpcr+anything@...` is `cmpcr@...`."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _word(text: str | None) -> str:
    return re.sub(r"[^A-Za-z0-9.:\[\]-]", "", text or "")[:100] or "unknown"


def _port(server: asyncio.Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port
