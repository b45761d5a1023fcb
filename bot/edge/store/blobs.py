"""Blobs: bytes kept under their SHA-256, compressed where that pays.

Its one rule: what comes out is what went in; bytes that no longer match their hash are trouble,
never handed on.
"""

import zlib
from hashlib import sha256

from bot.errors import Trouble

LARGEST = 25 * 1024 * 1024  # DESIGN section 8
TINY = 1024  # nothing to gain below this
SAMPLE = 1024
WORDY = 40  # words have a blank among eight letters, markup among twenty, random bytes among 256

PLAIN, ZLIB, ERASED = "plain", "zlib", "erased"
"""How content is kept; of what was erased only a note is, which says on what day and why."""
LEVEL = 1
# Half of the usual window and tables: a letter or a mail in words fits, and of the time for one of a few
# kilobytes a third goes into making the larger ones ready. It packs no worse.
WINDOW, TABLES = 14, 7


class Gone(Trouble):
    """These bytes were erased on purpose."""


def pack(content: bytes) -> dict[str, object]:
    """The row that keeps these bytes.

    Raises ValueError above the cap: whoever takes bytes in has to look at their size first.
    """
    if len(content) > LARGEST:
        raise ValueError(f"{len(content)} bytes are more than the {LARGEST} that one blob holds")
    encoding, kept = PLAIN, content
    if _shrinks(content):
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW, TABLES)
        encoding, kept = ZLIB, packer.compress(content) + packer.flush()
    return {"sha256": sha256(content).hexdigest(), "encoding": encoding, "content": kept, "size": len(content)}


def unpack(digest: str, encoding: str, content: bytes) -> bytes:
    """The bytes of a row. Raises Trouble when they are not what was kept (reliability.md F27), Gone when they
    were erased."""
    if encoding == ERASED:
        raise Gone(f"blob {digest[:12]} was erased on {content.decode('ascii', 'replace')}", temporary=False)
    try:
        kept = zlib.decompress(content) if encoding == ZLIB else bytes(content)
    except zlib.error as error:
        raise _damaged(digest) from error
    if sha256(kept).hexdigest() != digest:
        raise _damaged(digest)
    return kept


def _shrinks(content: bytes) -> bool:
    """Whether the middle, where attachments lie, is in words. What is compressed already has few
    blanks, and its base64 has none: that would shrink to 0.77 and cost 2 ms a form."""
    middle = max(len(content) - SAMPLE, 0) // 2
    return len(content) >= TINY and content.count(b" ", middle, middle + SAMPLE) > SAMPLE // WORDY


def _damaged(digest: str) -> Trouble:
    return Trouble(f"blob {digest[:12]} is damaged: restore it from a backup", temporary=False)
