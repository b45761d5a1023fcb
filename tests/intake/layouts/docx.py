"""Word forms, as XML by hand: tables of many shapes, content controls, protected forms, text boxes.

Its one rule: what Word would show is what was meant; deleted and hidden text is no part of it.
"""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from bot.intake.form import Shape
from tests.intake.forms import ROWS
from tests.intake.layouts.laid import DOCX, OCTETS, Laid, attached
from tests.intake.layouts.pen import Item, Pen
from tests.intake.layouts.wishes import CR, wishes
from tests.intake.office_files import box, legacy_box, tc, word

MARK = re.compile(r"\[[xX]\]|\[ \]|[\u2610-\u2612]")
TICKED = ("[X]", "\u2611", "\u2612")
TICKABLE = (Shape.FLAG, Shape.AREA, Shape.CHOICES)
HEADINGS = ("Section 1: Originator", "Section 2: The change", "To be completed by the CLEC")
TOPS = (
    "CLEC Change Request Form",
    "Please complete every field marked with *.",
    "Send the form to cmpcr@meridell.example.",
)
WINGDINGS = '<w:r><w:sym w:font="Wingdings" w:char="F0{code}"/></w:r>'
PERSON = ("originator_name", "originator_title", "originator_email", "originator_phone")
PAIR = ("regulatory", "industry_guideline")
PROMPT = "Click or tap here to enter text."


def run(text: str, look: str = "") -> str:
    """A run of escaped text; line breaks become Word's."""
    shown = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{shown}</w:r>"


def para(runs: str) -> str:
    """A paragraph."""
    return f"<w:p>{runs}</w:p>"


def label(text: str, *, bold: bool = True) -> str:
    """A paragraph with a label."""
    return para(run(text, "<w:b/>" if bold else ""))


def rows(cells: Iterable[Sequence[str]]) -> str:
    """A table of cells, each of which is the XML of its content, or a whole cell."""
    made = ("".join(cell if cell.startswith("<w:tc>") else tc(cell) for cell in row) for row in cells)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in made) + "</w:tbl>"


class Word:
    """One office's way with Word."""

    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.bold = pen.coin()
        self.split = pen.chance(3)
        self.tracked = pen.chance(6)
        self.breaks = pen.coin()
        self.boxes = pen.pick(("text", "w14", "legacy", "wingdings"))

    def value(self, item: Item) -> str:
        """The paragraphs of an answer."""
        if self.breaks and "\n" in item.text:
            return para(self.runs(item, item.text))
        return "".join(para(self.runs(item, line)) for line in item.text.split("\n"))

    def runs(self, item: Item, text: str) -> str:
        """A stretch of an answer as runs: ticks as this office makes them, split or tracked as Word
        does."""
        if self.boxes == "text" or not MARK.search(text) or ROWS[item.key].shape not in TICKABLE:
            return self._words(text)
        first, *words = MARK.split(text)
        marks = (self._box(mark.upper() in TICKED) for mark in MARK.findall(text))
        behind = (mark + self._words(word) for mark, word in zip(marks, words, strict=True))
        return self._words(first) + "".join(behind)

    def _words(self, text: str) -> str:
        if not text:
            return ""
        if self.tracked and len(text) > 3:
            gone = '<w:del w:id="1"><w:r><w:delText>an older wording, 303-555-0000</w:delText></w:r></w:del>'
            return f'{gone}<w:ins w:id="2">{run(text)}</w:ins>'
        if self.split and len(text) > 3:
            half = len(text) // 2
            return run(text[:half]) + '<w:proofErr w:type="spellStart"/>' + run(text[half:])
        return run(text)

    def _box(self, on: bool) -> str:
        match self.boxes:
            case "w14":
                return box(ticked=on)
            case "legacy":
                return legacy_box('<w:checked w:val="1"/>' if on else '<w:default w:val="0"/>')
        return WINGDINGS.format(code="FE" if on else "A8")

    def file(self, body: str, crs: tuple[CR, ...]) -> Laid:
        """The mail with the document."""
        pen = self.pen
        top = "".join(para(run(line)) for line in TOPS[: pen.pick((0, 1, 3))])
        name = pen.pick(("form.docx", "CR form (final) v2.docx", "cr.doc", "scan.dat"))
        return Laid(crs, attached(pen, (name, pen.pick((DOCX, OCTETS)), word(top + body))))


def _shown(pen: Pen, item: Item) -> str:
    return f"{item.label}{pen.end}"


