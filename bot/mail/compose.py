"""Letter to wire bytes (RFC 5322). Its one rule: nothing that somebody sent us can become a header,
for every value is cleaned on its way in and the finished header is read again before it leaves.

The parts are put together by hand: the standard classes take three times as long, fold long ids
into encoded words, and let CR LF through in an undecoded subject (reliability.md section 0, item 1).
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote

from bot.mail.address import plain
from bot.mail.charset import one_line
from bot.mail.identity import MESSAGE_ID
from bot.mail.invite import method_of
from bot.mail.letter import Enclosure, Letter, Rendered
from bot.mail.mime import read_head
from bot.office.people import Address

LOOP_FIELD = "X-Cmpbot-Loop"  # intake.screen knows our own letters by it

LONGEST_LINE = 998  # RFC 5322 section 2.1.1
WIDTH = 76
WORD_OCTETS = 45  # of a character set, in an encoded word of at most 75 characters
MOST_REFERENCES = 20
LONGEST_SUBJECT = 250
LONGEST_NAME = 120

DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,100}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
COMPOSITE = ("message/", "multipart/")  # may not be in base64 (RFC 2045 section 6.4)
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
SAFE_OCTETS = bytes([9, 10, *range(32, 127)])
MARKS = (b"From ", b"--=_")
ALTERED = (b" \n", b"\t\n", *(b"\n" + mark for mark in MARKS))
"""What servers change on its way, or take for a boundary: blanks at a line's end, marks at its start."""
MARK = re.compile(rb"\0([0-9a-f]{64})\0")
UNFIT_FOR_NAMES = re.compile(r'[\\/"<>|:*?]')


def message_id(letter_id: str, domain: str) -> str:
    """The Message-ID of a letter: `<0123456789abcdef01234567@domain>`, the same on every attempt."""
    return f"<{letter_id}@{domain}>"


def compose(letter: Letter, rendered: Rendered, sender: Address, domain: str, now: datetime) -> bytes:
    """The whole mail as it goes over the wire, CRLF, ASCII only, no line above 998 characters, but for
    the files that go with it: where one belongs stands its mark, and `with_files` puts it in.

    `now` is aware and becomes the Date; the same letter at the same time gives the same bytes.
    ValueError for an address, domain or time that cannot be written, and for a header that reads back
    otherwise than planned: both are our bugs, not the recipient's.
    """
    if DOMAIN.fullmatch(domain) is None or now.tzinfo is None:
        raise ValueError(f"not a domain, or no time zone: {domain!r}, {now!r}")
    choices = [_text("plain", rendered.text), _text("html", rendered.html)]
    files = [_enclosed(enclosure) for enclosure in letter.enclosures]
    if letter.calendar:
        choices.append(_calendar(letter.calendar))
        files.append(_calendar_file(letter.calendar))
    kind, body = _multipart("alternative", f"=_a_{letter.id}", choices)
    if files:
        parts = [b"Content-Type: %s\r\n\r\n%s" % (kind, body), *files]
        kind, body = _multipart("mixed", f"=_m_{letter.id}", parts)
    fields = [*_fields(letter, rendered, sender, domain, now), ("Content-Type", kind.decode())]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields).encode("ascii")
    _check(head, [name for name, _ in fields])
    return head + b"\r\n" + body


def files_in(outline: bytes) -> tuple[str, ...]:
    """The SHA-256 of each file that belongs into a composed mail."""
    return tuple(digest.decode() for digest in MARK.findall(outline))


def with_files(outline: bytes, files: Mapping[str, bytes]) -> bytes:
    """A composed mail with its files, which are given by their SHA-256: the bytes for the wire.

    The same for ever, and kept apart until they are sent: the letters about one mail, the mail's own
    document and every help letter share their files. KeyError for a file that is not given.
    """
    pieces = MARK.split(outline)  # words and hashes by turns
    return b"".join(_base64(files[piece.decode()]) if place % 2 else piece for place, piece in enumerate(pieces))


