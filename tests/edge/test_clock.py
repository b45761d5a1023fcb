"""The clock: wall time, rehearsed time, and waits that end when somebody asks."""

import os
import select
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.edge.clock import Clock

START = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=-7)))


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock of the real time."""
    clock = Clock()
    yield clock
    clock.close()


def test_now_is_aware_utc(clock: Clock) -> None:
    """The present moment carries UTC, whatever the machine's zone."""
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    assert not clock.rehearsing


def test_a_rehearsal_starts_where_it_was_told_and_advances() -> None:
    """A rehearsed clock begins at its moment, in UTC, and runs on."""
    clock = Clock(START)
    first = clock.now()
    assert timedelta(0) <= first - START < timedelta(seconds=1)
    assert first.tzinfo is UTC
    time.sleep(0.01)
    assert clock.now() > first
    assert clock.rehearsing
    clock.close()


def test_waiting_ends_by_itself(clock: Clock) -> None:
    """A wait lasts as long as was asked, and says that nobody stopped it."""
    begun = time.monotonic()
    assert clock.wait(0.05) is False
    assert 0.04 < time.monotonic() - begun < 1


def test_stopping_ends_a_wait(clock: Clock) -> None:
    """Whoever waits returns at once, with the word that it was stopped."""
    threading.Timer(0.05, clock.stop).start()
    begun = time.monotonic()
    assert clock.wait(10) is True
    assert time.monotonic() - begun < 2


def test_stopping_again_and_again_never_blocks(clock: Clock) -> None:
    """A full pipe does not stop whoever asks."""
    for _ in range(100_000):
        clock.stop()
    assert clock.wait(1) is True


def test_the_descriptor_is_readable_once_stopped(clock: Clock) -> None:
    """Whoever waits on a socket as well can wait on the clock's descriptor."""
    assert select.select([clock.fileno()], [], [], 0)[0] == []
    clock.stop()
    for _ in range(2):
        assert select.select([clock.fileno()], [], [], 1)[0] == [clock.fileno()]


def test_once_stopped_nobody_waits(clock: Clock) -> None:
    """After the signal to stop every wait ends at once."""
    clock.stop()
    assert clock.stopped
    begun = time.monotonic()
    assert clock.wait(10) is True
    assert clock.wait(10) is True
    assert time.monotonic() - begun < 2


def test_sigterm_stops_the_clock(clock: Clock) -> None:
    """SIGTERM ends a wait and says stop."""
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        clock.stop_on_signals()
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert clock.wait(10) is True
        assert clock.stopped
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])


def test_a_second_interrupt_is_the_hard_way(clock: Clock) -> None:
    """The first Ctrl-C asks to stop, the second one ends whatever does not."""
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        clock.stop_on_signals()
        os.kill(os.getpid(), signal.SIGINT)
        assert clock.stopped
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])


def test_only_a_rehearsal_is_put_forward(clock: Clock) -> None:
    """It goes on from the later moment, and is never put back; the wall clock cannot be turned."""
    rehearsal = Clock(START)
    rehearsal.turn_to(START + timedelta(days=30))
    assert timedelta(0) <= rehearsal.now() - START - timedelta(days=30) < timedelta(seconds=1)
    rehearsal.turn_to(START)
    assert rehearsal.now() - START >= timedelta(days=30)
    rehearsal.close()
    with pytest.raises(ValueError, match="only a rehearsal"):
        clock.turn_to(START)
