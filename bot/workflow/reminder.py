"""Reminders: what is due and not done is said again, and in the end to somebody else.

Its one rule: nothing that runs is ever silently dropped, and nobody hears twice of one stage. The
stages of a deadline are counted in business days from the day it is due; who is told, and what
follows, is one row of a table (DESIGN section 4).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.intake.form import Submission
from bot.intake.verify import Standing
from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.office.people import Role
from bot.workflow.change import MANAGER, SENDER, ChangeRequest, Inquiry
from bot.workflow.deadline import Deadline, DeadlineKind, on_handing_over
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Row, Send
from bot.workflow.event import Elapsed
from bot.workflow.letters import review_of, tell


@dataclass(frozen=True, slots=True)
class Reminder:
    """One row: the business days between two stages, and what a stage does."""

    every: Callable[[Office], int]
    remind: Callable[[ChangeRequest, Elapsed, Office, datetime], Decision]


def stage(deadline: Deadline, today: date, office: Office) -> int:
    """The stage that a deadline has reached on a local date: 1 on the day it is due, and one more
    after every so many business days; 0 before, and for one that nobody is reminded of."""
    due, rule = deadline.extended_to or deadline.due, REMINDERS.get(deadline.kind)
    if rule is None or deadline.met_on is not None or today < due:
        return 0
    return 1 + office.calendar.business_days(due, today) // max(rule.every(office), 1)


def cause_of(change: ChangeRequest, deadline: Deadline, reached: int) -> str:
    """What a stage is known by, so that it is dealt with once."""
    return f"due/{change.key}/{deadline.kind}/{deadline.due}/{reached}"


def open_questions(change: ChangeRequest, inquiry: Inquiry) -> Submission:
    """The form as it stands, with what is wrong with it."""
    return Submission("your form", change.fields, problems=inquiry.problems, format=inquiry.format)


def remind(change: ChangeRequest | None, event: Elapsed, office: Office, now: datetime) -> Decision:
    """What a stage does; nothing where the change request does not wait for it any more."""
    rule = REMINDERS.get(event.deadline.kind)
    if change is None or rule is None or not change.open:
        return Decision(Fate.PARKED)
    return rule.remind(change, event, office, now)


def _ask_again(change: ChangeRequest, event: Elapsed, office: Office, now: datetime) -> Decision:
    """Remind the sender of an incomplete form; after so many reminders the CMP Manager decides."""
    inquiry = change.inquiry
    if change.waits_for != SENDER or inquiry is None:
        return Decision(Fate.PARKED)
    most = office.reminding.sender_most
    if inquiry.to is None or inquiry.reminders >= most:
        return _hand_over(change, inquiry, event, office, now)
    nth = inquiry.reminders + 1
    reminded = replace(change, inquiry=replace(inquiry, reminders=nth))
    context: dict[str, object] = {
        "change": reminded,
        "submission": open_questions(change, inquiry),
        "nth": nth,
        "most": most,
        "in_place_of": None,
    }
    letter = Letter(event.cause, Kind.REMINDER, inquiry.to, change.number, context, inquiry.thread, event.prefilled)
    row = Row("Info Requested from CLEC", f"Reminder {nth} of {most} to {inquiry.to.email}", now, "bot", public=False)
    return Decision(Fate.PARKED, f"reminder {nth} about {change.number}", reminded, (row,), (Send(letter),))


def _hand_over(change: ChangeRequest, inquiry: Inquiry, event: Elapsed, office: Office, now: datetime) -> Decision:
    """The sender does not answer: the CMP Manager is told, and it is theirs from now on."""
    why = f"the sender has not answered {inquiry.reminders} reminders" if inquiry.reminders else "nobody can be asked"
    handed = replace(change, waits_for=MANAGER, inquiry=replace(inquiry, why=why))
    effects: list[Effect] = [Meet(DeadlineKind.CORRECT, now), Open(on_handing_over(office, now))]
    effects += _tell_manager(handed, why, event, office)
    row = Row("Additional Information", f"Waits for the CMP Manager: {why}", now, "bot", public=False)
    return Decision(Fate.PARKED, f"{change.number}: {why}", handed, (row,), tuple(effects))


def _press(change: ChangeRequest, event: Elapsed, office: Office, now: datetime) -> Decision:
    """Remind the CMP Manager of an intake that waits for them."""
    if change.waits_for != MANAGER or change.inquiry is None:
        return Decision(Fate.PARKED)
    why = f"it still waits for you: {change.inquiry.why}"
    row = Row("Additional Information", "The CMP Manager was reminded", now, "bot", public=False)
    letters = _tell_manager(change, why, event, office)
    return Decision(Fate.PARKED, f"{change.number}: the CMP Manager was reminded", change, (row,), tuple(letters))


def _tell_manager(change: ChangeRequest, why: str, event: Elapsed, office: Office) -> list[Effect]:
    inquiry = change.inquiry or Inquiry()
    mail = change.revisions[-1].mail if change.revisions else ""
    known = Standing(
        change.originator, company=office.directory.company(change.originator), proof="see our first letter"
    )
    context = review_of(change, mail, why, "", known, open_questions(change, inquiry))
    return tell(office, Role.CMP_MANAGER, event.cause, Kind.REVIEW, change.number, context)


REMINDERS: Mapping[DeadlineKind, Reminder] = {
    DeadlineKind.CORRECT: Reminder(lambda office: office.reminding.sender_every, _ask_again),
    DeadlineKind.FINISH_INTAKE: Reminder(lambda office: office.reminding.manager_every, _press),
}
