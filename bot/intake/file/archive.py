"""The files in a zip archive. Its one rule: names are data, never paths; nothing is written anywhere,
and an archive that holds more than a mail would is not unpacked."""

import re

from bot.intake.prescan import prescan
from bot.mail.filename import file_name
from bot.mail.message import Attachment

MOST_FILES = 50
MOST_BYTES = 25 * 2**20
"""What a mail may weigh: an archive is no way to send more."""
ASIDE = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
"""What systems put beside a person's files."""


def files_in(content: bytes, name: str) -> tuple[Attachment, ...]:
    """The files in a zip archive, each called `archive.zip: form.docx`. Raises ValueError saying what
    is wrong with one that is damaged, encrypted, or more than anybody sends."""
    container = prescan(content)
    parts = [
        part for part in container.parts.values() if not part.name.endswith(("/", "\\")) and not ASIDE.search(part.name)
    ]
    if len(parts) > MOST_FILES:
        raise ValueError(f"it holds {len(parts)} files")
    if sum(part.size for part in parts) > MOST_BYTES:
        raise ValueError("it unpacks to more than a mail may hold")
    return tuple(inside(name, part.name, "", container.read(part.name)) for part in parts)


def inside(holder: str, name: str, claimed: str, content: bytes) -> Attachment:
    """A file that lies in another one, under a name that says so."""
    return Attachment(f"{holder}: {file_name(name, claimed)}", claimed, content)
