"""Offers: what the recipient of a letter may do by a reply, as it stands when the letter is written.

Its one rule: nothing is offered that the table of the workflow would refuse this very person for want
of a right; an offer gives no right by itself (DESIGN section 6).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.intake.arguments import Arguments, understand
from bot.intake.form import FieldTable
from bot.intake.request import CommandLine
from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.office.people import Address
from bot.workflow.carry.words import us
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import DeadlineKind, due_on
from bot.workflow.draft import fingerprint
from bot.workflow.party import Party, known_as, parties
from bot.workflow.prompt import Prompt, View, prompts
from bot.workflow.rights import entitled, usable
from bot.workflow.step import rows_at
from bot.workflow.transition import Transition, place_of

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
    meet_by = letter.context.get("meet_by")
    found = offers(change, letter.to, office, today, meet_by if isinstance(meet_by, date) else None)
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


def offers(
    change: ChangeRequest, recipient: Address, office: Office, today: date, meet_by: date | None = None
) -> Offers:
    """What a recipient may do with a change request now; `today` is the office's date, `meet_by` the local
    date by which the clarification meeting should be held (None: as the receipt has it). Nothing for
    somebody whom the directory does not know, unless they sent the form."""
    who = parties(change, known_as(recipient, office), office, today)
    if len(who) == 1:  # anyone
        return Offers()
    rows = usable(change, who)
    found = _prompted(change, who, recipient, rows)
    told = {prompt.verb for prompt in found} | SPARED
    others = tuple(dict.fromkeys(row.verb for row in rows if row.verb not in told))
    if not found and Party.STAFF not in who:
        return Offers()
    return Offers(tuple(_spread(found, change, office, today, meet_by)), others)


def against(
    change: ChangeRequest, recipient: Address, office: Office, today: date, verbs: frozenset[str], by: date
) -> tuple[Offer, ...]:
    """What a recipient can do with some verbs about something due by a local date; a manager to whom it is
    told because others are late, in their place too (DESIGN section 5)."""
    who = parties(change, known_as(recipient, office), office, today)
    rows = tuple(row for row in rows_at(place_of(change)) if row.verb in verbs and entitled(row, who))
    return tuple(_spread(_prompted(change, who, recipient, rows), change, office, today, by))


def _prompted(
    change: ChangeRequest, who: frozenset[Party], recipient: Address, rows: Iterable[Transition]
) -> tuple[Prompt, ...]:
    view = View(change, place_of(change), who, recipient.email)
    return prompts(view, ((row.verb, row.word) for row in rows))[:MOST]


def _spread(
    found: Iterable[Prompt], change: ChangeRequest, office: Office, today: date, meet_by: date | None
) -> Iterator[Offer]:
    """Prompts as offers. The first meeting is offered at each of the first times that suit the CLEC, and at
    any other."""
    for prompt in found:
        if (prompt.verb, prompt.word) == ("MEETING", "") and change.planned is None:
            yield from _at_their_times(change, office, today, meet_by)
        yield _offer(prompt, change)


def _offer(prompt: Prompt, change: ChangeRequest) -> Offer:
    line, written = prompt.line, prompt.shows or prompt.line
    match prompt.verb:
        case "APPROVE" if change.draft:
            line = written = f"APPROVE {fingerprint(change.draft)}"
        case "DONE":
            line = written = f"DONE {next(item.n for item in change.actions if item.done_on is None)}"
    return Offer(prompt.verb, prompt.does, line, written, prompt.warns)


def _at_their_times(change: ChangeRequest, office: Office, today: date, meet_by: date | None) -> Iterator[Offer]:
    """The first times at which the originator can meet while it is time to meet, as MEETING takes them; where
    all are later than that, the first one, with the fact."""
    received = office.calendar.local_date(change.received_at)
    zero = office.calendar.day_zero(change.received_at)
    ends = meet_by or due_on(DeadlineKind.CLARIFY, office, zero)
    meeting = change.agenda or office.calendar.presentation_meeting(received)
    slots = _slots(change, office, today)
    in_time = [at for at in slots if at.date() <= ends and at.date() < meeting]
    for at in in_time[:MOST_SLOTS] or slots[:1]:
        line = f"MEETING {at:{SLOT}}"
        yield Offer("MEETING", "Invite when it suits the CLEC", line, line, _too_late(at.date(), ends, meeting))


def _too_late(day: date, ends: date, meeting: date) -> str:
    """What speaks against meeting on a local date; empty where nothing does."""
    later = f"later than {us(ends)}, by which it should be held" if day > ends else ""
    after = f"not before the Monthly Meeting of {us(meeting)}, at which it is presented" if day >= meeting else ""
    return ", and ".join(filter(None, (later, after)))


def _slots(change: ChangeRequest, office: Office, today: date) -> list[datetime]:
    """The times at which the originator can meet, of those that can be read, are to come and lie on a
    business day, in their order (local)."""
    written = change.fields.get("availability", ())
    found: set[datetime] = set()
    for slot in written if isinstance(written, tuple) else ():
        args = understand(CommandLine(slot, "MEETING", slot), office, today, NO_FIELDS)
        if isinstance(args, Arguments) and args.on and args.at and _fits(args.on, office, today):
            found.add(datetime.combine(args.on, args.at))
    return sorted(found)


def _fits(day: date, office: Office, today: date) -> bool:
    return day > today and office.calendar.is_business_day(day)
