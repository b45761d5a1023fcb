"""The form as a Word document, in our own XML. Its one rule: every answer stands in a content
control that carries its field's key, so that labels may be translated and rows moved.
"""

from collections.abc import Iterator
from html import escape
from itertools import count

from bot.intake.form import Field, FieldTable, Shape
from bot.intake.paper.filled import (
    BAND,
    BLUSH,
    GREY,
    LINE,
    OTHER,
    PAPER,
    RED,
    RULES,
    SECTIONS,
    Filled,
    office,
    printed,
)
from bot.intake.paper.package import package
from bot.intake.paper.wordxml import (
    BOX_FONT,
    CORE,
    DECLARATION,
    NAMESPACES,
    ROOT,
    SECTION,
    SETTINGS,
    STYLES,
    cell,
    footer,
    header,
    paragraph,
    prompt,
    relations,
    row,
    run,
    types,
)

NARROW = frozenset({Shape.NAME, Shape.EMAIL, Shape.PHONE, Shape.DATE, Shape.FLAG, Shape.LINE})
ALONE = frozenset({"title", "internal_ref", "desired_implementation_date", "smes_requested", "exception_requested"})
"""Narrow fields that stand alone in their row all the same."""
TALL = {Shape.TEXT: 900}
TALLEST = {"description": 2200}
"""Least heights of answers, in twentieths of a point."""
A_SLOT, NAME_IT = "Click to enter a date and time", "Click to enter"
"""Prompts that the judge knows for no answer, should an editor make plain text of them."""
COLUMNS = (2400, 2956, 2000, 3156)
TOLD = "Each question stands to the left of its answer. A star marks what is required."
"""What a screen reader says of the table."""


def word_blank(table: FieldTable, filled: Filled) -> bytes:
    """The form as a .docx of one Letter page."""
    return package(
        {
            "[Content_Types].xml": types("header", "footer"),
            "_rels/.rels": ROOT,
            "word/document.xml": _Page(table, filled).xml(),
            "word/_rels/document.xml.rels": relations("header", "footer"),
            "word/styles.xml": STYLES,
            "word/settings.xml": SETTINGS,
            "word/header.xml": header(filled.carrier, filled.mailbox),
            "word/footer.xml": footer(table.title),
            "docProps/core.xml": CORE.format(title=escape(table.title)),
        }
    )


