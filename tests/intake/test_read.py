"""read: what a mail wants, in the order of the design."""

from dataclasses import replace

import pytest

from bot.intake.file.opened import Died, Forms, NoForm, Opened, Unreadable
from bot.intake.form import Code
from bot.intake.read import MOST_FORMS, read
from bot.intake.request import Commands, Comment, Form, Question, Request, Submissions, Unsafe
from bot.mail.message import Attachment, Message
from tests.intake.forms import GOOD, SENDER, TABLE, judged_good, raw

BODY = "\n".join(f"{label}: {value}" for label, value in GOOD.items())
FORM = raw(list(GOOD.items()))
OPENED: dict[str, Opened | Died] = {
    "form.docx": Forms((FORM,), "docx"),
    "list.xlsx": Forms((FORM, FORM), "xlsx"),
    "old.doc": Unreadable("We cannot read old.doc."),
    "OLD.XLSB": Unreadable("We cannot read OLD.XLSB."),
    "map.pdf": Unreadable("We cannot read map.pdf."),
    "logo.png": NoForm(),
    "bomb.docx": Died("it took more than 10 s"),
}


def mail(text: str, *files: str, subject: str = "A mail", html: str = "") -> Message:
    """A mail whose text is all its sender's own."""
    attached = tuple(Attachment(name, "", b"%PDF" if name.endswith("pdf") else b"x") for name in files)
    return Message(sender=SENDER, subject=subject, text=text, own_text=text.strip(), html=html, attachments=attached)


def wants(message: Message) -> Request:
    """What a mail wants, with the files above opened."""
    return read(message, lambda file: OPENED[file.name], TABLE)


def forms(message: Message) -> tuple[Form, ...]:
    """The forms of a mail that has some."""
    request = wants(message)
    assert isinstance(request, Submissions)
    return request.forms


def test_a_form_in_a_file() -> None:
    """It is judged, its file goes with it, and files without a form are passed over."""
    (form,) = forms(mail("Please see the attached.", "logo.png", "form.docx"))
    assert form.file is not None
    assert form.file.name == "form.docx"
    assert form.submission.format == "docx"
    assert form.submission.fields == judged_good().fields


def test_several_forms() -> None:
    """Several files are several forms, and a list in a sheet is one form a row."""
    assert len(forms(mail("", "form.docx", "list.xlsx"))) == 3


def test_a_form_in_the_text() -> None:
    """It counts where no file has a form; beside a form in a file the text is a letter."""
    (form,) = forms(mail(f"Hello,\n\n{BODY}\n\nRegards\nIda"))
    assert form.file is None
    assert form.submission.complete
    (attached,) = forms(mail(BODY, "form.docx"))
    assert attached.file is not None


def test_a_file_that_cannot_be_read() -> None:
    """Alone it is a form with one problem, in words for its sender; a PDF beside a form is an enclosure."""
    (form,) = forms(mail("Please see the attached.", "old.doc"))
    (problem,) = form.submission.problems
    assert (problem.field, problem.code, problem.message) == ("", Code.UNREADABLE, "We cannot read old.doc.")
    assert form.submission.format == "docx"
    assert forms(mail("", "OLD.XLSB"))[0].submission.format == "xlsx"
    assert [len(form.submission.problems) for form in forms(mail("", "form.docx", "old.doc"))] == [0, 1]
    (beside,) = forms(mail("", "map.pdf", "form.docx"))
    assert beside.submission.complete
    assert "map.pdf" in beside.submission.notes[-1]


def test_a_file_that_kills_its_reader() -> None:
    """The whole mail is set aside, whatever else it holds."""
    assert wants(mail(BODY, "form.docx", "bomb.docx")) == Unsafe("it took more than 10 s")


def test_a_flood_of_forms() -> None:
    """More forms than anybody sends are set aside for a person."""
    body = "\n".join(BODY.replace("line", str(n)) for n in range(MOST_FORMS + 1))
    assert isinstance(wants(mail(body)), Unsafe)


def test_commands_come_first() -> None:
    """A first line with a verb makes it a command mail, with or without files."""
    assert isinstance(wants(mail("AMEND\nCompany: Saltmarsh", "form.docx", subject="Re: [PC112026-1]")), Commands)
    assert isinstance(wants(mail("approve", subject="Re: [PC112026-1]")), Commands)


