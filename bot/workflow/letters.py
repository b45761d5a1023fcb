"""Letters that decisions owe, and what goes with them.

Its one rule: the sender gets an answer only where one may be sent, in the thread of the mail;
whoever holds a role gets a letter in a thread of its own.
"""

from datetime import datetime

from bot.intake.form import Submission
from bot.intake.paper.stamp import stamp
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind, Letter, Thread
from bot.mail.message import Attachment
from bot.office.office import Office
from bot.office.people import Role
from bot.workflow.change import ChangeRequest, Document
from bot.workflow.effect import Effect, Send
from bot.workflow.event import Asked, Commented, Held, Reported, SetAside, Submitted

LARGEST_ENCLOSED = 5 * 1024 * 1024
"""Octets; many mail servers refuse what is over 10 MB on the wire, and a letter is held in memory."""


def answer(
    event: Submitted | Commented | Asked | Held | SetAside | Reported,
    kind: Kind,
    number: str,
    context: dict[str, object],
    enclosures: tuple[Enclosure, ...] = (),
) -> list[Effect]:
    """The letter to the sender, where one may be sent; it stays in the sender's thread. One that goes
    to an address of the directory instead says so."""
    to, sender = event.standing.answer_to, event.standing.sender
    if to is None:
        return []
    told = {**context, "in_place_of": sender if sender and sender.email != to.email else None}
    return [Send(Letter(event.cause, kind, to, number, told, event.thread, enclosures))]


def tell(
    office: Office,
    role: Role,
    cause: str,
    kind: Kind,
    number: str,
    context: dict[str, object],
    enclosures: tuple[Enclosure, ...] = (),
) -> list[Effect]:
    """One letter to everybody who holds a role, and to their deputies; a thread of its own, never the
    sender's."""
    return [
        Send(Letter(cause, kind, person.address, number, context, Thread(), enclosures))
        for person in office.reached(office.holders(role))
    ]


def review_of(
    change: ChangeRequest | None,
    cause: str,
    reason: str,
    subject: str,
    standing: Standing,
    submission: Submission | None,
) -> dict[str, object]:
    """What the letters about something that waits for a person are told: `said` is the reason in
    words for the sender, `claimed` a company that they claim to be of, `answered` whether they got a
    letter (None: not this time), `lookalike` what it may be the same as, `text` what they wrote where
    it is no form."""
    return {
        "change": change,
        "reason": reason,
        "subject": subject,
        "standing": standing,
        "submission": submission,
        "mail": cause.partition("/")[0],
        "lookalike": None,
        "said": "",
        "claimed": "",
        "answered": None,
        "text": "",
    }


def enclosed(*files: Enclosure | None) -> tuple[Enclosure, ...]:
    """The files to go with a letter, without those that are too large to be sent again."""
    return tuple(file for file in files if file and len(file.content) <= LARGEST_ENCLOSED)


def stamped_with(file: Attachment | None, number: str) -> Enclosure | None:
    """The form as it came with its number written in."""
    if file is None:
        return None
    stamped = stamp(file, number)
    return Enclosure(stamped.name, stamped.content_type, stamped.content)


def document_of(file: Enclosure, title: str, now: datetime) -> Document:
    """A file of ours as a document of the change request, from now on."""
    return Document(file.sha256, file.name, file.content_type, title, now)
