"""Columns: which column of an existing register holds what.

Its one rule: a column is known by its head, in the words of the form's field table or of the house;
one that is not known is named, and so is one that says the same as another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.intake.form import FieldTable, Need
from bot.intake.labels import Labels, normalise
from bot.intake.table.columns import column_letters
from bot.workflow.change import Milestone

NUMBER, STATUS, STEP, STATUS_DATE, RECEIVED = "number", "status", "step", "status_date", "received_on"
CRPM, DIRECTOR, SMES, FLAGS = "crpm", "director", "smes", "flags"
DISPOSITION, HISTORY, ANNOUNCED = "disposition", "history", "announced"

HEADS: Mapping[str, tuple[str, ...]] = {
    NUMBER: ("number", "cr", "cr id", "id", "control number", "legacy number"),
    STATUS: ("phase", "status phase", "state"),
    STEP: ("step", "process step"),
    STATUS_DATE: ("status date", "current status date", "date of status", "status as of", "last status date"),
    RECEIVED: ("received on", "received", "date received", "received date", "receipt date", "date of receipt",
               "cr received", "date logged", "log date"),
    SMES: ("smes", "sme", "subject matter expert", "subject matter experts"),
    FLAGS: ("flags", "flag", "suffix", "suffixes"),
    DISPOSITION: ("disposition", "response", "carrier response", "decision"),
    HISTORY: ("history", "status history", "comments", "notes", "remarks", "log"),
    ANNOUNCED: ("announced", "implementation", "implementation date", "effective date"),
    Milestone.SME_ASSIGNED: ("sme assigned on", "date sme assigned"),
    Milestone.ALIGNMENT_COMPLETED: ("alignment completed", "alignment date"),
    Milestone.RESPONSE_ISSUED: ("response issued", "response date", "date of response"),
    Milestone.RESPONSE_PRESENTED: ("response presented", "presented", "date presented"),
    Milestone.RESPONSE_ACCEPTED: ("response accepted", "date accepted"),
    Milestone.RESOLVED: ("resolved", "date resolved"),
    Milestone.CLEC_NOTIFIED: ("clec notified", "date announced", "notification date"),
    Milestone.TEST_READY: ("test ready", "in production", "production date"),
    Milestone.CR_CLOSED: ("cr closed", "closed", "date closed", "closed on", "close date", "closure date"),
}  # fmt: skip
"""The heads that the form does not have, as `normalise` leaves them."""
TITLE = ("title", "cr title", "subject")
"""What the title of the change is called in a register; on a form it may be the originator's."""
FROM_FORM = {"cr_number": NUMBER, "status": STATUS, "crpm": CRPM, "director": DIRECTOR, "owner": SMES}
"""Fields of the form that only the carrier fills in, and what they are here."""
OURS = ("open", "page", "next step", "next date")
"""Columns of our own export that follow from the others."""
DEEPEST = 20
"""Rows in which the heads are looked for; what stands above them is a title."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place (from 1), its head, and what it holds; empty where nobody knows."""

    place: int
    head: str
    key: str

    @property
    def letter(self) -> str:
        """Its place as spreadsheets say it."""
        return column_letters(self.place)


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and where: `row 7, column D`."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A register: its columns, those of them that say nothing of their own, and its rows, each by what its
    cells are; with the name of its table, and what is to be said of it as a whole, if anything."""

    columns: tuple[Column, ...]
    twice: tuple[Column, ...]
    rows: tuple[tuple[int, Mapping[str, Cell]], ...]
    name: str = ""
    remark: str = ""

    @property
    def unknown(self) -> tuple[Column, ...]:
        """The columns that nobody knows."""
        return tuple(column for column in self.columns if not column.key)


def sheet_of(rows: Sequence[Sequence[str]], table: FieldTable) -> Sheet | None:
    """The register in a table of texts; None where no row has heads with a number and a status among them."""
    for at, heads in enumerate(rows[:DEEPEST]):
        columns = tuple(_columns(heads, table))
        if {NUMBER, STATUS} <= {column.key for column in columns}:
            twice = tuple(_twice(columns))
            used = tuple(column for column in columns if column.key and column not in twice)
            found = ((n, _cells(n, row, used)) for n, row in enumerate(rows[at + 1 :], at + 2))
            return Sheet(columns, twice, tuple((n, cells) for n, cells in found if cells))
    return None


def _columns(heads: Sequence[str], table: FieldTable) -> Iterator[Column]:
    labels = Labels(table)
    known = {head: key for key, own in HEADS.items() for head in own} | dict.fromkeys(TITLE, "title")
    fields = {row.key: row.key for row in table.fields if row.need is not Need.IGNORED}
    for at, head in enumerate(heads, 1):
        words = normalise(head.replace("_", " "))
        if not words or words in OURS:
            continue
        key = known.get(words) or (fields | FROM_FORM).get(labels.key(head.replace("_", " ")) or "", "")
        yield Column(at, " ".join(head.split()), key)


def _twice(columns: Sequence[Column]) -> Iterator[Column]:
    seen: set[str] = set()
    for column in columns:
        if column.key in seen and column.key:
            yield column
        seen.add(column.key)


def _cells(n: int, row: Sequence[str], used: Sequence[Column]) -> dict[str, Cell]:
    return {
        column.key: Cell(text, f"row {n}, column {column.letter}")
        for column in used
        if column.place <= len(row) and (text := row[column.place - 1].strip())
    }
