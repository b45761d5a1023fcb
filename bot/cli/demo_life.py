"""The life of one change request, from its number to CR Closed, as the demo plays it.

Its one rule: it is written for parts, not for persons: whoever holds the role in the configuration
plays it, on the days of that office's own calendar.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import files

import yaml

from bot.cli.demo_mails import Scene
from bot.office.office import Office
from bot.office.people import Address, Role

PRODUCTION_AFTER = 10
MEETING_AFTER = 4
"""Business days from the mail that names a date to that date; the mail after it comes on that day."""


@dataclass(frozen=True, slots=True)
class Act:
    """One mail of the life, and the instant at which it is written (aware, UTC)."""

    scene: Scene
    at: datetime


def life(office: Office, number: str, originator: Address, start: datetime) -> Iterator[Act]:
    """The mails of a life, in order; the change request was numbered at `start` (aware, UTC).

    Raises ValueError where the configuration has nobody for a part.
    """
    calendar = office.calendar
    parts = _cast(office, originator)
    day = calendar.local_date(start)
    for n, row in enumerate(yaml.safe_load((files("bot.cli") / "demo_life.yaml").read_text(encoding="utf-8"))):
        if row.get("meeting"):
            day = calendar.meeting_after(day)
        elif row["days"]:
            day = calendar.add_business_days(day, row["days"])
        at = datetime.combine(day, time.fromisoformat(row["at"]), calendar.zone).astimezone(UTC)
        sender = parts[row["who"]]
        lines = row["lines"].format(carrier=office.organisation.name, **_names(parts), **_dates(office, day))
        scene = Scene(f"life-{n}", row["title"], sender, f"Re: [{number}]", lines, answers=sender.email, about=number)
        yield Act(scene, max(at, start))


def _cast(office: Office, originator: Address) -> Mapping[str, Address]:
    def held(role: Role, place: int = 0) -> Address:
        people = office.holders(role)
        if not people:
            raise ValueError(f"the configuration names nobody as {role}")
        return people[min(place, len(people) - 1)].address

    others = [each for each in office.distribution() if each.domain != originator.domain]
    return {
        "originator": originator,
        "second_clec": others[0] if others else originator,
        "group_manager": held(Role.GROUP_MANAGER),
        "crpm": held(Role.CRPM),
        "director": held(Role.DIRECTOR),
        "sme": held(Role.SME),
        "second_sme": held(Role.SME, 1),
    }


def _names(parts: Mapping[str, Address]) -> dict[str, str]:
    return {part: address.email for part, address in parts.items()}


def _dates(office: Office, day: date) -> dict[str, str]:
    later = office.calendar.add_business_days
    return {
        "meeting_day": f"{later(day, MEETING_AFTER):%m/%d/%Y}",
        "production_day": f"{later(day, PRODUCTION_AFTER):%m/%d/%Y}",
    }