def test_a_form_may_begin_like_a_command() -> None:
    """`Status:` is a form's label, and `Note:` over a form is a note to it."""
    assert isinstance(wants(mail(f"Status:\n{BODY}")), Submissions)
    assert isinstance(wants(mail("Note: our form is attached.", "form.docx")), Submissions)
    assert isinstance(wants(mail("Note: they called.", subject="[PC112026-1]")), Commands)
    assert isinstance(wants(mail("status")), Commands)


@pytest.mark.parametrize("subject", ["Re: [PC112026-1] posted", "RE: pc 112026 - 01ES", "IN112026-2"])
def test_a_comment_names_a_change_request(subject: str) -> None:
    """Prose under its number is a comment, also where it holds a labelled line or two."""
    text = "We see it too.\n\nTitle: none\nRegards\nIda"
    assert wants(mail("We see it too.", subject=subject)) == Comment("We see it too.")
    if "IN" not in subject:
        assert isinstance(wants(mail(text, subject=subject)), Comment)


def test_prose_is_a_question() -> None:
    """Prose about nothing we know, and nothing at all."""
    assert wants(mail("How do I send a form?")) == Question("How do I send a form?")
    assert wants(mail("", "logo.png", subject="[PC112026-1]")) == Question("")
    assert isinstance(wants(mail("Name: Ida Vance\nPhone: 701-555-0118\nCompany: Saltmarsh")), Question)


def test_one_labelled_line_corrects_an_incomplete_form() -> None:
    """Under an intake's number, and only there."""
    (form,) = forms(mail("Here it is.\nPhone: 701-555-0118\n", subject="Re: [IN112026-1] Your form"))
    assert form.submission.fields == {"originator_phone": "701-555-0118"}
    assert isinstance(wants(mail("Status: all fine", subject="Re: [IN112026-1]")), Commands | Comment)


def test_a_quoted_form_is_not_the_senders() -> None:
    """Only the sender's own lines are read, whatever stands between them."""
    quoted = "\n".join(f"> {line}" for line in BODY.splitlines())
    message = replace(mail("Any news?"), text=f"Any news?\n\nOn Monday Bo wrote:\n{quoted}")
    assert isinstance(wants(message), Question)
    mixed = f"> Company: Other\n{BODY}\n\n> Title of Change: Another"
    (form,) = forms(replace(mail(mixed), own_text=BODY))
    assert form.submission.fields == judged_good().fields


def test_places_count_the_lines_that_the_sender_sees() -> None:
    """Quoted lines are not read and yet counted, and long lines are read in full length."""
    long = BODY.replace("We ask for", "We ask very much for " * 90 + "and for")
    (form,) = forms(replace(mail(f"> See below.\n\n{long}"), own_text=long))
    assert form.submission.text("description").endswith("and for the line number.")
    assert form.submission.places["originator_phone"] == "line 7"


def test_an_html_table() -> None:
    """It is read where it holds more than the text; what the sender only quoted is left out."""
    cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in GOOD.items())
    flat = "\n".join(value for pair in GOOD.items() for value in pair)
    (form,) = forms(mail(flat, html=f"<table>{cells}</table>"))
    assert form.submission.places["company"] == "table 1, row 3, column 2"
    assert form.submission.complete
    assert isinstance(wants(mail("Any news?", html=f"<p>Any news?</p><hr><table>{cells}</table>")), Question)


@pytest.mark.parametrize(
    "top", ["STATUS: Logged", "STATUS:", "STATUS", "STATUS Logged", "STATUS\tLogged", "Status: new"]
)
def test_a_form_in_capitals_is_no_command(top: str) -> None:
    """What the carrier fills in stands on top of many forms; over a form it is a label."""
    (form,) = forms(mail(f"{top}\n{BODY}"))
    assert form.submission.complete
    assert isinstance(wants(mail("STATUS PC112226-1")), Commands)
    assert isinstance(wants(mail("STATUS: PC112226-1\n\nThank you\nIda")), Commands)


