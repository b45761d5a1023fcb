"""Office files made for tests: bare packages from parts, and Word documents from a few marks."""

import struct
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from docx import Document
from openpyxl import Workbook

from bot.intake.file.compound import OLE
from bot.intake.form import RawForm
from bot.intake.paper.wordxml import CORE, NAMESPACES, ROOT, SETTINGS, STYLES, relations, types

PLAIN_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zipped(parts: dict[str, str] | dict[str, bytes] | dict[str, str | bytes], *, packed: bool = True) -> bytes:
    """A zip file of parts."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED if packed else ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of the old Office with these streams, each from a sector of its own on."""
    size = 512
    last, free = 0xFFFFFFFE, 0xFFFFFFFF
    names = {"Root Entry": b"", **streams}
    folder = -(-len(names) * 128 // size)
    table, blocks, entries = [0xFFFFFFFD, *range(2, folder + 1), last], [], []
    for name, content in names.items():
        start, count = len(table), -(-len(content) // size)
        table += [*range(start + 1, start + count), *([last] if count else [])]
        blocks.append(content.ljust(count * size, b"\0"))
        text = name.encode("utf-16-le") + b"\0\0"
        head = struct.pack("<64sHBB3I", text, len(text), 5 if name == "Root Entry" else 2, 1, free, free, free)
        entries.append(head + b"\0" * 36 + struct.pack("<IQ", start if count else last, len(content)))
    head = struct.pack("<8s16x5H6x8I", OLE, 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, last, 0, last)
    header = head + struct.pack("<I", 0) + struct.pack("<I", 0) + struct.pack("<I", free) * 108
    sectors = [struct.pack(f"<{size // 4}I", *table, *([free] * (size // 4 - len(table))))]
    return header[:512] + b"".join([*sectors, b"".join(entries).ljust(folder * size, b"\0"), *blocks])


def word(body: str, **parts: str) -> bytes:
    """A .docx whose body is this XML."""
    document = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    return zipped(
        {
            "[Content_Types].xml": types(),
            "_rels/.rels": ROOT,
            "word/document.xml": document,
            "word/_rels/document.xml.rels": relations(),
            "word/styles.xml": STYLES,
            "word/settings.xml": SETTINGS,
            "docProps/core.xml": CORE,
            **parts,
        }
    )


def p(text: str, *, bold: bool = False) -> str:
    """A paragraph of one run."""
    return f"<w:p>{r(text, bold=bold)}</w:p>"


def r(text: str, *, bold: bool = False) -> str:
    """A run."""
    return f'<w:r>{"<w:rPr><w:b/></w:rPr>" if bold else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(content: str, properties: str = "") -> str:
    """A table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def table(*rows: tuple[str, ...]) -> str:
    """A table; a cell is text, or XML where it begins with <."""
    cells = [[tc(text if text.startswith("<") else p(text)) for text in row] for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells) + "</w:tbl>"


def control(text: str, tag: str = "", properties: str = "<w:text/>") -> str:
    """An inline content control with text in it."""
    tagged = f'<w:tag w:val="{tag}"/>' if tag else ""
    return f"<w:sdt><w:sdtPr>{tagged}{properties}</w:sdtPr><w:sdtContent>{r(text)}</w:sdtContent></w:sdt>"


def box(*, ticked: bool) -> str:
    """A tick box of Word 2010 and later."""
    state = f'<w14:checkbox><w14:checked w14:val="{int(ticked)}"/></w14:checkbox>'
    return control("\u2612" if ticked else "\u2610", properties=state)


def legacy_box(mark: str) -> str:
    """A tick box of a protected form; `mark` is the XML of its state."""
    field = f"<w:ffData><w:checkBox><w:sizeAuto/>{mark}</w:checkBox></w:ffData>"
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{field}</w:fldChar></w:r>'
    return f'{begin}<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'


def document(rows: list[tuple[str, str]]) -> bytes:
    """A .docx of one table, as python-docx writes it."""
    file = Document()
    grid = file.add_table(rows=0, cols=2)
    for label, value in rows:
        cells = grid.add_row().cells
        cells[0].text, cells[1].text = label, value
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def book(rows: Sequence[tuple[Any, ...]], title: str = "Form") -> bytes:
    """An .xlsx of one sheet, as openpyxl writes it."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    """The bytes of a workbook."""
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def values(form: RawForm) -> dict[str, str]:
    """The values of a form by their labels."""
    return {entry.label: entry.value for entry in form.entries}


def patched(content: bytes, old: bytes, new: bytes) -> bytes:
    """A file with some bytes of its directory changed, at their last occurrence."""
    front, found, back = content.rpartition(old)
    assert found
    return front + new + back


def directory_field(content: bytes, name: str, offset: int, value: int) -> bytes:
    """A zip file whose directory lies about one part: a 32-bit field of its record is replaced."""
    at = content.rindex(name.encode()) - 46 + offset
    return content[:at] + struct.pack("<I", value) + content[at + 4 :]
