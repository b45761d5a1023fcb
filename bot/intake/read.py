"""read: a Message becomes a Request, syntactically; who sent it and what may be done is not asked.

Its one rule: the order of DESIGN section 5, the first that applies: commands, forms, a comment on
a known change request, or none of these.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.intake.attachment import Died, Forms, NoForm, Opened, Unreadable
from bot.intake.body import body_forms
from bot.intake.command import read_commands
from bot.intake.form import Code, FieldTable, Problem, Submission
from bot.intake.judge import judge
from bot.intake.labels import Labels
from bot.intake.number import numbers_in
from bot.intake.request import CommandLine, Commands, Comment, Form, Question, Request, Submissions, Unsafe
from bot.mail.message import Attachment, Message

INTAKE = "IN"
MOST_FORMS = 100
"""Forms that one mail may hold; every form becomes a number and letters. The longest list of change
requests seen in one file had three."""
PDF = b"%PDF"
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
"""How the names of workbooks end: for one that could not be read an .xlsx form goes back, else a .docx."""


def read(message: Message, open_attachment: Callable[[Attachment], Opened | Died], table: FieldTable) -> Request:
    """Say what a mail wants. `open_attachment` is the shell's sandbox; a file that kills or
    outruns its reader makes the whole mail Unsafe. Raises nothing for anything a sender can do.
    """
    numbers = numbers_in(message.subject)
    commands = read_commands(message.own_text)
    certain = commands and _certain(commands, message, numbers, table)
    if certain:
        return Commands(commands)
    found = _forms(message, open_attachment, table, numbers)
    if isinstance(found, Unsafe):
        return found
    if len(found) > MOST_FORMS:
        return Unsafe(f"it holds {len(found)} forms, more than anybody sends on purpose")
    if found:
        return Submissions(found)
    if commands:
        return Commands(commands)
    if message.own_text.strip() and (numbers or numbers_in(message.own_text)):
        return Comment(message.own_text)
    return Question(message.own_text)


def _certain(commands: tuple[CommandLine, ...], message: Message, numbers: tuple[str, ...], table: FieldTable) -> bool:
    """False where a form in the mail would be the better reading of a first line such as
    `Status: new` or `Note: our form is attached`: the verb is not in capitals, no change request
    is named, or the line is a form's label, and there may be a form."""
    first = commands[0]
    if first.number or first.line.lstrip().startswith(first.verb):
        return True
    labelled = Labels(table).split(first.line) is not None
    return not labelled and (bool(numbers) or not message.attachments)


def _forms(
    message: Message,
    open_attachment: Callable[[Attachment], Opened | Died],
    table: FieldTable,
    numbers: tuple[str, ...],
) -> tuple[Form, ...] | Unsafe:
    """The forms of a mail in the order of its files; those in its text only where no file has one."""
    forms: list[Form] = []
    unread: list[Form] = []
    for file in message.attachments:
        match open_attachment(file):
            case Forms(raws, shape):
                forms += [Form(judge(raw, table, message.sender, shape), file) for raw in raws]
            case Unreadable(words):
                unread.append(Form(_unreadable(file, words), file))
            case Died(reason):
                return Unsafe(reason)
            case NoForm():
                pass
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
    notes = tuple(f"{form.submission.source} was kept, but not read." for form in enclosed)
    first = replace(forms[0], submission=replace(forms[0].submission, notes=(*forms[0].submission.notes, *notes)))
    return (first, *forms[1:], *(form for form in unread if form not in enclosed))


def _unreadable(file: Attachment, words: str) -> Submission:
    problem = Problem("", Code.UNREADABLE, file.name, words)
    back = "xlsx" if file.name.lower().endswith(SHEETS) else "docx"
    return Submission(file.name, problems=(problem,), format=back)
