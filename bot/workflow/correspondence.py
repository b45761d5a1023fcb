"""Correspondence: mail that is no form, and mail that only a person can deal with.

Its one rule: whatever it is, it is kept, somebody is told, and prose is never posted by itself.
"""

import re
from dataclasses import replace
from datetime import datetime

from bot.intake.command import TABLE
from bot.mail.letter import Kind, Letter
from bot.office.office import Office
from bot.office.people import Person, Role
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Fate, Row, Send
from bot.workflow.event import Asked, Commented, Held, Reported, SetAside, Submitted
from bot.workflow.letters import answer, enclosed, review_of, tell
from bot.workflow.party import for_originator, in_charge, people_of
from bot.workflow.transition import Place, place_of

LONGEST_LINK = 1200
"""Characters of a line that is put into a link; mail programs cut a link at about 2,000, and spaces count
three times."""
A_WORD = re.compile(r"(?<![\w'-])([A-Za-z]{2,12})(?![\w'-])(:?)", re.ASCII)


def comment(change: ChangeRequest | None, event: Commented, office: Office, now: datetime) -> Decision:
    """Prose is never posted by itself: it is kept inside, and shown to whoever runs the CR and to who
    asked for it, but not to its proven author. What a CLEC says can be published with one click."""
    if change is None or not (event.standing.company or event.standing.person):
        return hold(change, event, "a comment by somebody we do not know", "", office, now)
    files = enclosed(*event.files) if event.standing.vouched else ()
    answers = bool(change.asked_by) and for_originator(change, event.standing)
    context: dict[str, object] = {
        "change": change,
        "text": event.text,
        "standing": event.standing,
        "posted": False,
        "answers": answers,
        "awaited": _awaited(change, event),
        "files": tuple(file.name for file in event.files),
        "enclosed": tuple(file.name for file in files),
        "publish": "" if event.standing.person or not (change.logged and change.open) else to_publish(event),
    }
    author = event.standing.person if event.standing.vouched else None
    letters = [
        Send(Letter(event.cause, Kind.COMMENT, each.address, change.number, context, enclosures=files))
        for each in _readers(change, office, answers=answers)
        if each is not author
    ]
    action = "Additional Information" if event.standing.person else "Info Received From CLEC"
    rows = (Row(action, event.text, event.arrived, event.standing.name, public=False),)
    after = replace(change, asked_by=()) if answers and event.standing.vouched else change
    return Decision(Fate.COMMENTED, f"a comment on {change.number}", after, rows, tuple(letters))


def _awaited(change: ChangeRequest, event: Commented) -> str:
    """What the originator, who writes, was asked and has not answered yet; empty for nothing, and for others."""
    if not for_originator(change, event.standing) or not change.open:
        return ""
    if change.closing is not None and not change.closing.objection:
        return "consent"
    return "choice" if place_of(change) is Place.NOT_ACCEPTED else ""


def to_publish(event: Commented) -> str:
    """The command that publishes what a CLEC wrote, to be sent by one click; empty where it is too long
    for a link. It is one line, and no word of it can be taken for a verb, wherever it is broken."""
    who = event.standing.company.name if event.standing.company else str(event.standing.sender)
    line = f"COMMENT {who} writes: {A_WORD.sub(_harmless, ' '.join(event.text.split()))}"
    return line if len(line) <= LONGEST_LINK else ""


def _harmless(word: re.Match[str]) -> str:
    verb = TABLE.get(word[1].upper())
    obeyed = verb is not None and (word[1].isupper() or word[2] or verb.plain is not None)
    return f"\u201c{word[1]}\u201d{word[2]}" if obeyed else word[0]


def _readers(change: ChangeRequest, office: Office, *, answers: bool) -> tuple[Person, ...]:
    """Who reads what is written about a change request: its CRPM, or the CMP Manager while there is none;
    an answer is also read by who asked."""
    run_by = people_of(change, in_charge(change, office), office)
    asked = (office.directory.named(person_id) for person_id in change.asked_by if answers)
    found = {person.id: person for person in (*run_by, *filter(None, asked))}
    return office.reached(found.values())


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
    done = not refused and not event.dry
    context: dict[str, object] = {
        "change": change,
        "results": event.results,
        "refused": bool(refused),
        "dry": event.dry,
        "undo": done and any(result.undo for result in event.results),
        "kept": event.kept,
        "answered": done and not any(result.done for result in event.results),
        "standing": event.standing,
    }
    # Anybody can name a person as often as they like; that these hear of it has a budget of its own.
    kind = Kind.ATTEMPT if refused and not event.standing.vouched else Kind.TRANSCRIPT
    letters = tuple(answer(event, kind, number, context))
    if not refused:
        return Decision(Fate.OBEYED, "", change, (), letters)
    said = "; ".join(f"{result.line}: {result.refusal}" for result in refused)
    # A dry run leaves nothing behind; what comes under somebody's name unproven is an attempt, dry or not.
    tried = event.dry and event.standing.vouched
    by = event.standing.name if event.standing.vouched else "bot"
    row = Row("Additional Information", f"Refused: {said}", now, by, public=False)
    return Decision(Fate.REFUSED, said, change, (row,) if change and not tried else (), letters)


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
