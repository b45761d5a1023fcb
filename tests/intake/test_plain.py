"""Forms in a mail's body: where a value begins and where it ends."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.form import Code, RawForm, Submission
from bot.intake.judge import judge
from bot.intake.text.plain import read_html, read_text
from bot.intake.value.reading import quote
from tests.intake.forms import GOOD, SENDER, TABLE, judged_good


def one(text: str) -> Submission:
    """What the one form of a text says."""
    (form,) = read_text(text, TABLE)
    return judge(form, TABLE, SENDER, "txt")


def values(forms: tuple[RawForm, ...]) -> list[dict[str, str]]:
    """The labels and values of forms."""
    return [{entry.label: entry.value for entry in form.entries} for form in forms]


def test_label_and_value_on_a_line() -> None:
    """`Label: value` and `Label - value`, with greeting and closing around, give the same form."""
    for joint in (": ", " - ", "\t", " = ", ":"):
        body = "\n".join(f"{label}{joint}{value}" for label, value in GOOD.items())
        form = one(f"Dear CMP team,\nplease log this.\n\n{body}\n\nBest regards,\nIda Vance\nOrder Lead\n")
        assert form.fields == judged_good().fields
        assert form.places["originator_name"] == "line 4"


def test_values_below_their_labels() -> None:
    """A label on a line of its own, with its value on the next line or after a blank one."""
    for joint in ("\n", ":\n", ":\n\n"):
        body = "\n\n".join(f"{label}{joint}{value}" for label, value in GOOD.items())
        assert one(f"{body}\n\nThanks\nIda\n").fields == judged_good().fields


def test_wrapped_lines_are_joined() -> None:
    """What a mail program broke is one paragraph again; a blank line parts two."""
    form = one(
        "Title of Change: Tell us which of the many lines of the order was\n"
        "rejected\n"
        "Description: A reject names the order, but it does not name the line\n"
        "    of it. We ask for the line\n"
        "    number.\n"
        "\n"
        "Please tell us also:\n"
        "- the field\n"
        "- its value\n"
        "Company: Saltmarsh\n"
        "Telecom is our new name.\n"
        "Phone: 701-555-0118\n"
        "Fax: 701-555-0119\n"
    )
    assert form.fields["title"] == "Tell us which of the many lines of the order was rejected"
    assert form.fields["description"] == (
        "A reject names the order, but it does not name the line of it. We ask for the line number.\n\n"
        "Please tell us also:\n- the field\n- its value"
    )
    assert form.fields["company"] == "Saltmarsh", "a short line was not broken by a program"
    assert form.fields["originator_phone"] == "701-555-0118"


def test_lists_below_a_label() -> None:
    """One item a line, with bullets, numbers or boxes; two entries may share a line."""
    form = one(
        "Areas Impacted:\n[x] Ordering\n[ ] Billing\n[x] Other: Testing\n\n"
        "*Products Impacted:*\n\n- Resale\n- LNP\n\n"
        "Availability:\n1. 12/01 10:00\n2. 12/02 11:00\n"
        "[x] Regulatory   [ ] Industry Guideline\n"
        "Company: Saltmarsh Telecom     Phone: 701-555-0118\n"
    )
    assert form.fields["areas_impacted"] == ("Ordering", "Other")
    assert form.fields["areas_other"] == "Testing"
    assert form.fields["products_impacted"] == ("Resale", "LNP")
    assert form.fields["availability"] == ("12/01 10:00", "12/02 11:00")
    assert (form.fields["regulatory"], form.fields["industry_guideline"]) == (True, False)
    assert (form.fields["company"], form.fields["originator_phone"]) == ("Saltmarsh Telecom", "701-555-0118")


def test_what_follows_the_form_is_not_in_it() -> None:
    """A closing, a signature, a polite paragraph, a rule or a heading ends the last value."""
    for end in (
        "\nBest regards\nIda", "Thank you,\nIda", "\nIda Vance\nSaltmarsh Telecom", "\nPlease call me with questions.",
        "-- \nIda", "\nIf you have any questions, write.\n\nIda", "\nThanks for your help!", "Sent from my phone",
        "______________\nfoot", "Section 4: Meeting\nfoot", "\n> Company: Other Telecom",
    ):  # fmt: skip
        form = one(f"Name: Ida Vance\nSMEs requested:\nDescription: We ask for the line number.\n{end}\n")
        assert form.fields == {"originator_name": "Ida Vance", "description": "We ask for the line number."}


def test_a_blank_field_stays_blank() -> None:
    """The next label, or prose after the form, is not the value of an empty field."""
    form = one("Internal Ref #:\nSMEs requested:\n\nPhone: N/A\nTitle:\n\nWe look for your answer.\n")
    assert form.fields == {}


WANTED = {
    "originator_name": "Ida Vance",
    "company": "Saltmarsh",
    "originator_phone": "701-555-0118",
    "area_of_change": "product_process",
    "title": "Tell us which line",
    "description": "A reject names no line.",
    "areas_impacted": ("Ordering", "Billing"),
    "products_impacted": ("Resale", "LNP"),
}
BODIES = Path(__file__).with_name("bodies.txt").read_text(encoding="utf-8")
LAYOUTS = {
    name: text.removesuffix("\n") for name, _, text in (body.partition("\n") for body in BODIES.split("\n=== ")[1:])
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(layout: str) -> None:
    """However a body is laid out, it says the same."""
    assert one(LAYOUTS[layout]).fields == WANTED


def test_every_line_with_a_blank_one_below() -> None:
    """The blank lines part nothing then, but the paragraphs of a description keep theirs."""
    spaced = one(LAYOUTS["numbered"].replace("\n", "\n\n").replace("no line.", "no line.\n\nNone."))
    assert spaced.fields == WANTED | {"description": "A reject names no line.\n\nNone."}


def test_nothing_between_two_labels_is_lost() -> None:
    """A label that we do not know, a stray line, and a line that may have been meant for a label: each is said,
    with its place; greeting, closing and signature are nobody's answer."""
    form = one(
        "Hello,\nFrom the desk of Ida.\nName: Ida Vance\nFax: 701-555-0119\nCompany: Saltmarsh\n"
        "Telecom is our new name.\nDescription: A reject names no line.\nContact cell: none\n"
        "Title of Change: Tell us which line\n\nRegards\nIda V.\nPhone: 701-555-0118\n"
    )
    assert form.fields == {key: WANTED[key] for key in ("originator_name", "company", "title")} | {
        "description": "A reject names no line.\nContact cell: none"
    }
    said = "\n".join(form.notes)
    for part in ("Fax: 701-555-0119", "line 4", "Telecom is our new name.", "line 6", "Contact cell: none", "line 8"):
        assert part in said
    assert len(form.notes) == 3


