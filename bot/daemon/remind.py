"""Remind: clock -> due deadlines -> workflow.decide -> store.

Its one rule: every stage is dealt with once, known by its cause; what was dealt with before, before a
kill or by another worker, is passed over. The staff gets one letter a person and day.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from bot.daemon.context import form_back
from bot.daemon.desk import Desk
from bot.daemon.matters import as_of_now, frozen
from bot.edge.store import Store, Unit
from bot.errors import Trouble
from bot.office.office import Office
from bot.office.people import Person
from bot.workflow.change import ChangeRequest
from bot.workflow.deadline import Deadline
from bot.workflow.decide import decide
from bot.workflow.digest import digest, row_of
from bot.workflow.due import TOLD
from bot.workflow.effect import Decision, Fate, Remind, Settle
from bot.workflow.event import Awaited, Elapsed
from bot.workflow.reminder import REMINDERS, cause_of, open_questions, stage

REMINDED = "reminded"
"""The matter of the office that says how far the letters of a day have gone."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """A deadline of which something follows: which one, of what, and the stage that it has reached."""

    change: ChangeRequest
    deadline: Deadline
    at: int

    @property
    def cause(self) -> str:
        """What it is known by."""
        return cause_of(self.change, self.deadline, self.at)


@dataclass(frozen=True, slots=True)
class Round:
    """How far the letters of one day have gone: the ids of those who have had theirs, and whether it is over
    for everybody."""

    day: date
    had: tuple[str, ...] = ()
    over: bool = False

    @classmethod
    def of(cls, settled: str, today: date) -> Self:
        """Today's (the office's date), from what is settled: the day alone when it is over, else the day and
        who has had theirs. What is settled of another day says nothing of this one."""
        day, *had = settled.split() or [""]
        return cls(today, tuple(had), over=not had) if day == today.isoformat() else cls(today)

    @property
    def settled(self) -> str:
        """What to settle of it."""
        return " ".join((self.day.isoformat(), *(() if self.over else self.had)))

    def passed(self, person: Person) -> bool:
        """Whether somebody gets no letter any more on that day."""
        return self.over or person.id in self.had


def remind(desk: Desk) -> int:
    """Remind of everything that is due, in business hours; gives how many reminders were owed.

    Raises Trouble when the database does not answer. A bug of ours in one costs the others nothing.
    Nobody is reminded while everything is frozen: what they would answer is held.
    """
    desk = as_of_now(desk, anew=True)
    now, office = desk.clock.now(), desk.settings.office
    if frozen(desk) or not office.calendar.in_hours(now):
        return 0
    return _tell_staff(desk, now) + sum(
        _guarded(desk, each, now) for each in stages(desk.store, office, now) if not desk.clock.stopped
    )


def stages(store: Store, office: Office, now: datetime) -> tuple[Stage, ...]:
    """The stages that have been reached of which more follows than a word to the staff, and did not yet."""
    today = office.calendar.local_date(now)
    reached = [
        Stage(change, due, at)
        for change, clocks in store.due(today, tuple(REMINDERS))
        for due, _ in clocks
        if (at := stage(due, today, office))
    ]
    fresh = store.unheard([each.cause for each in reached])
    return tuple(each for each in reached if each.cause in fresh)


def reminders(store: Store, office: Office, now: datetime) -> tuple[Remind, ...]:
    """All that the staff is to be told now, whether they have been told or not."""
    calendar = office.calendar
    horizon = calendar.add_business_days(calendar.local_date(now), max((1, *office.reminding.before)) + 1)
    refused = store.refused([person.address.email for person in office.directory.people])
    return tuple(
        each
        for change, clocks in store.due(horizon, TOLD)
        for due, since in clocks
        for each in _decided(change, Awaited(due, calendar.local_date(since), refused), office, now)
    )


def _decided(change: ChangeRequest, event: Awaited, office: Office, now: datetime) -> Iterator[Remind]:
    try:
        decision = decide(change, event, office, now)
    except Exception:
        log.exception("reminder failed", extra={"change": change.key, "deadline": event.deadline.kind.value})
        return
    yield from (effect for effect in decision.effects if isinstance(effect, Remind))


def fresh_of(store: Store, found: tuple[Remind, ...]) -> tuple[Remind, ...]:
    """Those reminders that have not been told."""
    fresh = store.unheard([each.cause for each in found])
    return tuple(each for each in found if each.cause in fresh)


def _tell_staff(desk: Desk, now: datetime) -> int:
    """Owe everybody of the staff the one letter of their day; gives how many letters."""
    office = desk.settings.office
    today = office.calendar.local_date(now)
    day = Round.of(desk.store.matters().get(REMINDED, ""), today)
    if day.over:
        return 0
    told: dict[Person, list[Remind]] = {}
    found = reminders(desk.store, office, now)
    for each in fresh_of(desk.store, found):
        told.setdefault(each.person, []).append(each)
    done = [_told(desk, person, some, today, now) for person, some in told.items() if not desk.clock.stopped]
    if found and len(done) == len(told) and None not in done:  # else the rest is tried again
        with desk.store.begin(now) as unit:
            _settle(desk, unit, replace(day, over=True))
    return sum(map(bool, done))


def _told(desk: Desk, person: Person, some: list[Remind], today: date, now: datetime) -> bool | None:
    """Owe one person their letter, and note in the same moment that they have it; False where they have had
    one today or another worker has told them, None where a bug prevents it."""
    try:
        with desk.store.begin(now) as unit:
            day = Round.of(unit.matter(REMINDED), today)
            fresh = unit.unheard([each.cause for each in some])
            lines = [each for each in some if each.cause in fresh]
            if day.passed(person) or not lines:
                return False
            marks = [(each.change.key, each.cause, row_of(each, now)) for each in lines]
            letter = digest(person, lines, desk.settings.office, today)
            unit.tell(letter, marks, desk.compose, desk.message_id)
            _settle(desk, unit, replace(day, had=(*day.had, person.id)))
    except Trouble:
        raise
    except Exception:
        log.exception("digest failed", extra={"person": person.id})
        return None
    log.info("reminded", extra={"person": person.id, "lines": len(lines)})
    return True


def _settle(desk: Desk, unit: Unit, day: Round) -> None:
    decision = Decision(Fate.PARKED, effects=(Settle(REMINDED, day.settled),))
    unit.record(decision, REMINDED, desk.compose, desk.message_id)


def _guarded(desk: Desk, reached: Stage, now: datetime) -> bool:
    try:
        return _remind(desk, reached, now)
    except Trouble:
        raise
    except Exception:
        log.exception("reminder failed", extra={"change": reached.change.key, "deadline": reached.deadline.kind.value})
        return False


def _remind(desk: Desk, reached: Stage, now: datetime) -> bool:
    """Deal with one stage; False where nobody has to be told."""
    found, inquiry, cause = reached.change, reached.change.inquiry, reached.cause
    back = form_back(desk, open_questions(found, inquiry), found.number) if inquiry else ()
    event = Elapsed(cause, reached.deadline, reached.at, back)
    office = desk.settings.office
    if not decide(found, event, office, now).rows:
        return False
    with desk.store.begin(now) as unit:
        change = None if unit.change_caused_by(cause) else unit.change(found.key)
        decision = decide(change, event, office, now)
        if not decision.rows:
            return False
        unit.record(decision, cause, desk.compose, desk.message_id)
    log.info("reminded", extra={"change": found.number, "deadline": reached.deadline.kind.value, "stage": reached.at})
    return True
