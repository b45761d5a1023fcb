"""Correspondence: mail that is no form, and mail that only a person can deal with.

Its one rule: whatever it is, it is kept, somebody is told, and prose is never posted by itself.
"""

from datetime import datetime

from bot.mail.letter import Kind
from bot.office.office import Office
from bot.office.people import Role
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Fate, Row, Send
from bot.workflow.event import Asked, Commented, Held, Reported, SetAside, Submitted, Undelivered
from bot.workflow.letters import answer, review_of, tell


def comment(change: ChangeRequest | None, event: Commented, office: Office, now: datetime) -> Decision:
    """Prose is never posted by itself: it is kept inside, and shown to whoever runs the CR, but not to
    its proven author."""
    if change is None or not (event.standing.company or event.standing.person):
        return hold(change, event, "a comment by somebody we do not know", "", office, now)
    context: dict[str, object] = {"change": change, "text": event.text, "standing": event.standing}
    letters = tell(office, Role.CMP_MANAGER, event.cause, Kind.COMMENT, change.number, context)
    author = event.standing.person.address if event.standing.person and event.standing.verified else None
    letters = [owed for owed in letters if not (isinstance(owed, Send) and owed.letter.to == author)]
    action = "Additional Information" if event.standing.person else "Info Received From CLEC"
    rows = (Row(action, event.text, event.arrived, event.standing.name, public=False),)
    return Decision(Fate.COMMENTED, f"a comment on {change.number}", change, rows, tuple(letters))


def help_out(event: Asked, office: Office, now: datetime) -> Decision:
    """A question in prose gets the help letter with the blank forms; a stranger's waits."""
    if event.standing.answer_to is None:
        return hold(None, event, "a question by a sender who is neither known nor verified", "", office, now)
    known = (event.standing.company or event.standing.person) is not None
    context: dict[str, object] = {"text": event.text, "known": known}
    letters = answer(event, Kind.HELP, "", context, event.blanks)
    return Decision(Fate.ANSWERED, "a question; help was sent", effects=tuple(letters))


def hold(
    change: ChangeRequest | None,
    event: Submitted | Commented | Asked | Held,
    reason: str,
    subject: str,
    office: Office,
    now: datetime,
) -> Decision:
    """Only a person can deal with it: kept, parked, and the CMP Manager is told."""
    context = review_of(change, event.cause, reason, subject, event.standing, None)
    number = change.number if change else ""
    letters = answer(event, Kind.PARKED, number, context)
    shown = context | _sent(event) | {"answered": event.standing.answer_to is not None}
    letters += tell(office, Role.CMP_MANAGER, event.cause, Kind.REVIEW, number, shown)
    row = Row("Additional Information", f"A mail waits for the CMP Manager: {reason}", now, "bot", public=False)
    return Decision(Fate.PARKED, reason, change, (row,) if change else (), tuple(letters))


def _sent(event: Submitted | Commented | Asked | Held) -> dict[str, object]:
    """What the mail says, for whoever decides about it: its form, or the words of its sender."""
    match event:
        case Submitted():
            return {"submission": event.form.submission}
        case Commented() | Asked():
            return {"text": event.text}
        case Held():
            return {}


def report(change: ChangeRequest | None, event: Reported, now: datetime) -> Decision:
    """The transcript of a command mail: every line, and what became of it."""
    refused = [result for result in event.results if result.refusal]
    number = change.number if change else ""
    context: dict[str, object] = {"results": event.results, "refused": bool(refused), "standing": event.standing}
    letters = tuple(answer(event, Kind.TRANSCRIPT, number, context))
    if not refused:
        return Decision(Fate.OBEYED, "", change, (), letters)
    said = "; ".join(f"{result.line}: {result.refusal}" for result in refused)
    row = Row("Additional Information", f"Refused: {said}", now, event.standing.name, public=False)
    return Decision(Fate.REFUSED, said, change, (row,) if change else (), letters)


def set_aside(event: SetAside, office: Office) -> Decision:
    """Quarantine: raw mail kept, the CMP Manager told, and the sender too where we may."""
    context: dict[str, object] = {
        "reason": event.reason,
        "subject": event.subject,
        "standing": event.standing,
        "mail": event.cause,
    }
    letters = tell(office, Role.CMP_MANAGER, event.cause, Kind.TROUBLE, "", context)
    letters += answer(event, Kind.UNREADABLE, "", context)
    return Decision(Fate.QUARANTINED, event.reason, effects=tuple(letters))


def undelivered(event: Undelivered, office: Office) -> Decision:
    """A letter was refused for good: the CMP Manager is told; never of such a report itself, in a circle."""
    context: dict[str, object] = {"to_whom": event.recipient, "kind": event.kind.value, "reason": event.reason}
    known = event.kind is Kind.UNDELIVERED
    letters = [] if known else tell(office, Role.CMP_MANAGER, event.letter, Kind.UNDELIVERED, event.number, context)
    return Decision(Fate.PARKED, "a letter was refused", effects=tuple(letters))
