"""What a command prints. Its one rule: one JSON document for programs, aligned words for people,
and never a control character of somebody else's mail on an operator's terminal."""

import json
import re
import shutil
from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import zip_longest
from textwrap import wrap

import click

TERMINAL = (140, 24)  # where there is none
WIDEST = 48
NARROWEST = 12  # letters; in fewer nothing can be read
FIRM = 16  # letters, as in a time; columns of no more are never cut
LEAST = 8  # letters of a column that is cut
ROOM = 24  # letters of the last column, so that it may stand beside the others
MOST_LINES = 12  # of one cell
GAP = 2
PLURAL = re.compile(r"(?<=ss)es\b|s\b")


def json_document(value: object) -> None:
    """Print one JSON document, all ASCII, so that every terminal and pipe takes it."""
    click.echo(json.dumps(value, indent=2))


def table(head: Sequence[str], rows: Sequence[Sequence[object]], empty: str, spared: str = "") -> None:
    """Print rows under a head; `empty` is said of no rows.

    A cell too wide for its column is cut, that of the column `spared` last; numbers and times never
    are. The last column goes on below itself, or stands below its row where there is no room.
    """
    if not rows:
        click.echo(empty)
        return
    cells = [[one_line(cell) for cell in row] for row in rows]
    longest = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    columns = shutil.get_terminal_size(TERMINAL).columns
    kept = list(head).index(spared) if spared else -1
    widths = _widths(longest[:-1], columns - GAP * len(longest[:-1]) - min(longest[-1], ROOM), kept)
    room = columns - sum(widths) - GAP * len(widths)
    below = room < min(longest[-1], ROOM)
    if below:
        widths, room = _widths(longest[:-1], columns - GAP * len(longest[:-2]), kept), columns - 2 * GAP
    for row in (head, *cells):
        line = (" " * GAP).join(_fit(cell, width) for cell, width in zip(row, widths, strict=False))
        last = wrap(row[-1], max(room, NARROWEST)) or [""]
        indent = " " * (2 * GAP if below else len(line) + GAP)
        first = [] if below else [last.pop(0)]
        click.echo((" " * GAP).join((line, *first)).rstrip())
        for part in filter(None, last):
            click.echo(indent + part)


def _widths(longest: list[int], space: int, kept: int) -> list[int]:
    """How wide each column may be: no wider than it needs, the widest cut first, the kept one last."""
    widths = [min(width, WIDEST) for width in longest]
    can_yield = [place for place, width in enumerate(widths) if width > FIRM]
    for some in ([place for place in can_yield if place != kept], can_yield):
        while sum(widths) > space and some and max(widths[place] for place in some) > LEAST:
            widths[max(some, key=widths.__getitem__)] -= 1
    return widths


def wrapped(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a head, each cell going on below itself where its column is too narrow; of a
    long one the first lines."""
    cells = [[visible(cell).strip().split("\n") for cell in row] for row in (head, *rows)]
    widths = [max(len(line) for cell in column for line in cell) for column in zip(*cells, strict=True)]
    space = shutil.get_terminal_size(TERMINAL).columns - GAP * (len(widths) - 1)
    while sum(widths) > space and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    rule = [["-" * width] for width in widths]
    for row in (cells[0], rule, *cells[1:]):
        filled = [_filled(cell, width) for cell, width in zip(row, widths, strict=True)]
        for line in zip_longest(*filled, fillvalue=""):
            fitted = (f"{part:<{width}}" for part, width in zip(line, widths, strict=True))
            click.echo((" " * GAP).join(fitted).rstrip())


def _filled(cell: Sequence[str], width: int) -> list[str]:
    """The lines of a cell in a column."""
    lines = [part for line in cell for part in wrap(line, width) or [""]]
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"({more} more lines)"[:width]] if more > 1 else lines


def pairs(rows: Sequence[tuple[str, object]]) -> None:
    """Print names and values under each other; a long value goes on below itself."""
    names = max((len(name) for name, _ in rows), default=0)
    room = max(shutil.get_terminal_size(TERMINAL).columns - names - GAP, 2 * NARROWEST)
    for name, value in rows:
        lines = [part for line in visible(str(value)).splitlines() for part in wrap(line, room) or [""]]
        for label, line in zip_longest([name], lines, fillvalue=""):
            click.echo(f"{label:<{names + GAP}}{line}".rstrip())


def one_line(value: object) -> str:
    """A value as one line of visible characters."""
    return visible(" ".join(str("" if value is None else value).split()))


def visible(text: str) -> str:
    """A text without what would move a cursor or turn the writing around; line ends stay."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text.expandtabs(4))


def many(count: int, what: str) -> str:
    """A count of something that is named in the plural, by its first word in it.

    >>> many(1, "days with numbers"), many(1, "addresses"), many(1200, "change requests")
    ('1 day with numbers', '1 address', '1,200 change requests')
    """
    return f"{count:,} {PLURAL.sub('', what, count=1) if count == 1 else what}"


def local(instant: datetime | None, zone: tzinfo) -> str:
    """An instant in the office's time, for people."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}" if instant else ""


def _fit(cell: str, width: int) -> str:
    return f"{cell:<{width}}" if len(cell) <= width else f"{cell[: width - 1]}\u2026"
