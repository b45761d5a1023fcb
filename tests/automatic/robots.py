"""Robots that answer every letter and strip every mark by which a machine could be told.

Its one rule: what they send is a new mail of a person as far as its fields go: the letter's own words and files, a
Message-ID of its own, and, where the border knows their domain, proven.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from zlib import crc32

Answer = Callable[[EmailMessage], EmailMessage]


@dataclass(frozen=True, slots=True)
class Robot:
    """One robot: its address, how it answers, and whether the border vouches for it."""

    email: str
    answer: Answer
    proven: bool = True

    def reply(self, wire: bytes, place: int) -> bytes:
        """What it sends for a letter; `place` numbers its mails."""
        letter = message_from_bytes(wire, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        made = self.answer(letter)
        domain = self.email.partition("@")[2]
        found = "pass" if self.proven else "none"
        head = {
            "Authentication-Results": f"mx.meridell.example; dmarc={found} header.from={domain}",
            "From": f"Robot <{self.email}>",
            "To": "cmpcr@meridell.example",
            "Date": "Mon, 23 Nov 2026 09:00:00 -0700",
            "Message-ID": f"<robot{place}@{domain}>",
        }
        for name, value in head.items():
            made[name] = value
        return made.as_bytes()


def echo(letter: EmailMessage) -> EmailMessage:
    """The letter's text and files, as if they were the robot's own, in its thread."""
    made = _answer(letter, f"Re: {letter['subject']}", _text(letter))
    for name, kind, content in _files(letter):
        main, _, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made


def text_only(letter: EmailMessage) -> EmailMessage:
    """The text alone, under the letter's own subject and in no thread."""
    made = EmailMessage()
    made["Subject"] = str(letter["subject"])
    made.set_content(_text(letter))
    return made


def polite(letter: EmailMessage) -> EmailMessage:
    """A sentence of its own above the quoted letter."""
    quoted = "".join(f"> {line}\n" for line in _text(letter).splitlines())
    return _answer(
        letter, f"Re: {letter['subject']}", f"We have received your message and will look into it.\n\n{quoted}"
    )


def ticket(letter: EmailMessage) -> EmailMessage:
    """A ticket system: a subject of its own that names no request, in no thread, each time another number."""
    made = EmailMessage()
    made["Subject"] = f"Ticket {crc32(str(letter['message-id']).encode()) % 10**6} opened"
    made.set_content("Your request was received and is being reviewed by our support staff.\n")
    return made


ROBOTS: tuple[Answer, ...] = (echo, text_only, polite, ticket)


def _answer(letter: EmailMessage, subject: str, text: str) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = subject
    made["In-Reply-To"] = str(letter["message-id"])
    made.set_content(text)
    return made


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def _files(letter: EmailMessage) -> Iterator[tuple[str, str, bytes]]:
    for part in letter.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield str(part.get_filename()), part.get_content_type(), content
