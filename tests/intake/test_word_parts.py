"""Word forms beyond tables: controls, fields, boxes, margins, changes; what is seen is read."""

import pytest

from bot.intake.form import Code, Entry, RawForm
from bot.intake.judge import judge
from bot.intake.word.reader import ACTIVE, CHANGES, EMBEDDED, HIDDEN_TEXT, STRUCK_TEXT, read_word
from tests.intake.forms import GOOD, SENDER, TABLE
from tests.intake.office_files import control, p, r, table, tc, values, word

PAIRS = [pair for pair in GOOD.items() if pair[0] not in {"Title", "Availability"}]
STYLED = '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:styles>'
HEADER = '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:hdr>'


def read(body: str, **parts: str) -> RawForm:
    """The one form in a document with this body."""
    (form,) = read_word(word(body, **parts), "form.docx", TABLE)
    return form


def entries(body: str, **parts: str) -> list[Entry]:
    """The entries of a document with this body."""
    return list(read(body, **parts).entries)


def pairs(body: str, **parts: str) -> list[tuple[str, str]]:
    """Labels and values of a document with this body."""
    return [(entry.label, entry.value) for entry in entries(body, **parts)]


def value(content: str, label: str = "Company", **parts: str) -> str:
    """What is read beside a label from a cell with this content."""
    ((_, found),) = pairs(table((label, content)), **parts)
    return found


