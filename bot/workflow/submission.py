"""Submissions: where a form goes, and what it becomes (seed step 1, DESIGN section 5).

Its one rule: only a complete form of a known company is numbered by itself; everything else is
asked about, or waits for a person.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.intake.form import Submission
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind
from bot.office.office import Office
from bot.office.people import Address, Role
from bot.workflow.change import (
    MANAGER,
    SENDER,
    ChangeRequest,
    Inquiry,
    Milestone,
    Phase,
    Reached,
    Revision,
    Step,
)
from bot.workflow.deadline import DeadlineKind, on_asking, on_handing_over, on_intake, on_receipt
from bot.workflow.duplicate import Lookalike, likeness, marks
from bot.workflow.effect import Decision, Effect, Fate, Keep, Meet, Open, Publish, Row
from bot.workflow.event import Posted, Submitted
from bot.workflow.letters import answer, document_of, enclosed, review_of, stamped_with, tell

EXCEPTION = "EX"
FLAGS = {"exception_requested": EXCEPTION, "industry_guideline": "IG", "regulatory": "RG"}
"""The flags that an originator sets, by the field that sets them."""

LOGGED_BY_HAND = "The CR form was received; the CMP Manager logged it"
UNACKNOWLEDGED = "the CR is logged, but not acknowledged: there is no proven address to answer to"
INTAKE_CLOCKS = (DeadlineKind.ANSWER_INCOMPLETE, DeadlineKind.FINISH_INTAKE, DeadlineKind.CORRECT)
"""What runs for an intake, and ends with it."""


class Route(StrEnum):
    """Where a submission goes; the value is the reason a person reads."""

    REGISTER = "complete and from a known company"
    ASK = "something required is missing or not valid"
    OWN = "the originator is of the carrier itself; the process for that is to be determined (step 1A)"
    UNKNOWN = "the sender belongs to no company that we know"
    DUPLICATE = "it looks like a change request that we have already"
    UNANSWERABLE = "something required is missing, and there is no proven address to ask"
    CROSSOVER = "the area of change is System, or both: a possible crossover"
    NUMBERED = "it is a reply about a change request that has its number already"


SAID = {
    Route.OWN: "You write from the carrier itself, or your form names it as the company. How a request of the "
    "carrier's own is taken up is decided each time by the CMP Manager.",
    Route.UNKNOWN: "We do not know your address: it belongs to none of the companies that are registered with us.",
    Route.DUPLICATE: "Your company has sent us a change request before that looks the same.",
    Route.CROSSOVER: "Your form marks the area of change as System, or as both. This mailbox takes changes of "
    "products and processes. One that touches the systems as well is a crossover: two groups have to agree "
    "first which of them takes it up. If yours touches no system, reply with a line that says so: "
    "Area of Change Request: Product/Process",
}
"""Why a form waits, in words for its sender."""


def route(
    submission: Submission,
    standing: Standing,
    office: Office,
    change: ChangeRequest | None = None,
    lookalike: Lookalike | None = None,
) -> Route:
    """Decide what becomes of a form, the first that applies. `change` is the one it goes on with,
    `lookalike` another one that may be the same."""
    own_name = submission.text("company").casefold() == office.organisation.name.casefold()
    if change is not None and change.logged:
        return Route.NUMBERED
    if standing.ours or own_name:
        return Route.OWN
    if standing.company is None:
        return Route.UNKNOWN
    if lookalike is not None:
        return Route.DUPLICATE
    if not submission.complete:
        return Route.ASK if standing.answer_to else Route.UNANSWERABLE
    if submission.text("area_of_change") in ("system", "both"):
        return Route.CROSSOVER
    return Route.REGISTER


def series(where: Route, change: ChangeRequest | None) -> str:
    """The series a number must be taken from for a route: PC, IN, or none at all."""
    if where is Route.REGISTER:
        return "PC"
    return "" if change is not None else "IN"


def register(change: ChangeRequest | None, event: Submitted, office: Office, now: datetime) -> Decision:
    """Seed step 1: number, acknowledgement with the logged CR, forward, posting."""
    return enrol(_with_form(change, event, office), event, office, now)


def enrol(intake: ChangeRequest, event: Submitted, office: Office, now: datetime, vouched: str = "") -> Decision:
    """Give an intake its CR number, and do all that follows from it. `vouched` is who of the
    carrier's staff logs it by hand; the form may then be incomplete."""
    logged = _numbered(intake, event, office)
    stamped = stamped_with(event.form.file, logged.number)
    enclosures = enclosed(stamped)
    deadlines = on_receipt(office, event.arrived, now)
    if event.standing.answer_to is None:
        deadlines = tuple(replace(due, met_on=None) for due in deadlines)
    context: dict[str, object] = {
        "change": logged,
        "deadlines": deadlines,
        "advised": event.form.submission.advised_missing,
        "notes": event.form.submission.notes,
        "intake": intake.number if intake.number != event.number else "",
        "vouched": vouched,
        "too_large": stamped is not None and not enclosures,
    }
    by = event.standing.name if not vouched else logged.company or "unknown sender"
    rows = [
        Row("CR Submitted", f"CR submitted by {logged.company}", logged.first_arrived, by),
        Row("CR Received", LOGGED_BY_HAND if vouched else "The completed CR form was received", event.arrived, by),
    ]
    effects: list[Effect] = [Open(deadline) for deadline in deadlines]
    if intake.number != event.number:
        effects += [Meet(kind, now) for kind in INTAKE_CLOCKS]
    if event.standing.answer_to:
        rows.append(Row("CR Acknowledged", "CR acknowledged and logged CR sent to the submitter", now, "bot"))
        effects += answer(event, Kind.ACKNOWLEDGEMENT, logged.number, context, enclosures)
    else:
        review = review_of(logged, event.cause, UNACKNOWLEDGED, "", event.standing, None)
        effects += tell(office, Role.CMP_MANAGER, event.cause, Kind.REVIEW, logged.number, review)
    effects += tell(office, Role.GROUP_MANAGER, event.cause, Kind.FORWARD, logged.number, context, enclosures)
    effects += alarm((), logged, event.cause, office)
    if stamped:
        effects.append(
            Keep(document_of(stamped, "Change Request form, as received and numbered", now), stamped.content)
        )
    effects.append(Publish())
    return Decision(Fate.REGISTERED, f"registered as {logged.number}", logged, tuple(rows), tuple(effects))


