"""Assignment: who may be assigned, who hears of it, and what follows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.mail.letter import Kind
from bot.office.office import Absence
from bot.office.people import Directory
from bot.workflow.change import Disposition, Milestone, Response, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.draft import sealed
from bot.workflow.effect import Fate, Open
from tests.workflow.offices import (
    ANITA,
    GRACE,
    GROUP,
    LENA,
    MANAGER,
    PEOPLE,
    PINE,
    RAVI,
    STAFFED,
    at_step,
    ended,
    letters_of,
    obeyed,
    opened,
    running,
    told,
)

DECEMBER, JANUARY = date(2026, 12, 16), date(2027, 1, 20)
FRESH = at_step(Step.SME_ASSIGNMENT, people={})
LED = at_step(Step.SME_ASSIGNMENT, people={"crpm": ("lena",), "director": ("grace",)})
FIRST = "ASSIGN CRPM Lena Brook DIRECTOR Grace Holt"
STARTED = running((DeadlineKind.ASSIGN, date(2026, 11, 24)), (DeadlineKind.NAME_SMES, date(2026, 12, 2)))


def test_the_first_assignment_tells_everybody_concerned() -> None:
    """The CRPM, the Director, who is asked for the SMEs, and the originator, who learns their CRPM (seed step 2)."""
    decision = obeyed(FRESH, FIRST, GROUP, running=STARTED)
    assert decision.fate is Fate.OBEYED
    assert decision.change is not None
    assert decision.change.people == {"crpm": ("lena",), "director": ("grace",)}
    assert decision.change.step is Step.SME_ASSIGNMENT
    assert told(decision) == {
        (Kind.ASSIGNED, "lena.brook"),
        (Kind.NAME_SMES, "grace.holt"),
        (Kind.ASSIGNED, "pat"),
    }
    assert ended(decision) == {DeadlineKind.ASSIGN}
    assert [row.description for row in decision.rows] == ["CRPM is Lena Brook; Director is Grace Holt"]


def test_the_first_assignment_names_both() -> None:
    """One alone only replaces somebody."""
    assert "names both" in obeyed(FRESH, "ASSIGN CRPM Lena Brook", GROUP).reason
    assert "names both" in obeyed(FRESH, "ASSIGN DIRECTOR Grace Holt", GROUP).reason


def test_one_alone_takes_the_place_of_somebody() -> None:
    """The new CRPM, the former one, the originator and those who stay are told, each as what they are."""
    decision = obeyed(at_step(Step.CLARIFICATION), "ASSIGN CRPM Toby Marsh", GROUP)
    assert decision.change is not None
    assert decision.change.people == {**PEOPLE, "crpm": ("toby",)}
    roles = {letter.to.email.partition("@")[0]: letter.context["you"] for letter in letters_of(decision)}
    assert roles == {
        "toby.marsh": "CRPM",
        "lena.brook": "former",
        "pat": "originator",
        "grace.holt": "colleague",
        "anita.vale": "colleague",
        "joe.castle": "colleague",
    }
    assert [row.description for row in decision.rows] == ["CRPM is Toby Marsh (was Lena Brook)"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ASSIGN CRPM Grace Holt DIRECTOR Nils Aker", "Grace Holt does not hold the role CRPM in the directory"),
        ("ASSIGN CRPM Lena Brook DIRECTOR Toby Marsh", "Who does: Grace Holt; Nils Aker"),
        (FIRST, "nothing would change"),
    ],
)
def test_who_cannot_be_assigned(line: str, words: str) -> None:
    """Roles are those of the directory, and a refusal names who holds them."""
    decision = obeyed(LED, line, GROUP)
    assert decision.fate is Fate.REFUSED
    assert words in decision.reason
    assert decision.change == LED


def test_one_person_with_two_roles_hears_of_each_once() -> None:
    """A CRPM who becomes an SME too is told of either, with one letter a kind; what they write themselves
    they know."""
    change = replace(LED, people={"crpm": ("ravi",), "director": ("grace",)})
    named = obeyed(change, "SME Ravi Stone; Anita Vale", GRACE)
    assert sorted(told(named)) == [
        (Kind.AGENDA_ITEM, "pat"),
        (Kind.SMES_NAMED, "anita.vale"),
        (Kind.SMES_NAMED, "ravi.stone"),
    ]
    assert len(letters_of(named)) == 3
    assert (Kind.SMES_NAMED, "ravi.stone") not in told(obeyed(change, "SME Ravi Stone; Anita Vale", RAVI))


def test_a_crpm_who_has_left_is_replaced_in_silence() -> None:
    """Whoever is not in the directory any more gets no letter; the answer says so, and the work goes on."""
    left = replace(STAFFED, directory=Directory(tuple(one for one in STAFFED.directory.people if one != LENA), (PINE,)))
    decision = obeyed(at_step(Step.CLARIFICATION), "ASSIGN CRPM Toby Marsh", GROUP, office=left)
    assert not any(letter.to == LENA.address for letter in letters_of(decision))
    assert "lena is not in the directory any more" in decision.answer[1]
    before = obeyed(LED, "SME Anita Vale", GRACE, office=left)
    assert before.fate is Fate.OBEYED
    assert told(before) == {(Kind.SMES_NAMED, "anita.vale"), (Kind.AGENDA_ITEM, "pat")}


def test_deputies_read_what_those_read_whom_they_stand_in_for() -> None:
    """An absent Director's deputy is asked for the SMEs, beside the Director."""
    away = replace(STAFFED, absences=(Absence("grace", date(2026, 12, 24), "nils"),))
    decision = obeyed(FRESH, FIRST, GROUP, office=away)
    assert {(Kind.NAME_SMES, "grace.holt"), (Kind.NAME_SMES, "nils.aker")} <= told(decision)


