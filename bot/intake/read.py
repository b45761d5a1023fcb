"""read: a Message becomes a Request, syntactically; who sent it and what may be done is not asked.

Its one rule: the order of DESIGN section 5, the first that applies: an RSVP, commands, forms, a comment
on a known change request, or none of these.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.intake.answer import answer_in
from bot.intake.command import ordered, read_commands, reads
from bot.intake.file.files import opened_files
from bot.intake.file.opened import Died, Forms, NoForm, Opened, Unreadable, shown
from bot.intake.form import Code, FieldTable, Problem, RawForm, Submission
from bot.intake.judge import judge
from bot.intake.labels import Labels
from bot.intake.near import confirming
from bot.intake.number import numbers_in
from bot.intake.request import CommandLine, Commands, Comment, Form, Question, Request, Submissions, Unsafe
from bot.intake.rsvp import rsvp_in
from bot.intake.text.body import beside, body_forms
from bot.intake.text.closing import above_signature
from bot.intake.verbs import VERBS
from bot.mail.message import Attachment, Message
from bot.mail.quotation import certain_text, own_text
from bot.mail.text import html_to_text
from bot.office.people import Address

INTAKE = "IN"
AMEND = "AMEND"
WORD = re.compile(r"[^\W_]+")
TARGET = re.compile(r"<https?://[^\s<>]*>")
"""Where a link leads, which the plain text of a mail names behind the words that show it."""
ONLY_IN_TEXT = re.compile(r" ?<mailto:[^\s<>]*>|\[image: [^\[\]\n]{0,200}\]", re.IGNORECASE)
"""What the plain text of a mail says of a link and a picture that its HTML shows: whom the link writes to, what
the picture is called."""
MOST_FORMS = 100
"""Forms that one mail may hold; every form becomes a number and letters. The longest list of change
requests seen in one file had three."""
TOO_MANY = f"it holds more than {MOST_FORMS} forms, which nobody sends on purpose"
PDF = b"%PDF"
MADE_AS: Mapping[str, bytes] = {
    **dict.fromkeys(("docx", "docm", "dotx", "xlsx", "xlsm", "xlsb", "pptx", "odt", "ods"), b"PK"),
    "pdf": PDF,
}
"""What the bytes of a document begin with, by the end of its name. The older kinds have no such sign: much
that is called .doc or .xls is a page of the web."""
COMPOUND = b"\xd0\xcf\x11\xe0"
"""What a document begins with that is protected by a password."""
TAKING_FILES = frozenset(verb.name for verb in VERBS if verb.file)
BESIDE_THE_POINT = ("image/", "text/calendar", "text/vcard", "application/pkcs7-signature", "application/pgp-signature")
"""What mail programs attach by themselves: the logo of a signature, a card, a signature's proof."""
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""How the names of workbooks end: for one that could not be read an .xlsx form goes back, else a .docx."""


def read(message: Message, open_attachment: Callable[[Attachment], Opened | Died], table: FieldTable) -> Request:
    """Say what a mail wants. `open_attachment` is the shell's sandbox; a file that kills or
    outruns its reader makes the whole mail Unsafe. Raises nothing for anything a sender can do.
    """
    if rsvp := rsvp_in(message):
        return rsvp
    numbers = numbers_in(message.subject)
    commands = _commands(message.own_text, _seen(message), message.sender) or _confirmed(message)
    if commands and _certain(commands, message, numbers, table):
        return _commanded(message, commands, open_attachment, table)
    found = _forms(message, open_attachment, table, numbers)
    if isinstance(found, Unsafe):
        return found
    if len(found) > MOST_FORMS:
        return Unsafe(TOO_MANY)
    unread = found and not any(form.submission.fields for form in found)
    answer = None if found and not unread else answer_in(message, table)
    if found:
        return Submissions(found, answer=answer)
    if commands:
        return _commanded(message, commands, open_attachment, table)
    if answer and any(number.startswith(INTAKE) for number in numbers):
        return Submissions((Form(answer.submission),))
    if message.own_text.strip() and (numbers or numbers_in(message.own_text)):
        return Comment(message.own_text, answer)
    return Question(message.own_text, answer)


def _commanded(
    message: Message,
    commands: tuple[CommandLine, ...],
    open_attachment: Callable[[Attachment], Opened | Died],
    table: FieldTable,
) -> Commands | Unsafe:
    """Commands; a lone AMEND with its form: the files of the mail, else the lines behind the verb."""
    doubtful = _doubtful(message, commands)
    if any(line.verb in TAKING_FILES for line in commands):
        return _with_files(Commands(commands, doubtful), message, open_attachment)
    if len(commands) > 1 or commands[0].verb != AMEND:
        return Commands(commands, doubtful)
    own = replace(message, own_text=commands[0].args, html="")
    found = _forms(own, open_attachment, table, ())
    if isinstance(found, Unsafe):
        return found
    answer = None if found else answer_in(own, table)
    return Commands(commands, doubtful, found or ((Form(answer.submission),) if answer else ()))


def _with_files(
    commands: Commands, message: Message, open_attachment: Callable[[Attachment], Opened | Died]
) -> Commands | Unsafe:
    """Commands with the files of the mail. A PDF or a picture says nothing to us, and goes on as it is."""
    files = tuple(file for file in message.attachments if not file.content_type.startswith(BESIDE_THE_POINT))
    text = unread = ""
    for file, opened in opened_files(files, open_attachment):
        unread = unread or _feigned(file)
        match opened:
            case Died(reason):
                return Unsafe(reason)
            case Unreadable(words) if not file.content.startswith(PDF):
                unread = unread or words
            case NoForm(said):
                text = text or said.strip()
            case _:
                pass
    return replace(commands, files=files, file_text=text, unread=unread)


def _feigned(file: Attachment) -> str:
    """Why a file cannot be what its name says, in words for its sender; empty where it can. It would be sent on
    to people who could not open it."""
    if not file.content:
        return f"\u201c{shown(file.name)}\u201d is empty. Please attach it again."
    sign = MADE_AS.get(file.name.rpartition(".")[2].lower())
    if sign is None or file.content.lstrip().startswith((sign, COMPOUND)):
        return ""
    return f"\u201c{shown(file.name)}\u201d cannot be opened. Please check it, save it again and send that file."


def _commands(own: str, text: str, sender: Address | None) -> tuple[CommandLine, ...]:
    """The commands in the sender's own part of a text, as far as nobody else can have written them, and without
    the signature below the last one; in a form a name is an answer."""
    name = sender.name if sender else ""
    commands = read_commands(own, name)
    if not commands or commands[0].verb == AMEND:
        return commands
    certain = certain_text(text) if text else own
    return read_commands(above_signature(certain, sender, ordered(certain)), name)


def _seen(message: Message) -> str:
    """The text of a mail without what its HTML does not show, so that nothing is obeyed that its sender may not
    have seen; where there is no HTML, all of it."""
    return ONLY_IN_TEXT.sub("", message.text) if message.html else message.text


def _confirmed(message: Message) -> tuple[CommandLine, ...]:
    """CONFIRM with its code below other words of the sender's: the code says all that counts."""
    if "confirm" not in (message.text or message.own_text).casefold():
        return ()  # before all quotations are looked for once more
    line = confirming(certain_text(message.text) if message.text else message.own_text)
    return (line,) if line else ()


