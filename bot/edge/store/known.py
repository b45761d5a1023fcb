"""Known: by what somebody is known, wherever it stands in the store.

Its one rule: what others have as well is not what a person is known by.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from bot.edge.store.blobs import ERASED, unpack
from bot.edge.store.traces import name_in
from bot.edge.store.wiping import CONTENT
from bot.edge.tables import blob, change, journal, mail
from bot.errors import Trouble
from bot.workflow.erasure import PHONE, Traces, own_names, traces_of, without_shared

SOME = 200


def traced(connection: Connection, address: str, others: Iterable[str]) -> Traces:
    """What a person (lower case) is known by in this store; never a name of `others`."""
    holding = select(change.c.state).where(change.c.state.contains(json.dumps(address)[1:-1], autoescape=True))
    rows = select(journal.c.payload).where(journal.c.payload.contains(json.dumps(address)[1:-1], autoescape=True))
    states = [json.loads(state) for state in connection.scalars(holding)]
    states += [json.loads(payload).get("state", {}) for payload in connection.scalars(rows)]
    found = without_shared(traces_of(address, states, others), _forms(connection))
    raws = CONTENT.join(mail, mail.c.raw == blob.c.sha256).where(func.lower(mail.c.sender) == address)
    called = set[str]()
    for row in connection.execute(raws.where(blob.c.encoding != ERASED)):
        with suppress(Trouble):  # damaged: `verify` says so
            called.add(name_in(unpack(*row), address))
    return replace(found, names=found.names | own_names(called, others))


def _forms(connection: Connection) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every state that holds a telephone number of an originator, and every step to one, with the number of its change
    request."""
    states = select(change.c.number, change.c.state).where(change.c.state.contains(PHONE, autoescape=True))
    for number, state in connection.execute(states, execution_options={"yield_per": SOME}):
        yield number, json.loads(state)
    steps = select(change.c.number, journal.c.payload).join(change, change.c.key == journal.c.cr)
    steps = steps.where(journal.c.payload.contains(PHONE, autoescape=True))
    for number, payload in connection.execute(steps, execution_options={"yield_per": SOME}):
        yield number, json.loads(payload).get("state", {})
