"""Digest: one letter a person and day, the most urgent first."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.mail.letter import Kind
from bot.office.people import Person
from bot.workflow.change import ActionItem, ChangeRequest, Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.digest import LISTED, MOST, Line, digest, row_of
from bot.workflow.effect import Remind
from bot.workflow.remedy import REMEDIES
from tests.workflow.offices import ANITA, GROUP, LENA, MANAGER, STAFFED, at_step

TODAY = date(2026, 12, 1)
CR = at_step(Step.CLARIFICATION)


def reminder(
    stage: int,
    kind: DeadlineKind = DeadlineKind.CLARIFY,
    person: Person = LENA,
    change: ChangeRequest = CR,
    *,
    why: str = "",
    item: int = 0,
) -> Remind:
    """A stage of a deadline, told to somebody."""
    due = STAFFED.calendar.add_business_days(TODAY, -stage)
    return Remind(person, f"due/{change.key}/{stage}", change, kind, kind.value, due, stage, why, (), item)


def lines_of(*reminders: Remind, person: Person = LENA) -> list[tuple[str, tuple[Line, ...]]]:
    """The groups of a digest."""
    groups = digest(person, reminders, STAFFED, TODAY).context["groups"]
    assert isinstance(groups, tuple)
    return list(groups)


def test_a_digest_is_grouped_by_urgency() -> None:
    """Overdue, today, soon; the longest overdue first; what is somebody else's after one's own."""
    groups = lines_of(reminder(-3), reminder(2, why="overdue with Toby Marsh"), reminder(0), reminder(5), reminder(2))
    assert [(name, [line.when for line in lines]) for name, lines in groups] == [
        ("Overdue", ["5 business days overdue", "2 business days overdue", "2 business days overdue"]),
        ("Today", ["today"]),
        ("Soon", ["in 3 business days"]),
    ]
    assert [line.why for line in groups[0][1]] == ["", "", "overdue with Toby Marsh"]


def test_a_digest_is_known_by_person_and_day_and_what_it_tells() -> None:
    """Owing it twice is owing it once."""
    some = [reminder(0), reminder(1)]
    first, second = digest(LENA, some, STAFFED, TODAY), digest(LENA, some[::-1], STAFFED, TODAY)
    assert first.id == second.id != digest(LENA, some[:1], STAFFED, TODAY).id
    assert first.id != digest(LENA, some, STAFFED, date(2026, 12, 2)).id
    assert (first.kind, first.to, first.number) == (Kind.DIGEST, LENA.address, "")


def test_a_line_offers_the_verbs_that_meet_its_deadline() -> None:
    """And only to who may use them."""
    ((_, (line,)),) = lines_of(reminder(0))
    assert [offer.verb for offer in line.offered] == ["MEETING"]
    ((_, (line,)),) = lines_of(reminder(0, DeadlineKind.OPTIONS, ANITA), person=ANITA)
    assert [offer.verb for offer in line.offered] == ["OPTIONS"]
    ((_, (line,)),) = lines_of(reminder(1, DeadlineKind.APPROVE, GROUP, why="overdue with Grace Holt"), person=GROUP)
    assert line.offered == ()
    assert all(REMEDIES[kind] for kind in DeadlineKind if kind not in (DeadlineKind.ACKNOWLEDGE, *WITHOUT))


def test_who_is_told_in_the_place_of_others_can_act_in_their_place() -> None:
    """The CMP Manager with every verb but APPROVE, the Group Manager with those of the CRPM; and each line has
    its code."""
    fresh = replace(at_step(Step.SME_ASSIGNMENT), people={})
    for person, kind, verbs in (
        (MANAGER, DeadlineKind.ASSIGN, ["ASSIGN"]),
        (GROUP, DeadlineKind.NAME_SMES, ["SME"]),
        (GROUP, DeadlineKind.CLARIFY, ["MEETING"]),
    ):
        told = reminder(1, kind, person, fresh, why="overdue with somebody")
        ((_, (line,)),) = lines_of(told, person=person)
        assert [offer.verb for offer in line.offered] == verbs
        assert digest(person, [told], STAFFED, TODAY).context["codes"] == {fresh.key: ""}


WITHOUT = (DeadlineKind.ANSWER_INCOMPLETE, DeadlineKind.CORRECT, DeadlineKind.POST)
"""What no verb of the table meets: the program does, or the sender."""


def test_an_action_item_is_ended_by_its_own_number() -> None:
    """Not by that of another one."""
    items = (ActionItem(1, "toby", TODAY, "Ask"), ActionItem(2, "lena", TODAY, "Read"))
    ((_, (line,)),) = lines_of(reminder(0, DeadlineKind.ACT, change=replace(CR, actions=items), item=2))
    assert [offer.line for offer in line.offered] == ["DONE 2"]


def test_a_long_digest_stays_short_enough_to_be_read() -> None:
    """The most urgent ones in full, some by number, the others counted."""
    total = MOST + LISTED + 7
    many = [reminder(1, change=replace(CR, number=f"PC112326-{n}", key=f"PC112326-{n}")) for n in range(total)]
    context = digest(LENA, many, STAFFED, TODAY).context
    groups, further = context["groups"], context["further"]
    assert isinstance(groups, tuple) and isinstance(further, tuple)
    assert [len(lines) for _, lines in groups] == [MOST]
    assert (len(further), context["more"], context["counts"]) == (LISTED, 7, (("Overdue", total),))


def test_the_journal_row_is_internal() -> None:
    """It says who was told which stage, and why; nobody outside reads it."""
    row = row_of(reminder(2, why="overdue with Toby Marsh"), datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
    assert (row.by, row.public) == ("bot", False)
    assert row.description == (
        "Lena Brook reminded, overdue-2: hold the clarification meeting (overdue with Toby Marsh)"
    )
