"""`cmpbot health`: how is it? For people in words, for monitors as an exit code or as JSON.

Its one rule: it only looks: it logs in nowhere, waits for nobody, changes nothing, and names no person; it says
how it is beside a running daemon and without one, and with a configuration that cannot be read.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import click

from bot.cli import options
from bot.cli.opening import look_into
from bot.cli.output import json_document, pairs, visible
from bot.cli.scope import Scope
from bot.config import Settings
from bot.config.load import beside
from bot.daemon.pulse import FOLDER, Beat, beats
from bot.daemon.signs import MEGABYTE, Level, Sign, ago, ends, judge, level_of, span
from bot.daemon.vitals import Vitals, expiry, room
from bot.edge.carrier import NOTE, Owed, remembered
from bot.edge.clock import Clock
from bot.edge.logs import clean
from bot.edge.store.figures import Figures
from bot.errors import ConfigMistake, Trouble

DOINGS = ("poll", "fetch", "send", "publish")


@click.command()
@options.JSON
@click.pass_obj
def health_command(scope: Scope, as_json: bool) -> int:
    """Say how it is: green (exit code 0), yellow (1: something to look at) or red (2: it does not do its work).

    Looks at the heartbeat of the daemon, the database, the disks and what the daemon told of servers; asks no
    server and changes nothing. With --json one document with the reasons and all figures.
    """
    try:
        settings = scope.settings()
    except ConfigMistake as mistake:
        return _without(scope, mistake, as_json=as_json)
    vitals = look(settings, scope.clock(settings))
    return _say(judge(vitals), _facts(vitals), as_json=as_json)


def _without(scope: Scope, mistake: ConfigMistake, *, as_json: bool) -> int:
    """Say how it is where the configuration cannot be used: a daemon that runs goes on with the one that it has, and
    its heartbeat lies beside the file as shipped."""
    now, found = Clock().now(), beats(beside(scope.config) / FOLDER)
    ills = tuple(ill for beat in found if beat.lives for ill in beat.ills)
    signs = judge(Vitals(now, found, ills, "", Figures(), "", {}, None, Owed()))
    words = f"the configuration cannot be used: {'; '.join(str(mistake).splitlines())}"
    if works := any(beat.lives for beat in found):
        words += "; the daemon goes on with the one that it has read, and could not start again"
    ill = Sign("configuration", Level.YELLOW if works else Level.RED, words)
    facts = _pulses(found, now)
    return _say(tuple(sorted((ill, *signs), key=lambda sign: -sign.level)) if found else (ill,), facts, as_json=as_json)


def look(settings: Settings, clock: Clock) -> Vitals:
    """All that can be known without asking a server."""
    figures, trouble, leader = None, "", None
    try:
        with look_into(settings) as store:
            figures = store.figures(clock.now())
            leader = store.leader(clock.now())
    except Trouble as error:
        trouble = str(error)
    found = beats(settings.kept / FOLDER)
    living = [beat for beat in found if beat.lives]
    carried = remembered(settings.kept / NOTE)
    command = settings.posting.after_publish
    return Vitals(
        now=Clock().now(),
        beats=found,
        ills=tuple(ill for beat in living for ill in beat.ills),
        refused=next((beat.refused for beat in living if beat.refused), ""),
        figures=figures,
        no_figures=trouble,
        disks=room(settings),
        expiry=expiry(settings, clock),
        carried=carried if carried.command == command else Owed(command, owed=bool(command)),
        patience=settings.alerts,
        leader=leader,
    )


def _facts(vitals: Vitals) -> dict[str, Any]:
    """What is known, as JSON: ages in whole seconds, instants in UTC; None for what nobody knows."""
    figures, now = vitals.figures, vitals.now
    return {
        **_pulses(vitals.beats or (), now),
        "database": {"answers": figures is not None},
        "mails": figures and _mails(figures),
        "letters": figures and _letters(figures),
        "paused_addresses": figures and figures.paused,
        "expiry": vitals.expiry and {"what": vitals.expiry.what, "days": vitals.expiry.days},
        "disks": [{"path": str(path), "free_megabytes": free // MEGABYTE} for path, free in vitals.disks.items()],
        "after_publish": {
            "owed": bool(vitals.carried.command) and vitals.carried.owed,
            "failing_seconds": _seconds(vitals.carried.failing(now)),
        },
        "leader": vitals.leader
        and {
            "worker": vitals.leader.worker,
            "absent_seconds": _seconds(vitals.leader.absent),
            "workers": vitals.leader.workers,
        },
    }


def _pulses(found: Sequence[Beat], now: datetime) -> dict[str, Any]:
    """Which daemons live, and what was last, also by one that lives no more."""
    living = sorted((beat for beat in found if beat.lives), key=lambda beat: beat.at)
    last = {name: max(beat.last[name] for beat in found if name in beat.last) for name in _named(found)}
    return {
        "at": now.isoformat(timespec="seconds"),
        "heartbeats": [_beat(beat, now) for beat in living],
        "last": {name: last[name].isoformat(timespec="seconds") if name in last else None for name in DOINGS},
    }


def _mails(figures: Figures) -> dict[str, Any]:
    return {
        "waiting": figures.mails,
        "oldest_seconds": _seconds(figures.mail_age),
        "frozen": figures.frozen,
        "held": figures.mails_held,
        "quarantined": figures.quarantined,
        "quarantined_last_day": figures.quarantined_lately,
    }


def _letters(figures: Figures) -> dict[str, Any]:
    return {
        "owed": figures.letters,
        "oldest_seconds": _seconds(figures.letter_age),
        "dead": figures.dead,
        "dead_last_week": figures.dead_lately,
        "held": figures.held,
        "held_oldest_seconds": _seconds(figures.held_age),
    }


def _named(beats: Sequence[Beat]) -> set[str]:
    return {name for beat in beats for name in beat.last}


def _beat(beat: Beat, now: datetime) -> dict[str, Any]:
    return {
        "worker": beat.worker,
        "age_seconds": _seconds(now - beat.at),
        "started": beat.started.isoformat(timespec="seconds"),
        "configured": beat.configured.isoformat(timespec="seconds"),
        "troubles": [
            {
                "arc": ill.arc,
                "what": ill.words,
                "seconds": _seconds(now - ill.since),
                "locked_out": ill.locked_out,
                "again_seconds": max(_seconds(ill.again - now), 0) if ill.again else None,
            }
            for ill in beat.ills
        ],
    }


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())


def _say(signs: tuple[Sign, ...], facts: dict[str, Any], *, as_json: bool) -> int:
    """Print how it is; gives the exit code."""
    level = level_of(signs)
    if as_json:
        reasons = [
            {"level": sign.level.name.lower(), "about": sign.key, "what": str(clean(sign.words))} for sign in signs
        ]
        json_document({"state": level.name.lower(), "reasons": reasons, **facts})
        return level
    click.echo(level.name.lower())
    for sign in signs:
        click.echo(f"{sign.level.name.lower():<7} {visible(str(clean(sign.words)))}")
    if facts:
        click.echo()
        pairs(_lines(facts))
    return level


def _lines(facts: dict[str, Any]) -> list[tuple[str, object]]:
    """The figures that people look for."""
    lines: list[tuple[str, object]] = [
        ("heartbeat", f"{_long_ago(beat['age_seconds'])} by {beat['worker']}") for beat in facts["heartbeats"]
    ]
    lines += [
        ("next try", f"of {ill['arc']} in {span(timedelta(seconds=ill['again_seconds']))}")
        for beat in facts["heartbeats"]
        for ill in beat["troubles"]
        if ill["again_seconds"] is not None
    ]
    now = datetime.fromisoformat(facts["at"])
    lines += [
        (f"last {name}", ago(now - datetime.fromisoformat(at)) if at else "none known")
        for name, at in facts["last"].items()
    ]
    if "database" not in facts:  # nobody knows which
        return lines
    if (mails := facts["mails"]) and (letters := facts["letters"]):
        lines += [
            ("mails", f"{mails['waiting']} wait{_since(mails)}, {mails['quarantined']} quarantined"),
            (
                "letters",
                f"{letters['owed']} owed{_since(letters)}, {letters['dead']} dead, {letters['held']} held",
            ),
            ("paused addresses", facts["paused_addresses"]),
        ]
    if expires := facts["expiry"]:
        lines.append(("login", ends(expires["what"], expires["days"])))
    if leader := facts["leader"]:
        lines.append(("leader", f"{leader['worker']}, of {leader['workers']} workers"))
    lines += [("free", f"{disk['free_megabytes']} MB where {disk['path']} lies") for disk in facts["disks"]]
    return lines


def _since(waiting: dict[str, Any]) -> str:
    return (
        f" (the oldest for {span(timedelta(seconds=waiting['oldest_seconds']))})" if waiting["oldest_seconds"] else ""
    )


def _long_ago(seconds: int) -> str:
    return ago(timedelta(seconds=seconds))
