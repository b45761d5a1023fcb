"""cmpbot explain: what would be read, in words and as JSON, without a trace."""

import json
import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from bot.cli import run
from bot.cli.explain import is_mail
from bot.config import packaged, read_table
from bot.intake.form import Value
from bot.intake.paper.blank import blank
from bot.workflow.order import UNKNOWN_ADDRESS
from tests.intake.calendars import google, outlook
from tests.intake.samples import SAMPLES

TABLE = read_table(packaged() / "forms" / "fields.yaml")
MAILS = sorted(SAMPLES.glob("*.eml"))
LABELS = {row.label for row in TABLE.fields} | {"(the file)"}
KEYS_OF_FIELDS = [key for row in TABLE.fields if "_" in (key := row.key)] + ["areas_other", "product_process"]
FORM: Mapping[str, Value] = {
    "originator_name": "Priya Raman",
    "company": "Alderpoint Communications",
    "originator_email": "priya.raman@alderpoint.example",
    "originator_phone": "303-555-0117",
    "area_of_change": "product_process",
    "title": "Name the failing field in address rejects",
    "description": "The reject notice does not say which field of the address is meant.",
    "areas_impacted": ("Ordering",),
    "products_impacted": ("Resale",),
}
PLAIN = """\
Originator Name: Priya Raman
Company: Alderpoint Communications
Phone: 303-555-0117
Area of Change: Product/Process
Title: Name the failing field in address rejects
Description: The reject notice does not say which field of the address is meant.
Areas Impacted: Ordering
Products Impacted: Resale
"""
KEYS = {"kind", "cr", "submissions", "commands", "fate", "flaws"}
STAMP = "mx.meridell.example; dmarc=pass header.from="


