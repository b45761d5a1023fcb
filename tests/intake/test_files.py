"""Files in files: one level deep, each under its own name, and never the sender's own word."""

from email.message import EmailMessage

import pytest

from bot.intake.file.attachment import open_attachment
from bot.intake.file.files import MOST_INNER, MOST_OLD, Found, opened_files
from bot.intake.file.opened import Died, Forms, NoForm, Opened, Unreadable
from bot.intake.read import read
from bot.intake.request import Question, Submissions, Unsafe
from bot.mail.message import Attachment
from bot.mail.parse import parse
from tests.intake.forms import GOOD, TABLE
from tests.intake.office_files import book, document, zipped

DOCX, XLSX = document([*GOOD.items()]), book([*GOOD.items()])
TEXT = "\n".join(f"{label}: {value}" for label, value in GOOD.items())


def opened(*files: tuple[str, bytes]) -> list[tuple[str, Found]]:
    """Files by name, opened with all that lies in them."""
    attachments = [Attachment(name, "", content) for name, content in files]
    found = opened_files(attachments, lambda file: open_attachment(file, TABLE))
    return [(file.name, answer) for file, answer in found]


def letter(text: str = "See the form.", **files: bytes) -> bytes:
    """A mail with files, each called by its keyword; `_` stands for the dot."""
    mail = EmailMessage()
    mail["Received"], mail["From"], mail["To"] = "by mx.saltmarsh.example", "ida@saltmarsh.example", "us@x.example"
    mail["Subject"], mail["Message-ID"] = "Change request", "<one@saltmarsh.example>"
    mail.set_content(text)
    for name, content in files.items():
        mail.add_attachment(content, "application", "octet-stream", filename=name.replace("_", "."))
    return mail.as_bytes()


def sources(found: list[tuple[str, Found]]) -> list[str]:
    """Where the forms among some answers were found."""
    return [form.source for _, answer in found if isinstance(answer, Forms) for form in answer.forms]


def test_the_forms_of_an_archive() -> None:
    """Each form in a zip file is a form of the mail, placed in the archive and stored under its own
    name; pictures and what a system puts beside a person's files are passed over."""
    parts = {"our forms/one.docx": DOCX, "__MACOSX/._one.docx": b"\0\5\26\7", "two.xlsx": XLSX, "logo.png": b"\x89PNG"}
    found = opened(("forms.zip", zipped({**parts, "our forms/": b""})))
    assert [name for name, _ in found] == ["one.docx", "two.xlsx", "logo.png"]
    assert sources(found) == ["forms.zip: one.docx", "forms.zip: two.xlsx"]
    assert found[2][1] == NoForm()


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "..\\..\\a.docx", "C:\\a.docx", "../../a.docx", "a\u202excod.docx", "x" * 999]
)
def test_names_in_an_archive_are_data(name: str) -> None:
    """A name in an archive is shown without its folders, and is a path nowhere."""
    ((shown, answer),) = opened(("forms.zip", zipped({name: DOCX})))
    assert isinstance(answer, Forms)
    assert not set("/\\\u202e") & set(shown)
    assert len(shown) <= 120


def test_the_forms_of_an_attached_mail() -> None:
    """A mail that came as a file gives the form in its text and those in its files."""
    found = opened(("request.eml", letter(TEXT, form_docx=DOCX)))
    assert [name for name, _ in found] == ["request.eml", "form.docx"]
    assert sources(found) == ["request.eml", "request.eml: form.docx"]


@pytest.mark.parametrize(
    ("outer", "inner"),
    [("forms.zip", zipped({"forms.zip": zipped({"form.docx": DOCX})})), ("mails.zip", zipped({"a.eml": letter(TEXT)}))],
)
def test_one_level_only(outer: str, inner: bytes) -> None:
    """What lies in an archive in an archive, or in a mail in an archive, is refused in words."""
    ((_, answer),) = opened((outer, inner))
    assert isinstance(answer, Unreadable)
    assert "is not opened there" in answer.message
    assert f"\u201c{outer}: " in answer.message


def test_a_mail_in_a_mail_in_a_mail() -> None:
    """An attached mail may not carry another one."""
    found = opened(("a.eml", letter(b_eml=letter(TEXT))))
    assert [name for name, _ in found] == ["b.eml"]
    assert isinstance(found[0][1], Unreadable)


def test_an_attached_mail_is_nobodys_own_word() -> None:
    """What an attached mail says is neither a command nor a comment of whoever forwards it."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ida@saltmarsh.example", "Fwd"
    mail.set_content("For you.")
    inner = EmailMessage()
    inner["Received"], inner["From"], inner["Subject"] = "by mx", "boss@saltmarsh.example", "PC112226-1"
    inner.set_content("WITHDRAW PC112226-1\n")
    mail.add_attachment(inner)
    request = read(parse(mail.as_bytes()), lambda file: open_attachment(file, TABLE), TABLE)
    assert request == Question("For you.")


def test_the_form_of_a_forwarded_mail_is_a_submission() -> None:
    """A form that lies in an attached mail is read like one that was attached itself."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ida@saltmarsh.example", "Fwd"
    mail.set_content("For you.")
    inner = EmailMessage()
    inner["Received"], inner["From"] = "by mx", "boss@saltmarsh.example"
    inner.set_content("Here it is.")
    inner.add_attachment(DOCX, "application", "octet-stream", filename="form.docx")
    mail.add_attachment(inner)
    request = read(parse(mail.as_bytes()), lambda file: open_attachment(file, TABLE), TABLE)
    assert isinstance(request, Submissions)
    (form,) = request.forms
    assert form.submission.complete
    assert form.submission.source.endswith(": form.docx")
    assert form.file is not None
    assert (form.file.name, form.file.content) == ("form.docx", DOCX)


def test_a_mail_cannot_keep_us_for_long() -> None:
    """Beyond a hundred files in files, and ten old ones, the rest is refused in words."""
    asked: list[str] = []

    def answer(file: Attachment) -> Opened:
        asked.append(file.name)
        return open_attachment(file, TABLE)

    archive = zipped({f"{number}.txt": b"a" for number in range(40)})
    found = [*opened_files([Attachment(f"{number}.zip", "", archive) for number in range(9)], answer)]
    assert len(asked) < MOST_INNER + 9
    assert sum(isinstance(opened, Unreadable) for _, opened in found) == 7
    asked.clear()
    found = [*opened_files([Attachment(f"{number}.rtf", "", b"{\\rtf1") for number in range(99)], answer)]
    assert len(asked) == MOST_OLD
    assert all(isinstance(opened, Unreadable) for _, opened in found)


def test_a_file_that_kills_its_reader_in_an_archive() -> None:
    """A file in an archive that kills its reader makes the mail unsafe, as if it were attached itself."""
    mail = parse(letter(forms_zip=zipped({"bad.txt": b"bad", "good.docx": DOCX})))
    request = read(mail, lambda file: Died("it died") if "bad" in file.name else open_attachment(file, TABLE), TABLE)
    assert request == Unsafe("it died")
