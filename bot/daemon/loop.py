"""The loop: turns the arcs, waits, and keeps turning whatever goes wrong in the world.

Its one rule: trouble is said once when it comes and once when it goes; the arc that has it waits
and tries again, the other arcs go on.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field

from bot.config import Settings
from bot.daemon.carry import carry
from bot.daemon.desk import Desk
from bot.daemon.expiry import warn
from bot.daemon.follow import follow
from bot.daemon.give_out import give_out
from bot.daemon.lead import Lead, led
from bot.daemon.lookout import Lookout
from bot.daemon.matters import tell_switch
from bot.daemon.meeting import meet
from bot.daemon.publish import publish, publish_some
from bot.daemon.remind import remind
from bot.daemon.retire import retire
from bot.daemon.rounds import Rounds
from bot.daemon.take_in import take_in, tidy
from bot.daemon.weather import Weather
from bot.edge.mailbox import named
from bot.edge.notify import READY, notify
from bot.errors import Trouble
from bot.workflow.effect import Fate

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Turn:
    """What one turn of all arcs did."""

    fates: Counter[Fate] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    reminders: int = 0
    more: bool = False  # pages are out of date that this turn left


def turn_once(desk: Desk, weather: Weather, *, whole: bool = True) -> Turn:
    """One turn of all arcs: take in batch by batch, sending after each, then publish: the `whole` posting,
    or no more than lets the next mail be taken in soon."""
    turn = Turn()

    def send() -> None:
        turn.letters.update(give_out(desk, weather))

    def take() -> None:
        for fates in take_in(desk):
            turn.fates.update(fates)
            weather.guard("outbox", send)

    def post() -> None:
        if whole:
            turn.pages += publish(desk)
        else:
            turn.pages, turn.more = publish_some(desk, at_rest=False)

    if weather.failures:
        # Nothing is in hand between two turns: what is claimed was left behind by trouble.
        weather.guard("database", desk.store.give_back)
    weather.guard("mailbox", take)
    _tell_withheld(desk, weather)
    if not weather.troubled("mailbox"):
        weather.guard("folders", led(desk, lambda: tidy(desk)))
    weather.guard("outbox", send)
    weather.guard("site", post)
    weather.guard("database", lambda: tell_switch(desk, weather))
    if turn.fates or turn.letters or turn.pages:
        log.info("turn", extra={"fates": dict(turn.fates), **turn.letters, "pages": turn.pages})
    desk.pulse.did(fetch=turn.fates, send=turn.letters["sent"], publish=turn.pages)
    return turn


def _tell_withheld(desk: Desk, weather: Weather) -> None:
    """Mails that the server cannot give are told like trouble, but stop no arc."""
    if uids := desk.mailbox.withheld:
        weather.tell("unreadable", Trouble(f"unreadable: the server cannot give mails of the inbox, UID {named(uids)}"))
    else:
        weather.well("unreadable")


def remind_once(desk: Desk, weather: Weather, turn: Turn) -> None:
    """Remind of what is due, do what the Monthly Meeting asks for, and send that, after a turn: an answer
    that has come makes a reminder needless. While nobody knows what has come, nobody is reminded."""

    owed = 0

    def reschedule() -> None:
        nonlocal owed
        owed += follow(desk)

    def look() -> None:
        turn.reminders += remind(desk)

    def gather() -> None:
        nonlocal owed
        owed += meet(desk)

    def expire() -> None:
        nonlocal owed
        owed += warn(desk)

    def send() -> None:
        turn.letters.update(give_out(desk, weather))

    def post() -> None:
        turn.pages += publish(desk)

    weather.guard("expiry", led(desk, expire))
    if weather.troubled("mailbox"):
        return
    weather.guard("calendar", led(desk, reschedule))
    weather.guard("reminders", led(desk, look))
    weather.guard("meetings", led(desk, gather))
    weather.guard("retention", led(desk, lambda: retire(desk)))
    if turn.reminders or owed:
        weather.guard("outbox", send)
        log.info("reminders", extra={"count": turn.reminders, "meetings": owed})
    if owed:
        weather.guard("site", post)


def run(desk: Desk, lookout: Lookout | None = None) -> Settings | None:
    """Turn the arcs until the clock is stopped: when mail comes, and at every tick regardless. Ends sooner where
    another configuration is to be gone on with, and gives that.

    Raises Trouble that trying again cannot mend.
    """
    weather, lead = lookout.weather if lookout else Weather(), Lead()
    rounds = Rounds(
        (desk.settings.limits.poll_seconds, lambda: tick(desk, weather)),
        (LOOK_ROUND, lambda: remind_once(desk, weather, Turn())),
    )
    log.info("ready", extra={"mailbox": desk.settings.office.organisation.address.email})
    notify(READY)
    lead.look(desk, weather)
    turn = turn_once(desk, weather, whole=False)
    remind_once(desk, weather, turn)
    while not desk.clock.stopped:
        pause = 0 if turn.more else QUIET if turn.pages else RETRY
        if not lead.leads:
            desk.clock.wait(FOLLOW)
        came = lead.leads and wait_for_mail(desk, weather, min(rounds.pause(), pause))
        # A follower looks for what the leader has stored; whoever takes the lead begins with a whole turn.
        if lead.look(desk, weather) or came or not lead.leads:
            turn = turn_once(desk, weather, whole=False)
        else:
            turn = settle(desk, weather)
        rounds.run()
        if weather.failures:
            turn = turn_once(desk, weather, whole=False)
        weather.guard("database", led(desk, lambda: carry(desk, weather)))
        if lookout and (fresh := lookout.round(desk)) is not None:
            return fresh
    return None


def settle(desk: Desk, weather: Weather) -> Turn:
    """Publish what had to wait until no mail comes; between two batches mail is looked for."""
    turn = Turn()

    def post() -> None:
        turn.pages, turn.more = publish_some(desk, at_rest=True)

    weather.guard("site", post)
    if turn.pages:
        log.info("settled", extra={"pages": turn.pages})
    desk.pulse.did(publish=turn.pages)
    return turn


def tick(desk: Desk, weather: Weather) -> None:
    """A turn that also frees what another worker left behind when it died."""
    weather.guard("database", lambda: desk.store.release(desk.clock.now()))
    turn_once(desk, weather, whole=False)
    settle(desk, weather)


FOLLOW = 1.0  # seconds between two looks of a follower
QUIET = 0.5  # seconds without a mail after which what waits for rest is published
LOOK_ROUND = 15 * 60  # seconds between two looks for what is due: of each stage people hear once, on its day
RETRY = 5.0  # seconds; how soon an arc in trouble is looked at again, if its own pause is over


def wait_for_mail(desk: Desk, weather: Weather, seconds: float) -> bool:
    """Wait so long, or until mail may have come (True) or somebody asks to stop."""
    if weather.troubled("mailbox"):
        desk.clock.wait(seconds)
        return False
    news = False

    def listen() -> None:
        nonlocal news
        news = desk.mailbox.wait(seconds, desk.clock.fileno())

    weather.guard("mailbox", listen)
    return news
