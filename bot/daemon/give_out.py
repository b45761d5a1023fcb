"""Give out: store -> outbox. Its one rule: a letter is sent only after the commit that owes it,
and its bytes never change, so that sending again is harmless.

Between the server's last word and our mark there is no transaction to be had: a letter whose
mark was lost is sent once more, with the same Message-ID (DESIGN section 8, promise 3).
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import takewhile

from bot.daemon.desk import Desk
from bot.daemon.lead import goes_on
from bot.daemon.matters import as_of_now, paused, reachable
from bot.daemon.weather import Weather
from bot.edge.store import Owed, Unit
from bot.errors import Trouble
from bot.mail.letter import Dead, Delivery, Fault, Later, Sent, retry_at
from bot.workflow.decide import decide
from bot.workflow.event import Undelivered
from bot.workflow.returned import key_of

BATCH = 50
INSIST_EVERY = 5.0  # seconds
GIVEN_UP = "given up after five days"
BARRED = "outbox: the server takes no letters from this account now"
BARRED_WAIT = 300  # seconds


def give_out(desk: Desk, weather: Weather) -> Counter[str]:
    """Send what is owed and due over one connection; counts `sent` and `failed`.

    Raises Trouble when the server cannot be reached, or says that the account may not send: that is believed of
    the letter at which it is said, which waits, and the others are tried later. What was not tried is given back first.
    """
    counts: Counter[str] = Counter()
    desk = as_of_now(desk, anew=True)
    while not desk.clock.stopped and (owed := _owed(desk)):
        tried = counts.total()
        try:
            for letter in takewhile(lambda _: goes_on(desk), owed):
                delivery = send(desk, weather, letter)
                counts["sent" if isinstance(delivery, Sent) else "failed"] += 1
                _look_for_bar(delivery)
        except Trouble:
            with suppress(Trouble):
                desk.store.give_back()
            raise
        if counts.total() - tried < len(owed):
            desk.store.give_back()
    return counts


def _look_for_bar(delivery: Delivery) -> None:
    """Raise Trouble where the account may not send: the next letter would be refused as well."""
    if isinstance(delivery, Later) and delivery.barred:
        raise Trouble(f"{BARRED}: {delivery.reason}", public=f"{BARRED}.", wait=BARRED_WAIT)


def _owed(desk: Desk) -> tuple[Owed, ...]:
    return desk.store.owed(BATCH, desk.clock.now(), reachable(desk), paused(desk))


def send(desk: Desk, weather: Weather, letter: Owed) -> Delivery:
    """Send one letter and record what became of it, in a commit of its own."""
    desk.pulse.beat()
    delivery = desk.outbox.send(desk.return_path(letter), letter.recipient, letter.wire)
    now = desk.clock.now()
    again = None
    if isinstance(delivery, Later):
        again = retry_at(letter.tries + 1, now, letter.first_tried, weather.spread())
        delivery = delivery if again else Dead(f"{GIVEN_UP}: {delivery.reason}")
    _insist(desk, weather, lambda: _record(desk, letter, delivery, now, again))
    return delivery


def _record(desk: Desk, letter: Owed, delivery: Delivery, now: datetime, again: datetime | None) -> None:
    """Mark a letter; a dead one is first reported to the CMP Manager, for a report twice is once."""
    if isinstance(delivery, Dead):
        with desk.store.begin(now) as unit:
            event = _refused(desk, unit, letter, delivery.reason)
            unit.record(decide(None, event, desk.settings.office, now), letter.id, desk.compose, desk.message_id)
    desk.store.delivered(letter.id, delivery, now, again)


def _refused(desk: Desk, unit: Unit, letter: Owed, reason: str) -> Undelivered:
    """The event of a refusal. What was given up after days speaks of no address."""
    from bot.intake.bounce import fault_of  # noqa: PLC0415 - next to no letter is refused

    fault = Fault.LETTER if reason.startswith(GIVEN_UP) else fault_of(reason)
    fault = Fault.LETTER if fault is Fault.FOR_NOW else fault
    tally, most = unit.matter(key_of(letter.recipient)), desk.settings.limits.hard_bounces
    return Undelivered(letter.id, letter.kind, letter.recipient, letter.number, reason, fault, tally, most)


def _insist(desk: Desk, weather: Weather, mark: Callable[[], None]) -> None:
    """Record what the server said, however long the database is away: forgetting it would send the
    letter twice. Only a request to stop ends it; the letter then counts as sent again."""
    while True:
        try:
            mark()
        except Trouble as trouble:
            if desk.clock.stopped or not trouble.temporary:
                raise
            weather.tell("marks", trouble)
            desk.pulse.beat()
            desk.clock.wait(INSIST_EVERY)
        else:
            weather.well("marks")
            return
