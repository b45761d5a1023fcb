"""Saying back what was understood. Its one rule: in full, so that a wrong reading is seen at a glance."""

from bot.intake.arguments.arguments import Arguments
from bot.intake.arguments.dates import MONTHS, in_words
from bot.intake.arguments.people import said
from bot.office.office import Office
from bot.office.zone import zone_name

LONGEST = 80


def in_full(arguments: Arguments, office: Office) -> str:
    """What was understood, in one line: dates with weekday and year, times with the zone's name, people
    with name and address. Empty where nothing stood behind the verb.

    >>> from datetime import date
    >>> from bot.office.office import Organisation
    >>> from bot.office.people import Address
    >>> office = Office(Organisation("Meridell", Address("cmpcr@meridell.example"), ""))
    >>> in_full(Arguments(on=date(2026, 12, 3), step="5A"), office)
    'Thursday, December 3, 2026; step 5A'
    """
    return "; ".join(part for part in _parts(arguments, office) if part)


def _parts(given: Arguments, office: Office) -> tuple[str, ...]:
    return (
        " ".join(filter(None, (given.word, given.way, "NO TEST" if given.no_test else ""))),
        _when(given, office),
        f"at {given.place}" if given.place else "",
        ", ".join(map(said, given.people)),
        f"CRPM {said(given.crpm)}" if given.crpm else "",
        f"Director {said(given.director)}" if given.director else "",
        f"deputy {said(given.deputy)}" if given.deputy else "",
        f"step {given.step}" if given.step else "",
        given.number,
        f"number {given.n}" if given.n else "",
        f"{MONTHS[given.month[1] - 1]} {given.month[0]}" if given.month else "",
        f"{given.field.replace('_', ' ')}: {_short(given.value)}" if given.field else "",
        *(f"{name}: {_short(text)}" for name, text in _labelled(given) if text),
        f"\u201c{_short(given.text)}\u201d" if given.text else "",
    )


def _when(given: Arguments, office: Office) -> str:
    """`Thursday, December 3, 2026, 10:00 Mountain Time, 60 minutes`."""
    if given.on is None:
        return ""
    at = f"{given.at:%H:%M} {zone_name(office.calendar.zone, given.on)}" if given.at else ""
    return ", ".join(filter(None, (in_words(given.on), at, f"{given.minutes} minutes" if given.minutes else "")))


def _labelled(given: Arguments) -> tuple[tuple[str, str], ...]:
    return (("Position", given.position), ("Basis", given.basis), ("Reference", given.reference))


def _short(text: str) -> str:
    line = " ".join(text[: LONGEST * 4].split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + "\u2026"
