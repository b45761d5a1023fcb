"""remind: the reminders by hand, or a look at what would go out. Its one rule: a look owes nobody a
letter and marks nothing."""

from dataclasses import replace
from datetime import datetime

import click

from bot.cli.opening import look_into
from bot.cli.output import json_document, local, many, table
from bot.cli.scope import Scope
from bot.daemon.desk import open_desk
from bot.daemon.remind import REMINDED, Round, Stage, fresh_of, remind, reminders, stages
from bot.edge import logs
from bot.edge.store import Store
from bot.errors import Busy
from bot.office.office import Office
from bot.workflow.answers.absence import FROZEN, absences
from bot.workflow.carry.words import when
from bot.workflow.decide import decide
from bot.workflow.due import stage_name
from bot.workflow.effect import Remind, Send
from bot.workflow.event import Elapsed

HEAD = ("To", "CR", "What", "Due", "Stage", "State", "Why")


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show who would get what, and why; nothing is owed or marked.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
@click.pass_obj
def remind_command(scope: Scope, dry_run: bool, as_json: bool) -> None:
    """Remind of everything that is due, and say how many letters that makes; `run` or `once` send them.

    The daemon does this by itself, in business hours.
    """
    if dry_run:
        _show(scope, as_json=as_json)
        return
    logs.set_up("WARNING")
    settings = scope.settings()
    try:
        with open_desk(settings, scope.clock(settings)) as desk:
            count = remind(desk)
    except Busy:
        click.echo("The daemon is running; it reminds by itself.", err=True)
        count = 0
    if as_json:
        json_document({"reminders": count})
    else:
        waits = _waits(settings.office, scope.clock(settings).now())
        click.echo(f"{many(count, 'reminders')}{f'. {waits}' if waits else ''}")


def _show(scope: Scope, *, as_json: bool) -> None:
    settings = scope.settings()
    now = scope.clock(settings).now()
    with look_into(settings) as store:
        found, waits = planned(store, settings.office, now)
    if as_json:
        json_document({"now": now.isoformat(), "waits": waits, "reminders": found})
        return
    rows = [[each[key] for key in ("to", "number", "what", "due", "stage", "state", "why")] for each in found]
    table(HEAD, rows, "Nobody is to be reminded of anything.")
    if waits:
        click.echo(f"\n{waits} (now {local(now, settings.office.calendar.zone)}).")


def planned(store: Store, office: Office, now: datetime) -> tuple[list[dict[str, str]], str]:
    """Who is to be reminded of what, as rows of words, and why nobody is just now, if so; `now` is aware.
    Outside of business hours it is what will go out when they begin."""
    matters, waits = store.matters(), _waits(office, now)
    now = office.calendar.opening_from(now)
    office = replace(office, absences=absences(matters, office.calendar.local_date(now)))
    found = reminders(store, office, now)
    fresh = {each.cause for each in fresh_of(store, found)}
    day = Round.of(matters.get(REMINDED, ""), office.calendar.local_date(now))
    rest = "will go out" if waits else "would go out"
    rows = [_row(each, _state(each, day, rest) if each.cause in fresh else "told before") for each in found]
    rows += [row for each in stages(store, office, now) for row in _followed(each, office, now)]
    if FROZEN in matters:
        return rows, "Everything is frozen; nobody is reminded"
    return rows, waits


def _waits(office: Office, now: datetime) -> str:
    """For when reminders wait, in words; empty within business hours."""
    if office.calendar.in_hours(now):
        return ""
    return f"It is not within business hours; reminders wait for {when(office.calendar.opening_from(now), office)}"


def _state(each: Remind, day: Round, rest: str) -> str:
    return "today's letter has gone out; next morning" if day.passed(each.person) else rest


def _row(each: Remind, state: str) -> dict[str, str]:
    return {
        "to": each.person.address.email,
        "number": each.change.number,
        "what": each.what,
        "due": each.due.isoformat(),
        "stage": stage_name(each.stage),
        "state": state,
        "why": each.why or "it is theirs",
    }


def _followed(each: Stage, office: Office, now: datetime) -> list[dict[str, str]]:
    """What else follows from a stage: a letter to the sender of a form, or a move."""
    decision = decide(each.change, Elapsed(each.cause, each.deadline, each.at), office, now)
    if not decision.rows:
        return []
    to = [effect.letter.to.email for effect in decision.effects if isinstance(effect, Send)] or [""]
    common = {
        "number": each.change.number,
        "what": each.deadline.kind.value,
        "due": each.deadline.by.isoformat(),
        "stage": str(each.at),
        "state": "would be done",
        "why": decision.reason,
    }
    return [{"to": one, **common} for one in to]
