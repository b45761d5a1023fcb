"""Who speaks for an originator whose address nobody knows, or knows any more."""

from dataclasses import replace

from bot.mail.letter import Kind
from bot.office.people import Address
from bot.workflow.change import Step
from bot.workflow.effect import Fate
from bot.workflow.party import Party, parties, spokesman
from tests.workflow.offices import LENA, MORNING, PAT, PINE, STAFFED, at_step, by, obeyed, told

NAMELESS = replace(at_step(Step.TEST), originator=Address(""))
NOBODYS = replace(NAMELESS, company="Nobody's Telephone")
CONTACT = replace(PAT, sender=PINE.contacts[0])
TODAY = STAFFED.calendar.local_date(MORNING)


def test_the_first_contact_of_the_company_speaks() -> None:
    """They are asked, and their answer counts; the originator does so wherever there is one."""
    assert spokesman(NAMELESS, STAFFED) == PINE.contacts[0]
    asked = obeyed(NAMELESS, "CLOSE it is tested.", LENA)
    assert (Kind.CONSENT, "orders") in told(asked)
    assert asked.change is not None
    assert obeyed(asked.change, "CONSENT", CONTACT).fate is Fate.OBEYED
    known = at_step(Step.TEST)
    assert spokesman(known, STAFFED) == known.originator
    assert Party.ORIGINATOR not in parties(known, CONTACT, STAFFED, TODAY)
    assert Party.ORIGINATOR not in parties(NAMELESS, by(LENA), STAFFED, TODAY)


def test_without_a_contact_the_cmp_manager_hears() -> None:
    """Nobody is left out of a letter without somebody knowing; nobody becomes the originator by having no address."""
    assert spokesman(NOBODYS, STAFFED) == Address("")
    assert (Kind.CONSENT, "mona") in {
        (kind, name.partition(".")[0]) for kind, name in told(obeyed(NOBODYS, "CLOSE it is tested.", LENA))
    }
    nobody = replace(PAT, sender=Address(""))
    assert Party.ORIGINATOR not in parties(NOBODYS, nobody, STAFFED, TODAY)
