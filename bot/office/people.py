"""People, companies and the directory that finds them. Its one rule: an address is compared
whole and in lower case; a display name never identifies anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from operator import itemgetter

NEAR, MOST_NEAR, SHORTEST = 0.7, 3, 4
"""How like a company's name another must be to be asked about (1.0: the same), how many are, and how long a part of
one must be."""


class Role(StrEnum):
    """What a person may be in the process (seed steps 1 to 4; DESIGN section 1)."""

    CMP_MANAGER = "CMP Manager"
    GROUP_MANAGER = "CMP Group Manager"
    CRPM = "CRPM"
    DIRECTOR = "Director"
    SME = "SME"
    CLEC = "CLEC"


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox with the name shown beside it; `email` is `local@domain`, lower case."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        """What stands behind the last `@`; empty for an address without one."""
        return self.email.rpartition("@")[2] if "@" in self.email else ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the carrier's staff; `id` is what the journal keeps instead of contact data."""

    id: str
    name: str
    address: Address
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Company:
    """A CLEC: its name, the domains it writes from and the addresses registered for it."""

    name: str
    domains: frozenset[str] = frozenset()
    contacts: tuple[Address, ...] = ()


@dataclass(frozen=True)
class Directory:
    """Everybody the office knows."""

    people: tuple[Person, ...] = ()
    companies: tuple[Company, ...] = ()

    def person(self, email: str) -> Person | None:
        """The member of staff with this address, or None."""
        return next((person for person in self.people if person.address.email == email), None)

    def named(self, person_id: str) -> Person | None:
        """The member of staff with this id, or None."""
        return next((person for person in self.people if person.id == person_id), None)

    def company(self, address: Address) -> Company | None:
        """The CLEC that writes from this address: a registered contact, or one of its domains."""
        keys = (f"@{address.domain}", address.email)
        places = [self._places[key] for key in keys if key in self._places]
        return self.companies[min(places)] if places else None

    @cached_property
    def _places(self) -> dict[str, int]:
        """Which company writes from a domain (`@larkspur.example`) or an address, by its place: of several the first.
        Made once, because each mail asks several times."""
        known = [(f"@{name}", place) for place, company in enumerate(self.companies) for name in company.domains]
        known += [(one.email, place) for place, company in enumerate(self.companies) for one in company.contacts]
        return dict(sorted(known, key=itemgetter(1), reverse=True))

    def company_named(self, name: str) -> Company | None:
        """The CLEC of this name, whatever its case and punctuation."""
        wanted = _bare(name)
        return next((company for company in self.companies if _bare(company.name) == wanted), None)

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Everybody who holds a role, in the order of the configuration."""
        return tuple(person for person in self.people if role in person.roles)


def like(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of some names that a name may be meant for, the likeliest first: written nearly so, or a part of it.

    >>> like("ALDER POINT INC.", ["Alder Point", "Pine"]), like("Point", ["Alder Point", "Pine"]), like("Oak", ["Pine"])
    (('Alder Point',), ('Alder Point',), ())
    """
    bare = {_bare(each): each for each in names}
    wanted = _bare(name)
    near = get_close_matches(wanted, bare, MOST_NEAR, NEAR)
    near = near or [each for each in bare if len(wanted) >= SHORTEST and wanted in each][:MOST_NEAR]
    return tuple(bare[each] for each in near)


def _bare(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
