"""Who is speaking. Its one rule: only the From address counts, and only a stamp of our own border
(RFC 8601 section 5) or the code of a letter that we sent to just that address proves it (DESIGN
section 5). What the speaker *may* do is the workflow's question, not ours.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import assert_never

from bot.mail.message import Flaw, Message
from bot.mail.token import Code, Expired, Key, Purpose, read, written_in
from bot.office.office import Office, Require
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
TAG = re.compile(r"(?:^|;)\s*([a-z]+)\s*=\s*([^;]*)")
TELLING = frozenset({"dmarc", "dkim"})
"""The methods of a stamp that can vouch for a sender."""


@dataclass(frozen=True, slots=True)
class Use:
    """A code vouched for a verb on a change request (its key; empty: none) at an instant."""

    of: str
    key: str
    verb: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Who wrote a mail as far as we can tell, and how sure we are.

    `verified` is the border's word; `codes` are those of our letters to the sender that the mail
    carries, `used` what the store knows of them. `confirmed`: whom it names vouched for the mail
    afterwards, by a code that we sent to their address.
    """

    sender: Address | None
    person: Person | None = None
    company: Company | None = None
    ours: bool = False
    verified: bool = False
    proof: str = ""
    codes: tuple[Code, ...] = ()
    used: tuple[Use, ...] = ()
    require: Require = Require.EITHER
    confirmed: bool = False

    def proves(self, key: str, verb: str) -> bool:
        """True where it is proven that the sender ordered a verb for the change request of a key (empty:
        for none): by the border, or by a code that has not vouched for that verb yet, as configured."""
        coded = any(code.covers(key) and (code.of, key, verb) not in self._spent for code in self.codes)
        match self.require:
            case _ if self.confirmed:
                return True
            case Require.EITHER:
                return self.verified or coded
            case Require.BOTH:
                return self.verified and coded
            case Require.RESULTS:
                return self.verified
            case Require.CODE:
                return coded
        assert_never(self.require)

    def used_on(self, key: str, verb: str) -> datetime | None:
        """When a code that the mail carries vouched for a verb on a change request before; None where it
        did not, and where the verb is proven all the same."""
        if self.proves(key, verb):
            return None
        return next((use.at for use in self.used if (use.key, use.verb) == (key, verb)), None)

    @property
    def _spent(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((use.of, use.key, use.verb) for use in self.used)

    @property
    def confirmed_by(self) -> Address | None:
        """Where somebody can be asked whether a mail is theirs: the sender's address where the directory
        holds just that one; None for everybody else, for a stranger might be a bystander."""
        if self.sender is None:
            return None
        if self.person is not None:
            return self.person.address
        contacts = self.company.contacts if self.company else ()
        return next((contact for contact in contacts if contact.email == self.sender.email), None)

    @property
    def vouched(self) -> bool:
        """True where anything proves that the sender has the address."""
        return self.verified or self.confirmed or bool(self.codes)

    @property
    def answer_to(self) -> Address | None:
        """Where an answer may go: the proven sender; for an unproven one only an address that
        the directory holds; None where an answer could hit a bystander."""
        if self.sender is None:
            return None
        if self.vouched or self.person:
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


def verify(message: Message, office: Office, keys: Sequence[Key] = (), now: datetime | None = None) -> Standing:
    """Say who wrote a message; `proof` says in words why they are believed or not.

    With our keys and the time (aware), the codes that it carries count too.
    """
    sender = message.sender
    if sender is None or NEVER_TRUSTED & set(message.flaws):
        return Standing(sender, proof="the From address is missing or ambiguous, or the mail is damaged")
    verdict, proof = _proven(message, sender, office.trust.authserv_ids, now)
    codes, words = ((), "") if now is None else _codes(message, sender, keys, now)
    if verdict is Verdict.DENIED:
        codes, words = (), ""
    return Standing(
        sender,
        person=office.directory.person(sender.email),
        company=office.directory.company(sender),
        ours=office.owns(sender),
        verified=verdict is Verdict.PROVEN,
        proof=proof + words,
        codes=codes,
        require=office.trust.require,
    )


def _codes(message: Message, sender: Address, keys: Sequence[Key], now: datetime) -> tuple[tuple[Code, ...], str]:
    """The codes of letters to just this sender that a mail carries, in its own text, a quotation or the
    subject; with words about them."""
    found = [read(written, keys, sender.email, now) for written in written_in(f"{message.subject}\n{message.text}")]
    codes = [code for code in found if isinstance(code, Code) and code.purpose is Purpose.LETTER]
    if codes:
        return tuple(codes), "; it carries the code of our letter"
    expired = any(isinstance(code, Expired) for code in found)
    return (), "; the code of our letter in it has expired" if expired else ""


class Verdict(Enum):
    """What the border says of a sender."""

    PROVEN = auto()
    SILENT = auto()
    DENIED = auto()


def _proven(message: Message, sender: Address, trusted: frozenset[str], now: datetime | None) -> tuple[Verdict, str]:
    """DMARC pass for the From domain, or DKIM of just that domain, in the topmost stamp.

    The border prepends its stamp to whatever a sender may have written, so only the topmost counts; and
    it removes what pretends to be its own (RFC 8601 section 5), so two of them undo each other.
    """
    stamps = message.headers.get("authentication-results", ())
    if not stamps:
        return Verdict.SILENT, "the mail carries no Authentication-Results"
    segments = _segments(stamps[0])
    if not _by_one_of(trusted, segments):
        return Verdict.SILENT, "the topmost Authentication-Results is not by a host that we trust"
    results = [_pairs(segment) for segment in segments[1:]]
    verdict, proof = _judged(results, sender.domain)
    if verdict is Verdict.PROVEN and _stamped_twice(stamps[1:], trusted, results):
        return Verdict.SILENT, "two stamps claim to be by our own border"
    weakness = _weakness(message, sender.domain, now) if verdict is Verdict.PROVEN else ""
    return (Verdict.SILENT, weakness) if weakness else (verdict, proof)


def _by_one_of(trusted: frozenset[str], segments: Sequence[str]) -> bool:
    """True for a stamp whose first word is a host that we trust."""
    return bool(segments) and (segments[0].split() or [""])[0].lower() in {host.lower() for host in trusted}


def _stamped_twice(below: Sequence[str], trusted: frozenset[str], results: Sequence[Mapping[str, str]]) -> bool:
    """True where a further stamp of our border speaks of the same; one that adds another method is of a
    border that writes a stamp for each."""
    said = {method for result in results for method in TELLING & result.keys()}
    for stamp in below:
        segments = _segments(stamp)
        if _by_one_of(trusted, segments) and any(said & _pairs(segment).keys() for segment in segments[1:]):
            return True
    return False


def _judged(results: Sequence[Mapping[str, str]], domain: str) -> tuple[Verdict, str]:
    """What the results of one stamp say about a From domain."""
    dmarc = [result for result in results if "dmarc" in result]
    said = {result["dmarc"] for result in dmarc}
    if against := said - UNDECIDED - {"pass"}:
        return Verdict.DENIED, f"DMARC says {min(against)[:40]}"
    if said == {"pass"} and all(result.get("header.from") == domain for result in dmarc):
        return Verdict.PROVEN, f"DMARC pass for {domain}"
    for result in results:
        # header.i holds the signer's address where a border leaves header.d out
        signer = result.get("header.d") or result.get("header.i", "").rpartition("@")[2]
        if result.get("dkim") == "pass" and signer == domain:
            return Verdict.PROVEN, f"DKIM pass for {domain}"
    return Verdict.SILENT, f"neither DMARC nor DKIM vouches for {domain}"


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


def _weakness(message: Message, domain: str, now: datetime | None) -> str:
    """Why a signature of the From domain lets a mail be changed or sent again: `l=` lets anybody add text
    below it, and what `h=` leaves out can be another one (RFC 6376 sections 8.2 and 5.4); empty where
    there is no such signature."""
    for signature in message.headers.get("dkim-signature", ()):
        tags = dict(TAG.findall(signature))
        if tags.get("d", "").strip().lower() != domain:
            continue
        if "l" in tags:
            return "its DKIM signature covers only the beginning of the mail"
        if not {"from", "subject"} <= {name.strip().lower() for name in tags.get("h", "").split(":")}:
            return "its DKIM signature leaves out the sender or the subject"
        if now is not None and (ends := tags.get("x", "").strip()).isdecimal() and int(ends[:20]) < now.timestamp():
            return "its DKIM signature has expired"
    return ""