def test_labelled_lines_of_a_reply_are_carried_along() -> None:
    """Whether they answer anything is for the thread to say; with an IN number in the subject they do."""
    request = wants(mail("Hello Marta,\n\nPhone: 303-555-0199\n\nRegards,\nIda\nCompany: Saltmarsh"))
    assert isinstance(request, Question)
    assert request.answer is not None
    assert request.answer.leads
    assert request.answer.submission.fields == {"originator_phone": "303-555-0199"}
    (form,) = forms(mail("Phone: 303-555-0199", subject="Re: [IN112226-1] it"))
    assert form.submission.fields == {"originator_phone": "303-555-0199"}
    below = wants(mail("We see the same.\nDescription: it fails on every order that we send", subject="[PC112226-1]"))
    assert isinstance(below, Comment)
    assert below.answer is not None
    assert not below.answer.leads


def test_an_answer_beside_a_file_that_cannot_be_read() -> None:
    """Both are carried along: the file alone would be a form that nobody can read."""
    request = wants(mail("Phone: 303-555-0199", "map.pdf"))
    assert isinstance(request, Submissions)
    assert request.answer is not None
    assert wants(mail("Phone: 303-555-0199", "form.docx")) == Submissions(
        forms(mail("Phone: 303-555-0199", "form.docx"))
    )


def test_amend_brings_its_form() -> None:
    """Alone in its mail it is a command with what takes the earlier text's place: a file, or lines."""
    by_file, by_lines = (wants(mail(*said)) for said in (("AMEND", "form.docx"), (f"AMEND {BODY}",)))
    assert isinstance(by_file, Commands)
    assert isinstance(by_lines, Commands)
    assert [len(request.forms) for request in (by_file, by_lines)] == [1, 1]
    assert by_lines.forms[0].submission.fields == judged_good().fields
    two = wants(mail("AMEND\nNOTE it is new", "form.docx"))
    assert isinstance(two, Commands)
    assert two.forms == ()


def test_a_number_above_a_form_makes_no_command_of_a_label() -> None:
    """`STATUS: new` below a change request's number is a line of the form."""
    assert isinstance(wants(mail(f"PC112226-1\nSTATUS: new\n{BODY}")), Submissions)
    assert isinstance(wants(mail("PC112226-1\nSTATUS")), Commands)


def test_commands_that_the_html_tells_otherwise_are_doubtful() -> None:
    """How a mail program breaks or marks lines does not count, the words do."""
    same = wants(mail("LOG we know\nthem", html="<p><b>LOG</b> we know them</p><p>-- <br>Ida</p>"))
    other = wants(mail("LOG", html="<p>DROP spam</p>"))
    assert isinstance(same, Commands)
    assert isinstance(other, Commands)
    assert (same.doubtful, other.doubtful) == (False, True)


@pytest.mark.parametrize(
    ("text", "html", "doubtful"),
    [
        ("NOTE Two things:\n\n1. One\n2. Two", "<p>NOTE Two things:</p><ol><li>One</li><li>Two</li></ol>", False),
        ("NOTE Two things:\n\n1. One\n3. Two", "<p>NOTE Two things:</p><ol><li>One</li><li>Two</li></ol>", True),
        ("NOTE Two things:\n\n1. One\n2. Two", "<p>NOTE Two things:</p><ul><li>One</li><li>Two</li></ul>", True),
        ("NOTE They _really_ ask", "<p>NOTE They <u>really</u> ask</p>", False),
        ("NOTE They _really_ ask", "<p>NOTE They ask</p>", True),
        ("NOTE See it.\n[image: a.png]", "<p>NOTE See it.</p><img alt='a.png'>", False),
        ("NOTE See it.\n[image: a.png] or not", "<p>NOTE See it.</p><img alt='a.png'>", True),
        ("SME @Ana Roth<mailto:ana@x.example>", "<p>SME <a href='mailto:ana@x.example'>@Ana Roth</a></p>", False),
        ("SME @Ana Roth<mailto:ana@x.example>", "<p>SME <a href='mailto:ana@x.example'>@Bo Lind</a></p>", True),
    ],
)
def test_marks_of_mail_programs_are_no_other_words(text: str, html: str, doubtful: bool) -> None:
    """What only the text has of a picture or a link is no part of the command; words and numbers that differ are."""
    request = wants(mail(text, html=html))
    assert isinstance(request, Commands)
    assert request.doubtful == doubtful
    assert not any(word in request.lines[0].args for word in ("mailto", "image:"))


def test_what_only_the_text_names_counts_where_there_is_no_html() -> None:
    """Then its sender has seen it."""
    request = wants(mail("SME @Ana Roth<mailto:ana@x.example>"))
    assert isinstance(request, Commands)
    assert request.lines[0].args == "@Ana Roth<mailto:ana@x.example>"


