"""Offers: what the recipient of a letter may do by a reply, as it stands when the letter is written.

Its one rule: nothing is offered that the table of the workflow would refuse this very person for want
of a right; an offer gives no right by itself (DESIGN section 6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

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
MOST_SLOTS = 3
"""Times at which the originator can meet that are offered, each with a link of its own."""
SLOT = "%m/%d/%Y %I:%M %p"
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
    if isinstance(wish := letter.context.get("move_to"), datetime):
        found = _first(_moved_to(wish, office), found)
    if isinstance(publish, str) and publish:
        first = Offer("COMMENT", "Publish what they wrote", publish, "COMMENT text", "for everybody to read")
        # What they were asked comes first, where this may be the answer to it.
        found = (
            Offers((*found.prominent, first), found.others) if letter.context.get("awaited") else _first(first, found)
        )
    return found, change.key


def _first(offer: Offer, found: Offers) -> Offers:
    return Offers((offer, *found.prominent), found.others)


def _moved_to(wish: datetime, office: Office) -> Offer:
    """To move the meeting to when somebody who was invited would rather meet (aware)."""
    line = f"MEETING {wish.astimezone(office.calendar.zone):{SLOT}}"
    return Offer("MEETING", "Take the time that they propose", line, line)


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
    return Offers(tuple(offer for prompt in found for offer in _offered(prompt, change, office, today)), others)


def _offered(prompt: Prompt, change: ChangeRequest, office: Office, today: date) -> Iterator[Offer]:
    """A prompt as an offer; the first meeting is offered at each of the first times that suit the CLEC."""
    slots = _slots(change, office, today) if prompt.verb == "MEETING" and prompt.word == "" else ()
    if change.planned is None and slots:
        for slot in slots:
            yield Offer("MEETING", "Invite when it suits the CLEC", f"MEETING {slot}", f"MEETING {slot}")
    else:
        yield _offer(prompt, change)


def _offer(prompt: Prompt, change: ChangeRequest) -> Offer:
    line, written = prompt.line, prompt.shows or prompt.line
    match prompt.verb:
        case "APPROVE" if change.draft:
            line = written = f"APPROVE {fingerprint(change.draft)}"
        case "DONE":
            line = written = f"DONE {next(item.n for item in change.actions if item.done_on is None)}"
    return Offer(prompt.verb, prompt.does, line, written, prompt.warns)


def _slots(change: ChangeRequest, office: Office, today: date) -> tuple[str, ...]:
    """The first times at which the originator can meet, of those that can be read, are to come and lie on a
    business day, as MEETING takes them."""
    written = change.fields.get("availability", ())
    found: list[datetime] = []
    for slot in written if isinstance(written, tuple) else ():
        args = understand(CommandLine(slot, "MEETING", slot), office, today, NO_FIELDS)
        if isinstance(args, Arguments) and args.on and args.at and _fits(args.on, office, today):
            found.append(datetime.combine(args.on, args.at))
    return tuple(f"{at:{SLOT}}" for at in sorted(set(found))[:MOST_SLOTS])


def _fits(day: date, office: Office, today: date) -> bool:
    return day > today and office.calendar.is_business_day(day)
