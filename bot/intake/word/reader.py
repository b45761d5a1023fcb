"""A .docx form: its labels and values by our own bounded walk over the XML of its parts.

Its one rule: what a person sees in Word is what is read, each with the place where it is seen; of
what is there and not read, hidden or deleted, the sender is told. (python-docx costs 30 times as
much and does not see content controls.)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, fromstring

from bot.intake.form import Entry, FieldTable, RawForm
from bot.intake.lines import Line, Vocabulary
from bot.intake.prescan import Container, prescan
from bot.intake.table.grid import read_rows
from bot.intake.value.reading import quote
from bot.intake.word.changes import accept, has_changes
from bot.intake.word.control import properties_of
from bot.intake.word.forms import apart, labelled_as, with_margins
from bot.intake.word.lines import Block, BlockKind, labelled, read_blocks
from bot.intake.word.names import PPR, SDT, SKIPPED, STRICT, TBL, TRANSITIONAL, P, W
from bot.intake.word.style import CONTENTS, HEADING, HIDDEN, STRUCK, USUAL_LOOKS, read_styles, styles_of
from bot.intake.word.table import FEWEST, Table
from bot.intake.word.text import Shown, Text

MAIN_PART = "word/document.xml"
OFFICE_DOCUMENT = re.compile(rb'<Relationship\b[^>]*officeDocument"[^>]*>')
TARGET = re.compile(rb'Target="/?([^"]{1,200})"')
STYLES_PART = "word/styles.xml"
MARGIN = re.compile(r"/(header|footer)\d{0,4}\.xml$")
MAX_MARGINS = 12
TELLING = (b"<w:tbl", b"<w:sdt", b"txbx")
COLON = re.compile(rb"<w:t(?: [^<>]{0,60})?>[^<:]*:")
NOISE = re.compile(
    rb"<w(?:14)?:(?:spacing|tcW|shd|szC?s?|alias|id|lock|gridCol|lang|jc|top|left|bottom|right|insideH|insideV|trHeight"
    rb"|cantSplit|tblW|ind|kern|proofErr|keepNext|keepLines|widowControl|noProof|bidi|rtl|lastRenderedPageBreak|vAlign"
    rb"|bookmarkStart|bookmarkEnd|(?:un)?checkedState|rFonts(?![^<>]*dings))\b[^<>]*/>"
)
"""Looks that nobody asks for; without them the parser has half the work."""
BREAKS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n"}
MAX_DEPTH = 12
MAX_NOTES = 8

CHANGES = (
    "The document holds tracked changes: insertions and moved text were read where they stand now, deletions were not."
)
HIDDEN_TEXT = "Hidden text in the document was not read."
STRUCK_TEXT = "Text that is struck through was not read."
MACROS = "The document holds macros; they were not run."
ACTIVE = "The document holds ActiveX controls; what they show cannot be read."
EMBEDDED = "The document holds another document within; that one was not read."
UNREAD_BOX = "A text box without a label was not read: {text}."
UNSEEN: Mapping[int, str] = {HIDDEN: HIDDEN_TEXT, STRUCK: STRUCK_TEXT}
FOREIGN = ((b"<w:control ", ACTIVE), (b"<w:altChunk ", EMBEDDED))


def read_word(content: bytes, source: str, table: FieldTable) -> tuple[RawForm, ...]:
    """Read the forms in a Word document; empty when it has neither labels nor values.

    Raises ValueError when the main part is absent, damaged or larger than any form.
    """
    container = prescan(content)
    document = _Document(Vocabulary(table))
    try:
        name = _main_part(container)
        main = container.xml(name)
        document.read_looks(container, main)
        body = document.parsed(main).find(W + "body")
        forms = document.forms(body) if body is not None else []
        margins = document.margins(container) if forms else []
    except (ParseError, KeyError) as damage:
        raise ValueError("its text is damaged") from damage
    notes = (*document.notes(), *_notes(main, container))
    whole = (with_margins(entries, margins, document.words) for entries in forms)
    return tuple(RawForm(source, tuple(entries), notes) for entries in whole)


def words_of(content: bytes) -> str:
    """What a Word document says to a person, a paragraph a line; deleted and hidden text is left out.

    Raises ValueError when the main part is absent, damaged or larger than any form.
    """
    container = prescan(content)
    try:
        main = container.xml(_main_part(container)).replace(STRICT.encode(), TRANSITIONAL.encode())
        body = fromstring(main)  # noqa: S314 - no document type, no entities (prescan)
    except (ParseError, KeyError) as damage:
        raise ValueError("its text is damaged") from damage
    paragraphs = ("".join(_shown(run) for run in paragraph.iter(W + "r")) for paragraph in body.iter(P))
    return "\n".join(paragraphs)


def _shown(run: Element) -> str:
    if run.find(f"{W}rPr/{W}vanish") is not None:
        return ""
    marks = {W + "t": None, W + "tab": "\t", W + "br": "\n", W + "cr": "\n"}
    return "".join(
        (part.text or "") if part.tag == W + "t" else marks[part.tag] or "" for part in run if part.tag in marks
    )


def _main_part(container: Container) -> str:
    """The part that holds the text; Word on the web calls it otherwise."""
    if MAIN_PART in container.parts or "_rels/.rels" not in container.parts:
        return MAIN_PART
    relation = OFFICE_DOCUMENT.search(container.xml("_rels/.rels"))
    target = TARGET.search(relation.group()) if relation else None
    return target.group(1).decode("utf-8", "replace") if target else MAIN_PART


def _notes(main: bytes, container: Container) -> tuple[str, ...]:
    """What the document holds beside text."""
    found = [words for mark, words in FOREIGN if mark in main]
    return (*found, MACROS) if "word/vbaProject.bin" in container.parts else tuple(found)


@dataclass(slots=True)
class _Document:
    """What all texts of one document share while they are read."""

    words: Vocabulary
    styles: Mapping[str, int] = field(default_factory=lambda: USUAL_LOOKS)
    unseen: set[int] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    changed: bool = False
    tables: int = 0
    boxes: int = 0

    def read_looks(self, container: Container, main: bytes) -> None:
        """Take the styles, where the text uses others than Word's usual ones."""
        if STYLES_PART in container.parts and styles_of(main):
            self.styles = read_styles(container.xml(STYLES_PART))

    def parsed(self, part: bytes) -> Element:
        """The tree of a part, its tracked changes accepted."""
        bare = NOISE.sub(b"", part.replace(STRICT.encode(), TRANSITIONAL.encode(), 1))
        root = fromstring(bare)  # noqa: S314 - no document type, no entities (prescan)
        if has_changes(bare):
            self.changed |= accept(root)
        return root

    def text(self) -> Text:
        """A new text, in the looks of this document."""
        return Text(self.styles, self.unseen)

    def forms(self, body: Element) -> list[list[Entry]]:
        """The entries of the document's body, one list a form."""
        story = _Story(self)
        story.read(body)
        if story.lists:
            return [[*story.entries, *form] for form in story.lists]
        keys = self.words.labels.keys([entry.label for entry in story.entries])
        pairs = zip(story.entries, keys, strict=True)
        entries = [labelled_as(entry, key, self.words) if entry.tag else entry for entry, key in pairs]
        return apart(entries, self.words) if keys.count("title") > 1 else [entries] if entries else []

    def margins(self, container: Container) -> list[Entry]:
        """What headers and footers say; a label there has its answer on its line."""
        found: list[Entry] = []
        for part in [part for part in container.parts if MARGIN.search(part)][:MAX_MARGINS]:
            content = container.xml(part)
            if not (COLON.search(content) or any(mark in content for mark in TELLING)):
                continue
            story = _Story(self, "footer" if "footer" in part else "header", line_by_line=True)
            story.read(self.parsed(content))
            found += [entry for entry in story.entries if entry not in found]
        return found

    def notes(self) -> tuple[str, ...]:
        """What was there and not read."""
        unseen = (words for look, words in UNSEEN.items() if look in self.unseen)
        return (*((CHANGES,) if self.changed else ()), *unseen, *self.unread[:MAX_NOTES])


