"""Mailing: the letters that carrying out a line owes, and to whom.

Its one rule: whoever wrote the line is not written to about it; only a notice to all goes to all.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.intake.arguments import Arguments
from bot.mail.letter import Enclosure, Kind, Letter, Thread
from bot.office.office import Office
from bot.office.people import Address, Person
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Effect, Send
from bot.workflow.event import Ordered
from bot.workflow.letters import enclosed
from bot.workflow.party import Party, in_charge, people_of, spokesman

NO_FILES: dict[str, object] = {"files": (), "enclosed": ()}
"""What a letter says of the files of a line whose reader does not get them."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """The part of a case that writes letters: about `change`, on behalf of who wrote the `order`; `args` is
    what stands behind its verb, `now` aware UTC."""

    change: ChangeRequest
    order: Ordered
    args: Arguments
    office: Office
    now: datetime

    @property
    def today(self) -> date:
        """The office's date."""
        return self.office.calendar.local_date(self.now)

    @property
    def on(self) -> date:
        """The local date on which it happened: the earlier one that the line names, else today. A date
        ahead, such as that of a meeting, is not when the line's own thing happened."""
        return min(self.args.on or self.today, self.today)

    @property
    def person(self) -> Person | None:
        """The member of staff who wrote the line, if it is one."""
        return self.order.standing.person

    @property
    def actor(self) -> str:
        """Who did it, in words for a letter."""
        standing = self.order.standing
        if standing.person is not None:
            return standing.person.name
        return str(standing.company.name if standing.company else standing.sender or "somebody")

    def letter(
        self,
        kind: Kind,
        to: Address,
        context: dict[str, object] | None = None,
        enclosures: tuple[Enclosure, ...] = (),
        *,
        held: bool = False,
        change: ChangeRequest | None = None,
    ) -> Send:
        """One letter about the change request. Its context always has `change`, `args`, `by` (the
        person or company who acted, in words) and `on`; a `held` one waits so long that UNDO is free."""
        after = change or self.change
        told = {"change": after, "args": self.args, "by": self.actor, "on": self.on, **(context or {})}
        after_hold = self.now + self.office.notice_hold if held else None
        return Send(Letter(self.order.cause, kind, to, after.number, told, Thread(), enclosures, not_before=after_hold))

    def to_party(
        self,
        party: Party,
        kind: Kind,
        context: dict[str, object] | None = None,
        enclosures: tuple[Enclosure, ...] = (),
        *,
        change: ChangeRequest | None = None,
    ) -> list[Effect]:
        """One letter to each who is this party to the change request, and to their deputies, but not to
        who wrote the line."""
        after = change or self.change
        return [
            self.letter(kind, person.address, context, enclosures, change=after)
            for person in self.office.reached(people_of(after, party, self.office))
            if person is not self.person
        ]

    def to_originator(
        self,
        kind: Kind,
        context: dict[str, object] | None = None,
        enclosures: tuple[Enclosure, ...] = (),
        *,
        change: ChangeRequest | None = None,
    ) -> list[Effect]:
        """One letter to the originator, or whoever speaks for them, unless they wrote the line. Where nobody does,
        the CMP Manager gets it, who can ask the company."""
        to, sender = spokesman(change or self.change, self.office), self.order.standing.sender
        if not to.email:
            return self.to_party(Party.CMP_MANAGER, kind, context, enclosures, change=change)
        if sender and sender.email == to.email:
            return []
        return [self.letter(kind, to, context, enclosures, change=change)]

    def to_each(
        self,
        addresses: Iterable[Address],
        kind: Kind,
        context: dict[str, object] | None = None,
        enclosures: tuple[Enclosure, ...] = (),
        *,
        change: ChangeRequest | None = None,
    ) -> list[Effect]:
        """One letter to each of these addresses, but not to who wrote the line."""
        return [self.letter(kind, to, context, enclosures, change=change) for to in self._but_me(addresses)]

    def to_concerned(
        self,
        kind: Kind,
        context: dict[str, object] | None = None,
        *,
        change: ChangeRequest | None = None,
        besides: Iterable[Effect] = (),
        also: Iterable[Address] = (),
        held: bool = False,
    ) -> list[Effect]:
        """One letter to everybody concerned: originator, CRPM, Director, SMEs, their deputies, the followers
        and whom it concerns `also`; not to who wrote the line, nor to whom a letter goes `besides` this one."""
        after = change or self.change
        told = {effect.letter.to.email for effect in besides if isinstance(effect, Send)}
        staff = (
            person.address
            for party in (Party.CRPM, Party.DIRECTOR, Party.SME)
            for person in self.office.reached(people_of(after, party, self.office))
        )
        return [
            self.letter(kind, to, context, held=held, change=after)
            for to in self._but_me((spokesman(after, self.office), *staff, *after.followers, *also))
            if to.email not in told
        ]

    def to_assigned(
        self,
        kind: Kind,
        context: dict[str, object],
        enclosures: tuple[Enclosure, ...] = (),
        *,
        change: ChangeRequest,
    ) -> list[Effect]:
        """One letter to the originator, and to each who is assigned: CRPM, SMEs and Director, with their
        deputies; not to who wrote the line."""
        letters = self.to_originator(kind, context, enclosures, change=change)
        return letters + self.to_staff(kind, context, enclosures, change=change)

    def to_staff(
        self,
        kind: Kind,
        context: dict[str, object],
        enclosures: tuple[Enclosure, ...] = (),
        *,
        change: ChangeRequest,
    ) -> list[Effect]:
        """One letter to each of the staff who is assigned: CRPM, SMEs and Director, with their deputies; not to
        who wrote the line."""
        return [
            letter
            for party in (Party.CRPM, Party.SME, Party.DIRECTOR)
            for letter in self.to_party(party, kind, context, enclosures, change=change)
        ]

    def to_all_clecs(
        self,
        kind: Kind,
        context: dict[str, object] | None = None,
        enclosures: tuple[Enclosure, ...] = (),
        *,
        change: ChangeRequest | None = None,
    ) -> list[Effect]:
        """The notice to all CLECs: the distribution list, the originator and the followers, one
        letter each, after the short hold that makes UNDO free (DESIGN section 6)."""
        after = change or self.change
        to = {each.email: each for each in (after.originator, *after.followers, *self.office.distribution())}
        return [
            self.letter(kind, each, context, enclosures, held=True, change=after) for each in to.values() if each.email
        ]

    def with_files(self, effects: Iterable[Effect], *, change: ChangeRequest | None = None) -> list[Effect]:
        """The same letters, of which those to who is in charge enclose the files of the line, as far as its sender
        is vouched for; all of them are told of theirs."""
        after = change or self.change
        in_charge_of_it = people_of(after, in_charge(after, self.office), self.office)
        readers = {person.address.email for person in self.office.reached(in_charge_of_it)}
        files = enclosed(*self.order.files) if self.order.standing.vouched else ()
        said = {"files": tuple(file.name for file in self.order.files), "enclosed": tuple(file.name for file in files)}
        return [
            Send(replace(each.letter, context={**each.letter.context, **said}, enclosures=files))
            if isinstance(each, Send) and each.letter.to.email in readers
            else each
            for each in effects
        ]

    def _but_me(self, addresses: Iterable[Address]) -> list[Address]:
        me = self.order.standing.sender
        found = {each.email: each for each in addresses if each.email and not (me and me.email == each.email)}
        return list(found.values())
