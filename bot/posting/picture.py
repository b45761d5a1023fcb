"""The picture of the workflow: where the steps stand on the sheet, and the arrows between them.

Its one rule: every arrow is a row of the table and every row that leads somewhere is an arrow; only
where things stand on the sheet is decided here (DESIGN section 4: the table is the truth).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.posting.strip import NAMES
from bot.workflow.change import PHASE_OF, Milestone, Phase, Step
from bot.workflow.step import TABLE
from bot.workflow.transition import Place, Transition

WIDTH, HEIGHT = 1230, 1150
BOX = (232, 62)
LEFT, CENTRE, RIGHT = 20, 402, 784
TOP, ROW = 20, 102

STEP_NAMES: Mapping[Place, str] = {
    Place.INTAKE: "CLEC Request",
    Place.DEFERRED: "Deferred",
    **{Place(step.value): name for step, name in NAMES.items() if step is not Step.REQUEST},
    Place.REVISION: "Response Requires Revision",
    Place.NOT_ACCEPTED: "Response Not Accepted",
    Place.ESCALATED: "CR Dispute Escalated",
    Place.RESOLVED: "CR Dispute Resolved",
}
SPOTS: Mapping[Place, tuple[int, int]] = {
    Place.INTAKE: (CENTRE, TOP),
    Place.SMES: (CENTRE, TOP + ROW),
    Place.CLARIFICATION: (CENTRE, TOP + 2 * ROW),
    Place.RESPONSE: (CENTRE, TOP + 3 * ROW),
    Place.PRESENTATION: (CENTRE, TOP + 4 * ROW),
    Place.ACCEPTED: (CENTRE, TOP + 5 * ROW + 40),
    Place.CHANGE: (CENTRE, TOP + 6 * ROW + 40),
    Place.ANNOUNCEMENT: (CENTRE, TOP + 7 * ROW + 40),
    Place.PRODUCTION: (CENTRE, TOP + 8 * ROW + 40),
    Place.TEST: (CENTRE, TOP + 9 * ROW + 40),
    Place.CLOSED: (CENTRE, TOP + 10 * ROW + 40),
    Place.REVISION: (LEFT, TOP + 4 * ROW),
    Place.NOT_ACCEPTED: (RIGHT, TOP + 4 * ROW),
    Place.DEFERRED: (RIGHT, TOP + 5 * ROW + 40),
    Place.ESCALATED: (RIGHT, TOP + 6 * ROW + 80),
    Place.RESOLVED: (RIGHT, TOP + 7 * ROW + 80),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A step on the sheet: its number, its name, its phase and the milestone that completes it."""

    number: str
    name: str
    phase: str
    milestone: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one step to another: the verbs that lead there, the line (an SVG path), and where
    its words stand; `anchor` is start, middle or end."""

    words: str
    path: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All of the workflow on one sheet."""

    width: int
    height: int
    box: tuple[int, int]
    spots: tuple[Spot, ...]
    arrows: tuple[Arrow, ...]
    resolved_to: tuple[str, ...]
    ends: tuple[str, ...]


def picture(carrier: str) -> Picture:
    """The picture, with the carrier's name in the names of the steps."""
    completed_by = milestones()
    spots = tuple(
        Spot(
            number_of(place),
            STEP_NAMES[place].format(carrier),
            phase_at(place),
            completed_by.get(place, ""),
            x,
            y,
        )
        for place, (x, y) in SPOTS.items()
    )
    arrows = tuple(_arrow(start, end, tuple(words)) for (start, end), words in drawn(TABLE).items())
    resolved = tuple(row.word for row in TABLE if row.verb == "RESOLVE")
    ends = tuple(dict.fromkeys(row.verb for row in TABLE if row.phase in (Phase.WITHDRAWN, Phase.CROSSOVER)))
    return Picture(WIDTH, HEIGHT, BOX, spots, arrows, resolved, ends)


def drawn(table: Iterable[Transition]) -> dict[tuple[Place, Place], dict[str, None]]:
    """The arrows of the picture and their words. What passes a step in one go is drawn through it:
    an accepted response through 6, production through 9, a resolved dispute through 5D. Reopening and
    the ends outside the steps are told in words."""
    arrows: dict[tuple[Place, Place], dict[str, None]] = {(Place.INTAKE, Place.SMES): {"complete, or LOG": None}}
    for row in table:
        if row.to is None or row.verb == "REOPEN":
            continue
        target = Place.DEFERRED if row.phase is Phase.DEFERRED else Place(row.to.value)
        for place in sorted(row.at, key=list(Place).index):
            for start, end, words in _through(row, place, target):
                if start is not end:
                    arrows.setdefault((start, end), {})[words] = None
    return arrows


def _through(row: Transition, place: Place, target: Place) -> list[tuple[Place, Place, str]]:
    """A move as the arrows it follows."""
    if row.milestone is Milestone.RESPONSE_ACCEPTED and place is not Place.ACCEPTED:
        way = row.word.removeprefix("ACCEPTED ").removesuffix(" NO TEST")
        return [(place, Place.ACCEPTED, f"{row.verb} ACCEPTED"), (Place.ACCEPTED, target, way)]
    if row.milestone is Milestone.RESPONSE_ACCEPTED:
        return []
    if row.milestone is Milestone.TEST_READY:
        return [(place, Place.PRODUCTION, row.verb), (Place.PRODUCTION, target, "at once")]
    if row.verb == "RESOLVE":
        return [(Place.ESCALATED, Place.RESOLVED, row.verb)]
    if Place.PRODUCTION in row.at and place is Place.PRODUCTION:
        return []
    return [(place, target, f"{row.verb} {row.word}".strip())]


