"""Parts: many values, so many at a time that a statement can hold them."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

AT_ONCE = 500  # values in one IN list; SQLite takes 32,766, and a folder may hold more mails

T = TypeVar("T")


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values again, in parts."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
