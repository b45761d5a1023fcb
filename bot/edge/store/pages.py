"""Pages: what a transaction makes out of date on the posting, and what it notes as published. Its one rule:
all workers mark pages in the same order, and last.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.edge.store.debts import Debts
from bot.edge.store.queries.pages import CLEAN, WITHDRAW
from bot.edge.store.values import Dirty, Filed
from bot.posting.pages import keys_of
from bot.posting.register import Printed
from bot.workflow.change import ChangeRequest


@dataclass(slots=True)
class Pages(Debts):
    """The part of an open transaction that knows what is to be published."""

    pages: set[str] = field(default_factory=set)
    stood: dict[str, str] = field(default_factory=dict)  # where in the lists they were found

    def published(self, files: Sequence[Filed], withdrawn: Sequence[str], pages: Sequence[Dirty]) -> None:
        """Note that files lie on the posting, that others lie there no more, and that pages are up to date;
        one that became out of date again meanwhile stays so."""
        self.flush()  # in the order in which all workers lock pages, and before any is held
        rows = [{"path": file.path, "page": file.page, "sha256": file.sha256, "size": file.size} for file in files]
        self._run_all(self._upserts.published, rows)
        self._run_all(WITHDRAW, [{"withdrawn": path} for path in withdrawn])
        self._run_all(CLEAN, [{"soiled": each.page, "seen": each.mark} for each in pages])

    def printed(self, lines: Mapping[str, Printed]) -> None:
        """Keep lines of the register, by the keys of their change requests, for all lists that show them."""
        rows = [{"cr": key, "html": line.html, "script": line.script} for key, line in lines.items()]
        self._run_all(self._upserts.line, rows)

    def flush(self) -> None:
        """Mark the pages that this block made out of date. It comes last, because every worker
        waits for the row of the register's page until the one before has committed."""
        if self.pages:
            mark = secrets.randbits(62)
            rows = [{"page": page, "since": self.now, "mark": mark} for page in sorted(self.pages)]
            self._run_all(self._upserts.dirty, rows)
            self.pages.clear()

    def _soil(self, change: ChangeRequest | None) -> None:
        """Mark the pages of a change request out of date, and the lists that it has left."""
        if change is not None and change.logged:
            self.pages.update(keys_of(change))
            if (stood := self.stood.get(change.key)) is not None:
                self.pages.add(stood)
