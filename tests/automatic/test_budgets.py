"""Budgets of letters by address, by change request and by hour, on either database."""

from collections import Counter

from bot.daemon.desk import Desk
from bot.edge.store import LetterState
from bot.mail.letter import Kind
from bot.workflow.effect import Fate
from tests.arriving import arrive
from tests.automatic.robots import Robot, echo
from tests.automatic.test_loops import BEGINNINGS, GROUP, MANAGER, STRANGERS, WHOLE, an_hour, to
from tests.daemon.test_take_in import written


def test_what_goes_back_to_its_author_is_counted(desk: Desk) -> None:
    """Three letters besides the first, whatever kinds they are; the rest is kept, and somebody else is told."""
    email, first = BEGINNINGS[-1]
    letters = an_hour(desk, Robot(email, echo), first)
    assert to(letters, MANAGER) <= Counter({Kind.REVIEW: 3, Kind.PARKED: 3})
    assert to(letters, MANAGER).total() == 4
    assert [each.recipient for each in letters if each.kind is Kind.WITHHELD] == [GROUP]


def test_comments_on_one_request_reach_their_reader_within_reason(desk: Desk) -> None:
    """What comes for one change request, whoever sends it, is thirty letters an hour; all of it is kept."""
    arrive(desk, written(WHOLE, "first"))
    subject = "Re: [PC112326-1] Change request logged"
    fates = arrive(desk, *(written(f"Remark {n} of many.", f"c{n}", subject=subject) for n in range(40)))
    assert fates == {Fate.COMMENTED: 40}
    comments = Counter(each.state for each in desk.store.letters() if each.kind is Kind.COMMENT)
    assert comments == {LetterState.OWED: 30, LetterState.WITHHELD: 10}
    assert sum(each.kind is Kind.WITHHELD for each in desk.store.letters()) == 1


def test_whoever_asks_after_others_wrote_is_answered(desk: Desk) -> None:
    """What the mail of others brought a person counts for no loop of theirs."""
    forms = (STRANGERS.replace("failing field", f"field {n}") for n in range(6))
    arrive(desk, *(written(each, f"s{n}", domain="stranger.example") for n, each in enumerate(forms)))
    ask = written("How do I name an SME?", "ask", domain="meridell.example", subject="A question")
    arrive(desk, ask.replace(b"kim@meridell.example", MANAGER.encode()))
    letters = desk.store.letters()
    assert [each.state for each in letters if each.kind is Kind.HELP] == [LetterState.OWED]
    assert {each.state for each in letters if each.kind is Kind.REVIEW} == {LetterState.OWED}
