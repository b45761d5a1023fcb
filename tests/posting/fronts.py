"""What the store would tell of some change requests, for the tests of the pages that speak of the day."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.posting.news import Sort, Told
from bot.posting.public import Record
from bot.posting.rows import recorded

START = datetime(2020, 1, 1, tzinfo=UTC)


def told_of(records: Iterable[Record], wanted: Iterable[Sort], since: datetime = START) -> tuple[Told, ...]:
    """The public rows of these sorts, newest first, as the store tells them."""
    sorts = tuple(wanted)
    found = [
        Told(record.change, row)
        for record in records
        for row in record.rows
        if row.public and any(row.action == action and row.description.startswith(begins) for action, begins in sorts)
    ]
    return tuple(
        sorted((each for each in found if recorded(each.row) >= since), key=lambda each: recorded(each.row))[::-1]
    )
