"""Correction: which field, its new value, and why. Its one rule: where the value ends and the reason
begins must be plain; what cannot be parted is asked back."""

import re

from bot.intake.arguments.arguments import Arguments
from bot.intake.arguments.unclear import Unclear
from bot.intake.form import FieldTable, Need
from bot.intake.labels import Labels, normalise

QUOTED = re.compile(r"""["\u201c\u201d]([^"\u201c\u201d]*)["\u201c\u201d][ \t]*""")
PARTS = (re.compile(r"\s+--\s+|\s*\u2014\s*"), re.compile(r"(?:\A|[\s,;]+)because\s+", re.ASCII | re.IGNORECASE))
BEHIND = " \t:=,"
LED_BY = re.compile(r"\A[\s,;:-]*(?:(?:because|reason)\b[\s:]*)?", re.ASCII | re.IGNORECASE)
TO = re.compile(r"\Ato\b[\s:]*", re.ASCII | re.IGNORECASE)
LONGEST_FIELD = 8
"""Words; the longest label has fewer."""


def correction(text: str, table: FieldTable) -> Arguments:
    """CORRECT and what follows it. Raises Unclear."""
    if not text.strip():
        raise Unclear("Say which field is to be corrected.", shape=True)
    key, rest = _field(text.strip(), table)
    value, reason = _apart(TO.sub("", rest, count=1))
    if not value or not reason:
        raise Unclear(f"Say {'why' if value else 'what it should be'}: {_right(key, table)}")
    return Arguments(field=key, value=value, text=reason)


def _field(text: str, table: FieldTable) -> tuple[str, str]:
    """The field that a text names first, by key or label, and what follows it: the longest name counts."""
    keys = {row.key: row.key for row in table.fields if row.need is not Need.IGNORED}
    labels = Labels(table)
    if quoted := QUOTED.match(text):
        words, ends = [quoted[1]], [quoted.end()]
    else:
        found = list(re.finditer(r"\S+", text.split("\n", 1)[0]))[:LONGEST_FIELD]
        words = [text[: word.end()] for word in found]
        ends = [word.end() for word in found]
    for written, end in reversed(list(zip(words, ends, strict=True))):
        bare = written.strip(BEHIND)
        key = keys.get("_".join(bare.lower().split())) or labels.key(bare)
        if key in keys and normalise(bare):
            return key, text[end:].lstrip(BEHIND)
        split = labels.split(written)
        if split and (key := keys.get("_".join(split[0].lower().split())) or labels.key(split[0])) in keys:
            return key, text[text.index(split[0]) + len(split[0]) :].lstrip(BEHIND)
    names = ", ".join(row.label for row in table.fields if row.need is not Need.IGNORED)
    raise Unclear(f"There is no field called {' '.join(text.split()[:4])}. The fields are: {names}.")


def _apart(text: str) -> tuple[str, str]:
    """Value and reason; an empty one where it is missing. Raises Unclear where they part in two places."""
    if quoted := QUOTED.match(text):
        rest = text[quoted.end() :]
        return quoted[1].strip(), LED_BY.sub("", rest, count=1).strip()
    first, _, below = text.partition("\n")
    for part in PARTS:
        marks = list(part.finditer(first))
        if len(marks) > 1:
            raise Unclear('Put the new value into "quotation marks": it is not plain where the reason begins.')
        if marks:
            return first[: marks[0].start()].strip(), f"{first[marks[0].end() :]}\n{below}".strip()
    return first.strip(), LED_BY.sub("", below, count=1).strip()


def _right(key: str, table: FieldTable) -> str:
    label = next(row.label for row in table.fields if row.key == key)
    return f"CORRECT {label}: the new value because the reason."
