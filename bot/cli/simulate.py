"""cmpbot simulate: years of the office's life in minutes, with everything that goes wrong in the world, and the
laws that have to hold all the while.

Its one rule: a seed says everything; whoever gives the same one sees the same life, to the byte.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import click

from bot.cli.bar import bar
from bot.cli.options import JSON
from bot.cli.output import json_document, many, table
from bot.cli.scope import Scope
from bot.config import Settings, load
from bot.errors import Trouble
from bot.office.people import Role
from bot.simulation.faults import Fault
from bot.simulation.plan import START, Outcome, Plan
from bot.simulation.seeds import Total, opened, simulated, smallest
from bot.workflow.transition import Place

MOST_KINDS = 14
BROKEN = 1
STANDS = {Place.INTAKE: "forms without a number yet", Place.ENDED: "withdrawn, crossed over or dropped"}
KNOWN_AHEAD = 3
"""Years whose holidays one reading of the configuration knows."""
MOST_YEARS = 100
STAFF = (Role.CMP_MANAGER, Role.GROUP_MANAGER, Role.CRPM, Role.DIRECTOR, Role.SME)


def _long(context: click.Context, option: click.Parameter, value: float) -> float:
    """How many years (a click callback)."""
    if not 0 < value <= MOST_YEARS:  # what is no number is not either
        raise click.BadParameter(f"{value} is not more than 0 and at most {MOST_YEARS} years")
    return value


@click.command()
@click.option(
    "--years", callback=_long, default=1.0, show_default=True, help="How long the office lives; 0.5 is half a year."
)
@click.option("--seed", default=1, show_default=True, help="The seed from which everything follows.")
@click.option(
    "--seeds",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="So many lives, with this seed and the ones after it.",
)
@click.option("--calm", is_flag=True, help="Without any fault of the world: only people get things wrong.")
@click.option("--shrink", is_flag=True, help="Where a law is broken, look for the fewest faults that still break it.")
@JSON
@click.pass_obj
def simulate_command(scope: Scope, years: float, seed: int, seeds: int, calm: bool, shrink: bool, as_json: bool) -> int:
    """Let your office live for years, in minutes, on a clock that is put forward; exits 1 where a law is broken.

    Two dozen CLECs send forms and the staff answers, late, wrongly or twice; mail is delayed, doubled, reordered
    and bounced, servers fail, and the program is killed again and again. After every step the laws are looked at:
    one fate a mail, dense numbers, legal moves only, each reminder once, each letter sent. People, calendar and
    deadlines are those of your configuration; nobody is written to, and nothing of yours is touched.
    """
    months, start = max(1, round(years * 12)), scope.moment or START
    settings = _settings(scope, start, months)
    start = start if start.tzinfo else start.replace(tzinfo=settings.office.calendar.zone)
    kinds = frozenset[Fault]() if calm else frozenset(Fault)
    plans = [Plan(each, months, kinds, start=start) for each in range(seed, seed + seeds)]
    total, last = Total(), None
    with opened(settings) as premises, bar("Simulating", months * len(plans)) as tell:
        for plan in plans:
            last = simulated(plan, premises, lambda _: tell(1))
            if last.broken and shrink:
                last = smallest(last, premises)
            total.add(last)
    _say(total, last, as_json=as_json)
    return BROKEN if total.broken else 0


def _settings(scope: Scope, start: datetime, months: int) -> Settings:
    """The configuration, as of the first day; its calendar knows the holidays of all years to come. Raises Trouble
    where nobody holds a role without which no change request gets to its end."""
    settings = load(scope.config, start)
    office, holidays = settings.office, settings.office.calendar.holidays
    if missing := [str(role) for role in STAFF if not office.holders(role)]:
        raise Trouble(f"nobody under people: in {settings.path} is {' or '.join(missing)}; an office needs each")
    for years in range(KNOWN_AHEAD, months // 12 + 1, KNOWN_AHEAD):
        holidays |= load(scope.config, start + timedelta(days=366 * years)).office.calendar.holidays
    return replace(settings, office=replace(office, calendar=replace(office.calendar, holidays=holidays)))


def _say(total: Total, last: Outcome | None, *, as_json: bool) -> None:
    hashes, sums = last.hashes if last else {}, total.sums
    if as_json:
        broken = [{"seed": each.plan.seed, "at": each.at, "law": each.broken} for each in total.broken]
        json_document({"months": total.months, **sums.by_name(), "broken": broken, "hashes": hashes})
        return
    click.echo()
    _table("Mails came in", sums.counts["mails"], _by_size(sums.fates))
    _table("Change requests numbered", sums.counts["change requests"], _by_step(sums.places))
    _table("Letters owed", sum(sums.letters.values()), _shortened(sums.letters))
    _table("What went wrong in the world", sum(sums.faults.values()), _by_size(sums.faults))
    _table("What must hold", "looked at", _by_size(sums.checked))
    for each in total.broken:
        click.echo(f"\nBROKEN  seed {each.plan.seed}, {each.at}: {each.broken}\n")
        click.echo(each.dialogue)
        click.echo(f"The same again: cmpbot simulate --seed {each.plan.seed} --years {each.plan.months / 12:g}")
    if not total.broken:
        lives = f"{many(total.months, 'office-months')}, {many(sums.counts['turns'], 'turns of the daemon')}"
        held = many(sum(sums.checked.values()), "times")
        click.echo(f"\n{lives}, {many(sums.counts['starts'], 'starts')}: every law held, {held}.")
    if hashes:
        click.echo("Trace {trace:.16}, journals {journal:.16}, posting {posting:.16}".format_map(_Known(hashes)))


class _Known(dict[str, str]):
    """Hashes; of a run that broke off some are missing."""

    def __missing__(self, name: str) -> str:
        return "(none)"


def _table(name: str, count: int | str, rows: Sequence[tuple[str, int]]) -> None:
    table((name, f"{count:,}" if isinstance(count, int) else count), [(each, f"{n:,}") for each, n in rows], "none")
    click.echo()


def _by_step(places: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many change requests stand where, in the order of the steps."""
    found = ((place, places.get(place, 0)) for place in Place)
    return [(f"stand in step {place}" if place[0].isdigit() else STANDS[place], n) for place, n in found if n]


def _by_size(rows: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(rows.items(), key=lambda row: (-row[1], row[0]))


def _shortened(letters: Counter[str]) -> list[tuple[str, int]]:
    """The kinds with most letters, and all others together."""
    rows = _by_size(letters)
    rest = sum(n for _, n in rows[MOST_KINDS:])
    return [*rows[:MOST_KINDS], *([(f"{len(rows) - MOST_KINDS} other kinds", rest)] if rest else [])]
