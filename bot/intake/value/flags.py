"""Flags: Regulatory, Industry Guideline, Exception, alone or sharing one cell.

Its one rule: a mark in a shared cell belongs to the flag that stands beside it, never to the
cell's label.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.intake.form import Field, Shape
from bot.intake.labels import Labels, normalise
from bot.intake.value.reading import Reading, quote
from bot.intake.value.ticks import Ticks, ticks
from bot.intake.value.values import NO, read_flag


def read_flags(
    text: str, label: str, field: Field, rows: Mapping[str, Field], labels: Labels
) -> Iterator[tuple[str, Reading | None]]:
    """What the value beside a flag's label says to which flags, as (key, reading)."""
    flags = tuple(row for row in rows.values() if row.shape is Shape.FLAG)
    printed = tuple(row.label for row in flags)
    marked = ticks(text, _printed(printed))
    named = _named(marked, flags, labels) if marked else {}
    if named:
        yield from ((key, Reading(value=on)) for key, on in named.items())
        first = text.split("\n", maxsplit=1)[0]
        if field.key not in named and not _shared(label, flags) and not ticks(first, _printed(printed)):
            yield field.key, read_flag(first, field)
    elif not _shared(label, flags):
        yield field.key, read_flag(text, field)
    else:
        yield from _in_words(text, field, flags, labels)


def _named(marked: Ticks, flags: tuple[Field, ...], labels: Labels) -> dict[str, bool]:
    """The flags that stand beside the marks; nothing when it cannot be told which is meant."""
    if marked.unsure:
        return {}
    keys = {row.key for row in flags}
    sides = [(words, on) for on, side in ((False, marked.off), (True, marked.on)) for words in side]
    found = ((labels.key(words.split("\n")[0]), on) for words, on in sides)
    return {key: on for key, on in found if key in keys}


def _in_words(
    text: str, field: Field, flags: tuple[Field, ...], labels: Labels
) -> Iterator[tuple[str, Reading | None]]:
    """A shared cell without marks beside its flags: one flag by name, or No to all of them."""
    found = _printed(tuple(row.label for row in flags)).findall(text)
    printed = {labels.key(words) for words in found} & {row.key for row in flags}
    if len(printed) == 1 and labels.key(text) in printed:
        yield from ((key, Reading(value=True)) for key in printed if key)
    elif len(printed) > 1:
        # Several flags are printed and none is marked.
        yield field.key, None
    elif NO.match(text):
        yield field.key, Reading(value=False)
    else:
        wrong = f"We cannot tell from {quote(text)} whether the change is regulatory or an industry guideline."
        yield field.key, Reading(wrong=wrong)


def _shared(label: str, flags: tuple[Field, ...]) -> bool:
    """True for the label of a cell that several flags share (`Regulatory / Industry Guideline`,
    `This CR is`): it names not just one of them."""
    words = normalise(label).split()
    return sum(normalise(row.label).split()[0] in words for row in flags) != 1


@lru_cache(maxsize=8)
def _printed(labels: tuple[str, ...]) -> re.Pattern[str]:
    """Finds the words that are printed beside the boxes of flags."""
    words = "|".join(map(re.escape, labels))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
