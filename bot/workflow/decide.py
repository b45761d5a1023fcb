"""decide: a change request meets an event, a decision comes out.

Its one rule: it is a pure function of its arguments; whoever calls it twice gets the same
decision twice. Here it is only told which event is whose concern.
"""

from datetime import datetime
from typing import assert_never

from bot.office.office import Office
from bot.workflow.answers.question import help_out
from bot.workflow.change import ChangeRequest
from bot.workflow.correspondence import comment, hold, report, set_aside
from bot.workflow.due import remind_of
from bot.workflow.effect import Decision
from bot.workflow.event import (
    Adjourned,
    Asked,
    Awaited,
    Commented,
    Elapsed,
    Event,
    Held,
    Missed,
    Ordered,
    Packaged,
    Posted,
    Replied,
    Reported,
    Rescheduled,
    SetAside,
    Submitted,
    Undelivered,
    Withheld,
)
from bot.workflow.leftover import miss
from bot.workflow.meant import with_advice
from bot.workflow.order import obey
from bot.workflow.package import ask as ask_outcomes
from bot.workflow.package import package
from bot.workflow.reminder import remind
from bot.workflow.rescheduled import reschedule
from bot.workflow.returned import unsent
from bot.workflow.revision import revise
from bot.workflow.rsvp import replied
from bot.workflow.submission import Route, ask, park, posted, register, route


def decide(change: ChangeRequest | None, event: Event, office: Office, now: datetime) -> Decision:
    """Say what an event does to a change request (None: to none that exists yet).

    `now` is aware UTC. Raises nothing for anything a sender can do.
    """
    match event:
        case Submitted():
            return _submitted(change, event, office, now)
        case Commented():
            return with_advice(comment(change, event, office, now), change, event, office, now)
        case Replied():
            return replied(change, event, office, now)
        case Asked():
            return help_out(event, office, now)
        case Held():
            return hold(change, event, event.reason, event.subject, office, now)
        case Ordered():
            return obey(change, event, office, now)
        case Reported():
            return report(change, event, now)
        case SetAside():
            return set_aside(event, office)
        case Undelivered() | Withheld():
            return unsent(event, office, now)
        case Posted():
            return posted(change, event)
        case Elapsed() | Awaited():
            return _of_clock(change, event, office, now)
        case Packaged() | Adjourned() | Missed() | Rescheduled():
            return _of_meeting(change, event, office, now)
    assert_never(event)


def _of_clock(change: ChangeRequest | None, event: Elapsed | Awaited, office: Office, now: datetime) -> Decision:
    """What a deadline asks for that runs."""
    if isinstance(event, Elapsed):
        return remind(change, event, office, now)
    return remind_of(change, event, office, now)


def _of_meeting(
    change: ChangeRequest | None, event: Packaged | Adjourned | Missed | Rescheduled, office: Office, now: datetime
) -> Decision:
    """What a Monthly Meeting asks for, before it and after it, and when it is moved."""
    match event:
        case Packaged():
            return package(event, office, now)
        case Adjourned():
            return ask_outcomes(event, office, now)
        case Missed():
            return miss(change, event, office, now)
        case Rescheduled():
            return reschedule(change, event, office, now)
    assert_never(event)


def _submitted(change: ChangeRequest | None, event: Submitted, office: Office, now: datetime) -> Decision:
    """What becomes of a form, by its route."""
    match where := route(event.form.submission, event.standing, office, change, event.lookalike):
        case Route.REGISTER:
            return register(change, event, office, now)
        case Route.ASK:
            return ask(change, event, office, now)
        case Route.OWN | Route.UNKNOWN | Route.DUPLICATE | Route.UNANSWERABLE | Route.CROSSOVER:
            return park(change, event, office, now, where)
        case Route.NUMBERED:
            return revise(change, event, office, now)
    assert_never(where)
