"""kill -9 at any moment of a run: whatever was promised is kept (DESIGN section 8, promises 1 to 3)."""

import random
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.house import House, dense, started
from tests.mixed import FATES, LOGGED, MAILS
from tests.servers import Dovecot, Sink

pytestmark = pytest.mark.slow

# A mail that several times was in work when the program ended is set aside; here none is to blame.
PATIENT = ", attempts: 100"


def kill_often(house: House, kills: int, mails: Sequence[bytes]) -> int:
    """Start a turn and kill it at a random moment, until that was done so many times; the mails are
    spread over the starts. Gives how many kills came while the work was under way.

    A moment is drawn from the time that such a turn takes here and now, counted from when its
    modules are read. A turn that was through before its kill does not count.
    """
    house.ask("once")  # makes the database; its making is tested elsewhere
    lots = random.Random(7)
    dead = under_way = starts = 0
    longest = 0.5  # seconds
    waiting, share = list(mails), -(-len(mails) // kills)
    while dead < kills:
        starts += 1
        house.fill(*(waiting[:share] or mails[:share]))  # what came before changes nothing, but is looked at
        del waiting[:share]
        before, turns = house.traces(), house.said("turn")
        process = started(house.start("once"))
        began = time.monotonic()
        try:
            process.wait(lots.uniform(0, longest))
            assert process.returncode == 0, house.log()
            longest = time.monotonic() - began
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            dead += 1
            longest *= 1.1
            under_way += house.traces() != before and house.said("turn") == turns
    assert not waiting
    print(f"{starts} starts, {dead} kills, {under_way} of them while work was under way")  # noqa: T201 - shown with -rP
    return under_way


def check_all_is_well(house: House, sink: Sink) -> None:
    """Every mail has its fate, every number is there once, every letter went out as often as it may."""
    assert house.fates() == FATES
    assert len(house.numbers()) == LOGGED
    assert dense(house.numbers())
    acknowledged = house.acknowledgements(sink.taken)
    assert len(acknowledged) == LOGGED
    with house.open_store() as store:
        allowed = {letter.message_id: 1 + letter.resent for letter in store.letters()}
    assert all(count <= allowed[each] for each, count in acknowledged.items())
    twice = sum(count > 1 for count in acknowledged.values())
    print(f"{twice} acknowledgements came twice")  # noqa: T201 - shown with -rP
    assert twice < LOGGED / 2


def test_sixty_kills_lose_nothing(tmp_path: Path, dovecot: Dovecot, sink: Sink) -> None:
    """kill -9 at 60 random moments: 60 fates, numbers dense, and no letter twice but in the window
    after its final dot, with its own Message-ID."""
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, limits=PATIENT)
    under_way = kill_often(house, 60, MAILS)
    house.ask("once")
    check_all_is_well(house, sink)
    assert under_way > 10


def test_twenty_kills_lose_nothing_on_postgresql(tmp_path: Path, dovecot: Dovecot, sink: Sink, postgres: Any) -> None:
    """The same where many workers share the database: what a dead one held is free after half an hour."""
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, postgres.database(), PATIENT)
    under_way = kill_often(house, 20, MAILS)
    later = datetime.now(UTC) + timedelta(minutes=31)
    house.ask("--now", later.isoformat(timespec="seconds"), "once")
    check_all_is_well(house, sink)
    assert under_way > 2
