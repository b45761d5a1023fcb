"""The field table from what forms/fields.yaml holds. Its one rule: a table that is wrong is
refused whole, in words that name the row (it is read at start, never on a mail's path)."""

from collections.abc import Mapping, Sequence

from bot.intake.form import Field, FieldTable, Need, Shape
from bot.intake.labels import normalise

NUMBERS = ("shortest", "longest")
WORDS = ("synonyms", "choices")
KNOWN = frozenset({"key", "label", "shape", "need", "hint", "spoken", *NUMBERS, *WORDS})


class WrongField(ValueError):
    """What is wrong with a row of the table; the first row is 1."""

    def __init__(self, text: str, row: int) -> None:
        super().__init__(text)
        self.row = row


def table_from(mapping: Mapping[str, object]) -> FieldTable:
    """Make the field table from a loaded YAML mapping with `title` and `fields`.

    Raises ValueError where it is none, and WrongField naming the row and what is wrong with it.
    """
    title, rows = mapping.get("title"), mapping.get("fields")
    if not isinstance(title, str) or not title.strip():
        raise ValueError("the field table needs a title")
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise ValueError("the field table needs a list of fields")
    fields = tuple(_checked(number, row) for number, row in enumerate(rows, 1))
    _check_labels(fields)
    return FieldTable(title.strip(), fields)


def _checked(number: int, row: object) -> Field:
    try:
        return _field(number, row)
    except ValueError as wrong:
        raise WrongField(str(wrong), number) from None


def _field(number: int, row: object) -> Field:
    if not isinstance(row, Mapping) or not row.get("key"):
        raise ValueError(f"field {number}: it needs a key")
    key = str(row["key"])
    if unknown := sorted(set(row) - KNOWN):
        raise ValueError(f"field {key}: unknown setting {', '.join(unknown)}")
    label, hint = str(row.get("label") or ""), str(row.get("hint") or "")
    if not normalise(label):
        raise ValueError(f"field {key}: it needs a label")
    try:
        shape, need = Shape(str(row.get("shape"))), Need(str(row.get("need")))
    except ValueError as wrong:
        raise ValueError(f"field {key}: {wrong}") from None
    shortest, longest = (_number(key, name, row.get(name, 0)) for name in NUMBERS)
    synonyms, choices = (_texts(key, name, row.get(name, ())) for name in WORDS)
    spoken = str(row.get("spoken") or "")
    return Field(key, label, shape, need, synonyms, choices, hint, shortest, longest, spoken)


def _number(key: str, name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"field {key}: {name} must be a whole number")
    return value


def _texts(key: str, name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"field {key}: {name} must be a list of texts")
    return tuple(value)


def _check_labels(fields: tuple[Field, ...]) -> None:
    """A label that two fields share would be read by chance."""
    owners: dict[str, str] = {}
    keys: set[str] = set()
    for row, field in enumerate(fields, 1):
        if field.key in keys:
            raise WrongField(f"field {field.key}: it stands in the table twice", row)
        keys.add(field.key)
    for row, field in enumerate(fields, 1):
        for label in (field.label, *field.synonyms):
            owner = owners.setdefault(normalise(label), field.key)
            if owner != field.key:
                raise WrongField(f"field {field.key}: the label {label!r} belongs to {owner} already", row)
