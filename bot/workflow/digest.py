"""Digest: all that one person is reminded of on one day, as one letter.

Its one rule: what is most urgent stands first, and each line says what is due, by when, why its reader
hears of it, and what they can do about it by a reply.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.office.people import Person, Role
from bot.workflow.change import ChangeRequest
from bot.workflow.due import stage_name
from bot.workflow.effect import Remind, Row
from bot.workflow.offer import Offer, against
from bot.workflow.remedy import REMEDIES

MOST = 30
"""Lines that a letter shows in full; some mail programs cut what is longer than 100 kB."""
LISTED = 400
"""Lines below them that it names by number."""
FEW = 4
"""Verbs that a line offers."""
GROUPS = ("Overdue", "Today", "Soon")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a digest; `when` says in words how far the date is, `why` why its reader hears of what is
    not theirs."""

    change: ChangeRequest
    what: str
    due: date
    when: str
    why: str
    notes: tuple[str, ...]
    offered: tuple[Offer, ...]


def digest(person: Person, reminders: Sequence[Remind], office: Office, today: date) -> Letter:
    """The letter of one person's day; `today` is the office's date. It is known by person, day and what it
    tells: a clock that was wrong once must not silence the day on which it is right."""
    ordered = sorted(reminders, key=_urgency)
    lines = [_line(each, office, today) for each in ordered[:MOST]]
    groups = tuple(
        (GROUPS[place], found)
        for place in range(len(GROUPS))
        if (found := tuple(line for line, each in zip(lines, ordered, strict=False) if _group(each) == place))
    )
    rest = ordered[MOST:]
    context: dict[str, object] = {
        "change": None,
        "groups": groups,
        "counts": tuple((name, count) for place, name in enumerate(GROUPS) if (count := _count(ordered, place))),
        "further": tuple(f"{each.change.number}: {each.what}, {_when(each.stage)}" for each in rest[:LISTED]),
        "more": max(len(rest) - LISTED, 0),
        "total": len(ordered),
        "paused": office.paused if Role.CMP_MANAGER in person.roles else (),
        "codes": {line.change.key: "" for line in lines if line.offered},
    }
    told = sha256("\n".join(sorted(each.cause for each in ordered)).encode()).hexdigest()[:12]
    return Letter(f"digest/{today}/{person.id}/{told}", Kind.DIGEST, person.address, "", context)


def row_of(reminder: Remind, now: datetime) -> Row:
    """What the journal says of a reminder; it is internal."""
    why = f" ({reminder.why})" if reminder.why else ""
    said = f"{reminder.person.name} reminded, {stage_name(reminder.stage)}: {reminder.what}{why}"
    return Row("Reminder Sent", said, now, "bot", public=False)


def _urgency(reminder: Remind) -> tuple[int, date, bool, str]:
    return _group(reminder), reminder.due, bool(reminder.why), reminder.change.number


def _group(reminder: Remind) -> int:
    return 0 if reminder.stage > 0 else 1 if reminder.stage == 0 else 2


def _count(reminders: Sequence[Remind], group: int) -> int:
    return sum(_group(each) == group for each in reminders)


def _line(reminder: Remind, office: Office, today: date) -> Line:
    change, wanted = reminder.change, REMEDIES[reminder.kind]
    found = against(change, reminder.person.address, office, today, wanted, reminder.due)
    offered = tuple(_of_item(each, reminder.item) for each in found)[:FEW]
    return Line(change, reminder.what, reminder.due, _when(reminder.stage), reminder.why, reminder.notes, offered)


def _of_item(offer: Offer, item: int) -> Offer:
    """The offer to end an action item names the one that the line is about."""
    return replace(offer, line=f"DONE {item}", written=f"DONE {item}") if item and offer.verb == "DONE" else offer


def _when(stage: int) -> str:
    days = f"{abs(stage)} business day{'' if abs(stage) == 1 else 's'}"
    return f"{days} overdue" if stage > 0 else f"in {days}" if stage else "today"
