"""Parties: what a sender is to a change request.

Its one rule: rights come from the directory, from the assignments of the change request and from
whoever named a deputy; never from what a mail says of itself (DESIGN section 5).
"""

from datetime import date
from enum import StrEnum

from bot.intake.verify import Standing
from bot.office.office import Office
from bot.office.people import Address, Person, Role
from bot.workflow.change import ChangeRequest


class Party(StrEnum):
    """Who a row of the table is for; the value is what people read."""

    ANYONE = "anyone"
    CLEC = "a known CLEC"
    ORIGINATOR = "the originator"
    STAFF = "the staff"
    SME = "an SME of it"
    DIRECTOR = "its Director"
    CRPM = "its CRPM"
    GROUP_MANAGER = "the CMP Group Manager"
    CMP_MANAGER = "the CMP Manager"


ASSIGNED = {"crpm": Party.CRPM, "director": Party.DIRECTOR, "smes": Party.SME}
"""The parties that an assignment makes, by the key under which a change request keeps the people."""

HELD = {Role.CMP_MANAGER: Party.CMP_MANAGER, Role.GROUP_MANAGER: Party.GROUP_MANAGER}
"""The parties that a role of the directory makes by itself."""


def parties(change: ChangeRequest | None, standing: Standing, office: Office, today: date) -> frozenset[Party]:
    """All that a sender is to a change request (None: to none) on a local date; deputies are what
    those are whom they stand in for. What proves it is another question."""
    found = {Party.ANYONE}
    if standing.company is not None:
        found.add(Party.CLEC)
    email = standing.sender.email if standing.sender else ""
    if change is not None and email and email == spokesman(change, office).email:
        found.add(Party.ORIGINATOR)
    if standing.person is not None:
        found |= _of_staff(change, standing.person, office, today)
    return frozenset(found)


def _of_staff(change: ChangeRequest | None, person: Person, office: Office, today: date) -> set[Party]:
    found = {Party.STAFF}
    for person_id in (person.id, *office.stands_in_for(person.id, today)):
        one = office.directory.named(person_id)
        found |= {HELD[role] for role in (one.roles if one else ()) if role in HELD}
        if change is not None:
            found |= {party for key, party in ASSIGNED.items() if person_id in change.people.get(key, ())}
    return found


def spokesman(change: ChangeRequest, office: Office) -> Address:
    """Who is written to as the originator, and speaks as such: they, or where no address of theirs is known (any
    more) the first contact of their company. Without an address where there is none either."""
    if change.originator.email:
        return change.originator
    company = office.directory.company_named(change.company)
    return next(iter(company.contacts), Address("")) if company else Address("")


def disputants(change: ChangeRequest, office: Office) -> tuple[Address, ...]:
    """Who is written to about a dispute beside the originator: those who opened or joined it by their own mail, and
    the contacts of their companies. For the originator's company the originator speaks."""
    dispute = change.escalation
    if dispute is None:
        return ()
    named = (name for name in (dispute.by, *dispute.joined) if name != change.company)
    companies = filter(None, map(office.directory.company_named, named))
    return (*dispute.speakers, *(contact for company in companies for contact in company.contacts))


def may_see(change: ChangeRequest, standing: Standing) -> bool:
    """True for everybody once it has its number; a form before that is seen by its company and the staff."""
    return change.logged or standing.person is not None or for_originator(change, standing)


def for_originator(change: ChangeRequest, standing: Standing) -> bool:
    """True for the originator, and for anybody of the company."""
    if standing.sender is not None and change.originator.email and standing.sender.email == change.originator.email:
        return True
    return standing.company is not None and standing.company.name == change.company


def in_charge(change: ChangeRequest, office: Office) -> Party:
    """Who runs a change request: its CRPM, or the CMP Manager while there is none."""
    return Party.CRPM if people_of(change, Party.CRPM, office) else Party.CMP_MANAGER


def people_of(change: ChangeRequest, party: Party, office: Office) -> tuple[Person, ...]:
    """The members of staff who are this party to a change request, in the order they were named; one
    who left the directory is not among them."""
    if party in HELD.values():
        role = next(role for role, held in HELD.items() if held is party)
        return office.holders(role)
    key = next((key for key, assigned in ASSIGNED.items() if assigned is party), "")
    named = (office.directory.named(person_id) for person_id in change.people.get(key, ()))
    return tuple(person for person in named if person is not None)


def known_as(address: Address, office: Office) -> Standing:
    """Somebody as the directory knows them by their address alone; nothing is proven by that."""
    person, company = office.directory.person(address.email), office.directory.company(address)
    return Standing(address, person, company, ours=office.owns(address))
