"""Days: the dates of a register, in the order in which it writes them.

Its one rule: an order that was declared settles every date; without one it is that of the forms, and what could be
two there is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.intake.form import FieldTable, Shape
from bot.intake.value.dates import LAST_MONTH, Order, iso_date
from bot.workflow.change import Milestone
from bot.workflow.takeover.columns import ANNOUNCED, RECEIVED, STATUS_DATE, Cell, Sheet

OWN = frozenset({STATUS_DATE, RECEIVED, ANNOUNCED, *Milestone})
"""Columns of days that the form does not have."""
FIRST = re.compile(r"(\d{1,2})\s?[-/.]\s?\d{1,2}\s?[-/.]")


def both_of(text: str) -> tuple[str, str] | None:
    """What a date of mere figures can mean, with the month first and with the day first; None for what can mean one
    thing or nothing.

    >>> both_of("1.2.2003"), both_of("1/13/2003")
    (('2003-01-02', '2003-02-01'), None)
    """
    one, other = (iso_date(text, order) for order in (Order.MONTH_FIRST, Order.DAY_FIRST))
    return (one, other) if one and other and one != other else None


def in_order(sheet: Sheet, order: Order, table: FieldTable) -> Sheet:
    """The register with every date that means something else than on a form as year-month-day. Cells that mean the
    same are left, so that a row is known again in whatever way the order was declared."""
    keys = _keys(table)

    def settled(key: str, cell: Cell) -> Cell:
        meant = iso_date(cell.text, order) if key in keys else None
        return replace(cell, text=meant) if meant and meant != iso_date(cell.text) else cell

    rows = tuple((n, {key: settled(key, cell) for key, cell in cells.items()}) for n, cells in sheet.rows)
    return replace(sheet, rows=rows)


def against(sheet: Sheet, table: FieldTable) -> str:
    """Why the register seems to write the day first, where some of its dates can only mean that and others, which
    could mean both, are read with the month first; else nothing."""
    cells = [cell for _, row in sheet.rows for cell in in_days(row, table).values()]
    count = sum(both_of(cell.text) is not None and iso_date(cell.text) is not None for cell in cells)
    first = next((cell for cell in cells if _turned(cell.text)), None)
    if not count or first is None:
        return ""
    many = "1 date that could be two is" if count == 1 else f"{count:,} dates that could be two are"
    return (
        f"{first.place}: {first.text} has the day first, and {many} read with the month first; "
        "if the day is first everywhere, say --dates day-first"
    )


def in_days(row: Mapping[str, Cell], table: FieldTable) -> dict[str, Cell]:
    """The cells of a row that hold days."""
    keys = _keys(table)
    return {key: cell for key, cell in row.items() if key in keys}


def _keys(table: FieldTable) -> frozenset[str]:
    return OWN | {field.key for field in table.fields if field.shape is Shape.DATE}


def _turned(text: str) -> bool:
    """True for a date of figures that only makes sense with the day first."""
    found = FIRST.match(text)
    return found is not None and int(found[1]) > LAST_MONTH and iso_date(text) is not None
