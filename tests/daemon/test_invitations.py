"""Invitations and their answers, from mail to letter, on real stores."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from bot.daemon.desk import Desk
from bot.edge.store import StoredLetter
from bot.edge.store.journal import replayed
from bot.intake.request import Partstat
from bot.mail.letter import Kind
from bot.posting.public import Record
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import WHOLE, at, opened, text_of
from tests.daemon.test_take_in import NOW, written
from tests.intake.calendars import KIM, apple, google, outlook

NUMBER = "PC112326-1"
SLOTS = "Availability: 11/20/2026 10:00 AM; 12/03/2026 10:00 AM; 11/26/2026 9:00 AM; 12/04/2026 2:00 PM\n"
LENA, GROUP, GRACE = "lena.brandt", "daniel.okafor", "grace.whitcomb"
HOUR = timedelta(hours=1)


def by(who: str, body: str, name: str) -> bytes:
    """A command mail of a member of the staff, proven by the border."""
    mail = EmailMessage()
    mail["Authentication-Results"] = "mx.meridell.example; dmarc=pass header.from=meridell.example"
    mail["From"], mail["To"] = f"{who}@meridell.example", "cmpcr@meridell.example"
    mail["Subject"] = f"[{NUMBER}]"
    mail["Message-ID"] = f"<{name}@meridell.example>"
    mail.set_content(body)
    return mail.as_bytes()


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """Kim's form is registered, everybody is assigned, and Lena has invited; an hour later."""
    assert arrive(desk, written(WHOLE + SLOTS, "first")) == {Fate.REGISTERED: 1}
    later = at(desk, NOW + HOUR)
    assert arrive(later, by(GROUP, f"ASSIGN CRPM {LENA} DIRECTOR {GRACE}", "assign")) == {Fate.OBEYED: 1}
    assert arrive(later, by(GRACE, "SME anita.pruitt", "smes")) == {Fate.OBEYED: 1}
    assert arrive(later, by(LENA, "MEETING 12/03/2026 10:00 AM 45 min Bridge 303-555-0100", "meet")) == {Fate.OBEYED: 1}
    return at(desk, NOW + 2 * HOUR)


def record(desk: Desk) -> Record:
    """The change request with its history."""
    found = desk.store.view(NUMBER)
    assert found is not None
    return found


def change(desk: Desk) -> ChangeRequest:
    """The change request as it stands."""
    return record(desk).change


def to(desk: Desk, kind: Kind, who: str) -> list[StoredLetter]:
    """The letters of a kind to somebody, oldest first."""
    return [letter for letter in letters(desk, kind) if letter.recipient.startswith(who)]


def event(desk: Desk, letter: StoredLetter) -> Any:
    """The event in an invitation, as a calendar that is not ours reads it, from both places where it stands."""
    parts = [part for part in opened(desk, letter).walk() if part.get_content_type() == "text/calendar"]
    files = [part for part in opened(desk, letter).walk() if part.get_filename() == "invite.ics"]
    (content,) = {bytes(part.get_payload(decode=True)) for part in (*parts, *files)}
    assert (len(parts), len(files)) == (1, 1)
    read = icalendar.Calendar.from_ical(content)
    assert parts[0].get_param("method") == read["METHOD"]
    (found,) = read.walk("VEVENT")
    return found


def test_the_times_of_the_clec_are_offered_to_the_crpm(planned: Desk) -> None:
    """Those that are to come, on business days, each as a line that is ready to be sent."""
    (letter,) = to(planned, Kind.ASSIGNED, LENA)
    said = text_of(planned, letter)
    assert '"MEETING 12/03/2026 10:00 AM"' in said
    assert '"MEETING 12/04/2026 02:00 PM"' in said
    assert "MEETING 11/2" not in said


def test_an_invitation_is_opened_by_a_calendar(planned: Desk) -> None:
    """Everybody gets the same event, each with no address but their own."""
    found = {letter.recipient: event(planned, letter) for letter in letters(planned, Kind.INVITATION)}
    assert {one.partition("@")[0] for one in found} == {"kim", LENA, "anita.pruitt"}
    assert {str(one["UID"]) for one in found.values()} == {f"{NUMBER}-meeting-1@meridell.example"}
    for address, one in found.items():
        assert one["ATTENDEE"] == f"mailto:{address}"
        assert one["ORGANIZER"] == "mailto:cmpcr@meridell.example"
        assert one.decoded("DTSTART").isoformat() == "2026-12-03T17:00:00+00:00"
        assert one.decoded("DTEND") - one.decoded("DTSTART") == timedelta(minutes=45)
        assert one["LOCATION"] == "Bridge 303-555-0100"


@pytest.mark.parametrize("shape", [outlook, google, apple], ids=["outlook", "google", "apple"])
def test_an_acceptance_is_kept_and_shown_and_nobody_is_written_to(planned: Desk, shape: Callable[[str], bytes]) -> None:
    """Its fate is obeyed; it stands in the row inside and in STATUS; no letter answers it, and none tells of it."""
    before = len(planned.store.letters())
    assert arrive(planned, shape("ACCEPTED")) == {Fate.OBEYED: 1}
    assert len(planned.store.letters()) == before
    (reply,) = change(planned).replies
    assert (reply.email, reply.partstat, reply.sequence) == (KIM, Partstat.ACCEPTED, 0)
    told = [row for row in record(planned).rows if "comes" in row.description]
    assert [row.public for row in told] == [False]
    assert arrive(planned, by(LENA, "STATUS", "status")) == {Fate.OBEYED: 1}
    said = text_of(planned, to(planned, Kind.TRANSCRIPT, LENA)[-1])
    assert "it is planned for Thursday, December 3, 2026, 10:00 AM Mountain Time" in " ".join(
        said.replace("|", "").split()
    )
    assert "No answer yet: Lena Brandt, Anita Pruitt" in said
    assert replayed(planned.store.journal(NUMBER)) == change(planned)


