"""An answer that is spread over several cells: options with their marks, items, lines.

Its one rule: a mark in a cell of its own belongs to the option beside which the whole row puts its
marks; where that cannot be told, the answer cannot be read.
"""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

from bot.intake.form import Field, Shape
from bot.intake.table.cell import Cell, Row

MARK = re.compile(
    r"[xX]|\[\s?[xX\u2713\u2714\u2717\u2718]?\s?\]|\(\s?[xX\u2713\u2714\u2717\u2718]?\s?\)|[\u2610-\u2612\u2713\u2714\u2717\u2718]"
)
ON = re.compile("[xX\u2611\u2612\u2713\u2714\u2717\u2718]")
BOXED = re.compile(r"\[[ xX]?\]|\([ xX]?\)|[\u2610-\u2612\u2713\u2714\u2717\u2718]")
VERDICTS = {"yes": "[x]", "no": "[ ]", "true": "[x]", "false": "[ ]"}
LETTER = re.compile(r"[^\W_]+")
HALVES = re.compile("[&/]")
YES_NO = ("Yes", "No")
DATED = re.compile(r"\d{1,4}[-/.]\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri", re.IGNORECASE)

OPTIONED = frozenset({Shape.CHOICES, Shape.LIST, Shape.AREA, Shape.FLAG})
ITEMISED = frozenset({Shape.CHOICES, Shape.LIST, Shape.SLOTS})
FEW = 3
"""So many answers may stand in a column without making it one of help for all of them."""

UNTOLD = "it cannot be told which of its options are marked"


class Side(Enum):
    """On which side of the options a row has its marks."""

    BEFORE = -1
    BEHIND = 1


def is_mark(text: str) -> bool:
    """True for a cell that holds a mark and nothing else, set or not."""
    return MARK.fullmatch(text) is not None


def is_on(text: str) -> bool:
    """True for a mark that is set."""
    return is_mark(text) and ON.search(text) is not None


def is_option(text: str, field: Field) -> bool:
    """True for a text that begins with one of a field's choices, or a half of one."""
    return _letters(text).startswith(_beginnings(YES_NO if field.shape is Shape.FLAG else field.choices))


@lru_cache(maxsize=32)
def _beginnings(choices: tuple[str, ...]) -> tuple[str, ...]:
    halves = (half for choice in choices for half in (choice, *HALVES.split(choice)))
    return tuple(letters for half in halves if (letters := _letters(half)))


def _letters(text: str) -> str:
    return "".join(LETTER.findall(text.casefold()))


def side_of(row: Row) -> Side | None:
    """On which side of its options a row of cells has its marks; None where it has none, or where
    both may be."""
    marks = [at for at, cell in enumerate(row) if is_mark(cell.text)]
    if not marks:
        return None
    behind = all(at and _worded(row[at - 1]) for at in marks)
    before = all(at + 1 < len(row) and _worded(row[at + 1]) for at in marks)
    if behind != before:
        return Side.BEHIND if behind else Side.BEFORE
    if not behind:
        return None
    if _worded(row[0]):
        return Side.BEHIND
    return Side.BEFORE if _worded(row[-1]) else None


def _worded(cell: Cell) -> bool:
    return bool(cell.text) and not is_mark(cell.text)


def gathered(field: Field, rows: Sequence[Row], usage: dict[int, int], usual: Side | None) -> Cell:
    """One cell with the answer that lies in rows of cells right of a label; the first row has at
    least one cell. `usage`: how many labelled rows have something in a column. `usual`: where the
    other rows of this form have their marks."""
    cells = [[cell for cell in row if not cell.blank] for row in rows]
    if len(cells) == 1 and len(cells[0]) <= 1:
        return cells[0][0] if cells[0] else rows[0][0]
    if field.shape in OPTIONED and (marked := _marked(field, rows, usual)) is not None:
        return marked
    first = next((cell for row in cells for cell in row), rows[0][0])
    lines = [_line(field, row, usage, first.column) for row in cells if row]
    unreadable = next((cell.unreadable for row in cells for cell in row[:1] if cell.unreadable), "")
    if len(lines) == 1 and lines[0] == first.text:
        return first
    return first._replace(text="\n".join(lines), unreadable=unreadable, bolds=())


def _line(field: Field, row: Row, usage: dict[int, int], column: int) -> str:
    """What one row of cells adds to an answer: its first cell, and where a field has several items
    or boxes those that stand beside it."""
    first, *more = row
    if not more or field.shape not in OPTIONED | ITEMISED:
        return first.text
    boxed = [cell for cell in row if BOXED.search(cell.text) or is_option(cell.text, field)]
    if len(boxed) > 1 and field.shape in OPTIONED:
        return "   ".join(cell.text for cell in boxed)
    if field.shape not in ITEMISED:
        return first.text
    near = [first, *(cell for cell in more if usage.get(cell.column, 0) <= FEW or first.column > column)]
    if field.shape is not Shape.SLOTS:
        return "\n".join(cell.text for cell in near)
    pieces = [f"\n{cell.text}" if DATED.search(cell.text) else f" {cell.text}" for cell in near]
    return "".join(pieces).strip()


def _marked(field: Field, rows: Sequence[Row], usual: Side | None) -> Cell | None:
    """Options with marks in cells of their own, as lines of ticked and unticked options; None where
    there are none."""
    if not any(is_mark(cell.text) or cell.text.casefold() in VERDICTS for row in rows for cell in row):
        return None
    rows = [[_verdict(cell, row, field) for cell in row] for row in rows]
    texts = [cell for row in rows for cell in row if not cell.blank]
    if not any(is_mark(cell.text) for cell in texts) or not any(map(_worded, texts)):
        return None
    lines: list[str] = []
    for above, row in zip([(), *rows], rows, strict=False):
        marks = [cell for cell in row if is_mark(cell.text)]
        if marks and len(marks) == len([cell for cell in row if cell.text]):
            under = {cell.column: cell.text for cell in above if _worded(cell)}
            if not all(cell.column in under for cell in marks):
                return texts[0]._replace(unreadable=UNTOLD)
            on = {cell.column for cell in marks if is_on(cell.text)}
            lines = [line for line in lines if line.removeprefix("[ ] ") not in under.values()]
            lines += [f"[{'x' if column in on else ' '}] {option}" for column, option in under.items()]
            continue
        side = side_of(row) or usual if marks else Side.BEHIND
        if side is None:
            return texts[0]._replace(unreadable=UNTOLD)
        lines += _options(row, side, field)
    return texts[0]._replace(text="\n".join(lines), controls=(), bolds=())


def _options(row: Row, side: Side, field: Field) -> list[str]:
    """The options of a row, each behind its mark; words right behind an option that are none
    themselves (`Other`, `Network`) are more of it."""
    lines: list[str] = []
    for at, cell in enumerate(row):
        if not _worded(cell):
            continue
        if lines and at and _worded(row[at - 1]) and not is_option(cell.text, field):
            lines[-1] += f" {cell.text}"
            continue
        beside = at + side.value
        mark = row[beside].text if 0 <= beside < len(row) else ""
        lines.append(cell.text if BOXED.search(cell.text) else f"[{'x' if is_on(mark) else ' '}] {cell.text}")
    return lines


def _verdict(cell: Cell, row: Row, field: Field) -> Cell:
    """A TRUE or a Yes beside an option is a mark."""
    mark = VERDICTS.get(cell.text.casefold())
    if mark is None or field.shape is Shape.FLAG or not any(is_option(other.text, field) for other in row):
        return cell
    return cell._replace(text=mark)
