"""Request: what a sender wants. A closed union; whoever adds a member is shown every place."""

from dataclasses import dataclass

from bot.intake.form import Submission
from bot.mail.message import Attachment


@dataclass(frozen=True, slots=True)
class Form:
    """A submission and the file it came in; a form in the mail's text has no file."""

    submission: Submission
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Submissions:
    """One or more forms, in the order of the files or rows."""

    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A line that starts with a verb, as written; `verb` in capitals, `args` the rest, with the
    continuation lines behind it. `number` is the CR number that led the line, if any."""

    line: str
    verb: str
    args: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Commands:
    """A block of command lines from the top of the sender's own text."""

    lines: tuple[CommandLine, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """Prose about a known change request."""

    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """Prose about nothing we know; or nothing at all."""

    text: str


@dataclass(frozen=True, slots=True)
class Unsafe:
    """An attachment that killed or outran its reader: the mail is set aside for a person."""

    reason: str


Request = Submissions | Commands | Comment | Question | Unsafe
