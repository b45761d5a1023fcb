"""Expiry: clock -> the last day of what the bot logs in with -> a letter to the CMP Manager.

Its one rule: people hear of each stage once, while there is still time; afterwards no letter could tell.
"""

import logging
from typing import TYPE_CHECKING

from bot.daemon.desk import Desk
from bot.mail.letter import Kind
from bot.office.people import Role
from bot.workflow.effect import Decision, Fate, Settle
from bot.workflow.letters import tell

if TYPE_CHECKING:
    from bot.edge.oauth import Ending

WARNED = "expiry"
"""The matter of the office that says of which day and stage people have heard."""

log = logging.getLogger(__name__)


def warn(desk: Desk) -> int:
    """Owe a letter where a credential has come so near to its end; gives how many letters.

    Raises Trouble when the database does not answer, or what is kept of tokens cannot be read.
    """
    tokens = desk.settings.oauth
    if tokens is None or (ending := tokens.ending()) is None:
        return 0
    from bot.edge.oauth import stage  # noqa: PLC0415 - few offices need it

    now, calendar = desk.clock.now(), desk.settings.office.calendar
    days = (ending.on - calendar.local_date(now)).days
    reached = stage(days, tokens.of.warn)
    if reached is None or desk.store.matters().get(WARNED) == f"{ending.on}/{reached}":
        return 0
    log.warning("expiry", extra={"what": ending.what, "on": ending.on.isoformat(), "days": days})
    return _told(desk, ending, reached)


def _told(desk: Desk, ending: "Ending", reached: int) -> int:
    """Owe the letters of a stage. They belong to day and stage: whatever clocks do, each goes out once."""
    now, cause = desk.clock.now(), f"{WARNED}/{ending.on}/{reached}"
    context: dict[str, object] = {
        "what": ending.what,
        "on": ending.on,
        "over": reached < 0,
        "remedy": ending.remedy,
    }
    letters = tell(desk.settings.office, Role.CMP_MANAGER, cause, Kind.EXPIRY, "", context)
    with desk.store.begin(now) as unit:
        settled = Settle(WARNED, f"{ending.on}/{reached}")
        decision = Decision(Fate.PARKED, f"{ending.what} ends", effects=(*letters, settled))
        unit.record(decision, cause, desk.compose, desk.message_id)
    return len(letters)
