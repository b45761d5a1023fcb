"""Codes that were used, and parked mails that were confirmed. Its one rule: whatever counts once is
looked at under a lock and noted in the transaction of its effect, so that of two at once one wins.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.edge.store.blobs import Gone
from bot.edge.store.ledger import Ledger
from bot.edge.store.mails import contents
from bot.edge.store.values import MailState
from bot.edge.tables import mail, used_code
from bot.intake.verify import Standing, Use
from bot.mail.letter import Letter
from bot.mail.message import Envelope
from bot.workflow.effect import Fate

USED = (
    select(used_code.c.of, used_code.c.cr, used_code.c.verb, used_code.c.at)
    .where(used_code.c.of.in_(bindparam("ofs", expanding=True)))
    .order_by(used_code.c.at.desc())
)
USE = insert(used_code)
OBEYED_BEFORE = (
    select(mail.c.decided_at)
    .where(
        mail.c.content_hash == bindparam("content_hash"),
        mail.c.id != bindparam("mail_id"),
        mail.c.fate == Fate.OBEYED.value,
    )
    .order_by(mail.c.decided_at)
    .limit(1)
)
PARKED = (
    select(mail.c.arrived, mail.c.raw, mail.c.fate, mail.c.decided_at)
    .where(mail.c.id == bindparam("mail_id"), mail.c.state == MailState.FATE.value)
    .with_for_update()
)
REFILE = update(mail).where(mail.c.id == bindparam("mail_id"), mail.c.fate == Fate.PARKED.value)


@dataclass(frozen=True, slots=True)
class Decided:
    """A mail that has its fate, with its raw bytes and when it got it."""

    envelope: Envelope
    raw: bytes
    fate: Fate
    at: datetime


@dataclass(slots=True)
class Codes(Ledger):
    """The part of a transaction that counts what counts once."""

    def weighed(self, standing: Standing) -> Standing:
        """A sender's standing with what the codes of their mail vouched for before; nobody else can use
        these codes until the end of the block."""
        of = sorted({code.of for code in standing.codes})
        if not of:
            return standing
        for each in of:
            self.wait_for_turn(each)
        used = tuple(Use(row.of, row.cr, row.verb, row.at) for row in self._run(USED, ofs=of))
        return replace(standing, used=used)

    def spend(self, standing: Standing, ordered: Iterable[tuple[str, str]], mail_id: str) -> None:
        """Note that the codes of a weighed standing vouched for verbs on change requests (key, verb)."""
        known = {(use.of, use.key, use.verb) for use in standing.used}
        fresh = {
            (code.of, key, verb)
            for key, verb in ordered
            for code in standing.codes
            if code.covers(key) and (code.of, key, verb) not in known
        }
        rows = [{"of": of, "cr": key, "verb": verb, "at": self.now, "mail": mail_id} for of, key, verb in sorted(fresh)]
        self._run_all(USE, rows)

    def obeyed_before(self, content_hash: str, mail_id: str) -> datetime | None:
        """When another mail that says the same, sent at the same moment, was obeyed: a mail that comes
        again under another Message-ID (reliability.md T19)."""
        at: datetime | None = self._run(OBEYED_BEFORE, content_hash=content_hash, mail_id=mail_id).scalar()
        return at

    def decided(self, mail_id: str) -> Decided | None:
        """A mail that has its fate, held until the end of the block; None where there is none, or its bytes
        were erased."""
        row = self._run(PARKED, mail_id=mail_id).one_or_none()
        if row is None:
            return None
        try:
            raw = contents(self.connection, [row.raw])[row.raw]
        except Gone:
            return None
        return Decided(Envelope(mail_id, row.arrived), raw, Fate(row.fate), row.decided_at)

    def refile(self, mail_id: str, fate: Fate, reason: str, number: str) -> None:
        """Give a parked mail the fate that its confirmation brought."""
        self._run(REFILE.values(fate=fate.value, reason=reason, number=number, decided_at=self.now), mail_id=mail_id)

    def affords(self, letter: Letter) -> bool:
        """True while the recipient's budget has room for a letter of this kind."""
        return self._affords(letter)
