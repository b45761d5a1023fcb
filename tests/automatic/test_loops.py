"""A robot that strips every mark and answers every letter: an hour of it (reliability.md T4, S5)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.daemon.desk import Desk
from bot.daemon.give_out import give_out
from bot.daemon.weather import Weather
from bot.edge.clock import Clock
from bot.edge.store import LetterState, StoredLetter
from bot.mail.letter import Delivery, Kind, Sent
from tests.arriving import arrive
from tests.automatic.robots import ROBOTS, Answer, Robot
from tests.daemon.test_take_in import FORM, NOW, desk, written

__all__ = ["desk"]
KIM, GROUP, MANAGER = "kim@bench00.example", "daniel.okafor@meridell.example", "marta.ellison@meridell.example"
WHOLE = FORM + "Phone: 303-555-0142\nProducts Impacted: LNP\n"
STRANGERS = WHOLE.replace("bench00.example", "stranger.example")
# Who the robot is, and the mail with which it all begins: complete, incomplete, of a company that nobody knows.
BEGINNINGS = (
    (KIM, written(WHOLE, "first")),
    (KIM, written(FORM, "first")),
    (GROUP, written(WHOLE, "first")),
    (MANAGER, written(STRANGERS, "first", domain="stranger.example")),
)


class Mailbox:
    """A server that takes every letter, and keeps the robot's."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.came: list[bytes] = []

    def send(self, return_path: str, to: str, wire: bytes) -> Delivery:
        """Take a letter."""
        if to == self.owner:
            self.came.append(wire)
        return Sent()

    def emptied(self) -> list[bytes]:
        """The letters that came since the last time."""
        came, self.came = self.came, []
        return came


def an_hour(desk: Desk, robot: Robot, *beginning: bytes) -> list[StoredLetter]:
    """All letters of an hour in which a robot answers each of its own at once, a minute a turn; and the fates."""
    box = Mailbox(robot.email)
    desk = replace(desk, outbox=box)  # type: ignore[arg-type]
    arrive(desk, *beginning)
    sent = 0
    for minute in range(1, 60):
        give_out(desk, Weather())
        letters = box.emptied()
        if not letters:
            break
        desk = replace(desk, clock=Clock(NOW + timedelta(minutes=minute)))
        arrive(desk, *(robot.reply(wire, sent + place) for place, wire in enumerate(letters)))
        sent += len(letters)
    assert all(each.fate for each in desk.store.mails())
    return list(desk.store.letters())


def to(letters: Sequence[StoredLetter], address: str) -> Counter[Kind]:
    """How many letters of which kind were sent to an address."""
    return Counter(each.kind for each in letters if each.recipient == address and each.state is LetterState.SENT)


@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize(("email", "first"), BEGINNINGS, ids=["clec", "incomplete", "group manager", "cmp manager"])
@pytest.mark.parametrize("answer", ROBOTS, ids=lambda each: each.__name__)
def test_a_loop_ends_by_itself(desk: Desk, answer: Answer, email: str, first: bytes, *, proven: bool) -> None:
    """Besides the letter that it began with, no robot gets more than three an hour, whoever it is and whatever it
    answers; everybody else no more than a few, and the staff is told once that letters are held."""
    letters = an_hour(desk, Robot(email, answer, proven), first)
    assert to(letters, email).total() <= 1 + 3
    held = {each.recipient for each in letters if each.state is LetterState.WITHHELD}
    assert held <= {email}
    told = [each.recipient for each in letters if each.kind is Kind.WITHHELD]
    assert told == ([GROUP if email == MANAGER else MANAGER] if held else [])
    others = {each.recipient for each in letters} - {email}
    assert all(to(letters, other).total() <= 8 for other in others)


def test_the_day_ends_it_too(desk: Desk) -> None:
    """A robot that answers all day gets ten letters of the kind, and the staff is told once."""
    for hour in range(12):
        now = replace(desk, clock=Clock(NOW + timedelta(minutes=61 * hour)))
        arrive(now, *(written("What is this?", f"q{hour}-{n}", subject=f"Ticket {hour}{n}") for n in range(5)))
    letters = desk.store.letters()
    helped = [each for each in letters if each.kind is Kind.HELP and each.state is LetterState.OWED]
    assert len(helped) == 10
    assert len({each.created_at.date() for each in letters if each.kind is Kind.WITHHELD}) == sum(
        each.kind is Kind.WITHHELD for each in letters
    )
