"""Signs: what is known of the daemon and its world -> what is not well, in words, and how bad it is.

Its one rule: it only judges; `cmpbot health` and the alerts ask the same question and get the same answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

from bot.daemon.vitals import Vitals
from bot.daemon.weather import Ill
from bot.edge.store.figures import Figures

SLOW, HANGING = timedelta(minutes=2), timedelta(minutes=5)
"""Without a beat: a server may answer slowly; after the longer time the loop hangs."""
LONG_OWED = 5  # times what is too long: then it is bad
EMPTY = 5  # a fifth of the least room on a disk, and less, is bad
MEGABYTE = 1024 * 1024


class Level(IntEnum):
    """How it stands; the figure is the exit code of `cmpbot health`."""

    GREEN = 0
    YELLOW = 1
    RED = 2


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that is not well. `key` is the same as long as it is the same matter; `tells`: worth an alert;
    `endless`: nobody has to be told when it is over, such as that no mail was set aside for a day."""

    key: str
    level: Level
    words: str
    tells: bool = False
    endless: bool = False


def judge(vitals: Vitals) -> tuple[Sign, ...]:
    """What is not well, the worst first; nothing when all is."""
    found = (
        *_pulse(vitals),
        *_lead(vitals),
        *_arcs(vitals),
        *_store(vitals),
        *_disks(vitals),
        *_expiry(vitals),
        *_sundry(vitals),
    )
    return tuple(sorted(found, key=lambda sign: -sign.level))


def level_of(signs: Sequence[Sign]) -> Level:
    """How it stands altogether."""
    return max((sign.level for sign in signs), default=Level.GREEN)


def _pulse(vitals: Vitals) -> Iterator[Sign]:
    if vitals.beats is None:
        return
    living = [beat for beat in vitals.beats if beat.lives]
    if not living:
        last = max((beat.at for beat in vitals.beats), default=None)
        seen = f"; the last heartbeat was {ago(vitals.now - last)}" if last else ", and no heartbeat has been seen"
        yield Sign("heartbeat", Level.RED, f"no daemon runs here{seen}")
    for beat in living:
        if (silent := vitals.now - beat.at) >= SLOW:
            level = Level.RED if silent >= HANGING else Level.YELLOW
            words = f"the daemon {beat.worker} has not got on for {span(silent)}"
            yield Sign(f"heartbeat {beat.worker}", level, words)


def _lead(vitals: Vitals) -> Iterator[Sign]:
    """On a database of many workers somebody has to lead."""
    leader = vitals.leader
    if leader and leader.absent >= SLOW:
        words = f"no worker has led for {span(leader.absent)}: nobody fetches mail, reminds or publishes"
        yield Sign("lead", Level.RED, words, tells=True)


def _arcs(vitals: Vitals) -> Iterator[Sign]:
    """The trouble of the arcs; what several have together is one."""
    first: dict[str, Ill] = {}
    for ill in sorted(vitals.ills, key=lambda ill: (ill.since, not ill.locked_out)):
        first.setdefault(ill.cause, ill)
    for cause, ill in first.items():
        lasted = vitals.now - ill.since
        bad = ill.locked_out or lasted >= vitals.patience.after
        words = f"{ill.words} (for {span(lasted)})"
        yield Sign(cause, Level.RED if bad else Level.YELLOW, words, tells=bad)


def _store(vitals: Vitals) -> Iterator[Sign]:
    """What the database tells, or that it does not."""
    figures, patience = vitals.figures, vitals.patience
    if figures is None:
        if vitals.no_figures and not any(ill.words == vitals.no_figures for ill in vitals.ills):
            yield Sign("database", Level.RED, vitals.no_figures)
        return
    if figures.frozen:
        yield Sign("frozen", Level.YELLOW, f"everything is held back by FREEZE; mails that wait: {figures.mails_held}")
    elif figures.mail_age > patience.after:
        level = Level.RED if figures.mail_age > LONG_OWED * patience.after else Level.YELLOW
        words = f"mails that wait to be handled: {figures.mails}, the oldest for {span(figures.mail_age)}"
        yield Sign("mails", level, words, tells=True)
    if figures.letter_age > patience.letters and not figures.frozen:
        words = f"letters that are owed: {figures.letters}; one could have gone out {ago(figures.letter_age)}"
        yield Sign("letters", Level.YELLOW, words, tells=True)
    elif _refused_for_now(figures, patience.after) and not figures.frozen:
        words = f"the server of smtp takes no letter now: each of the {figures.deferred} that are owed was refused"
        yield Sign("letters", Level.YELLOW, f"{words}, the first {ago(figures.deferred_age)} (cmpbot letters)")
    if figures.dead_lately:
        words = f"letters of the last week that will not be sent any more: {figures.dead_lately} (cmpbot letters)"
        yield Sign("dead letters", Level.YELLOW, words, tells=True, endless=True)
    if figures.quarantined_lately:
        words = f"mails quarantined in the last day: {figures.quarantined_lately} (cmpbot mail --fate quarantined)"
        yield Sign("quarantine", Level.YELLOW, words, tells=True, endless=True)
    if figures.held:
        words = f"letters held since a restore: {figures.held} (cmpbot release, cmpbot drop)"
        yield Sign("held letters", Level.YELLOW, words)


def _refused_for_now(figures: Figures, patience: timedelta) -> bool:
    """Whether the server takes no letter at all. One alone may be refused for its recipient, many a server lets
    strangers try twice: that is told after the usual patience."""
    soon = SLOW if figures.deferred > 1 else patience
    return figures.deferred > 0 and figures.deferred == figures.letters and figures.deferred_age >= soon


def _disks(vitals: Vitals) -> Iterator[Sign]:
    enough = vitals.patience.disk_megabytes * MEGABYTE
    for path, free in vitals.disks.items():
        if free < enough:
            bad = free * EMPTY < enough
            words = f"{free // MEGABYTE} MB are free where {path} lies"
            yield Sign(f"disk {path}", Level.RED if bad else Level.YELLOW, words, tells=bad)


def _expiry(vitals: Vitals) -> Iterator[Sign]:
    expiry = vitals.expiry
    if expiry and expiry.due:
        over = expiry.days < 0
        yield Sign("expiry", Level.RED if over else Level.YELLOW, ends(expiry.what, expiry.days), tells=over)


def _sundry(vitals: Vitals) -> Iterator[Sign]:
    if vitals.refused:
        words = f"the configuration could not be read again, the old one is in force: {vitals.refused}"
        yield Sign("configuration", Level.YELLOW, words, tells=True)
    failing = vitals.carried.failing(vitals.now)
    if failing > vitals.patience.after and not any(ill.arc == "after publishing" for ill in vitals.ills):
        words = f"the command after publishing has failed for {span(failing)}: {vitals.carried.said}"
        yield Sign("after publishing", Level.YELLOW, words)


def ends(what: str, days: int) -> str:
    """When something ends, for people.

    >>> ends("the token", 1), ends("the token", 0), ends("the token", -3)
    ('the token ends in 1 day', 'the token ends today', 'the token has ended')
    """
    if days < 0:
        return f"{what} has ended"
    return f"{what} ends in {days} day{'s' * (days != 1)}" if days else f"{what} ends today"


def span(time: timedelta) -> str:
    """A length of time, for people."""
    seconds = max(int(time.total_seconds()), 0)
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if (count := seconds // size) >= (1 if unit == "minute" else 2):
            return f"{count} {unit}{'s' * (count != 1)}"
    return f"{seconds} seconds"


def ago(time: timedelta) -> str:
    """A moment by how long ago it was, for people."""
    return f"{span(time)} ago"
