"""Sixty notices of absence and three hundred mails of people that resemble them (reliability.md S3, S4, T3)."""

import pytest

from bot.daemon.desk import Desk
from bot.edge.store import LetterState
from bot.intake.screen import Accept, Automatic, screen
from bot.mail.parse import parse
from bot.workflow.effect import Fate
from tests.arriving import arrive
from tests.automatic.absences import TONGUES, Absence, absences
from tests.automatic.people import Written, people

OURS = frozenset({"cmpcr@meridell.example"})
ABSENCES, PEOPLE = tuple(absences()), tuple(people())


def test_the_sets_are_as_large_as_they_say() -> None:
    """Sixty notices in twelve languages, three hundred mails of people, each different."""
    assert len(TONGUES) == 12
    assert len({each.raw for each in ABSENCES}) == 60
    assert len({each.raw for each in PEOPLE}) == 300


@pytest.mark.parametrize("absence", ABSENCES, ids=lambda each: each.name)
def test_an_absence_notice_is_told(absence: Absence) -> None:
    """By what its program declares, by its subject, or by its text alone, in each of the languages."""
    assert isinstance(screen(parse(absence.raw), OURS, "meridell.example"), Automatic)


@pytest.mark.parametrize("mail", PEOPLE, ids=lambda each: each.name)
def test_nobody_is_taken_for_a_machine(mail: Written) -> None:
    """Whatever words of machines people use, and whatever their programs add."""
    assert screen(parse(mail.raw), OURS, "meridell.example") == Accept()


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your letter. I am on vacation until Monday, is it urgent?",
        "Thank you for your letter. The matter is urgent to us.",
        "I am on vacation from Monday. Thank you for your help. Nothing is urgent.",
        "COMMENT Thank you for your letter. We are on vacation; nothing is urgent.",
        "Thank you for your letter. We are on vacation in December.",
    ],
)
def test_two_parts_of_a_formula_are_a_person(text: str) -> None:
    """Thanks, an absence and a pointer together, at the top and without a question, are a notice; less is not."""
    raw = f"From: Ann <ann@pine.example>\r\nIn-Reply-To: <a@meridell.example>\r\nSubject: Re: x\r\n\r\n{text}".encode()
    assert screen(parse(raw), OURS, "meridell.example") == Accept()


@pytest.mark.parametrize(
    "subject", ["Auto-assign our orders", "Auto-reply texts", "Abwesenheits-Regelung für Techniker"]
)
def test_a_word_that_goes_on_is_no_notice(subject: str) -> None:
    """A hyphen goes on with a word; it does not end the subject of a notice."""
    raw = f"From: ann@pine.example\r\nIn-Reply-To: <a@meridell.example>\r\nSubject: {subject}\r\n\r\nHello".encode()
    assert screen(parse(raw), OURS, "meridell.example") == Accept()


def test_no_absence_notice_is_answered(desk: Desk) -> None:
    """At an office all sixty are filed, and nobody gets a letter for them."""
    assert arrive(desk, *(each.raw for each in ABSENCES)) == {Fate.AUTOMATIC: 60}
    assert not [each for each in desk.store.letters() if each.state is not LetterState.WITHHELD]
