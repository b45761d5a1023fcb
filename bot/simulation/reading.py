"""Reading: a letter of ours as its reader sees it.

Its one rule: people know what stands in the letter and nothing else: its links, its code, its files. So
whatever they do can be done by anybody who gets such a letter.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from html import unescape
from urllib.parse import parse_qs, urlsplit

NUMBER = re.compile(r"\[((?:PC|IN)\d{6}-\d+)\]")
LINK = re.compile(r'href="(mailto:[^"]+)"')
CODE = re.compile(r"(?:^|\n)# ?(cmp\w+)")


@dataclass(frozen=True, slots=True)
class Offer:
    """A link of a letter that opens a mail: about which change request, with which verb, the lines to begin
    with, and below them the code. `answers` is the Message-ID that the mail replies to."""

    number: str
    verb: str
    lines: str
    code: str
    subject: str
    answers: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A letter. `form` is the form to correct that came with it, by its name and bytes, `calendar` the
    invitation to a meeting."""

    to: str
    subject: str
    message_id: str
    in_reply_to: str
    number: str
    text: str
    offers: tuple[Offer, ...]
    form: tuple[str, bytes] | None = None
    calendar: bytes = b""


def seen(to: str, wire: bytes) -> Seen:
    """Read a letter."""
    mail = message_from_bytes(wire)
    text, html, form, calendar = "", "", None, b""
    for part in mail.walk():
        kind, name = part.get_content_type(), part.get_filename() or ""
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if kind == "text/calendar":
            calendar = content
        elif name.startswith("Change Request form to correct"):
            form = name, content
        elif kind == "text/html" and not name:
            html = content.decode("utf-8")
        elif kind == "text/plain" and not name:
            text = content.decode("utf-8").replace("\r\n", "\n")
    subject = str(make_header(decode_header(" ".join(mail["Subject"].split()))))
    found = NUMBER.search(subject)
    offers = tuple(offer for link in LINK.findall(html) if (offer := _offer(unescape(link))))
    answered = str(mail["In-Reply-To"] or "")
    return Seen(to, subject, str(mail["Message-ID"]), answered, found[1] if found else "", text, offers, form, calendar)


def _offer(link: str) -> Offer | None:
    given = {name: values[0] for name, values in parse_qs(urlsplit(link).query, keep_blank_values=True).items()}
    body, subject = given.get("body", "").replace("\r\n", "\n"), given.get("subject", "")
    if not body.strip():
        return None
    code = CODE.search(body)
    lines = body[: code.start()].rstrip("\n") if code else body
    number = NUMBER.search(subject)
    words = lines.split()
    verb = words[0] if words else ""
    return Offer(
        number[1] if number else "", verb, lines, code[1] if code else "", subject, given.get("In-Reply-To", "")
    )
