"""decide: a change request meets an event, a decision comes out.

Its one rule: it is a pure function of its arguments; whoever calls it twice gets the same
decision twice. This module holds the routing of a submission (seed step 1, DESIGN section 5).
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import assert_never

from bot.intake.form import Submission
from bot.intake.stamp import stamp
from bot.intake.verify import Standing
from bot.mail.letter import Enclosure, Kind, Letter, Thread
from bot.mail.message import Attachment
from bot.office.office import Office
from bot.office.people import Address, Role
from bot.workflow.change import ChangeRequest, Document, Milestone, Phase, Reached, Revision, Step
from bot.workflow.deadline import DeadlineKind, on_intake, on_receipt
from bot.workflow.effect import Decision, Effect, Fate, Keep, Meet, Open, Publish, Row, Send
from bot.workflow.event import Asked, Commented, Event, Held, Posted, SetAside, Submitted, Undelivered

FLAGS = {"exception_requested": "EX", "industry_guideline": "IG", "regulatory": "RG"}
"""The flags that an originator sets, by the field that sets them."""


class Route(StrEnum):
    """Where a submission goes; the value is the reason a person reads."""

    REGISTER = "complete and from a known company"
    ASK = "something required is missing or not valid"
    OWN = "the originator is of the carrier itself; the process for that is to be determined (step 1A)"
    UNKNOWN = "the sender belongs to no company that we know"
    UNANSWERABLE = "something required is missing, and there is no proven address to ask"
    CROSSOVER = "the area of change is System, or both: a possible crossover"
    NUMBERED = "it is a reply about a change request that has its number already"


def route(submission: Submission, standing: Standing, office: Office, change: ChangeRequest | None = None) -> Route:
    """Decide what becomes of a form, the first that applies."""
    own_name = submission.text("company").casefold() == office.organisation.name.casefold()
    if change is not None and change.logged:
        return Route.NUMBERED
    if standing.ours or own_name:
        return Route.OWN
    if standing.company is None:
        return Route.UNKNOWN
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


def decide(change: ChangeRequest | None, event: Event, office: Office, now: datetime) -> Decision:
    """Say what an event does to a change request (None: to none that exists yet).

    `now` is aware UTC. Raises nothing for anything a sender can do.
    """
    match event:
        case Submitted():
            where = route(event.form.submission, event.standing, office, change)
            match where:
                case Route.REGISTER:
                    return _register(change, event, office, now)
                case Route.ASK:
                    return _ask(change, event, office, now)
                case Route.OWN | Route.UNKNOWN | Route.UNANSWERABLE | Route.CROSSOVER:
                    return _park(change, event, office, now, where)
                case Route.NUMBERED:
                    return _hold(change, event, where, "", office, now)
        case Commented():
            return _comment(change, event, office, now)
        case Asked():
            return _help(event, office, now)
        case Held():
            return _hold(change, event, event.reason, event.subject, office, now)
        case SetAside():
            return _set_aside(event, office)
        case Undelivered():
            return _undelivered(event, office)
        case Posted():
            return _posted(change, event)
    assert_never(event)


def _register(change: ChangeRequest | None, event: Submitted, office: Office, now: datetime) -> Decision:
    """Seed step 1: number, acknowledgement with the logged CR, forward, posting."""
    logged = _with_form(change, event, office)
    received = office.calendar.local_date(event.arrived)
    logged = replace(
        logged,
        number=event.number,
        step=Step.SME_ASSIGNMENT,
        milestones=(*logged.milestones, Reached(Milestone.CR_RECEIVED, received)),
        waits_for="",
    )
    stamped = _stamped(event.form.file, logged.number)
    enclosures = (stamped,) if stamped else ()
    deadlines = on_receipt(office, event.arrived, now)
    if event.standing.answer_to is None:
        deadlines = tuple(replace(due, met_on=None) for due in deadlines)
    context: dict[str, object] = {
        "change": logged,
        "deadlines": deadlines,
        "advised": event.form.submission.advised_missing,
        "notes": event.form.submission.notes,
        "intake": change.number if change else "",
    }
    by = event.standing.name
    rows = [
        Row("CR Submitted", f"CR submitted by {logged.company}", logged.first_arrived, by),
        Row("CR Received", "The completed CR form was received", event.arrived, by),
    ]
    effects: list[Effect] = [Open(deadline) for deadline in deadlines]
    if change is not None:
        effects += [Meet(DeadlineKind.ANSWER_INCOMPLETE, now), Meet(DeadlineKind.FINISH_INTAKE, now)]
    if event.standing.answer_to:
        rows.append(Row("CR Acknowledged", "CR acknowledged and logged CR sent to the submitter", now, "bot"))
        effects += _answer(event, Kind.ACKNOWLEDGEMENT, logged.number, context, enclosures)
    else:
        reason = "the CR is logged, but not acknowledged: there is no proven address to answer to"
        review = _review(logged, event.cause, reason, "", event.standing, None)
        effects += _tell(office, Role.CMP_MANAGER, event.cause, Kind.REVIEW, logged.number, review, ())
    effects += _tell(office, Role.GROUP_MANAGER, event.cause, Kind.FORWARD, logged.number, context, enclosures)
    if stamped:
        effects.append(Keep(_document(stamped, "Change Request form, as received and numbered", now), stamped.content))
    effects.append(Publish())
    return Decision(Fate.REGISTERED, f"registered as {logged.number}", logged, tuple(rows), tuple(effects))


def _ask(change: ChangeRequest | None, event: Submitted, office: Office, now: datetime) -> Decision:
    """Not complete: one letter that names every problem, with the form prefilled to correct."""
    intake = replace(_with_form(change, event, office), step=Step.REQUEST, waits_for="the sender's corrections")
    context: dict[str, object] = {"change": intake, "submission": event.form.submission}
    enclosures = (event.prefilled,) if event.prefilled else ()
    letters = _answer(event, Kind.INCOMPLETE, intake.number, context, enclosures)
    names = ", ".join(dict.fromkeys(problem.field or problem.message for problem in event.form.submission.problems))
    rows = (Row("Info Requested from CLEC", f"Incomplete form: {names}", now, "bot", public=False),)
    deadlines = () if change else tuple(Open(deadline) for deadline in on_intake(office, event.arrived, now))
    return Decision(Fate.INCOMPLETE, f"{intake.number}: {Route.ASK}: {names}", intake, rows, (*deadlines, *letters))


def _park(change: ChangeRequest | None, event: Submitted, office: Office, now: datetime, why: Route) -> Decision:
    """A person has to look first: the CMP Manager is told, and so is a sender we may answer."""
    intake = replace(
        _with_form(change, event, office),
        step=Step.OWN_REQUEST if why is Route.OWN else Step.REQUEST,
        waits_for="the CMP Manager",
    )
    context = _review(intake, event.cause, why.value, "", event.standing, event.form.submission)
    file = event.form.file
    enclosures = (Enclosure(file.name, file.content_type, file.content),) if file else ()
    effects: list[Effect] = [] if change else [Open(deadline) for deadline in on_intake(office, event.arrived, None)]
    effects += _answer(event, Kind.PARKED, intake.number, context, ())
    effects += _tell(office, Role.CMP_MANAGER, event.cause, Kind.REVIEW, intake.number, context, enclosures)
    rows = (Row("Additional Information", f"Waits for the CMP Manager: {why}", now, "bot", public=False),)
    return Decision(Fate.PARKED, f"{intake.number}: {why}", intake, rows, tuple(effects))


def _comment(change: ChangeRequest | None, event: Commented, office: Office, now: datetime) -> Decision:
    """Prose is never posted by itself: it is kept inside, and shown to whoever runs the CR."""
    if change is None or not (event.standing.company or event.standing.person):
        return _hold(change, event, "a comment by somebody we do not know", "", office, now)
    context: dict[str, object] = {"change": change, "text": event.text, "standing": event.standing}
    letters = _tell(office, Role.CMP_MANAGER, event.cause, Kind.COMMENT, change.number, context, ())
    action = "Additional Information" if event.standing.person else "Info Received From CLEC"
    rows = (Row(action, event.text, event.arrived, event.standing.name, public=False),)
    return Decision(Fate.COMMENTED, f"a comment on {change.number}", change, rows, tuple(letters))


def _help(event: Asked, office: Office, now: datetime) -> Decision:
    """A question in prose gets the help letter with the blank forms; a stranger's waits."""
    if event.standing.answer_to is None:
        return _hold(None, event, "a question by a sender who is neither known nor verified", "", office, now)
    known = (event.standing.company or event.standing.person) is not None
    context: dict[str, object] = {"text": event.text, "known": known}
    letters = _answer(event, Kind.HELP, "", context, event.blanks)
    return Decision(Fate.ANSWERED, "a question; help was sent", effects=tuple(letters))


