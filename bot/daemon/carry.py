"""Carry: the posting -> wherever its readers look, by the command of the operator.

Its one rule: a command that fails is said once in the log and tried again, ever more rarely; after a day
the CMP Manager is told, once, for the readers see an old posting.
"""

from datetime import datetime, timedelta

from bot.daemon.desk import Desk
from bot.daemon.weather import Weather
from bot.edge.carrier import Outcome
from bot.errors import Trouble
from bot.mail.letter import Kind, Letter
from bot.office.people import Role

ARC = "after publishing"
PATIENCE = timedelta(days=1)


def carry(desk: Desk, weather: Weather, *, wait: bool = False) -> bool:
    """See to the command after publishing; with `wait`, until it has ended. False where it failed."""
    now, carrier = desk.clock.now(), desk.carrier
    outcome = carrier.finish(now, desk.clock.wait) if wait else carrier.look(now)
    if outcome is Outcome.CARRIED:
        weather.well(ARC)
    if outcome is not Outcome.FAILED:
        return True
    weather.tell(ARC, Trouble(f"the command after publishing failed: {carrier.state.said}"))
    if carrier.state.failing(now) >= PATIENCE and not carrier.state.reported:
        weather.guard("report", lambda: report(desk, now))
    return False


def report(desk: Desk, now: datetime) -> None:
    """Owe the CMP Manager a letter about a command that has failed since long ago. Once only, whatever
    restarts happen: the letter belongs to the moment of the first failure."""
    office, state = desk.settings.office, desk.carrier.state
    since = office.calendar.local_date(now - state.failing(now))
    context: dict[str, object] = {"since": since, "tries": state.tries, "reason": state.said}
    with desk.store.begin(now) as unit:
        for person in office.reached(office.holders(Role.CMP_MANAGER)):
            letter = Letter(f"after-publish/{state.since}", Kind.UNCARRIED, person.address, context=context)
            unit.tell(letter, (), desk.compose, desk.message_id)
    desk.carrier.reported()