def number_of(place: Place) -> str:
    """The number of the step at which a place is."""
    return {Place.INTAKE: "1", Place.DEFERRED: "5B"}.get(place, place.value)


def milestones() -> dict[Place, str]:
    """The milestone that completes each step (DESIGN section 4), by the rows that reach it."""
    found = {Place.INTAKE: Milestone.CR_RECEIVED.value}
    for row in TABLE:
        if row.milestone is not None and row.verb != "OUTCOME":
            for place in row.at - {Place.REVISION, Place.DEFERRED, Place.TEST, Place.ESCALATED}:
                found.setdefault(place, row.milestone.value)
    found[Place.ACCEPTED] = Milestone.RESPONSE_ACCEPTED.value
    found[Place.CHANGE] = ""
    found[Place.ANNOUNCEMENT] = Milestone.CLEC_NOTIFIED.value
    found[Place.PRODUCTION] = Milestone.TEST_READY.value
    found[Place.CLOSED] = Milestone.CR_CLOSED.value
    return found


def phase_at(place: Place) -> str:
    """The phase in which a change request is at a place; at step 6 its way decides."""
    if place is Place.INTAKE:
        return Phase.SUBMISSION.value
    if place is Place.DEFERRED:
        return Phase.DEFERRED.value
    if place is Place.ACCEPTED:
        return f"{Phase.CLEC_TEST}, {Phase.DEVELOPMENT} or {Phase.DECLINED}"
    return PHASE_OF[Step(place.value)].value


def _arrow(start: Place, end: Place, words: tuple[str, ...]) -> Arrow:
    """The line from one box to another, by where they stand to each other."""
    (x1, y1), (x2, y2) = SPOTS[start], SPOTS[end]
    width, height = BOX
    said = ", ".join(words)
    if x1 == x2 and 0 < y2 - y1 <= ROW + 40:
        x, beside = x1 + width / 2, (-8, "end") if x1 == CENTRE else (8, "start")
        return Arrow(said, f"M{x:g} {y1 + height}V{y2 - 4}", x + beside[0], (y1 + height + y2) / 2 + 5, beside[1])
    if x1 == x2:
        return _past(said, x1, y1, y2)
    if y1 == y2:
        return _level(said, (x1, x2), y1, back=x1 > x2)
    if y2 - y1 > 3 * ROW:
        return _around(said, (x1, y1), (x2, y2))
    return _slanting(said, (x1, y1), (x2, y2))


def _past(said: str, x: int, y1: int, y2: int) -> Arrow:
    """Past the boxes in between: down on the left, back up on the right; beside the last column
    always on the right."""
    width, height = BOX
    side, out = (x, -1) if y2 > y1 and x != RIGHT else (x + width, 1)
    # In the last column the words of one line stand within the next.
    near, wide = (30, 0.75) if x == RIGHT else (44, 0.24)
    bulge = side + out * (near + max(abs(y2 - y1) - ROW, 0) * wide)
    from_y, to_y = y1 + height / 2 + out * 10, y2 + height / 2 - out * 10
    path = f"M{side} {from_y:g}C{bulge:g} {from_y:g} {bulge:g} {to_y:g} {side + out * 4} {to_y:g}"
    reach = side + (bulge - side) * 0.75
    right = out > 0 or y2 - y1 < 5 * ROW  # the longest line has its words outside, shorter ones inside
    return Arrow(said, path, reach + (8 if right else -8), (from_y + to_y) / 2 + 4, "start" if right else "end")


def _level(said: str, across: tuple[int, int], y: int, *, back: bool) -> Arrow:
    """Side by side: to the right above, to the left below."""
    width, height = BOX
    x1, x2 = across
    line = y + height * (0.7 if back else 0.3)
    start, end = (x1 + width, x2 - 4) if x2 > x1 else (x1, x2 + width + 4)
    return Arrow(said, f"M{start} {line:g}H{end}", (start + end) / 2, line + (18 if back else -8), "middle")


def _around(said: str, start: tuple[int, int], end: tuple[int, int]) -> Arrow:
    """From the last column down to the end, around all that stands between."""
    width, height = BOX
    (x1, y1), (x2, y2) = start, end
    from_y, to_y = y1 + height * 0.75, y2 + height * 0.35
    path = f"M{x1 + width} {from_y:g}C{WIDTH + 40} {from_y:g} {WIDTH + 40} {to_y:g} {x2 + width + 4} {to_y:g}"
    return Arrow(said, path, x1 + width / 2, to_y - 40, "start")


def _slanting(said: str, start: tuple[int, int], end: tuple[int, int]) -> Arrow:
    """From one column to the next."""
    width, height = BOX
    (x1, y1), (x2, y2) = start, end
    from_x, to_x = (x1 + width, x2 - 4) if x2 > x1 else (x1, x2 + width + 4)
    from_y, to_y = y1 + height * 0.75, y2 + height * 0.3
    middle = (from_x + to_x) / 2
    path = f"M{from_x} {from_y:g}C{middle:g} {from_y:g} {middle:g} {to_y:g} {to_x} {to_y:g}"
    return Arrow(said, path, middle, (from_y + to_y) / 2 + 5, "middle")