def test_what_waits_goes_to_whoever_takes_over() -> None:
    """A new Director gets the draft that waits; a new CRPM the response that may be issued."""
    draft = sealed(Response(Disposition.ACCEPTED, "", "", "anita", date(2026, 12, 1), position="Yes."), LED, "feed/0")
    change = at_step(Step.RESPONSE, draft=draft)
    assert (Kind.DRAFT, "nils.aker") in told(obeyed(change, "ASSIGN DIRECTOR Nils Aker", GROUP))
    assert (Kind.APPROVED, "toby.marsh") not in told(obeyed(change, "ASSIGN CRPM Toby Marsh", GROUP))
    approved = replace(change, draft=replace(draft, approved_by="grace", approved_on=date(2026, 12, 1)))
    assert (Kind.APPROVED, "toby.marsh") in told(obeyed(approved, "ASSIGN CRPM Toby Marsh", GROUP))
    assert (Kind.DRAFT, "nils.aker") not in told(obeyed(approved, "ASSIGN DIRECTOR Nils Aker", GROUP))


def test_what_waits_is_due_as_agreed() -> None:
    """Whoever takes over a draft reads the later date that was agreed on, not the one first planned."""
    written = sealed(Response(Disposition.ACCEPTED, "", "", "anita", date(2026, 12, 1)), LED, "a/0")
    waiting = at_step(Step.RESPONSE, draft=written)
    later = date(2026, 12, 4)
    clock = Deadline(DeadlineKind.APPROVE, date(2026, 12, 2), extended_to=later)
    decision = obeyed(waiting, "ASSIGN DIRECTOR Nils Aker", GROUP, running=(clock,))
    (draft,) = [letter for letter in letters_of(decision) if letter.kind is Kind.DRAFT]
    assert draft.context["due"] == later


def test_naming_the_smes_completes_step_2() -> None:
    """To 3, with the milestone, the meeting of the receipt's month rule, and the options due for it."""
    decision = obeyed(LED, "SME Anita Vale; Joe Castle", GRACE, running=STARTED)
    assert decision.change is not None
    assert (decision.change.step, decision.change.agenda) == (Step.CLARIFICATION, date(2026, 12, 16))
    assert decision.change.milestones[-1].milestone is Milestone.SME_ASSIGNED
    assert opened(decision) == {DeadlineKind.OPTIONS: date(2026, 12, 14)}
    assert DeadlineKind.NAME_SMES in ended(decision)
    assert (Kind.AGENDA_ITEM, "pat") in told(decision)
    assert "12/16/2026" in decision.answer[0]


