"""The forms of a mail's own text: what is the sender's, what was forwarded, what stands beside a file."""

import time
from dataclasses import replace

from bot.intake.file.opened import NoForm
from bot.intake.form import Code, Submission
from bot.intake.judge import judge
from bot.intake.read import read
from bot.intake.request import Commands
from bot.intake.text.body import MEMO, beside, body_forms
from bot.mail.message import Message
from bot.mail.parse import parse
from tests.intake.forms import GOOD, SENDER, TABLE, judged_good, raw

BODY = "\n".join(f"{label}: {value}" for label, value in GOOD.items())
HEADER = (
    "From: Ida Vance <ida.v@saltmarsh.example>\nSent: Monday, November 23, 2026 9:15 AM\nTo: Bo Reed\nSubject: CR\n\n"
)


def mail(text: str, subject: str = "A mail", kind: str = "plain") -> Message:
    """A mail as it is parsed."""
    head = f"From: {SENDER.email}\r\nSubject: {subject}\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n"
    return parse(head.encode() + text.encode())


def one(message: Message) -> Submission:
    """What the one form of a mail says."""
    (form,) = body_forms(message, TABLE, correction=False)
    return judge(form, TABLE, SENDER, "txt")


def test_a_forwarded_form_is_read() -> None:
    """The mail in which it stood is named, and its From address counts where the form gives none."""
    without = BODY.replace(f"E-mail: {GOOD['E-mail']}\n", "")
    form = one(mail(f"Please log this.\n\nBo\n\n{HEADER}{without}", "FW: CR"))
    assert form.fields == {**judged_good().fields, "originator_email": "ida.v@saltmarsh.example"}
    assert "Ida Vance <ida.v@saltmarsh.example>" in form.notes[0]
    assert form.places["company"] == "the forwarded mail, line 3"
    gmail = f"---------- Forwarded message ---------\n{HEADER.replace('Sent', 'Date')}\n{BODY}"
    assert one(mail(gmail, "Fwd: CR")).fields == judged_good().fields


def test_what_was_only_quoted_is_no_form() -> None:
    """Neither the older mail below a reply nor a letter of ours that somebody forwards."""
    for subject in ("RE: CR", "FW: [PC112026-1] logged"):
        assert body_forms(mail(f"Any news?\n\n{HEADER}{BODY}", subject), TABLE, correction=False) == ()


def test_answers_below_quoted_labels() -> None:
    """A quoted label with nothing behind it and the sender's line below it belong together; a quoted value is
    not the sender's, and a label without an answer stays blank."""
    text = (
        "> Originator Name *:\nIda Vance\n> Company *:\n>\nSaltmarsh\n> Phone *: 701-555-0199\nWe will call you.\n"
        "> Title of Change *:\nTell us which line\n> Areas impacted:\n> Products impacted:\nResale\n"
    )
    assert one(mail(text)).fields == {
        "originator_name": "Ida Vance",
        "company": "Saltmarsh",
        "title": "Tell us which line",
        "products_impacted": ("Resale",),
    }


def test_a_table_with_lines_around_it() -> None:
    """What the table has no label for is read in the lines; what stands in a cell is its text."""
    html = (
        "<p>Name: Ida Vance<br>Company: Saltmarsh</p>"
        "<table><tr><td>Title of Change</td><td>Tell us which line</td></tr>"
        "<tr><td>Description</td><td>It is rejected.<br>Reason: code 17 is shown.</td></tr>"
        "<tr><td>Areas impacted</td>"
        "<td><input type=checkbox checked> Ordering<br><input type=checkbox> Billing</td></tr>"
        "</table><p>Products: Resale</p><p>Fax: 701-555-0119</p>"
    )
    assert one(mail(html, kind="html")).fields == {
        "originator_name": "Ida Vance",
        "company": "Saltmarsh",
        "title": "Tell us which line",
        "description": "It is rejected.\nReason: code 17 is shown.",
        "areas_impacted": ("Ordering",),
        "products_impacted": ("Resale",),
    }


def test_a_cell_that_ends_like_a_label() -> None:
    """The last line of a cell is its text: what the next cell says is no answer to it."""
    for more, said in (("Implementation Date", 0), ("", 1)):
        html = (
            "<table><tr><td>Title of Change<td>Description</tr><tr><td>Tell us<td>It is rejected.</tr>"
            f"<tr><td>Expected Deliverable<td>{more}</tr><tr><td>A notice.<br>Title<td>Q2 2027</tr></table>"
        )
        form = one(mail(html, kind="html"))
        assert "originator_title" not in form.fields
        assert form.fields["expected_deliverable"] == "A notice.\nTitle"
        assert len(form.notes) == said


