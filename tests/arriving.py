"""Mails that arrive at a desk, and the letters that come of them; no mail server is needed."""

from collections import Counter
from datetime import timedelta

from bot.daemon.desk import Desk
from bot.daemon.take_in import work_off
from bot.edge.store import Arrival, StoredLetter
from bot.mail.letter import Kind
from bot.workflow.effect import Fate


def arrive(desk: Desk, *mails: bytes, later: int = 0) -> Counter[Fate]:
    """Mails arrive, so many minutes later than it is, and are handled; gives their fates."""
    at = desk.clock.now() + timedelta(minutes=later)
    desk.store.keep([Arrival.of(raw, at) for raw in mails], at)
    return sum(work_off(desk), Counter[Fate]())


def letters(desk: Desk, kind: Kind) -> list[StoredLetter]:
    """The letters of a kind, oldest first."""
    return [letter for letter in desk.store.letters() if letter.kind is kind]
