"""Unit: one writing transaction, in which one mail is decided and everything that follows from it
is recorded. Its one rule: all of it or nothing; leaving the block with an exception undoes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.edge.store.gatherings import gathered
from bot.edge.store.queries.changes import ALIKE, CAUSED, CHANGE, CHANGE_NUMBERED
from bot.edge.store.queries.deadlines import RUNNING
from bot.edge.store.queries.letters import ANSWERED, CAUSE_ANSWERED
from bot.edge.store.queries.mails import ADD_COPY, FACTS, FILE, RELATIVES, RELATIVES_OF_NAMELESS
from bot.edge.store.returns import Returns
from bot.edge.store.values import MailState
from bot.errors import Superseded
from bot.mail.message import Message
from bot.workflow.agenda import Candidate
from bot.workflow.change import ChangeRequest, number_for
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.duplicate import Lookalike, Marks
from bot.workflow.effect import Fate

MOST_IDS = 100  # a References header may hold thousands; the nearest ones come first
MOST_ALIKE = 20  # the same form sent again and again


@dataclass(slots=True)
class Unit(Returns):
    """The open transaction; made by `Store.begin` only."""

    relatives: tuple[tuple[str, str, str], tuple[Any, Any]] | None = None

    def twin(self, message_id: str, content_hash: str, mail_id: str) -> str | None:
        """The id of a mail that has its fate and says the same: same content, and the same
        Message-ID where this one has any (reliability.md section 2)."""
        found = self._relatives(message_id, content_hash, mail_id)[0] if content_hash else None
        return found if found is None else str(found)

    def id_reused(self, message_id: str, content_hash: str, mail_id: str) -> bool:
        """True when another mail with other content carries the same Message-ID."""
        return bool(message_id) and self._relatives(message_id, content_hash, mail_id)[1] is not None

    def take(self, series: str, day: date) -> str:
        """The next number of a series on a local date; it is given back if this block fails."""
        name = number_for(series, day, 0).removesuffix("-0")
        number = ""
        while not number or number in self.terms.reserved:
            number = number_for(series, day, self._run(self._upserts.take, name=name).scalar_one())
        return number

    def next_of(self, series: str) -> int:
        """The next number of a series that runs on for ever; it is given back if this block fails."""
        return int(self._run(self._upserts.take, name=series).scalar_one())

    def running(self, key: str) -> tuple[Deadline, ...]:
        """The open deadlines of a change request, the nearest first."""
        rows = self._run(RUNNING, of=key)
        return tuple(Deadline(DeadlineKind(row.kind), row.due, None, row.extended_to, row.missed) for row in rows)

    def change(self, key: str) -> ChangeRequest | None:
        """The change request of a key, held until the end of the block."""
        return self._load(CHANGE, key=key)

    def change_numbered(self, number: str) -> ChangeRequest | None:
        """The change request that has, or as an intake had, this number."""
        return self._load(CHANGE_NUMBERED, number=number)

    def gathered(self, meetings: Sequence[date]) -> tuple[Candidate, ...]:
        """What may stand on the agendas of Monthly Meetings."""
        return gathered(self.connection, meetings)

    def change_answered(self, message_ids: Sequence[str]) -> ChangeRequest | None:
        """The change request of the first of these Message-IDs that is a letter of ours."""
        wanted = list(dict.fromkeys(filter(None, message_ids)))[:MOST_IDS]
        if not wanted:
            return None
        found = {row.message_id: row.cr for row in self._run(ANSWERED, ids=wanted)}
        return next((self.change(found[each]) for each in wanted if each in found), None)

    def cause_answered(self, message_id: str) -> str:
        """The cause of the letter of ours with this Message-ID; empty where it is none of ours."""
        return str(self._run(CAUSE_ANSWERED, message_id=message_id).scalar() or "") if message_id else ""

    def change_caused_by(self, cause: str) -> ChangeRequest | None:
        """The change request that an event touched before: for a mail's id, that of any of its
        forms (`MAIL/0`, `MAIL/1`, ...); this is how a replayed mail finds its own again."""
        key = self._run(CAUSED, cause=cause, first=f"{cause}/", last=f"{cause}0").scalar()
        return None if key is None else self.change(key)

    def lookalikes(self, marks: Marks) -> tuple[Lookalike, ...]:
        """The stored change requests and intakes that share a mark, open or closed, oldest first."""
        if not (marks.title or marks.internal_ref):
            return ()
        for mark in sorted(filter(None, (marks.title, marks.internal_ref))):
            self.wait_for_turn(f"alike/{mark}")  # of two that look alike the second one sees the first
        asked = {"title_mark": marks.title or None, "ref_mark": marks.internal_ref or None, "most": MOST_ALIKE}
        return tuple(
            Lookalike(row.key, row.number, row.title, row.logged, Marks(row.title_mark or "", row.ref_mark or ""))
            for row in self._run(ALIKE, **asked)
        )

    def file(
        self, mail_id: str, fate: Fate, reason: str = "", number: str = "", message: Message | None = None
    ) -> None:
        """Give a claimed mail its one fate, with what it says of itself.

        Raises Superseded when the claim has passed to another worker meanwhile.
        """
        facts: dict[str, Any] = {}
        if message is not None:
            sender = message.sender.email if message.sender else ""
            facts = {
                "message_id": message.message_id or None,
                "content_hash": message.content_hash or None,
                "subject": message.subject,
                "sender": sender,
            }
        self._settle(mail_id, MailState.FATE, fate=fate.value, reason=reason, number=number, **facts)

    def copy(self, mail_id: str, of: str) -> Fate:
        """File a claimed mail as the same as an earlier one, whose fate is given back."""
        facts = self._run(FACTS, mail_id=of).one()._asdict()
        self._settle(mail_id, MailState.COPY, **facts, copy_of=of, reason=f"the same mail as {of}")
        self._run(ADD_COPY, mail_id=of)
        return Fate(facts["fate"])

    def _relatives(self, message_id: str, content_hash: str, mail_id: str) -> tuple[Any, Any]:
        asked = (message_id, content_hash, mail_id)
        if self.relatives is None or self.relatives[0] != asked:
            self.wait_for_turn(content_hash)  # two workers may hold the two copies at once
            values = {"content_hash": content_hash, "mail_id": mail_id}
            if message_id:
                row = self._run(RELATIVES, message_id=message_id, **values).one()
            else:
                row = self._run(RELATIVES_OF_NAMELESS, **values).one()
            self.relatives = asked, (row.twin, row.namesake)
        return self.relatives[1]

    def _settle(self, mail_id: str, state: MailState, **values: Any) -> None:
        settled = {"state": state.value, "decided_at": self.now, "claimed_by": None, "claimed_until": None}
        found = self._run(FILE, mail_id=mail_id, worker=self.terms.worker, **settled, **values)
        if found.rowcount != 1:
            raise Superseded(f"mail {mail_id} is no longer ours to file: its claim ran out")
