"""Change requests for looking at the posting: a register of ordinary ones, and one for every hostile text.

Its one rule: whatever a person may write somewhere is written everywhere.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.intake.form import Shape, Value
from bot.office.office import Office
from bot.office.people import Address
from bot.posting.public import Record
from bot.workflow.change import ActionItem, Document, Phase, Step
from bot.workflow.effect import Row
from tests.posting.lived import HELD, lived
from tests.posting.samples import ARRIVED, OFFICE, TABLE, advanced, record, register

LIVED, LONG, ROWS = "PC111026-7", "PC110926-7", "PC110926-8"
"""The CR that has seen everything; the same in very long words; one with a long history."""
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
ENDS = {
    "PC101326-7": (Step.CLOSED, Phase.COMPLETION),
    "PC101326-8": (Step.ACCEPTED, Phase.DEFERRED),
    "PC101326-9": (Step.CLARIFICATION, Phase.WITHDRAWN),
}


def ordinary(count: int = 110) -> tuple[Record, ...]:
    """A register of more than one page: most of it young, some of it moved, ended, long or eventful."""
    ended = (_numbered(lived(), number, step=step, phase=phase) for number, (step, phase) in ENDS.items())
    return (
        *register(count),
        advanced(),
        _numbered(lived(), LIVED, related=("PC110326-1",)),
        _numbered(_told_everywhere(WORD), LONG),
        _numbered(_busy(), ROWS),
        *ended,
    )


def told_everywhere(texts: tuple[str, ...]) -> Iterator[Record]:
    """For each text a change request that says it wherever a person may write."""
    for n, text in enumerate(texts, 1):
        yield _numbered(_told_everywhere(text), f"PC112226-{n}")


def staffed_by(texts: tuple[str, ...]) -> Office:
    """The office with these as the names of its people and of its CLEC."""
    people = tuple(
        replace(person, name=text, address=Address(person.address.email, text))
        for person, text in zip(OFFICE.directory.people, texts, strict=False)
    )
    companies = tuple(replace(each, name=texts[-1]) for each in OFFICE.directory.companies)
    return replace(OFFICE, directory=replace(OFFICE.directory, people=people, companies=companies))


def _told_everywhere(text: str) -> Record:
    base = lived(text)
    paper = Document("0" * 64, text, "application/pdf", text, HELD)
    change = replace(
        base.change,
        fields=_filled(text),
        company=text,
        originator=Address("x@y.example", text),
        waits_for=text,
        documents=(paper,),
        responses=tuple(replace(each, notice=text) for each in base.change.responses),
        actions=(ActionItem(1, "lena", HELD.date(), text),),
    )
    rows = (*base.rows, *(Row(action, text, HELD, text) for action in ("Communicator Issued", "Record Update")))
    return replace(base, change=change, rows=rows)


def _filled(text: str) -> dict[str, Value]:
    """A form with the same text in every field but that of the telephone: what equals that is withheld."""
    lists = {Shape.CHOICES, Shape.LIST, Shape.SLOTS}
    values: dict[str, Value] = {row.key: (text, text) if row.shape in lists else text for row in TABLE.fields}
    return {**values, "areas_impacted": ("Other",), "areas_other": text, "originator_phone": "303-555-0142"}


def _busy() -> Record:
    one = record()
    rows = (
        Row(
            "Additional Information",
            f"Note {n}: " + "the CLECs asked for a list by state. " * (n % 4 + 1),
            ARRIVED + timedelta(days=n),
            "lena" if n % 3 else "Pinyon Basin Communications",
        )
        for n in range(40)
    )
    return replace(one, rows=(*one.rows, *rows))


def _numbered(told: Record, number: str, **changes: object) -> Record:
    return replace(told, change=replace(told.change, key=number, number=number, **changes))  # type: ignore[arg-type]
