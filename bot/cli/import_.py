"""`cmpbot import`: an existing register becomes change requests of this office. Its one rule: what will be done
can be seen before it is; either all that is read is taken over, or nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from bot.cli import options
from bot.cli.bar import bar
from bot.cli.opening import alone, look_into, open_store
from bot.cli.output import json_document, many, table, visible
from bot.cli.scope import Scope
from bot.config import Settings
from bot.daemon.bring_in import Fresh, Planned, bring_in, plan
from bot.edge.register import tables_in
from bot.edge.store import Store
from bot.edge.store.engine import database_file
from bot.errors import Trouble
from bot.intake.value.dates import Order
from bot.workflow.takeover.columns import Sheet, sheet_of
from bot.workflow.takeover.days import against, in_order
from bot.workflow.takeover.row import Taken

HEAD = ("row", "number", "is", "becomes", "since", "company", "title", "people")
REMARKED = (Fresh.OTHER, Fresh.REFUSED)
"""Rows that are shown after an import, too."""
MEANS = {
    Fresh.SAME: "taken over before, with the same words",
    Fresh.OTHER: "taken over before, with other words; what is here stays",
    Fresh.OURS: "a change request that came here by mail; what is here stays",
}
"""What is to be said of rows that are not taken over, though nothing is wrong with them."""
SHORT = {Fresh.NEW: "new", Fresh.SAME: "same", Fresh.OTHER: "changed", Fresh.OURS: "known", Fresh.REFUSED: "refused"}


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what each row would become, and all that is wrong; write nothing.")
@click.option("--skip", is_flag=True, help="Take over the other rows where some are refused.")
@click.option("--post-history", is_flag=True, help="Post the histories that the register holds; else they stay inside.")
@click.option(
    "--dates",
    type=click.Choice([order.value for order in Order]),
    help="How FILE writes dates of figures; else the month is first, and 1.2.2003 is refused.",
)
@options.JSON
@click.pass_obj
def import_command(
    scope: Scope, file: Path, dry_run: bool, skip: bool, post_history: bool, dates: str | None, as_json: bool
) -> int:
    """Take over an existing register: FILE is .csv or .xlsx, or whatever `cmpbot export` wrote, .json too.

    Columns are known by their heads. Each row keeps its number, stands where its status says, and may be commanded by
    mail from then on; its deadlines count from today, and nobody gets a letter. A number that is there already is left
    as it is, and refused where it is another change request's. Exits 1, with nothing written, where a row is refused;
    with --skip the others are taken over. The daemon must be stopped, except for a dry run.
    """
    settings = scope.settings()
    now = scope.clock(settings).now()
    sheet = _sheet(file, settings, Order(dates) if dates else None)
    office = settings.office
    if dry_run:
        with _looked_into(settings) as store, bar("Reading", len(sheet.rows)) as tell:
            planned = plan(sheet, store, office, settings.table, now, tell)
        _report(sheet, planned, as_json=as_json, taken=None, skip=skip, every=True)
        return 1 if planned.of(Fresh.REFUSED) else 0
    with open_store(settings) as store:
        alone(store)
        with bar("Reading", len(sheet.rows)) as tell:
            planned = plan(sheet, store, office, settings.table, now, tell)
        refused = planned.of(Fresh.REFUSED)
        if refused and not skip:
            _report(sheet, planned, as_json=as_json, taken=0, skip=skip, every=False)
            return 1
        with bar("Taking over", len(planned.of(Fresh.NEW))) as tell:
            count = bring_in(planned, store, office, now, tell, posted=post_history)
    _report(sheet, planned, as_json=as_json, taken=count, skip=skip, every=False)
    return 0


def _sheet(file: Path, settings: Settings, order: Order | None) -> Sheet:
    """The first table of a file that is a register, with its dates in a declared order. Raises Trouble where there is
    none."""
    for name, rows in tables_in(file):
        if (found := sheet_of(rows, settings.table)) is not None:
            if order:
                return replace(in_order(found, order, settings.table), name=name)
            return replace(found, name=name, remark=against(found, settings.table))
    raise Trouble(
        f"{file} has no row of heads with a CR number and a status among them, such as CR Number and Status",
        temporary=False,
    )


@contextmanager
def _looked_into(settings: Settings) -> Iterator[Store | None]:
    """The store as it is; None where there is none yet, so that a dry run makes none."""
    file = database_file(settings.store_url)
    if file is not None and not file.exists():
        yield None
        return
    with look_into(settings) as store:
        yield store


def _report(sheet: Sheet, planned: Planned, *, as_json: bool, taken: int | None, skip: bool, every: bool) -> None:
    """What was read and done, for people or programs. `taken` is None for a dry run; `every` row is shown, or those
    of which there is something to say; of the others the operator said to `skip` those that are refused."""
    if as_json:
        json_document(_shape(sheet, planned, taken))
        return
    known = [column for column in sheet.columns if column.key and column not in sheet.twice]
    click.echo(f"Columns of {visible(sheet.name)}:")
    for column in known:
        click.echo(f"  {column.letter:>2}  {visible(column.head)} -> {column.key}")
    for column in sheet.twice:
        click.echo(
            f"  {column.letter:>2}  {visible(column.head)} -> left out: another column is the {column.key} already"
        )
    for column in sheet.unknown:
        click.echo(f"  {column.letter:>2}  {visible(column.head)} -> not known, left out")
    shown = [
        (row, fresh)
        for row, fresh in planned.rows
        if every or fresh in REMARKED or (fresh is Fresh.OURS and row.remarks)
    ]
    if shown:
        click.echo()
        table(HEAD, [_cells(row, fresh) for row, fresh in shown], "")
    for line in _remarks(planned):
        click.echo(line)
    if sheet.remark:
        click.echo(f"remark  {visible(sheet.remark)}")
    counts = ", ".join(f"{len(planned.of(fresh))} {SHORT[fresh]}" for fresh in Fresh)
    click.echo(f"\n{many(len(planned.rows), 'rows')}: {counts}")
    for fresh, meaning in MEANS.items():
        if planned.of(fresh):
            click.echo(f"  {SHORT[fresh]}: {meaning}")
    click.echo(_end(planned, taken, skip=skip))


def _end(planned: Planned, taken: int | None, *, skip: bool) -> str:
    """What was done, in one line."""
    if taken is None:
        return "Nothing was written: this was a dry run."
    if taken:
        verb = "was" if taken == 1 else "were"
        return f"{many(taken, 'change requests')} {verb} taken over; the daemon posts them, and a backup is due."
    if not planned.of(Fresh.REFUSED):
        return "Nothing was written: there is nothing new in it."
    if skip:
        return "Nothing was written: there is nothing new in it beside the rows that are refused."
    return "Nothing was written; mend the rows that are refused, or say --skip to leave them out."


def _remarks(planned: Planned) -> Iterator[str]:
    """What there is to say of cells, each thing once, with the first place of it and in how many more rows."""
    places: dict[tuple[bool, str], dict[int, str]] = {}
    for row, _ in planned.rows:
        for remark in row.remarks:
            places.setdefault((remark.refuses, remark.message), {}).setdefault(row.n, remark.place)
    for (refuses, message), found in places.items():
        more = f" (and {many(len(found) - 1, 'more rows')})" if len(found) > 1 else ""
        yield f"{'REFUSED' if refuses else 'remark '} {next(iter(found.values()))}{more}: {visible(message)}"


def _cells(row: Taken, fresh: Fresh) -> tuple[object, ...]:
    change = row.change
    if change is None:
        return row.n, row.number, SHORT[fresh], "", "", "", "", ""
    number = " ".join((change.number, *change.flags))
    becomes = f"step {change.step}, {change.phase}"
    people = ", ".join(each for ids in change.people.values() for each in ids)
    return row.n, number, SHORT[fresh], becomes, change.status_date, change.company, change.title, people


def _shape(sheet: Sheet, planned: Planned, taken: int | None) -> dict[str, object]:
    """The report as JSON."""
    return {
        "sheet": sheet.name,
        "columns": [{"column": each.letter, "head": each.head, "key": each.key} for each in sheet.columns],
        "rows": [
            {
                "row": row.n,
                "number": row.number,
                "is": SHORT[fresh],
                "step": row.change.step.value if row.change else "",
                "phase": row.change.phase.value if row.change else "",
                "flags": list(row.change.flags) if row.change else [],
                "status_date": row.change.status_date.isoformat() if row.change else "",
                "people": {key: list(ids) for key, ids in row.change.people.items()} if row.change else {},
                "remarks": [
                    {"place": each.place, "message": each.message, "refuses": each.refuses} for each in row.remarks
                ],
            }
            for row, fresh in planned.rows
        ],
        "remark": sheet.remark,
        "counts": {SHORT[fresh]: len(planned.of(fresh)) for fresh in Fresh},
        "taken_over": taken,
    }
