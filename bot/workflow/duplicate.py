"""Duplicate: does a new form look like a change request that is there already?

Its one rule: only the same company's counts, by the same title or the same reference of its own
(DESIGN section 5; domain.md section 5, field 7), open or closed. What looks alike waits for a
person; it is never merged.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.intake.form import Value, in_words

BETWEEN = re.compile(r"[\W_]+")
MARK = 24  # hex digits, as many as a letter's id has; chance does not make two alike


@dataclass(frozen=True, slots=True)
class Marks:
    """What makes two submissions alike, each with the company in it: 24 hex digits, or empty where
    a form says nothing that could be compared."""

    title: str = ""
    internal_ref: str = ""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A stored change request or intake that shares a mark with a new form; `key` never changes,
    `number` is what people know it by, `logged` says whether it has a page."""

    key: str
    number: str
    title: str
    logged: bool
    marks: Marks


def marks(company: str, fields: Mapping[str, Value]) -> Marks:
    """The marks of a form of a company: case, punctuation and spacing do not count.

    >>> marks("Pine Telecom", {"title": "Name the field!"}) == marks("PINE Telecom", {"title": "name  the field"})
    True
    """
    whose = _bare(company)
    title, reference = (_bare(in_words(fields.get(key, ""))) for key in ("title", "internal_ref"))
    return Marks(_mark("title", whose, title), _mark("ref", whose, reference.replace(" ", "")))


def likest(own: Marks, found: Sequence[Lookalike], key: str = "") -> Lookalike | None:
    """The one to name of those found, oldest first: one that has its CR number before one that has
    not. `key` is the form's own intake, if any; nothing looks like itself."""
    others = [other for other in found if other.key != key and likeness(own, other.marks)]
    return min(others, key=lambda other: not other.logged, default=None)


def likeness(own: Marks, other: Marks) -> str:
    """What two have in common, in words; empty where it is nothing."""
    shared = (
        (own.title and own.title == other.title, "the same title"),
        (own.internal_ref and own.internal_ref == other.internal_ref, "the same Internal Ref #"),
    )
    return " and ".join(words for same, words in shared if same)


def _bare(text: str) -> str:
    """The letters and figures of a text in lower case, its words one blank apart."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return BETWEEN.sub(" ", folded).strip()


def _mark(kind: str, company: str, text: str) -> str:
    if not (company and text):
        return ""
    return sha256(f"{kind}\n{company}\n{text}".encode("utf-8", "replace")).hexdigest()[:MARK]
