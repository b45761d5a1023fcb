"""Deadlines: an instant by which something must have happened, and who answers for it.

Its one rule: every due date is computed here, from instants and the office's calendar and
figures (DESIGN section 4, deadlines).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.office.office import Intervals, Office
from bot.office.people import Role


class DeadlineKind(StrEnum):
    """What is due; the value is what people read."""

    ACKNOWLEDGE = "log and acknowledge"
    ANSWER_INCOMPLETE = "answer the incomplete form"
    FINISH_INTAKE = "finish the intake"
    CORRECT = "correct the form"
    POST = "post to the web"
    ASSIGN = "assign CRPM and Director"
    NAME_SMES = "assign SMEs"
    CLARIFY = "hold the clarification meeting"
    PRESENT = "CLEC presents the CR"
    MINUTES = "issue the minutes"
    OPTIONS = "have options ready"
    DRAFT = "draft the response"
    APPROVE = "approve the draft"
    RESPOND = "issue the response"
    PRESENT_RESPONSE = "present the response"
    REVISE = "issue the revised response"
    REACT = "settle what the CLECs want"
    CONSENT = "answer about closing"
    PRODUCE = "place into production"
    RESUME = "review the deferral"
    SETTLE = "settle the escalation"
    TEST = "review the test"
    ACT = "do the action items"


Rule = Callable[[Office, date, date], date]

OWNERS: dict[DeadlineKind, tuple[Role, ...]] = {
    DeadlineKind.ACKNOWLEDGE: (Role.CMP_MANAGER,),
    DeadlineKind.ANSWER_INCOMPLETE: (Role.CMP_MANAGER,),
    DeadlineKind.FINISH_INTAKE: (Role.CMP_MANAGER,),
    DeadlineKind.CORRECT: (Role.CLEC,),
    DeadlineKind.POST: (Role.CMP_MANAGER,),
    DeadlineKind.ASSIGN: (Role.GROUP_MANAGER,),
    DeadlineKind.NAME_SMES: (Role.DIRECTOR, Role.CRPM),
    DeadlineKind.CLARIFY: (Role.CRPM, Role.SME),
    DeadlineKind.PRESENT: (Role.CRPM,),
    DeadlineKind.MINUTES: (Role.CRPM,),
    DeadlineKind.OPTIONS: (Role.SME,),
    DeadlineKind.DRAFT: (Role.SME,),
    DeadlineKind.APPROVE: (Role.DIRECTOR,),
    DeadlineKind.RESPOND: (Role.CRPM,),
    DeadlineKind.PRESENT_RESPONSE: (Role.CRPM, Role.SME),
    DeadlineKind.REVISE: (Role.SME,),
    DeadlineKind.REACT: (Role.CRPM,),
    DeadlineKind.CONSENT: (Role.CRPM,),
    DeadlineKind.PRODUCE: (Role.CRPM,),
    DeadlineKind.RESUME: (Role.CRPM,),
    DeadlineKind.SETTLE: (Role.CRPM,),
    DeadlineKind.TEST: (Role.CRPM,),
    DeadlineKind.ACT: (Role.CRPM,),
}
"""Who answers for each; whoever an action item names, its CRPM sees to it."""

ESCALATES: dict[DeadlineKind, Role] = {
    DeadlineKind.ACKNOWLEDGE: Role.GROUP_MANAGER,
    DeadlineKind.ANSWER_INCOMPLETE: Role.GROUP_MANAGER,
    DeadlineKind.FINISH_INTAKE: Role.GROUP_MANAGER,
    DeadlineKind.CORRECT: Role.CMP_MANAGER,
    DeadlineKind.POST: Role.GROUP_MANAGER,
    DeadlineKind.ASSIGN: Role.CMP_MANAGER,
    DeadlineKind.NAME_SMES: Role.GROUP_MANAGER,
    DeadlineKind.CLARIFY: Role.GROUP_MANAGER,
    DeadlineKind.PRESENT: Role.CMP_MANAGER,
    DeadlineKind.MINUTES: Role.GROUP_MANAGER,
    DeadlineKind.OPTIONS: Role.CRPM,
    DeadlineKind.DRAFT: Role.CRPM,
    DeadlineKind.APPROVE: Role.GROUP_MANAGER,
    DeadlineKind.RESPOND: Role.GROUP_MANAGER,
    DeadlineKind.PRESENT_RESPONSE: Role.CMP_MANAGER,
    DeadlineKind.REVISE: Role.CRPM,
    DeadlineKind.REACT: Role.CMP_MANAGER,
    DeadlineKind.CONSENT: Role.CMP_MANAGER,
    DeadlineKind.PRODUCE: Role.CMP_MANAGER,
    DeadlineKind.RESUME: Role.CMP_MANAGER,
    DeadlineKind.SETTLE: Role.CMP_MANAGER,
    DeadlineKind.TEST: Role.CMP_MANAGER,
    DeadlineKind.ACT: Role.CRPM,
}
"""Who hears of each that is overdue, or that reaches nobody (DESIGN section 4)."""

STEPS: tuple[DeadlineKind, ...] = tuple(kind for kind in DeadlineKind if kind is not DeadlineKind.ACT)
"""The deadlines of the process; action items run beside it."""


AT_MEETING = (DeadlineKind.PRESENT, DeadlineKind.PRESENT_RESPONSE)
"""What is done at a Monthly Meeting."""
PREPARED = frozenset({DeadlineKind.OPTIONS, DeadlineKind.DRAFT, DeadlineKind.REVISE})
"""What is done for a Monthly Meeting before it. That a response is issued is no such thing: its week is a line."""
SET_FOR = frozenset({*AT_MEETING, *PREPARED, DeadlineKind.RESPOND})
"""What is due at a meeting, or so long before it."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something due on a local date; met, extended or still open. One that `missed` its date was carried
    on from it, once or more often, to the date that it is extended to now."""

    kind: DeadlineKind
    due: date
    met_on: date | None = None
    extended_to: date | None = None
    missed: date | None = None

    @property
    def by(self) -> date:
        """The local date by which it is to be done: the one it was extended to, else the one it was due on."""
        return self.extended_to or self.due

    @property
    def promised(self) -> date:
        """The local date that it is judged by: the one from which it was first carried on, else `by`."""
        return self.missed or self.by

    @property
    def later(self) -> date | None:
        """The later date that stands beside the planned one. Where the first date turns out to be kept after
        all, nothing was carried on."""
        kept = self.met_on and self.missed and self.met_on <= self.missed
        return agreed(self.due, self.extended_to, self.missed) if kept else self.extended_to

    @property
    def owner(self) -> str:
        """The roles that answer for it."""
        return ", ".join(OWNERS[self.kind])

    @property
    def state(self) -> str:
        """open, met or missed: met after the day it was due (or extended to) is missed."""
        if self.met_on is None:
            return "open"
        return "met" if self.met_on <= self.promised else "missed"

    def carried_on(self, to: date) -> "Deadline":
        """The same, for a later local date because its own was missed; it stays one promise."""
        return replace(self, extended_to=to, missed=self.promised)

    def put_off(self, to: date, today: date) -> "Deadline":
        """The same, for a later local date that was agreed on today. One that is late by then stays a miss."""
        return self.carried_on(to) if self.by < today else replace(self, extended_to=to)


def agreed(due: date, extended_to: date | None, missed: date | None) -> date | None:
    """The later local date that was agreed on for a deadline; one to which it was only carried on is none."""
    if missed is None:
        return extended_to
    return missed if missed != due else None


def on_receipt(office: Office, received: datetime, acknowledged: datetime) -> tuple[Deadline, ...]:
    """What registering a CR starts: all that is due after receipt and acknowledgement.

    `received` is the arrival of the complete form, `acknowledged` when its acknowledgement was
    owed, both aware. Receipt and acknowledgement count from day zero each; the first-of-month rule goes by
    the date in the number (DESIGN section 4).
    """
    calendar, figures = office.calendar, office.intervals
    zero, day = calendar.day_zero(received), calendar.day_zero(acknowledged)
    met = calendar.local_date(acknowledged)
    return (
        Deadline(DeadlineKind.ACKNOWLEDGE, calendar.add_business_days(zero, figures.acknowledge), met_on=met),
        Deadline(DeadlineKind.POST, calendar.add_business_days(day, figures.post)),
        Deadline(DeadlineKind.ASSIGN, calendar.add_business_days(day, figures.assign)),
        Deadline(DeadlineKind.NAME_SMES, calendar.add_business_days(day, figures.name_smes)),
        Deadline(DeadlineKind.CLARIFY, calendar.add_business_days(zero, figures.clarify)),
        Deadline(DeadlineKind.PRESENT, calendar.presentation_meeting(calendar.local_date(received))),
    )


def on_intake(office: Office, arrived: datetime, asked: datetime) -> tuple[Deadline, ...]:
    """What a form that cannot be logged yet starts; `asked` is when its notice was owed."""
    calendar, figures = office.calendar, office.intervals
    due = calendar.add_business_days(calendar.day_zero(arrived), figures.answer_incomplete)
    answered = Deadline(DeadlineKind.ANSWER_INCOMPLETE, due, met_on=calendar.local_date(asked))
    return answered, on_handing_over(office, arrived), on_asking(office, asked)


def on_handing_over(office: Office, at: datetime) -> Deadline:
    """When the CMP Manager should have dealt with an intake that came to them at an instant."""
    zero = office.calendar.day_zero(at)
    return Deadline(DeadlineKind.FINISH_INTAKE, office.calendar.add_business_days(zero, office.intervals.finish_intake))


def on_asking(office: Office, asked: datetime) -> Deadline:
    """When a sender who was asked at an instant is reminded for the first time. Nothing ends by
    being late (DESIGN section 4)."""
    zero = office.calendar.day_zero(asked)
    return Deadline(DeadlineKind.CORRECT, office.calendar.add_business_days(zero, office.intervals.finish_intake))


WEEK = timedelta(days=7)
"""A response is in time when it is issued by this long before its meeting (domain.md section 8, 11)."""


def due_on(kind: DeadlineKind, office: Office, on: date, meeting: date | None = None) -> date:
    """The local date on which something is due that starts to run on a local date.

    `meeting` is the Monthly Meeting that it is for; without one the first after `on`. Raises KeyError
    for a kind that begins with a mail, whose date is computed from its arrival.
    """
    return DUE[kind](office, on, meeting or office.calendar.meeting_after(on))


def due_ahead(kind: DeadlineKind, office: Office, today: date, meeting: date) -> date:
    """The local date of something that is set today for a Monthly Meeting: what prepares it is due on the next
    business day at the earliest, or where that is later, on the day of the meeting itself."""
    planned = due_on(kind, office, today, meeting)
    if kind not in PREPARED:
        return planned
    return max(planned, min(office.calendar.add_business_days(today, 1), meeting))


AHEAD = 6
"""Monthly Meetings to look at."""


def first_meeting(kinds: Collection[DeadlineKind], office: Office, today: date) -> date:
    """The first Monthly Meeting for which nothing of these kinds is due today or before."""
    first = meeting = office.calendar.meeting_after(today)
    for _ in range(AHEAD):
        if all(due_on(kind, office, today, meeting) > today for kind in kinds if runs(kind, office)):
            return meeting
        meeting = office.calendar.meeting_after(meeting)
    return first  # an interval of no days is configured: no meeting is far enough


def first_day_after(until: date, office: Office) -> date:
    """The business day on which what waits `until` a local date (that day included) can be dealt with."""
    return office.calendar.add_business_days(until, 1)


def runs(kind: DeadlineKind, office: Office) -> bool:
    """False for an optional deadline that the office has not set (DESIGN section 4, the last row)."""
    return kind not in OPTIONAL or OPTIONAL[kind](office.intervals) is not None


OPTIONAL: Mapping[DeadlineKind, Callable[[Intervals], int | None]] = {
    DeadlineKind.SETTLE: lambda figures: figures.settle,
    DeadlineKind.RESUME: lambda figures: figures.review,
    DeadlineKind.TEST: lambda figures: figures.test,
}
"""The figures that the seed leaves to be determined."""


def _after(figure: Callable[[Intervals], int | None]) -> Rule:
    return lambda office, on, _: office.calendar.add_business_days(on, figure(office.intervals) or 0)


def _before_response(office: Office, _: date, meeting: date) -> date:
    return office.calendar.add_business_days(meeting - WEEK, -office.intervals.draft)


def _before_meeting(office: Office, _: date, meeting: date) -> date:
    return office.calendar.add_business_days(meeting, -office.intervals.options)


DUE: Mapping[DeadlineKind, Rule] = {
    DeadlineKind.ASSIGN: _after(lambda figures: figures.assign),
    DeadlineKind.NAME_SMES: _after(lambda figures: figures.name_smes),
    DeadlineKind.CLARIFY: _after(lambda figures: figures.clarify),
    DeadlineKind.MINUTES: _after(lambda figures: figures.minutes),
    DeadlineKind.OPTIONS: _before_meeting,
    DeadlineKind.PRESENT: lambda _office, _on, meeting: meeting,
    DeadlineKind.DRAFT: _before_response,
    DeadlineKind.APPROVE: _after(lambda figures: figures.approve),
    DeadlineKind.RESPOND: lambda _office, _on, meeting: meeting - WEEK,
    DeadlineKind.PRESENT_RESPONSE: lambda _office, _on, meeting: meeting,
    DeadlineKind.REVISE: lambda _office, _on, meeting: meeting - WEEK,
    DeadlineKind.REACT: _after(lambda figures: figures.react),
    DeadlineKind.CONSENT: _after(lambda figures: figures.consent),
    **{kind: _after(figure) for kind, figure in OPTIONAL.items()},
}
"""When something is due that an event starts, from the day of the event and the meeting it is for."""
