"""Posting: what the public may see of a change request, in the order of its page.

Its one rule: what is not named here is not public. No intake, no internal history row, no file and
no person's e-mail address or telephone number leaves this module (DESIGN section 7).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from bot.office.calendar import Calendar
from bot.office.office import Office
from bot.posting.course import Dispute, Gathering, Issued, below, dispute_of, issued_of, meetings_of
from bot.posting.people import last_first, name_of, people_of
from bot.posting.strip import PUBLIC_DEADLINES, Stage, stages, undated
from bot.posting.versions import Version, areas, listed, versions_of
from bot.posting.withhold import INVISIBLE, cleaner
from bot.workflow.change import ChangeRequest, Phase, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.effect import Row
from bot.workflow.invitation import called

AT_MEETING = frozenset({DeadlineKind.PRESENT, DeadlineKind.PRESENT_RESPONSE})


@dataclass(frozen=True, slots=True)
class Record:
    """A change request as it is kept: itself, its history and everything due."""

    change: ChangeRequest
    rows: tuple[Row, ...] = ()
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """Something ahead: in the words of the public, and the local date planned for it; None where
    nobody has set one. What `meets` takes place at a meeting that is booked for that very date."""

    step: str
    on: date | None
    meets: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the register."""

    number: str
    flags: tuple[str, ...]
    title: str
    company: str
    areas: tuple[str, ...]
    products: tuple[str, ...]
    phase: str
    status_date: date
    next: Due | None
    crpm: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One public row of the history. `place` is its own among the public rows as they were recorded: nothing
    ever changes it. `on` is the local date on which it happened, `recorded` that of writing it down, where it is
    another one. `below` names the section of the page that has the whole text of a description with several
    lines."""

    place: int
    on: date
    action: str
    description: str
    by: str
    recorded: date | None = None
    below: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that belongs to the CR: what it is, and the local date it was filed, or issued with a response.
    Its name is the sender's and stays inside (reliability.md T47). Its path under the root where the page offers
    it."""

    title: str
    on: date
    path: str = ""


