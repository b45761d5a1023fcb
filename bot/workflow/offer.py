"""Offers: what the recipient of a letter may do by a reply, as it stands when the letter is written.

Its one rule: nothing is offered that the table of the workflow would refuse this very person for want
of a right; an offer gives no right by itself (DESIGN section 6).
"""

from dataclasses import dataclass
from datetime import date

from bot.intake.arguments import Arguments, understand
from bot.intake.form import FieldTable
from bot.intake.request import CommandLine
from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.office.people import Address
from bot.workflow.change import ChangeRequest
from bot.workflow.draft import fingerprint
from bot.workflow.party import Party, known_as, parties
from bot.workflow.prompt import Prompt, View, prompts
from bot.workflow.rights import usable
from bot.workflow.transition import place_of

MOST = 8
"""Offers that stand out; the rest is named in one line."""
SPARED = frozenset(
    {"UNDO", "STOP", "UNFOLLOW", "FOLLOW", "CONSENT", "OBJECT", "APPROVE", "DISAPPROVE", "RESPOND", "DONE"}
)
"""Not named among the rest: the transcript says how to undo, who follows what knows it, and the others
would be refused unless they stand out."""
BARE = frozenset({Kind.CONFIRMATION, Kind.ATTEMPT})
"""Kinds that ask one thing only: whether the mail was theirs."""
NO_FIELDS = FieldTable("", ())


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that a recipient may do: the verb, what it does in words, the `line` to begin with, the
    line as it is written in full, and what is said so that nobody does it lightly."""

    verb: str
    does: str
    line: str
    written: str
    warns: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What a letter offers, the most useful first; `others` are the verbs that may be used too."""

    prominent: tuple[Offer, ...] = ()
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.prominent or self.others)


def of_letter(letter: Letter, office: Office, today: date) -> tuple[Offers, str]:
    """What a letter offers its recipient, and the key of the change request that it is about; nothing
    and no key for most letters about none. What somebody wrote may be offered for publishing."""
    change, publish = letter.context.get("change"), letter.context.get("publish")
    if not isinstance(change, ChangeRequest) or letter.kind in BARE:
        return Offers(), ""
    found = offers(change, letter.to, office, today)
    if isinstance(publish, str) and publish:
        first = Offer("COMMENT", "Publish what they wrote", publish, "COMMENT text", "for everybody to read")
        found = Offers((first, *found.prominent), found.others)
    return found, change.key


def offers(change: ChangeRequest, recipient: Address, office: Office, today: date) -> Offers:
    """What a recipient may do with a change request now; `today` is the office's date. Nothing for
    somebody whom the directory does not know, unless they sent the form."""
    standing = known_as(recipient, office)
    who = parties(change, standing, office, today)
    if len(who) == 1:  # anyone
        return Offers()
    rows = usable(change, who)
    view = View(change, place_of(change), who, recipient.email)
    found = prompts(view, ((row.verb, row.word) for row in rows))[:MOST]
    told = {prompt.verb for prompt in found} | SPARED
    others = tuple(dict.fromkeys(row.verb for row in rows if row.verb not in told))
    if not found and Party.STAFF not in who:
        return Offers()
    return Offers(tuple(_offer(prompt, change, office, today) for prompt in found), others)


def _offer(prompt: Prompt, change: ChangeRequest, office: Office, today: date) -> Offer:
    line, written = prompt.line, prompt.shows or prompt.line
    match prompt.verb:
        case "MEETING" if prompt.word == "" and change.meeting is None and (slot := _slot(change, office, today)):
            line = written = f"MEETING {slot}"
        case "APPROVE" if change.draft:
            line = written = f"APPROVE {fingerprint(change.draft)}"
        case "DONE":
            line = written = f"DONE {next(item.n for item in change.actions if item.done_on is None)}"
    return Offer(prompt.verb, prompt.does, line, written, prompt.warns)


def _slot(change: ChangeRequest, office: Office, today: date) -> str:
    """The first time at which the originator can meet, of those that can be read and are to come."""
    written = change.fields.get("availability", ())
    for slot in written if isinstance(written, tuple) else ():
        args = understand(CommandLine(slot, "MEETING", slot), office, today, NO_FIELDS)
        if isinstance(args, Arguments) and args.on and args.at:
            return f"{args.on:%m/%d/%Y} {args.at:%I:%M %p}"
    return ""
