"""Word forms: every layout that people use gives the labels and values that they see."""

import random

import pytest

from bot.intake.form import Entry, RawForm
from bot.intake.word.reader import CHANGES, HIDDEN_TEXT, MACROS, read_word
from tests.intake.forms import TABLE
from tests.intake.office_files import (
    box,
    control,
    document,
    legacy_box,
    p,
    patched,
    r,
    table,
    tc,
    values,
    word,
    zipped,
)
from tests.intake.samples import assert_read_rightly

WORD_SAMPLES = ("s01", "s02", "s03", "s04", "s05", "s06", "s14")


def read(content: bytes) -> RawForm:
    """The one form in a Word document."""
    (form,) = read_word(content, "form.docx", TABLE)
    return form


def entries(body: str) -> list[Entry]:
    """The entries of a document with this body."""
    return list(read(word(body)).entries)


def pairs(body: str) -> list[tuple[str, str]]:
    """Labels and values of a document with this body."""
    return [(entry.label, entry.value) for entry in entries(body)]


def test_two_columns() -> None:
    """Labels on the left, values on the right; an empty value is an entry with its place."""
    body = table(("Company (CLEC) *", "Saltmarsh Telecom"), ("Title of Change", "A change"), ("Business Reason", ""))
    assert entries(body) == [
        Entry("Company (CLEC) *", "Saltmarsh Telecom", "table 1, row 1"),
        Entry("Title of Change", "A change", "table 1, row 2"),
        Entry("Business Reason", "", "table 1, row 3"),
    ]


def test_labels_above_values() -> None:
    """A row of labels over a row of values."""
    body = table(("Company", "Phone"), ("Saltmarsh", "701-555-0118")) + table(("Description of change",), ("Text",))
    assert pairs(body) == [("Company", "Saltmarsh"), ("Phone", "701-555-0118"), ("Description of change", "Text")]
    assert entries(body)[1].place == "table 1, row 2"


def test_a_blank_value_does_not_swallow_a_heading() -> None:
    """A blank answer above the heading of the next part stays blank."""
    heading = tc(p("Part two"), '<w:gridSpan w:val="2"/>')
    rows = f"<w:tr>{tc(p('Business Reason'))}{tc('<w:p/>')}</w:tr><w:tr>{heading}</w:tr>"
    assert pairs(f"<w:tbl>{rows}</w:tbl>") == [("Business Reason", "")]


def test_label_and_value_in_one_cell() -> None:
    """The 2002 layout: a bold label, its value behind or under it, and a further label below."""
    cell = p("Exception Process Requested:", bold=True) + p("Yes   X No") + p("SMEs requested: the port desk")
    crowded = f"<w:p>{r('Internal Ref# ', bold=True)}{r('TG 118')}</w:p>"
    who = p("Originator:", bold=True) + p("Ida Vance, Lead, ida@saltmarsh.example") + p("Name, Title, and email/phone#")
    assert pairs(table((cell, crowded), (who, p("Status: new")))) == [
        ("Exception Process Requested:", "Yes   X No"),
        ("SMEs requested", "the port desk"),
        ("Internal Ref#", "TG 118"),
        ("Originator:", "Ida Vance, Lead, ida@saltmarsh.example"),
        ("Status", "new"),
    ]


def test_paragraphs_with_bold_labels() -> None:
    """Paragraphs of bold label and value; a line of a description that looks like a label is prose."""
    body = (
        p("CMP Change Request")
        + f"<w:p>{r('Description: ', bold=True)}{r('We ask for it.')}</w:p>"
        + p("Reason: it is slow.")
        + "<w:p/>"
        + p("Soon.")
        + f"<w:p>{r('Availability:', bold=True)}</w:p>"
        + p("Monday")
        + p("Tuesday")
    )
    assert entries(body) == [
        Entry("Description:", "We ask for it.\nReason: it is slow.\n\nSoon.", "paragraph 2"),
        Entry("Availability:", "Monday\nTuesday", "paragraph 5"),
    ]


def test_paragraphs_without_bold_labels() -> None:
    """Where nothing is bold, a known label with a colon begins an answer; two may share a line."""
    body = p("Company: Saltmarsh\tPhone: 701-555-0118") + p("Description: One.") + p("Reason: Two.")
    assert pairs(body) == [
        ("Company", "Saltmarsh"),
        ("Phone", "701-555-0118"),
        ("Description", "One."),
        ("Reason", "Two."),
    ]


