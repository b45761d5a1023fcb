"""Writing: the mails that people and machines send, as bytes.

Its one rule: a mail is the same bytes for ever; what the way adds to it stands above it.
"""

from base64 import encodebytes
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from bot.mail.invite import METHOD
from bot.office.people import Address

EDGE = "=_simulated"
CALENDAR = 'text/calendar; charset="utf-8"; method=REPLY'


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What somebody sends to us. `n` tells the mails of a run apart; `said` is what a trace shows of it. A
    `forged` one is not by whom it names, and no person reads what comes back to a `machine`."""

    n: int
    sender: Address
    to: Address
    subject: str
    text: str
    written: datetime
    in_reply_to: str = ""
    files: tuple[File, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    vouched: bool = True
    forged: bool = False
    machine: bool = False
    content_type: str = ""

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return f"<sim-{self.n}@{self.sender.domain}>"

    def stamped(self, vouches: str, host: str, received: str) -> bytes:
        """The bytes as our server keeps them. `vouches` is the host that vouches for the sender; empty: none does."""
        result = "fail" if self.forged else "pass"
        lines = ["Return-Path: <>" if self.machine else f"Return-Path: <{self.sender.email}>"]
        if vouches:
            lines.append(f"Authentication-Results: {vouches}; dmarc={result} header.from={self.sender.domain}")
        if received:
            lines.append(f"Received: {received}")
        return ("\r\n".join(lines) + "\r\n").encode() + self._bytes()

    def _bytes(self) -> bytes:
        head = [
            f"From: {self.sender}",
            f"To: {self.to}",
            f"Subject: {Header(self.subject, 'utf-8', 900).encode() if not self.subject.isascii() else self.subject}",
            f"Date: {format_datetime(self.written)}",
            f"Message-ID: {self.message_id}",
            *([f"In-Reply-To: {self.in_reply_to}"] if self.in_reply_to else []),
            *(f"{name}: {value}" for name, value in self.headers.items()),
            "MIME-Version: 1.0",
        ]
        if self.content_type:
            kind, body = self.content_type, self.text.replace("\n", "\r\n").encode()
        elif not self.files:
            kind, body = TEXT, self.text.replace("\n", "\r\n").encode()
        else:
            kind, body = f'multipart/mixed; boundary="{EDGE}"', self._parts()
        more = ["Content-Transfer-Encoding: 8bit"] if not self.files else []
        return "\r\n".join([*head, f"Content-Type: {kind}", *more, "", ""]).encode() + body

    def _parts(self) -> bytes:
        text = f"Content-Type: {TEXT}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{self.text}".replace("\r\n", "\n")
        parts = [text.replace("\n", "\r\n").encode(), *map(_part, self.files)]
        edge = f"\r\n--{EDGE}".encode()
        return b"".join(edge + b"\r\n" + part for part in parts)[2:] + edge + b"--\r\n"


TEXT = 'text/plain; charset="utf-8"'


def _part(file: File) -> bytes:
    head = (
        f'Content-Type: {file.content_type}\r\nContent-Disposition: attachment; filename="{file.name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + encodebytes(file.content).replace(b"\n", b"\r\n")


REPORT = """\
--{edge}
Content-Type: text/plain

This is the mail system at {host}. Your message could not be delivered.

--{edge}
Content-Type: message/delivery-status

Reporting-MTA: dns; {host}

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--{edge}
Content-Type: text/rfc822-headers

{head}
--{edge}--
"""


def delivery_report(to: str, receiver: str, wire: bytes, at: datetime, host: str) -> Mail:
    """What a mail system sends back where an address takes nothing (RFC 3464)."""
    head = wire.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").replace("\r\n", "\n")
    sender = Address(f"mailer-daemon@{to.rpartition('@')[2]}", "Mail Delivery System")
    kind = f'multipart/report; report-type=delivery-status; boundary="{EDGE}"'
    text = REPORT.format(edge=EDGE, host=host, to=to, head=head)
    number = int.from_bytes(wire[-200:], "big") % 10**9
    return Mail(
        number, sender, Address(receiver), "Undelivered Mail Returned to Sender", text, at, machine=True,
        headers={"Auto-Submitted": "auto-replied"}, content_type=kind,
    )  # fmt: skip


def calendar_answer(invitation: bytes, who: Address, partstat: str, at: datetime) -> File:
    """What a calendar sends back to an invitation (RFC 5546 section 3.2.3)."""
    said = METHOD.sub(b"METHOD:REPLY\r", invitation).decode("utf-8").replace("\r\n ", "")
    kept = [line for line in said.split("\r\n") if not line.startswith(("ATTENDEE", "DTSTAMP", "DESCRIPTION"))]
    place = next(n for n, line in enumerate(kept) if line.startswith("UID:"))
    kept[place:place] = [f"ATTENDEE;PARTSTAT={partstat}:mailto:{who.email}", f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}"]
    return File("reply.ics", CALENDAR, "\r\n".join(kept).encode())
