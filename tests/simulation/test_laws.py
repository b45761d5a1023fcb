"""The laws bite: whoever breaks one in the program is found by a short life of the office."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.daemon import give_out, remind
from bot.edge.store import Store, Unit
from bot.intake.verify import Standing
from bot.mail.letter import Delivery, Kind, Letter
from bot.simulation import laws
from bot.simulation.faults import Fault, ShakenStore
from bot.simulation.plan import Plan
from bot.simulation.post import Line
from bot.simulation.premises import Premises, WatchedDesk
from bot.simulation.seeds import simulated
from bot.workflow.case import moved
from bot.workflow.change import ChangeRequest, Step
from bot.workflow.transition import Transition

Patch = pytest.MonkeyPatch


def loses_mail(patch: Patch) -> None:
    """Of each batch the last mail is forgotten."""
    keep = ShakenStore.keep
    patch.setattr(ShakenStore, "keep", lambda self, arrivals, now: keep(self, arrivals[:-1], now))


def skips_numbers(patch: Patch) -> None:
    """A number is taken for nothing."""
    take = Unit.take
    patch.setattr(Unit, "take", lambda self, series, day: (take(self, series, day), take(self, series, day))[1])


def leaps(patch: Patch) -> None:
    """Naming the SMEs leads to the response at once."""

    def leaping(change: ChangeRequest, row: Transition, on: date, today: date) -> ChangeRequest:
        return moved(change, replace(row, to=Step.RESPONSE) if row.to is Step.CLARIFICATION else row, on, today)

    patch.setattr("bot.workflow.order.moved", leaping)


def reminds_again(patch: Patch) -> None:
    """Nothing that was told is remembered."""
    matters = Store.matters

    def forgetful(self: Store, *, anew: bool = False) -> Mapping[str, str]:
        return {key: value for key, value in matters(self, anew=anew).items() if key != remind.REMINDED}

    patch.setattr(Store, "matters", forgetful)
    patch.setattr(Store, "unheard", lambda self, causes: frozenset(causes))
    patch.setattr(Unit, "unheard", lambda self, causes: frozenset(causes))


def forgets_somebody(patch: Patch) -> None:
    """One of those who have to be reminded is left out."""
    told = remind._told
    patch.setattr(remind, "_told", lambda desk, person, *more: person.id != "okafor" and told(desk, person, *more))


def sends_twice(patch: Patch) -> None:
    """Each letter goes over the line twice."""
    send = Line.send

    def again(self: Line, return_path: str, to: str, wire: bytes) -> Delivery:
        send(self, return_path, to, wire)
        return send(self, return_path, to, wire)

    patch.setattr(Line, "send", again)


def sits_on_letters(patch: Patch) -> None:
    """Acknowledgements are never sent."""
    owed = give_out._owed
    patch.setattr(give_out, "_owed", lambda desk: tuple(one for one in owed(desk) if one.kind != Kind.ACKNOWLEDGEMENT))


def believes_all(patch: Patch) -> None:
    """Whatever a From says is believed."""
    patch.setattr(Standing, "proves", lambda self, key, verb: True)


def leaves_pages(patch: Patch) -> None:
    """A page once written is never out of date."""
    patch.setattr(Unit, "_soil", lambda self, change: None)


def stumbles(patch: Patch) -> None:
    """A letter of one kind cannot be put into words."""
    compose = WatchedDesk.compose

    def stumbling(self: WatchedDesk, letter: Letter) -> bytes:
        if letter.kind is Kind.ASSIGNED:
            raise LookupError("a bug")
        return compose(self, letter)

    patch.setattr(WatchedDesk, "compose", stumbling)


BREAKS: tuple[tuple[str, Callable[[Patch], None]], ...] = (
    (laws.ONE_FATE, loses_mail),
    (laws.DENSE, skips_numbers),
    (laws.LEGAL, leaps),
    (laws.ONCE, reminds_again),
    (laws.ONCE, forgets_somebody),
    (laws.LETTERS, sends_twice),
    (laws.SETTLED, sits_on_letters),
    (laws.HONEST, believes_all),
    (laws.POSTED, leaves_pages),
    (laws.NO_BUG, stumbles),
)


@pytest.mark.parametrize(("law", "breaks"), BREAKS, ids=[breaks.__name__ for _, breaks in BREAKS])
def test_a_broken_law_is_found(
    premises: Premises, law: str, breaks: Callable[[Patch], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that breaks a law ends its run with that law, the moment, and the scenes that lead there."""
    breaks(monkeypatch)
    months = 1 if law in {laws.SETTLED, laws.POSTED} else 3  # these are looked at in the end
    outcome = simulated(Plan(5, months, frozenset({Fault.UNVOUCHED})), premises)
    assert outcome.broken.startswith(f"{law}: "), outcome.broken
    assert outcome.at and outcome.dialogue
