"""Case: one line of a command mail that may be carried out, with all that carrying it out needs.

Its one rule: what the table says of the row (step, phase, milestone, deadlines) is applied here, the
same way for all verbs; a carry-out adds what is its own.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from bot.intake.arguments import Arguments
from bot.mail.letter import Enclosure, Kind, Letter, Thread
from bot.office.office import Office
from bot.office.people import Address, Person
from bot.workflow.change import PHASE_OF, ChangeRequest, Milestone, Phase, Reached
from bot.workflow.deadline import Deadline, DeadlineKind, due_on, runs
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Publish, Row, Send, Stop
from bot.workflow.event import Ordered
from bot.workflow.party import Party, parties, people_of, spokesman
from bot.workflow.transition import Transition

NOON = time(12, 0)
STATUS_CHANGED, UNDO = "Status Changed", "UNDO"


@dataclass(frozen=True, slots=True)
class Case:
    """`before` is the change request as it stands, `change` the same with the row's move made;
    `args` what stands behind the verb; `now` aware UTC. `instead` is empty, or says in whose place a
    manager acts."""

    before: ChangeRequest
    change: ChangeRequest
    order: Ordered
    args: Arguments
    row: Transition
    office: Office
    now: datetime
    instead: str = ""

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
    def manages(self) -> bool:
        """True where the CMP Manager, or who stands in, wrote the line."""
        return Party.CMP_MANAGER in parties(self.before, self.order.standing, self.office, self.today)

    @property
    def by(self) -> str:
        """Who did it, as the journal keeps it: a person's id or a company's name."""
        return self.order.standing.name

    def happened(self) -> datetime:
        """When it happened: now, or noon of the earlier day that the line names (aware, UTC)."""
        if self.args.on is None or self.args.on >= self.today:
            return self.now
        return datetime.combine(self.args.on, NOON, self.office.calendar.zone).astimezone(UTC)

    def says(self, description: str, action: str = "", *, public: bool = True) -> Row:
        """A history row by whoever wrote the line; its action is the row's own, if none is given."""
        words = (action or self.row.action).format(carrier=self.office.organisation.name)
        return Row(words, description, self.happened(), self.by, public)

    def refuse(self, reason: str) -> Decision:
        """It cannot be done, and why, in words for whoever wrote the line."""
        return Decision(Fate.REFUSED, reason, self.before)

    def done(
        self, rows: Sequence[Row], effects: Iterable[Effect] = (), change: ChangeRequest | None = None
    ) -> Decision:
        """It is done: the change request as it now is (without one: as the table moved it), its rows,
        and the effects: those of the table first. Of two letters of a kind to one address, who may hold
        two roles, the first goes out."""
        after = change or self.change
        said = _with_phase(rows, self.before.phase, after.phase, again=self.row.verb == UNDO)
        all_rows = said if not self.instead else (*said, self._instead())
        clocks = self._clocks(after.agenda)
        return Decision(
            Fate.OBEYED, f"{self.row.verb}: {after.number}", after, all_rows, (*clocks, *_each_once(effects), Publish())
        )

    def due(self, kind: DeadlineKind, meeting: date | None = None) -> Deadline:
        """A deadline that starts on the day of this line; `meeting` is the Monthly Meeting it is for."""
        return Deadline(kind, due_on(kind, self.office, self.on, meeting))

    def due_by(self, *kinds: DeadlineKind) -> date | None:
        """By when something that runs already is due, as agreed: the first of these kinds; None where none runs."""
        return next((one.by for one in self.order.running if one.kind in kinds), None)

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

    @property
    def actor(self) -> str:
        """Who did it, in words for a letter."""
        standing = self.order.standing
        if standing.person is not None:
            return standing.person.name
        return str(standing.company.name if standing.company else standing.sender or "somebody")

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
        held: bool = False,
    ) -> list[Effect]:
        """One letter to everybody concerned: originator, CRPM, Director, SMEs, their deputies and the
        followers; not to who wrote the line, nor to whom a letter goes `besides` this one."""
        after = change or self.change
        told = {effect.letter.to.email for effect in besides if isinstance(effect, Send)}
        staff = (
            person.address
            for party in (Party.CRPM, Party.DIRECTOR, Party.SME)
            for person in self.office.reached(people_of(after, party, self.office))
        )
        return [
            self.letter(kind, to, context, held=held, change=after)
            for to in self._but_me((spokesman(after, self.office), *staff, *after.followers))
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

    def _but_me(self, addresses: Iterable[Address]) -> list[Address]:
        me = self.order.standing.sender
        found = {each.email: each for each in addresses if each.email and not (me and me.email == each.email)}
        return list(found.values())

    def _clocks(self, meeting: date | None) -> list[Effect]:
        running = {due.kind: due for due in self.order.running}
        met: list[Effect] = [Meet(kind, self.happened()) for kind in self.row.meets if kind in running]
        ended = running.keys() - {*self.row.meets}
        stopped: list[Effect] = [Stop(kind) for kind in self.row.stops if kind in ended]
        opens = (kind for kind in self.row.opens if runs(kind, self.office))
        fresh = (self.due(kind, meeting) for kind in opens)
        return [*met, *stopped, *(Open(_same_promise(running, each, ended)) for each in fresh)]

    def _instead(self) -> Row:
        words = f"Administrative: {self.row.verb} by {self.actor}, in place of {self.instead}"
        return Row("Additional Information", words, self.now, self.by, public=False)


def _with_phase(rows: Sequence[Row], before: Phase, now: Phase, *, again: bool) -> tuple[Row, ...]:
    """The rows of a move; where it leads into another phase, the public one that says so also names it:
    that of the change of status, or the first. It stands behind what somebody wrote, as a sentence of its
    own where theirs is at its end."""
    open_to_all = [row for row in rows if row.public] if now is not before else []
    telling = next((row for row in open_to_all if row.action == STATUS_CHANGED), next(iter(open_to_all), None))
    if telling is None:
        return tuple(rows)
    text, status = telling.description, f"{now} again" if again else now
    named = f"{text} Status is {status}." if text.endswith((".", "!", "?")) else f"{text}; status is {status}"
    return tuple(replace(row, description=named) if row is telling else row for row in rows)


def _same_promise(
    running: Mapping[DeadlineKind, Deadline], fresh: Deadline, ended: Collection[DeadlineKind]
) -> Deadline:
    """A deadline that starts; where one of its kind runs on that missed its date, it is that one, for a later date."""
    before = running.get(fresh.kind)
    return before.carried_on(fresh.due) if before and before.missed and fresh.kind in ended else fresh


def _each_once(effects: Iterable[Effect]) -> list[Effect]:
    seen: set[str] = set()
    kept: list[Effect] = []
    for effect in effects:
        if not isinstance(effect, Send) or effect.letter.id not in seen:
            kept.append(effect)
        if isinstance(effect, Send):
            seen.add(effect.letter.id)
    return kept


def moved(change: ChangeRequest, row: Transition, on: date, today: date) -> ChangeRequest:
    """The change request after the row's move: step, phase, status date, and its milestone on a local
    date. The status date is the day on which it came into its phase, which may have several steps. A
    milestone reached again stands with its latest date, after those before it."""
    step, phase = row.to or change.step, row.phase or (PHASE_OF[row.to] if row.to else change.phase)
    milestones = change.milestones
    if row.milestone is not None:
        milestones = reached(milestones, row.milestone, on)
    status = today if phase is not change.phase else change.status_date
    return replace(change, step=step, phase=phase, status_date=status, milestones=milestones)


def reached(milestones: tuple[Reached, ...], milestone: Milestone, on: date) -> tuple[Reached, ...]:
    """The milestones with one more; of one reached twice the later date counts."""
    return (*(one for one in milestones if one.milestone is not milestone), Reached(milestone, on))
