"""Retire: old bytes go by the rule of the configuration.

Its one rule: at most once a day, and never what somebody still waits for; what was decided stays, and `verify`
tells of what went.
"""

import logging
from datetime import datetime, timedelta

from bot.config import Settings
from bot.daemon.desk import Desk
from bot.daemon.mark import marked, put_down
from bot.edge.store import Store

MARK = "retired"
YEAR = timedelta(days=365.25)

log = logging.getLogger(__name__)


def retire(desk: Desk) -> int:
    """Erase the bytes of old mails and letters, on the first call of a day; gives how many. Raises Trouble."""
    today = desk.settings.office.calendar.local_date(desk.clock.now()).isoformat()
    mark = desk.settings.kept / MARK
    if not desk.settings.keep_years or marked(mark) == today:
        return 0
    count = erase_old(desk.store, desk.settings, desk.clock.now())
    put_down(mark, today)
    if count:
        log.info("retired", extra={"count": count, "years": desk.settings.keep_years})
    return count


def erase_old(store: Store, settings: Settings, now: datetime, *, dry: bool = False) -> int:
    """Erase the bytes of mails and letters older than the configuration keeps them; gives how many there were."""
    from bot.edge.store.wiping import erase_older  # noqa: PLC0415 - once a day, where it is wanted at all

    years, today = settings.keep_years, settings.office.calendar.local_date(now)
    return erase_older(store.engine, now - years * YEAR, f"after {years} years", today, dry=dry).counts.total()