def test_a_refusal_is_told_to_the_crpm(planned: Desk) -> None:
    """With what they wrote and what can be done; the answer itself is never answered."""
    assert arrive(planned, outlook("DECLINED", comment="I am at a fair\\, sorry.")) == {Fate.OBEYED: 1}
    (letter,) = letters(planned, Kind.RSVP)
    assert letter.recipient.startswith(LENA)
    said = text_of(planned, letter)
    assert "does not come" in said
    assert "I am at a fair, sorry." in said
    assert "MEETING CANCEL" in said


def test_a_proposed_time_is_one_click_away(planned: Desk) -> None:
    """In the office's own zone, with what speaks against it; nothing moves by itself."""
    raw = outlook("TENTATIVE", method="COUNTER", starts="20261212T140000")
    assert arrive(planned, raw) == {Fate.OBEYED: 1}
    (letter,) = letters(planned, Kind.RSVP)
    said = text_of(planned, letter)
    assert 'Take the time that they propose: "MEETING 12/12/2026 02:00 PM"' in said
    assert "12/12/2026 is a Saturday" in said
    assert "later than 12/07/2026, 8 business days after the receipt" in said
    meeting = change(planned).planned
    assert meeting is not None
    assert meeting.at.isoformat() == "2026-12-03T17:00:00+00:00"


def test_an_answer_to_the_earlier_date_is_said_to_be_one(planned: Desk) -> None:
    """The meeting has moved since: the answer is kept, and the CRPM sees to what it was given."""
    assert arrive(planned, by(LENA, "MEETING 12/04/2026 2:00 PM", "move")) == {Fate.OBEYED: 1}
    moved = event(planned, to(planned, Kind.INVITATION, "kim")[-1])
    assert (moved["SEQUENCE"], moved.decoded("DTSTART").hour) == (1, 21)
    assert arrive(planned, google("DECLINED")) == {Fate.OBEYED: 1}
    assert letters(planned, Kind.RSVP) == []
    rows = [row.description for row in record(planned).rows]
    assert any("does not come (an answer to the invitation before this one)" in row for row in rows)


def test_only_the_sender_answers_for_themselves(planned: Desk) -> None:
    """An answer in somebody else's name counts for nothing, and neither does that of somebody not invited."""
    forged = outlook("DECLINED", sender="mallory@bench00.example")
    assert arrive(planned, forged) == {Fate.REFUSED: 1}
    other = apple().replace(b"kim@bench00.example", b"lee@bench00.example")
    assert arrive(planned, other) == {Fate.REFUSED: 1}
    assert change(planned).replies == ()
    assert letters(planned, Kind.RSVP) == []


def test_what_nothing_proves_is_kept_as_such(planned: Desk) -> None:
    """It never takes the place of an answer that is proven, and the CRPM is told to ask."""
    assert arrive(planned, outlook("DECLINED", vouched=False, name="forged")) == {Fate.OBEYED: 1}
    assert [reply.proven for reply in change(planned).replies] == [False]
    assert "Nothing proves that this answer is theirs" in text_of(planned, letters(planned, Kind.RSVP)[0])
    assert arrive(planned, google("ACCEPTED")) == {Fate.OBEYED: 1}
    assert arrive(planned, outlook("DECLINED", vouched=False, name="again", comment="x")) == {Fate.OBEYED: 1}
    (reply,) = change(planned).replies
    assert (reply.proven, reply.partstat) == (True, Partstat.ACCEPTED)


def test_an_answer_to_nothing_is_filed(planned: Desk) -> None:
    """A meeting that never was: no letter, no row, no help."""
    before = len(planned.store.letters())
    unknown = google(uid="PC010126-9-meeting-1@meridell.example")
    assert arrive(planned, unknown, outlook(uid=f"{NUMBER}-meeting-7@meridell.example", name="b")) == {
        Fate.AUTOMATIC: 2
    }
    assert len(planned.store.letters()) == before


def test_an_answer_is_not_in_the_way_of_an_undo(planned: Desk) -> None:
    """Lena can take her invitation back though Kim has answered; who has it is told by the calendar too."""
    assert planned.store.owed(50, NOW + 2 * HOUR)
    assert arrive(planned, google("ACCEPTED")) == {Fate.OBEYED: 1}
    assert arrive(planned, by(LENA, "UNDO", "undo")) == {Fate.OBEYED: 1}
    assert change(planned).planned is None
    kims = event(planned, to(planned, Kind.INVITATION, "kim")[-1])
    assert (kims["STATUS"], kims["SEQUENCE"]) == ("CANCELLED", 1)
    assert arrive(planned, by(LENA, "MEETING 12/04/2026 9:00 AM", "anew")) == {Fate.OBEYED: 1}
    again = event(planned, to(planned, Kind.INVITATION, "kim")[-1])
    assert (again["UID"], again["SEQUENCE"]) == (f"{NUMBER}-meeting-2@meridell.example", 0)
