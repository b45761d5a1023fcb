"""History: the rows of a change request, in house words, as one line each.

Its one rule: internal rows are for the staff alone.
"""

from datetime import datetime
from operator import attrgetter

from bot.office.office import Office
from bot.workflow.answers.answer import answered, named, unknown
from bot.workflow.carry.words import names, us
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Fate, Row
from bot.workflow.event import Ordered

LATEST = 120
"""Rows that one answer holds; the page has them all."""
LONGEST = 400
"""Characters of a row; minutes may have thousands."""


def history(change: ChangeRequest | None, event: Ordered, office: Office, now: datetime) -> Decision:
    """What happened to a change request, the latest last: the public rows, for the staff all."""
    if change is None and not named(event):
        return Decision(Fate.REFUSED, "It does not say of which change request. Put its number behind the verb.")
    if change is None:
        return unknown(event)
    inside = event.standing.person is not None
    rows = sorted((row for row in event.history if row.public or inside), key=attrgetter("at"))
    lines = [_line(row, office, inside=inside) for row in rows[-LATEST:]]
    if len(rows) > LATEST:
        lines.insert(0, f"Of {len(rows)} rows the latest {LATEST}:")
    return answered(event, change, lines or ("Nothing is recorded that you may see.",))


def _line(row: Row, office: Office, *, inside: bool) -> str:
    """One row; the staff also read who did it, whether it is internal, and when it was recorded where
    that was later."""
    on = office.calendar.local_date(row.at)
    text = " ".join(row.description.split())
    text = text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}..."
    line = f"{us(on)}, {row.action}: {text}"
    if not inside:
        return line
    recorded = office.calendar.local_date(row.recorded_at) if row.recorded_at else on
    remarks = (
        names((row.by,), office),
        "" if row.public else "internal",
        f"recorded {us(recorded)}" if recorded != on else "",
    )
    return f"{line} ({', '.join(filter(None, remarks))})"
