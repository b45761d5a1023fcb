"""Request: what a sender wants. A closed union; whoever adds a member is shown every place."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.intake.form import Submission
from bot.mail.message import Attachment


@dataclass(frozen=True, slots=True)
class Form:
    """A submission and the file it came in; a form in the mail's text has no file."""

    submission: Submission
    file: Attachment | None = None

    @property
    def kept(self) -> str:
        """The note about a file that nobody could read, beside something that counts."""
        return f"{self.submission.source} was kept, but not read."


@dataclass(frozen=True, slots=True)
class Answer:
    """Labelled lines in a mail that is no form by itself: they count where the mail turns out to
    answer a letter of ours. `leads`: they open the text, with nothing but a greeting above."""

    submission: Submission
    leads: bool


@dataclass(frozen=True, slots=True)
class Submissions:
    """One or more forms, in the order of the files or rows; `answer` stands beside files that
    nobody can read."""

    forms: tuple[Form, ...]
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A line that starts with a verb, as written; `verb` in capitals, `args` the rest, with the
    continuation lines behind it. `number` is the CR number that led the line or stands above it, if
    any, `doubt` why nobody can be sure what is meant; `left` are lines below that are part of no
    command, for their sender to hear of."""

    line: str
    verb: str
    args: str
    number: str = ""
    doubt: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class Commands:
    """A block of command lines from the top of the sender's own text. `doubtful`: the mail's HTML
    holds others, so that nobody knows which ones the sender saw. `forms` are what AMEND, the only
    line then, puts in place of an earlier form. `files` belong to the one verb that takes one;
    `file_text` is what the first of them says, `unread` why one of them cannot be read."""

    lines: tuple[CommandLine, ...]
    doubtful: bool = False
    forms: tuple[Form, ...] = ()
    files: tuple[Attachment, ...] = ()
    file_text: str = ""
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """Prose about a known change request."""

    text: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Prose that names nothing we know; or nothing at all."""

    text: str
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Unsafe:
    """An attachment that killed or outran its reader: the mail is set aside for a person."""

    reason: str


class Partstat(StrEnum):
    """What an attendee says of a meeting (RFC 5545 section 3.2.12)."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"
    NEEDS_ACTION = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Rsvp:
    """What a calendar answers to an invitation of ours: its `uid` and the `sequence` that it answers, what
    the `attendee` (an address in lower case) says of it, and in their own words. `proposes`: they would
    rather meet at another time, `proposed` (aware, UTC; None: it cannot be read). `delegate` is the
    address of whom they send instead."""

    uid: str
    sequence: int
    partstat: Partstat
    attendee: str
    comment: str = ""
    proposes: bool = False
    proposed: datetime | None = None
    delegate: str = ""


Request = Submissions | Commands | Comment | Question | Unsafe | Rsvp
