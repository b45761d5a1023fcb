"""An invented office with invented change requests, for the tests of letters and pages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.intake.fields import table_from
from bot.intake.form import Code, FieldTable, Problem, Submission, Value
from bot.intake.verify import Standing
from bot.mail.letter import Kind, Letter
from bot.office.calendar import Calendar
from bot.office.office import Office, Organisation
from bot.office.people import Address, Company, Directory, Person, Role
from bot.posting.public import Record
from bot.workflow.agenda import Agenda, Candidate, agenda_of
from bot.workflow.answers.adherence import Adherence, adherence
from bot.workflow.change import ChangeRequest, Document, Milestone, Phase, Reached, Revision, Step, number_for
from bot.workflow.deadline import Deadline, DeadlineKind, on_receipt
from bot.workflow.effect import Row
from bot.workflow.event import Result
from bot.workflow.promise import Promise
from bot.workflow.results import lines_of, unrecordable

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"


def field_table() -> FieldTable:
    """The shipped field table."""
    return table_from(yaml.safe_load((ROOT / "forms/fields.yaml").read_text(encoding="utf-8")))


TABLE = field_table()

OFFICE = Office(
    organisation=Organisation(
        name="Meridell",
        address=Address("cmpcr@meridell.example", "Meridell CMP"),
        site_url="https://cmp.meridell.example/",
        domains=frozenset({"meridell.example"}),
    ),
    directory=Directory(
        people=(
            Person(
                "rosa", "Rosa Delgado", Address("rosa@meridell.example", "Rosa Delgado"), frozenset({Role.CMP_MANAGER})
            ),
            Person(
                "ivan", "Ivan Petrak", Address("ivan@meridell.example", "Ivan Petrak"), frozenset({Role.GROUP_MANAGER})
            ),
            Person("lena", "Lena Marsh", Address("lena@meridell.example", "Lena Marsh"), frozenset({Role.CRPM})),
            Person("omar", "Omar Whitfield", Address("omar@meridell.example"), frozenset({Role.DIRECTOR})),
            Person("joan", "Joan Tully", Address("joan@meridell.example"), frozenset({Role.SME})),
        ),
        companies=(
            Company(
                "Cedar Loop Telecom", frozenset({"cedarloop.example"}), (Address("pat@cedarloop.example", "Pat Ames"),)
            ),
        ),
    ),
    calendar=Calendar(zone=ZoneInfo("America/Denver"), holidays=frozenset({date(2026, 11, 26), date(2026, 11, 27)})),
)

PAT = Address("pat@cedarloop.example", "Pat Ames")

FIELDS: dict[str, Value] = {
    "originator_name": "Pat Ames",
    "originator_title": "Process Manager",
    "company": "Cedar Loop Telecom",
    "originator_email": "pat@cedarloop.example",
    "originator_phone": "(303) 555-0142",
    "date_submitted": "2026-11-22",
    "internal_ref": "CL-26-017",
    "area_of_change": "product_process",
    "regulatory": False,
    "industry_guideline": False,
    "exception_requested": False,
    "title": "Document the process to unlock numbers for 911",
    "description": (
        "When a customer leaves us with a ported number, the 911 database record stays locked to our company code. "
        "The winning carrier cannot update the address until we send an unlock, and there is no written process that "
        "says who sends what, and by when.\n\n"
        "We ask that the PCAT describe the unlock request step by step: the form, the mailbox it goes to, the "
        "interval, and whom to call when the interval has passed. In October, 31 of our LNP orders waited more than "
        "three days for an unlock."
    ),
    "business_reason": "A wrong 911 address is a safety matter, and each locked record costs us two calls.",
    "expected_deliverable": "A PCAT section with the unlock process and a contact list.",
    "desired_implementation_date": "02/01/2027",
    "areas_impacted": ("Ordering", "Provisioning"),
    "products_impacted": ("LNP", "911"),
    "availability": ("12/01/2026 10:00 MT", "12/02/2026 14:00 MT"),
}

ARRIVED = datetime(2026, 11, 22, 17, 12, tzinfo=UTC)


def change(number: str = "PC112226-1", arrived: datetime = ARRIVED) -> ChangeRequest:
    """A change request that has just been logged."""
    day = OFFICE.calendar.local_date(arrived)
    return ChangeRequest(
        key=number,
        number=number,
        step=Step.SME_ASSIGNMENT,
        phase=Phase.SUBMISSION,
        status_date=day,
        first_arrived=arrived,
        received_at=arrived,
        originator=PAT,
        company="Cedar Loop Telecom",
        fields=FIELDS,
        milestones=(Reached(Milestone.CR_RECEIVED, day),),
        revisions=(Revision(0, arrived, "0123456789ab", FIELDS),),
        documents=(
            Document(
                "0" * 64,
                "CR form of pat@cedarloop.example.docx",
                "application/x",
                "Change Request form, numbered",
                arrived,
            ),
        ),
    )


def rows(logged: ChangeRequest) -> tuple[Row, ...]:
    """The history of a change request that has just been posted, with a row that is not public."""
    arrived = logged.received_at
    return (
        Row("CR Posted to Web", "CR posted to the CMP web site", arrived + timedelta(minutes=2), "bot"),
        Row("CR Submitted", f"CR submitted by {logged.company}", logged.first_arrived, logged.company),
        Row("Additional Information", "INTERNAL: the CLEC is angry", arrived, "rosa", public=False),
        Row("CR Received", "The completed CR form was received", arrived, logged.company),
        Row("CR Acknowledged", "CR acknowledged and logged CR sent to the submitter", arrived, "bot"),
    )


def record(logged: ChangeRequest | None = None) -> Record:
    """A logged change request with its history and everything due."""
    logged = logged or change()
    return Record(logged, rows(logged), on_receipt(OFFICE, logged.received_at, logged.received_at))


def advanced() -> Record:
    """A change request at step 4, revised once, with people, flags and dates kept, moved and met."""
    first = change("PC110326-1", datetime(2026, 11, 3, 18, 0, tzinfo=UTC))
    later = {**first.fields, "title": "Document and publish the 911 unlock process"}
    revised = replace(
        first,
        step=Step.RESPONSE,
        phase=Phase.EVALUATION,
        status_date=date(2026, 12, 16),
        fields=later,
        milestones=(
            *first.milestones,
            Reached(Milestone.SME_ASSIGNED, date(2026, 11, 6)),
            Reached(Milestone.ALIGNMENT_COMPLETED, date(2026, 12, 16)),
        ),
        revisions=(*first.revisions, Revision(1, datetime(2026, 11, 17, 20, 0, tzinfo=UTC), "b" * 12, later)),
        people={"crpm": ("lena",), "director": ("omar",), "smes": ("joan",)},
        flags=("IG", "ES"),
    )
    due = {
        DeadlineKind.ASSIGN: (date(2026, 11, 5), None),
        DeadlineKind.NAME_SMES: (date(2026, 11, 6), None),
        DeadlineKind.CLARIFY: (date(2026, 11, 18), date(2026, 11, 18)),
        DeadlineKind.PRESENT: (date(2026, 12, 16), None),
    }
    deadlines = tuple(
        replace(each, met_on=due[each.kind][0], extended_to=due[each.kind][1]) if each.kind in due else each
        for each in on_receipt(OFFICE, first.received_at, first.received_at)
    )
    history = (
        *rows(first),
        Row(
            "Clarification Meeting Held",
            "Clarification Meeting held; minutes issued",
            datetime(2026, 11, 18, 17, 0, tzinfo=UTC),
            "lena",
        ),
        Row(
            "Discussed at Monthly CMP Meeting",
            "CR presented; the CLECs asked for a contact list by state",
            datetime(2026, 12, 16, 18, 0, tzinfo=UTC),
            "lena",
        ),
    )
    ahead = (
        Deadline(DeadlineKind.DRAFT, date(2027, 1, 11)),
        Deadline(DeadlineKind.RESPOND, date(2027, 1, 13)),
        Deadline(DeadlineKind.PRESENT_RESPONSE, date(2027, 1, 20)),
    )
    return Record(revised, history, (*deadlines, *ahead))


TITLES = (
    ("Document the process to unlock numbers for 911", "Cedar Loop Telecom", ("LNP", "911"), ("Ordering",)),
    (
        "Name the failing field in LSR address rejects",
        "Pinyon Basin Communications",
        ("UNE-P", "Resale"),
        ("Pre-Ordering", "Ordering"),
    ),
    ("FOC with firm due time for coordinated hot cuts", "Larkspur Networks", ("Unbundled Loop",), ("Provisioning",)),
    ("Monthly list of retired USOCs before billing", "Tin Cup CLEC, Inc.", ("All",), ("Billing",)),
    (
        "Repair tickets: show the dispatch window",
        "Gold Hill Fiber",
        ("Private Line", "UDIT"),
        ("Maintenance & Repair",),
    ),
)


def register(count: int = 12) -> tuple[Record, ...]:
    """Change requests of several days and companies, oldest first; the older ones stand further on."""
    return tuple(_registered(n, count - n) for n in range(count))


def _registered(n: int, age: int) -> Record:
    arrived = ARRIVED - timedelta(days=2 * age)
    title, company, products, impacted = TITLES[n % len(TITLES)]
    number = number_for("PC", OFFICE.calendar.local_date(arrived), 1)
    fields = {**FIELDS, "title": title, "company": company, "products_impacted": products, "areas_impacted": impacted}
    one = record(replace(change(number, arrived), fields=fields, company=company))
    if age <= len(TITLES):
        return one
    staffed = replace(one.change, step=Step.CLARIFICATION, phase=Phase.CLARIFICATION, people={"crpm": ("lena",)})
    met = (DeadlineKind.ASSIGN, DeadlineKind.NAME_SMES)
    dates = tuple(replace(due, met_on=due.due) if due.kind in met else due for due in one.deadlines)
    return replace(one, change=replace(staffed, status_date=dates[3].due), deadlines=dates)


def standing(**changes: Any) -> Standing:
    """A proven sender of a known company."""
    company = OFFICE.directory.companies[0]
    return replace(Standing(PAT, None, company, verified=True, proof="DMARC pass for cedarloop.example"), **changes)


def incomplete(**changes: Any) -> Submission:
    """A form with two problems."""
    read = {key: value for key, value in FIELDS.items() if key not in ("originator_phone", "business_reason")}
    read["title"] = "911"
    made = Submission(
        source="CR form.docx",
        fields=read,
        places={"title": "table 1, row 12"},
        problems=(
            Problem("originator_phone", Code.MISSING, "table 1, row 5", "There is no phone number that we could call."),
            Problem("title", Code.INVALID, "table 1, row 12", "The title must have 5 to 200 characters."),
        ),
        advised_missing=("business_reason",),
        notes=("The form has a page header that was not read.",),
        format="docx",
    )
    return replace(made, **changes)


def intake() -> ChangeRequest:
    """An intake that is not complete yet."""
    read = incomplete().fields
    return replace(
        change("IN112226-1"), step=Step.REQUEST, milestones=(), documents=(), fields=read, company="Cedar Loop Telecom"
    )


def gathered(logged: ChangeRequest | None = None) -> Agenda:
    """The agenda of December with a change request that is to be presented, and one that came too late."""
    meeting = date(2026, 12, 16)
    presented = replace(logged or change(), step=Step.CLARIFICATION, people={"crpm": ("lena",)}, agenda=meeting)
    late = replace(
        presented,
        key="PC120226-1",
        number="PC120226-1",
        received_at=datetime(2026, 12, 2, 18, 0, tzinfo=UTC),
        agenda=date(2027, 1, 20),
    )
    return agenda_of(meeting, (Candidate(presented), Candidate(late)), OFFICE, date(2026, 12, 11))


def contexts(
    logged: ChangeRequest | None = None, submission: Submission | None = None, text: str = "When is the meeting?"
) -> dict[Kind, Mapping[str, object]]:
    """The context that every kind of letter is given, as the workflow gives it."""
    logged = logged or change()
    submission = submission or incomplete()
    pending = replace(intake(), fields=submission.fields)
    registered = {
        "change": logged,
        "deadlines": on_receipt(OFFICE, logged.received_at, logged.received_at),
        "advised": submission.advised_missing,
        "notes": submission.notes,
        "intake": "",
        "vouched": "",
        "too_large": False,
        "in_place_of": None,
    }
    reason = "the sender belongs to no company that we know"
    asked = {"change": pending, "submission": submission, "in_place_of": None}
    looked_at = {
        "change": pending,
        "mail": "0123456789ab",
        "submission": submission,
        "reason": reason,
        "said": "",
        "claimed": "Cedar Loop Telecom",
        "answered": True,
        "subject": text,
        "text": text,
        "standing": standing(),
        "lookalike": None,
    }
    results = (
        Result("LOG", "PC112226-1", text, "numbers it", "", (("Waits for", text, "nobody"),), ("Pat",)),
        Result(text, "", "", "ends it", text),
    )
    aside = {"reason": "its reader ran out of time", "subject": text, "standing": standing(), "mail": "0123456789ab"}
    return {
        Kind.ACKNOWLEDGEMENT: registered,
        Kind.FORWARD: registered,
        Kind.EXCEPTION: {"change": logged},
        Kind.INCOMPLETE: asked,
        Kind.RETURNED: {**asked, "reason": text},
        Kind.REMINDER: {**asked, "nth": 1, "most": 2},
        Kind.PARKED: {**looked_at, "in_place_of": PAT},
        Kind.REVIEW: looked_at,
        Kind.REVISED: {
            "change": logged,
            "before": {**logged.fields, "title": text, "description": f"{logged.fields['description']} {text}"},
            "typed": False,
            "revision": 1,
            "standing": standing(),
            "notes": submission.notes,
        },
        Kind.COMMENT: {
            "change": logged,
            "text": text,
            "standing": standing(),
            "posted": False,
            "answers": False,
            "awaited": "",
            "files": ("examples.txt", text),
            "enclosed": ("examples.txt",),
            "publish": "",
        },
        Kind.HELP: {"text": text, "known": False, "verbs": ('"STATUS [CR]" says where it stands',)},
        Kind.AWAY: {
            "change": None,
            "person": OFFICE.directory.people[0],
            "until": date(2026, 12, 4),
            "back": False,
            "work": (text,),
        },
        Kind.AGENDA: {"change": None, "agenda": gathered(logged), "mailed": True, "mailed_on": None, "added": {}},
        Kind.OUTCOMES: {
            "change": None,
            "meeting": date(2026, 12, 16),
            "choices": tuple((item, lines_of(item)) for item in gathered(logged).items),
            "others": tuple((item, unrecordable(item)) for item in gathered(logged).items),
            "testing": True,
            "until": date(2026, 12, 18),
            "reply": "PC112226-1: PRESENTED",
            "codes": {"PC112226-1": "cmp" + "a2" * 28},
        },
        Kind.UNREADABLE: aside,
        Kind.TROUBLE: aside,
        Kind.TRANSCRIPT: {
            "change": logged,
            "results": results,
            "refused": True,
            "dry": False,
            "undo": False,
            "kept": (text,),
            "answered": False,
            "standing": standing(verified=False),
        },
        Kind.MEANT: {"change": logged, "line": text, "written": ("CONSENT", "OBJECT reason"), "ordered": True},
        Kind.ATTEMPT: {"results": results, "standing": standing(verified=False), "in_place_of": PAT},
        Kind.CONFIRMATION: {
            "results": results,
            "standing": standing(verified=False),
            "proven": False,
            "subject": text,
            "arrived": logged.received_at,
            "until": logged.received_at + timedelta(days=3),
            "code": "cmp" + "a1" * 28,
        },
        Kind.REPORT: {"change": None, "report": kept()},
        Kind.UNDELIVERED: {"to_whom": "pat@cedarloop.example", "kind": "acknowledgement", "reason": reason},
        Kind.WITHHELD: {"to_whom": "pat@cedarloop.example", "by": "pat@cedarloop.example"},
        Kind.EXPIRY: {"what": "the client secret", "on": date(2026, 12, 1), "over": False, "remedy": reason},
        Kind.UNCARRIED: {"since": date(2026, 11, 10), "tries": 31, "reason": reason},
    }


def kept() -> Adherence:
    """An adherence report: of every interval something that was met, put off, missed and is open."""
    due = date(2026, 11, 10)
    made = [
        Promise(kind, due + timedelta(days=n % 9), met, later, number=f"PC11{n % 9 + 10:02}26-{n}", title="A title")
        for n, kind in enumerate(DeadlineKind, 1)
        for met, later in (
            (due + timedelta(days=n % 9), None),
            (due - timedelta(days=n % 4), None),
            (due + timedelta(days=n % 9 + 6), date(2026, 11, 30)),
            (due + timedelta(days=n % 9 + n % 3 + 1), None),
            (None, date(2026, 11, 30)),
        )
    ]
    late = Promise(DeadlineKind.RESPOND, due, stopped_on=date(2026, 11, 18), number="PC110326-1", title="A title")
    return adherence([*made, late], ("2026-11",), OFFICE.calendar, date(2026, 11, 23))


def letter(kind: Kind, context: Mapping[str, object], to: Address = PAT) -> Letter:
    """A letter of a kind."""
    concerned = context.get("change")
    number = concerned.number if isinstance(concerned, ChangeRequest) else ""
    return Letter("0123456789ab/0", kind, to, number, context)
