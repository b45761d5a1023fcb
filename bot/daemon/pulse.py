"""Pulse: that the loop gets on, what it did last and what troubles it -> the heartbeat, and systemd.

Its one rule: it beats where work gets on and nowhere else; no thread and no timer does it in the loop's place,
so that a loop that hangs falls silent.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from bot.daemon.weather import Ill, Weather
from bot.edge.clock import Clock
from bot.edge.heartbeat import Heartbeat, heartbeats
from bot.edge.logs import clean
from bot.edge.notify import ALIVE, notify

FOLDER = "heartbeat"
"""Where heartbeats lie, beside what else can be made anew."""
SOON = 1.0  # seconds after a beat in which even something new can wait
EVERY = 10.0  # seconds between two beats; while a mail server is waited for, a slice of that wait more


@dataclass(frozen=True, slots=True)
class Beat:
    """A heartbeat as somebody else finds it: when, whose, since when it runs and has its configuration, what was
    last (poll, fetch, send, publish), the trouble of each arc, what is wrong with a configuration that was
    refused since then, and whether its process lives. Instants are aware."""

    at: datetime
    worker: str
    started: datetime
    configured: datetime
    last: Mapping[str, datetime]
    ills: tuple[Ill, ...] = ()
    refused: str = ""
    lives: bool = True


@dataclass(slots=True)
class Pulse:
    """What beats; `heart` is where, None for nowhere. `last` is when something was last done, by its name."""

    clock: Clock
    worker: str = ""
    heart: Heartbeat | None = None
    started: datetime = field(init=False)
    configured: datetime = field(init=False)
    last: dict[str, datetime] = field(default_factory=dict)
    refused: str = ""
    ills: tuple[Ill, ...] = ()
    monotonic: Callable[[], float] = Clock.monotonic
    _beaten: float = float("-inf")

    def __post_init__(self) -> None:
        self.started = self.configured = self.clock.now()

    @classmethod
    def of(cls, kept: Path, worker: str, clock: Clock) -> Self:
        """The pulse of a daemon that keeps in a folder what can be made anew; it knows what was last before.
        Its clock is that of the wall, even in a rehearsal: whoever looks at it lives in the present."""
        folder = kept / FOLDER
        before = max(beats(folder), key=lambda beat: beat.at, default=None)
        last = dict(before.last) if before else {}
        return cls(clock, worker, Heartbeat(folder, worker.replace(":", "-").replace("/", "-")), last=last)

    def beat(self, *, now: bool = False) -> None:
        """Say that work gets on, unless that was said a moment ago; `now`: all the same."""
        if self.heart is None or (not now and self.monotonic() - self._beaten < EVERY):
            return
        self._beaten = self.monotonic()
        notify(ALIVE)
        self.heart.write(
            {
                "at": self.clock.now().isoformat(),
                "worker": self.worker,
                "started": self.started.isoformat(),
                "configured": self.configured.isoformat(),
                "last": {name: at.isoformat() for name, at in self.last.items()},
                "ills": [_written(ill) for ill in self.ills],
                "refused": clean(self.refused),
            }
        )

    def did(self, **done: object) -> None:
        """Note which of `fetch`, `send` and `publish` was done a moment ago."""
        now = self.clock.now()
        self.last.update({name: now for name, much in done.items() if much})
        if any(done.values()) and self.monotonic() - self._beaten >= SOON:
            self.beat(now=True)

    def see(self, weather: Weather) -> None:
        """Learn how the arcs stand."""
        now, known = self.clock.now(), "poll" in self.last
        if (polled := weather.went.get("mailbox")) is not None:
            self.last["poll"] = now - timedelta(seconds=weather.monotonic() - polled)
        ills = weather.ills(now)
        changed = [ill.arc for ill in ills] != [ill.arc for ill in self.ills]
        self.ills = ills
        self.beat(now=changed or (not known and "poll" in self.last))

    def close(self) -> None:
        """Write down what was last, and let go of the file."""
        if self.heart is not None:
            self.beat(now=True)
            self.heart.close()


def beats(folder: Path) -> tuple[Beat, ...]:
    """The heartbeats in a folder; one that cannot be understood is left out."""
    found = []
    for told, lives in heartbeats(folder):
        with suppress(KeyError, TypeError, ValueError):
            found.append(_read(told, lives=lives))
    return tuple(found)


def _written(ill: Ill) -> list[Any]:
    again = ill.again.isoformat() if ill.again else ""
    return [ill.since.isoformat(), ill.arc, clean(ill.words), ill.locked_out, again]


def _read(told: Mapping[str, Any], *, lives: bool) -> Beat:
    return Beat(
        datetime.fromisoformat(told["at"]),
        str(told["worker"]),
        datetime.fromisoformat(told["started"]),
        datetime.fromisoformat(told["configured"]),
        {str(name): datetime.fromisoformat(at) for name, at in told["last"].items()},
        tuple(
            Ill(
                datetime.fromisoformat(since),
                str(arc),
                str(words),
                bool(out),
                datetime.fromisoformat(later[0]) if any(later) else None,
            )
            for since, arc, words, out, *later in told["ills"]  # a daemon of before tells no more than that
        ),
        str(told["refused"]),
        lives,
    )
