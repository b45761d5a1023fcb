"""Case: one line of a command mail that may be carried out, with all that carrying it out needs.

Its one rule: what the table says of the row (step, phase, milestone, deadlines) is applied here, the
same way for all verbs; a carry-out adds what is its own.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from bot.workflow.change import PHASE_OF, ChangeRequest, Milestone, Phase, Reached
from bot.workflow.deadline import PREPARED, Deadline, DeadlineKind, due_ahead, due_on, runs
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Publish, Row, Send, Stop
from bot.workflow.mailing import Mailing
from bot.workflow.party import Party, parties
from bot.workflow.transition import Transition

NOON = time(12, 0)
STATUS_CHANGED, UNDO = "Status Changed", "UNDO"


@dataclass(frozen=True, slots=True)
class Case(Mailing):
    """`before` is the change request as it stands, `change` the same with the row's move made. `instead`
    is empty, or says in whose place a manager acts."""

    before: ChangeRequest
    row: Transition
    instead: str = ""

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
        return self.noon_of(self.args.on)

    def noon_of(self, day: date) -> datetime:
        """Noon of a local date (aware, UTC)."""
        return datetime.combine(day, NOON, self.office.calendar.zone).astimezone(UTC)

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
        said = rows if after.phase is self.before.phase else _with_status(rows, self._status(after.phase))
        all_rows = (*said, self._instead()) if self.instead else tuple(said)
        clocks = self._clocks(after.agenda)
        return Decision(
            Fate.OBEYED, f"{self.row.verb}: {after.number}", after, all_rows, (*clocks, *_each_once(effects), Publish())
        )

    def due(self, kind: DeadlineKind, meeting: date | None = None) -> Deadline:
        """A deadline that starts on the day of this line; `meeting` is the Monthly Meeting it is for, without one
        the first after that day. What prepares a meeting is never due before anybody hears of it."""
        if kind in PREPARED:
            meeting = meeting or self.office.calendar.meeting_after(self.on)
            return Deadline(kind, due_ahead(kind, self.office, self.today, meeting))
        return Deadline(kind, due_on(kind, self.office, self.on, meeting))

    def due_by(self, *kinds: DeadlineKind) -> date | None:
        """By when something that runs already is due, as agreed: the first of these kinds; None where none runs."""
        return next((one.by for one in self.order.running if one.kind in kinds), None)

    def _clocks(self, meeting: date | None) -> list[Effect]:
        running = {due.kind: due for due in self.order.running}
        met: list[Effect] = [Meet(kind, self.happened()) for kind in self.row.meets if kind in running]
        ended = running.keys() - {*self.row.meets}
        stopped: list[Effect] = [Stop(kind) for kind in self.row.stops if kind in ended]
        opens = (kind for kind in self.row.opens if runs(kind, self.office))
        fresh = (self.due(kind, meeting) for kind in opens)
        return [*met, *stopped, *(Open(_same_promise(running, each, ended)) for each in fresh)]

    def _status(self, phase: Phase) -> str:
        return f"{phase} again" if self.row.verb == UNDO else phase

    def _instead(self) -> Row:
        words = f"Administrative: {self.row.verb} by {self.actor}, in place of {self.instead}"
        return Row("Additional Information", words, self.now, self.by, public=False)


def _with_status(rows: Sequence[Row], status: str) -> Sequence[Row]:
    """The rows of a move into another phase, of which the public one that says so also names it: that of
    the change of status, or the first. It stands behind what somebody wrote, as a sentence of its own
    where theirs is at its end."""
    open_to_all = [row for row in rows if row.public]
    telling = next((row for row in open_to_all if row.action == STATUS_CHANGED), next(iter(open_to_all), None))
    if telling is None:
        return rows
    text = telling.description
    named = f"{text} Status is {status}." if text.endswith((".", "!", "?")) else f"{text}; status is {status}"
    return [replace(row, description=named) if row is telling else row for row in rows]


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
