"""The text of a Word paragraph or cell. Its one rule: what a person sees is what is read.

Insertions count and deletions do not, a placeholder is blank, a tick box is `[x]` or `[ ]` where
it stands, hidden text is not there.
"""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from bot.intake.grid import Control

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{TRANSITIONAL}}}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

P, R, T, TBL, TR, TC, SDT = (W + name for name in ("p", "r", "t", "tbl", "tr", "tc", "sdt"))
RPR, FIELD, SYMBOL, BOX = (W + name for name in ("rPr", "fldChar", "sym", "txbxContent"))
VAL = W + "val"
SKIPPED = frozenset(
    {
        *(W + name for name in ("pPr", "rPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "sdtPr", "sdtEndPr")),
        *(W + name for name in ("del", "moveFrom", "instrText", "delText", "proofErr", "bookmarkStart", "bookmarkEnd")),
        MC + "Fallback",
    }
)
BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "noBreakHyphen": "-", W + "ptab": "\t"}
NEW_LINE = ("\n", False)
TICKED, UNTICKED = " [x] ", " [ ] "
SYMBOLS = {
    "wingdings": {0xFE: TICKED, 0xFD: TICKED, 0xFC: TICKED, 0xFB: TICKED, 0x78: TICKED, 0xA8: UNTICKED, 0x6F: UNTICKED},
    "wingdings 2": {0x50: TICKED, 0x51: TICKED, 0x52: TICKED, 0x53: TICKED, 0x54: TICKED, 0xA3: UNTICKED},
}
OFF = frozenset({"0", "false", "off"})
MAX_DIGITS = 8


def tag_of(control: Element | None) -> str:
    """The tag of a content control; empty without one."""
    properties = control.find(W + "sdtPr") if control is not None else None
    tag = properties.find(W + "tag") if properties is not None else None
    return tag.get(VAL, "") if tag is not None else ""


def _on(mark: Element | None) -> bool:
    """A switch of Word's: present means on unless it says otherwise."""
    return mark is not None and mark.get(VAL, "1") not in OFF


class Text:
    """The text of one paragraph or cell, piece by piece, as a person sees it."""

    __slots__ = ("boxes", "controls", "pieces")

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bool]] = []
        self.controls: list[Control] = []
        self.boxes: list[Element] = []

    def add(self, text: str, *, bold: bool = False) -> None:
        """Append a piece."""
        self.pieces.append((text, bold))

    def end_line(self) -> None:
        """What follows stands on a new line."""
        self.pieces.append(NEW_LINE)

    def walk(self, parent: Element) -> None:
        """Take the text of everything inside `parent`."""
        for child in parent:
            tag = child.tag
            if tag == R:
                self._run(child)
            elif tag == SDT:
                self.control(child, Text.walk_into)
            elif tag == BOX:
                self.boxes.append(child)
            elif tag not in SKIPPED:
                self.walk(child)

    @staticmethod
    def walk_into(parent: Element, text: "Text") -> None:
        """`walk` in the shape that `control` asks for."""
        text.walk(parent)

    def control(self, control: Element, inside: "Inside") -> None:
        """Take a content control: a tick box as its state, a placeholder as nothing."""
        properties = control.find(W + "sdtPr")
        box = properties.find(W14 + "checkbox") if properties is not None else None
        tag = tag_of(control)
        start = len(self.pieces)
        if box is not None:
            checked = box.find(W14 + "checked")
            on = checked is not None and checked.get(W14 + "val", "1") not in OFF
            self.add(TICKED if on else UNTICKED)
        elif not self.placeholder(control):
            for content in control.iterfind(W + "sdtContent"):
                inside(content, self)
        if tag:
            text = "".join(piece for piece, _ in self.pieces[start:])
            self.controls.append(Control(tag, text.strip()))

    @staticmethod
    def placeholder(control: Element) -> bool:
        """True for a content control that still shows its prompt."""
        properties = control.find(W + "sdtPr")
        return properties is not None and _on(properties.find(W + "showingPlcHdr"))

    def _run(self, run: Element) -> None:
        bold, font = False, ""
        for child in run:
            tag = child.tag
            if tag == T:
                text = (child.text or "").replace("\n", " ")
                self.pieces.append((_symbols(text, font) if font else text, bold))
            elif tag == RPR:
                if _on(child.find(W + "vanish")):
                    return
                bold = _on(child.find(W + "b"))
                font = _symbol_font(child.find(W + "rFonts"), W + "ascii")
            elif tag in BREAKS:
                self.pieces.append((BREAKS[tag], bold))
            elif tag == FIELD:
                self._legacy(child.find(W + "ffData"))
            elif tag == SYMBOL:
                self._symbol(child)
            elif tag not in SKIPPED:
                self.walk(child)

    def _symbol(self, symbol: Element) -> None:
        code = symbol.get(W + "char", "")
        font = _symbol_font(symbol, W + "font")
        if font and re.fullmatch("[0-9A-Fa-f]{1,4}", code):
            self.add(_symbols(chr(int(code, 16)), font))

    def _legacy(self, field: Element | None) -> None:
        """A tick box or a drop-down list of a protected form; its text fields are plain runs."""
        if field is None:
            return
        box, choice = field.find(W + "checkBox"), field.find(W + "ddList")
        if box is not None:
            mark = box.find(W + "checked")
            self.add(TICKED if _on(box.find(W + "default") if mark is None else mark) else UNTICKED)
        elif choice is not None:
            entries = [entry.get(VAL, "") for entry in choice.iterfind(W + "listEntry")]
            chosen = choice.find(W + "result")
            index = chosen.get(VAL, "0") if chosen is not None else "0"
            if index.isdecimal() and len(index) <= MAX_DIGITS and int(index) < len(entries):
                self.add(entries[int(index)])

    def lines(self) -> list[tuple[str, str]]:
        """Its lines, each with the bold text that it begins with; of blank lines only one between
        two paragraphs stays."""
        found: list[tuple[str, str]] = []
        line, bold, leading = "", "", True
        for piece, is_bold in [*self.pieces, NEW_LINE]:
            if piece == "\n":
                line = line.strip()
                if line or (found and found[-1][0]):
                    found.append((line, bold.lstrip()))
                line, bold, leading = "", "", True
                continue
            if leading:
                leading = is_bold or not piece.strip()
                bold += piece if leading else ""
            line += piece
        if found and not found[-1][0]:
            found.pop()
        return found


Inside = Callable[[Element, Text], None]


def _symbol_font(element: Element | None, attribute: str) -> str:
    """The symbol font that an element names, in lower case; empty for any other font."""
    name = element.get(attribute, "").lower() if element is not None else ""
    return name if name in SYMBOLS else ""


def _symbols(text: str, font: str) -> str:
    """Text in a symbol font: ticks become `[x]` and `[ ]`, its other pictures nothing."""
    marks = (SYMBOLS[font].get(ord(letter) & 0xFF) for letter in text if not letter.isspace())
    return "".join(mark for mark in marks if mark)