class _Story:
    """One text from its top to its end: the body, a text box, a header. Paragraphs gather until a
    table comes, a table is read whole. `place` is where all of it stands, if that is one place."""

    def __init__(self, document: _Document, place: str = "", *, line_by_line: bool = False) -> None:
        self.document = document
        self.words = document.words
        self.place = place
        self.line_by_line = line_by_line
        self.paragraphs = 0
        self.gap = False
        self.blocks: list[Block] = []
        self.entries: list[Entry] = []
        self.lists: list[list[Entry]] = []

    def read(self, parent: Element, depth: int = 0) -> None:
        """Read everything in an element."""
        self._blocks(parent, depth)
        self._flush()

    def _blocks(self, parent: Element, depth: int) -> None:
        for block in parent:
            tag = block.tag
            if tag == P:
                self._paragraph(block, depth)
            elif tag == TBL:
                self._table(block, depth)
            elif tag in SKIPPED or depth >= MAX_DEPTH or (tag == SDT and properties_of(block).prompt):
                continue
            else:
                self._blocks(block, depth + 1)

    def _paragraph(self, block: Element, depth: int) -> None:
        text = self.document.text()
        text.paragraph(block)
        lines = text.lines()
        if text.base & CONTENTS:
            return
        if lines:
            self.paragraphs += 1
            place = self.place or f"paragraph {self.paragraphs}"
            item = block.find(f"{PPR}/{W}numPr") is not None
            kind = BlockKind.HEADING if text.base & HEADING else BlockKind.ITEM if item else BlockKind.PARAGRAPH
            self._add(Block(lines, place, kind, self.gap))
        self.gap = not lines
        self._boxes(text.boxes, depth)

    def _add(self, block: Block) -> None:
        self.blocks.append(block)
        if self.line_by_line:
            self._flush()

    def _boxes(self, boxes: list[Element], depth: int) -> None:
        for box in boxes[:MAX_DEPTH] if depth < MAX_DEPTH else ():
            self._box(box, depth + 1)

    def _box(self, box: Element, depth: int) -> None:
        """A text box: a text of its own, or the answer to a label that has none."""
        self.document.boxes += 1
        place = f"text box {self.document.boxes}"
        inside = Table(place, self.words, self.document.styles, self.document.unseen)
        text = self.document.text()
        inside.gather(box, text)
        lines = text.lines()
        if inside.inner or labelled(lines, self.words):
            story = _Story(self.document, place)
            story.read(box, depth)
            self.entries += story.entries
            self.lists += story.lists
        elif lines and self._unanswered():
            self._add(Block(lines, place, BlockKind.BOX))
        elif lines and not self.place:
            self.document.unread.append(UNREAD_BOX.format(text=quote(" ".join(line.text for line in lines))))

    def _table(self, block: Element, depth: int) -> None:
        if not self.place:
            self.document.tables += 1
        place = self.place or f"table {self.document.tables}"
        table = Table(place, self.words, self.document.styles, self.document.unseen)
        rows = table.rows(block)
        if len(rows) == 1 and len(rows[0]) == 1:
            cell = rows[0][0]
            self._add(Block(table.shown(cell), cell.place, BlockKind.BOX))
        elif (
            self._unanswered()
            and table.labels(rows) < FEWEST
            and not any(cell.controls for row in rows for cell in row)
        ):
            self._add(Block([Shown(line) for line in table.flat(rows)], f"{place}, row 1", BlockKind.BOX))
        else:
            self._flush()
            forms = read_rows(rows, self.words)
            self.lists.extend(forms if len(forms) > 1 else ())
            self.entries.extend(forms[0] if len(forms) == 1 else ())
        for inner in table.inner if depth < MAX_DEPTH else ():
            self._table(inner, depth + 1)
        self._boxes(table.boxes, depth)

    def _unanswered(self) -> bool:
        """True when the text so far ends with a label that has no answer yet."""
        if not self.blocks or not self.blocks[-1].lines:
            return False
        line = self.blocks[-1].lines[-1]
        found = self.words.split(Line(line.text, "", line.bold))
        return found is not None and not found[1]

    def _flush(self) -> None:
        """Read the paragraphs gathered so far."""
        if self.blocks:
            entries, notes = read_blocks(self.blocks, self.words)
            self.entries.extend(entries)
            self.document.unread.extend(notes if not self.line_by_line else ())
            self.blocks = []
