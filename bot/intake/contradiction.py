"""Several answers to one question. Its one rule: answers that are equal but for their spelling are one;
others are a contradiction that the sender is asked about, never a choice.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.intake.form import Code, Field, Shape, in_words
from bot.intake.value.reading import BLANK, Reading, quote

WORD = re.compile(r"[^\W_]+")
NUMBER_DIGITS = 10
LEGAL_FORMS = frozenset(
    {"inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "lp", "the"}
)
"""Words of a company's name that people leave out."""


class Given(NamedTuple):
    """One reading for one field and where it was found; a blank entry has none."""

    key: str
    place: str
    reading: Reading | None = None
    code: Code = Code.INVALID


def settle(row: Field, answers: Sequence[Given]) -> tuple[str, Code, Reading]:
    """The one reading that all answers to a field amount to, with its place and what is wrong with it."""
    said = [given for given in answers if given.reading and given.reading != BLANK]
    if not said:
        return answers[0].place, Code.MISSING, BLANK
    first = said[0].reading or BLANK
    if row.shape is Shape.SLOTS:
        return said[0].place, Code.INVALID, _joined(said, first)
    sense = _sense(row, first)
    for other in said[1:]:
        if other.reading and _sense(row, other.reading) != sense:
            return said[0].place, Code.CONTRADICTORY, Reading(wrong=_twice(row, said[0], other))
    return said[0].place, said[0].code, first


def _joined(said: Sequence[Given], first: Reading) -> Reading:
    """Slots in fields of their own are one list."""
    values = [given.reading.value for given in said if given.reading]
    slots = [slot for value in values if isinstance(value, tuple) for slot in value]
    return Reading(tuple(dict.fromkeys(slots)) or None, first.wrong)


def _sense(row: Field, reading: Reading) -> object:
    """What two answers must share to be the same: a number its digits, an address its letters, a list
    its items in any order, anything else its words."""
    value = reading.value if reading.value is not None else reading.wrong
    if isinstance(value, tuple):
        return frozenset(map(_words, (*value, reading.other)))
    text = str(value).casefold()
    if row.shape is Shape.NAME:
        return sorted(_words(text).split())
    if row.shape is Shape.PHONE:
        return "".join(filter(str.isdigit, text)).removeprefix("1")[:NUMBER_DIGITS]
    if row.shape is Shape.EMAIL:
        return text
    words = _words(text)
    if row.key == "company":
        return " ".join(word for word in words.split() if word not in LEGAL_FORMS) or words
    return words or text


def _words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))


def _twice(row: Field, one: Given, two: Given) -> str:
    where, there = (f" ({given.place})" if given.place else "" for given in (one, two))
    values = f"{_shown(row, one)}{where} and {_shown(row, two)}{there}"
    return f"The form gives the {row.name} twice: {values}. Please give it once."


def _shown(row: Field, given: Given) -> str:
    value = given.reading.value if given.reading else None
    if isinstance(value, bool):
        return in_words(value)
    return quote(row.shown(value)) if value else "something unclear"
