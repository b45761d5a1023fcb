"""Invitations, opened by readers that are not ours, and as mail programs expect them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.compose import compose, files_in
from bot.mail.invite import Invitation, calendar, method_of, read_uid, uid_of
from bot.mail.letter import Enclosure, Kind, Letter, Rendered
from bot.office.people import Address

HOUSE = Address("cmpcr@meridell.example", "Meridell CMP")
KIM = Address("kim.doe@bench00.example", 'Kim "K." Døe; Bench, Ltd.')
MOUNTAIN = timezone(timedelta(hours=-7))
AT = datetime(2026, 12, 3, 10, 0, tzinfo=MOUNTAIN)
WRITTEN = datetime(2026, 11, 24, 16, 15, 7, tzinfo=UTC)
MEETING = Invitation(
    uid_of("PC112326-1", 1, "meridell.example"),
    2,
    WRITTEN,
    AT,
    45,
    "PC112326-1 Clarification Meeting: Name the failing field, please; it helps",
    "About PC112326-1\nA long line that has to be folded somewhere in the middle of naïve café words, again and again.",
    "Bridge 303-555-0100, pin 4411#; room \\ 7",
    HOUSE,
    KIM,
)


def event_of(content: bytes) -> Any:
    """The only event of a calendar, by a reader of somebody else's."""
    read = icalendar.Calendar.from_ical(content)
    (event,) = read.walk("VEVENT")
    assert event.errors == []
    return event


def test_an_independent_reader_finds_what_was_meant() -> None:
    """Every value comes back, by icalendar; nothing reminds, nobody else is named."""
    content = calendar(MEETING)
    read = icalendar.Calendar.from_ical(content)
    assert (read["METHOD"], read["VERSION"]) == ("REQUEST", "2.0")
    event = event_of(content)
    assert event["UID"] == "PC112326-1-meeting-1@meridell.example"
    assert event["SEQUENCE"] == 2
    assert event.decoded("DTSTART") == AT
    assert event.decoded("DTSTART").tzinfo is not None
    assert event.decoded("DTEND") == AT + timedelta(minutes=45)
    assert event.decoded("DTSTAMP") == WRITTEN
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (MEETING.summary, MEETING.description)
    assert event["LOCATION"] == MEETING.place
    assert event["ORGANIZER"] == "mailto:cmpcr@meridell.example"
    assert event["ATTENDEE"] == "mailto:kim.doe@bench00.example"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["ATTENDEE"].params["CN"] == "Kim 'K.' Døe; Bench, Ltd."
    assert event["STATUS"] == "CONFIRMED"
    assert read.walk("VALARM") == []


def test_a_second_reader_agrees() -> None:
    """vobject finds the same."""
    read = vobject.readOne(calendar(MEETING).decode())
    event = read.vevent
    assert read.method.value == "REQUEST"
    assert event.uid.value == "PC112326-1-meeting-1@meridell.example"
    assert event.dtstart.value == AT
    assert event.dtend.value == AT + timedelta(minutes=45)
    assert (event.summary.value, event.location.value) == (MEETING.summary, MEETING.place)
    assert event.description.value == MEETING.description
    assert event.attendee.value == "mailto:kim.doe@bench00.example"


def test_a_cancellation_is_of_the_same_event() -> None:
    """METHOD:CANCEL, the same UID, one sequence on."""
    content = calendar(replace(MEETING, sequence=3, cancelled=True))
    event = event_of(content)
    assert icalendar.Calendar.from_ical(content)["METHOD"] == method_of(content) == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (MEETING.uid, 3, "CANCELLED")


@given(st.text(max_size=300), st.text(max_size=120), st.text(max_size=120))
def test_nobodys_words_become_a_line(description: str, summary: str, name: str) -> None:
    """Titles and names are of CLECs: whatever stands in them, the event has one attendee and one method."""
    hostile = replace(MEETING, description=description, summary=summary, attendee=Address(KIM.email, name))
    content = calendar(hostile)
    assert content.count(b"\r\nMETHOD:") == 1
    assert max(map(len, content.split(b"\r\n"))) <= 75
    event = event_of(content)
    assert event["ATTENDEE"] == f"mailto:{KIM.email}"
    assert event.decoded("DTSTART") == AT


@pytest.mark.parametrize(
    ("uid", "known"),
    [
        ("PC112326-1-meeting-1@meridell.example", ("PC112326-1", 1, "meridell.example")),
        ("IN112326-12-meeting-30@x.example", ("IN112326-12", 30, "x.example")),
        ("4302321-meeting-2@x.example", ("4302321", 2, "x.example")),
        ("SCR092601-1-meeting-1@x.example", ("SCR092601-1", 1, "x.example")),
        ("PC112326-1-meeting-1", None),
        ("pc112326-1-meeting-1@x.example", None),
        ("040000008200E00074C5B7101A82E008", None),
        ("", None),
    ],
)
def test_a_uid_says_what_it_is_of(uid: str, known: tuple[str, int, str] | None) -> None:
    """Ours are read back, and nobody else's."""
    found = read_uid(uid)
    assert (None if found is None else (found.key, found.n, found.domain)) == known


def composed(enclosures: tuple[Enclosure, ...] = ()) -> EmailMessage:
    """A letter with an invitation, as a mail program has it."""
    letter = Letter("a/0", Kind.INVITATION, KIM, "PC112326-1", enclosures=enclosures, calendar=calendar(MEETING))
    wire = compose(letter, Rendered("Clarification Meeting", "Come.", "<p>Come.</p>"), HOUSE, HOUSE.domain, WRITTEN)
    assert len(files_in(wire)) == len(enclosures)
    mail = message_from_bytes(wire, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_the_letter_carries_it_as_mail_programs_expect() -> None:
    """text/calendar with its method as the last alternative, and the same as a file (RFC 6047 section 2.4)."""
    mail = composed()
    alternatives, file = mail.iter_parts()
    kinds = [part.get_content_type() for part in alternatives.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    *_, part = alternatives.iter_parts()
    assert (part.get_param("method"), part.get_content_charset()) == ("REQUEST", "utf-8")
    assert part.get_content_disposition() is None
    assert part.get_payload(decode=True) == calendar(MEETING)
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert file.get_payload(decode=True) == calendar(MEETING)


def test_other_files_go_along() -> None:
    """A letter may carry both; one without an invitation has no trace of it."""
    mail = composed((Enclosure("a.txt", "text/plain", b"x"),))
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "multipart/alternative",
        "text/plain",
        "application/ics",
    ]
    plain = Letter("a/0", Kind.HELP, KIM)
    wire = compose(plain, Rendered("Help", "Help.", "<p>Help.</p>"), HOUSE, HOUSE.domain, WRITTEN)
    assert b"calendar" not in wire


def test_what_is_no_invitation_has_no_method() -> None:
    """A bug of ours is said at once."""
    with pytest.raises(ValueError, match="no METHOD"):
        method_of(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
