"""Feeds: calendars that independent readers open, stable, and with no word that is not for their reader."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import vobject

from bot.posting.feeds import (
    Dated,
    Entry,
    Running,
    calendar_path,
    cr_calendar,
    public_dates,
    public_feed,
    staff_dates,
    staff_feeds,
)
from bot.posting.public import Record, posting
from bot.posting.strip import PUBLIC_DEADLINES
from bot.workflow.change import Meeting
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Row
from tests.posting.samples import OFFICE, change, intake

TODAY = date(2026, 11, 23)
SINCE = datetime(2026, 11, 22, 17, 12, tzinfo=UTC)
AT = datetime(2026, 12, 3, 17, 0, tzinfo=UTC)
STAFFED = replace(
    change(),
    people={"crpm": ("lena",), "director": ("omar",), "smes": ("joan",)},
    meeting=Meeting(AT, 45, "Bridge 303-555-0188; code 7, room A"),
    fields={**change().fields, "title": "Call (303) 555-0142; or pat@cedarloop.example, now\nBEGIN:VALARM"},
)
RUNNING = tuple(Running(Deadline(kind, date(2026, 12, 1 + n)), SINCE) for n, kind in enumerate(DeadlineKind))
ENTRY = Entry(STAFFED, RUNNING)
INTAKE = Entry(intake(), (Running(Deadline(DeadlineKind.FINISH_INTAKE, date(2026, 11, 24)), SINCE),))


def of(*entries: Entry) -> list[Dated]:
    """What stands in calendars about these."""
    found = [each for entry in entries for each in staff_dates(entry, OFFICE)]
    records = [shown_of(entry) for entry in entries if entry.change.logged]
    return found + [each for one in records for each in public_dates(one, posting(one, OFFICE), OFFICE)]


def shown_of(entry: Entry) -> Record:
    """The same as its page is made of; the last public row of its history was recorded at SINCE."""
    rows = (
        Row("CR Received", "The completed CR form was received", SINCE - timedelta(days=9), "bot", recorded_at=SINCE),
        Row("Additional Information", "INTERNAL", SINCE + timedelta(days=9), "rosa", public=False),
    )
    return Record(entry.change, rows, tuple(each.due for each in entry.running))


def events(content: bytes) -> dict[str, Any]:
    """The entries of a calendar by their UIDs, as one reader reads them; the other one must agree."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(content)
    found = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    again = vobject.readOne(content.decode())
    assert [str(event.uid.value) for event in again.vevent_list] == list(found)
    for event in again.vevent_list:
        assert event.summary.value == str(found[event.uid.value]["SUMMARY"])
        assert event.dtstart.value == found[event.uid.value].decoded("DTSTART")
    return found


def test_the_public_feed_says_what_the_pages_say() -> None:
    """Every public date as a whole day with the page's address; no contact data, no internal date, no intake."""
    content = public_feed(of(ENTRY, INTAKE), OFFICE, TODAY)
    found = events(content)
    mine = {uid: event for uid, event in found.items() if uid.startswith("PC")}
    assert len(mine) == len(PUBLIC_DEADLINES)
    event = mine["PC112226-1-respond@meridell.example"]
    due = next(each.due.due for each in RUNNING if each.due.kind is DeadlineKind.RESPOND)
    assert event.decoded("DTSTART") == due
    assert event.decoded("DTEND") == due + timedelta(days=1)
    assert str(event["SUMMARY"]) == "PC112226-1: Response issued"
    assert str(event["URL"]) == "https://cmp.meridell.example/cr/PC112226-1.html"
    assert event.decoded("DTSTAMP") == SINCE
    for secret in (b"555", b"pat@", b"IN112226", b"draft", b"VALARM\r\n", b"Clarification Meeting\r\nDESCRIPTION:x"):
        assert secret not in content.replace(b"\r\n ", b"")


def test_the_monthly_meetings_are_in_every_feed() -> None:
    """The last one, this month's and a year's, moved ones where they are moved to, with their hours; the number
    of the bridge is for the staff."""
    moved = replace(OFFICE.calendar.meeting, moved=(date(2026, 12, 9),), minutes=90, place="Bridge 303-555-0150")
    office = replace(OFFICE, calendar=replace(OFFICE.calendar, meeting=moved))
    found = events(public_feed((), office, TODAY))
    assert list(found)[:3] == [f"monthly-2026-{month}@meridell.example" for month in (10, 11, 12)]
    assert len(found) == 14
    december = found["monthly-2026-12@meridell.example"]
    assert december.decoded("DTSTART") == datetime(2026, 12, 9, 16, 0, tzinfo=UTC)
    assert december.decoded("DTEND") - december.decoded("DTSTART") == timedelta(minutes=90)
    assert found["monthly-2027-07@meridell.example"].decoded("DTSTART").hour == 15  # summer time
    assert str(december["SUMMARY"]) == "Monthly CMP Meeting"
    assert str(december["URL"]) == "https://cmp.meridell.example/meetings.html"
    assert "LOCATION" not in december and "TRANSP" not in december
    staff = events(dict(staff_feeds((), office, TODAY))["sme.ics"])
    assert set(found) <= set(staff)
    assert str(staff["monthly-2026-12@meridell.example"]["LOCATION"]) == "Bridge 303-555-0150"


