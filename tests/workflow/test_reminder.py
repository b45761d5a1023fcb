"""Reminders: the sender of an incomplete form, then the CMP Manager, and never silence."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.mail.letter import Kind, Letter, Thread
from bot.workflow.change import MANAGER, SENDER, ChangeRequest, Step
from bot.workflow.deadline import Deadline, DeadlineKind, on_asking
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Open, Send
from bot.workflow.event import Elapsed
from bot.workflow.reminder import REMINDERS, cause_of, stage
from tests.workflow.offices import MANAGER as MONA
from tests.workflow.offices import MISSING_PHONE, NOW, OFFICE, STAFFED, UNPROVEN, at_step, opened, submitted, told

DUE = Deadline(DeadlineKind.CORRECT, date(2026, 11, 25))
THEN = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


def waiting() -> ChangeRequest:
    """An intake that waits for its sender."""
    change = decide(None, submitted(number="IN112326-1", problems=(MISSING_PHONE,)), OFFICE, NOW).change
    assert change is not None
    return change


def elapsed(change: ChangeRequest, due: Deadline = DUE, at: int = 1) -> Decision:
    """What a stage of a deadline does."""
    return decide(change, Elapsed(cause_of(change, due, at), due, at), OFFICE, THEN)


def letters(decision: Decision) -> list[Letter]:
    """The letters that a decision owes."""
    return [effect.letter for effect in decision.effects if isinstance(effect, Send)]


def test_a_sender_is_asked_again_in_the_same_thread() -> None:
    """With what is still missing, at the address that may be written to; the count is kept."""
    decision = elapsed(waiting())
    (letter,) = letters(decision)
    assert (letter.kind, letter.to.email, letter.thread) == (
        Kind.REMINDER,
        "pat@pine.example",
        Thread("<a@pine.example>"),
    )
    assert letter.context["submission"].problems == (MISSING_PHONE,)  # type: ignore[attr-defined]  # a Submission
    assert decision.change is not None
    assert decision.change.inquiry is not None
    assert (decision.change.inquiry.reminders, decision.change.waits_for) == (1, SENDER)
    assert not decision.rows[0].public


def test_an_unproven_sender_is_reminded_at_the_address_of_the_directory() -> None:
    """Never the From address that nobody vouches for."""
    event = submitted(UNPROVEN, "IN112326-1", problems=(MISSING_PHONE,))
    change = decide(None, event, OFFICE, NOW).change
    assert change is not None
    assert [letter.to.email for letter in letters(elapsed(change))] == ["orders@pine.example"]


def test_after_the_last_reminder_the_cmp_manager_decides() -> None:
    """It is handed over, with a clock of its own; a catch-up after a long rest is still one letter."""
    change: ChangeRequest | None = waiting()
    for at in (1, 7):
        assert change is not None
        change = elapsed(change, at=at).change
    assert change is not None
    decision = elapsed(change, at=8)
    assert [(letter.kind, letter.to) for letter in letters(decision)] == [(Kind.REVIEW, MONA.address)]
    assert decision.change is not None
    assert decision.change.waits_for == MANAGER
    assert [effect.deadline.kind for effect in decision.effects if isinstance(effect, Open)] == [
        DeadlineKind.FINISH_INTAKE
    ]
    assert "2 reminders" in decision.reason


def test_nobody_is_reminded_of_what_has_ended() -> None:
    """A logged CR, and a dropped intake."""
    logged = decide(None, submitted(), OFFICE, NOW).change
    assert logged is not None
    ended = replace(waiting(), phase=type(logged.phase).COMPLETION)
    assert not letters(elapsed(logged)) and not letters(elapsed(ended))


def test_stages_count_business_days() -> None:
    """The first is the day it is due, or the one after; weekends count nothing; what is met or has no row, never."""
    days = [date(2026, 11, 24) + timedelta(days=n) for n in range(8)]  # Tuesday to Tuesday; no holidays here
    assert [stage(DUE, day, OFFICE) for day in days] == [0, 1, 1, 2, 2, 2, 2, 3]
    assert [stage(replace(DUE, kind=DeadlineKind.RESPOND), day, OFFICE) for day in days] == [0, 0, 1, 2, 2, 2, 3, 4]
    assert stage(replace(DUE, met_on=days[0]), days[-1], OFFICE) == 0
    assert stage(replace(DUE, kind=DeadlineKind.POST), days[-1], OFFICE) == 0
    assert stage(replace(DUE, extended_to=days[-1]), days[-2], OFFICE) == 0


def test_stages_of_different_rounds_are_told_apart() -> None:
    """A partial answer starts the clock anew: its reminders are no repetition of the first ones."""
    change = waiting()
    again = on_asking(OFFICE, NOW + timedelta(days=3))
    assert len({cause_of(change, due, at) for due in (DUE, again) for at in (1, 2)}) == 4
    assert set(REMINDERS) <= set(DeadlineKind)


def missed(change: ChangeRequest, due: date, at: int = 1) -> Decision:
    """What follows from a response that was not issued in time, on the day after."""
    deadline = Deadline(DeadlineKind.RESPOND, due)
    event = Elapsed(cause_of(change, deadline, at), deadline, at)
    return decide(change, event, STAFFED, datetime.combine(due + timedelta(days=1), time(16), UTC))


def test_a_response_that_misses_its_week_is_due_for_the_meeting_after() -> None:
    """Its date and its place on the agenda move on, and whoever was told the first date is told the new one
    (domain.md section 8, 12)."""
    change = at_step(Step.RESPONSE, agenda=date(2026, 12, 16))
    decision = missed(change, date(2026, 12, 9))
    assert decision.change is not None
    assert decision.change.agenda == date(2027, 1, 20)
    assert opened(decision) == {
        DeadlineKind.RESPOND: date(2027, 1, 13),
        DeadlineKind.PRESENT_RESPONSE: date(2027, 1, 20),
    }
    assert told(decision) == {
        (Kind.AGENDA_ITEM, name) for name in ("pat", "lena.brook", "anita.vale", "joe.castle", "grace.holt")
    }
    contexts = {letter.to.email.partition("@")[0]: letter.context for letter in letters(decision)}
    context = contexts["anita.vale"]
    assert (context["was"], context["meeting"]) == (date(2026, 12, 16), date(2027, 1, 20))
    assert context["why"] == "no response was issued by 12/09/2026, a week before it; it is due by 01/13/2027 now"
    assert context["due"] == (("issue the response", "Wednesday, January 13, 2027"),)
    assert contexts["pat"]["due"] == ()
    assert decision.rows[0].public


def test_what_was_issued_or_moved_before_stays_where_it_is() -> None:
    """At step 5, and where it is due for a later meeting already."""
    assert missed(at_step(Step.PRESENTATION, agenda=date(2026, 12, 16)), date(2026, 12, 9)).rows == ()
    assert missed(at_step(Step.RESPONSE, agenda=date(2027, 1, 20)), date(2026, 12, 9)).rows == ()
