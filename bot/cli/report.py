"""report: how the deadlines were kept. Its one rule: it reads and changes nothing, but for the one file
that it is told to write."""

from datetime import date
from pathlib import Path

import click

from bot.cli import options
from bot.cli.opening import look_into
from bot.cli.output import json_document, table
from bot.cli.scope import Scope
from bot.config import Settings
from bot.errors import Trouble
from bot.workflow.answers.adherence import Adherence, Tally, adherence, bounds, in_days, months_between

HEAD = ("interval", "due", "kept", "later", "missed", "open", "%", "median", "worst")


@click.command()
@click.option("--month", "last", callback=options.month, metavar="YYYY-MM", help="The month; without it, this one.")
@click.option("--since", callback=options.month, metavar="YYYY-MM", help="From this month up to that one.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write FILE.html, .csv or .xlsx."
)
@options.JSON
@click.pass_obj
def report_command(scope: Scope, last: date | None, since: date | None, out: Path | None, as_json: bool) -> None:
    """Say how the carrier's deadlines were kept, interval by interval: met in time, met by an agreed later
    date, missed, and still open; median and worst in business days after the date.

    The HTML file stands alone and has the drawings; the workbook has every single deadline.
    """
    if out is not None and out.suffix.lower() not in WRITERS:
        raise click.BadParameter(f"{out}: the name must end in {', '.join(WRITERS)}", param_hint="--out")
    settings = scope.settings()
    calendar = settings.office.calendar
    today = calendar.local_date(scope.clock(settings).now())
    last = last or today
    months = months_between(since or last, last)
    if not months:
        raise click.BadParameter("--since is later than the month", param_hint="--since")
    with look_into(settings) as store:
        found = adherence(store.promises(*bounds(months), calendar.zone), months, calendar, today)
    if out is not None:
        _write(out, WRITERS[out.suffix.lower()](found, settings))
    if as_json:
        json_document(report_shape(found))
    elif out is None:
        _show(found)
    else:
        click.echo(out)


def report_shape(found: Adherence) -> dict[str, object]:
    """A report as JSON: the sum, the intervals, the months, each interval in each month, what was missed."""
    return {
        "from": found.months[0],
        "to": found.months[-1],
        "as_of": found.today.isoformat(),
        **_counts(found.whole),
        "intervals": [{"interval": kind.value, **_counts(tally)} for kind, tally in found.kinds],
        "months": [{"month": each, **_counts(tally)} for each, tally in found.by_month],
        "cells": [{"month": each, "interval": kind.value, **_counts(tally)} for each, kind, tally in found.cells],
        "missed_deadlines": [
            {
                "number": each.number,
                "interval": each.kind.value,
                "due": each.due.isoformat(),
                "extended_to": each.extended_to.isoformat() if each.extended_to else None,
                "met_on": each.met_on.isoformat() if each.met_on else None,
                "stopped_on": each.stopped_on.isoformat() if each.stopped_on else None,
                "business_days_late": late,
            }
            for each, late in found.missed
        ],
    }


def _counts(tally: Tally) -> dict[str, int | None]:
    return {
        "promised": tally.promised,
        "met": tally.met,
        "extended": tally.extended,
        "missed": tally.missed,
        "open": tally.open,
        "kept": tally.kept,
        "median": tally.median,
        "worst": tally.worst,
    }


def _show(found: Adherence) -> None:
    """The intervals as a table, and the sum."""
    rows = [(kind.value, *_row(tally)) for kind, tally in found.kinds]
    click.echo(f"{found.span}{' so far' if found.so_far else ''}, as of {found.today}")
    table(HEAD, [*rows, ("all together", *_row(found.whole))] if rows else [], "No deadline of ours fell due.", HEAD[0])


def _row(tally: Tally) -> tuple[object, ...]:
    counts = (tally.promised, tally.met, tally.extended, tally.missed, tally.open)
    days = (in_days(late, short=True) for late in (tally.median, tally.worst))
    return (*counts, "-" if tally.kept is None else tally.kept, *days)


def _html(found: Adherence, settings: Settings) -> bytes:
    from bot.edge.templates import Templates  # noqa: PLC0415 - only the page needs it
    from bot.posting.drawing import kept_curve, tally_bar  # noqa: PLC0415 - the same

    words = Templates(settings.templates, settings.office, settings.table)
    intervals = tuple((kind.value, tally_bar(kind.value, tally), tally) for kind, tally in found.kinds)
    told = {"report": found, "intervals": intervals, "curve": kept_curve(found)}
    return words.sheet("report.html", told).encode()


def _csv(found: Adherence, _: Settings) -> bytes:
    from bot.workflow.answers.spreadsheet import as_csv  # noqa: PLC0415 - only the file needs it

    return as_csv(found)


def _xlsx(found: Adherence, settings: Settings) -> bytes:
    from bot.workflow.answers.spreadsheet import as_xlsx  # noqa: PLC0415 - only the file needs it

    return as_xlsx(found, settings.office.calendar)


WRITERS = {".html": _html, ".csv": _csv, ".xlsx": _xlsx}


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Trouble(f"cannot write {file}: {error.strerror}") from error
