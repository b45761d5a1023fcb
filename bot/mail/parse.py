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
from bot.mail.filename import TURNING, file_name
from bot.mail.identity import MESSAGE_ID, content_hash
from bot.mail.message import Attachment, Flaw, Message
from bot.mail.mime import LONGEST_VALUE, Head, Leaf, media_type, read_head, read_leaves
from bot.mail.quotation import own_text
from bot.mail.text import html_to_text, unflow, unlinked
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
MOST_REFERENCES = 50
MOST_TAGS = 200_000  # of HTML that is read: half a second's work
AN_ADDRESS = re.compile(r"[^\s<>@\"',;:()\[\]]+@[^\s<>@\"',;:()\[\]]+")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
ROUTE = re.compile("[:;]")  # of a group `team: a@x.example;` or a route `<@relay:a@x.example>`
HARMLESS_DEFECT = "overlong-encoded-word"

BODY_TYPES = frozenset({"text/plain", "text/html"})


@dataclass(frozen=True, slots=True)
class _Body:
    """A part that a mail program shows."""

    choice: int
    is_html: bool
    text: str
    guessed: bool


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
    text, html, body_flaws = _bodies(leaves)
    attachments = tuple(
        Attachment(file_name(leaf.name, leaf.content_type), leaf.content_type, leaf.content)
        for leaf in leaves
        if _is_file(leaf)
    )
    subject = headers.get("subject", ("",))[0]
    message_id = _message_id(headers.get("message-id", ("",))[0])
    found = flaws | body_flaws | letterhead.flaws | _field_flaws(head, message_id)
    if guessed:
        found |= {Flaw.CHARSET_GUESSED}
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
    sender = Address(comparable(mailboxes[0][1]), one_line(TURNING.sub("", mailboxes[0][0])))
    whole = mailboxes[0][1].lower() in written.lower()  # not pieced together around blanks, controls or comments
    if len(mailboxes) > 1 or defects - {HARMLESS_DEFECT} or not whole or _misleading(sender, written):
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


def _bodies(leaves: Iterable[Leaf]) -> tuple[str, str, set[Flaw]]:
    """The text, the raw HTML, and what is odd about them.

    Of alternatives the plain one is read, unless it is blank; what follows one another is joined.
    """
    shown = [_shown(leaf) for leaf in leaves if leaf.content_type in BODY_TYPES and not leaf.attached]
    flaws = {Flaw.CHARSET_GUESSED} if any(body.guessed for body in shown) else set()
    in_plain = {body.choice for body in shown if body.choice and not body.is_html and body.text.strip()}
    pieces: list[str] = []
    tags = 0
    for body in shown:
        if not body.is_html:
            pieces.append(body.text)
        elif body.choice not in in_plain:
            tags += body.text.count("<")
            if tags > MOST_TAGS:
                flaws.add(Flaw.TOO_MANY_PARTS)
                break
            pieces.append(html_to_text(body.text))
    text = "\n\n".join(stripped for piece in pieces if (stripped := piece.strip("\n")).strip())
    return text, "\n".join(body.text for body in shown if body.is_html), flaws


def _shown(leaf: Leaf) -> _Body:
    """A body as text or HTML, its lines as its sender meant them."""
    decoded, guessed = decode(leaf.content, leaf.parameters.get("charset", "").partition(" ")[0])
    text = clean_body(decoded)
    is_html = leaf.content_type == "text/html"
    if not is_html and leaf.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, leaf.parameters.get("delsp", "").lower() == "yes")
    return _Body(leaf.choice, is_html, text if is_html else unlinked(text), guessed)
