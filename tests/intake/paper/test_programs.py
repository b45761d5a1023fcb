"""The blank forms in the programs that people fill them in with: what is typed there comes back."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring, register_namespace, tostring

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from openpyxl import load_workbook

from bot.intake.form import Field, Shape, Submission
from bot.intake.paper.blank import blank
from bot.intake.paper.filled import OTHER, Filled, heading, printed
from bot.intake.paper.word import A_SLOT, NAME_IT
from tests.intake.forms import TABLE
from tests.intake.paper.test_blank import FULL, HOUSE, PARAGRAPHS, PROBLEMS, answers, returned
from tests.libreoffice import LibreOffice

TYPED = {**FULL, "internal_ref": "ST-7"}
FILLED = Filled(TYPED)
FIELDS = {field.label: field for field in printed(TABLE)}
BOXES = frozenset({Shape.FLAG, Shape.AREA, Shape.CHOICES})
PROMPTS = {A_SLOT, NAME_IT, *(field.hint for field in FIELDS.values())}
LOEXT = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
NAMESPACE = re.compile(rb' xmlns:(\w+)="([^"]+)"')


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> LibreOffice:
    """One LibreOffice for all of them; it needs a second to make its profile."""
    return LibreOffice(tmp_path_factory.mktemp("office"))


def empty(shape: str) -> bytes:
    """The form as CLECs get it."""
    return blank(TABLE, shape, house=HOUSE)


def field_of(label: str) -> Field | None:
    """The field of a printed label, its star and running number left out."""
    return FIELDS.get(re.sub(r" (?:\*|\d)$", "", label.strip()))


def text_of(element: Element) -> str:
    """All text in an element."""
    return "".join(element.itertext()).strip()


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def opened(flat: bytes) -> Element:
    """A flat document; its names stay as they were when it is written again."""
    for prefix, name in NAMESPACE.findall(flat):
        register_namespace(prefix.decode(), name.decode())
    return fromstring(flat)


def rows_of(document: Element) -> Iterator[list[Element]]:
    """The cells of every row of its tables."""
    for row in document.iter():
        if local(row) == "table-row":
            yield [cell for cell in row if local(cell) == "table-cell"]


def typed_into_writer(flat: bytes) -> bytes:
    """The text document with every answer typed over its prompt, and its boxes ticked."""
    document = opened(flat)
    for cells in rows_of(document):
        for label, cell in pairwise(cells):
            if field := field_of(text_of(label)):
                tick(cell, field) if field.shape in BOXES else overtype(cell, field)
    return bytes(tostring(document, encoding="utf-8"))


def overtype(cell: Element, field: Field) -> None:
    """Put the answers to a field where its prompts are."""
    texts = iter(FILLED.slots(field) if field.shape is Shape.SLOTS else (FILLED.text(field),))
    for control in prompts_in(cell):
        write(control, next(texts))


def prompts_in(cell: Element) -> list[Element]:
    """The places where a person may type."""
    places = [element for element in cell.iter() if local(element) in {"text-input", "content-control"}]
    return [place for place in places if text_of(place) in PROMPTS]


def write(control: Element, text: str) -> None:
    """Type over a prompt; an empty text leaves it as it is."""
    if text:
        control.attrib.pop(f"{{{LOEXT}}}showing-place-holder", None)
        inner = control[0] if len(control) else control
        inner.text = text


def tick(cell: Element, field: Field) -> None:
    """Tick the boxes of the chosen answers, and name what is behind Other."""
    chosen = {"Yes"} if field.shape is Shape.FLAG and FILLED.text(field) else set(FILLED.chosen(field))
    for control in cell.iter(f"{{{LOEXT}}}content-control"):
        if f"{{{LOEXT}}}checkbox" in control.attrib and (control.tail or "").strip(" :") in chosen:
            control.set(f"{{{LOEXT}}}checked", "true")
            write(control, control.get(f"{{{LOEXT}}}checked-state", ""))
    for control in prompts_in(cell) if OTHER in chosen else ():
        write(control, FILLED.other_of(field))


def typed_into_calc(flat: bytes) -> bytes:
    """The workbook with every answer typed beside its label."""
    document = opened(flat)
    left = dict(sheet_answers())
    for cells in rows_of(document):
        answer = left.pop(text_of(cells[0]), "") if len(cells) > 1 else ""
        if answer:
            namespace = cells[1].tag.partition("}")[0]
            cells[1].set(f"{namespace.replace('table', 'office')}}}value-type", "string")
            for line in answer.split("\n"):
                paragraph = Element(f"{namespace.replace('table', 'text')}}}p")
                paragraph.text = line
                cells[1].append(paragraph)
    assert left == {}
    return bytes(tostring(document, encoding="utf-8"))


def sheet_answers() -> Iterator[tuple[str, str]]:
    """What is typed into the workbook, by its labels."""
    for field in FIELDS.values():
        if field.shape is Shape.SLOTS:
            yield from ((f"{field.label} {at}", slot) for at, slot in enumerate(FILLED.slots(field), 1))
        else:
            yield heading(field), FILLED.text(field)


@pytest.mark.slow
def test_typed_into_writer(office: LibreOffice) -> None:
    """Opened in LibreOffice Writer, filled in there and saved as a Word file."""
    flat = office.saved_as("fodt", empty("docx"), "docx")
    submission = returned(office.saved_as("docx", typed_into_writer(flat), "fodt"), "docx")
    assert answers(submission) == TYPED
    assert submission.notes == ()


@pytest.mark.slow
def test_typed_into_calc(office: LibreOffice) -> None:
    """Opened in LibreOffice Calc, filled in there and saved as an Excel file."""
    flat = office.saved_as("fods", empty("xlsx"), "xlsx")
    submission = returned(office.saved_as("xlsx", typed_into_calc(flat), "fods"), "xlsx")
    assert answers(submission) == TYPED
    assert submission.notes == ()


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "other"), [("docx", "odt"), ("docx", "doc"), ("xlsx", "ods"), ("xlsx", "xls")])
def test_saved_by_libreoffice(shape: str, other: str, office: LibreOffice) -> None:
    """A filled form with remarks, saved in LibreOffice's format or an old one and back, holds the same."""
    fields = {**FULL, "title": "DSL", "description": PARAGRAPHS}
    there = office.saved_as(other, blank(TABLE, shape, fields, PROBLEMS, "IN112226-1", HOUSE), shape)
    assert answers(returned(office.saved_as(shape, there, other), shape)) == fields


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "other"), [("docx", "odt"), ("xlsx", "ods")])
def test_left_blank_in_libreoffice(shape: str, other: str, office: LibreOffice) -> None:
    """A form that nobody filled in is as blank when LibreOffice has saved it."""
    there = office.saved_as(other, empty(shape), shape)
    assert answers(returned(office.saved_as(shape, there, other), shape)) == {}