@pytest.mark.parametrize(
    "foot",
    [
        "Ida V.\nSaltmarsh | Order Lead\n701-555-0119 | ida@saltmarsh.example",
        "CONFIDENTIALITY NOTICE: This e-mail is for the intended recipient.",
        "This message and any attachment are confidential.",
        "Please consider the environment before printing.",
    ],
)
def test_signatures_and_disclaimers_end_a_description(foot: str) -> None:
    """What a person or a mail server puts below a mail is no part of it."""
    form = one(f"Name: Ida Vance\nDescription: A reject names no line.\n\nIt should.\n\n{foot}\n")
    assert form.fields["description"] == "A reject names no line.\n\nIt should."


def test_lines_that_look_like_labels() -> None:
    """The end of a broken title, an answer under its label, a carrier's label in prose."""
    form = one(
        "Title of Change: None of the notices about ported numbers carries a\nreason\nSMEs requested:\nLNP: J. Doe\n"
        "Description: It is wrong.\n\nStatus: closed is shown while it is open.\nCompany: Saltmarsh\n"
    )
    assert form.fields == {
        "title": "None of the notices about ported numbers carries a reason",
        "smes_requested": "LNP: J. Doe",
        "description": "It is wrong.\n\nStatus: closed is shown while it is open.",
        "company": "Saltmarsh",
    }


def test_several_pasted_rows_are_several_forms() -> None:
    """A table pasted from Excel gives one form a row."""
    head, row = LAYOUTS["rows of Excel"].split("\n", 1)
    found = read_text(f"Our list:\n\n{head}\n{row}\n{row.replace('which line', 'what field')}\n\nRegards", TABLE)
    assert [judge(form, TABLE, SENDER, "txt").text("title") for form in found] == [
        "Tell us which line", "Tell us what field",
    ]  # fmt: skip


def test_a_label_that_comes_twice_is_no_second_form() -> None:
    """Without a title and something to say of its own it is a contradiction to ask about."""
    form = one("Title of Change: Tell us which line\nDescription: A reject names no line.\nTitle of Change: Another\n")
    assert [problem.field for problem in form.problems if problem.code is Code.CONTRADICTORY] == ["title"]


def test_an_office_label_in_a_description_is_prose() -> None:
    """`Status: open` in the middle of a description belongs to it."""
    form = one("Description: The ticket shows this:\nStatus: open\nOwner: nobody\nBusiness Reason: Confusing.\n")
    assert form.fields["description"] == "The ticket shows this:\nStatus: open\nOwner: nobody"