def test_a_label_over_a_box() -> None:
    """A paragraph with a label, and under it a table of one cell with the answer."""
    assert pairs(p("Description of Change:", bold=True) + table(("The text.",))) == [
        ("Description of Change:", "The text.")
    ]


def test_content_controls() -> None:
    """Controls in a line, around a cell, around a row; tags are kept, prompts are blank."""
    company = f"<w:p>{control('Saltmarsh', 'company')}</w:p>"
    prompt = f"<w:p>{control('Click to enter text', 'smes_requested', '<w:showingPlcHdr/><w:text/>')}</w:p>"
    cell = f'<w:sdt><w:sdtPr><w:tag w:val="description"/></w:sdtPr><w:sdtContent>{tc(p("Text"))}</w:sdtContent></w:sdt>'
    body = (
        f"<w:tbl><w:tr>{tc(p('Company'))}{tc(company)}</w:tr>"
        f"<w:tr>{tc(p('Description of Change'))}{cell}</w:tr>"
        f"<w:sdt><w:sdtContent><w:tr>{tc(p('SMEs Requested'))}{tc(prompt)}</w:tr></w:sdtContent></w:sdt></w:tbl>"
    )
    assert [(entry.label, entry.value, entry.tag) for entry in entries(body)] == [
        ("Company", "Saltmarsh", "company"),
        ("Description of Change", "Text", "description"),
        ("SMEs Requested", "", "smes_requested"),
    ]


def test_controls_of_several_fields_in_one_cell() -> None:
    """A cell with the controls of several fields gives an entry for each."""
    cell = f"<w:p>{control('Ida Vance', 'originator_name')}, {control('701-555-0118', 'originator_phone')}</w:p>"
    found = entries(table(("Originator", cell)))
    assert [(entry.value, entry.tag) for entry in found] == [
        ("Ida Vance", "originator_name"),
        ("701-555-0118", "originator_phone"),
    ]


def test_tick_boxes() -> None:
    """Every structural tick box is [x] or [ ] where it stands; typed ones stay as they are."""
    modern = f"<w:p>{box(ticked=True)}{r(' Ordering ')}{box(ticked=False)}{r(' Billing')}</w:p>"
    off = legacy_box('<w:default w:val="0"/>')
    legacy = f"<w:p>{legacy_box('<w:checked/>')}{r('Yes')}{off}{r('No')}</w:p>"
    symbols = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + r(" System") + "</w:p>"
    letters = '<w:p><w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\u00a8</w:t></w:r>' + r("Yes") + "</w:p>"
    body = table(
        ("Area(s) Impacted", modern),
        ("Exception Process Requested", legacy),
        ("Area of Change Request", symbols),
        ("Regulatory", letters),
        ("Products Impacted", "\u2612 LNP"),
    )
    assert [value.split() for _, value in pairs(body)] == [
        ["[x]", "Ordering", "[", "]", "Billing"],
        ["[x]", "Yes", "[", "]", "No"],
        ["[x]", "System"],
        ["[", "]", "Yes"],
        ["\u2612", "LNP"],
    ]


def test_a_legacy_drop_down_shows_its_choice() -> None:
    """The chosen entry of a protected form's list is its value, though no run holds it."""
    choice = (
        '<w:ddList><w:result w:val="1"/><w:listEntry w:val="System"/><w:listEntry w:val="Product/Process"/></w:ddList>'
    )
    field = f'<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData>{choice}</w:ffData></w:fldChar></w:r></w:p>'
    assert pairs(table(("Area of Change Request", field))) == [("Area of Change Request", "Product/Process")]


def test_tracked_changes_and_hidden_text() -> None:
    """Insertions count, deletions and hidden text do not, and the form says so."""
    gone = '<w:del w:id="1"><w:r><w:delText>Old Telco</w:delText></w:r></w:del>'
    new = f'<w:ins w:id="2">{r("Saltmarsh")}</w:ins>'
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    form = read(word(table(("Company", f"<w:p>{gone}{new}{hidden}</w:p>"))))
    assert values(form) == {"Company": "Saltmarsh"}
    assert form.notes == (CHANGES, HIDDEN_TEXT)


