"""Mails that mean harm by their structure. Its one rule: a good form hides in most of them, so that
whoever gives up too early or too late is seen."""

from base64 import encodebytes
from collections.abc import Callable

from tests.bombs.files import LINES
from tests.bombs.zips import FORM

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEAD = (
    b"Authentication-Results: mx.meridell.example; dmarc=pass header.from=bench01.example\r\n"
    b"From: Pat Example <pat@bench01.example>\r\nTo: cmpcr@meridell.example\r\nSubject: form %d\r\n"
    b"Date: Mon, 23 Nov 2026 09:00:00 -0700\r\nMessage-ID: <bomb.%d@bench01.example>\r\n"
)
MIXED = b'Content-Type: multipart/mixed; boundary="=b"\r\n\r\n'


def part(name: str, content: bytes, kind: str = DOCX) -> bytes:
    """A file as a part of a mail."""
    head = f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(content).replace(b"\n", b"\r\n")


def carrying(name: str, content: bytes) -> bytes:
    """The rest of a mail with one file."""
    return MIXED + b"--=b\r\n\r\nOur form is attached.\r\n--=b\r\n" + part(name, content) + b"\r\n--=b--\r\n"


def whole(rest: bytes, number: int = 1) -> bytes:
    """A mail from its rest, the fields behind Message-ID."""
    return HEAD % (number, number) + rest


def _deep(depth: int) -> bytes:
    """Parts in parts, the form in the innermost."""
    levels = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (at, at) for at in range(depth)
    )
    return levels + part("form.docx", FORM)


def _forwards(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\r\n\r\n" * depth + carrying("form.docx", FORM)


def _named(name: bytes) -> bytes:
    disposition = b"Content-Disposition: attachment; " + name + b"\r\n"
    body = b"Content-Type: application/octet-stream\r\n" + disposition + b"Content-Transfer-Encoding: base64\r\n\r\n"
    return MIXED + b"--=b\r\n" + body + encodebytes(FORM) + b"\r\n--=b--\r\n"


def _many(count: int, piece: bytes) -> bytes:
    return MIXED + (b"--=b\r\n" + piece + b"\r\n") * count + b"--=b--\r\n"


MAILS: dict[str, Callable[[], bytes]] = {
    "1,000 parts deep": lambda: _deep(1_000),
    "100,000 parts": lambda: _many(100_000, b"\r\nx"),
    "100,000 files": lambda: _many(100_000, b"Content-Disposition: attachment; filename=form.docx\r\n\r\nPK\3\4"),
    "490 forms": lambda: _many(490, part("form.docx", FORM)),
    "forwards 1,000 deep": lambda: _forwards(1_000),
    "forwards of forwards": lambda: _many(
        300, b"Content-Type: message/rfc822\r\n\r\n" + whole(carrying("form.docx", FORM))
    ),
    "160 kB of Content-Type": lambda: (
        b"Content-Type: multipart/mixed; " + b'a="b;' * 32_000 + b"\r\n\r\n" + LINES.encode()
    ),
    "160 kB of boundary": lambda: (
        b'Content-Type: multipart/mixed; boundary="' + b"b" * 160_000 + b'"\r\n\r\n' + LINES.encode()
    ),
    "160 kB of file name": lambda: _named(b'filename="' + b"x" * 160_000 + b'.docx"'),
    "160 kB of pieces of a name": lambda: _named(b"; ".join(b"filename*%d*=%%41" % at for at in range(9_000))),
    "a path for a name": lambda: _named(b'filename="../../../etc/cron.d/x.docx"'),
    "a device for a name": lambda: _named(b'filename="C:\\CON\\NUL"'),
    "a name turned round": lambda: _named(b"filename*=utf-8''x%E2%80%AExcod.exe"),
    "a name with line ends": lambda: _named(b"filename*=utf-8''x%0D%0ABcc:%20a@x.example.docx"),
    "a text of 10 MB": lambda: b"\r\n" + b"Company: x\r\n" * 800_000,
    "a line of 10 MB": lambda: b"\r\n" + b"Company: " * 1_100_000,
    "100,000 forms in a text": lambda: b"\r\n" + LINES.replace("\n", "\r\n").encode() * 5_000,
    "a text of quotations": lambda: b"\r\n" + b"> " * 5_000_000,
    "a page of 10 MB": lambda: b"Content-Type: text/html\r\n\r\n" + b"<table><tr><td>Company<td>x" * 350_000,
    "a page of one cell": lambda: (
        b"Content-Type: text/html\r\n\r\n<table><tr><td>Company<td>" + b"x &amp; " * 1_000_000
    ),
    "base64 of nothing": lambda: _many(
        1,
        b"Content-Disposition: attachment; filename=form.docx\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"!" * 5_000_000,
    ),
    "a file of 24 MB": lambda: carrying("form.docx", bytes(24_000_000)),
    "commands without end": lambda: b"\r\n" + b"COMMENT x\r\n" * 200_000,
    "a verb of 10 MB": lambda: b"\r\nCOMMENT " + b"x " * 5_000_000,
    "change requests without end": lambda: b"\r\n" + b"PC010126-1 " * 500_000,
    "NUL": lambda: b"\r\n" + bytes(5_000_000),
}
