"""A form stamped with its CR number, otherwise as it came.

Its one rule: only the part that shows the number is written anew; a file in which there is no
place for it goes back as it is, under its new name. The XML is changed as text: a parser would
rename its namespaces, and Word calls such a document damaged.
"""

import re
from html import escape

from bot.intake.paper import stamp_excel, stamp_word
from bot.intake.paper.package import replaced
from bot.intake.prescan import Container, prescan
from bot.mail.message import Attachment

TEXT_PLACE = re.compile(rb"^CR ?#[^\S\n]{0,9}:[^\r\n]{0,99}", re.MULTILINE)
MAX_PART = 4 * 2**20
STAMPERS = (
    (re.compile(r"word/document\d?\.xml"), stamp_word.stamped),
    (re.compile(r"xl/worksheets/[^/]{1,60}\.xml"), stamp_excel.stamped),
)


def stamp(file: Attachment, number: str) -> Attachment:
    """The form with `number` in its CR # field, or at its top where it has none; its name begins
    with the number. Files that are none of .docx, .xlsx and .txt, or odd, keep their bytes."""
    try:
        content = _stamped(prescan(file.content), escape(number).encode())
    except ValueError:
        content = _stamped_text(file.content, number) if file.name.lower().endswith(".txt") else file.content
    return Attachment(f"{number} {file.name}".strip(), file.content_type, content)


def _stamped_text(content: bytes, number: str) -> bytes:
    """A text file with the number in its `CR #:` line, or on top where it has none."""
    line = f"CR #: {number}".encode()
    stamped, places = TEXT_PLACE.subn(line, content, count=1)
    return stamped if places else line + b"\n\n" + content


def _stamped(container: Container, number: bytes) -> bytes:
    """The stamped file; the first part that has a place for the number takes it."""
    for pattern, stamped in STAMPERS:
        for name in sorted(filter(pattern.fullmatch, container.parts)):
            changed = stamped(container, name, number) if container.parts[name].size <= MAX_PART else None
            if changed is not None:
                return replaced(container, name, changed)
    return container.content
