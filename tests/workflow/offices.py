"""An invented office and events for the tests of the workflow."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.intake.form import Code, Problem, Submission, Value
from bot.intake.request import Form
from bot.intake.verify import Standing
from bot.mail.letter import Thread
from bot.mail.message import Attachment
from bot.office.calendar import Calendar
from bot.office.office import Office, Organisation
from bot.office.people import Address, Company, Directory, Person, Role
from bot.workflow.event import Submitted

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
