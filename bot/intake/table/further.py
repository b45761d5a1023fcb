"""What stands below a blank row with no label beside it: more of the answer above, or nothing of the sender's.

Its one rule: rather a note than a wrong value. A heading, a footer or a line for the office goes on with no answer.
"""

import re

from bot.intake.form import Field, Shape
from bot.intake.lines import HEADING
from bot.intake.table.spread import is_mark

PRINTED = re.compile(
    r"\W{0,3}(?:for\s.{0,40}\buse(?:\s+only)?|.{0,30}\buse\s+only\b.{0,40}|.{0,40}\bto\s+be\s+(?:completed|filled)\b.{0,60}"
    r"|do\s+not\s+write\b.{0,40}|page\s+\d.{0,20}|(?:form|revision|rev\.?|version)\s.{0,20}\d.{0,10}|end\s+of\s+.{0,20}"
    r"|thank\s+you.{0,60}|(?:\u00a9|\(c\)|copyright).{0,60})\W{0,3}",
    re.IGNORECASE,
)
"""What a form prints between its questions and below them."""
SLOT = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri)\w*,?\s+)?(?:\d{1,4}[-/.]\d"
    r"|(?:\d{1,2}\.?\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+\d)",
    re.IGNORECASE,
)
"""Begins a slot; no footer begins with a day."""
FEW_WORDS = 3
"""So many may be a heading, or an item of a list."""


def printed(text: str) -> bool:
    """True for what a form itself says: the head of a section, a line for the office, a footer."""
    return HEADING.fullmatch(text) is not None or PRINTED.fullmatch(text) is not None


def goes_on(text: str, field: Field | None) -> bool:
    """True for a text that can only be more of a field's answer above a blank row."""
    if field is None or printed(text):
        return False
    few = len(text.split()) <= FEW_WORDS
    match field.shape:
        case Shape.TEXT:
            return not few or text[-1] in ".!?;" or not text[0].isupper()
        case Shape.LIST:
            return few and text[-1] not in ".!?:" and not is_mark(text)
        case Shape.SLOTS:
            return SLOT.match(text) is not None
        case _:
            return False