def test_a_monthly_meeting_of_which_nobody_said_how_long_it_takes_is_an_hour() -> None:
    """Better than an instant, which no calendar shows."""
    december = events(public_feed((), OFFICE, TODAY))["monthly-2026-12@meridell.example"]
    assert december.decoded("DTEND") - december.decoded("DTSTART") == timedelta(hours=1)


def test_an_agreed_later_date_moves_the_same_entry() -> None:
    """The UID stays, and the first date is told."""
    later = Running(Deadline(DeadlineKind.RESPOND, date(2026, 12, 9), extended_to=date(2026, 12, 11)), SINCE)
    event = events(public_feed(of(Entry(STAFFED, (later,))), OFFICE, TODAY))["PC112226-1-respond@meridell.example"]
    assert event.decoded("DTSTART") == date(2026, 12, 11)
    assert "Planned for 12/09/2026" in str(event["DESCRIPTION"])


def test_everybody_has_their_own() -> None:
    """A role has what it answers for, a person what they are assigned to; a meeting has its hours."""
    feeds = dict(staff_feeds(of(ENTRY, INTAKE), OFFICE, TODAY))
    assert set(feeds) == {
        "cmp-manager.ics", "cmp-group-manager.ics", "crpm.ics", "director.ics", "sme.ics",
        "person/rosa.ics", "person/ivan.ics", "person/lena.ics", "person/omar.ics", "person/joan.ics",
    }  # fmt: skip
    lena, omar = events(feeds["person/lena.ics"]), events(feeds["person/omar.ics"])
    meeting = lena["PC112226-1-meeting-1@meridell.example"]
    assert meeting.decoded("DTSTART") == AT
    assert meeting.decoded("DTEND") == AT + timedelta(minutes=45)
    assert str(meeting["LOCATION"]) == "Bridge 303-555-0188; code 7, room A"
    assert not any("-meeting-" in uid for uid in omar)
    assert "PC112226-1-approve@meridell.example" in omar
    assert "PC112226-1-approve@meridell.example" not in lena
    assert "IN112226-1-finish_intake@meridell.example" in events(feeds["person/rosa.ics"])
    assert "IN112226-1-finish_intake@meridell.example" not in lena
    unassigned = Entry(replace(STAFFED, people={}), RUNNING)
    others = events(dict(staff_feeds(of(unassigned), OFFICE, TODAY))["person/lena.ics"])
    assert not any(uid.startswith("PC") for uid in others)


def test_a_cancelled_meeting_is_gone() -> None:
    """It stands in nobody's calendar."""
    planned = STAFFED.meeting
    assert planned is not None
    off = replace(STAFFED, meeting=replace(planned, cancelled=True))
    assert b"-meeting-" not in dict(staff_feeds(of(Entry(off)), OFFICE, TODAY))["crpm.ics"]


def test_the_same_state_gives_the_same_bytes() -> None:
    """Whatever the order of the register and the day of the month."""
    once = public_feed(of(ENTRY, INTAKE), OFFICE, TODAY)
    assert public_feed(of(INTAKE, replace(ENTRY, running=RUNNING[::-1])), OFFICE, TODAY - timedelta(days=22)) == once


def test_a_change_request_has_a_calendar_of_its_own() -> None:
    """What its page says is ahead, under the names that the entries have in the public feed; nothing else of it."""
    one = shown_of(ENTRY)
    shown = posting(one, OFFICE)
    found = events(cr_calendar(one, shown, OFFICE))
    dates = {str(event["SUMMARY"]): event.decoded("DTSTART") for event in found.values()}
    meeting = {"PC112226-1: Clarification Meeting": AT}
    assert dates == {f"PC112226-1: {due.step}": due.on for due in shown.ahead} | meeting
    of_all = events(public_feed(of(ENTRY), OFFICE, TODAY))
    assert {uid for uid in of_all if uid.startswith("PC")} == set(found)
    event = found["PC112226-1-respond@meridell.example"]
    assert str(event["URL"]) == "https://cmp.meridell.example/cr/PC112226-1.html"
    assert b"555" not in cr_calendar(one, shown, OFFICE)
    assert calendar_path("PC112226-1") == "cr/PC112226-1.ics"


def test_what_has_no_date_ahead_has_no_calendar() -> None:
    """A calendar must hold something (RFC 5545 section 3.6)."""
    one = Record(replace(STAFFED, meeting=None))
    assert cr_calendar(one, posting(one, OFFICE), OFFICE) == b""


def test_a_later_date_says_whether_it_was_agreed_on() -> None:
    """One to which it was only carried on, from a date that it missed, was agreed on with nobody."""
    first, later = date(2026, 12, 16), date(2027, 1, 20)
    told = {
        "a later date was agreed on": Deadline(DeadlineKind.PRESENT, first, extended_to=later),
        "it is carried on from there": Deadline(DeadlineKind.PRESENT, first).carried_on(later),
    }
    for words, due in told.items():
        entry = Entry(STAFFED, (Running(due, SINCE),))
        for content in (public_feed(of(entry), OFFICE, TODAY), dict(staff_feeds(of(entry), OFFICE, TODAY))["crpm.ics"]):
            event = events(content)["PC112226-1-present@meridell.example"]
            assert event.decoded("DTSTART") == later
            assert f"Planned for 12/16/2026; {words}" in str(event["DESCRIPTION"])
