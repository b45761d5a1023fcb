"""Files of other kinds, and files that lie about their kind. Its one rule: a name and a type are
claims; only bytes count."""

import struct
from collections.abc import Callable

from tests.bombs.zips import FORM, Bomb
from tests.intake.forms import GOOD
from tests.intake.office_files import zipped

LINES = "".join(f"{label}: {text}\n" for label, text in GOOD.items())
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MIMETYPE = "application/vnd.oasis.opendocument."


def _ole(stream: str) -> bytes:
    """An OLE file whose chains of sectors run in circles."""
    header = OLE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<5I", 1, 0, 0, 4096, 0) + struct.pack("<4I", 0, 1, 0, 1) + struct.pack("<109I", *([0] * 109))
    name = stream.encode("utf-16-le").ljust(64, b"\0")
    entry = name + struct.pack("<H", 2 * len(stream) + 2) + bytes([5, 1]) + struct.pack("<3I", 0, 0, 0) + bytes(36)
    return header + bytes(512) + (entry + bytes(128 - len(entry))) * 4


def _open(kind: str, content: str) -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    head = f'xmlns:office="{names}office:1.0" xmlns:table="{names}table:1.0" xmlns:text="{names}text:1.0"'
    body = f"<office:document-content {head}><office:body>{content}</office:body></office:document-content>"
    return zipped({"mimetype": MIMETYPE + kind, "content.xml": body, "META-INF/manifest.xml": "<manifest/>"})


def _cells(repeat: int) -> str:
    cell = f'<table:table-cell table:number-columns-repeated="{repeat}"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{repeat}">{cell}</table:table-row>'
    return f"<office:spreadsheet><table:table>{row * 9}</table:table></office:spreadsheet>"


FILES: dict[str, Callable[[], Bomb]] = {
    "a program called form.docx": lambda: ("form.docx", b"MZ\x90\0" + bytes(100_000)),
    "noise called form.xlsx": lambda: ("form.xlsx", bytes(range(256)) * 4_000),
    "nothing called form.docx": lambda: ("form.docx", b""),
    "a form called photo.png": lambda: ("photo.png", FORM),
    "a page called form.xls": lambda: ("form.xls", b"<html><table>" + b"<tr><td>Company<td>x" * 100_000),
    "text called form.doc": lambda: ("form.doc", LINES.encode()),
    "a PDF called form.docx": lambda: ("form.docx", b"%PDF-1.7" + bytes(10_000)),
    "5 MB of lines": lambda: ("form.txt", b"Company: x\n" * 500_000),
    "5 MB on one line": lambda: ("form.txt", b"Company: " + b"x" * 5_000_000),
    "5 MB of marks": lambda: ("form.txt", LINES.encode() + b"[x] " * 1_250_000),
    "5 MB of dots": lambda: ("form.txt", b"Company" + b"." * 5_000_000),
    "100,000 titles": lambda: ("form.txt", LINES.encode() * 2_000),
    "UTF-16 that is none": lambda: ("form.txt", b"\xff\xfe" + b"\xd8\xd8" * 100_000),
    "100,000 tables": lambda: ("form.html", b"<html>" + b"<table>" * 100_000 + LINES.replace("\n", "<br>").encode()),
    "1,000,000 cells": lambda: ("form.html", b"<html><table>" + b"<td>" * 1_000_000),
    "a colspan of 10^8": lambda: ("form.html", b"<html><table><tr>" + b"<td colspan=100000000>Company" * 10_000),
    "comments without end": lambda: ("form.html", b"<html><table>" + b"<!--" * 500_000),
    "quotes without end": lambda: ("form.html", b"<html><table>" + b"<td title='" * 300_000),
    "a deep RTF": lambda: ("form.rtf", b"{\\rtf1" + b"{" * 500_000),
    "an RTF with a hole": lambda: ("form.rtf", b"{\\rtf1\\bin2147483647 x}"),
    "an OLE file in circles": lambda: ("form.doc", _ole("WordDocument")),
    "an OLE workbook in circles": lambda: ("form.xls", _ole("Workbook")),
    "a protected file": lambda: ("form.docx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    "half an OLE file": lambda: ("form.doc", OLE + bytes(100)),
    "repeated cells": lambda: ("form.ods", _open("spreadsheet", _cells(1_000_000_000))),
    "a billion blanks": lambda: (
        "form.odt",
        _open("text", '<office:text><text:p><text:s text:c="1000000000"/></text:p></office:text>'),
    ),
    "an Outlook packet that lies": lambda: ("winmail.dat", b"\x78\x9f\x3e\x22\x01\x00\x01" + b"\xff" * 10_000),
    "an Outlook packet of packets": lambda: ("winmail.dat", _packets()),
    "a signed nothing": lambda: ("smime.p7m", b"\x30\x84\xff\xff\xff\xff" + b"\x30\x80" * 10_000),
}


def _packets() -> bytes:
    """Attributes of an Outlook packet that claim two gigabytes each."""
    return b"\x78\x9f\x3e\x22\x01\x00" + struct.pack("<BIi", 2, 0x0006800F, 2**31 - 1) * 5_000
