"""Standing: where a change request of an existing register stands, from the words of its status.

Its one rule: a word that could mean two places is asked back; it is never a guess.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.workflow.carry.closing import TAKEN
from bot.workflow.change import PHASE_OF, Disposition, Phase, Reaction, Step, Way

ASIDE = re.compile(r"\([^()]*\)|[-:,;].*$")


@dataclass(frozen=True, slots=True)
class Stands:
    """Step and phase, the carrier's word where the status says it, and how it goes on."""

    step: Step
    phase: Phase
    disposition: Disposition = Disposition.NONE
    way: Way = Way.NONE

    @property
    def reaction(self) -> Reaction:
        """How the CLECs have taken the response, as far as the place says it."""
        return Reaction.REVISE if self.step is Step.REVISION else TAKEN.get(self.step, Reaction.NONE)


def _at(step: Step, phase: Phase | None = None) -> Stands:
    return Stands(step, phase or PHASE_OF[step], way=Way.PLAN if step in (Step.CHANGE, Step.ANNOUNCEMENT) else Way.NONE)


DENIED = Stands(Step.CLOSED, Phase.COMPLETION, Disposition.DENIED, Way.DENIAL)
WORDS: Mapping[str, Stands] = {
    word: stands
    for stands, words in (
        (
            _at(Step.SME_ASSIGNMENT),
            ("submission", "submitted", "new", "received", "logged", "acknowledged", "assigned"),
        ),
        (
            _at(Step.CLARIFICATION),
            ("clarification", "pending clarification", "clarification scheduled", "clarification held",
             "clarification meeting scheduled", "clarification meeting held"),
        ),
        (
            _at(Step.RESPONSE),
            ("evaluation", "in evaluation", "in review", "under review", "review", "pending response",
             "response pending", "draft response"),
        ),
        (_at(Step.PRESENTATION), ("presented", "response issued", "response presented")),
        (_at(Step.REVISION), ("revision", "response revised", "under revision")),
        (_at(Step.NOT_ACCEPTED), ("declined", "not accepted", "response not accepted", "rejected")),
        (_at(Step.NOT_ACCEPTED, Phase.DEFERRED), ("deferred", "on hold")),
        (_at(Step.ESCALATED), ("escalated", "escalation", "dispute", "disputed")),
        (_at(Step.ACCEPTED), ("accepted", "response accepted")),
        (_at(Step.CHANGE), ("development", "in development", "in progress", "planned", "scheduled")),
        (_at(Step.ANNOUNCEMENT), ("announced", "clec notified", "clecs notified")),
        (_at(Step.TEST), ("clec test", "test", "testing", "in test", "implemented", "in production")),
        (_at(Step.CLOSED), ("completion", "completed", "complete", "closed", "done")),
        (DENIED, ("denied",)),
        (_at(Step.SME_ASSIGNMENT, Phase.WITHDRAWN), ("withdrawn", "cancelled", "canceled")),
        (_at(Step.SME_ASSIGNMENT, Phase.CROSSOVER), ("crossover", "crossed over")),
    )
    for word in words
}  # fmt: skip
"""What a status means that stands alone; a real register's `Denied` is an end (domain.md section 10)."""
BESIDE: Mapping[Phase, frozenset[Step]] = {
    Phase.DEFERRED: frozenset({Step.NOT_ACCEPTED}),
    Phase.DECLINED: frozenset({Step.NOT_ACCEPTED, Step.ACCEPTED}),
    Phase.WITHDRAWN: frozenset(Step),
    Phase.CROSSOVER: frozenset(Step),
}
"""The steps at which a phase may stand that is not the step's own."""
PHASES = (*(phase.value for phase in Phase), "Denied")
NEAR, MOST_NEAR, SHORTEST = 0.75, 3, 4


def stands(status: str, step: str = "") -> Stands | str:
    """Where a status leads, with the number of a step beside it where the register has one; else what is wrong
    with it, in words."""
    said = status.casefold().replace("_", " ")
    words = [" ".join(each.split()) for each in (said.replace("-", " "), ASIDE.sub(" ", said))]
    known = next((WORDS[word] for word in words if word in WORDS), None)
    if known is None:
        return f"{status!r} is no status that is known here; {_nearest(words[0])}"
    if not step:
        return known
    try:
        at = Step(step.strip().upper())
    except ValueError:
        return f"{step!r} is no step of the process"
    if known is DENIED:
        return known if at is Step.CLOSED else f"{status!r} is an end, which step {at} is not"
    if known.phase is not PHASE_OF[at] and at not in BESIDE.get(known.phase, frozenset()):
        return f"{status!r} does not go with step {at}"
    if at is Step.ACCEPTED and known.phase is Phase.DECLINED:
        return Stands(at, known.phase, Disposition.DENIED, Way.DENIAL)
    return _at(at, known.phase)


def _nearest(said: str) -> str:
    """What a status could have been meant for, as a whole or in one of its words, else the phases, in words.

    >>> _nearest("pending withdrawal"), _nearest("response")
    ('did you mean Withdrawn?', 'did you mean Draft Response or Response Issued or Response Revised?')
    """
    parts = [word for word in said.split() if len(word) >= SHORTEST]
    near = get_close_matches(said, WORDS, MOST_NEAR, NEAR)
    near = near or [each for part in parts for each in get_close_matches(part, WORDS, 1, NEAR)]
    near = near or get_close_matches(said, [each for each in WORDS if said in each.split()], MOST_NEAR, 0.0)
    if near:
        return f"did you mean {' or '.join(map(str.title, dict.fromkeys(near)))}?"
    return f"known are {', '.join(PHASES)}, and what the operator's guide lists"