def _doubtful(message: Message, commands: tuple[CommandLine, ...]) -> bool:
    """True where the HTML of a mail gives other commands than its text: its sender saw only one of
    them. Words count, and the numbers of a list, not how a mail program breaks or marks them."""
    if not message.html:
        return False
    text = html_to_text(message.html)
    return _spoken(_commands(own_text(text), text, message.sender)) != _spoken(commands)


def _spoken(commands: tuple[CommandLine, ...]) -> list[tuple[str, str, list[str]]]:
    return [(line.number, line.verb, WORD.findall(TARGET.sub("", line.args.casefold()))) for line in commands]


def _certain(commands: tuple[CommandLine, ...], message: Message, numbers: tuple[str, ...], table: FieldTable) -> bool:
    """False where a form in the mail would be the better reading of a first line such as
    `Status: new` or `Note: our form is attached`: no change request leads the line, and it is a
    form's label, which may well be printed in capitals; or its verb is not in capitals, and there
    may be a form."""
    first, labels = commands[0], Labels(table)
    top = first.line.split("\n", 1)[0]
    if first.number and not top.upper().startswith(first.verb):
        return True
    if labels.split(top) or labels.key(top) or (labels.key(first.verb) and not reads(first)):
        return False
    return top.startswith(first.verb) or bool(numbers) or not message.attachments


def _forms(
    message: Message,
    open_attachment: Callable[[Attachment], Opened | Died],
    table: FieldTable,
    numbers: tuple[str, ...],
) -> tuple[Form, ...] | Unsafe:
    """The forms of a mail in the order of its files; those in its text where no file has one.
    A text that is a form beside one in a file is judged with it, so that contradictions are seen."""
    found: list[tuple[RawForm, str, Attachment]] = []
    unread: list[Form] = []
    for file, opened in opened_files(message.attachments, open_attachment):
        match opened:
            case Forms(raws, shape):
                found += [(raw, shape, file) for raw in raws]
                if len(found) > MOST_FORMS:
                    return Unsafe(TOO_MANY)
            case Unreadable(words):
                unread.append(Form(_unreadable(file, words), file))
            case Died(reason):
                return Unsafe(reason)
            case NoForm():
                pass
    if len(found) == 1:
        found = [(beside(raw, message, table), shape, file) for raw, shape, file in found]
    forms = [Form(judge(raw, table, message.sender, shape), file) for raw, shape, file in found]
    if not forms:
        correction = any(number.startswith(INTAKE) for number in numbers)
        raws = body_forms(message, table, correction=correction)
        forms = [Form(judge(raw, table, message.sender, "txt")) for raw in raws]
    return _with_unread(forms, unread)


def _with_unread(forms: list[Form], unread: list[Form]) -> tuple[Form, ...]:
    """Files that could not be read are forms with one problem. Beside a form that could be read,
    a PDF is taken for its enclosure and only named in a note."""
    if not forms:
        return tuple(unread)
    enclosed = [form for form in unread if form.file and form.file.content.startswith(PDF)]
    notes = tuple(form.kept for form in enclosed)
    first = replace(forms[0], submission=replace(forms[0].submission, notes=(*forms[0].submission.notes, *notes)))
    return (first, *forms[1:], *(form for form in unread if form not in enclosed))


def _unreadable(file: Attachment, words: str) -> Submission:
    problem = Problem("", Code.UNREADABLE, file.name, words)
    back = "xlsx" if file.name.lower().endswith(SHEETS) else "docx"
    return Submission(file.name, problems=(problem,), format=back)
