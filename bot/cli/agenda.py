"""agenda: what stands on a Monthly Meeting, and why. Its one rule: it reads and changes nothing, and may
be used while the daemon works."""

from datetime import date

import click

from bot.cli import options
from bot.cli.opening import look_into
from bot.cli.output import json_document, one_line, table
from bot.cli.scope import Scope
from bot.intake.arguments.dates import in_words
from bot.workflow.agenda import Agenda, Item, agenda_of
from bot.workflow.package import agendas
from bot.workflow.results import lines_of


@click.command()
@click.option(
    "--month", callback=options.month, metavar="YYYY-MM", help="Of this month's meeting; without it, the next one."
)
@options.JSON
@click.pass_obj
def agenda_command(scope: Scope, month: date | None, as_json: bool) -> None:
    """Show what stands on a Monthly Meeting and why, and what does not, with the meeting it goes to."""
    settings = scope.settings()
    office, now = settings.office, scope.clock(settings).now()
    calendar = office.calendar
    today = calendar.local_date(now)
    meeting = calendar.meeting.date_in(month.year, month.month) if month else calendar.meeting_from(today)
    with look_into(settings) as store:
        found = agenda_of(meeting, store.gathered((meeting, calendar.meeting_after(meeting))), office, today)
        mailed = agendas(store.matters()).get(meeting)
    if as_json:
        json_document({**_shape(found), "mailed_at": mailed.at.isoformat() if mailed else None})
        return
    click.echo(f"Monthly Meeting on {in_words(meeting)}{', package mailed' if mailed else ''}\n")
    rows = [(item.change.number, item.change.title, item.group, item.crpm, item.why) for item in found.items]
    table(("number", "title", "part", "CRPM", "why"), rows, "Nothing is on it.", spared="title")
    for one in found.absent:
        why = one_line(f"{one.change.number} is not on it. {one.why} It goes to the meeting of {one.goes_to}.")
        click.echo(f"\n{why}")


def _shape(found: Agenda) -> dict[str, object]:
    return {
        "meeting": found.meeting.isoformat(),
        "starts_at": found.starts.isoformat(),
        "items": [_item(item) for item in found.items],
        "absent": [
            {"number": one.change.number, "title": one.change.title, "why": one.why, "goes_to": one.goes_to.isoformat()}
            for one in found.absent
        ],
    }


def _item(item: Item) -> dict[str, object]:
    change = item.change
    return {
        "number": change.number,
        "title": change.title,
        "company": change.company,
        "part": item.group.value,
        "why": item.why,
        "presents": item.presents or None,
        "crpm": item.crpm or None,
        "attachments": [paper.letter for paper in item.papers],
        "record_with": [f"{change.number}: {line}" for line in lines_of(item)],
    }
