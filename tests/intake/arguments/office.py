"""What the tests of this room share: an office with people whose names are alike, and a day."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.intake.arguments import Arguments, Mistake, understand
from bot.intake.command import read_commands
from bot.office.calendar import Calendar
from bot.office.office import Office, Organisation
from bot.office.people import Address, Directory, Person, Role
from tests.intake.forms import TABLE

TODAY = date(2026, 11, 23)
"""A Monday."""


def _person(short: str, name: str, *roles: Role) -> Person:
    email = f"{name.lower().replace(' ', '.').replace('í', 'i')}@meridell.example"
    return Person(short, name, Address(email, name), frozenset(roles))


MARTA = _person("ellison", "Marta Ellison", Role.CMP_MANAGER)
LENA = _person("brandt", "Lena Brandt", Role.CRPM)
LUIS = _person("tafoya", "Luís Tafoya", Role.CRPM)
GRACE = _person("whitcomb", "Grace Whitcomb", Role.DIRECTOR)
NILS = _person("nils", "Nils Sorensen", Role.DIRECTOR)
ANITA = _person("pruitt", "Anita Pruitt", Role.SME)
JOE = _person("castellano", "Joe Castellano", Role.SME)
JOEL = _person("mehta", "Joel Mehta", Role.SME)
RAY = _person("ray", "Ray Pruitt", Role.SME)
STAFF = (MARTA, LENA, LUIS, GRACE, NILS, ANITA, JOE, JOEL, RAY)

OFFICE = Office(
    Organisation("Meridell", Address("cmpcr@meridell.example"), "https://cmp.meridell.example/"),
    Directory(STAFF),
    Calendar(zone=ZoneInfo("America/Denver")),
)


def meant(line: str, today: date = TODAY) -> Arguments | Mistake:
    """What the first command of a text is understood as; the text must open with one."""
    return understand(read_commands(line)[0], OFFICE, today, TABLE)


def arguments(line: str, today: date = TODAY) -> Arguments:
    """What a line says that must be understood."""
    found = meant(line, today)
    assert isinstance(found, Arguments), f"{line}: {found.message}"
    return found


def mistake(line: str, today: date = TODAY) -> str:
    """What is said about a line that must be asked back."""
    found = meant(line, today)
    assert isinstance(found, Mistake), f"{line}: {found}"
    return found.message
