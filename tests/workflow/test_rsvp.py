"""What comes of an answer to an invitation: whose it is, what is kept, and who is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.intake.request import Partstat, Rsvp
from bot.intake.verify import Standing
from bot.mail.invite import uid_of
from bot.mail.letter import Kind
from bot.office.office import Absence
from bot.workflow.change import ChangeRequest, Meeting, Reply, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Fate, Remind
from bot.workflow.event import Awaited, Replied
from bot.workflow.invitation import attending, who_comes
from bot.workflow.offer import of_letter
from tests.workflow.offices import LENA, MORNING, PAT, STAFFED, at_step, by, letters_of, running, told

AT = datetime(2026, 12, 3, 17, 0, tzinfo=UTC)
BARE = at_step(Step.CLARIFICATION)
PLANNED = Meeting(AT, sequence=2, n=2, invited=tuple(to for to, _ in attending(BARE, STAFFED).values()))
CHANGE = replace(BARE, meeting=PLANNED)
CLARIFY = running((DeadlineKind.CLARIFY, date(2026, 12, 4)))
HOUSE = STAFFED.organisation.address.domain


def replied(
    partstat: Partstat, standing: Standing = PAT, change: ChangeRequest | None = CHANGE, **more: object
) -> Decision:
    """What somebody's answer to the planned meeting, as it stands, comes to; fields of the answer by name."""
    email = standing.sender.email if standing.sender else ""
    rsvp = replace(Rsvp(uid_of(BARE.key, 2, HOUSE), 2, partstat, email), **more)  # type: ignore[arg-type]  # fields by name
    return decide(change, Replied("c", MORNING, rsvp, standing, CLARIFY), STAFFED, MORNING)


def replies(decision: Decision) -> list[Reply]:
    """What is kept."""
    assert decision.change is not None
    return list(decision.change.replies)


@pytest.mark.parametrize(
    ("partstat", "more", "tells"),
    [
        (Partstat.ACCEPTED, {}, False),
        (Partstat.TENTATIVE, {}, False),
        (Partstat.NEEDS_ACTION, {}, False),
        (Partstat.ACCEPTED, {"comment": "Ten minutes late."}, True),
        (Partstat.DECLINED, {}, True),
        (Partstat.DELEGATED, {"delegate": "lee@pine.example"}, True),
        (Partstat.TENTATIVE, {"proposes": True}, True),
        (Partstat.DECLINED, {"sequence": 1}, False),
    ],
)
def test_the_crpm_is_told_of_what_asks_for_something(partstat: Partstat, more: dict[str, object], tells: bool) -> None:
    """The rest is kept, and seen in STATUS and in the reminder; nothing is posted, nobody else is told."""
    decision = replied(partstat, PAT, CHANGE, **more)
    assert decision.fate is Fate.OBEYED
    assert told(decision) == ({(Kind.RSVP, "lena.brook")} if tells else set())
    assert [reply.partstat for reply in replies(decision)] == [partstat]
    assert not any(row.public for row in decision.rows)
    assert decision.change is not None
    assert decision.change.meeting == PLANNED


def test_who_stands_in_for_the_crpm_is_told_too_and_the_crpm_not_of_their_own() -> None:
    """Letters about a role go where its holder's go."""
    away = replace(STAFFED, absences=(Absence("lena", date(2026, 12, 20), "toby"),))
    event = Replied("c", MORNING, Rsvp(uid_of(BARE.key, 2, HOUSE), 2, Partstat.DECLINED, "pat@pine.example"), PAT)
    assert {name for _, name in told(decide(CHANGE, event, away, MORNING))} == {"lena.brook", "toby.marsh"}
    assert told(replied(Partstat.DECLINED, by(LENA))) == set()


def test_a_proposed_time_is_offered_unless_it_is_over() -> None:
    """The line is ready in the office's own zone; what cannot be read is said."""
    today = STAFFED.calendar.local_date(MORNING)
    (letter,) = letters_of(replied(Partstat.TENTATIVE, proposes=True, proposed=AT + timedelta(days=1)))
    offered, _ = of_letter(letter, STAFFED, today)
    assert offered.prominent[0].line == "MEETING 12/04/2026 10:00 AM"
    (letter,) = letters_of(replied(Partstat.TENTATIVE, proposes=True, proposed=MORNING - timedelta(days=1)))
    assert letter.context["over"]
    assert of_letter(letter, STAFFED, today)[0].prominent[0].verb == "HELD"
    (letter,) = letters_of(replied(Partstat.TENTATIVE, proposes=True))
    assert letter.context["said"] == "may come, and proposes a time that cannot be read"


def test_a_later_answer_takes_the_place_of_an_earlier_one() -> None:
    """One answer a person and meeting; one to an earlier invitation never covers one to the present one."""
    first = replied(Partstat.ACCEPTED)
    second = replied(Partstat.DECLINED, change=first.change)
    assert [reply.partstat for reply in replies(second)] == [Partstat.DECLINED]
    stale = replied(Partstat.ACCEPTED, change=second.change, sequence=1)
    assert [reply.partstat for reply in replies(stale)] == [Partstat.DECLINED]
    assert len(stale.rows) == 1


@pytest.mark.parametrize(
    "meeting",
    [replace(PLANNED, cancelled=True), replace(PLANNED, held_on=date(2026, 12, 1)), replace(PLANNED, n=3)],
    ids=["cancelled", "held", "another one"],
)
def test_an_answer_about_what_is_over_is_only_noted(meeting: Meeting) -> None:
    """It stands in a row inside; nobody is told, nothing is kept."""
    decision = replied(Partstat.DECLINED, change=replace(BARE, meeting=meeting))
    assert (decision.fate, replies(decision), letters_of(decision)) == (Fate.OBEYED, [], [])
    assert len(decision.rows) == 1


def test_an_answer_that_is_not_the_senders_does_not_count() -> None:
    """A row inside says so; the sender gets no word."""
    forged = replied(Partstat.DECLINED, attendee="joe.castle@meridell.example")
    assert forged.fate is Fate.REFUSED
    assert "it is for joe.castle@meridell.example, but came from pat@pine.example" in forged.rows[0].description
    assert (replies(forged), letters_of(forged)) == ([], [])
    nobody = replied(Partstat.DECLINED, change=None)
    assert (nobody.fate, nobody.change, nobody.rows) == (Fate.AUTOMATIC, None, ())


def test_the_reminder_says_who_comes() -> None:
    """Beside the date by which the meeting should be held."""
    after = replied(Partstat.ACCEPTED).change
    assert after is not None
    assert who_comes(after, STAFFED)[0] == ("Pat Example", "comes")
    due = Awaited(Deadline(DeadlineKind.CLARIFY, date(2026, 12, 4)), date(2026, 11, 23))
    reminders = [effect for effect in decide(after, due, STAFFED, AT).effects if isinstance(effect, Remind)]
    assert reminders
    for reminder in reminders:
        assert "Pat Example: comes" in reminder.notes
        assert "No answer yet: Lena Brook, Anita Vale, Joe Castle" in reminder.notes
