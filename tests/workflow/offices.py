"""An invented office and events for the tests of the workflow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.intake.arguments import Arguments, understand
from bot.intake.command import read_commands
from bot.intake.form import Code, Problem, Submission, Value
from bot.intake.request import Form
from bot.intake.verify import Standing
from bot.mail.letter import Kind, Letter, Thread
from bot.mail.message import Attachment
from bot.office.calendar import Calendar
from bot.office.office import Office, Organisation
from bot.office.people import Address, Company, Directory, Person, Role
from bot.workflow.change import PHASE_OF, ChangeRequest, Phase, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Decision, Meet, Open, Send, Stop
from bot.workflow.event import Ordered, Submitted
from bot.workflow.order import obey
from bot.workflow.revision import corrected
from tests.intake.forms import TABLE

ARRIVED = datetime(2026, 11, 23, 16, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 16, 12, 3, tzinfo=UTC)

MANAGER = Person(
    "mona", "Mona Finch", Address("mona.finch@meridell.example", "Mona Finch"), frozenset({Role.CMP_MANAGER})
)
GROUP = Person(
    "hollis", "Hollis Reed", Address("hollis.reed@meridell.example", "Hollis Reed"), frozenset({Role.GROUP_MANAGER})
)
PINE = Company("Pine Telecom LLC", frozenset({"pine.example"}), (Address("orders@pine.example", "Pine Orders"),))
BARE = Company("Bare Networks", frozenset({"bare.example"}))

OFFICE = Office(
    Organisation(
        "Meridell",
        Address("cmpcr@meridell.example", "CMP Change Requests"),
        "https://cmp.meridell.example/",
        frozenset({"meridell.example"}),
    ),
    Directory((MANAGER, GROUP), (PINE, BARE)),
    Calendar(zone=ZoneInfo("America/Denver")),
)

FIELDS: Mapping[str, Value] = {
    "originator_name": "Pat Example",
    "company": "Pine Telecom LLC",
    "originator_phone": "303-555-0142",
    "area_of_change": "product_process",
    "title": "Name the failing field",
    "description": "The reject notice does not name the failing field.",
    "areas_impacted": ("Ordering",),
    "products_impacted": ("LNP",),
}

PAT = Standing(Address("pat@pine.example", "Pat Example"), company=PINE, verified=True)
UNPROVEN = Standing(Address("pat@pine.example", "Pat Example"), company=PINE)
STRANGER = Standing(Address("sam@elsewhere.example", "Sam"), verified=True)
FORGER = Standing(Address("sam@elsewhere.example", "Sam"))
OWN = Standing(GROUP.address, person=GROUP, ours=True, verified=True)
HOMELESS = Standing(Address("kim@bare.example"), company=BARE)

MISSING_PHONE = Problem("originator_phone", Code.MISSING, "", "The telephone number of the originator is missing.")


def submitted(
    standing: Standing = PAT,
    number: str = "PC112326-1",
    *,
    problems: tuple[Problem, ...] = (),
    file: Attachment | None = None,
    cause: str = "0123456789ab/0",
    fields: Mapping[str, Value] | None = None,
) -> Submitted:
    """A form's arrival; `fields` replace those of a complete form."""
    submission = Submission("form.docx", {**FIELDS, **(fields or {})}, problems=problems, format="docx")
    return Submitted(cause, ARRIVED, Form(submission, file), standing, Thread("<a@pine.example>"), number)


def _person(key: str, name: str, *roles: Role) -> Person:
    return Person(key, name, Address(f"{name.lower().replace(' ', '.')}@meridell.example", name), frozenset(roles))


LENA = _person("lena", "Lena Brook", Role.CRPM)
TOBY = _person("toby", "Toby Marsh", Role.CRPM)
GRACE = _person("grace", "Grace Holt", Role.DIRECTOR)
NILS = _person("nils", "Nils Aker", Role.DIRECTOR)
ANITA = _person("anita", "Anita Vale", Role.SME)
JOE = _person("joe", "Joe Castle", Role.SME)
RAVI = _person("ravi", "Ravi Stone", Role.CRPM, Role.SME)

