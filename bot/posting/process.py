"""Process: the workflow in tables, for people who read it: the steps and what leads on, the outcomes
outside the steps, and every verb.

Its one rule: nothing is told here that the tables of the program do not say (DESIGN section 4: the
table in code is the truth).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.intake.verbs import VERBS, Verb
from bot.posting.pages import WORKFLOW, Page
from bot.posting.picture import STEP_NAMES, milestones, number_of, phase_at, picture
from bot.posting.strip import SIDE_STEPS
from bot.workflow.answers.guidance import places
from bot.workflow.change import PHASE_OF, Milestone, Phase, Step
from bot.workflow.enquiry import ENQUIRIES
from bot.workflow.party import Party
from bot.workflow.step import TABLE, rows_at, rows_of
from bot.workflow.transition import Place, Transition

OUTCOMES = {
    "WITHDRAW": Phase.WITHDRAWN.value,
    "CROSSOVER": Phase.CROSSOVER.value,
    "REOPEN": "Reopened",
    "REWORK": "Rework",
    "WALKON": "Walk-on",
}
"""What is administrative, outside the steps of the process, by the verb that does it (domain.md
section 8, 34)."""

PASSES = {
    Milestone.RESPONSE_ACCEPTED: Place.ACCEPTED,
    Milestone.RESOLVED: Place.RESOLVED,
    Milestone.TEST_READY: Place.PRODUCTION,
}
"""The places that a move goes through in one go, by the milestone that it reaches."""
THROUGH = frozenset({Place.RESOLVED, Place.PRODUCTION})
"""Those of them where nothing stays."""

LOGGED = "a complete form"
OWN = "to be determined"
AT_ONCE = "at once"


@dataclass(frozen=True, slots=True)
class Move:
    """What leads on from a step: the words to write (or what happens), who may, and the step that it
    leads to, behind the one that is passed in one go."""

    words: str
    who: str
    to: tuple[str, ...]
    verb: bool = True


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step: its number and name, the phase a change request is in meanwhile, the milestone that
    completes it, and what leads on."""

    number: str
    name: str
    phase: str
    milestone: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something administrative: its name, the verb, who may, from where, and the steps it leads to."""

    name: str
    verb: str
    who: str
    at: str
    to: str


@dataclass(frozen=True, slots=True)
class VerbRow:
    """A verb: how it is written, what it does, who may use it in their own right, and at which steps."""

    name: str
    usage: str
    meaning: str
    parties: frozenset[Party]
    at: str

    @property
    def who(self) -> str:
        """Who may use it, in words."""
        return _who(self.parties)


def workflow_page(carrier: str) -> Page:
    """The page of the workflow, with the carrier's name in the names of the steps."""
    told = {"picture": picture(carrier), "steps": steps(carrier), "outcomes": outcomes(), "verbs": verbs()}
    return Page(WORKFLOW, "workflow.html", told)


def steps(carrier: str) -> tuple[StepRow, ...]:
    """Every step of the process in its order; the deferral stands behind 5B, whose phase it is."""
    return tuple(_steps(carrier))


def outcomes() -> tuple[Outcome, ...]:
    """What is administrative."""
    found = ((name, verb, rows_of(verb)) for verb, name in OUTCOMES.items())
    return tuple(
        Outcome(name, verb, _who(rows[0].parties), places(rows), ", ".join(row.to.value for row in rows if row.to))
        for name, verb, rows in found
    )


def verbs() -> tuple[VerbRow, ...]:
    """Every verb, in the order of the grammar."""
    return tuple(_verb(verb) for verb in VERBS)


def _steps(carrier: str) -> Iterator[StepRow]:
    completed_by = milestones()
    for step in Step:
        if step is Step.OWN_REQUEST:
            name = SIDE_STEPS[step][1].format(carrier)
            yield StepRow(step.value, name, PHASE_OF[step].value, "", (Move(OWN, "", (), verb=False), *_logged()))
            continue
        place = Place.INTAKE if step is Step.REQUEST else Place(step.value)
        for at in (place, Place.DEFERRED) if place is Place.NOT_ACCEPTED else (place,):
            yield StepRow(
                number_of(at),
                STEP_NAMES[at].format(carrier),
                phase_at(at),
                completed_by.get(at, ""),
                tuple(_moves(at)),
            )


def _moves(place: Place) -> Iterator[Move]:
    """What leads on from a place to another one, besides what is administrative."""
    if place is Place.INTAKE:
        yield Move(LOGGED, "", (Step.SME_ASSIGNMENT.value,), verb=False)
        yield from _logged()
    if place in THROUGH:
        ends = [row.to.value for row in TABLE if row.to and row.milestone and PASSES.get(row.milestone) is place]
        yield Move(AT_ONCE, "", (" or ".join(ends),), verb=False)
        return
    for row in rows_at(place):
        if row.to is not None and row.verb not in OUTCOMES and (to := _to(row, place)) != (_named(place),):
            yield Move(written(row), _who(row.parties), to)


def _logged() -> Iterator[Move]:
    """An intake that is numbered by hand goes on like any other."""
    for row in rows_of("LOG"):
        yield Move(row.verb, _who(row.parties), (Step.SME_ASSIGNMENT.value,))


def _to(row: Transition, place: Place) -> tuple[str, ...]:
    """Where a row leads from a place, by the numbers of the steps: that which is passed, if any, and the
    one where it stays."""
    to = Place.DEFERRED if row.phase is Phase.DEFERRED else Place(row.to.value if row.to else place)
    passed = PASSES.get(row.milestone) if row.milestone else None
    return (_named(to),) if passed is None or passed in (place, to) else (_named(passed), _named(to))


def _named(place: Place) -> str:
    return place.value if place is Place.DEFERRED else number_of(place)


def written(row: Transition) -> str:
    """The words that ask for a row."""
    between = " TO " if row.verb in ("RESOLVE", "REOPEN") else " "
    return f"{row.verb}{between}{row.word}".strip()


def _verb(verb: Verb) -> VerbRow:
    rows = rows_of(verb.name)
    parties = frozenset[Party]().union(*(row.parties for row in rows))
    if not rows:  # what goes with any mail, such as CONFIRM, is for anyone
        parties = ENQUIRIES[verb.name].parties if verb.name in ENQUIRIES else frozenset({Party.ANYONE})
    return VerbRow(verb.name, verb.usage, verb.meaning, parties, places(rows) if rows else "any")


def _who(parties: frozenset[Party]) -> str:
    return " or ".join(party.value for party in Party if party in parties)
