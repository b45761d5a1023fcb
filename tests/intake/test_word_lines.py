"""Forms in paragraphs of a Word document: an answer ends where the eye sees it end."""

import pytest

from bot.intake.form import Entry
from bot.intake.word.reader import read_word
from tests.intake.forms import TABLE
from tests.intake.office_files import p, r, table, word

HEADING = '<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'
STYLES = (
    '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Eigene"><w:basedOn w:val="berschrift2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Inhalt"><w:name w:val="toc 1"/></w:style></w:styles>'
)
BLANK = "<w:p/>"
BREAK, TAB = "<w:r><w:br/></w:r>", "<w:r><w:tab/></w:r>"


def lines(*texts: str) -> str:
    """Paragraphs; an empty text is a blank one."""
    return "".join(p(text) if text else BLANK for text in texts)


def marked(label: str, text: str = "") -> str:
    """A paragraph with a bold label and an answer."""
    return f"<w:p>{r(label, bold=True)}{r(text)}</w:p>"


def one(*runs: str) -> str:
    """A paragraph of runs."""
    return f"<w:p>{''.join(runs)}</w:p>"


LAYOUTS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a blank line in a long answer stays, several are one": (
        lines("Description: One.", "", "", "Two.", "Three.", "", "Phone: 701"),
        [("Description", "One.\n\nTwo.\nThree."), ("Phone", "701")],
    ),
    "an answer below its label": (
        lines("Company:", "Saltmarsh", "", "Availability:", "Monday", "Tuesday"),
        [("Company:", "Saltmarsh"), ("Availability:", "Monday\nTuesday")],
    ),
    "a one-line answer ends with its paragraph": (
        lines("Company: Saltmarsh", "Return this form to us.", "Phone: 701"),
        [("Company", "Saltmarsh"), ("Phone", "701")],
    ),
    "a line within its paragraph goes on": (
        one(r("Title of Change: A long title"), BREAK, r("that goes on")) + p("Phone: 701"),
        [("Title of Change", "A long title\nthat goes on"), ("Phone", "701")],
    ),
    "a whole form in one paragraph": (
        one(r("Company: Saltmarsh"), BREAK, r("Products Impacted: LNP"), BREAK, r("Thank you")),
        [("Company", "Saltmarsh"), ("Products Impacted", "LNP")],
    ),
    "a list ends at a sentence": (
        lines("Products Impacted: LNP", "Resale", "Please send the form to the mailbox."),
        [("Products Impacted", "LNP\nResale")],
    ),
    "a list ends at what begins like a label": (
        lines("Products Impacted: LNP", "Regulatory  Yes  No", "Phone: 701"),
        [("Products Impacted", "LNP"), ("Phone", "701")],
    ),
    "a spaced list goes on": (
        lines("Products Impacted:", "", "LNP", "", "Resale", "", "Phone: 701"),
        [("Products Impacted:", "LNP\n\nResale"), ("Phone", "701")],
    ),
    "choices below each other": (
        lines("Area(s) Impacted:", "\u2612 Ordering", "\u2610 Billing", "Phone: 701"),
        [("Area(s) Impacted:", "\u2612 Ordering\n\u2610 Billing"), ("Phone", "701")],
    ),
    "an originator over several lines": (
        lines(
            "Originator:", "Ida Vance", "Lead", "ida@saltmarsh.example", "701-555-0118", "", "Some prose", "Company: S"
        ),
        [("Originator:", "Ida Vance\nLead\nida@saltmarsh.example\n701-555-0118"), ("Company", "S")],
    ),
    "a closing": (
        lines("Phone: 701", "Description: One.", "", "Thank you for your help.", "Ida Vance"),
        [("Phone", "701"), ("Description", "One.")],
    ),
    "two labels on one line": (
        one(r("Company:"), TAB, r("Phone: "), TAB, r("701")) + one(r("Name: Ida"), TAB, r("Title: "), r("Lead")),
        [("Company:", ""), ("Phone:", "701"), ("Name", "Ida"), ("Title", "Lead")],
    ),
    "labels over answers by tabs": (
        one(r("Company"), TAB, r("Phone")) + one(r("Saltmarsh"), TAB, r("701")) + p("Office use"),
        [("Company", "Saltmarsh"), ("Phone", "701")],
    ),
    "labels over answers that do not pair off": (
        one(r("Company"), TAB, r("Phone")) + p("Saltmarsh") + p("Title: Lead"),
        [("Company", ""), ("Phone", ""), ("Title", "Lead")],
    ),
    "bold labels and bold headings": (
        marked("Company:", " Saltmarsh") + marked("Business Reason:") + marked("The meeting") + marked("SMEs:", " x"),
        [("Company:", "Saltmarsh"), ("Business Reason:", ""), ("SMEs:", "x")],
    ),
    "a bold label that is not known": (
        marked("Company:", " Saltmarsh") + marked("Signature:", " I. V.") + p("Date: 1/2/2026"),
        [("Company:", "Saltmarsh"), ("Signature:", "I. V."), ("Date", "1/2/2026")],
    ),
    "words like labels in a text below bold labels": (
        marked("Description: ", "One.") + lines("Date: the date is cut off.", "Title") + marked("Phone: ", "701"),
        [("Description:", "One.\nDate: the date is cut off.\nTitle"), ("Phone:", "701")],
    ),
    "a carrier's word in a text": (
        lines("Description: One.", "Status: closed is shown.", "Phone: 701"),
        [("Description", "One.\nStatus: closed is shown."), ("Phone", "701")],
    ),
    "a table without labels under a label": (
        p("Availability:")
        + table(("Date", "Time"), ("12/01/2026", "10:00"), ("12/02/2026", "11:00"))
        + p("Phone: 701"),
        [("Availability:", "12/01/2026   10:00\n12/02/2026   11:00"), ("Phone", "701")],
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str) -> None:
    """Every way to set labels and answers in paragraphs gives what a person reads."""
    body, wanted = LAYOUTS[layout]
    (form,) = read_word(word(body), "f", TABLE)
    assert [(entry.label, entry.value) for entry in form.entries] == wanted


