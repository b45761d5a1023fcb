"""Change requests for looking at the posting: a register of ordinary ones, and one for every hostile text.

Its one rule: whatever a person may write somewhere is written everywhere.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.edge.codec import decode, encode
from bot.intake.form import Shape, Value
from bot.office.office import Office
from bot.office.people import Address
from bot.posting.public import Record
from bot.workflow.change import ActionItem, ChangeRequest, Document, Phase, Step
from bot.workflow.deadline import Deadline
from bot.workflow.effect import Row
from tests.posting.lived import HELD, lived
from tests.posting.samples import ARRIVED, OFFICE, TABLE, advanced, record, register

LIVED, LONG, ROWS, MOVED = "PC082526-7", "PC082526-8", "PC110926-7", "PC092226-7"
"""The CR that has seen everything; the same in very long words; one with a long history; one at step 4."""
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
DATE = re.compile(r"\b\d{4}-\d\d-\d\d(?![\w.])|(?<=\")\d{4}-\d\d-\d\d(?=T)|\b\d\d/\d\d/\d{4}\b")
ENDS = {
    "PC082526-1": (Step.CLOSED, Phase.COMPLETION),
    "PC082526-2": (Step.ACCEPTED, Phase.DEFERRED),
    "PC082526-3": (Step.CLARIFICATION, Phase.WITHDRAWN),
}


def ordinary(count: int = 104, *, odd: bool = True) -> tuple[Record, ...]:
    """A register: most of it young, some of it moved, ended or eventful; and where it may be odd, with a CR of
    very long words and one of a very long history."""
    ended = (
        _numbered(_earlier(lived(), 70), number, step=step, phase=phase, related=())
        for number, (step, phase) in ENDS.items()
    )
    oddities = (
        _numbered(_earlier(_told_everywhere(WORD), 70), LONG, related=(MOVED, LIVED)),
        _numbered(_busy(), ROWS),
    )
    return (
        *register(count),
        *ended,
        *(oddities if odd else ()),
        _numbered(_earlier(advanced(), 42), MOVED),
        _numbered(_earlier(lived(), 70), LIVED, related=(MOVED,)),
    )


def told_everywhere(texts: tuple[str, ...]) -> Iterator[Record]:
    """For each text a change request that says it wherever a person may write."""
    for number, text in zip(numbers(0, len(texts)), texts, strict=True):
        yield _numbered(_told_everywhere(text), number)


def numbers(first: int, count: int) -> tuple[str, ...]:
    """The numbers of those that tell the texts from a place on."""
    return tuple(f"PC112226-{n}" for n in range(first + 1, first + count + 1))


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
    one = _earlier(record(), 13)
    rows = (
        Row(
            "Additional Information",
            f"Note {n}: " + "the CLECs asked for a list by state. " * (n % 4 + 1),
            ARRIVED - timedelta(days=13, hours=-8 * n),
            "lena" if n % 3 else "Pinyon Basin Communications",
        )
        for n in range(40)
    )
    return replace(one, rows=(*one.rows, *rows))


def _earlier(told: Record, days: int) -> Record:
    """The same so many days earlier, with every date that stands in its texts."""

    def day(found: re.Match[str]) -> str:
        shape = "%Y-%m-%d" if "-" in found[0] else "%m/%d/%Y"
        return (datetime.strptime(found[0], shape) - timedelta(days)).strftime(shape)  # noqa: DTZ007 - a day

    def at(text: str) -> str:
        return DATE.sub(day, text)

    return Record(
        decode(ChangeRequest, json.loads(at(json.dumps(encode(told.change))))),
        tuple(replace(row, at=row.at - timedelta(days), description=at(row.description)) for row in told.rows),
        tuple(decode(Deadline, json.loads(at(json.dumps(encode(due))))) for due in told.deadlines),
    )


def _numbered(told: Record, number: str, **changes: object) -> Record:
    return replace(told, change=replace(told.change, key=number, number=number, **changes))  # type: ignore[arg-type]  # fields by name
