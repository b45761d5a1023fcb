"""Connections: what every part of the store works with. Its one rule: whoever reads or writes
does it in a transaction from here, where the world's trouble is told from our bugs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import Connection

from bot.edge.store.engine import open_engine, translated, writing
from bot.edge.store.lease import Lease, prove
from bot.edge.store.values import Budget, Terms

CLAIM = timedelta(minutes=30)  # after which a claim is free whose worker nobody knows (bot/edge/store/leading.py)
CARGO = 16 * 1024 * 1024  # bytes of mail or letters in memory at once, one piece at least


class Connections:
    """The engine, and the two kinds of transaction."""

    def __init__(
        self, url: str, worker: str, budget: Budget | None = None, zone: tzinfo | None = None, return_path: str = ""
    ) -> None:
        self.url = url
        self.terms = Terms(worker, budget or Budget(), zone or UTC, return_path)
        self.engine = open_engine(url)
        self.lease: Lease | None = None  # of one worker among many
        self.fence: int | None = None  # the proof of its lead, while it does what only the leader may
        self.missed: dict[tuple[str, datetime], float] = {}  # workers that seem to be gone, and since when
        self.begun = False  # whether it has looked for them before

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with translated(), writing(self.engine) as connection:
            if self.fence is not None:
                prove(connection, self.terms.worker, self.fence)
            yield connection

    def _assure(self) -> None:
        """Let nobody take this worker for dead that is about to take something."""
        if self.lease is not None and not self.lease.fresh:
            self.lease.beat()