def _hold(
    change: ChangeRequest | None,
    event: Submitted | Commented | Asked | Held,
    reason: str,
    subject: str,
    office: Office,
    now: datetime,
) -> Decision:
    """Only a person can deal with it: kept, parked, and the CMP Manager is told."""
    context = _review(change, event.cause, reason, subject, event.standing, None)
    number = change.number if change else ""
    letters = _answer(event, Kind.PARKED, number, context, ())
    letters += _tell(office, Role.CMP_MANAGER, event.cause, Kind.REVIEW, number, context, ())
    row = Row("Additional Information", f"A mail waits for the CMP Manager: {reason}", now, "bot", public=False)
    return Decision(Fate.PARKED, reason, change, (row,) if change else (), tuple(letters))


def _review(
    change: ChangeRequest | None,
    cause: str,
    reason: str,
    subject: str,
    standing: Standing,
    submission: Submission | None,
) -> dict[str, object]:
    """What the letters about something that waits for a person are told."""
    return {
        "change": change,
        "reason": reason,
        "subject": subject,
        "standing": standing,
        "submission": submission,
        "mail": cause.partition("/")[0],
    }


def _set_aside(event: SetAside, office: Office) -> Decision:
    """Quarantine: raw mail kept, the CMP Manager told, and the sender too where we may."""
    context: dict[str, object] = {
        "reason": event.reason,
        "subject": event.subject,
        "standing": event.standing,
        "mail": event.cause,
    }
    letters = _tell(office, Role.CMP_MANAGER, event.cause, Kind.TROUBLE, "", context, ())
    letters += _answer(event, Kind.UNREADABLE, "", context, ())
    return Decision(Fate.QUARANTINED, event.reason, effects=tuple(letters))


