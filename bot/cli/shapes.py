"""The shapes of --json (DESIGN section 9): values of the core as plain dictionaries.

Its one rule: they are a promise to other people's programs; names and meanings only ever grow.
Instants are ISO with a zone, local dates ISO dates, what is absent is null.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.intake.form import FieldTable, Need, Submission, Value
from bot.mail.message import Message
from bot.office.calendar import Calendar
from bot.posting.public import Record
from bot.posting.strip import PUBLIC_DEADLINES
from bot.workflow.change import ROLES, Revision
from bot.workflow.deadline import Deadline
from bot.workflow.effect import Row
from bot.workflow.revision import altered

if TYPE_CHECKING:  # the store brings its library, which explain does not need
    from bot.edge.store import StoredLetter, StoredMail

HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted")


def submission_shape(submission: Submission, table: FieldTable) -> dict[str, object]:
    """A form, judged."""
    return {
        "source": submission.source,
        "complete": submission.complete,
        "fields": listed(submission.fields, table),
        "problems": [asdict(problem) for problem in submission.problems],
        "advised_missing": list(submission.advised_missing),
    }


def listed(fields: Mapping[str, Value], table: FieldTable) -> dict[str, Value]:
    """The fields that a form asks for, in its order, and no other."""
    keys = [row.key for row in table.fields if row.need is not Need.IGNORED]
    return {key: fields[key] for key in dict.fromkeys((*keys, "areas_other")) if key in fields}


def change_row(record: Record) -> dict[str, object]:
    """A change request as a line of `list`."""
    change = record.change
    return {
        "number": change.number,
        "title": change.title,
        "company": change.company,
        "step": change.step.value,
        "phase": change.phase.value,
        "status_date": _iso(change.status_date),
        "next": _next(record),
    }


def change_shape(record: Record, table: FieldTable, calendar: Calendar) -> dict[str, object]:
    """A change request with everything known about it, for `show`."""
    change = record.change
    return {
        **change_row(record),
        "disposition": change.disposition or None,
        "reaction": change.reaction or None,
        "flags": list(change.flags),
        "first_arrived": _iso(change.first_arrived),
        "received_at": _iso(change.received_at),
        "people": {role: list(change.people.get(role, ())) for role in ROLES},
        "fields": listed(change.fields, table),
        "milestones": [{"name": reached.milestone.value, "date": _iso(reached.on)} for reached in change.milestones],
        "deadlines": [_deadline(deadline) for deadline in record.deadlines],
        "history": [_happening(row, calendar) for row in record.rows],
        "revisions": [
            _revision(revision, earlier, table)
            for earlier, revision in zip((None, *change.revisions), change.revisions, strict=False)
        ],
        "documents": [
            {"title": paper.title, "name": paper.name, "sha256": paper.sha256, "at": _iso(paper.at)}
            for paper in change.documents
        ],
    }


def _happening(row: Row, calendar: Calendar) -> dict[str, object]:
    """A row of the history; `recorded` only where that was on another day than what it tells of."""
    told: dict[str, object] = {"date": _iso(row.at), "action": row.action, "description": row.description, "by": row.by}
    if row.recorded_at and calendar.local_date(row.recorded_at) != calendar.local_date(row.at):
        return {**told, "recorded": _iso(row.recorded_at)}
    return told


def due_next(deadlines: tuple[Deadline, ...]) -> Deadline | None:
    """The earliest deadline that is not met; None when there is none."""
    return min((due for due in deadlines if due.met_on is None), key=attrgetter("by"), default=None)


def named(due: Deadline) -> str:
    """What is due, as the page of the change request calls it."""
    return PUBLIC_DEADLINES[due.kind][1] if due.kind in PUBLIC_DEADLINES else due.kind.value


def _next(record: Record) -> dict[str, object] | None:
    """What is due next, and the verbs that deal with it; null when there is nothing."""
    from bot.workflow.remedy import remedies  # noqa: PLC0415 - the table of the workflow, for JSON alone

    first = due_next(record.deadlines)
    if first is None:
        return None
    return {"step": named(first), "date": _iso(first.by), "verbs": list(remedies(record.change, first.kind))}


def mail_shape(mail: "StoredMail") -> dict[str, object]:
    """A mail that came in, for `mail`; its fate is null while it waits."""
    return {
        "id": mail.id,
        "received_at": _iso(mail.arrived),
        "from": mail.sender,
        "subject": mail.subject,
        "fate": mail.fate.value if mail.fate else None,
        "number": mail.number or None,
        "reason": mail.reason,
    }


def letter_shape(letter: "StoredLetter", paused: Collection[str] = ()) -> dict[str, object]:
    """A letter that was sent or is owed, for `letters`; one that is owed to a paused address is kept."""
    kept = letter.state.value == "owed" and letter.recipient in paused
    return {
        "id": letter.id,
        "number": letter.number or None,
        "kind": letter.kind.value,
        "to": letter.recipient,
        "state": "kept" if kept else letter.state.value,
        "tries": letter.tries,
        "sent_at": _iso(letter.sent_at),
        "message_id": letter.message_id,
    }


def letter_document(letter: "StoredLetter", message: Message) -> dict[str, object]:
    """A letter as its reader gets it, for `letters ID`; `message` is its bytes, read."""
    return {
        **letter_shape(letter),
        "headers": shown_headers(message),
        "text": message.text,
        "enclosures": [file.name for file in message.attachments],
    }


def mail_document(mail: "StoredMail", message: Message) -> dict[str, object]:
    """What a mail says, for `mail ID`; `message` is its bytes, read. `text` is its writer's own."""
    return {
        **mail_shape(mail),
        "headers": shown_headers(message),
        "text": message.own_text,
        "attachments": [file.name for file in message.attachments],
    }


def shown_headers(message: Message) -> dict[str, str]:
    """The header fields that matter to people; empty where a mail has none."""
    return {name: message.header(name) for name in HEADERS}


def _deadline(deadline: Deadline) -> dict[str, object]:
    return {
        "kind": deadline.kind.value,
        "due": _iso(deadline.due),
        "owner": deadline.owner,
        "state": deadline.state,
        "met_on": _iso(deadline.met_on),
        "extended_to": _iso(deadline.later),
        "missed": _iso(deadline.missed) if deadline.later == deadline.extended_to else None,
    }


def _revision(revision: Revision, earlier: Revision | None, table: FieldTable) -> dict[str, object]:
    """A text of the change request; `changed` are the keys that it changed in the one before."""
    return {
        "number": revision.number,
        "at": _iso(revision.at),
        "mail": revision.mail,
        "by": revision.by or None,
        "changed": list(altered(earlier.fields, revision.fields)) if earlier else [],
        "fields": listed(revision.fields, table),
    }


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None