class _Page:
    """One form while it is written; it counts the content controls."""

    def __init__(self, table: FieldTable, filled: Filled) -> None:
        self.table = table
        self.filled = filled
        self.ids = count(1001)

    def xml(self) -> str:
        """The document part."""
        rows = "".join(self._rows())
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in COLUMNS)
        borders = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{LINE}"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        margins = (
            '<w:top w:w="52" w:type="dxa"/><w:left w:w="86" w:type="dxa"/>'
            '<w:bottom w:w="52" w:type="dxa"/><w:right w:w="86" w:type="dxa"/>'
        )
        general = paragraph(run(self.filled.general, color=RED, bold=True), after=80) if self.filled.general else ""
        return (
            f"{DECLARATION}<w:document {NAMESPACES}><w:body>"
            f"{paragraph(run(self.table.title), after=20, style='Title')}"
            f"{paragraph(run(f'{RULES} {self.filled.send_to}', size=17, color=GREY), after=100)}{general}"
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(COLUMNS)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
            f'<w:tblCaption w:val="{escape(self.table.title)}"/><w:tblDescription w:val="{TOLD}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
            f"{paragraph('', size=2)}{SECTION}</w:body></w:document>"
        )

    def _rows(self) -> Iterator[str]:
        yield row(_band("Carrier use only", fill=GREY))
        yield self._pair(*office(self.table))
        rows: list[list[Field]] = []
        for field in printed(self.table):
            beside = _narrow(field) and field.key not in SECTIONS
            if beside and rows and len(rows[-1]) == 1 and _narrow(rows[-1][0]):
                rows[-1].append(field)
            else:
                rows.append([field])
        for fields in rows:
            if fields[0].key in SECTIONS:
                yield row(_band(SECTIONS[fields[0].key], fill=BAND))
            yield self._pair(*fields)

    def _pair(self, *fields: Field) -> str:
        """A row of one field over the whole width, or of two side by side."""
        span = 1 if len(fields) > 1 else len(COLUMNS) - 1
        height = max(TALLEST.get(field.key, TALL.get(field.shape, 0)) for field in fields)
        if self.filled.problems:
            height //= 2  # remarks need the room on the page
        long = any(field.shape is Shape.TEXT for field in fields)
        cells = (self._label(field, 2 * at) + self._answer(field, 2 * at + 1, span) for at, field in enumerate(fields))
        return row("".join(cells), height, whole=not long)

    def _label(self, field: Field, at: int) -> str:
        star = run(" *", bold=True, color=RED) if field.blocks else ""
        return cell(paragraph(run(field.label, bold=True) + star), COLUMNS[at], fill=PAPER)

    def _answer(self, field: Field, at: int, span: int) -> str:
        remark = self.filled.remark(field)
        said = paragraph(run(remark, size=16, bold=True, color=RED)) if remark else ""
        width = sum(COLUMNS[at : at + span])
        return cell(self._controls(field) + said, width, span=span, fill=BLUSH if remark else "")

    def _controls(self, field: Field) -> str:
        """The paragraphs with an answer's controls."""
        match field.shape:
            case Shape.FLAG:
                return self._boxes(field, ("Yes",), {self.filled.text(field)})
            case Shape.AREA | Shape.CHOICES:
                return self._boxes(field, field.choices, set(self.filled.chosen(field)))
            case Shape.SLOTS:
                slots = enumerate(self.filled.slots(field), 1)
                lines = (run(f"{number}. ") + self._text(field, slot, A_SLOT) for number, slot in slots)
                return "".join(map(paragraph, lines)) + _hint(field)
            case Shape.TEXT:
                return self._paragraphs(field)
        return paragraph(self._text(field, self.filled.text(field), field.hint))

    def _boxes(self, field: Field, names: tuple[str, ...], ticked: set[str]) -> str:
        """Tick boxes on one line, the text control behind Other, and the hint under them."""
        boxes = []
        for name in names:
            other = self.filled.other_of(field) if name == OTHER else ""
            box = self._box(field, ticked=name in ticked or bool(other)) + run(f" {name}")
            boxes.append(box + run(": ") + self._text(field, other, NAME_IT) if name == OTHER else box)
        return paragraph(run("   ").join(boxes)) + _hint(field)

    def _paragraphs(self, field: Field) -> str:
        """A long answer: a control around whole paragraphs, in which Enter starts a new one."""
        text = self.filled.text(field)
        if not text:
            return self._control(field, "<w:showingPlcHdr/>", paragraph(prompt(field.hint)))
        return self._control(field, "", "".join(paragraph(run(line)) for line in text.split("\n")))

    def _text(self, field: Field, text: str, hint: str) -> str:
        """A text control; it shows its prompt while it is empty."""
        if field.shape is Shape.DATE:
            kind = '<w:date><w:dateFormat w:val="MM/dd/yyyy"/><w:lid w:val="en-US"/></w:date>'
        else:
            kind = '<w:text w:multiLine="1"/>' if field.shape is Shape.LIST else "<w:text/>"
        if text:
            return self._control(field, kind, run(text))
        return self._control(field, "<w:showingPlcHdr/>" * bool(hint) + kind, prompt(hint))

    def _box(self, field: Field, *, ticked: bool) -> str:
        kind = (
            f'<w14:checkbox><w14:checked w14:val="{int(ticked)}"/>'
            '<w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
            '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
        )
        mark = chr(0x2612 if ticked else 0x2610)
        return self._control(field, kind, f"<w:r><w:rPr>{BOX_FONT}</w:rPr><w:t>{mark}</w:t></w:r>")

    def _control(self, field: Field, kind: str, content: str) -> str:
        return (
            f'<w:sdt><w:sdtPr><w:alias w:val="{escape(field.label)}"/><w:tag w:val="{field.key}"/>'
            f'<w:id w:val="{next(self.ids)}"/><w:lock w:val="sdtLocked"/>{kind}</w:sdtPr>'
            f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
        )


def _hint(field: Field) -> str:
    """The hint as a line under an answer that has no room for it inside."""
    return paragraph(run(field.hint, size=15, color=GREY)) if field.hint else ""


def _narrow(field: Field) -> bool:
    """True for a field that may share its row."""
    return field.shape in NARROW and field.key not in ALONE


def _band(text: str, *, fill: str) -> str:
    """The heading of a part of the form, over the whole width."""
    return cell(paragraph(run(text), style="Heading1"), sum(COLUMNS), span=len(COLUMNS), fill=fill)
