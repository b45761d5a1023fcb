"""Register: an existing register's file -> tables of texts.

Its one rule: a cell is a text as a person reads it, a date as year-month-day; nothing in the file runs.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

from bot.errors import Trouble
from bot.workflow.answers.spreadsheet import as_it_was
from bot.workflow.change import Milestone
from bot.workflow.takeover.columns import HEADS, RECEIVED

T = TypeVar("T")
LARGEST = 64 * 1024 * 1024
MOST_ROWS = 200_000
DELIMITERS = ",;\t|"
SAMPLE = 16_384
LISTED, PARTS = "change_requests", frozenset({"people", "milestones", "next"})
"""What holds the change requests of our JSON, and what of one is no cell; `next` follows from the rest."""
STAGES = {each.value: HEADS[each][0] for each in Milestone if each in HEADS} | {Milestone.CR_RECEIVED.value: RECEIVED}
"""The heads of milestones, by their names."""

Rows = Sequence[Sequence[str]]


def tables_in(file: Path) -> Iterator[tuple[str, Rows]]:
    """The tables of a .csv, .xlsx or .json file, each with the name of its sheet; a .csv in each way that it may be
    meant.

    Raises Trouble for a file that cannot be read, is none of these, or is larger than any register.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise Trouble(f"{file} is larger than {LARGEST // 1024 // 1024} MB", temporary=False)
        content = file.read_bytes()
    except OSError as error:
        raise Trouble(f"cannot read {file}: {error.strerror}") from error
    match file.suffix.lower():
        case ".csv" | ".txt" | ".tsv":
            yield from ((file.name, rows) for rows in _csv(content))
        case ".xlsx" | ".xlsm":
            yield from _xlsx(content, file)
        case ".json":
            yield file.name, _json(content, file)
        case _:
            raise Trouble(
                f"{file}: the name must end in .csv, .xlsx or .json; save the register as one", temporary=False
            )


def _csv(content: bytes) -> Iterator[Rows]:
    """The rows, parted by each of the delimiters, the likeliest first, for only its reader knows which one makes a
    register. An apostrophe that keeps a text from being a formula is no part of it."""
    text = _decoded(content)
    head = text[:SAMPLE].partition("\n")[0]
    csv.field_size_limit(LARGEST)
    plain = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    for delimiter in sorted(DELIMITERS, key=head.count, reverse=True):
        lines = csv.reader(StringIO(plain, newline=""), delimiter=delimiter)
        try:
            yield _whole([as_it_was(cell) for cell in line] for line in lines)
        except csv.Error as error:
            raise Trouble(f"line {lines.line_num} is no CSV: {error}", temporary=False) from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, else the code page of Western Windows, in which nearly
    everything is a text."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return content.decode("latin-1")


def _xlsx(content: bytes, file: Path) -> Iterator[tuple[str, Rows]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - a tenth of a second, only for a workbook

    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # QUIRK: some programs write a range that is too small
            yield sheet.title, [[_shown(value) for value in row] for row in _whole(sheet.iter_rows(values_only=True))]
    except (BadZipFile, KeyError, ValueError, TypeError, OSError, EOFError, SyntaxError) as error:
        raise Trouble(f"{file} is no workbook that can be read: {error}", temporary=False) from error


def _json(content: bytes, file: Path) -> Rows:
    """The register in a JSON document of our own export (bot/posting/exports.py), a column for each of its names.
    Raises Trouble for another document."""
    try:
        found = json.loads(_decoded(content))
    except (ValueError, RecursionError) as error:
        raise Trouble(f"{file} is no JSON: {error}", temporary=False) from error
    listed = found.get(LISTED) if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Trouble(f"{file} is no register that `cmpbot export` wrote: it has no {LISTED}", temporary=False)
    cells = [dict(_columns(each)) for each in listed]
    heads = [*dict.fromkeys(head for each in cells for head in each)]
    return _whole([heads, *([each.get(head, "") for head in heads] for each in cells)])


def _columns(listed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is said of a change request, by heads; the milestones last, for that of its receipt says more than its
    number."""
    people, reached = listed.get("people"), listed.get("milestones")
    for key, value in {**listed, **(people if isinstance(people, dict) else {})}.items():
        if key not in PARTS:
            yield key, "; ".join(map(_shown, value)) if isinstance(value, list) else _shown(value)
    for each in reached if isinstance(reached, list) else ():
        if isinstance(each, dict) and each.get("name") in STAGES:
            yield STAGES[each["name"]], _shown(each.get("date"))


def _whole(rows: Iterable[Sequence[T]]) -> list[Sequence[T]]:
    """The rows up to the last with something in it. Raises Trouble where there are more than a register has:
    nothing is left out in silence."""
    found: list[Sequence[T]] = []
    for number, row in enumerate(rows, 1):
        if any(cell not in (None, "") for cell in row):
            if number > MOST_ROWS:
                raise Trouble(f"it has more than {MOST_ROWS:,} rows; import it in parts", temporary=False)
            found += [()] * (number - 1 - len(found))
            found.append(row)
    return found


def _shown(value: object) -> str:
    """A cell's value as people read it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # What no database and no page can hold is neither a letter: NUL, and half a pair of surrogates.
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()