def test_after_the_meeting_that_it_was_for_it_goes_on_like_any_other() -> None:
    """One date everywhere, one miss, and the row and the letter of one that is left over; what is recorded of the
    first meeting later still counts."""
    late = datetime(2026, 12, 17, 16, 0, tzinfo=UTC)
    clocks = (*STARTED, *running((DeadlineKind.PRESENT, DECEMBER)))
    decision = obeyed(LED, "SME Anita Vale", GRACE, running=clocks, now=late)
    assert decision.change is not None
    assert decision.change.agenda == JANUARY
    assert opened(decision) == {DeadlineKind.OPTIONS: date(2027, 1, 18), DeadlineKind.PRESENT: JANUARY}
    (present,) = (each.deadline for each in decision.effects if isinstance(each, Open) and each.deadline.missed)
    assert present.promised == DECEMBER
    assert decision.rows[1].description == (
        "Nothing is recorded of the Monthly Meeting of 12/16/2026; it is on the agenda of 01/20/2027 until something is"
    )
    items = [letter for letter in letters_of(decision) if letter.kind is Kind.AGENDA_ITEM]
    assert {letter.to.email.partition("@")[0] for letter in items} == {"pat", "lena.brook"}
    assert {letter.context["was"] for letter in items} == {DECEMBER}
    dates = [letter.context["due"] for letter in letters_of(decision) if letter.kind is Kind.SMES_NAMED]
    assert all(("CLEC presents the CR", "Wednesday, January 20, 2027") in due for due in dates)  # type: ignore[operator]  # a tuple
    unknown = obeyed(LED, "SME Anita Vale", GRACE, now=late)
    assert len(unknown.rows) == 1


def test_a_meeting_that_is_over_is_not_promised() -> None:
    """Named after the month's meeting, the SMEs meet the CLEC's presentation at the next one."""
    late = datetime(2026, 12, 17, 16, 0, tzinfo=UTC)
    decision = obeyed(LED, "SME Anita Vale", GRACE, now=late)
    assert decision.change is not None
    assert decision.change.agenda == date(2027, 1, 20)


def test_smes_come_after_crpm_and_director() -> None:
    """Before ASSIGN nobody may name them, not even in the Director's place; the refusal says what comes first."""
    assert "ASSIGN CRPM" in obeyed(FRESH, "SME Anita Vale", MANAGER).reason


def test_a_later_list_takes_the_place_of_the_earlier() -> None:
    """The answer says who is an SME no more; the new ones and the former ones are told, in step 4 too."""
    change = at_step(Step.RESPONSE)
    decision = obeyed(change, "SME Anita Vale; Ravi Stone", LENA)
    assert decision.change is not None
    assert decision.change.people["smes"] == ("anita", "ravi")
    assert decision.change.step is Step.RESPONSE
    assert told(decision) == {
        (Kind.SMES_NAMED, "ravi.stone"),
        (Kind.SMES_NAMED, "joe.castle"),
        (Kind.SMES_NAMED, "grace.holt"),
    }
    assert decision.answer == ("The SMEs are now Anita Vale; Ravi Stone, in place of Anita Vale; Joe Castle.",)
    assert "nothing would change" in obeyed(change, "SME Joe Castle; Anita Vale", LENA).reason


def test_a_list_with_one_unknown_names_nobody() -> None:
    """An SME whom nobody knows, or who is none, is asked back, and the others are not named either."""
    unknown = obeyed(LED, "SME Anita Vale; Jim Nobody", GRACE)
    unfit = obeyed(LED, "SME Anita Vale; Lena Brook", GRACE)
    assert (unknown.fate, unfit.fate) == (Fate.REFUSED, Fate.REFUSED)
    assert "Jim Nobody" in unknown.reason
    assert "Lena Brook does not hold the role SME" in unfit.reason
    assert unknown.change == unfit.change == LED


def test_somebody_else_assigns_nobody() -> None:
    """An SME is refused by the table, not by a carry-out."""
    assert obeyed(LED, FIRST, ANITA).fate is Fate.REFUSED
