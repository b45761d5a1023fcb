"""The text of a Word paragraph or cell. Its one rule: what a person sees is what is read.

Insertions count and deletions do not, a placeholder is blank, a tick box is `[x]` or `[ ]` where
it stands; hidden and struck-through text is not there, and of a field only its result is.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bot.intake.table.grid import Control
from bot.intake.word.control import content_of, legacy, prompt_of, properties_of
from bot.intake.word.names import MC, PPR, RPR, SDT, SKIPPED, R, T, W
from bot.intake.word.style import ASIDE, BOLD, HIDDEN, PALE, STRUCK, look_of, style_of, symbol_font, symbols

FIELD, SYMBOL, BOX, CONTENT = (W + name for name in ("fldChar", "sym", "txbxContent", "sdtContent"))
ALTERNATIVES = MC + "AlternateContent"
BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": "\t", W + "noBreakHyphen": "-", W + "ptab": "\t"}
END = ("\n", 0)
CODE = re.compile("[0-9A-Fa-f]{1,4}")
FIELD_CODE, FIELD_STATE, FIELD_RESULT = "code", "state", "result"
"""The parts of a field. Of its code nothing is seen; a state covers whatever lies under it."""

INSTRUCTION = re.compile(
    r"[\s(\[<*]*(?:(?:attach|briefly|check|choose|click|describe|enter|e\.?g|example|explain|fill|for example|give"
    r"|identify|include|indicate|insert|list|mark|name|one line|optional|pick|please|provide|required|select|specify"
    r"|state|tap|tick|type|up to|use|write)\b|mm[/-]dd)",
    re.IGNORECASE,
)
"""How a form tells what to write. It counts only in a type that is set off: italic, or pale."""
LONGEST_INSTRUCTION = 300


class Shown(NamedTuple):
    """One line as it is seen: the bold text that it begins with, and how all of its type is set
    off from that of the answers: ITALIC, PALE or not at all."""

    text: str
    bold: str = ""
    aside: int = 0

    @property
    def instructs(self) -> bool:
        """True for the form's own word on what to write, by its type and by its wording."""
        return bool(self.aside) and len(self.text) <= LONGEST_INSTRUCTION and INSTRUCTION.match(self.text) is not None

    @property
    def wholly_bold(self) -> bool:
        """True for a line that is bold to its end: a label or a heading."""
        return bool(self.bold) and len(self.bold.rstrip()) == len(self.text)


