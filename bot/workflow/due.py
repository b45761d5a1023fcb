"""Due: who of the staff is to be reminded of what, at which stage, and why.

Its one rule: each stage of each deadline is told once to each person, and of several that have passed
only the newest counts; CLECs are never reminded of what the carrier owes (DESIGN section 4).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.office.office import Office
from bot.office.people import Person, Role
from bot.workflow.carry.words import us
from bot.workflow.change import MANAGER, ROLES, ChangeRequest, Step
from bot.workflow.deadline import AT_MEETING, ESCALATES, OWNERS, WEEK, Deadline, DeadlineKind
from bot.workflow.effect import Decision, Fate, Remind
from bot.workflow.event import Awaited
from bot.workflow.invitation import booked, is_over, who_comes

UNTOLD = frozenset({DeadlineKind.ACKNOWLEDGE, DeadlineKind.ANSWER_INCOMPLETE, DeadlineKind.CORRECT})
"""Met by the registration itself, or the sender's own, who is asked in letters of another kind."""
TOLD = tuple(kind for kind in DeadlineKind if kind not in UNTOLD)
DAY_BEFORE = frozenset({DeadlineKind.POST, DeadlineKind.RESPOND})
"""Reminded on the day before in any case: the stricter reading ends there (domain.md section 8, 2 and 11)."""
KEYS = {role: key for key, role in ROLES.items()}
LAST_RESORTS = (Role.GROUP_MANAGER, Role.CMP_MANAGER)
LONG_AGO = date.min
HOW_IT_WENT = ": record how it went, HELD if it took place, else MEETING with another date"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done by a local date, and by whom (ids); `item` is the number of an action item, or 0."""

    kind: DeadlineKind
    what: str
    by: date
    since: date
    people: tuple[str, ...]
    item: int = 0

    def cause(self, change: ChangeRequest, stage: int, person: Person) -> str:
        """What this stage is known by, so that the person hears of it once."""
        name = f"{self.kind} {self.item}" if self.item else self.kind.value
        return f"due/{change.key}/{name}/{self.by}/{stage_name(stage)}/{person.id}"


def stage_name(stage: int) -> str:
    """`before-3`, `due` or `overdue-2`, from business days after the date (before it: negative).

    >>> stage_name(-1), stage_name(0), stage_name(2)
    ('before-1', 'due', 'overdue-2')
    """
    return f"before-{-stage}" if stage < 0 else f"overdue-{stage}" if stage else "due"


def stage_of(by: date, since: date, today: date, office: Office, *, day_before: bool = False) -> int | None:
    """The newest stage that something due by a local date has reached, in business days after that date;
    None before the first one, and for one that was reached when the clock began to run, `since` a local
    date: whoever began it said so. What is due on a day without business is told on the one before."""
    calendar, rules = office.calendar, office.reminding
    anchor = by if calendar.is_business_day(by) else calendar.add_business_days(by, -1)
    late = calendar.business_days(anchor, today)
    if late:
        stage = late - (late - 1) % rules.overdue_every
    else:
        left = calendar.business_days(today, anchor)
        steps = (0, *rules.before, *((1,) if day_before else ()))
        ahead = min((step for step in steps if step >= left), default=None)
        if ahead is None:
            return None
        stage = -ahead
    return None if calendar.add_business_days(anchor, stage) <= since <= today else stage


def remind_of(change: ChangeRequest | None, event: Awaited, office: Office, now: datetime) -> Decision:
    """Whom a running deadline is told to now; nobody, where it does not wait for them."""
    if change is None or not change.open or _too_soon(change, event.deadline.kind):
        return Decision(Fate.PARKED)
    today = office.calendar.local_date(now)
    effects = tuple(
        reminder
        for task in _tasks(change, event.deadline, event.since, office)
        if (stage := _reached(task, today, office)) is not None
        for reminder in _reminders(change, task, stage, office, event.refused, now)
    )
    return Decision(Fate.PARKED, change=change, effects=effects)


def _too_soon(change: ChangeRequest, kind: DeadlineKind) -> bool:
    """True of a response that is not issued: nobody can present it, and when it goes out is told by its own clock."""
    return kind is DeadlineKind.PRESENT_RESPONSE and change.step is Step.RESPONSE


def _reached(task: Task, today: date, office: Office) -> int | None:
    stage = stage_of(task.by, task.since, today, office, day_before=task.kind in DAY_BEFORE)
    # Once a Monthly Meeting is over the CRPM is asked for its results, in a letter of its own.
    over = task.kind in AT_MEETING and stage is not None and 0 < stage <= office.intervals.carry_over + 1
    return None if over else stage


def _tasks(change: ChangeRequest, due: Deadline, since: date, office: Office) -> Iterator[Task]:
    if due.kind is DeadlineKind.ACT:
        for item in change.actions:
            if item.done_on is None:
                yield Task(due.kind, f"action item {item.n}: {item.text}", item.due, LONG_AGO, (item.person,), item.n)
    elif due.kind is not DeadlineKind.FINISH_INTAKE or change.waits_for == MANAGER:
        people = tuple(person for role in OWNERS[due.kind] for person in _ids(change, role, office))
        yield Task(due.kind, due.kind.value, due.by, since, people)


def _ids(change: ChangeRequest, role: Role, office: Office) -> tuple[str, ...]:
    """Who holds a role for a change request, whether they can be found or not."""
    if role in KEYS:
        return change.people.get(KEYS[role], ())
    return tuple(person.id for person in office.holders(role))


def _reminders(
    change: ChangeRequest, task: Task, stage: int, office: Office, refused: frozenset[str], now: datetime
) -> Iterator[Remind]:
    notes = tuple(_notes(change, task, stage, office, now))
    for person, why in _audience(change, task, stage, office, refused):
        cause = task.cause(change, stage, person)
        yield Remind(person, cause, change, task.kind, task.what, task.by, stage, why, notes, task.item)


def _audience(
    change: ChangeRequest, task: Task, stage: int, office: Office, refused: frozenset[str]
) -> tuple[tuple[Person, str], ...]:
    """Who hears of it, and why if it is not their own: the owners, whoever stands in for them, and the
    escalation role, where it is overdue, or an owner cannot be reached or is away without a deputy. Where that
    is so of the escalation role, too, the next one."""
    told = dict(_reached_by(task.people, office, refused))
    lost = tuple(_lost(task.people, office, refused))
    overdue = stage >= office.reminding.escalate
    if overdue or lost or not told:
        why = "; ".join(lost) or (f"overdue with {_named(task.people, office)}" if told else _nobody(task))
        for role in dict.fromkeys((ESCALATES[task.kind], *LAST_RESORTS)):
            ids = _ids(change, role, office)
            above = dict(_reached_by(ids, office, refused))
            told |= {person: f"{mine}; {why}" if mine else why for person, mine in above.items() if person not in told}
            if not all(any(_lost((person.id,), office, refused)) for person in above):
                break
            why = "; ".join(dict.fromkeys((why, *_lost(ids, office, refused))))
    return tuple(told.items())


def _reached_by(ids: Iterable[str], office: Office, refused: frozenset[str]) -> Iterator[tuple[Person, str]]:
    """Those who take letters, and those who stand in for the absent, with whom they stand in for."""
    for person_id in ids:
        person = office.directory.named(person_id)
        if person and person.address.email not in refused:
            yield person, ""
        for absent in office.absences:
            deputy = office.directory.named(absent.deputy) if absent.person == person_id else None
            if deputy and deputy.address.email not in refused and deputy.id not in ids:
                yield deputy, f"you stand in for {person.name if person else person_id}"


def _lost(ids: Sequence[str], office: Office, refused: frozenset[str]) -> Iterator[str]:
    """Whom no letter reaches, and who is away without a deputy, in words."""
    for person_id in dict.fromkeys(ids):
        person = office.directory.named(person_id)
        if person is None:
            yield f"{person_id} is not in the directory any more"
        elif person.address.email in refused:
            yield f"{person.name} cannot be reached: {person.address.email} refuses our letters"
        yield from (
            f"{person.name} is away until {us(absent.until)}, and nobody stands in"
            for absent in office.absences
            if person and absent.person == person_id and office.directory.named(absent.deputy) is None
        )


def _named(ids: Sequence[str], office: Office) -> str:
    found = (office.directory.named(person_id) for person_id in dict.fromkeys(ids))
    return ", ".join(person.name for person in found if person)


def _nobody(task: Task) -> str:
    return f"nobody is assigned as {' or '.join(OWNERS[task.kind])} yet"


def _notes(change: ChangeRequest, task: Task, stage: int, office: Office, now: datetime) -> Iterator[str]:
    """What a reader should know beside the date."""
    if task.kind is DeadlineKind.CLARIFY and change.planned:
        over = is_over(change.planned, now)
        yield f"the meeting {booked(change.planned, office, now)}{HOW_IT_WENT if over else ''}"
        yield from (f"{who}: {said}" for who, said in (() if over else who_comes(change, office)))
    if task.kind is DeadlineKind.RESPOND:
        yield f"for the Monthly Meeting of {us(task.by + WEEK)}" + (
            ", which it has missed; it goes to the one after, unless the CMP Manager says WALKON" if stage > 0 else ""
        )
