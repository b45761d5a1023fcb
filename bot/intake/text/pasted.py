"""Tables that were pasted into a text from Word or Excel: cells with tabs between them.

Its one rule: a row of known labels over a row that begins with none is a header; any other line
with tabs is read as lines are (labelled.py).
"""

from bot.intake.form import Entry
from bot.intake.lines import Vocabulary
from bot.intake.table.grid import Cell, read_rows

FEWEST = 3
"""Labels side by side that make a header."""
MOST_ROWS = 200


def pasted_tables(lines: list[str], words: Vocabulary) -> tuple[list[list[Entry]], list[str]]:
    """The forms in pasted tables, a list of entries for each, and the lines without those tables, their
    places left blank. Raises nothing."""
    forms: list[list[Entry]] = []
    rest = lines
    at = 0
    while at < len(lines):
        if lines[at].count("\t") + 1 >= FEWEST and _is_header(lines, at, words):
            rows, stop = _rows(lines, at)
            forms += read_rows(rows, words)
            rest = [*rest[:at], *[""] * (stop - at), *rest[stop:]]
            at = stop
        else:
            at += 1
    return forms, rest


def _is_header(lines: list[str], at: int, words: Vocabulary) -> bool:
    cells = [cell.strip() for cell in lines[at].split("\t") if cell.strip()]
    if len(cells) < FEWEST or sum(map(words.known, cells)) < max(FEWEST, len(cells) - 1):
        return False
    below = next((line for line in lines[at + 1 : at + 3] if line.strip()), "")
    return "\t" in below and not words.known(below.split("\t")[0].strip())


def _rows(lines: list[str], start: int) -> tuple[list[list[Cell]], int]:
    """The rows of a table from its header on, and the line behind them. A cell with line breaks stands in
    quotation marks, as Excel writes it."""
    rows: list[list[Cell]] = []
    at = start
    while at < len(lines) and len(rows) < MOST_ROWS and ("\t" in lines[at] or not lines[at].strip()):
        place, row = at, lines[at]
        while row.count('"') % 2 and at + 1 < len(lines) and at - place < MOST_ROWS:
            at += 1
            row += f"\n{lines[at]}"
        at += 1
        cells = [_unquoted(cell.strip()) for cell in row.split("\t")]
        rows.append([Cell(column, cell, f"line {place + 1}") for column, cell in enumerate(cells)])
    return rows, at


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