def test_merged_cells() -> None:
    """A label over several rows takes their answers; a claimed span of any size costs nothing."""
    start, more = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    wide = '<w:gridSpan w:val="100000000"/>'
    rows = (
        f"<w:tr>{tc(p('Availability'), start)}{tc(p('Monday'), wide)}</w:tr>"
        f"<w:tr>{tc('<w:p/>', more)}{tc(p('Tuesday'), wide)}</w:tr>"
    )
    assert pairs(f"<w:tbl>{rows}</w:tbl>") == [("Availability", "Monday\nTuesday")]


def test_tables_in_tables() -> None:
    """A table of labels inside a cell is read on its own; one without labels is its cell's text."""
    inner = table(("Company", "Saltmarsh"))
    slots = table(("Monday", "10:00"), ("Tuesday", "11:00"))
    body = table(("Availability", f"{slots}<w:p/>"), ("Notes", f"{inner}<w:p/>"))
    assert pairs(body) == [("Availability", "Monday   10:00\nTuesday   11:00"), ("Company", "Saltmarsh")]


def test_text_boxes_are_read_once() -> None:
    """The text of a box counts once, though Word writes it in two ways."""
    inside = f"<w:txbxContent>{p('Company: Saltmarsh')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing>"
        f"{inside}</w:drawing></mc:Choice><mc:Fallback><w:pict>{inside}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert pairs(body) == [("Company", "Saltmarsh")]


def test_a_list_of_requests() -> None:
    """A header row with several rows below it is one change request a row."""
    head = ("Company", "Title of Change", "Description of Change", "Products Impacted")
    forms = read_word(word(table(head, ("A", "One", "First", "LNP"), ("B", "Two", "Second", "UNE"))), "f", TABLE)
    assert [[entry.value for entry in form.entries] for form in forms] == [
        ["A", "One", "First", "LNP"],
        ["B", "Two", "Second", "UNE"],
    ]


def test_two_fields_side_by_side() -> None:
    """Label, value, label, value in one row, with help under the labels."""
    body = table(("Company", "Saltmarsh", p("Phone") + p("with area code"), "701-555-0118"))
    assert pairs(body) == [("Company", "Saltmarsh"), ("Phone", "701-555-0118")]


def test_as_python_docx_writes_it() -> None:
    """A document of another program, with its styles and settings."""
    assert values(read(document([("Company", "Saltmarsh"), ("Description", "One.\nTwo.")]))) == {
        "Company": "Saltmarsh",
        "Description": "One.\nTwo.",
    }


def test_other_packages_of_word() -> None:
    """A strict document, one whose main part has another name, and one with macros are read."""
    body = table(("Company", "Saltmarsh"))
    good = word(body)
    macros = word(body, **{"word/vbaProject.bin": "x"})
    main = (
        f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{body}</w:body></w:document>'
    )
    root = '<Relationships><Relationship Type="x/officeDocument" Target="/word/document2.xml"/></Relationships>'
    moved = zipped({"_rels/.rels": root, "word/document2.xml": main})
    assert values(read(good)) == values(read(moved)) == values(read(macros)) == {"Company": "Saltmarsh"}
    assert read(macros).notes == (MACROS,)


def test_damage_is_a_value_error() -> None:
    """A document without its part, or with damaged XML, is refused in words."""
    for content in (
        zipped({"word/other.xml": "x"}),
        word("<w:p>"),
        patched(word("<w:p/>"), b"PK\x05\x06", b"PK\x05\x07"),
    ):
        with pytest.raises(ValueError, match="it"):
            read_word(content, "f", TABLE)


def test_any_nesting_is_survived() -> None:
    """Random trees of Word's elements are read or refused, never anything else."""
    lots = random.Random(7)
    names = (
        "p",
        "r",
        "t",
        "tbl",
        "tr",
        "tc",
        "sdt",
        "sdtContent",
        "sdtPr",
        "ins",
        "fldChar",
        "ffData",
        "tcPr",
        "gridSpan",
    )

    def tree(depth: int) -> str:
        name = lots.choice(names)
        inside = "".join(tree(depth - 1) for _ in range(lots.randrange(4))) if depth else "Company: x"
        return f"<w:{name}>{inside}</w:{name}>"

    for _ in range(300):
        read_word(word("".join(tree(6) for _ in range(3))), "f", TABLE)


@pytest.mark.parametrize("sample", WORD_SAMPLES)
def test_samples(sample: str) -> None:
    """The sample forms are read as a careful person reads them."""
    assert_read_rightly(sample, ".docx", read_word)