def _undelivered(event: Undelivered, office: Office) -> Decision:
    """A letter was refused for good: the CMP Manager is told; never of such a report itself, in a circle."""
    context: dict[str, object] = {"to_whom": event.recipient, "kind": event.kind.value, "reason": event.reason}
    known = event.kind is Kind.UNDELIVERED
    letters = (
        [] if known else _tell(office, Role.CMP_MANAGER, event.letter, Kind.UNDELIVERED, event.number, context, ())
    )
    return Decision(Fate.PARKED, "a letter was refused", effects=tuple(letters))


def _posted(change: ChangeRequest | None, event: Posted) -> Decision:
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


def _answer(
    event: Submitted | Commented | Asked | Held | SetAside,
    kind: Kind,
    number: str,
    context: dict[str, object],
    enclosures: tuple[Enclosure, ...],
) -> list[Effect]:
    """The letter to the sender, where one may be sent; it stays in the sender's thread."""
    to = event.standing.answer_to
    return [Send(Letter(event.cause, kind, to, number, context, event.thread, enclosures))] if to else []


def _tell(
    office: Office,
    role: Role,
    cause: str,
    kind: Kind,
    number: str,
    context: dict[str, object],
    enclosures: tuple[Enclosure, ...],
) -> list[Effect]:
    """One letter to everybody who holds a role; a thread of its own, never the sender's."""
    return [
        Send(Letter(cause, kind, person.address, number, context, Thread(), enclosures))
        for person in office.holders(role)
    ]


def _stamped(file: Attachment | None, number: str) -> Enclosure | None:
    """The form as it came with its number written in."""
    if file is None:
        return None
    stamped = stamp(file, number)
    return Enclosure(stamped.name, stamped.content_type, stamped.content)


def _document(file: Enclosure, title: str, now: datetime) -> Document:
    return Document(sha256(file.content).hexdigest(), file.name, file.content_type, title, now)