@dataclass(frozen=True, slots=True)
class Kin:
    """A related change request: its number, title and phase. Of one that is not at hand the number only."""

    number: str
    title: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """The page of one change request, field by field. `ahead` is what has a date, the earliest first,
    `waits_for` what it waits for beside that;
    `contact` are the originator's address and
    telephone number where the office shows them; `responses` and `meetings` have the newest first; `reaction`
    is how the CLECs took the response in force, and `related` are other change requests."""

    line: Line
    open: bool
    originator: str
    contact: tuple[str, ...]
    owner: str
    director: str
    description: str
    business_reason: str
    deliverable: str
    desired_date: str
    ahead: tuple[Due, ...]
    stages: tuple[Stage, ...]
    history: tuple[Happening, ...]
    documents: tuple[Paper, ...]
    versions: tuple[Version, ...]
    responses: tuple[Issued, ...]
    reaction: str
    meetings: tuple[Gathering, ...]
    dispute: Dispute | None
    waits_for: str
    announced: date | None
    deferred_until: date | None
    ended: str
    related: tuple[Kin, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What an office shows beyond what all show: whether contact details, and the paths of documents by
    their places."""

    contacts: bool = False
    papers: Mapping[int, str] = field(default_factory=dict)


NO_MORE = Shown()


def posting(record: Record, office: Office, kin: Iterable[ChangeRequest] = (), more: Shown = NO_MORE) -> Posting:
    """What the public may see of a logged change request; `kin` are those that it is related to.

    Raises ValueError for an intake: those are never posted.
    """
    change, calendar = record.change, office.calendar
    if not change.logged:
        raise ValueError(f"{change.number} is not logged; only a logged change request is posted")
    clean, running = cleaner(change), tuple(due for due in record.deadlines if due.state == "open")
    ahead = _ahead(change, running, calendar)
    return Posting(
        line=_line(change, office, clean, ahead),
        open=change.open,
        originator=clean(last_first(change.text("originator_name"))),
        contact=_contact(change) if more.contacts else (),
        owner=people_of(change, "smes", office),
        director=people_of(change, "director", office),
        description=clean(change.text("description")),
        business_reason=clean(change.text("business_reason")),
        deliverable=clean(change.text("expected_deliverable")),
        desired_date=clean(change.text("desired_implementation_date")),
        ahead=ahead,
        stages=stages(change, record.deadlines, office.organisation.name),
        history=_history(record, office, clean),
        documents=tuple(_papers(change, calendar, clean, more.papers)),
        versions=versions_of(change, office, clean),
        responses=issued_of(change, clean, {change.documents[at].sha256: path for at, path in more.papers.items()}),
        reaction="" if change.step is Step.PRESENTATION else change.reaction.value,  # an earlier response's
        meetings=meetings_of(change, record.rows, running, calendar, clean),
        dispute=dispute_of(change, clean),
        waits_for=undated(change),
        announced=change.announced,
        deferred_until=change.deferred_until,
        ended=clean(change.ended) if change.ended else "",
        related=_related(change, kin),
    )


def _papers(
    change: ChangeRequest, calendar: Calendar, clean: Callable[[str], str], paths: Mapping[int, str]
) -> Iterator[Paper]:
    issued = {file: one.issued_on for one in reversed(change.responses) for file in one.files}
    for place, file in enumerate(change.documents):
        if file.public:
            on = issued.get(file.sha256) or calendar.local_date(file.at)
            yield Paper(clean(file.title), on, paths.get(place, ""))


def _contact(change: ChangeRequest) -> tuple[str, ...]:
    """How the originator is reached, as they wrote it."""
    found = (change.text("originator_email"), change.text("originator_phone"))
    return tuple(INVISIBLE.sub("", text) for text in found if text)


def _related(change: ChangeRequest, kin: Iterable[ChangeRequest]) -> tuple[Kin, ...]:
    found = {each.number: Kin(each.number, cleaner(each)(each.title), each.phase.value) for each in kin}
    return tuple(found.get(number, Kin(number)) for number in change.related)


def public_history(record: Record, office: Office) -> tuple[str, tuple[Happening, ...]]:
    """The title of a change request and the public rows of its history, for what needs nothing else of it."""
    clean = cleaner(record.change)
    return clean(record.change.title), _history(record, office, clean)


def line(record: Record, office: Office) -> Line:
    """The register's line of a change request."""
    change = record.change
    running = tuple(due for due in record.deadlines if due.state == "open")
    return _line(change, office, cleaner(change), _ahead(change, running, office.calendar))


def _line(change: ChangeRequest, office: Office, clean: Callable[[str], str], ahead: tuple[Due, ...]) -> Line:
    waits_for = "" if ahead else undated(change)
    return Line(
        number=change.number,
        flags=change.flags,
        title=clean(change.title),
        company=clean(change.company),
        areas=tuple(map(clean, areas(change.fields))),
        products=tuple(map(clean, listed(change.fields, "products_impacted"))),
        phase=change.phase.value,
        status_date=change.status_date,
        next=ahead[0] if ahead else Due(waits_for, None) if waits_for else None,
        crpm=people_of(change, "crpm", office),
    )


def _ahead(change: ChangeRequest, running: tuple[Deadline, ...], calendar: Calendar) -> tuple[Due, ...]:
    """Everything still ahead that the public may know of, by date. No clock decides here whether
    something is late: the same state gives the same page."""
    if not change.open:
        return ()
    ahead = {
        due.kind: Due(PUBLIC_DEADLINES[due.kind][1], due.by, due.kind in AT_MEETING)
        for due in running
        if due.kind in PUBLIC_DEADLINES
    }
    if change.planned:  # by when it is due says less than when it is
        on = calendar.local_date(change.planned.at)
        ahead[DeadlineKind.CLARIFY] = Due(called(change.planned, running), on, meets=True)
    if change.step is Step.ANNOUNCEMENT and change.announced:
        ahead[DeadlineKind.PRODUCE] = Due(PUBLIC_DEADLINES[DeadlineKind.PRODUCE][1], change.announced)
    if change.deferred_until and change.phase is Phase.DEFERRED:
        resumed = Due(PUBLIC_DEADLINES[DeadlineKind.RESUME][1], change.deferred_until)
        ahead.setdefault(DeadlineKind.RESUME, resumed)
    told = [*ahead.values()]
    # What a Monthly Meeting is for has a date of its own, or took place already, or stands here.
    if change.agenda and change.step is not Step.PRESENTATION and AT_MEETING.isdisjoint(ahead):
        told.append(Due("Monthly CMP Meeting", change.agenda, meets=True))
    return tuple(sorted(told, key=attrgetter("on")))


def _history(record: Record, office: Office, clean: Callable[[str], str]) -> tuple[Happening, ...]:
    """The public rows by the time they happened. Real registers were out of order; ours is not."""
    local, places = office.calendar.local_date, below(record.change, record.rows)
    names = {"bot": f"{office.organisation.name} CMP"}
    made = []
    public = enumerate((row for row in record.rows if row.public), 1)
    for place, row in sorted(public, key=lambda placed: placed[1].at):
        on = local(row.at)
        recorded = local(row.recorded_at) if row.recorded_at else on
        if row.by not in names:
            names[row.by] = name_of(row.by, office) or clean(row.by)
        made.append(
            Happening(
                place,
                on,
                row.action,
                clean(row.description),
                names[row.by],
                None if recorded == on else recorded,
                places.get(id(row), ""),
            )
        )
    return tuple(made)