def alarm(before: tuple[str, ...], after: ChangeRequest, cause: str, office: Office) -> list[Effect]:
    """The CMP Manager hears at once that the exception process is asked for, where that is new beside the flags of
    `before` (domain.md section 5, field 10)."""
    if EXCEPTION not in after.flags or EXCEPTION in before:
        return []
    return tell(office, Role.CMP_MANAGER, cause, Kind.EXCEPTION, after.number, {"change": after})


def _numbered(intake: ChangeRequest, event: Submitted, office: Office) -> ChangeRequest:
    """The change request that an intake becomes; nothing is open with its sender any more."""
    received = Reached(Milestone.CR_RECEIVED, office.calendar.local_date(event.arrived))
    return replace(
        intake,
        number=event.number,
        step=Step.SME_ASSIGNMENT,
        milestones=(*intake.milestones, received),
        documents=(),
        waits_for="",
        inquiry=None,
    )


def ask(change: ChangeRequest | None, event: Submitted, office: Office, now: datetime) -> Decision:
    """Not complete: one letter that names every problem, with the form prefilled to correct."""
    intake = replace(_waiting(change, event, office), step=Step.REQUEST, waits_for=SENDER)
    context: dict[str, object] = {"change": intake, "submission": event.form.submission}
    clocks = (on_asking(office, now),) if change else on_intake(office, event.arrived, now)
    effects: list[Effect] = [*map(Open, clocks), *_kept(event, now)]
    effects += answer(event, Kind.INCOMPLETE, intake.number, context, event.prefilled)
    said = " ".join(dict.fromkeys(problem.message for problem in event.form.submission.problems))
    rows = (Row("Info Requested from CLEC", f"Incomplete form: {said}", now, "bot", public=False),)
    return Decision(Fate.INCOMPLETE, f"{intake.number}: {Route.ASK}: {said}", intake, rows, tuple(effects))


