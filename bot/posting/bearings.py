"""Bearings: where a change request stands, in the few words that a letter has room for.

Its one rule: only what the page of the change request says too; who reads a letter may be anybody.
"""

from collections.abc import Iterable
from datetime import date, datetime
from operator import itemgetter

from bot.intake.arguments.dates import in_words
from bot.office.office import Office
from bot.posting.strip import NAMES, SIDE_STEPS, undated
from bot.posting.words import moment, short, us_date
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.invitation import is_over


def bearings(change: ChangeRequest, office: Office, now: datetime | None = None) -> tuple[tuple[str, str], ...]:
    """Labels and words, in the order in which people ask; what is not known is left out. By `now` (aware) it is known
    which meetings are over; without it none is."""
    rows = _of_cr(change, office, now) if change.logged else _of_intake(change)
    return tuple(row for row in rows if row[1])


def _of_intake(change: ChangeRequest) -> tuple[tuple[str, str], ...]:
    return (
        ("Title", short(change.title, 200)),
        ("Brought by", short(change.company)),
        ("Waits for", change.waits_for if change.open else ""),
        ("Ended", "" if change.open else "it was dropped"),
    )


def _of_cr(change: ChangeRequest, office: Office, now: datetime | None) -> tuple[tuple[str, str], ...]:
    return (
        ("Brought by", short(change.company)),
        ("Step", f"{change.step.value}, {step_name(change.step, office.organisation.name)}"),
        ("Phase", f"{change.phase.value} since {us_date(change.status_date)}"),
        ("CRPM", names(change, "crpm", office)),
        ("Next", ", then ".join(_ahead(change, office, now))),
    )


def step_name(step: Step, carrier: str) -> str:
    """A step as the public reads it.

    >>> step_name(Step.NOT_ACCEPTED, "Meridell")
    'Response not accepted'
    """
    return (SIDE_STEPS[step][1] if step in SIDE_STEPS else NAMES[step]).format(carrier)


def names(change: ChangeRequest, key: str, office: Office) -> str:
    """The members of the staff who are something to a change request; one who left is not named."""
    found = (office.directory.named(person_id) for person_id in change.people.get(key, ()))
    return ", ".join(person.name for person in found if person)


BEFORE = {
    Step.SME_ASSIGNMENT: "SME assignment",
    Step.RESPONSE: "response of {}",
    Step.REVISION: "revised response of {}",
}
"""What comes before the Monthly Meeting that it is for."""


def _first(change: ChangeRequest) -> str:
    """What comes first where no date of its own says so: each step's own thing."""
    if change.step is Step.CLARIFICATION:
        return "" if change.meeting and change.meeting.held_on else "Clarification Meeting, not planned yet"
    if change.step in BEFORE:
        return BEFORE[change.step]
    return "" if change.agenda or change.announced or change.deferred_until else undated(change)


def _ahead(change: ChangeRequest, office: Office, now: datetime | None) -> Iterable[str]:
    """What is still to come, by its date: what is booked or announced, and the Monthly Meeting, with what comes
    before that. A meeting that is over stands here until something is recorded of it."""
    if not change.open:
        return ()
    dated: list[tuple[date, str]] = []
    if change.planned:
        at, over = change.planned.at, now is not None and is_over(change.planned, now)
        meets = f"Clarification Meeting on {moment(at, office.calendar.zone)}"
        dated.append((office.calendar.local_date(at), _asked(meets) if over else meets))
    if change.announced and change.step is Step.ANNOUNCEMENT:
        dated.append((change.announced, f"in production on {in_words(change.announced)}"))
    if change.deferred_until:
        dated.append((change.deferred_until, f"looked at again after {in_words(change.deferred_until)}"))
    if not change.planned and (first := _first(change)):
        dated.append((change.agenda or date.max, first.format(office.organisation.name)))
    if change.agenda:
        over = now is not None and change.agenda < office.calendar.local_date(now)
        meets = f"Monthly CMP Meeting on {in_words(change.agenda)}"
        dated.append((change.agenda, _asked(meets) if over else meets))
    return (words for _, words in sorted(dated, key=itemgetter(0)))


def _asked(meeting: str) -> str:
    return f"what came of the {meeting} (nothing is recorded of it yet)"
