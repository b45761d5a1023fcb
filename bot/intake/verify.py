"""Who is speaking. Its one rule: only the From address counts, and only a stamp of our own
border proves it (DESIGN section 5, RFC 8601 section 5). What the speaker *may* do is the
workflow's question, not ours.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.mail.message import Flaw, Message
from bot.office.office import Office
from bot.office.people import Address, Company, Person

# With any of these two readers of the mail may see two senders, or two mails.
NEVER_TRUSTED = frozenset(
    {Flaw.FROM_MISSING, Flaw.FROM_AMBIGUOUS, Flaw.DUPLICATE_HEADER, Flaw.UNREADABLE, Flaw.MALFORMED}
)
# Results of DMARC that say nothing against the sender; an aligned DKIM signature may still speak for
# them. Everything else but `pass` is a refusal.
UNDECIDED = frozenset({"none", "bestguesspass", "temperror", "permerror"})
# What a stamp is made of outside and inside a comment, where a quotation mark means nothing
# (RFC 5322 section 3.2.2).
OUTSIDE = re.compile(r'"(?:[^"\\]|\\.)*"|[^\\();"]+|\\.|.', re.DOTALL)
INSIDE = re.compile(r"[^\\()]+|\\.|.", re.DOTALL)
ONE_WORD = re.compile(r'"([\w.@+-]*)"')
BODY_LENGTH = re.compile(r"(?:^|;)\s*l\s*=")
SIGNED_BY = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]+)")


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
        return Standing(sender, proof="the From address is missing or ambiguous, or the mail is damaged")
    verified, proof = _proven(message, sender, office.trust.authserv_ids)
    return Standing(
        sender,
        person=office.directory.person(sender.email),
        company=office.directory.company(sender),
        ours=office.owns(sender),
        verified=verified,
        proof=proof,
    )


def _proven(message: Message, sender: Address, trusted: frozenset[str]) -> tuple[bool, str]:
    """DMARC pass for the From domain, or DKIM of just that domain, in the topmost stamp.

    The border prepends its stamp to whatever a sender may have written, so only the topmost counts.
    """
    stamps = message.headers.get("authentication-results", ())
    if not stamps:
        return False, "the mail carries no Authentication-Results"
    segments = _segments(stamps[0])
    if not segments or (segments[0].split() or [""])[0].lower() not in {host.lower() for host in trusted}:
        return False, "the topmost Authentication-Results is not by a host that we trust"
    if _signs_only_a_beginning(message, sender.domain):
        return False, "its DKIM signature covers only the beginning of the mail"
    return _judged([_pairs(segment) for segment in segments[1:]], sender.domain)


def _judged(results: list[Mapping[str, str]], domain: str) -> tuple[bool, str]:
    """What the results of one stamp say about a From domain."""
    dmarc = [result for result in results if "dmarc" in result]
    said = {result["dmarc"] for result in dmarc}
    if against := said - UNDECIDED - {"pass"}:
        return False, f"DMARC says {min(against)[:40]}"
    if said == {"pass"} and all(result.get("header.from") == domain for result in dmarc):
        return True, f"DMARC pass for {domain}"
    for result in results:
        # header.i holds the signer's address where a border leaves header.d out
        signer = result.get("header.d") or result.get("header.i", "").rpartition("@")[2]
        if result.get("dkim") == "pass" and signer == domain:
            return True, f"DKIM pass for {domain}"
    return False, f"neither DMARC nor DKIM vouches for {domain}"


def _segments(stamp: str) -> list[str]:
    """Split a stamp at its semicolons, without its comments; these and what is quoted may hold words
    of the sender's, semicolons included. Empty when a quotation or a comment stays open."""
    segments = [""]
    depth = at = 0
    while piece := (INSIDE if depth else OUTSIDE).match(stamp, at):
        at, text = piece.end(), piece[0]
        if text in {"(", ")"}:
            depth += 1 if text == "(" else -1
        elif depth == 0 and text == ";":
            segments.append("")
        elif depth == 0:
            segments[-1] += _unquoted(text)
        if depth < 0 or (depth == 0 and text == '"'):
            return []
    return [] if depth else segments


def _unquoted(text: str) -> str:
    """A quoted string without its marks where it is one plain word, else a word that matches nothing."""
    if not text.startswith('"'):
        return text
    word = ONE_WORD.fullmatch(text)
    return word[1] if word else "?"


def _pairs(segment: str) -> dict[str, str]:
    """`dkim=pass header.d=x.example` as a mapping, in lower case; of two with one name the first."""
    pairs: dict[str, str] = {}
    for name, equals, value in (word.partition("=") for word in segment.lower().split()):
        if equals:
            pairs.setdefault(name, value)
    return pairs


def _signs_only_a_beginning(message: Message, domain: str) -> bool:
    """A signature with `l=` lets anybody add text below it (RFC 6376 section 8.2)."""
    signatures: Iterable[str] = message.headers.get("dkim-signature", ())
    return any(
        BODY_LENGTH.search(signature) and (signed := SIGNED_BY.search(signature)) and signed[1].lower() == domain
        for signature in signatures
    )
