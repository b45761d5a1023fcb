"""Words: days, times and people as history, answers and refusals name them.

Its one rule: a day is written as the register writes it, and nobody is named by an id whom the
directory knows.
"""

from collections.abc import Iterable
from datetime import date, datetime

from bot.intake.arguments.dates import in_words
from bot.office.office import Office
from bot.office.people import Person, Role
from bot.office.zone import zone_name

NOON = 12


def us(day: date) -> str:
    """`12/03/2026` (domain.md section 8, realism)."""
    return f"{day:%m/%d/%Y}"


def with_words(said: str, text: str) -> str:
    """What is said, and what somebody wrote with it, where they did."""
    return f"{said}. {text}" if text else said


def off_meeting(day: date, office: Office) -> tuple[str, ...]:
    """What is said of something recorded for a day that had no Monthly Meeting; nothing of one that had."""
    if office.calendar.meeting.date_in(day.year, day.month) == day:
        return ()
    return (f"{us(day)} is not the day of a Monthly Meeting; it is recorded as you wrote it.",)


def when(at: datetime, office: Office) -> str:
    """An instant in full: `Thursday, December 3, 2026, 10:00 AM Mountain Time`."""
    zone = office.calendar.zone
    there = at.astimezone(zone)
    half = "AM" if there.hour < NOON else "PM"
    clock = f"{there.hour % NOON or NOON}:{there.minute:02} {half}"
    return f"{in_words(there.date())}, {clock} {zone_name(zone, there.date())}"


def names(ids: Iterable[str], office: Office) -> str:
    """People by their ids; whoever has left the directory by the id that is left of them."""
    found = ((office.directory.named(each), each) for each in ids)
    return "; ".join(person.name if person else each for person, each in found) or "nobody"


def lacking(people: Iterable[Person], role: Role, office: Office) -> str:
    """Why these people cannot be given a role: who of them does not hold it in the directory, and who
    does; empty where all of them do."""
    unfit = [person.name for person in people if role not in person.roles]
    if not unfit:
        return ""
    holders = names((person.id for person in office.holders(role)), office)
    who = " and ".join(unfit)
    return (
        f"{who} {'does' if len(unfit) == 1 else 'do'} not hold the role {role} in the directory. Who does: {holders}."
    )
