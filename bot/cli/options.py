"""Options that several commands share. Its one rule: what is read of them is a value, or a mistake that says
how it is written."""

import re
from datetime import date

import click

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")


def month(context: click.Context, option: click.Parameter, value: str | None) -> date | None:
    """Read a month (a click callback); gives its first day."""
    found = MONTH.fullmatch(value) if value else None
    if value and found is None:
        raise click.BadParameter(f"{value} is no month; write it as 2026-12")
    return date(int(found[1]), int(found[2]), 1) if found else None
