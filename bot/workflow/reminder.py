"""Reminders that do more than remind: the sender of an incomplete form is asked again, and in the end
it is handed over; a response that missed its week goes to the meeting after.

Its one rule: nothing that runs is ever silently dropped, and each stage is dealt with once. What a stage
does is one row of a table (DESIGN section 4); what the staff hears is said in workflow/due.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.intake.form import Submission
from bot.intake.verify import Standing
from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.office.people import Role
from bot.workflow.carry.walkon import agenda_letters, agenda_told
from bot.workflow.carry.words import us
from bot.workflow.change import MANAGER, SENDER, ChangeRequest, Inquiry, Step
from bot.workflow.deadline import WEEK, Deadline, DeadlineKind, due_on, on_handing_over
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Publish, Row, Send
from bot.workflow.event import Elapsed
from bot.workflow.letters import review_of, tell
from bot.workflow.party import Party

LATE = "no response was issued by {}, a week before it; it is due by {} now"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One row: from how many business days after the date on it counts, how many lie between two stages,
    and what a stage does."""

    after: int
    every: Callable[[Office], int]
    remind: Callable[[ChangeRequest, Elapsed, Office, datetime], Decision]


def stage(deadline: Deadline, today: date, office: Office) -> int:
    """The stage that a deadline has reached on a local date: 1 first, and one more after every so many
    business days; 0 before, and for one of which nothing follows."""
    rule = REMINDERS.get(deadline.kind)
    if rule is None or deadline.met_on is not None or today < deadline.by:
        return 0
    late = office.calendar.business_days(deadline.by, today) - rule.after
    return 1 + late // max(rule.every(office), 1) if late >= 0 else 0


def cause_of(change: ChangeRequest, deadline: Deadline, reached: int) -> str:
    """What a stage is known by, so that it is dealt with once."""
    return f"due/{change.key}/{deadline.kind}/{deadline.by}/{reached}"


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


def _tell_manager(change: ChangeRequest, why: str, event: Elapsed, office: Office) -> list[Effect]:
    inquiry = change.inquiry or Inquiry()
    mail = change.revisions[-1].mail if change.revisions else ""
    known = Standing(
        change.originator, company=office.directory.company(change.originator), proof="see our first letter"
    )
    context = review_of(change, mail, why, "", known, open_questions(change, inquiry))
    return tell(office, Role.CMP_MANAGER, event.cause, Kind.REVIEW, change.number, context)


def _miss_line(change: ChangeRequest, event: Elapsed, office: Office, now: datetime) -> Decision:
    """The response was not issued a week before its meeting: it is due for the one after, unless the CMP
    Manager says WALKON (domain.md section 8, 12). Whoever was told the first date is told the new one."""
    missed, today = event.deadline.by + WEEK, office.calendar.local_date(now)
    if change.step is not Step.RESPONSE or (change.agenda and change.agenda > missed):
        return Decision(Fate.PARKED)
    meeting = missed
    while today > meeting - WEEK:
        meeting = office.calendar.meeting_after(meeting)
    line, there = (
        due_on(kind, office, today, meeting) for kind in (DeadlineKind.RESPOND, DeadlineKind.PRESENT_RESPONSE)
    )
    respond = event.deadline.carried_on(line)
    moved = (Open(respond), Open(Deadline(DeadlineKind.PRESENT_RESPONSE, there)))
    said = f"No response was issued a week before the Monthly Meeting of {us(missed)}; it is due for {us(meeting)}"
    row = Row("Record Update", said, now, "bot")
    after = replace(change, agenda=meeting)
    why = LATE.format(us(event.deadline.by), us(line))
    told = agenda_told(after, meeting, missed, why, office, (respond,))
    letters = agenda_letters(after, event.cause, told, office, Party.SME, Party.DIRECTOR)
    return Decision(Fate.PARKED, f"{change.number}: to {us(meeting)}", after, (row,), (*moved, *letters, Publish()))


REMINDERS: Mapping[DeadlineKind, Reminder] = {
    DeadlineKind.CORRECT: Reminder(0, lambda office: office.reminding.sender_every, _ask_again),
    DeadlineKind.RESPOND: Reminder(1, lambda _: 1, _miss_line),
}
