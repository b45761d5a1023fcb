"""Who is speaking. Its one rule: only the From address counts, and only a stamp of our own
border proves it (DESIGN section 5, RFC 8601 section 5). What the speaker *may* do is the
workflow's question, not ours.
"""

import re
from dataclasses import dataclass

from bot.mail.message import Flaw, Message
from bot.office.office import Office
from bot.office.people import Address, Company, Person

NEVER_TRUSTED = frozenset({Flaw.FROM_MISSING, Flaw.FROM_AMBIGUOUS, Flaw.DUPLICATE_HEADER, Flaw.UNREADABLE})
COMMENT = re.compile(r"\([^()]{0,500}\)")


@dataclass(frozen=True, slots=True)
class Standing:
    """Who wrote a mail as far as we can tell, and how sure we are."""

    sender: Address | None
    person: Person | None = None
    company: Company | None = None
    ours: bool = False
    verified: bool = False
    proof: str = ""

    @property
    def answer_to(self) -> Address | None:
        """Where an answer may go: the proven sender; for an unproven one only an address that
        the directory holds; None where an answer could hit a bystander."""
        if self.sender is None:
            return None
        if self.verified or self.person:
            return self.sender
        if self.company is None:
            return None
        registered = {contact.email: contact for contact in self.company.contacts}
        return registered.get(self.sender.email) or next(iter(self.company.contacts), None)

    @property
    def name(self) -> str:
        """How history names the speaker: a person's id, a company, or plainly nobody we know."""
        if self.person:
            return self.person.id
        return self.company.name if self.company else "unknown sender"


def verify(message: Message, office: Office) -> Standing:
    """Say who wrote a message; `proof` says in words why they are believed or not."""
    sender = message.sender
    if sender is None or NEVER_TRUSTED & set(message.flaws):
        return Standing(sender, proof="the From address is missing or ambiguous")
    verified, proof = _proven(message, sender, office)
    return Standing(
        sender,
        person=office.directory.person(sender.email),
        company=office.directory.company(sender),
        ours=office.owns(sender),
        verified=verified,
        proof=proof,
    )


def _proven(message: Message, sender: Address, office: Office) -> tuple[bool, str]:
    """DMARC pass for the From domain, or DKIM of just that domain, in the topmost stamp."""
    stamps = message.headers.get("authentication-results", ())
    if not stamps:
        return False, "the mail carries no Authentication-Results"
    host, *results = (part.strip().lower() for part in COMMENT.sub(" ", stamps[0]).split(";"))
    if (host.split() or [""])[0] not in office.trust.authserv_ids:
        return False, "the topmost Authentication-Results is not by a host that we trust"
    told = [dict(_pairs(result)) for result in results]
    dmarc = next((result for result in told if "dmarc" in result), {})
    if dmarc and dmarc["dmarc"] != "pass":
        return False, f"DMARC says {dmarc['dmarc']}"
    if dmarc.get("header.from") == sender.domain:
        return True, f"DMARC pass for {sender.domain}"
    for result in told:
        if result.get("dkim") == "pass" and result.get("header.d") == sender.domain:
            return True, f"DKIM pass for {sender.domain}"
    return False, f"neither DMARC nor DKIM vouches for {sender.domain}"


def _pairs(result: str) -> list[tuple[str, str]]:
    words = (word.partition("=") for word in result.split())
    return [(name, value.strip('"')) for name, equals, value in words if equals]
