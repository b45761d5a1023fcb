"""What a form prints beside its answers: headings, help, examples, marks of what is required.

Its one rule: only what plainly is no answer is taken away, by the heading over its column or by all
that stands in it; a column that might hold answers stays.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.intake.form import Shape
from bot.intake.labels import normalise
from bot.intake.lines import Vocabulary
from bot.intake.table.cell import Cell, Row

FIELDS = frozenset(
    {"attribute", "category", "data element", "element", "field", "field name", "fields", "form field", "information"}
    | {"information requested", "item", "items", "label", "question", "questions", "section", "topic"}
)
ANSWERS = frozenset(
    {"answer", "answers", "clec answer", "clec entry", "clec input", "clec response", "content", "contents", "entry"}
    | {"fill in here", "input", "reply", "response", "responses", "to be completed by clec", "value", "values"}
)
ASIDES = frozenset(
    {"allowed values", "comment", "comments", "data type", "definition", "description", "e g", "example", "examples"}
    | {"explanation", "field type", "format", "guidance", "guideline", "guidelines", "help", "hint", "hints", "id"}
    | {"how to complete", "how to fill in", "instruction", "instructions", "internal use", "length", "m o", "mandatory"}
    | {"max length", "maximum length", "no", "note", "notes", "office use only", "official use only", "optional"}
    | {"options", "possible values", "r o", "remark", "remarks", "required", "required optional", "rule", "rules"}
    | {"sample", "samples", "size", "tip", "tips", "type", "usage", "valid entries", "valid values", "validation"}
    | {"what to enter"}
)
"""The headings of a form's columns, normalised: of the labels, of the answers, of what is neither."""
HEADINGS = FIELDS | ANSWERS | ASIDES

NEEDS = frozenset({"required", "mandatory", "optional", "advised", "r", "m", "o", "y", "n", "yes", "no", "x", "c"})
WORDED = frozenset({Shape.LINE, Shape.TEXT, Shape.NAME, Shape.EMAIL, Shape.PHONE, Shape.DATE, Shape.LIST})
"""Shapes that a lone Yes or X is no answer to."""

LOOKS: Mapping[Shape, re.Pattern[str]] = {
    Shape.EMAIL: re.compile("@"),
    Shape.PHONE: re.compile(r"(?:\d\D{0,3}){7}"),
    Shape.DATE: re.compile(r"\d"),
}
ADVICE = re.compile(
    r"(?:please|enter|provide|your|the|an?|name of|list|describe|select|choose|tick|check|mark|indicate|specify|brief"
    r"|explain|give|state|what|who|how|when|which|used|if|one|first|e\.?g\.?|for example|example)\b",
    re.IGNORECASE,
)
PUNCTUATION = re.compile(r"[\s:;=*>\u2192]*|[-\u2013]")
FEW = 3
LONGEST_NEED = 12


Labelled = tuple[list[Cell], list[bool]]
"""A row, and which of its cells are known labels."""


def answers_only(rows: Sequence[Row], words: Vocabulary) -> list[Labelled]:
    """The rows of a grid without headings and without the columns that hold no answers; what our own
    form prints beside answers is blank."""
    gone: set[int] = set()
    found: list[Labelled] = []
    for row in rows:
        plain = [_plain(cell, words) for cell in row]
        if (heads := _headings(plain)) is not None:
            gone = heads
            plain = []
        elif gone:
            plain = [cell for cell in plain if cell.column not in gone]
        found.append((plain, [words.known(cell.text) for cell in plain]))
    beside = _beside(found, words)
    aside = {column for column, said in beside.items() if _needs(said) or _advice(said)}
    return [_without(row, labels, aside) for row, labels in found] if aside else found


def _without(row: Row, labels: Sequence[bool], aside: set[int]) -> Labelled:
    kept = [(cell, label) for cell, label in zip(row, labels, strict=True) if cell.column not in aside]
    return [cell for cell, _ in kept], [label for _, label in kept]


def _plain(cell: Cell, words: Vocabulary) -> Cell:
    text = words.answer(cell.text)
    if PUNCTUATION.fullmatch(text):
        text = ""
    return cell if text == cell.text else cell._replace(text=text, bolds=())


def _headings(row: Row) -> set[int] | None:
    """The columns that headings say hold no answers; None for a row that is no row of headings."""
    heads: dict[int, str] = {}
    for cell in row:
        if cell.text:
            heads[cell.column] = normalise(cell.text)
            if heads[cell.column] not in HEADINGS:
                return None
    if len(heads) < len("AB") or not any(head in FIELDS | ANSWERS for head in heads.values()):
        return None
    aside = {column for column, head in heads.items() if head in ASIDES}
    others = {cell.column for cell in row} - aside - {column for column, head in heads.items() if head in FIELDS}
    return aside if others else set()


Said = list[tuple[Shape, str]]


def _beside(rows: Sequence[Labelled], words: Vocabulary) -> dict[int, Said]:
    """What stands to the right of labels, column by column, with the shape that the label asks for."""
    beside: dict[int, Said] = defaultdict(list)
    for row, labels in rows:
        field = None
        for cell, label in zip(row, labels, strict=True):
            if label:
                field = words.field(cell.text)
            elif field is not None and cell.text:
                beside[cell.column].append((field.shape, cell.text))
    return beside


def _needs(said: Said) -> bool:
    """True for a column that says nothing but what is required."""
    worded = [text for shape, text in said if shape in WORDED]
    return len(worded) >= FEW and all(len(text) <= LONGEST_NEED and normalise(text) in NEEDS for text in worded)


def _advice(said: Said) -> bool:
    """True for a column that says what to write, and that no sender wrote."""
    telling = [(shape, text) for shape, text in said if shape in LOOKS]
    if len(telling) < len("AB") or any(LOOKS[shape].search(text) for shape, text in telling):
        return False
    return 2 * sum(ADVICE.match(text) is not None for _, text in said) > len(said)