def run(text: str, look: str) -> str:
    """A run in a look."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*runs: str, style: str = "") -> str:
    """A paragraph of runs."""
    return f"<w:p>{f'<w:pPr>{style}</w:pPr>' if style else ''}{''.join(runs)}</w:p>"


def field(data: str, result: str = "", code: str = "FORMTEXT") -> str:
    """A complex field with its form data, its code and its result."""
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("separate", "end")}
    begin = f'<w:r><w:fldChar w:fldCharType="begin">{f"<w:ffData>{data}</w:ffData>" if data else ""}</w:fldChar></w:r>'
    return f"{begin}<w:r><w:instrText> {code} </w:instrText></w:r>{marks['separate']}{result}{marks['end']}"


def text_box(content: str) -> str:
    """A run with a text box, as Word stores it: drawn twice."""
    inside = f"<w:txbxContent>{content}</w:txbxContent>"
    shape = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        f'<wps:wsp xmlns:wps="{shape}"><wps:txbx>{inside}</wps:txbx></wps:wsp>'
        "</w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{inside}</v:textbox></v:shape></w:pict>'
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )


CONTROLS = {
    "text": ("<w:text/>", "Saltmarsh", "Saltmarsh"),
    "rich": ("", "Saltmarsh", "Saltmarsh"),
    "prompt": ("<w:showingPlcHdr/><w:text/>", "Name your company, please", ""),
    "prompt switched off": ('<w:showingPlcHdr w:val="0"/><w:text/>', "Saltmarsh", "Saltmarsh"),
    "bound with prompt": ('<w:dataBinding w:xpath="/a"/><w:showingPlcHdr/><w:text/>', "Company name", ""),
    "bound": ('<w:dataBinding w:xpath="/a"/><w:text/>', "Saltmarsh", "Saltmarsh"),
    "list": (
        '<w:dropDownList><w:listItem w:displayText="Saltmarsh" w:value="1"/></w:dropDownList>',
        "Saltmarsh",
        "Saltmarsh",
    ),
    "list at its invitation": (
        '<w:dropDownList><w:listItem w:displayText="Pick yours" w:value=""/></w:dropDownList>',
        "Pick yours",
        "",
    ),
    "combo box with a text of its own": (
        '<w:comboBox><w:listItem w:displayText="A" w:value="a"/></w:comboBox>',
        "Saltmarsh",
        "Saltmarsh",
    ),
    "picture": ("<w:picture/>", "", ""),
    "repeating": ('<w15:repeatingSection xmlns:w15="x"/>', "Saltmarsh", "Saltmarsh"),
}


@pytest.mark.parametrize("kind", CONTROLS)
@pytest.mark.parametrize("level", ["run", "block", "cell"])
def test_controls_of_every_kind(kind: str, level: str) -> None:
    """A control around words, paragraphs or a cell is its text; a prompt is blank."""
    properties, text, wanted = CONTROLS[kind]
    about = f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{{}}</w:sdtContent></w:sdt>"
    inside = {"run": para(about.format(r(text))), "block": about.format(p(text)), "cell": about.format(tc(p(text)))}[
        level
    ]
    cell = inside if level == "cell" else tc(inside)
    body = f"<w:tbl><w:tr>{tc(p('Company'))}{cell}</w:tr></w:tbl>"
    assert pairs(body) == [("Company", wanted)]


def test_a_prompt_between_paragraphs_is_blank() -> None:
    """A control around paragraphs outside of tables is blank while it shows its prompt."""
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Write at length.')}</w:sdtContent></w:sdt>"
    assert pairs(p("Description of Change:") + prompt + p("Company: Saltmarsh")) == [
        ("Description of Change:", ""),
        ("Company", "Saltmarsh"),
    ]


def test_a_date_shown_day_first_is_its_exact_day() -> None:
    """A date control in a day-first format gives the day that it stores, not what it looks like."""
    stored = '<w:date w:fullDate="2026-04-03T00:00:00Z"><w:dateFormat w:val="{}"/></w:date>'
    shown = {"dd/MM/yyyy": "03/04/2026", "MM/dd/yyyy": "04/03/2026", "d MMMM yyyy": "3 April 2026"}
    found = [
        value(para(control(text, properties=stored.format(shape))), "Date Submitted") for shape, text in shown.items()
    ]
    assert found == ["2026-04-03", "04/03/2026", "3 April 2026"]


def test_rows_of_a_repeating_section() -> None:
    """Rows inside controls inside controls are rows."""
    item = "<w:sdt><w:sdtContent><w:tr>{}</w:tr></w:sdtContent></w:sdt>"
    rows = (tc(p("Company")) + tc(p("Saltmarsh")), tc(p("Phone")) + tc(p("701-555-0118")))
    body = f"<w:tbl><w:sdt><w:sdtContent>{''.join(map(item.format, rows))}</w:sdtContent></w:sdt></w:tbl>"
    assert pairs(body) == [("Company", "Saltmarsh"), ("Phone", "701-555-0118")]


def test_the_tag_of_a_foreign_control_does_not_beat_its_label() -> None:
    """Where a printed label is known, a tag that names another field is not believed."""
    found = entries(
        table(("Originator Title", para(control("Order Lead", "title"))), ("Phone", para(control("7", "x"))))
    )
    assert [(entry.tag, entry.value) for entry in found] == [("", "Order Lead"), ("x", "7")]


LEGACY = {
    "text": (field("<w:textInput/>", r("Saltmarsh")), "Saltmarsh"),
    "blank text": (field("<w:textInput/>", r("\u2002" * 5)), ""),
    "text at its prompt": (
        field('<w:textInput><w:default w:val="Enter your company"/></w:textInput>', r("Enter your company")),
        "",
    ),
    "text at its default": (
        field('<w:textInput><w:default w:val="Saltmarsh"/></w:textInput>', r("Saltmarsh")),
        "Saltmarsh",
    ),
    "ticked": (field("<w:checkBox><w:checked/></w:checkBox>", code="FORMCHECKBOX"), "[x]"),
    "ticked from the start": (field('<w:checkBox><w:default w:val="1"/></w:checkBox>'), "[x]"),
    "unticked again": (field('<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>'), "[ ]"),
    "list": (field('<w:ddList><w:result w:val="1"/><w:listEntry w:val="A"/><w:listEntry w:val="B"/></w:ddList>'), "B"),
    "list with a result in runs": (
        field('<w:ddList><w:result w:val="1"/><w:listEntry w:val="A"/><w:listEntry w:val="B"/></w:ddList>', r("B")),
        "B",
    ),
    "list at its default": (
        field('<w:ddList><w:default w:val="1"/><w:listEntry w:val="A"/><w:listEntry w:val="B"/></w:ddList>'),
        "B",
    ),
    "list out of range": (field('<w:ddList><w:result w:val="7"/><w:listEntry w:val="A"/></w:ddList>'), ""),
    "hyperlink": (f"<w:hyperlink>{r('Saltmarsh')}</w:hyperlink>", "Saltmarsh"),
    "hyperlink field": (field("", r("Saltmarsh"), 'HYPERLINK "http://x.example"'), "Saltmarsh"),
    "simple field": (f'<w:fldSimple w:instr="AUTHOR">{r("Saltmarsh")}</w:fldSimple>', "Saltmarsh"),
    "field within a code": (
        field("", r("Saltmarsh")).replace("<w:instrText", field("", r("unseen"))[5:-6] + "</w:r><w:r><w:instrText", 1),
        "Saltmarsh",
    ),
    "field without an end": ('<w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p><w:p>' + r("Saltmarsh"), "Saltmarsh"),
    "comment and footnote": (
        r("Saltmarsh") + '<w:r><w:commentReference w:id="0"/></w:r><w:r><w:footnoteReference w:id="1"/></w:r>',
        "Saltmarsh",
    ),
    "tabs, breaks and hyphens": (
        "<w:r><w:t>Salt</w:t><w:noBreakHyphen/><w:t>marsh</w:t><w:softHyphen/><w:br/><w:t>Tel</w:t></w:r>",
        "Salt-marsh\nTel",
    ),
}


@pytest.mark.parametrize("kind", LEGACY)
def test_fields(kind: str) -> None:
    """Of a field its result is read, of a protected form's field its state; code is not."""
    content, wanted = LEGACY[kind]
    assert value(para(content)) == wanted


