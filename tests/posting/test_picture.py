"""The picture of the workflow and its tables say what the table of the workflow says, and no more."""

import re
from itertools import combinations, product

import pytest

from bot.posting.picture import BOX, HEIGHT, SPOTS, WIDTH, Picture, drawn, picture
from bot.posting.process import OUTCOMES, Move, outcomes, steps, verbs, written
from bot.workflow.change import Phase, Step
from bot.workflow.enquiry import ENQUIRIES
from bot.workflow.party import Party
from bot.workflow.step import TABLE, rows_of
from bot.workflow.transition import Place, Transition

PICTURE = picture("Meridell")
LETTER = 8.2  # pixels that a capital of the picture takes at most
BY_FORM = {(Place.INTAKE, Place.SMES)}
THROUGH = {Place.ACCEPTED, Place.PRODUCTION, Place.RESOLVED}


def target(row: Transition) -> Place:
    """Where a row leads."""
    assert row.to is not None
    return Place.DEFERRED if row.phase is Phase.DEFERRED else Place(row.to.value)


def leading() -> list[tuple[Transition, Place]]:
    """The rows that lead to another step, by the place that they start from; nothing stays at 9 and 5D."""
    rows = [row for row in TABLE if row.to is not None and row.verb != "REOPEN"]
    return [
        (row, place)
        for row in rows
        for place in sorted(row.at - {Place.PRODUCTION, Place.RESOLVED})
        if target(row) is not place
    ]


@pytest.mark.parametrize(("row", "place"), leading(), ids=lambda value: getattr(value, "verb", None) or str(value))
def test_every_row_that_leads_on_is_an_arrow(row: Transition, place: Place) -> None:
    """One arrow, or two through a step that is passed in one go; the first names the verb."""
    arrows, end = drawn(TABLE), target(row)
    first = [(to, words) for (start, to), words in arrows.items() if start is place]
    if row.verb == "RESOLVE":
        assert (place, Place.RESOLVED) in arrows
        assert row.word in PICTURE.resolved_to
    elif place is Place.ACCEPTED and row.verb == "OUTCOME":
        assert (place, end) in arrows
    else:
        ways = [to for to, words in first if any(word.split()[0] == row.verb for word in words)]
        assert any(to is end or (to in THROUGH and (to, end) in arrows) for to in ways)


def test_no_arrow_is_invented() -> None:
    """Each arrow is a row, a part of one through a step that is passed, or the form's own way."""
    for (start, end), words in drawn(TABLE).items():
        direct = {f"{row.verb} {row.word}".strip() for row, place in leading() if (place, target(row)) == (start, end)}
        entering = {row.verb for row, place in leading() if place is start and end in THROUGH}
        leaving = {row.word for row in TABLE if start in THROUGH and row.to is not None and target(row) is end}
        for word in words:
            assert (
                word in direct
                or word.split()[0] in entering
                or (start in THROUGH and (word == "at once" or any(f" {word}" in f" {way}" for way in leaving)))
                or (start, end) in BY_FORM
            ), (start, end, word)


def test_every_step_is_on_the_picture() -> None:
    """All steps of the seed but 1A, which has no process, and the deferral."""
    shown = {spot.number for spot in PICTURE.spots}
    assert shown == {step.value for step in Step} - {Step.OWN_REQUEST.value}
    assert len(PICTURE.spots) == len(shown) + 1


def test_nothing_overlaps_or_leaves_the_sheet() -> None:
    """Boxes keep clear of each other; boxes, lines and words stay inside."""
    width, height = BOX
    for (x1, y1), (x2, y2) in combinations(SPOTS.values(), 2):
        assert abs(x1 - x2) >= width or abs(y1 - y2) >= height
    for x, y in SPOTS.values():
        assert 0 <= x <= WIDTH - width
        assert 0 <= y <= HEIGHT - height
    for arrow in PICTURE.arrows:
        long = len(arrow.words) * LETTER
        left = arrow.x - {"start": 0.0, "middle": long / 2, "end": long}[arrow.anchor]
        assert left >= 0, arrow
        assert left + long <= WIDTH, arrow
        assert 0 < arrow.y < HEIGHT
        assert re.fullmatch(r"M[\d. ]+(?:[HV][\d.]+|C[\d. ]+)", arrow.path), arrow


def test_words_stay_inside_their_boxes() -> None:
    """Name, phase and milestone of a step are no wider than its box."""
    for spot in PICTURE.spots:
        for text in (f"{spot.number} {spot.name}", spot.phase, spot.milestone):
            assert len(text) * 6.4 <= BOX[0] - 12, text


def test_the_same_table_gives_the_same_picture() -> None:
    """Nothing of it depends on the order of sets."""
    assert isinstance(PICTURE, Picture)
    assert picture("Meridell") == PICTURE


def test_the_steps_name_all_that_leads_on() -> None:
    """Every row that leads on stands with its words and parties in the table of the steps, once."""
    shown = steps("Meridell")
    assert [row.number for row in shown if row.name != "Deferred"] == [step.value for step in Step]
    moves = {(row.number, row.name == "Deferred", move.words): move for row in shown for move in row.moves}
    for row, place in leading():
        if row.verb in OUTCOMES:
            continue
        key = ("5B", True) if place is Place.DEFERRED else (place.value, False)
        move = moves[(*key, written(row))]
        assert move.to[-1].partition(",")[0] == row.to
        assert set(move.who.split(" or ")) == {party.value for party in row.parties}
    assert all(isinstance(move, Move) for move in moves.values())


def test_the_outcomes_are_those_outside_the_steps() -> None:
    """Whatever ends outside the steps, opens again or is marked as administrative is told, and where it leads."""
    outside = {row.verb for row in TABLE if row.phase in (Phase.WITHDRAWN, Phase.CROSSOVER)}
    assert outside < set(OUTCOMES)
    told = {row.verb: row for row in outcomes()}
    assert told["REOPEN"].to.split(", ") == [row.to for row in rows_of("REOPEN")]
    assert told["WITHDRAW"].name == "Withdrawn"


def test_every_verb_is_told_with_who_may_use_it() -> None:
    """All verbs of the table and all enquiries, each with every party of theirs."""
    told = {row.name: row.who.split(" or ") for row in verbs()}
    for one in TABLE:
        assert {party.value for party in one.parties} <= set(told[one.verb])
    for verb, party in product(ENQUIRIES, Party):
        assert (party.value in told[verb]) == (party in ENQUIRIES[verb].parties)
    assert told["CONFIRM"] == ["anyone"]