def mail(
    text: str = "", sender: str = "priya.raman@alderpoint.example", subject: str = "Change request", **headers: str
) -> EmailMessage:
    """A mail by a CLEC, with the stamp of the trusted host."""
    message = EmailMessage()
    message["Authentication-Results"] = STAMP + sender.partition("@")[2]
    message["From"], message["To"], message["Subject"] = sender, "cmpcr@meridell.example", subject
    message["Message-ID"] = "<one@alderpoint.example>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def explained(
    shipped: Path, content: bytes, name: str, capsys: pytest.CaptureFixture[str], *options: str
) -> dict[str, Any]:
    """What `explain --json` says of a file."""
    file = shipped.parent / name
    file.write_bytes(content)
    assert run(["--config", str(shipped), "explain", str(file), "--json", *options]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found.keys() == KEYS
    return found


@pytest.mark.parametrize("shape", ["docx", "xlsx", "txt"])
def test_a_bare_form(shape: str, shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A form file is a submission; its fields carry the keys of the design and no other."""
    found = explained(shipped, blank(TABLE, shape, FORM), f"form.{shape}", capsys)
    assert (found["kind"], found["cr"], found["fate"], found["flaws"]) == ("submission", None, "registered", [])
    (submission,) = found["submissions"]
    assert submission.keys() == {"source", "complete", "fields", "problems", "advised_missing"}
    assert submission["complete"] is True
    read = {key: value for key, value in submission["fields"].items() if value is not False}
    assert read == {key: list(value) if isinstance(value, tuple) else value for key, value in FORM.items()}
    assert submission["advised_missing"] == ["business_reason", "expected_deliverable", "availability"]


def test_what_is_missing_is_named(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An incomplete form names each problem with its field, code, place and words."""
    unfinished = {key: value for key, value in FORM.items() if key not in {"title", "originator_phone"}}
    found = explained(shipped, blank(TABLE, "xlsx", unfinished), "form.xlsx", capsys)
    (submission,) = found["submissions"]
    assert submission["complete"] is False
    assert found["fate"] == "incomplete"
    assert {problem["field"] for problem in submission["problems"]} == {"title", "originator_phone"}
    for problem in submission["problems"]:
        assert problem.keys() == {"field", "code", "place", "message"}
        assert problem["code"] == "missing"
        assert problem["message"]


def test_a_mail_with_a_form_in_its_text(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A structured body is a submission like a file."""
    found = explained(shipped, mail(PLAIN).as_bytes(), "cr.eml", capsys)
    assert (found["kind"], found["fate"]) == ("submission", "registered")
    assert found["submissions"][0]["complete"] is True
    assert found["submissions"][0]["fields"]["title"] == FORM["title"]


@pytest.mark.parametrize(
    ("message", "kind", "fate", "number"),
    [
        (mail(PLAIN, "quentin@nightheron.example"), "submission", "parked", None),
        (mail(PLAIN, "marta.ellison@meridell.example"), "submission", "parked", None),
        (mail("When is the next meeting?"), "other", "answered", None),
        (
            mail("When is the next meeting?", "quentin@gmail.example", Authentication_Results="x"),
            "other",
            "parked",
            None,
        ),
        (mail("We agree with this.", subject="Re: [PC112226-1] Posted"), "comment", "commented", "PC112226-1"),
        (mail("We agree.", "q@nightheron.example", subject="Re: PC112226 - 01"), "comment", "parked", "PC112226-1"),
        (mail("ASSIGN CRPM brandt DIRECTOR whitcomb", subject="Re: PC112226-1"), "commands", "refused", "PC112226-1"),
        (mail("I am away.", Auto_Submitted="auto-replied"), "automatic", "automatic", None),
        (mail("It failed.", "MAILER-DAEMON@alderpoint.example"), "bounce", "automatic", None),
        (mail(PLAIN, "cmpcr@meridell.example"), "automatic", "automatic", None),
    ],
)
def test_kinds_and_fates(
    message: EmailMessage,
    kind: str,
    fate: str,
    number: str | None,
    shipped: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The kind is what the mail is by itself; the fate also asks whom the office knows."""
    found = explained(shipped, message.as_bytes(), "mail.eml", capsys)
    assert (found["kind"], found["fate"], found["cr"]) == (kind, fate, number)


def test_an_answer_to_an_invitation_is_explained(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It counts for its sender alone, whatever machine sent it in their name."""
    found = explained(shipped, google(), "mail.eml", capsys)
    assert (found["kind"], found["fate"]) == ("rsvp", "obeyed")
    found = explained(shipped, outlook(sender="lee@bench00.example"), "mail.eml", capsys)
    assert (found["kind"], found["fate"]) == ("rsvp", "refused")


def test_commands_are_listed_as_written(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command line with its verb and arguments, and whether it would be carried out."""
    text = "ASSIGN CRPM brandt DIRECTOR whitcomb\nNOTE they know each other\n"
    found = explained(shipped, mail(text, subject="Re: PC112226-1").as_bytes(), "mail.eml", capsys)
    assert [command["verb"] for command in found["commands"]] == ["ASSIGN", "NOTE"]
    assert [command["line"] for command in found["commands"]] == text.splitlines()
    parties = {"ASSIGN": "the CMP Group Manager", "NOTE": "the staff"}
    for command in found["commands"]:
        assert command.keys() == {"line", "verb", "args", "allowed", "reason"}
        assert command["allowed"] is False
        assert command["reason"] == f"{command['verb']} is for {parties[command['verb']]}, and that is not you."


@pytest.mark.parametrize(
    ("sender", "fate", "reason"),
    [
        ("marta.ellison@meridell.example", "obeyed", ""),
        ("lena.brandt@meridell.example", "refused", "LOG is for the CMP Manager, and that is not you."),
        ("q@nightheron.example", "refused", f"LOG is for the CMP Manager, and {UNKNOWN_ADDRESS}."),
    ],
)
def test_who_may_use_a_command(
    sender: str, fate: str, reason: str, shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command is allowed to whom the table of orders allows it."""
    message = mail("LOG vouched for by phone\n", sender, subject="Re: IN112226-1")
    found = explained(shipped, message.as_bytes(), "mail.eml", capsys)
    assert found["fate"] == fate
    assert [(command["allowed"], command["reason"]) for command in found["commands"]] == [(not reason, reason)]


def test_two_forms_are_two_submissions(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several forms in one mail come in the order of the files."""
    message = mail("Two forms.")
    for title in ("First of the two forms", "Second of the two forms"):
        content = blank(TABLE, "docx", {**FORM, "title": title})
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=f"{title}.docx")
    found = explained(shipped, message.as_bytes(), "mail.eml", capsys)
    titles = [submission["fields"]["title"] for submission in found["submissions"]]
    assert titles == ["First of the two forms", "Second of the two forms"]


def test_what_cannot_be_read_says_so(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that may be a form and cannot be read is an incomplete submission with a problem."""
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(600)
    (submission,) = explained(shipped, old, "form.doc", capsys)["submissions"]
    assert submission["complete"] is False
    assert submission["problems"][0]["code"] == "unreadable"


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"\xff" * 1000, b"PK\x03\x04garbage", b"From nobody"])
@pytest.mark.parametrize("name", ["x.eml", "x.docx", "x"])
def test_nothing_upsets_it(name: str, content: bytes, shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the file holds, there is one JSON document and exit 0."""
    explained(shipped, content, name, capsys)


def shown(file: Path, shipped: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What explain prints for people."""
    assert run(["--config", str(shipped), "explain", str(file)]) == 0
    return capsys.readouterr().out


def columns_of(told: str) -> Iterator[tuple[str, str, str, str]]:
    """The rows of the tables in it, each cell put together from its lines; labels stand on one line."""
    lines = iter(told.splitlines())
    for line in lines:
        if set(line) != {"-", " "}:
            continue
        edges = [found.span() for found in re.finditer("-+", line)]
        rows: list[list[str]] = []
        for row in takewhile(str.strip, lines):
            cells = [row[start:end].strip() for start, end in edges]
            if cells[0]:
                rows.append(cells)
            else:
                rows[-1] = [" ".join(filter(None, pair)) for pair in zip(rows[-1], cells, strict=True)]
        yield from ((a, b, c, d) for a, b, c, d in rows)


def test_words_for_people(shipped: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --json: what it is and would become, then each field with its value, place and problem."""
    monkeypatch.setenv("COLUMNS", "120")
    file = shipped.parent / "form.xlsx"
    answers = {**FORM, "originator_phone": "", "areas_impacted": ("Ordering", "Other"), "areas_other": "Directory"}
    file.write_bytes(blank(TABLE, "xlsx", answers))
    told = shown(file, shipped, capsys)
    assert "What  a Change Request form\n" in told
    assert "Fate  incomplete. The sender would be asked for what is missing: something required" in told
    assert "form.xlsx: not complete, 1 problem\n" in told
    rows = {row[0]: row[1:] for row in columns_of(told)}
    assert rows["Title of Change"] == (FORM["title"], "cell B21", "")
    assert rows["Area of Change Request"][0] == "Product/Process"
    assert rows["Area(s) Impacted"][0] == "Ordering; Other (Directory)"
    assert rows["Originator Phone"] == ("", "cell B12", "The telephone number of the originator is missing.")
    assert "Left blank  Business Reason, Expected Deliverable" in told


@pytest.mark.parametrize("company", ["Alderpoint Communications", "Nobody's Lines"])
def test_a_bare_file_has_no_sender(company: str, shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a bare file nothing is said that only its mail could show: no sender, no fate that hangs on
    one, and no question for the address that the mail would bring."""
    file = shipped.parent / "form.xlsx"
    file.write_bytes(blank(TABLE, "xlsx", {**FORM, "originator_email": "", "company": company}))
    told = shown(file, shipped, capsys)
    assert "From  unknown: a file has no sender; explain the mail to see this\n" in told
    assert "Fate  The rest depends on who sends it.\n" in told
    assert "form.xlsx: complete\n" in told


@pytest.mark.parametrize("content", [b"", b"Lunch is at noon.\n", b"Title: x\n", b"\xff" * 1000])
def test_a_bare_file_without_a_form(content: bytes, shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is no form, and that is said, with what its sender would get; the document keeps its shape."""
    file = shipped.parent / "note.txt"
    file.write_bytes(content)
    told = " ".join(shown(file, shipped, capsys).split())
    assert told.startswith("What a file in which no form was found From ")
    assert "Fate answered. The sender would get the help letter with the blank forms: no form was found in it." in told
    found = explained(shipped, content, "note.txt", capsys)
    assert (found["kind"], found["submissions"], found["fate"]) == ("submission", [], "answered")


@pytest.mark.skipif(not MAILS, reason="the sample mails lie in a folder `shared` beside the project")
@pytest.mark.parametrize("file", MAILS, ids=[file.stem for file in MAILS])
def test_samples_for_people(
    file: Path, shipped: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sample form is a table of field, value, place and problem, with labels in place of keys, in
    80 columns where there are no more; of every mail a sentence says what would become of it."""
    monkeypatch.setenv("COLUMNS", "80")
    told = shown(file, shipped, capsys)
    assert max(map(len, told.splitlines())) <= 80
    assert re.search(r"^Fate  \w+\. (?:\w+ ){1,2}would ", told, re.MULTILINE)
    monkeypatch.setenv("COLUMNS", "160")
    told = shown(file, shipped, capsys)
    assert [key for key in KEYS_OF_FIELDS if key in told] == []
    truth = json.loads(file.with_suffix(".truth.json").read_text("utf-8"))
    heads = re.findall("^Field +Value +Place +Problem$", told, re.MULTILINE)
    assert len(heads) == len(truth.get("submissions") or ())
    for label, value, place, problem in columns_of(told):
        assert label in LABELS
        assert problem or (value and place)


def test_no_escape_reaches_the_terminal(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sender cannot move the operator's cursor or turn the writing around."""
    file = shipped.parent / "mail.eml"
    file.write_bytes(mail(PLAIN.replace("Name the", "Name\x1b[2J \u202ethe")).as_bytes())
    assert run(["--config", str(shipped), "explain", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_no_file_is_made_and_no_key_is_read(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Explaining leaves nothing behind, and works where the secrets are not to be had."""
    mailbox = "mailbox: {host: imap.meridell.example, username: cr, password: {file: secrets/none}}"
    text = shipped.read_text("utf-8").replace("mailbox: embedded", mailbox)
    text = text.replace("smtp: embedded", "smtp: {host: smtp.meridell.example}")
    shipped.write_text(text, "utf-8")
    explained(shipped, blank(TABLE, "docx", FORM), "form.docx", capsys)
    assert sorted(path.name for path in shipped.parent.rglob("*")) == ["config.yaml", "form.docx"]


def test_standard_input(shipped: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input."""

    class Stdin:
        """Standard input with a mail in it."""

        def __init__(self, content: bytes) -> None:
            from io import BytesIO

            self.buffer = BytesIO(content)

    monkeypatch.setattr("sys.stdin", Stdin(mail(PLAIN).as_bytes()))
    assert run(["--config", str(shipped), "explain", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "submission"


def test_a_file_that_is_not_there(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that leads nowhere is a misuse, in one line."""
    assert run(["--config", str(shipped), "explain", str(shipped.parent / "none.eml")]) == 2
    assert "none.eml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "name", "mailed"),
    [
        (b"Title: x\nDescription: y\n", "form.txt", False),
        (b"Title: x\nDescription: y\n", "form.eml", True),
        (b"Received: by mx\nFrom: a@b.example\n\nhello", "form.txt", True),
        (b"From a@b.example Sun Nov 22\nReturn-Path: <a@b.example>\n\n", "-", True),
        (b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n\n", "-", True),
        (b"PK\x03\x04", "form.docx", False),
        (b"", "-", False),
        (b"a: " * 100_000, "-", False),
    ],
)
def test_a_mail_is_told_from_a_form(content: bytes, name: str, mailed: bool) -> None:
    """By its name, else by header fields that no form has."""
    assert is_mail(content, name) is mailed