def park(change: ChangeRequest | None, event: Submitted, office: Office, now: datetime, why: Route) -> Decision:
    """A person has to look first: the CMP Manager is told, and so is a sender we may answer."""
    intake = replace(
        _waiting(change, event, office),
        step=Step.OWN_REQUEST if why is Route.OWN else Step.REQUEST,
        waits_for=MANAGER,
    )
    reason = _reason(why, intake, event.lookalike)
    intake = replace(intake, inquiry=replace(intake.inquiry or Inquiry(), why=reason))
    context = review_of(intake, event.cause, reason, "", event.standing, event.form.submission)
    answered = event.standing.answer_to is not None
    context |= {"said": SAID.get(why, ""), "claimed": _claimed(event, office), "answered": answered}
    if why is Route.DUPLICATE:
        context["lookalike"] = event.lookalike
    file = event.form.file
    enclosures = enclosed(Enclosure(file.name, file.content_type, file.content) if file else None)
    effects: list[Effect] = [Open(on_handing_over(office, event.arrived)), *_kept(event, now)]
    effects += [Meet(DeadlineKind.CORRECT, now)] if change else []
    effects += answer(event, Kind.PARKED, intake.number, context)
    effects += tell(office, Role.CMP_MANAGER, event.cause, Kind.REVIEW, intake.number, context, enclosures)
    rows = (Row("Additional Information", f"Waits for the CMP Manager: {reason}", now, "bot", public=False),)
    return Decision(Fate.PARKED, f"{intake.number}: {reason}", intake, rows, tuple(effects))


def _waiting(change: ChangeRequest | None, event: Submitted, office: Office) -> ChangeRequest:
    """The intake with what is open between us and its sender, and without the file of an earlier text."""
    form = event.form.submission
    inquiry = Inquiry(form.problems, event.standing.answer_to, event.thread, form.format)
    return replace(_with_form(change, event, office), documents=(), inquiry=inquiry)


def _kept(event: Submitted, now: datetime) -> list[Effect]:
    """The file that the text of an intake came in, for whoever logs it by hand later."""
    file = event.form.file
    if file is None:
        return []
    enclosure = Enclosure(file.name, file.content_type, file.content)
    return [Keep(document_of(enclosure, "Change Request form, as received", now), file.content)]


def _claimed(event: Submitted, office: Office) -> str:
    """The known company that a form by somebody we do not know claims to be from."""
    company = office.directory.company_named(event.form.submission.text("company"))
    return company.name if company and not (event.standing.company or event.standing.ours) else ""


def _reason(why: Route, intake: ChangeRequest, lookalike: Lookalike | None) -> str:
    """Why a form waits, in words; of a likely duplicate: of what, and how they are alike."""
    if why is not Route.DUPLICATE or lookalike is None:
        return why.value
    shared = likeness(marks(intake.company, intake.fields), lookalike.marks)
    return f"it looks like {lookalike.number}: the same company and {shared}"


def posted(change: ChangeRequest | None, event: Posted) -> Decision:
    """The page is up: a history row, and the deadline to post is met."""
    row = Row("CR Posted to Web", "CR posted to the CMP web site", event.at, "bot")
    return Decision(Fate.REGISTERED, "posted", change, (row,), (Meet(DeadlineKind.POST, event.at),))


def _with_form(change: ChangeRequest | None, event: Submitted, office: Office) -> ChangeRequest:
    """The intake as this form makes it: a new one, or an earlier one with the form laid over it."""
    submission, sender = event.form.submission, event.standing.sender
    day = office.calendar.local_date(event.arrived)
    base = change or ChangeRequest(
        key=event.number,
        number=event.number,
        step=Step.REQUEST,
        phase=Phase.SUBMISSION,
        status_date=day,
        first_arrived=event.arrived,
        received_at=event.arrived,
        originator=sender or Address(""),
        company="",
    )
    company = event.standing.company
    revision = Revision(len(base.revisions), event.arrived, event.cause, submission.fields)
    return replace(
        base,
        status_date=day,
        received_at=event.arrived,
        company=company.name if company else submission.text("company"),
        fields=submission.fields,
        revisions=(*base.revisions, revision),
        flags=tuple(flag for key, flag in FLAGS.items() if submission.fields.get(key) is True),
    )
