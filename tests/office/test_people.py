"""Who is who: addresses are compared whole, companies by what they registered."""

import pytest

from bot.office.office import Office, Organisation
from bot.office.people import Address, Company, Directory, Person, Role

RUTH = Person("ruth", "Ruth Calloway", Address("ruth@meridell.example"), frozenset({Role.CRPM, Role.SME}))
BRAM = Person("bram", "Bram Okonjo", Address("bram@elsewhere.example"), frozenset({Role.CRPM}))
PINE = Company("Pine Telecom, LLC", frozenset({"pine.example"}))
ALDER = Company("Alder", contacts=(Address("alder@post.example"),))
DIRECTORY = Directory((RUTH, BRAM), (PINE, ALDER))
OFFICE = Office(
    Organisation("Meridell", Address("cmpcr@meridell.example"), "", frozenset({"meridell.example"})), DIRECTORY
)


@pytest.mark.parametrize(
    ("email", "company"),
    [
        ("anyone@pine.example", PINE),
        ("anyone@sub.pine.example", None),
        ("anyone@notpine.example", None),
        ("alder@post.example", ALDER),
        ("other@post.example", None),
        ("pine.example", None),
        ("", None),
    ],
)
def test_a_company_is_known_by_its_domain_or_its_contacts(email: str, company: Company | None) -> None:
    """A domain counts whole and a contact counts whole; a display name counts for nothing."""
    assert DIRECTORY.company(Address(email, "Pine Telecom, LLC")) is company


def test_a_company_is_found_by_name() -> None:
    """Whatever the case and the punctuation of its name."""
    assert DIRECTORY.company_named("PINE TELECOM LLC") is PINE
    assert DIRECTORY.company_named("Pine") is None


@pytest.mark.parametrize(
    ("email", "ours"),
    [("cmpcr@meridell.example", True), ("bram@elsewhere.example", True), ("pat@elsewhere.example", False)],
)
def test_the_carrier_owns_its_domains_and_its_staff(email: str, ours: bool) -> None:
    """Staff count wherever they write from."""
    assert OFFICE.owns(Address(email)) is ours


def test_roles_have_holders() -> None:
    """Everybody who holds a role, in the order of the configuration; nobody for a role that nobody has."""
    assert OFFICE.holders(Role.CRPM) == (RUTH, BRAM)
    assert OFFICE.holders(Role.SME) == (RUTH,)
    assert OFFICE.holders(Role.DIRECTOR) == ()


def test_an_address_reads_as_mail_writes_it() -> None:
    """With its name where it has one."""
    assert str(Address("pat@pine.example", "Pat")) == "Pat <pat@pine.example>"
    assert str(Address("pat@pine.example")) == "pat@pine.example"