def _fields(letter: Letter, rendered: Rendered, sender: Address, domain: str, now: datetime) -> list[tuple[str, str]]:
    answered = _ids((letter.thread.in_reply_to,))
    thread = [("In-Reply-To", answered[0])] if answered else []
    references = list(dict.fromkeys([*_ids(letter.thread.references), *answered]))
    if references:
        kept = references if len(references) <= MOST_REFERENCES else references[:1] + references[1 - MOST_REFERENCES :]
        thread.append(("References", "\r\n ".join(kept)))
    return [
        ("From", _mailbox(sender)),
        ("To", _mailbox(letter.to)),
        ("Subject", _subject(rendered.subject, letter.number)),
        ("Date", format_datetime(now)),
        ("Message-ID", message_id(letter.id, domain)),
        *thread,
        ("Auto-Submitted", "auto-replied" if answered else "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        (LOOP_FIELD, letter.id),
        ("MIME-Version", "1.0"),
    ]


def _check(head: bytes, planned: list[str]) -> None:
    """Read the header again as a stranger would: exactly the planned fields, in their order."""
    found = [name for name, _ in read_head(head + b"\r\n").fields]
    bare = head.replace(b"\r\n", b"")
    if found != [name.lower() for name in planned] or b"\r" in bare or b"\n" in bare:
        raise ValueError(f"the header reads back otherwise than planned: {head!r}")
    if max(map(len, head.split(b"\r\n"))) > LONGEST_LINE:
        raise ValueError(f"the header holds a line that is too long: {head!r}")


def _ids(written: Iterable[str]) -> list[str]:
    return [one for one in written if MESSAGE_ID.fullmatch(one)]


def _clean(text: str, longest: int) -> str:
    """One line without controls or characters that hide or turn others."""
    return one_line(INVISIBLE.sub("", text))[:longest].strip()


def _subject(subject: str, number: str) -> str:
    """The subject behind its tag `[PC112226-1]`, which stands there once."""
    tag = f"[{_clean(number, LONGEST_NAME)}]" if number else ""
    bare = _clean(subject, LONGEST_SUBJECT)
    tagged = bare if tag in bare else f"{tag} {bare}".rstrip()
    return _folded(tagged) if _is_plain(tagged) else _words(tagged)


def _mailbox(address: Address) -> str:
    if not plain(address.email):
        raise ValueError(f"not an address that can be written to: {address.email!r}")
    name = _clean(address.name, LONGEST_NAME)
    if not name:
        return address.email
    if not _is_plain(name):
        return f"{_words(name)}\r\n <{address.email}>"
    if ATOMS.fullmatch(name) is None:
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{address.email}>"


def _is_plain(text: str) -> bool:
    """True where the text may stand as it is; what looks like an encoded word may not."""
    return text.isascii() and "=?" not in text


def _folded(text: str) -> str:
    """Break a long line at blanks; a word that is too long by itself becomes encoded words."""
    lines = [""]
    for word in text.split(" "):
        if len(word) > WIDTH:
            return _words(text)
        if lines[-1] and len(lines[-1]) + len(word) >= WIDTH - 10:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _words(text: str) -> str:
    """Encoded words of whole characters (RFC 2047), one a line."""
    chunks = [b""]
    for character in text:
        octets = character.encode()
        if len(chunks[-1]) + len(octets) > WORD_OCTETS:
            chunks.append(b"")
        chunks[-1] += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(chunk).decode()}?=" for chunk in chunks)


def _text(kind: str, text: str) -> bytes:
    """A body, as it stands where any server would carry it so, else in quoted-printable."""
    written = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").encode("utf-8", "replace")
    lines, encoding = written.split(b"\n"), b"7bit"
    if written.translate(None, SAFE_OCTETS) or not _passes_unchanged(written, lines):
        lines, encoding = b2a_qp(written, istext=True).split(b"\n"), b"quoted-printable"
    return b"Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n" % (
        kind.encode(),
        encoding,
        b"\r\n".join(lines),
    )


def _passes_unchanged(written: bytes, lines: list[bytes]) -> bool:
    """True for a text that 7bit may hold (RFC 2045 section 2.7) and no server changes on its way, nor takes
    a line of it for a boundary of ours."""
    framed = b"\n%s\n" % written
    return max(map(len, lines)) < LONGEST_LINE and not any(each in framed for each in ALTERED)


def _enclosed(enclosure: Enclosure) -> bytes:
    """The part of a file, with a mark for its content: no other part holds a NUL."""
    kind = enclosure.content_type.lower()
    if MEDIA_TYPE.fullmatch(kind) is None or kind.startswith(COMPOSITE):
        kind = "application/octet-stream"
    if kind == "text/plain" and _is_utf8(enclosure.content):
        kind += "; charset=utf-8"
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment"
    return b"%s%s\r\n\r\n\0%s\0\r\n" % (head.encode("ascii"), _filename(enclosure.name), enclosure.sha256.encode())


def _calendar(content: bytes) -> bytes:
    """The invitation as a further form of the letter, the last and best one (RFC 6047 section 2.4): by this
    part Outlook, Gmail and Apple's Mail know it. In base64, so that no server touches its lines."""
    head = b"Content-Type: text/calendar; charset=utf-8; method=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n"
    return head % (method_of(content).encode("ascii"), _base64(content))


def _calendar_file(content: bytes) -> bytes:
    """The same as a file, for programs that look for one."""
    return (
        b'Content-Type: application/ics; name="invite.ics"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="invite.ics"\r\n\r\n%s\r\n' % _base64(content)
    )


@lru_cache(maxsize=1)
def _base64(content: bytes) -> bytes:
    """A file's content in lines; the letters about one mail are sent one after the other."""
    encoded = b64encode(content)
    return b"\r\n".join([encoded[at : at + WIDTH] for at in range(0, len(encoded), WIDTH)])


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _filename(written: str) -> bytes:
    """The parameter of a file name, in pieces of ASCII where need be (RFC 2231 sections 3 and 4)."""
    name = UNFIT_FOR_NAMES.sub("_", _clean(written, LONGEST_NAME)) or "attachment"
    if name.isascii() and len(name) < WIDTH - 15:
        return f';\r\n filename="{name}"'.encode("ascii")
    pieces = ["utf-8''"]
    for character in name:  # an escape may not be cut in two
        escaped = quote(character, safe="")
        if len(pieces[-1]) + len(escaped) > WIDTH - 20:
            pieces.append("")
        pieces[-1] += escaped
    return "".join(f";\r\n filename*{index}*={piece}" for index, piece in enumerate(pieces)).encode("ascii")


def _multipart(kind: str, boundary: str, parts: Iterable[bytes]) -> tuple[bytes, bytes]:
    """Content type and body. No part holds `--=_` at a line's start: see MARKS; in
    quoted-printable and base64 it cannot occur (RFC 2045 section 6.7)."""
    mark = boundary.encode("ascii")
    body = b"".join(b"--%s\r\n%s\r\n" % (mark, part.removesuffix(b"\r\n")) for part in parts)
    return f'multipart/{kind}; boundary="{boundary}"'.encode("ascii"), b"%s--%s--\r\n" % (body, mark)