def test_what_nobody_sees_is_not_read() -> None:
    """Hidden rows, words and unchosen items of an HTML body."""
    html = (
        "<table><tr style='display:none'><td>Company</td><td>Other</td></tr><tr><td>Name</td><td>Ida Vance</td></tr>"
        "<tr><td>Title of Change</td><td>Tell us <span style='mso-hide:all'>not </span>which line</td></tr>"
        "<tr><td>Area of change</td><td><select><option>System<option selected>Process</select></td></tr></table>"
    )
    assert one(mail(html, kind="html")).fields == {
        "originator_name": "Ida Vance",
        "title": "Tell us which line",
        "area_of_change": "product_process",
    }


def test_the_text_beside_a_file_is_judged_with_it() -> None:
    """What contradicts the file is asked about, with both places and both values; what agrees or points to the
    file is nothing, and a letter is no form."""
    file = raw(list(GOOD.items()))
    lines = ["Company: SALTMARSH Telecom, Inc.", "Phone: 1 701 555 0118", "Description: see attached form"]
    same = "\n".join([*lines, f"Title of Change: {GOOD['Title of Change']}."])
    assert judge(beside(file, mail(same), TABLE), TABLE, SENDER, "docx").problems == ()
    other = same.replace("555 0118", "555 0119")
    (problem,) = judge(beside(file, mail(other), TABLE), TABLE, SENDER, "docx").problems
    assert (problem.field, problem.code) == ("originator_phone", Code.CONTRADICTORY)
    for part in ("0118 x4", "line 5", "1 701 555 0119", "the mail's text, line 2"):
        assert part in problem.message
    assert beside(file, mail("Please see attached.\n\nIda\nPhone: 701-555-0199"), TABLE) == file


def test_hostile_quotations_cost_no_more_than_their_length() -> None:
    """Thousands of quoted labels, and of header blocks, are read in a moment."""
    for piece in ("> Phone:\n", "> Phone:\n>\n", "From: a\n", HEADER, "> Phone:\nIda\n"):
        message = mail(piece * (150_000 // len(piece)), "FW: CR")
        began = time.process_time()
        body_forms(message, TABLE, correction=False)
        assert time.process_time() - began < 3, piece


def test_lines_that_look_quoted_within_a_text_are_noted() -> None:
    """`>10% are lost` between the sender's own lines is not read, for it may be quoted, and it is said; a line of an
    older mail between two answers is not worth a word."""
    lines = "It waits\n> 24 hours, and\n>10% are lost.\nWe ask for the line number."
    form = one(mail(BODY.replace(GOOD["Description of Change"], lines)))
    assert form.fields["description"] == "It waits\n\n\nWe ask for the line number."
    said = "\u201c> 24 hours, and >10% are lost.\u201d (line 10) was left out of the description: it looks quoted."
    assert form.notes == (said,)
    between = BODY.replace("Business Reason:", "> They wrote this.\nBusiness Reason:")
    help_lines = BODY.replace("Business Reason:", "> ## Say what happens.\n\nWe add this.\nBusiness Reason:")
    assert one(mail(between)).notes == one(mail(help_lines)).notes == ()


def test_a_form_below_the_heading_of_a_memo() -> None:
    """`TO: / FROM: / DATE:` on top of a mail of one's own is no older mail's; it is where the mail is an answer or
    passed on, has a time of day, or has somebody else's address. No command is ever read below it."""
    typed = "TO: CMP Manager\nFROM: Ida Vance, Saltmarsh\nDATE: November 23, 2026\nRE: A request\n\n"
    form = one(mail(f"{typed}{BODY}"))
    assert form.fields == judged_good().fields
    assert form.places["title"] == "line 13"
    assert form.notes == (MEMO.format(author="Ida Vance, Saltmarsh"),)
    for top, subject in (
        (typed, "RE: A mail"),
        (typed, "[EXT] Fwd: A mail"),
        (HEADER, "A mail"),
        (typed.replace("2026", "2026, 9:15"), "A mail"),
        (typed.replace("Saltmarsh", "ann@x.example"), "A mail"),
        (f"Any news?\n\n{typed}", "A mail"),
    ):
        assert body_forms(mail(f"{top}{BODY}", subject), TABLE, correction=False) == ()
    answer = replace(mail(f"{typed}{BODY}"), in_reply_to="<1@x.example>")
    assert body_forms(answer, TABLE, correction=False) == ()
    assert not isinstance(read(mail(f"{typed}COMMENT It is urgent."), lambda _: NoForm(), TABLE), Commands)
