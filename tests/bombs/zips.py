"""Zip containers that lie about what is in them. Its one rule: the directory is what attacks."""

import struct
from collections.abc import Callable
from functools import partial
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile
from zlib import compress

from tests.intake.forms import GOOD
from tests.intake.office_files import document, p, word, zipped

Bomb = tuple[str, bytes]
MAIN = "word/document.xml"
FORM = document([*GOOD.items()])


def raw_zip(records: list[tuple[str, bytes, int, int, int]], *, entries: int | None = None) -> bytes:
    """A zip of records as given: a name, packed bytes, the claimed size, flags, and where in the file
    the directory says that it lies (-1: the truth)."""
    body, directory = b"", b""
    for name, packed, size, flags, offset in records:
        raw = name.encode()
        local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, flags, 8, 0, 0, 0, len(packed), size, len(raw), 0) + raw
        at = len(body) if offset < 0 else offset
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, flags, 8, 0, 0, 0, len(packed), size, len(raw), 0, 0, 0, 0, 0, at
        )
        directory += raw
        body += local + packed
    count = min(len(records) if entries is None else entries, 0xFFFF)
    return body + directory + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)


def unpacked(bomb: Bomb) -> Bomb:
    """The same file with its parts not packed: no ratio gives it away, and its insides must be met."""
    name, content = bomb
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as packed, ZipFile(stream, "w", ZIP_STORED) as archive:
        for part in packed.namelist():
            archive.writestr(part, packed.read(part))
    return name, stream.getvalue()


def deflated(content: bytes) -> bytes:
    """Bytes as a zip packs them."""
    return compress(content, 9)[2:-4]


def _lies() -> bytes:
    """A hundred bytes by the directory, a hundred million once unpacked."""
    return raw_zip([(MAIN, deflated(bytes(100_000_000)), 100, 0, -1)])


def _overlap() -> bytes:
    """A thousand parts that are all the same megabyte."""
    packed = deflated(bytes(1_000_000))
    return raw_zip([(MAIN, packed, 1_000_000, 0, 0), *((f"word/{at}", b"", 1_000_000, 0, 0) for at in range(999))])


def _nested() -> bytes:
    content = FORM
    for level in range(50):
        content = zipped({f"level {level}.zip": content})
    return content


def _of_bombs() -> bytes:
    bomb = zipped({MAIN: bytes(70_000_000)})
    return zipped({f"form {at}.docx": bomb for at in range(100)})


def _made(name: str, make: Callable[[], bytes]) -> Bomb:
    return name, make()


def _named(name: str, parts: dict[str, str | bytes]) -> Bomb:
    return name, zipped(parts)


ZIPS: dict[str, Callable[[], Bomb]] = {
    "zip bomb": partial(_named, "form.docx", {MAIN: bytes(70_000_000)}),
    "zip bomb of many parts": lambda: ("form.docx", zipped({f"word/{at}": bytes(1_000_000) for at in range(250)})),
    "a size that lies": partial(_made, "form.docx", _lies),
    "overlapping parts": partial(_made, "form.docx", _overlap),
    "5,000 parts": lambda: ("form.docx", zipped({f"word/{at}": b"" for at in range(5_000)})),
    "65,535 parts that are not there": lambda: ("form.docx", raw_zip([(MAIN, b"", 0, 0, -1)], entries=65_535)),
    "an encrypted part": lambda: ("form.docx", raw_zip([(MAIN, deflated(b"<a/>"), 4, 1, -1)])),
    "two parts of one name": lambda: ("form.docx", raw_zip([(MAIN, deflated(b"<a/>"), 4, 0, -1)] * 2)),
    "a part outside": partial(_named, "form.docx", {"../../etc/passwd": b"x", MAIN: b"<a/>"}),
    "a part with an endless name": partial(_named, "form.docx", {"word/" + "x" * 60_000: b"", MAIN: b"<a/>"}),
    "zips in zips": partial(_made, "forms.zip", _nested),
    "a zip of bombs": partial(_made, "forms.zip", _of_bombs),
    "a zip of 1,000 forms": lambda: ("forms.zip", zipped({f"form {at}.docx": FORM for at in range(1_000)})),
    "a zip of 90 forms": lambda: ("forms.zip", zipped({f"form {at}.docx": FORM for at in range(90)})),
    "cut short": lambda: ("form.docx", FORM[: len(FORM) // 2]),
    "a program in front": lambda: ("form.docx", b"MZ" + bytes(5_000) + FORM),
    "a zip behind a zip": lambda: ("form.docx", FORM + word(p("x"))),
    "an offset beyond the end": lambda: ("form.docx", raw_zip([(MAIN, deflated(b"<a/>"), 4, 0, 2**31)])),
}
