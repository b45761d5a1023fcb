"""Answers to invitations, in the shapes of those who send them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.request import Partstat, Rsvp
from bot.intake.rsvp import rsvp_in
from bot.intake.screen import Accept, Automatic, screen
from bot.mail.message import Attachment, Message
from bot.mail.parse import parse
from bot.office.people import Address
from tests.intake.calendars import KIM, MOUNTAIN, UID, apple, google, outlook

SHAPES = {"outlook": outlook, "google": google, "apple": apple}
OURS = frozenset({"cmpcr@meridell.example"})


def read(raw: bytes) -> Rsvp | None:
    """The answer in a mail."""
    return rsvp_in(parse(raw))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("partstat", [Partstat.ACCEPTED, Partstat.DECLINED, Partstat.TENTATIVE])
def test_each_shape_is_read(shape: str, partstat: Partstat) -> None:
    """Who answers what to which invitation, whatever wraps it."""
    found = read(SHAPES[shape](partstat, sequence=3, comment="I am away\\, sorry.\\nKim"))
    assert found == Rsvp(UID, 3, partstat, KIM, "I am away, sorry.\nKim")


def test_a_note_in_outlooks_text_counts() -> None:
    """Where Outlook leaves the comment empty, its text is what the attendee typed; Google's is its own."""
    assert read(outlook(body="I may be five minutes late.")) == Rsvp(
        UID, 0, Partstat.ACCEPTED, KIM, "I may be five minutes late."
    )
    found = read(google())
    assert found is not None
    assert found.comment == ""


@pytest.mark.parametrize(
    ("starts", "instant"),
    [
        ("20261204T140000", datetime(2026, 12, 4, 21, 0, tzinfo=UTC)),
        ("20270313T140000", datetime(2027, 3, 13, 21, 0, tzinfo=UTC)),
        ("20270314T140000", datetime(2027, 3, 14, 20, 0, tzinfo=UTC)),
        ("20271107T140000", datetime(2027, 11, 7, 21, 0, tzinfo=UTC)),
        ("20270131T013000", datetime(2027, 1, 31, 8, 30, tzinfo=UTC)),
    ],
)
def test_a_time_in_windows_zones(starts: str, instant: datetime) -> None:
    """The calendar itself explains its zone, summer and winter."""
    found = read(outlook("TENTATIVE", method="COUNTER", starts=starts))
    assert found is not None
    assert (found.proposes, found.proposed) == (True, instant)


def test_a_time_in_utc_and_times_that_nobody_can_read() -> None:
    """A mere day, a time without a zone and a zone without rules are left out; that another time is wished is not."""
    found = read(google("TENTATIVE", method="COUNTER", starts="20261204T210000Z"))
    assert found is not None
    assert found.proposed == datetime(2026, 12, 4, 21, 0, tzinfo=UTC)
    nonsense = MOUNTAIN.replace("BYDAY=1SU", "BYDAY=SU").replace("BYMONTH=11", "BYYEARDAY=300")
    for zone in ("", nonsense, MOUNTAIN.replace("-0700", "west")):
        found = read(outlook("TENTATIVE", method="COUNTER", starts="20261204T140000", zone=zone))
        assert found is not None
        assert (found.proposes, found.proposed) == (True, None)
    found = read(google("TENTATIVE", method="COUNTER", starts="20261204"))
    assert found is not None
    assert found.proposed is None


def test_rules_that_ended_do_not_count() -> None:
    """Apple's calendars carry the rules of former years too."""
    former = MOUNTAIN.replace("END:VTIMEZONE\n", "") + (
        "BEGIN:DAYLIGHT\nDTSTART:19870405T020000\nTZOFFSETFROM:-0700\nTZOFFSETTO:-0500\n"
        "RRULE:FREQ=YEARLY;UNTIL=20060402T090000Z;BYMONTH=4;BYDAY=1SU\nEND:DAYLIGHT\n"
        "BEGIN:STANDARD\nDTSTART:19181027T020000\nTZOFFSETFROM:-0600\nTZOFFSETTO:-0900\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    found = read(outlook("TENTATIVE", method="COUNTER", starts="20270601T140000", zone=former))
    assert found is not None
    assert found.proposed == datetime(2027, 6, 1, 20, 0, tzinfo=UTC)


def test_a_delegate_is_named() -> None:
    """Of two attendees the one who writes is meant."""
    event = google("DELEGATED").decode()
    event = event.split("--0000A\nContent-Type: application/ics")[0] + "--0000A--\n"
    event = event.replace("PARTSTAT=DELEGATED;", 'PARTSTAT=DELEGATED;DELEGATED-TO="mailto:Lee@bench00.example";')
    event = event.replace("\r\nATTENDEE", "\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:lee@bench00.example\r\nATTENDEE")
    assert read(event.encode()) == Rsvp(UID, 0, Partstat.DELEGATED, KIM, delegate="lee@bench00.example")


@pytest.mark.parametrize(
    "raw",
    [
        google(uid="7kukuqrfedlm2f9t9gpl2g@google.example"),
        google(method="REQUEST"),
        google(method="PUBLISH"),
        google().replace(b'name="invite.ics"', b'name="form.docx"').replace(b"application/ics", b"application/msword"),
        outlook().replace(b"text/calendar", b"text/plain"),
    ],
)
def test_what_is_no_answer_of_ours_is_left_alone(raw: bytes) -> None:
    """Another organizer's event, an invitation, and a mail with further files."""
    assert read(raw) is None


def test_an_answer_by_a_machine_is_read() -> None:
    """What somebody clicked is often marked as automatic; an invitation to us by a machine is not an answer."""
    assert screen(parse(google()), OURS, "meridell.example") == Accept()
    assert isinstance(screen(parse(google(method="REQUEST")), OURS, "meridell.example"), Automatic)
    own = google().replace(KIM.encode(), b"cmpcr@meridell.example")
    assert isinstance(screen(parse(own), OURS, "meridell.example"), Automatic)


def calendar(content: bytes) -> Message:
    """A mail of Kim's with just that calendar."""
    return Message(sender=Address(KIM), attachments=(Attachment("a.ics", "text/calendar", content),))


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_nothing_that_a_calendar_holds_stops_the_reading(before: bytes, within: bytes) -> None:
    """Whatever stands in it, it is an answer or none."""
    event = b"BEGIN:VCALENDAR\nMETHOD:COUNTER\n%s\nBEGIN:VEVENT\nUID:%s\nATTENDEE:mailto:a@b.example\n%s\nEND:VEVENT\n"
    rsvp_in(calendar(event % (before, UID.encode(), within)))


@pytest.mark.parametrize("starts", ["00010101T000000", "99991231T235959", "20261399T990000"])
def test_times_at_the_ends_of_the_world(starts: str) -> None:
    """What cannot be an instant is none."""
    found = read(outlook("TENTATIVE", method="COUNTER", starts=starts))
    assert found is not None
    assert found.proposed is None or found.proposed.year in {1, 9999}


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VEVENT\n" * 4000,
        b"ATTENDEE" + b";A=" * 20_000,
        b'ATTENDEE;CN="' + b'";"' * 15_000,
        b"DTSTART;TZID=" + b"x" * 60_000 + b":1",
        b" \n" * 30_000,
    ],
)
def test_large_nonsense_is_quick(content: bytes) -> None:
    """The work is bounded by the size."""
    assert rsvp_in(calendar(b"BEGIN:VCALENDAR\nMETHOD:REPLY\n" + content)) is None
