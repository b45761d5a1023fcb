"""About: what the process is, who is who, when the office works, how the register is read and what is
not in it.

Its one rule: nothing is said here that the configuration does not say; people are reached by the mailbox.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.office.calendar import SATURDAY, Calendar
from bot.office.office import Intervals, Office
from bot.office.people import Role
from bot.posting.ahead import cutoff
from bot.posting.pages import Page
from bot.posting.people import last_first
from bot.posting.words import FLAGS
from bot.workflow.change import PHASE_OF, Phase, Step

ABOUT = "about.html"
YEAR = timedelta(days=366)
DOES = {
    Role.CMP_MANAGER: "Runs the mailbox and the register, and keeps the clock of the process.",
    Role.GROUP_MANAGER: "Assigns the CRPM and the Director of each CR.",
    Role.CRPM: "Change Request Project Manager: leads a CR from the Clarification Meeting to its closing.",
    Role.DIRECTOR: "Answers for the response.",
    Role.SME: "Subject Matter Expert (Owner on the page of a CR): clarifies the request and drafts the response.",
}
MEANS = {
    Phase.SUBMISSION: "It came in, and its people are being assigned.",
    Phase.CLARIFICATION: "What is asked for is made clear with the CLEC, up to consensus at a Monthly CMP Meeting.",
    Phase.EVALUATION: "The response is being prepared.",
    Phase.PRESENTED: "The response is issued, and is talked over at a Monthly CMP Meeting.",
    Phase.DECLINED: "The CLECs did not accept the response, or the request was denied.",
    Phase.DEFERRED: "It rests for a time, with the consent of its originator.",
    Phase.ESCALATED: "A CLEC has escalated it; all dates are stopped until that is resolved.",
    Phase.DEVELOPMENT: "The change is being carried out.",
    Phase.CLEC_TEST: "The change is in place, and the CLECs test it.",
    Phase.COMPLETION: "It is closed.",
    Phase.WITHDRAWN: "Its originator took it back.",
    Phase.CROSSOVER: "It goes on in another track.",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A role: what it does, and who holds it, as the register writes them."""

    role: str
    does: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A phase: what it means, and the steps during which a change request is in it."""

    phase: str
    means: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """What is promised, and within how many business days after what."""

    what: str
    days: int
    after: str


def about_page(office: Office, today: date, *, contacts: bool = False) -> Page:
    """The page about the process on a local date; `contacts` where those of originators are posted."""
    calendar = office.calendar
    meeting = calendar.presentation_meeting(today)
    context: dict[str, object] = {
        "roles": tuple(_held(role, office) for role in DOES),
        "phases": tuple(_meaning(phase) for phase in Phase),
        "flags": FLAGS,
        "promised": promised(office.intervals),
        "opens": calendar.opens,
        "closes": calendar.cutoff,
        "holidays": _holidays(calendar, today),
        "meeting": meeting,
        "cutoff": cutoff(meeting, calendar),
        "contacts": contacts,
    }
    return Page(ABOUT, "about.html", context)


def promised(figures: Intervals) -> tuple[Interval, ...]:
    """What the office promises that begins with the receipt of a request, or is counted in days."""
    return (
        Interval("Number and acknowledgment", figures.acknowledge, "receipt of the complete form"),
        Interval("An answer to an incomplete form", figures.answer_incomplete, "its receipt"),
        Interval("Posted here", figures.post, "acknowledgment"),
        Interval("CRPM and Director assigned", figures.assign, "acknowledgment"),
        Interval("SMEs assigned", figures.name_smes, "acknowledgment"),
        Interval("Clarification Meeting held", figures.clarify, "receipt"),
        Interval("Minutes issued", figures.minutes, "the meeting"),
    )


def _holidays(calendar: Calendar, today: date) -> tuple[date, ...]:
    """The holidays of a year from a local date on, without those that fall on a weekend."""
    ahead = (day for day in sorted(calendar.holidays) if today <= day < today + YEAR)
    return tuple(day for day in ahead if day.weekday() < SATURDAY)


def _held(role: Role, office: Office) -> Held:
    return Held(role.value, DOES[role], tuple(sorted(last_first(person.name) for person in office.holders(role))))


def _meaning(phase: Phase) -> Meaning:
    return Meaning(phase.value, MEANS[phase], tuple(step.value for step in Step if PHASE_OF[step] is phase))
