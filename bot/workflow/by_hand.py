"""By hand: what the CMP Manager does with an intake that cannot be logged by itself.

Its one rule: each of the three ends the wait, says why in the journal, and is done once: LOG numbers
it, RETURN sends it back to its sender, DROP ends it (DESIGN section 5).
"""

from dataclasses import replace
from datetime import datetime

from bot.intake.verify import Standing
from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.workflow.change import SENDER, ChangeRequest, Inquiry, Phase, Step
from bot.workflow.deadline import DeadlineKind, on_asking
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Row, Send
from bot.workflow.event import Ordered, Submitted
from bot.workflow.submission import INTAKE_CLOCKS, enrol

LOGGED = "Logged by hand"
OVERRIDDEN = "Administrative: logged by hand, overriding step 1A"


def log(change: ChangeRequest, event: Ordered, office: Office, now: datetime) -> Decision:
    """Number an intake by hand, vouching for its originator: all that a registration does follows.
    What a form is still without is asked for like what is advised."""
    vouched = event.standing.person.name if event.standing.person else ""
    form = event.form.submission
    lacking = tuple(dict.fromkeys(problem.field for problem in form.problems if problem.field))
    form = replace(form, advised_missing=(*lacking, *(key for key in form.advised_missing if key not in lacking)))
    inquiry = change.inquiry or Inquiry()
    given = Submitted(
        event.cause,
        change.received_at,
        replace(event.form, submission=form),
        _vouched_for(change, office),
        inquiry.thread,
        event.number,
    )
    decision = enrol(change, given, office, now, vouched)
    done = OVERRIDDEN if change.step is Step.OWN_REQUEST else LOGGED
    row = Row("Additional Information", _with_reason(done, event), now, event.standing.name, public=False)
    return replace(decision, fate=Fate.OBEYED, reason=f"LOG: {event.number}", rows=(*decision.rows, row))


def _vouched_for(change: ChangeRequest, office: Office) -> Standing:
    """The originator, believed on the CMP Manager's word."""
    sender = change.originator if change.originator.email else None
    if sender is None:
        return Standing(None)
    directory = office.directory
    return Standing(
        sender, directory.person(sender.email), directory.company(sender), office.owns(sender), verified=True
    )


def give_back(change: ChangeRequest, event: Ordered, office: Office, now: datetime) -> Decision:
    """Send an intake back to its sender, with the reason; it stays open."""
    inquiry = change.inquiry or Inquiry()
    to = inquiry.to or change.originator
    if not to.email:
        return Decision(Fate.REFUSED, "There is no address to send it back to.", change)
    returned = replace(
        change,
        step=Step.REQUEST,
        waits_for=SENDER,
        inquiry=replace(inquiry, to=to, why="", reminders=0),
    )
    form = replace(event.form.submission, problems=inquiry.problems)
    context: dict[str, object] = {
        "change": returned,
        "submission": form,
        "reason": event.line.args,
        "in_place_of": None,
    }
    letter = Letter(event.cause, Kind.RETURNED, to, change.number, context, inquiry.thread, event.prefilled)
    row = Row("Info Requested from CLEC", _with_reason("Returned", event), now, event.standing.name, public=False)
    effects: tuple[Effect, ...] = (
        Meet(DeadlineKind.FINISH_INTAKE, now),
        Open(on_asking(office, now)),
        Send(letter),
    )
    return Decision(Fate.OBEYED, f"RETURN: {change.number}", returned, (row,), effects)


def drop(change: ChangeRequest, event: Ordered, office: Office, now: datetime) -> Decision:
    """End an intake that will never be a change request; nobody outside is told."""
    day = office.calendar.local_date(now)
    dropped = replace(change, step=Step.CLOSED, phase=Phase.COMPLETION, status_date=day, waits_for="", inquiry=None)
    row = Row("Additional Information", _with_reason("Dropped", event), now, event.standing.name, public=False)
    met = tuple(Meet(kind, now) for kind in INTAKE_CLOCKS)
    return Decision(Fate.OBEYED, f"DROP: {change.number}", dropped, (row,), met)


def _with_reason(done: str, event: Ordered) -> str:
    return f"{done} by the CMP Manager: {event.line.args}" if event.line.args else f"{done} by the CMP Manager"
