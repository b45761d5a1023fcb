"""The form as plain text. Its one rule: `Label: answer`, and lines that start with # are help."""

from collections.abc import Iterator

from bot.intake.filled import INTRODUCTION, SECTIONS, Filled, heading, office, printed
from bot.intake.form import Field, FieldTable, Shape

MARK = "# "


def text_blank(table: FieldTable, filled: Filled) -> bytes:
    """The form as UTF-8 text."""
    return ("\n".join(_lines(table, filled)) + "\n").encode()


def _lines(table: FieldTable, filled: Filled) -> Iterator[str]:
    yield f"{MARK}{table.title}"
    yield MARK.strip()
    yield f"{MARK}Write behind the colons; an answer may go on below. Lines that start with # are help and not read."
    yield from (f"{MARK}{sentence}." for sentence in INTRODUCTION.rstrip(".").split(". "))
    if filled.general:
        yield f"{MARK}{filled.general}"
    yield ""
    yield f"{MARK}Carrier use only"
    for field in office(table):
        yield f"{field.label}: {filled.text(field)}".rstrip()
    for field in printed(table):
        if field.key in SECTIONS:
            yield from ("", f"{MARK}--- {SECTIONS[field.key]} ---")
        yield from _field(field, filled)


def _field(field: Field, filled: Filled) -> Iterator[str]:
    yield ""
    if remark := filled.remark(field):
        yield f"{MARK}{remark}"
    if field.hint:
        yield f"{MARK}{field.hint}"
    if field.shape in {Shape.AREA, Shape.CHOICES, Shape.LIST} and field.choices:
        yield f"{MARK}{', '.join(field.choices)}"
    # A blank line between paragraphs, or a mail program's line breaks could not be told from them.
    text = filled.text(field).replace("\n", "\n\n")
    if field.shape is Shape.SLOTS:
        yield f"{heading(field)}:"
        yield from (f"{number}. {slot}".rstrip() for number, slot in enumerate(filled.slots(field), 1))
    else:
        yield f"{heading(field)}: {text}".rstrip()