SYMBOLS = {
    "w:sym": '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
    "w:sym without its prefix": '<w:r><w:sym w:font="Wingdings" w:char="FE"/></w:r>',
    "Wingdings 2": '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>',
    "Webdings": '<w:r><w:sym w:font="Webdings" w:char="F061"/></w:r>',
    "letter in Wingdings": run("\u00fe", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
    "private use": run("\uf0fe", '<w:rFonts w:hAnsi="Wingdings"/>'),
}


@pytest.mark.parametrize("notation", SYMBOLS)
def test_ticks_in_symbol_fonts(notation: str) -> None:
    """A picture of a ticked box is a tick, however its font is named."""
    assert value(para(SYMBOLS[notation], r(" Yes")), "Regulatory").split() == ["[x]", "Yes"]


@pytest.mark.parametrize(
    ("look", "note"),
    [
        ("<w:vanish/>", HIDDEN_TEXT),
        ('<w:vanish w:val="true"/>', HIDDEN_TEXT),
        ('<w:rStyle w:val="Gone"/>', HIDDEN_TEXT),
        ('<w:rStyle w:val="GoneToo"/>', HIDDEN_TEXT),
        ("<w:strike/>", STRUCK_TEXT),
        ("<w:dstrike/>", STRUCK_TEXT),
    ],
)
def test_hidden_and_struck_text(look: str, note: str) -> None:
    """Hidden text is not read, by whatever it is hidden, and text struck through by hand is not; both are told."""
    styles = STYLED.format(
        '<w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="GoneToo"><w:basedOn w:val="Gone"/></w:style>'
    )
    form = read(table(("Company", para(run("Old ", look), r("Saltmarsh")))), **{"word/styles.xml": styles})
    assert values(form) == {"Company": "Saltmarsh"}
    assert form.notes == (note,)


def test_what_is_not_hidden_is_told_of_by_nobody() -> None:
    """A switch that is off hides nothing, and neither does a style that nobody uses."""
    styles = STYLED.format('<w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>')
    form = read(table(("Company", para(run("Saltmarsh", '<w:vanish w:val="0"/>')))), **{"word/styles.xml": styles})
    assert (values(form), form.notes) == ({"Company": "Saltmarsh"}, ())


def test_a_hidden_row_is_not_read() -> None:
    """A hidden row of a table is not there, and that is told."""
    hidden = f"<w:tr><w:trPr><w:hidden/></w:trPr>{tc(p('Phone'))}{tc(p('1'))}</w:tr>"
    form = read(table(("Company", "Saltmarsh")).replace("</w:tbl>", f"{hidden}</w:tbl>"))
    assert (values(form), form.notes) == ({"Company": "Saltmarsh"}, (HIDDEN_TEXT,))


ENDED = "<w:rPr><w:del/></w:rPr>"
CHANGED = {
    "inserted": f"<w:p><w:ins>{r('Saltmarsh')}</w:ins></w:p>",
    "deleted": f"<w:p><w:del><w:r><w:delText>Old</w:delText></w:r></w:del>{r('Saltmarsh')}</w:p>",
    "moved": f"<w:p><w:moveFrom>{r('Old')}</w:moveFrom><w:moveTo>{r('Saltmarsh')}</w:moveTo></w:p>",
    "end of a paragraph deleted": para(r("Salt"), style=ENDED) + p("marsh"),
    "ends of two paragraphs deleted": para(r("Sal"), style=ENDED) + para(r("tma"), style=ENDED) + p("rsh"),
    "inserted control": f"<w:p><w:ins>{control('Saltmarsh')}</w:ins></w:p>",
}


@pytest.mark.parametrize("kind", CHANGED)
@pytest.mark.parametrize("where", ["cell", "paragraph"])
def test_tracked_changes(kind: str, where: str) -> None:
    """Insertions and moved text count where they stand now, deletions do not, and it is told."""
    body = table(("Company", CHANGED[kind])) if where == "cell" else p("Company:") + CHANGED[kind]
    form = read(body)
    assert [entry.value for entry in form.entries] == ["Saltmarsh"]
    assert form.notes == (CHANGES,)


def test_deleted_rows_and_cells() -> None:
    """A deleted row or cell is gone; changes of mere looks are none."""
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{tc(p('Phone'))}{tc(p('1'))}</w:tr>"
    row = f"<w:tr>{tc(p('Company'))}{tc(p('Old'), '<w:cellDel/>')}{tc(p('Saltmarsh'))}</w:tr>"
    assert pairs(f"<w:tbl>{gone}{row}</w:tbl>") == [("Company", "Saltmarsh")]
    look = "<w:b/><w:rPrChange><w:rPr/></w:rPrChange>"
    assert read(table(("Company", para(run("Saltmarsh", look))))).notes == ()


def test_other_things_in_a_document_are_told() -> None:
    """ActiveX controls and embedded documents cannot be read, and their sender hears of it."""
    body = table(("Company", "Saltmarsh")) + '<w:p><w:r><w:object><w:control w:name="a"/></w:object></w:r></w:p>'
    assert read(body + '<w:altChunk w:id="1"/>').notes == (ACTIVE, EMBEDDED)


def test_text_boxes() -> None:
    """A box with labels is a place of its own; one without is the answer to a label that has none."""
    body = (
        para(r("Description of Change:"))
        + para(text_box(p("One.") + p("Two.")))
        + para(text_box(p("Company: Saltmarsh")))
    )
    assert entries(body) == [
        Entry("Company", "Saltmarsh", "text box 2"),
        Entry("Description of Change:", "One.\nTwo.", "paragraph 1"),
    ]


def test_a_text_box_does_not_break_into_an_answer() -> None:
    """A note in a box beside an answer is no part of it, and is told."""
    form = read(para(r("Description of Change: One."), text_box(p("Office use"))) + p("Two.") + p("Company: Saltmarsh"))
    assert values(form) == {"Description of Change": "One.\nTwo.", "Company": "Saltmarsh"}
    assert form.notes == ("A text box without a label was not read: \u201cOffice use\u201d.",)


def test_text_boxes_in_cells() -> None:
    """A box is the answer of a cell that has no other text; one with labels is read on its own."""
    body = table(
        ("Company", para(text_box(p("Saltmarsh")))),
        ("Business Reason", para(r("Time."), text_box(p("Phone: 701-555-0118")))),
    )
    assert [(entry.label, entry.value, entry.place) for entry in entries(body)] == [
        ("Company", "Saltmarsh", "table 1, row 1"),
        ("Business Reason", "Time.", "table 1, row 2"),
        ("Phone", "701-555-0118", "text box 1"),
    ]


def test_a_table_in_a_text_box() -> None:
    """A whole form in a text box has its places there."""
    assert entries(para(text_box(table(("Company", "Saltmarsh"), ("Phone", ""))))) == [
        Entry("Company", "Saltmarsh", "text box 1, row 1"),
        Entry("Phone", "", "text box 1, row 2"),
    ]


def test_a_picture_with_no_text_falls_back() -> None:
    """Where the first way to draw a box has no text, the other one is read."""
    inside = f"<w:txbxContent>{p('Company: Saltmarsh')}</w:txbxContent>"
    ways = f"<mc:Choice><w:drawing/></mc:Choice><mc:Fallback><w:pict>{inside}</w:pict></mc:Fallback>"
    assert pairs(para(f"<w:r><mc:AlternateContent>{ways}</mc:AlternateContent></w:r>")) == [("Company", "Saltmarsh")]


def test_headers_and_footers() -> None:
    """What they say fills gaps; page numbers and the form's own title and date are nobody's answer."""
    header = HEADER.format(p("Company: Saltmarsh") + p("Page 1 of 2"))
    footer = HEADER.format(table(("Title", "Request form"), ("Date", "1/2/2019"), ("Description", "Our form")))
    body = table(("Phone", "701-555-0118"), ("Date Submitted", "11/20/2026"))
    assert entries(body, **{"word/header1.xml": header, "word/footer2.xml": footer})[2:] == [
        Entry("Company", "Saltmarsh", "header")
    ]


def test_a_header_that_contradicts_is_asked_about() -> None:
    """A required answer that the header gives otherwise is a contradiction, not a choice."""
    header = HEADER.format(p("Company: Larkspur"))
    form = read(table(*GOOD.items()), **{"word/header1.xml": header})
    (problem,) = judge(form, TABLE, SENDER, "docx").problems
    assert (problem.field, problem.code) == ("company", Code.CONTRADICTORY)
    assert "header" in problem.message


def test_two_cells_that_contradict_each_other() -> None:
    """Both answers are handed on, so that the judge asks; a summary above is no form of its own."""
    summary = table(("Company", "Larkspur Tel"), ("Title of Change", GOOD["Title of Change"]))
    (form,) = read_word(word(summary + table(*GOOD.items())), "f", TABLE)
    problems = judge(form, TABLE, SENDER, "docx").problems
    assert [(problem.field, problem.code) for problem in problems] == [("company", Code.CONTRADICTORY)]


@pytest.mark.parametrize("layout", ["tables", "paragraphs", "boxes"])
def test_several_forms_in_one_document(layout: str) -> None:
    """Each title with a description is a form of its own."""
    made = []
    for title in ("First of two changes", "Second of two changes"):
        form = [(label, title if label == "Title of Change" else text) for label, text in PAIRS]
        lines = "".join(p(f"{label}: {text}") for label, text in form)
        made.append({"tables": table(*form), "paragraphs": lines, "boxes": para(text_box(lines))}[layout])
    forms = read_word(word("".join(made)), "f", TABLE)
    judged = [judge(form, TABLE, SENDER, "docx") for form in forms]
    assert [form.fields["title"] for form in judged] == ["First of two changes", "Second of two changes"]
    assert all(form.complete for form in judged)


ITALIC, GREY = "<w:i/>", '<w:color w:val="808080"/>'
INSTRUCTED = {
    "alone": (para(run("Enter the name of your company as registered", ITALIC)), ""),
    "above": (para(run("Please give the full name", GREY)) + p("Saltmarsh"), "Saltmarsh"),
    "below": (p("Saltmarsh") + para(run("Give the name as registered with us.", GREY)), "Saltmarsh"),
    "behind": (para(r("Saltmarsh "), run("(please give the full name)", ITALIC)), "Saltmarsh"),
    "styled": (para(run("Write it in full", '<w:rStyle w:val="PlaceholderText"/>')), ""),
    "an answer in italics": (para(run("Saltmarsh", ITALIC)), "Saltmarsh"),
    "emphasis": (
        p("Saltmarsh") + para(run("Please note the new name.", ITALIC)),
        "Saltmarsh\nPlease note the new name.",
    ),
}


@pytest.mark.parametrize("kind", INSTRUCTED)
def test_instructions_are_no_answers(kind: str) -> None:
    """What the form itself says beside an answer, in a type that is set off, is no answer."""
    content, wanted = INSTRUCTED[kind]
    assert value(content) == wanted


def test_instructions_between_label_and_answer() -> None:
    """Instructions under a label, in its cell, in a row of their own or in a paragraph, are skipped."""
    label, told = p("Description of Change:", bold=True), para(run("Describe what happens today.", ITALIC))
    answer = p("A reject names no line.")
    wanted = [("Description of Change:", "A reject names no line.")]
    assert pairs(table((label + told + answer, p("Status:"))))[:1] == wanted
    assert pairs(table((label,), (told,), (answer,))) == wanted
    assert pairs(label + told + answer) == wanted
    assert pairs(table((label + told, answer))) == [("Description of Change:", "A reject names no line.")]
