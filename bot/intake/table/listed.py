"""Lists: change requests under a row of labels, or right of a column of labels.

Its one rule: a row is a request when it says what the change is; examples, totals and prompts are
printed matter.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

from bot.intake.form import Field, Shape
from bot.intake.lines import Vocabulary
from bot.intake.table.asides import ADVICE, LOOKS
from bot.intake.table.cell import Row
from bot.intake.table.stacked import SUBJECT

EXAMPLE = re.compile(r"\W{0,2}(?:examples?|samples?|e\.?g\.?|ex\.)(?![^\W\d])", re.IGNORECASE)
ONLY_EXAMPLE = re.compile(r"\W{0,2}(?:example|sample)s?(?:\s(?:row|entry|cr|only))?\W{0,3}", re.IGNORECASE)
BEGINS_EXAMPLE = re.compile(r"\W{0,2}(?:(?:example|sample)\s?[:-]|e\.g\.)", re.IGNORECASE)
TOTAL = re.compile(
    r"(?:grand |sub-?)?(?:totals?|count)(?: (?:number )?(?:of )?(?:crs|(?:change )?requests))?\s*:?\s*\d*",
    re.IGNORECASE,
)
GROWING = frozenset({Shape.TEXT, Shape.LIST, Shape.SLOTS, Shape.CHOICES})
FEWEST = 6
"""Labels that make a column of them a form."""
ENOUGH = 3
"""Answers that make a request of a row without title and description: its sender forgot them."""


class RowKind(Enum):
    """What a row under a row of labels is."""

    REQUEST = auto()
    MORE = auto()
    PRINTED = auto()
    OTHER = auto()


def kind_of(row: Row, fields: Mapping[int, Field]) -> RowKind:
    """What a row is; `fields` are those of the labels above, by column."""
    filled = [(cell.text, fields.get(cell.column)) for cell in row if cell.text]
    known = [(text, field) for text, field in filled if field is not None]
    if any(_example(text, field) for text, field in filled) or (filled and TOTAL.fullmatch(filled[0][0])):
        return RowKind.PRINTED
    if not known:
        return RowKind.OTHER
    if _prompts(known):
        return RowKind.PRINTED
    keys = {field.key for _, field in known}
    if len(keys) >= ENOUGH or (keys & SUBJECT and len(keys) > 1):
        return RowKind.REQUEST
    return RowKind.MORE if all(field.shape in GROWING for _, field in known) else RowKind.OTHER


def _example(text: str, field: Field | None) -> bool:
    if field is None:
        return EXAMPLE.match(text) is not None
    return bool(ONLY_EXAMPLE.fullmatch(text) or (field.key == "title" and BEGINS_EXAMPLE.match(text)))


def _prompts(known: list[tuple[str, Field]]) -> bool:
    """True for a row that says what to write in each column."""
    telling = [(text, field) for text, field in known if field.shape in LOOKS]
    if len(telling) < len("AB") or any(LOOKS[field.shape].search(text) for text, field in telling):
        return False
    return 2 * sum(ADVICE.match(text) is not None for text, _ in known) > len(known)


class Columns(NamedTuple):
    """The columns that hold a request each beside one column of labels; `named` when each has a
    heading (`CR 1`, `CR 2`)."""

    labels: int
    requests: tuple[int, ...]
    named: bool


def columns_of(rows: Sequence[Row], labels: Sequence[Sequence[bool]], words: Vocabulary) -> Columns | None:
    """The columns of several requests beside each other; None for one request, or where it is not
    plain that each column is one."""
    places = [(at, cell) for at, row in enumerate(rows) for cell, label in zip(row, labels[at], strict=True) if label]
    if len(places) < FEWEST or len({cell.column for _, cell in places}) > 1:
        return None
    said: dict[int, list[tuple[Field, str]]] = {}
    for at, label in places:
        field = words.field(label.text)
        for cell in rows[at]:
            if field is not None and cell.text and cell.column > label.column:
                said.setdefault(cell.column, []).append((field, cell.text))
    requests = tuple(sorted(column for column, answers in said.items() if _is_request(answers)))
    heads = {cell.column: cell.text for row in rows[: places[0][0]] for cell in row if cell.text}
    requests = tuple(column for column in requests if not EXAMPLE.match(heads.get(column, "")))
    if len(requests) < len("AB"):
        return None
    return Columns(places[0][1].column, requests, all(column in heads for column in requests))


def _is_request(answers: Sequence[tuple[Field, str]]) -> bool:
    """True for a column of answers that look as their labels ask for."""
    looks = [LOOKS[field.shape].search(text) is not None for field, text in answers if field.shape in LOOKS]
    keys = {field.key for field, _ in answers}
    return keys >= SUBJECT and len(looks) >= len("AB") and all(looks)
