"""What is known -> what is not well: each sign at its threshold, in words, and how bad it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.daemon.pulse import Beat
from bot.daemon.signs import Level, Sign, ago, judge, level_of, span
from bot.daemon.vitals import Expiry, Vitals
from bot.daemon.weather import Ill
from bot.edge.carrier import Owed
from bot.edge.store.figures import Figures, Leader

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROOM = {Path("/srv"): 10**12}
G, Y, R = Level.GREEN, Level.YELLOW, Level.RED


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def beat(silent: float = 0, *, lives: bool = True) -> Beat:
    """A heartbeat so many minutes ago."""
    return Beat(NOW - minutes(silent), "host:1:a", NOW - minutes(60), NOW - minutes(60), {}, lives=lives)


def ill(words: str, lasted: float = 0, arc: str = "mailbox", *, locked_out: bool = False) -> Ill:
    """Trouble for so many minutes."""
    return Ill(NOW - minutes(lasted), arc, words, locked_out)


WELL = Vitals(NOW, [beat()], (), "", Figures(), "", ROOM, None, Owed())


def of(**known: object) -> tuple[Sign, ...]:
    """The signs where this is known beside a daemon that is well."""
    return judge(replace(WELL, **known))  # type: ignore[arg-type]  # each test names fields of Vitals


def test_nothing_is_said_where_all_is_well() -> None:
    """Green, and the exit code 0."""
    assert of() == ()
    assert level_of(()) == G == 0


@pytest.mark.parametrize(
    ("known", "key", "level", "tells"),
    [
        ({"beats": []}, "heartbeat", R, False),
        ({"beats": [beat(1, lives=False)]}, "heartbeat", R, False),
        ({"beats": [beat(3)]}, "heartbeat host:1:a", Y, False),
        ({"beats": [beat(6)]}, "heartbeat host:1:a", R, False),
        ({"ills": (ill("mailbox: timed out", 1),)}, "mailbox", Y, False),
        ({"ills": (ill("mailbox: timed out", 15),)}, "mailbox", R, True),
        ({"ills": (ill("mailbox: the server refuses the login", locked_out=True),)}, "mailbox", R, True),
        ({"figures": None, "no_figures": "there is no database yet"}, "database", R, False),
        ({"figures": Figures(mails=3, mail_age=minutes(16))}, "mails", Y, True),
        ({"figures": Figures(mails=3, mail_age=minutes(76))}, "mails", R, True),
        ({"figures": Figures(mails=3, mail_age=minutes(76), frozen=True)}, "frozen", Y, False),
        ({"figures": Figures(letters=2, letter_age=minutes(241))}, "letters", Y, True),
        ({"figures": Figures(letters=2, deferred=2, deferred_age=minutes(2))}, "letters", Y, False),
        ({"figures": Figures(letters=1, deferred=1, deferred_age=minutes(15))}, "letters", Y, False),
        ({"figures": Figures(dead=9, dead_lately=1)}, "dead letters", Y, True),
        ({"figures": Figures(quarantined=9, quarantined_lately=1)}, "quarantine", Y, True),
        ({"figures": Figures(held=1)}, "held letters", Y, False),
        ({"disks": {Path("/srv"): 400 * 2**20}}, "disk /srv", Y, False),
        ({"disks": {Path("/srv"): 90 * 2**20}}, "disk /srv", R, True),
        ({"expiry": Expiry("the client secret", 3, due=True)}, "expiry", Y, False),
        ({"expiry": Expiry("the client secret", -1, due=True)}, "expiry", R, True),
        ({"refused": "config.yaml:7: no"}, "configuration", Y, True),
        ({"carried": Owed(("rsync",), since=(NOW - minutes(20)).isoformat())}, "after publishing", Y, False),
        ({"leader": Leader("host:1:a", minutes(3), 2)}, "lead", R, True),
    ],
)
def test_each_sign_at_its_threshold(known: dict[str, object], key: str, level: Level, tells: bool) -> None:
    """What is the matter, how bad it is, and whether somebody is to be told by the second way."""
    (sign,) = of(**known)
    assert (sign.key, sign.level, sign.tells) == (key, level, tells)
    assert level_of((sign,)) == level
    assert sign.words


@pytest.mark.parametrize(
    "known",
    [
        {"beats": [beat(1.9)]},
        {"beats": [beat(), beat(600, lives=False)]},  # what a kill left behind
        {"beats": None},  # the daemon itself
        {"figures": Figures(mails=9, mail_age=minutes(15))},
        {"figures": Figures(letters=9, letter_age=minutes(240))},
        {"figures": Figures(letters=9, letter_age=minutes(9000), frozen=True, mails_held=0)},
        {"figures": Figures(letters=2, deferred=2, deferred_age=minutes(1))},
        {"figures": Figures(letters=3, deferred=2, deferred_age=minutes(30))},  # others go out
        {"figures": Figures(letters=1, deferred=1, deferred_age=minutes(14))},
        {"figures": Figures(dead=9, quarantined=9, paused=4)},
        {"disks": {Path("/srv"): 500 * 2**20}},
        {"expiry": Expiry("the client secret", 90, due=False)},
        {"carried": Owed(("rsync",), since=(NOW - minutes(10)).isoformat())},
        {"leader": Leader("host:1:a", minutes(1), 2)},
    ],
)
def test_short_of_the_threshold_nothing_is_said(known: dict[str, object]) -> None:
    """What is ordinary, or long over, is no sign."""
    assert [sign.key for sign in of(**known)] in ([], ["frozen"])


def test_trouble_that_arcs_share_is_one_sign() -> None:
    """A database that is away stops every arc; it is said once, with the time of the first, and by health too."""
    away = "the database does not answer as it should: away"
    ills = (ill(away, 3, "mailbox"), ill(away, 20, "outbox"), ill("cannot write the posting: full", 1, "site"))
    signs = of(ills=ills, figures=None, no_figures=away)
    assert [sign.level for sign in signs] == [R, Y]
    assert signs[0].words == f"{away} (for 20 minutes)"


def test_the_worst_stands_first() -> None:
    """Whoever reads one line reads the one that matters."""
    signs = of(figures=Figures(held=1), ills=(ill("mailbox: gone", 60),), refused="config.yaml:1: no")
    assert [sign.level for sign in signs] == [R, Y, Y]
    assert level_of(signs) == 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 seconds"), (59, "59 seconds"), (60, "1 minute"), (7199, "119 minutes"), (7200, "2 hours")],
)
def test_lengths_of_time_are_said_for_people(seconds: int, words: str) -> None:
    """In the unit in which one thinks of it."""
    assert span(timedelta(seconds=seconds)) == words
    assert ago(timedelta(days=3)) == "3 days ago"