class Text:
    """The text of one paragraph or cell, piece by piece, as a person sees it. `styles` are the
    looks that the document's styles give; `unseen` gathers the looks for which text was left out."""

    __slots__ = ("base", "boxes", "controls", "fields", "muted", "pieces", "styles", "unseen")

    def __init__(self, styles: Mapping[str, int], unseen: set[int]) -> None:
        self.pieces: list[tuple[str, int]] = []
        self.controls: list[Control] = []
        self.boxes: list[Element] = []
        self.fields: list[tuple[str, int, str]] = []
        self.muted = 0
        self.base = 0
        self.styles = styles
        self.unseen = unseen

    def add(self, text: str, look: int = 0) -> None:
        """Append a piece, unless a field covers it."""
        if not self.muted:
            self.pieces.append((text, look))

    def end_line(self) -> None:
        """What follows stands on a new line. QUIRK: a field may lack its end; it ends here."""
        self.pieces.append(END)
        if self.fields:
            self.muted = 0
            self.fields.clear()

    def paragraph(self, paragraph: Element) -> None:
        """Take a paragraph, in the look of its style."""
        self.base = 0
        if self.styles and len(paragraph) and paragraph[0].tag == PPR:
            self.base = self.styles.get(style_of(paragraph[0]), 0)
        self.walk(paragraph)

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
            elif tag == ALTERNATIVES:
                self._either(child)
            elif tag not in SKIPPED:
                self.walk(child)

    @staticmethod
    def walk_into(parent: Element, text: "Text") -> None:
        """`walk` in the shape that `control` asks for."""
        text.walk(parent)

    def _either(self, alternatives: Element) -> None:
        """The first way to draw a thing that has text; the others draw the same once more."""
        before = len(self.boxes), len(self.pieces)
        for way in alternatives:
            self.walk(way)
            if (len(self.boxes), len(self.pieces)) != before:
                return

    def control(self, control: Element, inside: "Inside") -> None:
        """Take a content control: a tick box as its state, a prompt as nothing."""
        properties = properties_of(control)
        start = len(self.pieces)
        if properties.box is not None:
            self.add(properties.box)
        elif not properties.prompt:
            for content in control.iterfind(CONTENT):
                inside(content, self)
            if properties.kind is not None:
                text = self._since(start)
                if (said := content_of(properties.kind, text)) != text:
                    self.pieces[start:] = [(said, 0)]
        if properties.tag:
            self.controls.append(Control(properties.tag, self._since(start).strip()))

    def _since(self, start: int) -> str:
        return "".join([piece for piece, _ in self.pieces[start:]])

    def _run(self, run: Element) -> None:
        look, font = self.base, ""
        for child in run:
            tag = child.tag
            if tag == T:
                text = (child.text or "").replace("\n", " ")
                if look & (HIDDEN | STRUCK):
                    self.unseen.update({look & HIDDEN, look & STRUCK} if text.strip() else ())
                else:
                    self.add(symbols(text, font) if font else text, look)
            elif tag == RPR:
                look, font = look_of(child, look, self.styles)
            elif tag == FIELD:
                self._field(child)
            elif look & HIDDEN or tag in SKIPPED:
                continue
            elif tag in BREAKS:
                self.add(BREAKS[tag], look)
            elif tag == SYMBOL:
                self._symbol(child)
            elif tag == ALTERNATIVES:
                self._either(child)
            else:
                self.walk(child)

    def _symbol(self, symbol: Element) -> None:
        code = symbol.get(W + "char", "")
        font = symbol_font(symbol, W + "font")
        if font and CODE.fullmatch(code):
            self.add(symbols(chr(int(code, 16)), font))

    def _field(self, mark: Element) -> None:
        """A field begins, goes over from its code to its result, or ends."""
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            form = mark.find(W + "ffData")
            state = legacy(form) if form is not None else None
            if state is not None:
                self.add(state)
            part = FIELD_CODE if state is None else FIELD_STATE
            self.fields.append((part, 0, prompt_of(form) if form is not None else ""))
            self.muted += 1
        elif kind == "separate" and self.fields and self.fields[-1][0] == FIELD_CODE:
            self.fields[-1] = (FIELD_RESULT, len(self.pieces), self.fields[-1][2])
            self.muted -= 1
        elif kind == "end" and self.fields:
            part, start, prompt = self.fields.pop()
            if part != FIELD_RESULT:
                self.muted -= 1
            elif prompt and INSTRUCTION.match(prompt) and self._since(start).strip() == prompt:
                del self.pieces[start:]

    def lines(self) -> list[Shown]:
        """Its lines; of blank lines only one between two paragraphs stays."""
        pieces = self.pieces
        if not pieces or (pieces[0] is END and len(pieces) == 1):
            return []
        if len(pieces) == 1 or (pieces[1] is END and len(pieces) == len((None, END))):
            return _single(*pieces[0])
        found: list[Shown] = []
        line, bold, leading, aside = "", "", True, ASIDE
        for piece, look in [*pieces, END]:
            if piece == "\n":
                line = line.strip()
                if line or (found and found[-1].text):
                    found.append(Shown(line, bold.lstrip(), aside))
                line, bold, leading, aside = "", "", True, ASIDE
                continue
            if aside and piece and not piece.isspace():
                aside &= look
            if look & ASIDE and _in_parentheses(piece):
                continue
            if leading:
                leading = bool(look & BOLD) or not piece.strip()
                bold += piece if leading else ""
            line += piece
        if found and not found[-1].text:
            found.pop()
        return found


Inside = Callable[[Element, Text], None]


def _single(text: str, look: int) -> list[Shown]:
    """The line of one piece alone, as most cells have it."""
    bare = text.strip()
    if not bare or (look & ASIDE and _in_parentheses(bare)):
        return []
    return [Shown(bare, text.lstrip() if look & BOLD else "", look & ASIDE)]


def _in_parentheses(piece: str) -> bool:
    """True for `(please describe)` within a line, in a type that is set off."""
    bare = piece.strip()
    return bare.startswith("(") and bare.endswith(")") and INSTRUCTION.match(bare) is not None


def without_instructions(lines: list[Shown]) -> list[Shown]:
    """Lines of an answer without the form's own words on it: those in front, or right under a
    label, and last ones that are pale or in parentheses. An originator may well write in italics."""
    kept: list[Shown] = []
    for line in lines:
        label = not kept or kept[-1].wholly_bold or kept[-1].text.endswith(":")
        if not (label and line.instructs):
            kept.append(line)
    while kept and (not kept[-1].text or (kept[-1].instructs and (kept[-1].aside & PALE or kept[-1].text[0] == "("))):
        kept.pop()
    return kept
