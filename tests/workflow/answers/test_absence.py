"""Absence: who is away, who stands in, and the off switch, as matters of the whole office."""

from dataclasses import replace
from datetime import date

import pytest

from bot.mail.letter import Kind
from bot.office.office import Absence, Office
from bot.office.people import Person
from bot.workflow.answers.absence import absences, switchers
from bot.workflow.change import Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.effect import Decision, Fate, Settle
from bot.workflow.order import obey
from bot.workflow.party import Party, parties
from tests.workflow.offices import (
    GRACE,
    GROUP,
    LENA,
    MANAGER,
    MORNING,
    NILS,
    PAT,
    STAFFED,
    TOBY,
    at_step,
    by,
    letters_of,
    ordered,
    running,
    told,
)

TODAY, FRIDAY = date(2026, 12, 1), date(2026, 12, 11)


def asked(line: str, person: Person, office: Office = STAFFED, **more: object) -> Decision:
    """What comes of a line about the office."""
    event = replace(ordered(line, by(person), office=office), **more)  # type: ignore[arg-type]  # fields by name
    return obey(None, event, office, MORNING)


def settled(decision: Decision) -> list[Settle]:
    """What a decision settles."""
    return [effect for effect in decision.effects if isinstance(effect, Settle)]


def office_of(*decisions: Decision) -> Office:
    """The office after decisions, as the shell reads it back."""
    matters = {effect.key: effect.value for decision in decisions for effect in settled(decision)}
    return replace(STAFFED, absences=absences(matters, TODAY))


def test_away_settles_until_when_and_who_stands_in() -> None:
    """What is written is read back as it was meant; the deputy is told, with the open work."""
    work = ((at_step(Step.CLARIFICATION), running((DeadlineKind.CLARIFY, date(2026, 12, 3)))),)
    decision = asked("AWAY UNTIL 12/11/2026 DEPUTY Toby Marsh", LENA, work=work)
    assert office_of(decision).absences == (Absence("lena", FRIDAY, "toby"),)
    assert told(decision) == {(Kind.AWAY, "toby.marsh")}
    (letter,) = letters_of(decision)
    assert letter.context["work"] == (
        "PC112326-1, in step 3 (Clarification): hold the clarification meeting by 12/03/2026. Name the failing field",
    )
    assert "Toby Marsh stands in for you" in decision.answer[1]


def test_away_without_a_deputy_is_possible_and_said() -> None:
    """Nobody is told, and the writer reads how to name somebody."""
    decision = asked("AWAY UNTIL 12/11/2026", LENA)
    assert office_of(decision).absences == (Absence("lena", FRIDAY),)
    assert told(decision) == set()
    assert "Nobody stands in for you: your reminders go to you, and to the role above you too" in decision.answer[1]


def test_away_back_ends_it_and_tells_the_deputy() -> None:
    """Being back twice is no mistake."""
    away = asked("AWAY UNTIL 12/11/2026 DEPUTY Toby Marsh", LENA)
    back = asked("AWAY BACK", LENA, office_of(away))
    assert settled(back) == [Settle("away/lena")]
    assert told(back) == {(Kind.AWAY, "toby.marsh")}
    again = asked("AWAY BACK", LENA)
    assert (again.fate, again.effects) == (Fate.OBEYED, ())


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("AWAY UNTIL 12/11/2026 DEPUTY Lena Brook", "You cannot stand in for yourself."),
        ("AWAY UNTIL 12/11/2026 DEPUTY Nils Aker", "Nils Aker is away until Friday, December 4, 2026."),
    ],
)
def test_a_deputy_has_to_be_there(line: str, reason: str) -> None:
    """Nobody stands in for themselves, nor while they are away too."""
    office = replace(STAFFED, absences=(Absence("nils", date(2026, 12, 4)),))
    decision = asked(line, LENA, office)
    assert decision.fate is Fate.REFUSED
    assert decision.reason.startswith(reason)


def test_a_day_that_is_over_is_asked_back() -> None:
    """One cannot have been away from now on."""
    assert asked("AWAY UNTIL 11/02/2026", LENA).fate is Fate.REFUSED


def test_whoever_stands_in_and_goes_away_too_reads_for_whom() -> None:
    """Rights are not handed on twice; somebody has to name another one."""
    office = replace(STAFFED, absences=(Absence("lena", FRIDAY, "toby"),))
    assert (
        "You stand in for Lena Brook, who may want to name somebody else."
        in asked("AWAY UNTIL 12/11/2026", TOBY, office).answer
    )


def test_an_absence_is_over_by_itself() -> None:
    """The day named is the last one."""
    matters = {"away/lena": "2026-12-01 toby", "away/grace": "2026-11-30 nils", "frozen": "2026-12-01T00:00:00"}
    assert absences(matters, TODAY) == (Absence("lena", TODAY, "toby"),)


def test_a_deputy_has_the_verbs_and_nobody_elses() -> None:
    """The Director's deputy is the Director of that CR meanwhile, in their own name."""
    change = at_step(Step.RESPONSE)
    office = replace(STAFFED, absences=(Absence("grace", FRIDAY, "nils"),))
    assert Party.DIRECTOR in parties(change, by(NILS), office, TODAY)
    assert Party.DIRECTOR not in parties(change, by(NILS), STAFFED, TODAY)
    assert Party.DIRECTOR in parties(change, by(GRACE), office, TODAY)
    assert office.reached((GRACE,)) == (GRACE, NILS)
    assert office.reached((LENA,)) == (LENA,)
    assert office.reached((GRACE, NILS)) == (GRACE, NILS)


def test_only_the_cmp_manager_and_their_deputy_freeze() -> None:
    """The switch is settled with its time, and unsettled."""
    assert settled(asked("FREEZE", MANAGER)) == [Settle("frozen", MORNING.isoformat())]
    assert settled(asked("UNFREEZE", MANAGER)) == [Settle("frozen")]
    assert asked("FREEZE", GROUP).fate is Fate.REFUSED
    office = replace(STAFFED, absences=(Absence("mona", FRIDAY, "hollis"),))
    assert settled(asked("FREEZE", GROUP, office))
    assert switchers(STAFFED) == {MANAGER.address.email}
    assert switchers(office) == {MANAGER.address.email, GROUP.address.email}


@pytest.mark.parametrize("line", ["AWAY UNTIL 12/11/2026", "AWAY BACK", "FREEZE", "UNFREEZE"])
def test_nobody_is_sent_away_by_a_forged_mail(line: str) -> None:
    """What nothing proves waits, and settles nothing."""
    unproven = replace(by(MANAGER), verified=False)
    decision = obey(None, ordered(line, unproven), STAFFED, MORNING)
    assert (decision.fate, decision.effects) == (Fate.PARKED, ())


def test_a_clec_is_never_away() -> None:
    """AWAY is for the staff."""
    assert obey(None, ordered("AWAY BACK", PAT), STAFFED, MORNING).fate is Fate.REFUSED
