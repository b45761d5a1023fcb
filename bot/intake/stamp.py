"""A form stamped with its CR number, otherwise as it came.

Its one rule: only the part that shows the number is written anew; a file in which there is no
place for it goes back as it is, under its new name. The XML is changed as text: a parser would
rename its namespaces, and Word calls such a document damaged.
"""

import re
from html import escape

from bot.intake import stamp_excel, stamp_word
from bot.intake.package import replaced
from bot.intake.prescan import Container, prescan
from bot.mail.message import Attachment

MAX_PART = 4 * 2**20
STAMPERS = (
    (re.compile(r"word/document\d?\.xml"), stamp_word.stamped),
    (re.compile(r"xl/worksheets/[^/]{1,60}\.xml"), stamp_excel.stamped),
)


def stamp(file: Attachment, number: str) -> Attachment:
    """The form with `number` in its CR # field, or at its top where it has none; its name begins
    with the number. Files that are neither .docx nor .xlsx, or odd, keep their bytes."""
    try:
        content = _stamped(prescan(file.content), escape(number).encode())
    except ValueError:
        content = file.content
    return Attachment(f"{number} {file.name}".strip(), file.content_type, content)


def _stamped(container: Container, number: bytes) -> bytes:
    """The stamped file; the first part that has a place for the number takes it."""
    for pattern, stamped in STAMPERS:
        for name in sorted(filter(pattern.fullmatch, container.parts)):
            changed = stamped(container, name, number) if container.parts[name].size <= MAX_PART else None
            if changed is not None:
                return replaced(container, name, changed)
    return container.content
