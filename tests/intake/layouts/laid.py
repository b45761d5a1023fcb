"""A form laid out, and the mail that carries it. Its one rule: the mail is made of bytes by hand, as
strange as mail programs make it, so that no library of ours hides what ours must read."""

import binascii
from base64 import encodebytes
from collections.abc import Callable
from dataclasses import dataclass, field
from email.header import Header
from itertools import chain

from tests.intake.layouts.pen import Pen
from tests.intake.layouts.wishes import CR
from tests.intake.office_files import zipped

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OCTETS = "application/octet-stream"
ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "utf-16")
COVER = (
    "Please find our change request attached.",
    "Hello,\n\nattached is the form. Please call us if anything is unclear.\n\nBest regards,\nPat Example",
    "",
    "FYI\n\n-- \nPat Example\nOrder Lead, Saltmarsh Telecom\nPhone: 303-555-0100",
)


@dataclass(frozen=True, slots=True)
class Laid:
    """What was meant, and the mail that says it. `wrapped`: line breaks inside a paragraph are the
    mail program's, not the originator's."""

    crs: tuple[CR, ...]
    mail: bytes = field(repr=False)
    wrapped: bool = False


Family = Callable[[Pen], Laid]


def attached(pen: Pen, *files: tuple[str, str, bytes]) -> bytes:
    """A mail with files: a name, a type and the bytes of each. Now and then they lie in a zip archive,
    or the whole mail is a forwarded one."""
    if pen.chance(10):
        packed = zipped({name: content for name, _, content in files})
        files = (("forms.zip", "application/zip", packed),)
    mail = _with(pen, *files)
    if not pen.chance(12):
        return mail
    inner = b"--=_f\r\nContent-Type: message/rfc822\r\n\r\n" + mail + b"\r\n--=_f--\r\n"
    return _head(pen) + b'Content-Type: multipart/mixed; boundary="=_f"\r\n\r\n' + inner


def _with(pen: Pen, *files: tuple[str, str, bytes]) -> bytes:
    body = _text_part(pen.pick(COVER), "utf-8", "8bit", "plain")
    parts = chain([body], (_file_part(*file) for file in files))
    inner = b"".join(b"--=_b\r\n" + part + b"\r\n" for part in parts) + b"--=_b--\r\n"
    return _head(pen) + b'Content-Type: multipart/mixed; boundary="=_b"\r\n\r\n' + inner


def written(pen: Pen, text: str, subtype: str = "plain", beside: str = "") -> bytes:
    """A mail whose body is this text, in some character set and encoding; `beside` is the plain
    alternative of an HTML body."""
    charset = pen.pick([name for name in ENCODINGS if _fits(text + beside, name)])
    how = pen.pick(("base64",) if charset == "utf-16" else ("8bit", "quoted-printable", "base64"))
    body = _text_part(text, charset, how, subtype)
    if not beside:
        return _head(pen) + body
    parts = (_text_part(beside, charset, how, "plain"), body)
    inner = b"".join(b"--=_a\r\n" + part + b"\r\n" for part in parts) + b"--=_a--\r\n"
    return _head(pen) + b'Content-Type: multipart/alternative; boundary="=_a"\r\n\r\n' + inner


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeError:
        return False
    return charset != "iso-8859-1" or not any("\x80" <= letter <= "\x9f" for letter in text)


def _head(pen: Pen) -> bytes:
    subject = pen.pick(("Change request", "CR form", "New CR: \u00e4nderung", "FW: form"))
    return (
        b"From: Ida Vance <ida.vance@saltmarsh.example>\r\nTo: cmpcr@meridell.example\r\n"
        + f"Subject: {Header(subject, 'utf-8').encode()}\r\n".encode()
        + b"Date: Mon, 23 Nov 2026 09:00:00 -0700\r\nMessage-ID: <1@saltmarsh.example>\r\nMIME-Version: 1.0\r\n"
    )


def _text_part(text: str, charset: str, how: str, subtype: str) -> bytes:
    raw = text.replace("\n", "\r\n").encode(charset)
    head = f'Content-Type: text/{subtype}; charset="{charset}"\r\nContent-Transfer-Encoding: {how}\r\n\r\n'
    return head.encode() + _encoded(raw, how)


def _file_part(name: str, kind: str, content: bytes) -> bytes:
    head = (
        f'Content-Type: {kind}; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + _encoded(content, "base64")


def _encoded(raw: bytes, how: str) -> bytes:
    match how:
        case "base64":
            return encodebytes(raw).replace(b"\n", b"\r\n")
        case "quoted-printable":
            return binascii.b2a_qp(raw, istext=True)
    return raw
