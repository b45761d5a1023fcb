"""The form as plain text. Its one rule: `Label: answer`, and lines that start with ## are help.

QUIRK: plain text has nothing to mark an answer with. A line of it that reads like a label, a closing
or a rule, which no plain-text form can have given us but a Word form can, is read as one.
"""

from collections.abc import Iterator
from functools import lru_cache
from textwrap import wrap

from bot.intake.form import Field, FieldTable, Shape
from bot.intake.lines import HELP
from bot.intake.paper.filled import RULES, SECTIONS, Filled, heading, office, printed

WIDTH = 72
"""Of help; a mail program would break a longer line, and its rest would stand there as an answer."""

HOW = "Write behind the colons; an answer may go on below. These lines are help and not read."


def text_blank(table: FieldTable, filled: Filled) -> bytes:
    """The form as UTF-8 text."""
    return ("\n".join(_lines(table, filled)) + "\n").encode()


def _lines(table: FieldTable, filled: Filled) -> Iterator[str]:
    yield from _help(filled.carrier)
    yield from _help(table.title)
    yield ""
    yield from _help(HOW)
    yield from _help(f"{RULES} {filled.send_to}")
    if filled.general:
        yield from ("", *_help(filled.general))
    yield from ("", *_help("Carrier use only"))
    for field in office(table):
        yield f"{field.label}: {filled.text(field)}".rstrip()
    for field in printed(table):
        if field.key in SECTIONS:
            yield from ("", *_help(f"--- {SECTIONS[field.key]} ---"))
        yield from _field(field, filled)


def _field(field: Field, filled: Filled) -> Iterator[str]:
    yield ""
    yield from _help(filled.remark(field))
    yield from _help(field.hint)
    if field.shape in {Shape.AREA, Shape.CHOICES, Shape.LIST}:
        yield from _help(", ".join(field.choices))
    if field.shape is Shape.SLOTS:
        yield f"{heading(field)}:"
        yield from (f"{number}. {slot}".rstrip() for number, slot in enumerate(filled.slots(field), 1))
    else:
        yield f"{heading(field)}: {filled.text(field)}".rstrip()


@lru_cache(maxsize=128)
def _help(text: str) -> tuple[str, ...]:
    """Lines of help that no mail program breaks; none for an empty text."""
    lines = wrap(text, WIDTH - len(HELP), break_long_words=False, break_on_hyphens=False)
    return tuple(f"{HELP}{line}" for line in lines)
