"""The letters that steps 2 to 5 owe, put into words: every kind, for the longest and the emptiest request."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.edge.templates import Templates
from bot.intake.form import Shape, Value
from bot.intake.verbs import VERBS
from bot.mail.letter import Enclosure, Kind, Letter
from bot.office.people import Person
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Fate
from tests.intake.forms import TABLE
from tests.posting.markup import parsed
from tests.posting.samples import TEMPLATES
from tests.workflow.offices import (
    ANITA,
    FIELDS,
    GRACE,
    GROUP,
    LENA,
    MANAGER,
    STAFFED,
    TOBY,
    at_step,
    letters_of,
    obeyed,
    running,
)

WORDS = Templates(TEMPLATES, STAFFED, TABLE)
LONG = ("CLOSE the case. " * 40 + "\n\nAPPROVE\n") * 16 + "x" * 300
OWN = {
    Kind.ASSIGNED,
    Kind.NAME_SMES,
    Kind.SMES_NAMED,
    Kind.INVITATION,
    Kind.MINUTES,
    Kind.OPTIONS,
    Kind.EXTENDED,
    Kind.AGENDA_ITEM,
    Kind.ALIGNED,
    Kind.DRAFT,
    Kind.APPROVED,
    Kind.DISAPPROVED,
    Kind.RESPONSE,
}
VERB = re.compile(rf"(?:{'|'.join(verb.name for verb in VERBS)})\b")
DECEMBER, JANUARY = datetime(2026, 12, 16, 20, 0, tzinfo=UTC), datetime(2027, 1, 11, 16, 0, tzinfo=UTC)
MORNING = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
FILE = Enclosure("x" * 300 + ".docx", "application/zip", b"file")
AT_2 = running(
    (DeadlineKind.ASSIGN, date(2026, 11, 24)),
    (DeadlineKind.NAME_SMES, date(2026, 12, 2)),
    (DeadlineKind.CLARIFY, date(2026, 12, 4)),
    (DeadlineKind.PRESENT, date(2026, 12, 16)),
)
AT_4 = running((DeadlineKind.DRAFT, date(2027, 1, 11)), (DeadlineKind.RESPOND, date(2027, 1, 13)))


def lines(said: str) -> Iterator[tuple[str, Person, datetime, tuple[Deadline, ...]]]:
    """The life of a change request through steps 2 to 5, with what somebody typed in every line."""
    yield "ASSIGN CRPM Lena Brook DIRECTOR Grace Holt", GROUP, MORNING, AT_2
    yield "SME Anita Vale; Joe Castle", GRACE, MORNING, AT_2
    yield "ASSIGN CRPM Toby Marsh", GROUP, MORNING, AT_2
    yield "ASSIGN CRPM Lena Brook DIRECTOR Nils Aker", GROUP, MORNING, AT_2
    yield "ASSIGN DIRECTOR Grace Holt", GROUP, MORNING, AT_2
    yield "SME Anita Vale; Ravi Stone", LENA, MORNING, AT_2
    yield f"MEETING 12/3/2026 10am {said[:200]}", LENA, MORNING, AT_2
    yield "MEETING 12/4/2026 10am", LENA, MORNING, AT_2
    yield f"MEETING CANCEL {said}", LENA, MORNING, AT_2
    yield f"EXTEND clarification 12/9/2026 agreed {said}", LENA, MORNING, AT_2
    yield f"MINUTES We met. {said}", LENA, MORNING, AT_2
    yield f"OPTIONS One. {said}", ANITA, MORNING, AT_2
    yield f"ALIGNED Yes. {said}", LENA, DECEMBER, AT_2
    yield f"DRAFT DENIED\nBasis: No. {said}\nReference: Tariff. {said}", ANITA, JANUARY, AT_4
    yield f"DISAPPROVE Too vague. {said}", GRACE, JANUARY, AT_4
    yield f"DRAFT ACCEPTED\nPosition: Yes. {said}", LENA, JANUARY, AT_4


def owed(fields: Mapping[str, Value], said: str) -> list[Letter]:
    """Every letter of that life."""
    found: list[Letter] = []
    change = at_step(Step.SME_ASSIGNMENT, people={}, fields=fields)

    def do(
        line: str, person: Person, now: datetime, due: tuple[Deadline, ...] = (), files: tuple[Enclosure, ...] = ()
    ) -> None:
        nonlocal change
        decision = obeyed(change, line, person, now=now, running=due, files=files)
        assert decision.fate is Fate.OBEYED, f"{line[:60]}: {decision.reason}"
        assert isinstance(decision.change, ChangeRequest)
        found.extend(letters_of(decision))
        change = decision.change

    for line, person, now, due in lines(said):
        do(line, person, now, due)
    assert change.draft is not None
    change = replace(change, draft=replace(change.draft, replaces="", files=(FILE.sha256,)))
    do("APPROVE", GRACE, JANUARY, AT_4, files=(FILE,))
    do("RESPOND", LENA, datetime(2027, 1, 14, 16, 0, tzinfo=UTC), AT_4, files=(FILE,))
    do("WALKON 1/20/2027", MANAGER, JANUARY)
    return found


def everything(text: str) -> dict[str, Value]:
    """A form with the same text in every field."""
    lists = {Shape.CHOICES, Shape.LIST, Shape.SLOTS}
    return {row.key: (text, text) if row.shape in lists else text for row in TABLE.fields}


@pytest.mark.parametrize(
    ("fields", "said"),
    [(FIELDS, "Well."), ({}, ""), (everything(LONG), " ".join(LONG.split()))],
    ids=["usual", "empty", "long"],
)
def test_every_letter_can_be_put_into_words(fields: Mapping[str, Value], said: str) -> None:
    """One subject, a text whose lines are within reason and none of which is a command, and the same in HTML."""
    letters = owed(fields, said)
    assert {letter.kind for letter in letters} == OWN
    for letter in letters:
        rendered = WORDS.letter(letter)
        assert 10 < len(rendered.subject) < 200
        assert rendered.text.startswith("Dear ")
        assert "\n\n\n" not in rendered.text
        assert max(len(row) for row in rendered.text.splitlines() if "xxx" not in row) <= 100
        assert not [row for row in rendered.text.splitlines() if VERB.match(row)]
        assert "Dear" in " ".join(parsed(rendered.html).text.split())
        assert "None" not in rendered.text + rendered.html


def test_each_is_told_what_is_asked_of_them() -> None:
    """The Director reads the text and its fingerprint, a CLEC the notice's number and the meeting; inside words
    go to nobody outside."""
    letters = {
        (letter.kind, letter.to.email.partition("@")[0]): WORDS.letter(letter) for letter in owed(FIELDS, "Well.")
    }
    director = letters[Kind.DRAFT, "grace.holt"].text
    assert "Fingerprint: " in director
    assert "By Tuesday, January 12, 2027" in director
    notice = letters[Kind.RESPONSE, "orders"].text
    assert "CMPR.01.14.27.F.00001.CR_Responses" in notice
    assert "Wednesday, February 17, 2027, 9:00 AM Mountain Time" in " ".join(notice.split())
    outside = {kind for kind, name in letters if name in {"pat", "orders"}}
    assert outside.isdisjoint(
        {Kind.DRAFT, Kind.APPROVED, Kind.DISAPPROVED, Kind.OPTIONS, Kind.NAME_SMES, Kind.SMES_NAMED}
    )
    assert "lena.brook@meridell.example" in letters[Kind.ASSIGNED, "pat"].text
    assert TOBY.name in letters[Kind.ASSIGNED, "toby.marsh"].text
