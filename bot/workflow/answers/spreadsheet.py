"""The adherence report as files: CSV and an Excel workbook.

Its one rule: nothing that somebody wrote is a formula, and the same report gives the same bytes.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO, StringIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

from bot.intake.paper.package import package
from bot.office.calendar import Calendar
from bot.workflow.answers.adherence import Adherence, Tally, lateness
from bot.workflow.deadline import OWNERS

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

COUNTS = (
    "Promised",
    "In time",
    "By agreed later date",
    "Missed",
    "Open",
    "Median, business days",
    "Worst, business days",
)
CELLS = ("Month", "Interval", *COUNTS)
KINDS = ("Interval", *COUNTS, "Kept, of 100")
DEADLINES = (
    "CR", "Title", "Interval", "Owner", "Opened", "Planned", "Agreed later", "Met", "Ended unmet", "Result",
    "Business days after the due date",
)  # fmt: skip
WIDTHS = {"Title": 46, "Interval": 30, "Owner": 22, "CR": 15, "Result": 24}
USUAL = 13
DATE = "mm/dd/yyyy"
CORE = "docProps/core.xml"
STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
FIXED = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone
UNDERSCORE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # QUIRK: Excel takes `_x0041_` for the letter A
UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # what no XML holds
LEADS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and their wide twins
LONGEST = 32_000  # characters of a cell; Excel takes 32,767

Value = str | int | date | None


def as_csv(report: Adherence) -> bytes:
    """One row a month and interval, UTF-8, CR LF, with a mark that tells Excel so."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(CELLS)
    for row in _cells(report):
        writer.writerow([harmless(value) if isinstance(value, str) else value for value in row])
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it, or with one more."""
    return f"'{text}" if _led(text) else text


def as_it_was(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and _led(text) else text


def _led(text: str) -> bool:
    return text.lstrip("'").startswith(LEADS)


@lru_cache(maxsize=1)  # lines are rehearsed before they are carried out
def as_xlsx(report: Adherence, calendar: Calendar) -> bytes:
    """A workbook of three sheets: the intervals, each in each month, and every single deadline."""
    from openpyxl import Workbook  # noqa: PLC0415 - heavy, and few ask for it

    book = Workbook()
    book.properties.created = FIXED
    book.properties.title = f"Adherence, {report.span}"
    sheets = (("Intervals", KINDS, _kinds(report)), ("Months", CELLS, _cells(report)),
              ("Deadlines", DEADLINES, _deadlines(report, calendar)))  # fmt: skip
    for place, (name, head, rows) in enumerate(sheets):
        sheet = book.worksheets[0] if place == 0 else book.create_sheet()
        sheet.title = name
        _fill(sheet, head, rows)
    return package(parts_of(book))


def parts_of(book: "Workbook") -> dict[str, bytes]:
    """The parts of a workbook, without the instant at which it was made."""
    stream = BytesIO()
    book.save(stream)
    with ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[CORE] = STAMPS.sub(rb"\g<1>2000-01-01T00:00:00Z", parts[CORE])
    return parts


def plain(text: str) -> str:
    """A text as the cell of a workbook holds it: no longer than it may be, without what no XML holds."""
    return UNDERSCORE.sub("_x005F_", UNFIT.sub("", text))[:LONGEST]


def _fill(sheet: "Worksheet", head: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """A sheet with its head frozen, its columns as wide as what they hold, and a filter."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    bold, upright = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    for column, label in enumerate(head, 1):
        top = sheet.cell(1, column, label)
        top.font, top.alignment = bold, upright
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(label, USUAL)
    last = 1
    for last, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            if value is None:
                continue
            cell = sheet.cell(last, column)
            if isinstance(value, str):
                # Never a formula, whatever a text begins with.
                cell.value, cell.data_type = plain(value), "s"
            else:
                cell.value = value
            if isinstance(value, date):
                cell.number_format = DATE
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{last}"


def _counts(found: Tally) -> tuple[Value, ...]:
    return found.promised, found.met, found.extended, found.missed, found.open, found.median, found.worst


def _kinds(report: Adherence) -> list[tuple[Value, ...]]:
    rows = [(kind.value, *_counts(found), found.kept) for kind, found in report.kinds]
    return [*rows, ("All together", *_counts(report.whole), report.whole.kept)]


def _cells(report: Adherence) -> list[tuple[Value, ...]]:
    return [(month, kind.value, *_counts(found)) for month, kind, found in report.cells]


def _deadlines(report: Adherence, calendar: Calendar) -> Iterable[tuple[Value, ...]]:
    for each in report.promises:
        ended = each.ended(report.today)
        yield (
            each.number,
            each.title,
            each.kind.value,
            ", ".join(OWNERS[each.kind]),
            each.opened_on,
            each.due,
            each.extended_to,
            each.met_on,
            each.stopped_on,
            each.outcome(report.today).value,
            None if ended is None else lateness(each.by, ended, calendar),
        )