def test_one_page_each(office: LibreOffice) -> None:
    """Printed, each blank form is one page of Letter size."""
    for shape in ("docx", "xlsx"):
        printed_out = office.saved_as("pdf", empty(shape), shape)
        assert len(re.findall(rb"/Type\s*/Page\b", printed_out)) == 1
        assert re.search(rb"/MediaBox\s*\[\s*0 0 612 792\s*\]", printed_out)


def test_filled_by_openpyxl() -> None:
    """Loaded, every cell beside a label set, and saved."""
    book = load_workbook(BytesIO(empty("xlsx")))
    sheet = book.worksheets[0]
    left = dict(sheet_answers())
    for label, answer, *_ in sheet.iter_rows():
        if text := left.pop(str(label.value), ""):
            answer.value = text
    assert left == {}
    stream = BytesIO()
    book.save(stream)
    submission = returned(stream.getvalue(), "xlsx")
    assert answers(submission) == TYPED


def test_only_answers_can_be_typed_into() -> None:
    """In the workbook Tab goes from answer to answer, from the top down; nothing else can be written in,
    and no password keeps whoever wants to from changing that."""
    sheet = load_workbook(BytesIO(empty("xlsx"))).worksheets[0]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet.protection.selectLockedCells
    assert not sheet.protection.formatRows  # False means that it is allowed
    free = {str(row[0].value): cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert list(free) == [label for label, _ in sheet_answers()]
    assert {cell.column for cell in free.values()} == {2}
    assert sheet.sheet_view.selection[0].activeCell == free["Originator Name *"].coordinate
    assert sheet.print_area == f"'Change Request'!$A$1:$C${sheet.max_row}"


def filled_word(fill: Callable[[DocxDocument], None]) -> Submission:
    """The Word form, filled in by a program, as it is judged."""
    document = Document(BytesIO(empty("docx")))
    fill(document)
    stream = BytesIO()
    document.save(stream)
    return returned(stream.getvalue(), "docx")


def by_cells(document: DocxDocument) -> None:
    """What most programs do: put a text into the cell beside the label."""
    for row in document.tables[0].rows:
        cells = list({id(cell._tc): cell for cell in row.cells}.values())
        for label, cell in pairwise(cells):
            if (field := field_of(label.text)) and FILLED.text(field):
                cell.text = FILLED.text(field)


def by_controls(document: DocxDocument) -> None:
    """What programs do that know the form's tags: they fill in its content controls."""
    slots = {field.key: iter(FILLED.slots(field)) for field in FIELDS.values() if field.shape is Shape.SLOTS}
    fields = {field.key: field for field in FIELDS.values()}
    for control in list(document.element.body.iter(qn("w:sdt"))):
        field = fields.get(tag_of(control))
        if field is None:
            continue
        box = control.find(f".//{{{W14}}}checkbox")
        if box is not None:
            name = control.getnext().text.strip(" :")
            chosen = {"Yes"} if field.shape is Shape.FLAG and FILLED.text(field) else set(FILLED.chosen(field))
            box.find(f"{{{W14}}}checked").set(f"{{{W14}}}val", str(int(name in chosen)))
            put(control, "\u2612" if name in chosen else "\u2610")
            continue
        answer = FILLED.other_of(field) if field.shape is Shape.CHOICES else FILLED.text(field)
        put(control, next(slots[field.key]) if field.key in slots else answer)


def tag_of(control: BaseOxmlElement) -> str:
    """The tag of a content control."""
    tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
    return "" if tag is None else str(tag.get(qn("w:val")))


def put(control: BaseOxmlElement, text: str) -> None:
    """A text into a content control, which then shows no prompt any more."""
    if not text:
        return
    for prompt in list(control.iter(qn("w:showingPlcHdr"))):
        prompt.getparent().remove(prompt)
    first, *_ = control.iter(qn("w:t"))
    first.text, *more = text.split("\n")
    run = first.getparent()
    for line in more:
        run.append(run.makeelement(qn("w:br"), {}))
        added = run.makeelement(qn("w:t"), {})
        added.text = line
        run.append(added)


@pytest.mark.parametrize("fill", [by_cells, by_controls])
def test_filled_by_python_docx(fill: Callable[[DocxDocument], None]) -> None:
    """Filled cell by cell or control by control, the Word form comes back as it was filled."""
    submission = filled_word(fill)
    assert answers(submission) == TYPED
    assert submission.notes == ()


def test_controls_stand_in_the_order_of_the_page() -> None:
    """Each content control has a title and a tag of its field, and they follow one another as the
    questions do; tick boxes are those of Word 2010 and later."""
    body = Document(BytesIO(empty("docx"))).element.body
    tags = [tag_of(control) for control in body.iter(qn("w:sdt"))]
    order = ["cr_number", "status", *(field.key for field in FIELDS.values())]
    assert list(dict.fromkeys(tags)) == order
    titles = [alias.get(qn("w:val")) for alias in body.iter(qn("w:alias"))]
    assert len(titles) == len(tags)
    assert {title for title in titles if title not in FIELDS} == {"CR #", "Status"}
    boxes = sum(1 for _ in body.iter(f"{{{W14}}}checkbox"))
    assert boxes == sum(len(field.choices) if field.choices else 1 for field in FIELDS.values() if field.shape in BOXES)