@pytest.mark.parametrize("style", ["berschrift2", "Eigene", "Heading1"])
def test_headings(style: str) -> None:
    """A heading ends an answer, and one that is a label begins one, whatever its style is called."""
    body = (
        HEADING.format(style=style, runs=r("Company"))
        + p("Saltmarsh")
        + HEADING.format(style=style, runs=r("Who asks"))
        + p("Somebody")
        + HEADING.format(style=style, runs=r("Products Impacted"))
        + p("LNP")
        + HEADING.format(style=style, runs=r("For the office"))
    )
    (form,) = read_word(word(body, **{"word/styles.xml": STYLES}), "f", TABLE)
    assert form.entries == (
        Entry("Company", "Saltmarsh", "paragraph 1"),
        Entry("Products Impacted", "LNP", "paragraph 5"),
    )
    assert form.notes == ()


def test_a_table_of_contents_is_not_read() -> None:
    """`Company ... 3` in a table of contents is no answer, be it a control or a style."""
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    row = one(r("Company"), TAB, r("3"))
    control = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{row}</w:sdtContent></w:sdt>"
    styled = HEADING.format(style="Inhalt", runs=r("Company\t3"))
    (form,) = read_word(word(control + styled + p("Phone: 701"), **{"word/styles.xml": STYLES}), "f", TABLE)
    assert [entry.label for entry in form.entries] == ["Phone"]


def test_what_is_left_out_of_an_answer_is_told() -> None:
    """A line right below an answer that is not taken for a part of it is named in a note."""
    body = lines("Company: Saltmarsh", "a part of Larkspur", "Description: One.", "", "Best regards", "Ida")
    (form,) = read_word(word(body), "f", TABLE)
    assert form.notes == (
        "\u201ca part of Larkspur\u201d (paragraph 2) was left out of the company.",
        "\u201cBest regards\u201d (paragraph 4) was left out of the description.",
    )


def test_a_carriers_label_in_place_of_an_answer_is_told() -> None:
    """`Title: <tab> Director: Billing` may be an answer that looks like a label; nobody can tell."""
    body = one(r("Originator Title:"), TAB, r("Director: Billing")) + p("Phone: 701")
    (form,) = read_word(word(body), "f", TABLE)
    assert form.notes == ("\u201cDirector: Billing\u201d (paragraph 1) was left out of the title of the originator.",)
