"""The holiday list of a country. Its one rule: the library is asked once, the answer is kept.

Importing it costs half a second of CPU, so its dates lie in a small file afterwards. The file is
only a copy: whatever is wrong with it, or with the folder, the library is asked again.
"""

import json
from datetime import date
from pathlib import Path


def list_holidays(country: str, years: tuple[int, ...], kept: Path | None = None) -> frozenset[date]:
    """The public holidays of a country (`US`, or `US-CO` for those of a state) in some years, as the
    office observes them. Raises ValueError for a country that the library does not know."""
    days = _read(kept, country, years)
    if days is None:
        days = _ask(country, years)
        _keep(kept, country, years, days)
    return days


def _ask(country: str, years: tuple[int, ...]) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - half a second of CPU; see the module's docstring

    name, _, subdivision = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(name, subdiv=subdivision or None, years=years))
    except (NotImplementedError, AttributeError, KeyError) as error:
        raise ValueError(f"must be a country's two letters, such as `US` or `US-CO`, not `{country}`") from error


def _read(kept: Path | None, country: str, years: tuple[int, ...]) -> frozenset[date] | None:
    if kept is None:
        return None
    try:
        found = json.loads(kept.read_text("ascii"))
        if found["country"] == country and found["years"] == list(years):
            return frozenset(map(date.fromisoformat, found["days"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def _keep(kept: Path | None, country: str, years: tuple[int, ...], days: frozenset[date]) -> None:
    if kept is None:
        return
    found = {"country": country, "years": list(years), "days": sorted(map(date.isoformat, days))}
    fresh = kept.with_name(f".{kept.name}.new")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps(found), "ascii")
        fresh.replace(kept)
    except OSError:
        return  # a folder we may not write to: the list is made anew each time
