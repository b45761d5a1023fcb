"""Matters: what is settled for the whole office, as the arcs see it.

Its one rule: every arc works with the office as it is now; while everything is frozen, mail is stored
and held, and nobody but the CMP Manager and their deputy is obeyed or written to (DESIGN section 5).
"""

import logging
from dataclasses import replace

from bot.daemon.desk import Desk
from bot.daemon.weather import Weather
from bot.mail.message import Message
from bot.workflow.answers.absence import FROZEN, absences, switchers
from bot.workflow.returned import paused_in

log = logging.getLogger(__name__)

SWITCH = "switch"


def as_of_now(desk: Desk, *, anew: bool = False) -> Desk:
    """The desk with the office as it is now: who is away, and who stands in. `anew`: other workers may
    have settled something meanwhile."""
    matters = desk.store.matters(anew=anew)
    if not matters:
        return desk
    office = desk.settings.office
    away = absences(matters, office.calendar.local_date(desk.clock.now()))
    silent = tuple(sorted(paused_in(matters)))
    if (away, silent) == (office.absences, office.paused):
        return desk
    return replace(desk, settings=replace(desk.settings, office=replace(office, absences=away, paused=silent)))


def frozen(desk: Desk) -> bool:
    """True while everything is held back."""
    return FROZEN in desk.store.matters()


def waits(desk: Desk, message: Message) -> bool:
    """True for a mail that is held: everything is frozen, and it is not by whoever may end that."""
    if not frozen(desk):
        return False
    return message.sender is None or message.sender.email not in switchers(desk.settings.office)


def reachable(desk: Desk) -> frozenset[str] | None:
    """To whom letters may go now; None while everybody is written to."""
    return switchers(desk.settings.office) if frozen(desk) else None


def paused(desk: Desk) -> frozenset[str]:
    """To whom nothing is sent, because letters to them came back."""
    return frozenset(paused_in(desk.store.matters()))


def tell_switch(desk: Desk, weather: Weather) -> None:
    """Say once that everything is frozen, and once that it goes on."""
    if frozen(desk):
        if SWITCH not in weather.told:
            log.warning("frozen", extra={"since": desk.store.matters()[FROZEN]})
        weather.told[SWITCH] = FROZEN
    elif weather.told.pop(SWITCH, ""):
        log.info("unfrozen")
