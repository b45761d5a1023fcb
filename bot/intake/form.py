"""The form: its fields, what a reader found (RawForm) and what it amounts to (Submission).

Its one rule: readers only find labels and values, each with its place; what they mean and
whether they will do is judged here, from one field table (forms/fields.yaml).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Value = str | bool | tuple[str, ...]


def in_words(value: Value) -> str:
    """A value as one text: Yes or No for a flag, commas between the items of a list."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value if isinstance(value, str) else ", ".join(value)


TRACKS: Mapping[str, str] = {
    "product_process": "Product/Process",
    "system": "System",
    "both": "Product/Process and System",
}
"""The areas of change by key, as people call them."""


class Need(StrEnum):
    """How much the office wants a field."""

    REQUIRED = "required"
    ADVISED = "advised"
    OPTIONAL = "optional"
    IGNORED = "ignored"


class Shape(StrEnum):
    """What a field's value looks like; judge and blank forms both go by it."""

    LINE = "line"
    TEXT = "text"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    DATE = "date"
    FLAG = "flag"
    AREA = "area"
    CHOICES = "choices"
    LIST = "list"
    SLOTS = "slots"


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the field table. `spoken` is how a letter names the field in a sentence."""

    key: str
    label: str
    shape: Shape
    need: Need
    synonyms: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    hint: str = ""
    shortest: int = 0
    longest: int = 0
    spoken: str = ""

    @property
    def name(self) -> str:
        """The field in the middle of a sentence: `telephone number of the originator`."""
        return self.spoken or self.label

    def shown(self, value: Value) -> str:
        """A value as people read it; never a key."""
        text = in_words(value)
        return TRACKS.get(text, text) if self.shape is Shape.AREA else text

    @property
    def blocks(self) -> bool:
        """True where a blank holds the form up. A required e-mail address does not: the From address
        stands in for it (DESIGN section 5)."""
        return self.need is Need.REQUIRED and self.shape is not Shape.EMAIL


@dataclass(frozen=True, slots=True)
class FieldTable:
    """The whole form, in its printed order."""

    title: str
    fields: tuple[Field, ...]

    def __hash__(self) -> int:
        """Cheap on purpose: what is derived from a table is looked up for every form."""
        return hash(self.title)


@dataclass(frozen=True, slots=True)
class Entry:
    """One label with its value as the reader found them. `place` is for people: `cell B7`,
    `table 1, row 4`, `line 12`. A tag is a content control's, when there was one. `unreadable` says
    why what stands there cannot be read (`the cell shows the error #N/A`); the value is then blank."""

    label: str
    value: str
    place: str
    tag: str = ""
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class RawForm:
    """One form as a reader found it. `source` names the file or the mail's text."""

    source: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


class Code(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    INVALID = "invalid"
    CONTRADICTORY = "contradictory"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a form, in words its sender understands. `field` is a key, or empty
    when the file as a whole is meant."""

    field: str
    code: Code
    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that has been judged. `fields` holds what was read, by key, the invalid too;
    `places` where each was found; `format` is docx, xlsx or txt: what to send back; `left_out`
    the keys of fields that nobody requires and whose answer could not be understood."""

    source: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    advised_missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    format: str = "txt"
    left_out: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """True when every required field is there and valid; advised fields never block."""
        return not self.problems

    def text(self, key: str) -> str:
        """A field as one text; empty when absent."""
        return in_words(self.fields.get(key, ""))