def test_several_forms_in_one_text() -> None:
    """A further title of a change begins another form, which may share the originator."""
    head = "Name: Ida Vance\nCompany: Saltmarsh\nPhone: 701-555-0118\nType of change: Process\n\n"
    bodies = [f"Title of Change: Title {n}\nDescription: This is description {n}.\n" for n in ("one", "two", "three")]
    shared = read_text(head + "\n".join(bodies), TABLE)
    whole = read_text("\n".join(head + body for body in bodies), TABLE)
    for forms in (shared, whole):
        found = [judge(form, TABLE, SENDER, "txt").fields for form in forms]
        assert [form["title"] for form in found] == ["Title one", "Title two", "Title three"]
        assert {form["company"] for form in found} == {"Saltmarsh"}
        assert {form["area_of_change"] for form in found} == {"product_process"}


def test_the_help_of_our_own_blank_form_is_not_read() -> None:
    """Lines that start with `# ` are ours."""
    form = one("# CLEC Change Request Form\n# Company: yours\nCompany:\n# Saltmarsh\n\n# Phone\nPhone: 701-555-0118\n")
    assert form.fields == {"originator_phone": "701-555-0118"}


TABLES = """<html><body><p>Hello,</p><table><tr><td>
<table><tr><th>Company</th><th>Phone</th></tr><tr><td>Saltmarsh&nbsp;Telecom</td><td>701-555-0118</td></tr></table>
<table><tr><td><b>Description</b></td><td><p>We ask for it.</p><p>Soon.</p></td></tr>
<tr><td>Products</td><td><ul><li>Resale</li><li>LNP</li></ul></td></tr>
<tr><td>Exception</td><td><input type="checkbox"> Yes <input type=checkbox checked> No</td></tr></table>
</td></tr></table><blockquote><table><tr><td>Company</td><td>Other</td></tr></table></blockquote></body></html>"""


def test_html_tables() -> None:
    """Labels beside or above their values, lists and paragraphs in cells; quoted tables are not read."""
    (form,) = read_html(TABLES, TABLE)
    assert judge(form, TABLE, SENDER, "txt").fields == {
        "company": "Saltmarsh Telecom",
        "originator_phone": "701-555-0118",
        "description": "We ask for it.\nSoon.",
        "products_impacted": ("Resale", "LNP"),
        "exception_requested": False,
    }
    assert form.entries[0].place == "table 1, row 2, column 1"


def test_a_list_in_an_html_table_is_several_forms() -> None:
    """A header row over several rows gives one form a row."""
    rows = [[*GOOD], [*GOOD.values()], [*(GOOD | {"Title of Change": "Another title"}).values()]]
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    found = [judge(form, TABLE, SENDER, "txt") for form in read_html(f"<table>{cells}</table>", TABLE)]
    assert [form.text("title") for form in found] == [GOOD["Title of Change"], "Another title"]
    assert all(form.complete for form in found)


LINE = st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F), min_size=1, max_size=12)
SENTENCE = st.lists(LINE, min_size=4, max_size=12).map(" ".join)


@given(st.permutations(list(GOOD)), st.data())
def test_random_forms_come_back(order: list[str], data: st.DataObject) -> None:
    """Forms of random words in random order are read as they were written."""
    written = {label: GOOD[label] if label in {"Title", "Area(s) Impacted"} else data.draw(SENTENCE) for label in order}
    text = "\n".join(f"{label}: {value}" for label, value in written.items())
    assert values(read_text(text, TABLE)) == [written]


@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    """Nothing raises, whatever the body."""
    for form in (*read_text(text, TABLE), *read_html(text, TABLE)):
        judge(form, TABLE, SENDER, "txt")


MARKUP = st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td colspan=3>", "</td>", "<li>", "<br>", "Company", "x", "<!--"]
)


@given(st.lists(MARKUP, max_size=60).map("".join))
def test_no_markup_is_too_strange(html: str) -> None:
    """Tables may be cut, nested and never closed."""
    read_html(html, TABLE)