STAFFED = replace(
    OFFICE,
    directory=Directory((MANAGER, GROUP, LENA, TOBY, GRACE, NILS, ANITA, JOE, RAVI), (PINE, BARE)),
    calendar=Calendar(zone=ZoneInfo("America/Denver"), holidays=frozenset({date(2026, 11, 26), date(2026, 11, 27)})),
)
"""The office with everybody who works on a change request; RAVI is CRPM and SME. Monthly Meetings are on
12/16/2026, 01/20/2027 and 02/17/2027."""

MORNING = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
"""Tuesday, 12/01/2026, 8:00 AM in the office."""
PEOPLE: Mapping[str, tuple[str, ...]] = {"crpm": ("lena",), "director": ("grace",), "smes": ("anita", "joe")}


def by(person: Person) -> Standing:
    """A member of the staff, proven by the border."""
    return Standing(person.address, person=person, ours=True, verified=True, proof="DMARC pass")


def at_step(step: Step, phase: Phase | None = None, **more: object) -> ChangeRequest:
    """A change request of PAT's that stands at a step, with everybody assigned; fields by name."""
    assert PAT.sender is not None
    made = ChangeRequest(
        key="PC112326-1",
        number="PC112326-1",
        step=step,
        phase=phase or PHASE_OF[step],
        status_date=date(2026, 11, 23),
        first_arrived=ARRIVED,
        received_at=ARRIVED,
        originator=PAT.sender,
        company="Pine Telecom LLC",
        fields=FIELDS,
        people=PEOPLE,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def ordered(
    line: str, standing: Standing, *, now: datetime = MORNING, office: Office = STAFFED, **more: object
) -> Ordered:
    """A command as a member of the staff or a CLEC writes it, understood; fields of the event by name."""
    (command,) = read_commands(line)
    args = understand(command, office, office.calendar.local_date(now), TABLE)
    event = Ordered("ba9876543210/0", now, command, standing, args, number="1")
    if command.verb == "CORRECT" and isinstance(args, Arguments):
        event = replace(event, form=Form(corrected(args.field, args.value, TABLE)))
    return replace(event, **more)  # type: ignore[arg-type]  # fields by name


def obeyed(
    change: ChangeRequest,
    line: str,
    person: Person | Standing,
    *,
    now: datetime = MORNING,
    office: Office = STAFFED,
    **more: object,
) -> Decision:
    """What comes of a line that somebody writes about a change request."""
    standing = by(person) if isinstance(person, Person) else person
    return obey(change, ordered(line, standing, now=now, office=office, **more), office, now)


def running(*due: tuple[DeadlineKind, date]) -> tuple[Deadline, ...]:
    """Open deadlines."""
    return tuple(Deadline(kind, on) for kind, on in due)


def letters_of(decision: Decision) -> list[Letter]:
    """The letters that a decision owes."""
    return [effect.letter for effect in decision.effects if isinstance(effect, Send)]


def told(decision: Decision) -> set[tuple[Kind, str]]:
    """Who gets which kind of letter: kind and local part of the address."""
    return {(letter.kind, letter.to.email.partition("@")[0]) for letter in letters_of(decision)}


def opened(decision: Decision) -> dict[DeadlineKind, date]:
    """The deadlines that a decision starts, and when they are due: extended ones, as extended."""
    clocks = [effect.deadline for effect in decision.effects if isinstance(effect, Open)]
    return {clock.kind: clock.by for clock in clocks}


def ended(decision: Decision) -> set[DeadlineKind]:
    """The deadlines that a decision meets or stops."""
    return {effect.kind for effect in decision.effects if isinstance(effect, Meet | Stop)}
