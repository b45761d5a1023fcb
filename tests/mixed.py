"""Sixty mails of every kind that a morning brings, each with the fate that is due to it."""

import random
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage

from bench.mails import AUTHSERV, MAILBOX, form_fields, mail, word
from bot.workflow.effect import Fate

DOCX = "vnd.openxmlformats-officedocument.wordprocessingml.document"


def written(number: int, body: str, domain: str, *, stamped: bool = True, **headers: str) -> EmailMessage:
    """A plain mail of a person at a domain."""
    message = EmailMessage()
    if stamped:
        message["Authentication-Results"] = f"{AUTHSERV}; dmarc=pass header.from={domain}"
    message["From"] = f"Kim Example <kim{number}@{domain}>"
    message["To"] = MAILBOX
    message["Subject"] = f"Mail {number}"
    message["Date"] = "Mon, 23 Nov 2026 09:00:00 -0700"
    message["Message-ID"] = f"<mixed.{number}@{domain}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def lines(number: int, *without: str) -> str:
    """A form as text, with some labels left out."""
    fields = form_fields(random.Random(number), number)
    return "".join(f"{label}: {value}\n" for label, value in fields if label not in without)


def two_forms(number: int) -> bytes:
    """Two Word forms in one mail; those of the next number are others."""
    message = written(number, "Two forms.\n", "bench01.example")
    for place in (1, 2):
        content = word(form_fields(random.Random(place * number), place * number))
        message.add_attachment(content, maintype="application", subtype=DOCX, filename=f"cr{place}.docx")
    return message.as_bytes()


def old_word(number: int) -> bytes:
    """A file that we do not read (yet)."""
    message = written(number, "Our form is attached.\n", "bench02.example")
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(1512)
    message.add_attachment(old, maintype="application", subtype="msword", filename="cr.doc")
    return message.as_bytes()


def bounce(number: int) -> bytes:
    """A delivery report about a letter that nobody knows."""
    message = written(number, "Your message could not be delivered.\n", "bench03.example", stamped=False)
    message["Return-Path"] = "<>"
    message["Auto-Submitted"] = "auto-replied"
    return message.as_bytes()


def sixty() -> Iterator[tuple[bytes, Fate]]:
    """The mails, in order, each with its fate."""
    for number in range(33):
        yield mail(number), Fate.REGISTERED
    for number in range(100, 106):
        yield written(number, lines(number, "Phone", "Title of Change"), "bench04.example").as_bytes(), Fate.INCOMPLETE
    for number in range(200, 204):
        yield written(number, lines(number), "nobody-knows.example").as_bytes(), Fate.PARKED
    for number in range(300, 304):
        body = "I am out of the office.\n"
        yield written(number, body, "bench05.example", Auto_Submitted="auto-replied").as_bytes(), Fate.AUTOMATIC
    for number in range(400, 404):
        yield bounce(number), Fate.AUTOMATIC
    for number in range(500, 504):
        yield written(number, "How do we file a change request?\n", "bench06.example").as_bytes(), Fate.ANSWERED
    for number in range(600, 602):
        yield two_forms(number), Fate.REGISTERED
    for number in range(700, 703):
        yield old_word(number), Fate.INCOMPLETE


MAILS = tuple(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for raw, _ in sixty())
FATES: Counter[str | None] = Counter(fate.value for _, fate in sixty())
LOGGED = 33 + 2 * 2  # those of two forms are two change requests each