def test_hostile_bodies_cost_no_more_than_their_length() -> None:
    """Long runs of what the patterns look for are read in a moment."""
    for piece in (
        "<!--",
        "<a b='",
        " ",
        "\n",
        "Company: ",
        "(",
        "<td>",
        "<table>",
        ", ",
        "1. ",
        "[x] ",
        "x ",
        "a@",
        "- ",
        "Title:\n",
        "Name\tPhone\tCompany\nIda\t1\t2\n",
        "Company\t",
        'Name\tPhone\tCompany\n"\t',
        "Fax: 1\nCompany: 2\n",
        "Yes: ",
        "___",
        "| Company |\n",
        "Description: \n\nIda\n",
        "\u274c",
    ):
        text = piece * (150_000 // len(piece))
        began = time.process_time()
        for form in (*read_text(text, TABLE), *read_html(text, TABLE)):
            judge(form, TABLE, SENDER, "txt")
        assert time.process_time() - began < 3, piece


def test_reading_is_cheap() -> None:
    """A form in a text costs a fraction of a millisecond; the bound is wide for busy machines."""
    text = "\n".join(f"{label}: {value}" for label, value in GOOD.items())
    read_text(text, TABLE)
    began = time.process_time()
    for _ in range(200):
        read_text(text, TABLE)
    assert (time.process_time() - began) / 200 < 0.002


def test_a_text_longer_than_is_read() -> None:
    """The answer in which a text or a page is cut off is reported, and so is that a file goes on."""
    front = "Company: Saltmarsh\nTitle of Change: Tell us which line\nDescription of Change: "
    for forms in (
        read_text(front + "word " * 50_000, TABLE, "form.txt"),
        read_html(front.replace("\n", "<br>") + "It is cut<br>" * 60_000, TABLE, "form.html"),
        read_html(
            f"<table><tr><td>{front.replace(': ', '<td>').replace(chr(10), '<tr><td>')}" + "a<b>" * 60_000, TABLE
        ),
    ):
        (form,) = forms
        judged = judge(form, TABLE, SENDER, "txt")
        assert judged.fields["title"] == "Tell us which line"
        assert "description" not in judged.fields
        assert Code.UNREADABLE in {problem.code for problem in judged.problems if problem.field == "description"}
        assert form.source == "the mail's text" or "goes on" in form.notes[0]


def test_the_same_initial_twice_signs_nothing() -> None:
    """A line `x x` in a text is no signature of X. Ray; `XR` and `X. Ray` below the form are."""
    form = one("Name: X. Ray\nTitle of Change: Tell us\nDescription: It is cut off:\nx x\nProducts: LNP\n\nX. Ray\n")
    assert form.fields["description"] == "It is cut off:\nx x"
    assert form.fields["products_impacted"] == ("LNP",)


def test_a_line_broken_before_a_dash() -> None:
    """A dash that begins a line below a full one is no item of a list where no other item stands."""
    front = "Title of Change: Tell us\nAreas Impacted: "
    torn = one(f"{front}Pre-Ordering; Ordering; Provisioning; Other: Repair of loops\n- dispatch\nProducts: LNP")
    assert torn.fields["areas_other"] == "Repair of loops - dispatch"
    listed = one(f"{front}\n- Ordering\n- Billing\nProducts: LNP")
    assert listed.fields["areas_impacted"] == ("Ordering", "Billing")


LAST = "Name: Ida Vance\nCompany: Saltmarsh\nDescription: A reject names no line.\n\n"
WANTS = "We ask that the reject names the field."
LEFT = f"\u201c{WANTS}\u201d (line {{}}) and what follows it was left out of the description."


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Thanks to this our reps call the desk.",
            "Please call the reject by its field.",
            "Looking forward, ASR too.",
        ),
        "Please contact the LSR team for samples; they hold 40.",
    ],
)
def test_a_polite_paragraph_ends_a_text_only_where_nothing_follows(line: str) -> None:
    """What begins like a courtesy belongs to the text where a paragraph follows that is one's own; else it is left
    out. Either is said."""
    form = one(f"{LAST}{line}\n\n{WANTS}\n\nRegards\nIda\n")
    assert form.fields["description"] == f"A reject names no line.\n\n{line}\n\n{WANTS}"
    assert form.notes == (f"{quote(line)} (line 5) was read as a part of the description.",)
    form = one(f"{LAST}{line}\n\nIda\n\nWe do what we promise.\n")
    assert form.fields["description"] == "A reject names no line."
    assert form.notes == (f"{quote(line)} (line 5) and what follows it was left out of the description.",)


@pytest.mark.parametrize(
    "line", ["This message is all that we get: X.", "Notice: code 17.", "Confidential data is shown."]
)
def test_a_sentence_that_begins_like_a_disclaimer_is_text(line: str) -> None:
    """Without another sign of a disclaimer it is the sender's."""
    form = one(f"{LAST}{line}\n\n{WANTS}\n")
    assert form.fields["description"] == f"A reject names no line.\n\n{line}\n\n{WANTS}"
    assert form.notes == ()


@pytest.mark.parametrize("end", ["-----------", "Ida Vance", "This message is confidential, for its recipient alone."])
def test_a_paragraph_below_the_end_of_a_text_is_noted(end: str) -> None:
    """A rule, the originator's name and a disclaimer end the last text; a paragraph below them is not lost without a
    word. A courtesy, a signature and further disclaimers are."""
    form = one(f"{LAST}{end}\n\n{WANTS}\n")
    assert form.fields["description"] == "A reject names no line."
    assert form.notes == (LEFT.format(7),)
    for foot in (
        *("Thanks for all your help with this.", "Regards\n\nIt is said below a closing.", "We keep promises."),
        *("This e-mail is privileged and confidential.", "Ida\nOrder Lead\n701-555-0119\n\nWe do as we said."),
    ):
        assert one(f"{LAST}{end}\n\n{foot}\n").notes == ()
