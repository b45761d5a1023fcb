"""Where the number goes in a Word form. Its one rule: into the cell or control behind the label
CR #, behind the label where it has no cell, into a paragraph of its own where there is no label.
"""

import re
from html import unescape

from bot.intake.prescan import Container

TOP = 65_536
"""Bytes in which CR # is looked for: it stands at the top of every form."""

LABEL = re.compile(r"\s*(?:CR|Change Request)\s*(?:#|\u2116|No\b\.?|Num(?:ber)?\b\.?|ID\b)[\s:#]*", re.IGNORECASE)
NUMBER = re.compile(r"\s*(?:[A-Z]{0,4}[\d ._/-]+[A-Z]{0,8}|TBD|N/?A|[._-]+)?\s*", re.IGNORECASE)
"""What a sender may have written there; anything else is a label of its own."""

PARAGRAPH = re.compile(rb"<w:p[ >].*?</w:p>", re.DOTALL)
TEXT = re.compile(rb"<w:t(?: [^>]*)?(?:/>|>([^<]*)</w:t>)")
PROMPT = re.compile(rb'<w:showingPlcHdr/>|<w:rStyle w:val="PlaceholderText"/>')
EMPTY_PARAGRAPH = re.compile(rb"<w:p(?: [^>]*)?/>")
BODY = re.compile(rb"<w:body(?: [^>]*)?>")
CELL = re.compile(rb"<w:tc[ >]")


def stamped(container: Container, name: str, number: bytes) -> bytes | None:
    """The document part with the number in it; None for a part without a body."""
    main = container.xml(name)
    body = BODY.search(main)
    if body is None:
        return None
    for paragraph in PARAGRAPH.finditer(main, body.end(), body.end() + TOP):
        said = _said(paragraph.group())
        label = LABEL.match(said)
        if label and NUMBER.fullmatch(said, label.end()):
            start, end = _next_cell(main, paragraph.end())
            if end and label.end() == len(said) and _free(main[start:end]):
                return main[:start] + _filled(main[start:end], number) + main[end:]
            return main[: paragraph.start()] + _behind(paragraph.group(), label.end(), number) + main[paragraph.end() :]
    line = (
        b'<w:p><w:pPr><w:spacing w:after="120"/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>CR # '
        + number
        + b"</w:t></w:r></w:p>"
    )
    return main[: body.end()] + line + main[body.end() :]


def _said(xml: bytes) -> str:
    """The text of a stretch of XML."""
    return unescape(b"".join(text or b"" for text in TEXT.findall(xml)).decode("utf-8", "replace"))


def _next_cell(main: bytes, at: int) -> tuple[int, int]:
    """Start and end of the next cell in the same row; (0, 0) when this cell is the last one."""
    own_end, row_end = main.find(b"</w:tc>", at), main.find(b"</w:tr>", at)
    following = CELL.search(main, at, max(row_end, 0))
    if following is None or not at <= own_end < following.start():
        return 0, 0
    end = main.find(b"</w:tc>", following.start())
    return following.start(), end + len(b"</w:tc>")


def _free(cell: bytes) -> bool:
    """True for a cell that holds nothing, a prompt, or a number of the sender's."""
    return b"<w:showingPlcHdr/>" in cell or NUMBER.fullmatch(_said(cell)) is not None


def _filled(cell: bytes, number: bytes) -> bytes:
    """A cell with the number instead of its text."""
    cell = PROMPT.sub(b"", cell)
    if TEXT.search(cell):
        texts = iter((number,))
        return TEXT.sub(lambda _: b"<w:t>" + next(texts, b"") + b"</w:t>", cell)
    run = b"<w:r><w:t>" + number + b"</w:t></w:r></w:p>"
    if b"</w:p>" in cell:
        return cell.replace(b"</w:p>", run, 1)
    return EMPTY_PARAGRAPH.sub(lambda _: b"<w:p>" + run, cell, count=1)


def _behind(paragraph: bytes, label: int, number: bytes) -> bytes:
    """A paragraph with the number behind its first `label` characters, instead of what was there."""
    seen = 0
    placed = False

    def place(found: re.Match[bytes]) -> bytes:
        nonlocal seen, placed
        text = unescape((found.group(1) or b"").decode("utf-8", "replace"))
        kept = text[: max(label - seen, 0)].rstrip()
        seen += len(text)
        if placed or seen < label:
            return b"<w:t/>" if placed else found.group()
        placed = True
        front = f"{kept} ".lstrip().encode()
        return b'<w:t xml:space="preserve">' + front.replace(b"&", b"&amp;") + number + b"</w:t>"

    return TEXT.sub(place, PROMPT.sub(b"", paragraph))
