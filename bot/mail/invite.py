"""Invitations to calendars (RFC 5546 over RFC 5545): values in, bytes out.

Its one rule: an invitation names nobody but us and its one recipient; whoever gets it sees no address of
somebody else's (DESIGN section 6).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.mail.ical import PRODUCT, escaped, instant, parameter, written
from bot.office.people import Address

UID = re.compile(r"([A-Z]{2,3}\d{6}-\d+|\d{4,8})-meeting-(\d{1,6})@(.+)")
METHOD = re.compile(rb"^METHOD:([A-Z]+)\r$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Invitation:
    """One meeting for one calendar. `uid` names it for ever and `sequence` counts its changes; `written_at`
    and `starts` are aware instants. One that is `cancelled` is taken out of the calendar again."""

    uid: str
    sequence: int
    written_at: datetime
    starts: datetime
    minutes: int
    summary: str
    description: str
    place: str
    organizer: Address
    attendee: Address
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Uid:
    """What the UID of an invitation of ours says: the key of the change request, which of its meetings it
    is, and the domain that wrote it."""

    key: str
    n: int
    domain: str


def uid_of(key: str, n: int, domain: str) -> str:
    """The UID of the n-th meeting about a change request (RFC 5545 section 3.8.4.7).

    >>> uid_of("PC112326-1", 2, "meridell.example")
    'PC112326-1-meeting-2@meridell.example'
    """
    return f"{key}-meeting-{n}@{domain}"


def read_uid(uid: str) -> Uid | None:
    """What a UID says; None for one that we never wrote."""
    found = UID.fullmatch(uid)
    return Uid(found[1], int(found[2]), found[3].lower()) if found else None


def calendar(invitation: Invitation) -> bytes:
    """The iCalendar object, UTF-8: a REQUEST, of which a higher sequence is an update, or a CANCEL."""
    ends = invitation.starts + timedelta(minutes=invitation.minutes)
    lines = [
        "BEGIN:VCALENDAR",
        f"PRODID:{PRODUCT}",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        f"METHOD:{'CANCEL' if invitation.cancelled else 'REQUEST'}",
        "BEGIN:VEVENT",
        f"UID:{invitation.uid}",
        f"SEQUENCE:{invitation.sequence}",
        f"DTSTAMP:{instant(invitation.written_at)}",
        f"DTSTART:{instant(invitation.starts)}",
        f"DTEND:{instant(ends)}",
        f"SUMMARY:{escaped(invitation.summary)}",
        *((f"LOCATION:{escaped(invitation.place)}",) if invitation.place else ()),
        f"DESCRIPTION:{escaped(invitation.description)}",
        f"ORGANIZER{_named(invitation.organizer)}:mailto:{invitation.organizer.email}",
        f"ATTENDEE{ASKED}{_named(invitation.attendee)}:mailto:{invitation.attendee.email}",
        f"STATUS:{'CANCELLED' if invitation.cancelled else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return written(lines)


ASKED = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"


def method_of(content: bytes) -> str:
    """What an iCalendar object of ours asks of its reader: REQUEST or CANCEL.

    Raises ValueError for what is none.
    """
    found = METHOD.search(content)
    if found is None:
        raise ValueError("not an invitation of ours: it has no METHOD")
    return found[1].decode("ascii")


def _named(address: Address) -> str:
    return f";CN={parameter(address.name)}" if address.name else ""