def two_columns(pen: Pen) -> Laid:
    """Label | value, with section headings over both columns, and perhaps help in a third."""
    cr, hand = pen.draw(wishes()), Word(pen)
    third = pen.chance(4)
    made: list[list[str]] = []
    for at, item in enumerate(pen.items(cr)):
        if at % 7 == 0 and not pen.chance(2):
            made.append([tc(label(HEADINGS[at // 7 % 3]), f'<w:gridSpan w:val="{3 if third else 2}"/>')])
        made.append([label(_shown(pen, item), bold=hand.bold), hand.value(item)])
        if third:
            made[-1].append(para(run(ROWS[item.key].hint)))
        if pen.chance(12):
            made.append([para(""), para("")])
    return hand.file(rows(made), (cr,))


def four_columns(pen: Pen) -> Laid:
    """Label | value | label | value; a long answer has a row of its own."""
    cr, hand = pen.draw(wishes()), Word(pen)
    made: list[list[str]] = []
    for item in pen.items(cr):
        cells = [label(_shown(pen, item), bold=hand.bold), hand.value(item)]
        if item.long or "\n" in item.text:
            made.append([cells[0], tc(cells[1], '<w:gridSpan w:val="3"/>')])
        elif made and len(made[-1]) == 2 and "gridSpan" not in made[-1][1]:
            made[-1] += cells
        else:
            made.append(cells)
    for row in made:
        if len(row) == 2 and "gridSpan" not in row[1]:
            row[1] = tc(row[1], '<w:gridSpan w:val="3"/>')
    return hand.file(rows(made), (cr,))


def label_above(pen: Pen) -> Laid:
    """A row of labels over a row of answers, one to three in a row, each row perhaps a table."""
    cr, hand = pen.draw(wishes()), Word(pen)
    wide = pen.pick((1, 2, 3))
    tables = []
    items = pen.items(cr)
    bands = [items[at : at + wide] for at in range(0, len(items), wide)]
    for band in bands:
        span = f'<w:gridSpan w:val="{wide // len(band)}"/>' if len(band) == 1 else ""
        tables.append(
            [
                [tc(label(_shown(pen, item), bold=hand.bold), span) for item in band],
                [tc(hand.value(item) or para(""), span) for item in band],
            ]
        )
    if pen.coin():
        return hand.file(rows([row for table in tables for row in table]), (cr,))
    return hand.file("".join(rows(table) + para("") for table in tables), (cr,))


def one_cell(pen: Pen) -> Laid:
    """Label and answer in one cell: behind the colon, or below it; one or two cells in a row."""
    cr, hand = pen.draw(wishes()), Word(pen)
    pen.end = pen.pick((":", "*:", " :"))
    below = pen.coin()
    cells = []
    for item in pen.items(cr):
        front = run(_shown(pen, item), "<w:b/>" if hand.bold else "")
        first, *rest = item.text.split("\n")
        if below or (item.long and hand.breaks):
            cells.append(para(front) + hand.value(item))
        else:
            cells.append(
                para(front + run(" ") + hand.runs(item, first)) + "".join(para(hand.runs(item, line)) for line in rest)
            )
    wide = pen.pick((1, 2))
    bands = [cells[at : at + wide] for at in range(0, len(cells), wide)]
    return hand.file(rows([*bands[:-1], [*bands[-1], *([para("")] * (wide - len(bands[-1])))]]), (cr,))


def controls(pen: Pen) -> Laid:
    """Content controls: around a run, a paragraph or the cell; blank ones show their prompt."""
    cr, hand = pen.draw(wishes()), Word(pen)
    tagged = pen.coin()
    where = pen.pick(("run", "paragraph", "cell"))
    made = []
    for item in pen.items(cr):
        tag = f'<w:tag w:val="{item.key}"/>' if tagged else '<w:tag w:val="goog_rdk_1"/>' if pen.chance(3) else ""
        blank = item.key not in cr and not item.text.strip()
        properties = f"<w:sdtPr>{tag}{'<w:showingPlcHdr/>' if blank else ''}<w:text/></w:sdtPr>"
        inside = run(PROMPT) if blank else ""
        match where:
            case "run" if "\n" not in item.text or hand.breaks:
                held = inside or hand.runs(item, item.text)
                cell = tc(para(f"<w:sdt>{properties}<w:sdtContent>{held}</w:sdtContent></w:sdt>"))
            case "cell":
                held = para(inside) if inside else hand.value(item)
                cell = f"<w:sdt>{properties}<w:sdtContent>{tc(held)}</w:sdtContent></w:sdt>"
            case _:
                held = para(inside) if inside else hand.value(item)
                cell = tc(f"<w:sdt>{properties}<w:sdtContent>{held}</w:sdtContent></w:sdt>")
        made.append(f"<w:tr>{tc(label(_shown(pen, item), bold=hand.bold))}{cell}</w:tr>")
    return hand.file(f"<w:tbl>{''.join(made)}</w:tbl>", (cr,))


def protected_form(pen: Pen) -> Laid:
    """Legacy form fields: text between the marks of a field, choices as a drop-down list."""
    cr, hand = pen.draw(wishes()), Word(pen)
    made = []
    for item in pen.items(cr):
        if ROWS[item.key].shape is Shape.FLAG and item.key in cr:
            entries = '<w:listEntry w:val="Select one"/><w:listEntry w:val="Yes"/><w:listEntry w:val="No"/>'
            data = f'<w:ffData><w:ddList><w:result w:val="{1 if cr[item.key] else 2}"/>{entries}</w:ddList></w:ffData>'
            cell = para(_field("FORMDROPDOWN", data, ""))
        elif MARK.search(item.text) and not item.long:
            cell = hand.value(item)
        else:
            lines = item.text.split("\n")
            data = '<w:ffData><w:textInput><w:default w:val="type here"/></w:textInput></w:ffData>'
            cell = para(_field("FORMTEXT", data, run("\n".join(lines)) if item.text else run("\u2002" * 5)))
        made.append([label(_shown(pen, item), bold=hand.bold), cell])
    return hand.file(rows(made), (cr,))


def _field(word: str, data: str, shown: str) -> str:
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
    code = f"<w:r><w:instrText> {word} </w:instrText></w:r>"
    middle = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{shown}' if shown else ""
    return f'{begin}{code}{middle}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def paragraphs(pen: Pen) -> Laid:
    """No table: `Label: value` in paragraphs, the labels bold, a tab behind them."""
    cr, hand = pen.draw(wishes("paragraphs")), Word(pen)
    gap = pen.pick((": ", ":\t", " - "))
    made = []
    for item in pen.items(cr):
        first, *rest = item.text.split("\n")
        front = run(item.label, "<w:b/>") + run(gap)
        made.append(para(front + hand.runs(item, first)) + "".join(para(hand.runs(item, line)) for line in rest))
        if pen.chance(4):
            made.append(para(""))
    return hand.file("".join(made), (cr,))


def text_boxes(pen: Pen) -> Laid:
    """A table inside a text box, which Word writes twice: once for older versions."""
    cr, hand = pen.draw(wishes()), Word(pen)
    made = rows([label(_shown(pen, item), bold=hand.bold), hand.value(item)] for item in pen.items(cr))
    shape = f"<w:txbxContent>{made}</w:txbxContent>"
    both = f'<mc:AlternateContent><mc:Choice Requires="wps">{shape}</mc:Choice><mc:Fallback>{shape}</mc:Fallback>'
    return hand.file(para(f"<w:r>{both}</mc:AlternateContent></w:r>"), (cr,))


def nested(pen: Pen) -> Laid:
    """A table for the looks with the form's table in one of its cells."""
    cr, hand = pen.draw(wishes()), Word(pen)
    inner = rows([label(_shown(pen, item), bold=hand.bold), hand.value(item)] for item in pen.items(cr))
    return hand.file(rows([[para(run("Meridell wholesale")), para("")], [inner + para(""), para("")]]), (cr,))


def two_files(pen: Pen) -> Laid:
    """Two forms in one mail are two change requests."""
    hand = Word(pen)
    crs = tuple(pen.draw(wishes()) for _ in range(2))
    files = []
    for at, cr in enumerate(crs):
        made = rows([label(_shown(pen, item)), hand.value(item)] for item in pen.items(cr))
        files.append((f"form {at}.docx", DOCX, word(made)))
    return Laid(crs, attached(pen, *files))


def shared_cells(pen: Pen) -> Laid:
    """The layout of 2002: the originator in one cell, two flags in one cell, the rest beside its labels."""
    cr, hand = {"originator_name": "Ida Vance", **pen.draw(wishes())}, Word(pen)
    if set("-/()") & set(str(cr.get("originator_title", ""))):
        # Where such marks part a cell, nobody can tell them from the title's own.
        cr["originator_title"] = "Order Lead"
    items = [item for item in pen.items(cr, blanks=False) if item.key not in (*PERSON, *PAIR)]
    person = [str(cr.get(key, "")) for key in PERSON]
    joint = pen.pick((", ", "\n", " / "))
    head = pen.pick(("Originator", "Originator (name, title, e-mail/phone)", "Name, Title, and email/phone#"))
    made = [
        [label(f"{head}{pen.end}"), "".join(para(run(line)) for line in joint.join(filter(None, person)).split("\n"))]
    ]
    on, off = pen.ticks
    flags = pen.pick(("   ", "\n")).join(f"{on if cr.get(key) else off} {ROWS[key].label}" for key in PAIR)
    made.append([label(f"Regulatory / Industry Guideline{pen.end}"), "".join(map(para, map(run, flags.split("\n"))))])
    made += [[label(_shown(pen, item), bold=hand.bold), hand.value(item)] for item in items]
    return hand.file(rows(made), (cr,))


FAMILIES = (
    shared_cells,
    two_columns,
    four_columns,
    label_above,
    one_cell,
    controls,
    protected_form,
    paragraphs,
    text_boxes,
    nested,
    two_files,
)
