"""Accord: whether a change request is what its journal amounts to, and has all its documents.

Its one rule: it believes no column. The journal is replayed from nothing, and everything else is held
against that.
"""

import json
from collections.abc import Iterator, Sequence, Set
from typing import Any

from sqlalchemy import select

from bot.edge.codec import decode
from bot.edge.store.damage import UNREADABLE, first_line
from bot.edge.store.findings import ANSWERED, Finding
from bot.edge.store.journal import Entry, canonical, first_broken
from bot.edge.tables import change
from bot.workflow.change import ChangeRequest

RECORDED = select(
    change.c.key, change.c.number, change.c.state, change.c.version, change.c.step, change.c.phase,
    change.c.status_date, change.c.open, change.c.logged,
)  # fmt: skip
"""Change requests, with all columns that they are found by."""


def documents(state: str) -> list[str]:
    """The hashes of the documents that a kept state names."""
    try:
        return [paper["sha256"] for paper in json.loads(state)["documents"]]
    except UNREADABLE:
        return []  # the state has a finding of its own


def against_journal(row: Any, entries: Sequence[Entry], kept: Set[str]) -> Iterator[Finding]:
    """What is wrong with one change request: its journal, then what the journal amounts to; `kept` are the
    documents whose bytes are there."""
    about = str(row.number)
    if not entries:
        yield Finding("journal", about, "it has no journal at all", ANSWERED)
        return
    if broken := first_broken(entries):
        said = f"row {broken} of its journal is not what was recorded, or is missing"
        yield Finding("journal", about, said, ANSWERED)
    try:
        state: dict[str, Any] = {}
        steps = 0
        for entry in entries:
            patch = json.loads(entry.payload).get("state", {})
            state |= patch
            steps += bool(patch)
        change_now = decode(ChangeRequest, json.loads(row.state))
        same = canonical(state) == row.state or decode(ChangeRequest, state) == change_now
    except UNREADABLE as error:
        yield Finding("state", about, f"it cannot be read: {first_line(error)}")
        return
    if not same or steps != row.version:
        yield Finding("state", about, "it is not what its journal amounts to", ANSWERED)
    columns = row.number, row.step, row.phase, row.status_date, row.open, row.logged
    said_so = change_now.number, change_now.step, change_now.phase, change_now.status_date
    if columns != (*said_so, change_now.open, change_now.logged):
        yield Finding("state", about, "the columns it is found by say something else than itself", ANSWERED)
    for paper in change_now.documents:
        if paper.sha256 not in kept:
            yield Finding("documents", about, f"the bytes of {paper.title} ({paper.name}) are missing")
