"""Course: what has come of a change request since it was taken in: meetings and their minutes, the
responses of the carrier, a dispute.

Its one rule: only what was issued or done is here. A draft is not, and what an UNDO took back stands in
the history alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.office.calendar import Calendar
from bot.posting.rows import takes_back
from bot.workflow.change import ChangeRequest, Meeting, Milestone, Response, Step
from bot.workflow.deadline import Deadline
from bot.workflow.effect import Row
from bot.workflow.invitation import called

MINUTES = re.compile(r"(?:Minutes|Revised minutes) of the meeting\b")
HELD = frozenset({"Clarification Meeting Held", "General Meeting Held"})
SENT = "Info Sent to CLEC"
NOTIFIED = "CLECs notified by "
MEETINGS, RESPONSE, HISTORY = "meetings", "response", "history"
"""The sections of the page, by the names that links use."""

Clean = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Issued:
    """A response as it was issued. `text` is what its file says beyond that; `replaced_on` the local
    date of the response that took its place, None for the one in force. It is the `n`-th of its change
    request, and `papers` are the paths of its files under the root, where the page offers them."""

    disposition: str
    notice: str
    on: date | None
    position: str
    basis: str
    reference: str
    text: str
    replaced_on: date | None
    n: int = 1
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathering:
    """A project meeting: planned (`at`, aware, and for how many minutes), held, or its minutes, with
    their text."""

    what: str
    on: date
    text: str = ""
    at: datetime | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Dispute:
    """An escalation, and once it is over its resolution; `frozen` while all other dates are stopped."""

    number: int
    opened_on: date
    by: str
    reason: str
    joined: tuple[str, ...]
    resolved_on: date | None
    resolution: str
    frozen: bool


def issued_of(change: ChangeRequest, clean: Clean, papers: Mapping[str, str]) -> tuple[Issued, ...]:
    """The responses, the one in force first; of one that an earlier register tells of only what it was. `papers`
    are the paths of the files that the page offers, by their SHA-256."""
    if not change.responses:
        on = next((one.on for one in change.milestones if one.milestone is Milestone.RESPONSE_ISSUED), None)
        return (Issued(change.disposition.value, "", on, "", "", "", "", None),) if change.disposition else ()
    later = (*(one.issued_on for one in change.responses[1:]), None)
    issued = (_issued(one, on, clean, papers) for one, on in zip(change.responses, later, strict=False))
    return tuple(replace(one, n=n) for n, one in enumerate(issued, 1))[::-1]


def _issued(response: Response, replaced_on: date | None, clean: Clean, papers: Mapping[str, str]) -> Issued:
    position, basis, reference = (clean(text) for text in (response.position, response.basis, response.reference))
    text = clean(response.text)
    beyond = _plain(text) not in map(_plain, (position, basis, reference))
    return Issued(
        response.disposition.value,
        response.notice,
        response.issued_on,
        position,
        basis,
        reference,
        text if beyond else "",
        replaced_on,
        papers=tuple(papers[file] for file in response.files if file in papers),
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def meetings_of(
    change: ChangeRequest, rows: Sequence[Row], running: Iterable[Deadline], calendar: Calendar, clean: Clean
) -> tuple[Gathering, ...]:
    """The project meetings and their minutes, newest first (domain.md 1.4); `running` are the deadlines that
    run, by which a meeting that is to come has its name."""
    if change.meeting is None:
        return ()
    # Of what happened at one time the last recorded is the newest.
    found = sorted(_standing(rows, _of_meeting), key=lambda row: row.at)[::-1]
    return (*_planned(change.meeting, running, calendar), *(_gathering(row, calendar, clean) for row in found))


def _planned(meeting: Meeting, running: Iterable[Deadline], calendar: Calendar) -> tuple[Gathering, ...]:
    """The meeting that is to come. Where it takes place is for those who are invited: the number of a
    bridge and its code are nobody else's."""
    if meeting.held_on or meeting.cancelled:
        return ()
    return (Gathering(called(meeting, running), calendar.local_date(meeting.at), "", meeting.at, meeting.minutes),)


def _gathering(row: Row, calendar: Calendar, clean: Clean) -> Gathering:
    if row.action in HELD:
        return Gathering(row.action, calendar.local_date(row.at))
    title, _, text = row.description.partition("\n")
    return Gathering(clean(title), calendar.local_date(row.at), clean(text))


def dispute_of(change: ChangeRequest, clean: Clean) -> Dispute | None:
    """The escalation that is open, or the last one there was."""
    found = change.escalation
    if found is None:
        return None
    frozen = change.step is Step.ESCALATED and change.open
    return Dispute(
        found.number,
        found.opened_on,
        clean(found.by),
        clean(found.reason),
        tuple(map(clean, found.joined)),
        found.resolved_on,
        clean(found.resolution),
        frozen,
    )


def below(change: ChangeRequest, rows: Sequence[Row]) -> Mapping[int, str]:
    """The rows, by their identity, whose whole text stands in another section of the page, and in which."""
    found: dict[int, str] = {}
    if change.meeting is None and not change.responses:
        return found
    if change.meeting:
        found |= {id(row): MEETINGS for row in _standing(rows, _of_meeting) if "\n" in row.description}
    if change.responses:
        found |= {id(row): part for row in rows if "\n" in row.description and (part := _response_of(change, row))}
    return found


def leads_to(change: ChangeRequest, row: Row) -> str:
    """The part of the page, by the name that links use, that has what a public row tells of: minutes, or a
    response. For any other, and for a response that is none any more, the history."""
    if change.meeting and row.action == SENT and MINUTES.match(row.description):
        return MEETINGS
    return _response_of(change, row) or HISTORY


def _response_of(change: ChangeRequest, row: Row) -> str:
    """The response that a row says was issued; empty for none."""
    if not row.description.startswith(NOTIFIED):
        return ""
    said = row.description.removeprefix(NOTIFIED)
    found = (n for n, one in enumerate(change.responses, 1) if one.notice and said.startswith(f"{one.notice}."))
    return next((f"{RESPONSE}-{n}" for n in found), "")


def _of_meeting(row: Row) -> bool:
    return row.action in HELD or (row.action == SENT and MINUTES.match(row.description) is not None)


def _standing(rows: Sequence[Row], wanted: Callable[[Row], bool]) -> list[Row]:
    """The public rows that are wanted and that no later UNDO took back; rows come as they were recorded."""
    return [
        row
        for place, row in enumerate(rows)
        if row.public and wanted(row) and not any(takes_back(later, row) for later in rows[place + 1 :])
    ]
