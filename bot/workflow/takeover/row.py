"""Row: one row of an existing register -> the change request that it becomes, and what is wrong with it.

Its one rule: a row without a number, a place in the process, a company or a day of receipt is refused, and so is one
with a date that could be two; anything else that cannot be read is left out and said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256

from bot.intake.arguments.people import people
from bot.intake.arguments.unclear import Unclear
from bot.intake.form import Code, Entry, FieldTable, RawForm, Shape, Value
from bot.intake.judge import judge
from bot.intake.number import FLAGS, NUMBER, register_number
from bot.intake.value.dates import iso_date
from bot.office.office import Office
from bot.office.people import Address, like
from bot.workflow.carry.closing import CROSSED
from bot.workflow.carry.reaction import ESCALATED
from bot.workflow.carry.words import lacking
from bot.workflow.case import NOON
from bot.workflow.change import ROLES, ChangeRequest, Disposition, Milestone, Phase, Reached, Revision, Step
from bot.workflow.submission import FLAGS as TICKED
from bot.workflow.takeover import IMPORTED, columns
from bot.workflow.takeover.columns import Cell
from bot.workflow.takeover.days import both_of, in_days
from bot.workflow.takeover.standing import Stands, stands

VERBATIM = frozenset({Shape.LINE, Shape.TEXT, Shape.NAME})
"""Fields that are kept as they stand where today's form would refuse them: the record is what it is."""
SAID = {
    "accepted": Disposition.ACCEPTED,
    "accept": Disposition.ACCEPTED,
    "approved": Disposition.ACCEPTED,
    "denied": Disposition.DENIED,
    "deny": Disposition.DENIED,
    "declined": Disposition.DENIED,
}
COULD_BE_TWO = "this date could be two; say --dates day-first or --dates month-first, whichever the register writes"
DIGEST = 16


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a cell that the operator should know; one that `refuses` keeps the row out."""

    place: str
    message: str
    refuses: bool = False


@dataclass(slots=True)
class Taken:
    """A row as it was understood: the change request that it becomes (None: refused), the history that came
    with it, and remarks. `mark` is another one as soon as the row says anything else."""

    n: int
    mark: str
    number: str = ""
    change: ChangeRequest | None = None
    history: str = ""
    remarks: list[Remark] = field(default_factory=list)

    @property
    def cause(self) -> str:
        """What the journal names as its cause."""
        return f"{IMPORTED}{self.mark}"


def take(n: int, cells: Mapping[str, Cell], office: Office, table: FieldTable, today: date) -> Taken:
    """Understand row `n` as of a local date."""
    return _Reader(n, cells, office, table, today).taken()


class _Reader:
    """Reads one row, and gathers remarks."""

    def __init__(self, n: int, cells: Mapping[str, Cell], office: Office, table: FieldTable, today: date) -> None:
        said = sorted((key, cell.text) for key, cell in cells.items())
        self.row = Taken(n, sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:DIGEST])
        self.cells, self.office, self.table, self.today = cells, office, table, today

    def taken(self) -> Taken:
        """The row, with its change request unless something refuses it."""
        self._settle_days()
        number, flags = self._number()
        at = self._place()
        received = self._received(number)
        fields = self._fields()
        company = self._company(fields)
        self.row.number, self.row.history = number, self._text(columns.HISTORY)
        if at is not None and received is not None and not any(each.refuses for each in self.row.remarks):
            self.row.change = self._change(number, (*flags, *self._flags(fields)), at, received, fields, company)
        return self.row

    def _settle_days(self) -> None:
        """Refuse what could be two days; what else is wrong with the row is found with the earlier of them."""
        for key, cell in in_days(self.cells, self.table).items():
            if iso_date(cell.text) is None and (both := both_of(cell.text)):
                self._refuse(cell, COULD_BE_TWO)
                self.cells = {**self.cells, key: replace(cell, text=min(both))}

    def _number(self) -> tuple[str, tuple[str, ...]]:
        cell = self._cell(columns.NUMBER)
        found = register_number(cell.text)
        if found is None:
            said = f"{cell.text!r} is no CR number" if cell.text else "the CR number is missing"
            self._refuse(cell, f"{said}; it is written as PC112226-1, SCR092601-1 or 5608156")
        return found or ("", ())

    def _place(self) -> Stands | None:
        found = stands(self._text(columns.STATUS), self._text(columns.STEP))
        if isinstance(found, str):
            self._refuse(self._cell(columns.STATUS), found if self._text(columns.STATUS) else "the status is missing")
            return None
        return found

    def _received(self, number: str) -> date | None:
        """The day of receipt: as the register says, else the one in the number, else that on the form."""
        numbered = self._dated(number)
        day = self._day(columns.RECEIVED) or numbered or self._day("date_submitted")
        if day is None:
            self._refuse(self._cell(columns.RECEIVED), "the day of receipt is missing, and the number holds none")
        return day

    def _dated(self, number: str) -> date | None:
        """The date in a number that has one; a number whose date cannot be is refused."""
        found = NUMBER.fullmatch(number)
        if found is None:
            return None
        figures = found[2]
        written = iso_date(f"20{figures[4:]}-{figures[:2]}-{figures[2:4]}")
        day = date.fromisoformat(written) if written else None
        if day is None or day > self.today:
            what = "is ahead of today" if day else "is none"
            self._refuse(self._cell(columns.NUMBER), f"the date in {number} {what}")
        return day

    def _day(self, key: str) -> date | None:
        """The local date in a cell; one that is ahead where it cannot be is refused."""
        cell = self._cell(key)
        if not cell.text:
            return None
        written = iso_date(cell.text)
        if written is None:
            self._remark(cell, f"{cell.text!r} is no date; it was left out")
            return None
        day = date.fromisoformat(written)
        if day > self.today and key != columns.ANNOUNCED:
            self._refuse(cell, f"{cell.text} is ahead of today")
        return day

    def _fields(self) -> dict[str, Value]:
        """The text of the request, as far as the register has it."""
        rows = {row.key: row for row in self.table.fields if row.key in self.cells}
        entries = tuple(Entry(row.label, self._text(key), self._cell(key).place, key) for key, row in rows.items())
        judged = judge(RawForm("the register", entries), self.table, None, "txt")
        found = dict(judged.fields)
        for key, row in rows.items():
            if key not in found and row.shape in VERBATIM:
                found[key] = self._text(key)
        for problem in judged.problems:
            if problem.code is not Code.MISSING and problem.field not in found:
                self._remark(self._cell(problem.field), f"{problem.message} It was left out.")
        for key in judged.left_out:
            if key not in found:
                self._remark(self._cell(key), f"{self._text(key)!r} cannot be read; it was left out")
        if not found.get("title"):
            self._remark(self._cell("title"), "the title is missing")
        return found

    def _company(self, fields: Mapping[str, Value]) -> str:
        """The company as the directory names it, else as the register does."""
        directory, written = self.office.directory, str(fields.get("company", ""))
        known = directory.company_named(written) if written else None
        known = known or directory.company(Address(str(fields.get("originator_email", "")).lower()))
        if known is None and not written:
            self._refuse(self._cell("company"), "the company is missing")
        elif known is None:
            near = like(written, [company.name for company in directory.companies])
            meant = f"did you mean {' or '.join(near)}?" if near else "it is kept as it is written"
            self._remark(self._cell("company"), f"{written} is none of the companies in config.yaml; {meant}")
        return known.name if known else written

    def _flags(self, fields: Mapping[str, Value]) -> list[str]:
        written = self._text(columns.FLAGS).upper().replace(",", " ").replace(";", " ").split()
        if strange := [each for each in written if each not in FLAGS]:
            self._remark(self._cell(columns.FLAGS), f"{' '.join(strange)} is no flag; it was left out")
        return [each for each in written if each in FLAGS] + [
            flag for key, flag in TICKED.items() if fields.get(key) is True
        ]

    def _people(self) -> dict[str, tuple[str, ...]]:
        """Who is assigned, by the ids of the directory."""
        found = {}
        for key, role in ROLES.items():
            cell = self._cell(key)
            if cell.text:
                try:
                    named = people(cell.text, self.office, role)
                except Unclear as unclear:
                    self._remark(cell, f"{unclear.message} Nobody is assigned.")
                    continue
                if unfit := lacking(named, role, self.office):  # ASSIGN by mail is refused for it, too
                    self._remark(cell, f"{unfit} Nobody is assigned.")
                else:
                    found[key] = tuple(person.id for person in named)
        return found

    def _disposition(self, at: Stands) -> Disposition:
        cell = self._cell(columns.DISPOSITION)
        said = SAID.get(cell.text.casefold())
        if cell.text and said is None:
            self._remark(cell, f"{cell.text!r} is neither Accepted nor Denied; it was left out")
        return at.disposition or said or Disposition.NONE

    def _milestones(self, at: Stands, received: date, status: date) -> tuple[Reached, ...]:
        days = {milestone: self._day(milestone) for milestone in Milestone if milestone in self.cells}
        reached = {milestone: day for milestone, day in days.items() if day is not None}
        reached[Milestone.CR_RECEIVED] = received
        if at.phase is Phase.COMPLETION:
            reached.setdefault(Milestone.CR_CLOSED, status)
        else:
            reached.pop(Milestone.CR_CLOSED, None)
        return tuple(Reached(each, reached[each]) for each in Milestone if each in reached)

    def _change(
        self,
        number: str,
        flags: tuple[str, ...],
        at: Stands,
        received: date,
        fields: dict[str, Value],
        company: str,
    ) -> ChangeRequest | None:
        closed = self._day(Milestone.CR_CLOSED) if at.phase is Phase.COMPLETION else None
        status = self._day(columns.STATUS_DATE) or closed or received
        if status < received:
            self._remark(self._cell(columns.STATUS_DATE), "the status is older than the receipt; both were kept")
        came = self._noon(received)
        email = str(fields.get("originator_email", "")).lower()
        marks = {Phase.CROSSOVER: CROSSED, Phase.ESCALATED: ESCALATED}
        own = (marks[at.phase],) if at.phase in marks else ()
        made = ChangeRequest(
            key=number,
            number=number,
            step=at.step,
            phase=at.phase,
            status_date=status,
            first_arrived=came,
            received_at=came,
            originator=Address(email, str(fields.get("originator_name", "")) if email else ""),
            company=company,
            fields=fields,
            milestones=self._milestones(at, received, status),
            revisions=(Revision(0, came, self.row.cause, fields),),
            people=self._people(),
            flags=tuple(dict.fromkeys((*flags, *own))),
            disposition=self._disposition(at),
            reaction=at.reaction,
            way=at.way,
            announced=self._day(columns.ANNOUNCED) if at.step in (Step.ANNOUNCEMENT, Step.TEST, Step.CLOSED) else None,
        )
        return None if any(each.refuses for each in self.row.remarks) else made

    def _noon(self, day: date) -> datetime:
        return datetime.combine(day, NOON, self.office.calendar.zone).astimezone(UTC)

    def _cell(self, key: str) -> Cell:
        return self.cells.get(key) or Cell("", f"row {self.row.n}")

    def _text(self, key: str) -> str:
        return self._cell(key).text

    def _remark(self, cell: Cell, message: str) -> None:
        self.row.remarks.append(Remark(cell.place, message))

    def _refuse(self, cell: Cell, message: str) -> None:
        self.row.remarks.append(Remark(cell.place, message, refuses=True))
