"""Options that several commands share. Its one rule: what is read of them is a value, or a mistake that says
how it is written."""

import re
from datetime import date, datetime

import click

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Of months and moments that may be asked for: what has no calendar before or behind it is a slip of the hand."""
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")


def month(context: click.Context, option: click.Parameter, value: str | None) -> date | None:
    """Read a month (a click callback); gives its first day."""
    found = MONTH.fullmatch(value) if value else None
    if value and found is None:
        raise click.BadParameter(f"{value} is no month; write it as 2026-12")
    return date(in_bounds(int(found[1]), found[0]), int(found[2]), 1) if found else None


def timestamp(context: click.Context, option: click.Parameter, value: str | None) -> datetime | None:
    """Read a moment (a click callback)."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no time such as 2026-11-22T09:00 or 2026-11-22T16:00Z") from None
    in_bounds(moment.year, value)
    return moment


def in_bounds(year: int, value: str) -> int:
    """A year that was typed as part of a value. Raises BadParameter for one of which we know no calendar."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise click.BadParameter(f"{value} is not within the years {FIRST_YEAR} to {LAST_YEAR}")
    return year
