"""Bytes to Message. Its one rule: it never raises; whatever is odd about a mail becomes a Flaw.

mail-parser reads what it reads best, the From and Date fields, behind one door (`_letterhead`); it
is shown these two alone, cut to a bounded length. Fields, parts and texts are read by our own
bounded modules (mime, charset, text), because the library joins the text of a forwarded mail to
the outer one and takes quadratic time over hostile structure.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import mailparser

from bot.mail.address import comparable, plain
from bot.mail.charset import clean_body, decode, decode_words, one_line
from bot.mail.identity import content_hash
from bot.mail.message import Attachment, Flaw, Message
from bot.mail.mime import LONGEST_VALUE, Head, Leaf, media_type, read_head, read_leaves
from bot.mail.text import html_to_text, own_text, unflow
from bot.office.people import Address

# RFC 5322 section 3.6, RFC 2045: fields that occur once. Two of them mean that two readers of the
# mail may see two different mails.
SINGLE = frozenset(
    {
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "subject",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
    }
)
# Fields with a grammar of their own: an encoded word in them is no word, and decoding it would let
# a sender write what a server is believed to have written.
LITERAL = frozenset(
    {
        "authentication-results",
        "auto-submitted",
        "date",
        "dkim-signature",
        "in-reply-to",
        "message-id",
        "precedence",
        "received",
        "received-spf",
        "references",
        "return-path",
    }
)
LITERAL_FAMILIES = ("arc-", "content-", "list-")
LONGEST_FROM = 2_000
LONGEST_DATE = 200
LONGEST_NAME = 120  # of a file, as shown
LONGEST_EXTENSION = 10
MOST_REFERENCES = 50
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")  # 900: with its field name it still fits a line of 998
AN_ADDRESS = re.compile(r"[^\s<>@\"',;:()\[\]]+@[^\s<>@\"',;:()\[\]]+")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
ROUTE = re.compile("[:;]")  # of a group `team: a@x.example;` or a route `<@relay:a@x.example>`
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
HARMLESS_DEFECT = "overlong-encoded-word"

BODY_TYPES = frozenset({"text/plain", "text/html"})
EXTENSIONS = {
    "message/rfc822": "eml",
    "message/delivery-status": "txt",
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/msword": "doc",
    "application/ms-tnef": "dat",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
}


@dataclass(frozen=True, slots=True)
class _Letterhead:
    """Who wrote, and when."""

    sender: Address | None
    sent_at: datetime | None
    flaws: frozenset[Flaw]


def parse(raw: bytes) -> Message:
    """Read the raw bytes of a mail, whatever they are."""
    if b"\n" not in raw:  # QUIRK: mail of old Macintoshes ends its lines with CR alone
        raw = raw.replace(b"\r", b"\n")
    head = read_head(raw)
    headers, guessed = _headers(head)
    letterhead = _letterhead(head)
    leaves, flaws = read_leaves(raw, head)
    text, html, body_guessed = _bodies(leaves)
    attachments = tuple(_attachment(leaf) for leaf in leaves if _is_file(leaf))
    subject = headers.get("subject", ("",))[0]
    message_id = _message_id(headers.get("message-id", ("",))[0])
    found = flaws | letterhead.flaws | ({Flaw.CHARSET_GUESSED} if guessed or body_guessed else set())
    found |= _field_flaws(head, message_id)
    author = letterhead.sender.email if letterhead.sender else headers.get("from", ("",))[0]
    return Message(
        message_id=message_id,
        sender=letterhead.sender,
        subject=subject,
        sent_at=letterhead.sent_at,
        in_reply_to=next(iter(MESSAGE_ID.findall(headers.get("in-reply-to", ("",))[0])), ""),
        references=_references(headers.get("references", ())),
        headers=headers,
        text=text,
        own_text=own_text(text),
        html=html,
        attachments=attachments,
        content_hash=content_hash(author, letterhead.sent_at, subject, (text, html), attachments),
        content_type=media_type(head)[0],
        flaws=tuple(flaw for flaw in Flaw if flaw in found),
    )


def _headers(head: Head) -> tuple[dict[str, tuple[str, ...]], bool]:
    """Every field as clean lines by name, top first; True when a character set had to be guessed."""
    headers: dict[str, list[str]] = {}
    any_guessed = False
    for name, value in head.fields:
        text, guessed = decode(value[:LONGEST_VALUE], "utf-8")
        any_guessed |= guessed
        line = one_line(text)
        if "=?" in line and name not in LITERAL and not name.startswith(LITERAL_FAMILIES):
            line = one_line(decode_words(line))
        headers.setdefault(name, []).append(line)
    return {name: tuple(lines) for name, lines in headers.items()}, any_guessed


def _letterhead(head: Head) -> _Letterhead:
    """The one door to mail-parser: bytes of two fields in, typed values out."""
    written = one_line(decode(_first(head, "from"), "utf-8")[0])
    date = one_line(decode(_first(head, "date"), "utf-8")[0])[:LONGEST_DATE]
    flaws = {Flaw.FROM_AMBIGUOUS} if len(written) > LONGEST_FROM else set()
    fields = f"From: {written[:LONGEST_FROM]}\r\nDate: {date}\r\n\r\n".encode()
    try:
        parsed = mailparser.parse_from_bytes(fields)
        mailboxes = [(str(name), str(email)) for name, email in parsed.from_]
        defects = {str(defect["reason"]) for defect in parsed.address_header_defects}
        sent_at = parsed.date if isinstance(parsed.date, datetime) else None
    except Exception:  # noqa: BLE001 - a mail that breaks the library must still be taken in
        return _Letterhead(None, None, frozenset({Flaw.MALFORMED, Flaw.FROM_AMBIGUOUS, Flaw.DATE_INVALID}))
    if sent_at is None:
        flaws.add(Flaw.DATE_INVALID)
    if not written:
        return _Letterhead(None, sent_at, frozenset(flaws | {Flaw.FROM_MISSING}))
    if not mailboxes:
        return _Letterhead(None, sent_at, frozenset(flaws | {Flaw.FROM_AMBIGUOUS}))
    sender = Address(comparable(mailboxes[0][1]), one_line(BIDI.sub("", mailboxes[0][0])))
    if len(mailboxes) > 1 or defects - {HARMLESS_DEFECT} or _misleading(sender, written):
        flaws.add(Flaw.FROM_AMBIGUOUS)
    return _Letterhead(sender, sent_at, frozenset(flaws))


def _first(head: Head, name: str) -> bytes:
    return next((value for key, value in head.fields if key == name), b"")[:LONGEST_VALUE]


def _misleading(sender: Address, written: str) -> bool:
    """True where another reader may see another sender: an address that we cannot write to, a group
    or route, or a display name that holds an address of somebody else."""
    named = {address.lower() for address in AN_ADDRESS.findall(sender.name)}
    return not plain(sender.email) or bool(named - {sender.email}) or bool(ROUTE.search(QUOTED.sub("", written)))


def _field_flaws(head: Head, message_id: str) -> set[Flaw]:
    flaws = set()
    if not head.fields:
        flaws.add(Flaw.UNREADABLE)
    if not message_id:
        flaws.add(Flaw.ID_MISSING)
    counts = Counter(name for name, _ in head.fields)
    if any(counts[name] > 1 for name in SINGLE):
        flaws.add(Flaw.DUPLICATE_HEADER)
    if counts["from"] > 1:
        flaws.add(Flaw.FROM_AMBIGUOUS)
    return flaws


def _message_id(written: str) -> str:
    """The Message-ID as `<...>`, put together again where it was folded; empty when unusable."""
    together = "".join(written.split())
    return together if MESSAGE_ID.fullmatch(together) else ""


def _references(lines: Iterable[str]) -> tuple[str, ...]:
    """The ids of a thread, oldest first; of an endless thread the first and the last ones."""
    ids = [found for line in lines for found in MESSAGE_ID.findall(line)]
    return tuple(ids if len(ids) <= MOST_REFERENCES else ids[:1] + ids[1 - MOST_REFERENCES :])


def _is_file(leaf: Leaf) -> bool:
    """What is no body: files, and anything but plain text and HTML. A further rendering of the text,
    such as text/enriched or AMP, is neither."""
    if leaf.attached or not leaf.content_type.startswith("text/"):
        return True
    return leaf.content_type not in BODY_TYPES and (not leaf.choice or leaf.content_type == "text/calendar")


def _bodies(leaves: Iterable[Leaf]) -> tuple[str, str, bool]:
    """The text, the raw HTML, and whether a character set was guessed.

    Of alternatives the plain one is read, unless it is blank; what follows one another is joined.
    """
    plain_texts: dict[int, str] = {}
    shown: list[tuple[int, bool, str]] = []
    any_guessed = False
    for leaf in leaves:
        if leaf.content_type not in BODY_TYPES or leaf.attached:
            continue
        decoded, guessed = decode(leaf.content, leaf.parameters.get("charset", "").partition(" ")[0])
        any_guessed |= guessed
        is_html = leaf.content_type == "text/html"
        text = clean_body(decoded)
        if not is_html and leaf.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, leaf.parameters.get("delsp", "").lower() == "yes")
        if not is_html and leaf.choice and text.strip():
            plain_texts[leaf.choice] = text
        shown.append((leaf.choice, is_html, text))
    pieces = [
        (html_to_text(text) if is_html else text).strip("\n")
        for choice, is_html, text in shown
        if not (is_html and choice in plain_texts)
    ]
    html = "\n".join(text for _, is_html, text in shown if is_html)
    return "\n\n".join(piece for piece in pieces if piece.strip()), html, any_guessed


def _attachment(leaf: Leaf) -> Attachment:
    return Attachment(_file_name(leaf.name, leaf.content_type), leaf.content_type, leaf.content)


def _file_name(written: str, content_type: str) -> str:
    """A name to show: no folders, no controls, not too long; from the type where there is none."""
    name = one_line(BIDI.sub("", written.replace("\\", "/").rpartition("/")[2])).strip(" .")
    if not name:
        return f"attachment.{EXTENSIONS.get(content_type, 'bin')}"
    stem, dot, extension = name.rpartition(".")
    if len(name) <= LONGEST_NAME or not dot or len(extension) > LONGEST_EXTENSION:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