@pytest.mark.parametrize(
    ("name", "content", "good"),
    [
        ("minutes.docx", b"PK\x03\x04", True),
        ("minutes.docx", b"\xd0\xcf\x11\xe0", True),
        ("minutes.docx", b"not a docx", False),
        ("minutes.XLSX", b"<html>", False),
        ("minutes.pdf", b"not a pdf", False),
        ("minutes.pdf", b"\n%PDF-1.7", True),
        ("minutes.doc", b"<html>", True),
        ("minutes.txt", b"We met.", True),
        ("minutes.txt", b"", False),
    ],
)
def test_a_file_that_is_not_what_it_is_called_stops_its_mail(name: str, content: bytes, good: bool) -> None:
    """What nobody could open is not sent on as minutes, nor is an empty file."""
    message = replace(mail("MINUTES: attached"), attachments=(Attachment(name, "", content),))
    request = read(message, lambda _: NoForm("We met."), TABLE)
    assert isinstance(request, Commands)
    assert (not request.unread) == good
    assert good or name in request.unread


CODE = "cmp" + "a2b3" * 14


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        (f"yes, that was me\n\nCONFIRM {CODE}\n\nMarta", ["CONFIRM"]),
        (f"Hello,\nyes.\n  confirm: {CODE[:30]}\n{CODE[30:]}", ["CONFIRM"]),
        (f"I did not write that!\n\nCONFIRM {CODE}", []),
        (f"What does CONFIRM {CODE} mean?", []),
        ("yes, that was me\n\nCONFIRM it", []),
    ],
)
def test_a_confirmation_counts_below_other_words(text: str, verbs: list[str]) -> None:
    """With its code and on a line of its own; not below words that may deny the mail."""
    request = wants(mail(text))
    assert [line.verb for line in request.lines] == verbs if isinstance(request, Commands) else not verbs


def test_minutes_are_read_to_their_end() -> None:
    """Names, sentences that begin like a disclaimer and commands below them are the sender's, not a signature."""
    names = f"{SENDER.name}, Saltmarsh\nLorna Petrie"
    text = f"MINUTES The call\n\n{names}\n\nNotice: it takes 21 days.\n\nAgreed: a list is sent.\n\nHELD ON 11/20"
    request = wants(mail(text))
    assert isinstance(request, Commands)
    assert [line.line for line in request.lines] == [text.removesuffix("\n\nHELD ON 11/20"), "HELD ON 11/20"]


BELOW_A_NAME = "CONSENT\n\nIda Vance\n\n"


@pytest.mark.parametrize(
    "below",
    [
        "OBJECT we do not agree\n\nBob Other\nGranby Hollow",
        "WITHDRAW wrong form\n\nBob Other",
        "WITHDRAW wrong form\n\nBest regards",
        "OBJECT we do not agree\nThanks,",
    ],
)
def test_what_somebody_else_signed_below_is_no_command(below: str) -> None:
    """An older mail that no mark tells ends in another name, or in a closing without the sender's."""
    request = wants(mail(f"{BELOW_A_NAME}{below}"))
    assert isinstance(request, Commands)
    assert [line.verb for line in request.lines] == ["CONSENT"]


@pytest.mark.parametrize(
    "text",
    [
        "CONSENT\nThanks, but please hold",
        "CONSENT\nThanks, but not yet",
        "CONSENT\n\nIda Vance\nbut please hold until Friday",
        "CONSENT\nbest,\nwait until Friday",
    ],
)
def test_a_reservation_beside_a_closing_is_heard(text: str) -> None:
    """A closing or a name around it does not hide that it takes the command back."""
    request = wants(mail(text))
    assert isinstance(request, Commands)
    (line,) = request.lines
    assert line.args == text.rpartition("\n")[2], "CONSENT takes no words, and so it is asked back"


def test_figures_between_two_commands_are_asked_about() -> None:
    """They may end the text above as well as name a change request of before; with a colon they name one."""
    doubts = {}
    for text in ("PC112626-1\nNOTE see\n12345\nCONSENT", "PC112626-1\nNOTE see\n12345:\nCONSENT"):
        request = wants(mail(text))
        assert isinstance(request, Commands)
        doubts[text] = bool(request.lines[-1].doubt)
    assert [*doubts.values()] == [True, False]
