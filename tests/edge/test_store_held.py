"""After a restore: letters are held until the operator lets them go, and numbers that were mailed stay unused."""

from collections.abc import Iterator

import pytest

from bot.edge.store import Budget, Store
from bot.edge.store.audit import Audit, Examined
from bot.edge.store.numbers import RESERVED
from bot.mail.letter import Kind
from tests.edge.registrations import NOW, PLENTY, TODAY, arrival, registered


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store of either kind with one registration, whose letters are on their way."""
    with Store.open_ready(store_url, "w1", PLENTY) as opened:
        registered(opened)
        yield opened


def states(store: Store) -> list[str]:
    """The states of all letters."""
    return sorted(letter.state.value for letter in store.letters())


def test_every_letter_is_held(store: Store) -> None:
    """Those that were on their way, one that was being sent, and those that are decided from then on."""
    store.owed(1, NOW)
    assert states(store) == ["owed", "sending"]
    assert store.hold_letters() == 2
    registered(store, 1)
    assert states(store) == ["held"] * 4
    assert store.owed(9, NOW) == ()


def test_letters_are_let_go(store: Store) -> None:
    """One is sent, one never is, and what was let go is not let go again."""
    store.hold_letters()
    first, second = (letter.id for letter in store.letters())
    assert store.let_go([first], NOW) == 1
    assert [letter.id for letter in store.owed(9, NOW)] == [first]
    assert store.let_go(None, None) == 1
    assert store.let_go([second], NOW) == 0
    assert states(store) == ["dropped", "sending"]


def test_a_lost_number_is_passed_over(store: Store) -> None:
    """It goes to nobody, the next one follows, and the audit knows why there is a gap."""
    store.hold_letters({"PC112226-2", "PC112226-3"})
    assert registered(store, 1) == "PC112226-4"
    assert [finding.part for finding in Audit(store.engine).findings(Examined())] == ["numbers"]
    store.keep_back({"PC112226-2"})
    store.keep_back({"PC112226-3", "PC112226-6", "PC112326-2"})
    assert list(Audit(store.engine).findings(Examined())) == []
    kept = "PC112226-2 PC112226-3 PC112226-5 PC112226-6 PC112326-1 PC112326-2"
    assert store.matters(anew=True)[RESERVED] == kept
    with store.begin(NOW) as unit:
        assert unit.take("PC", TODAY) == "PC112226-7"


def test_unknown_mails(store: Store) -> None:
    """Of some mails, those that the store does not have."""
    ids = [arrival(number).envelope.id for number in range(3)]
    assert store.unknown(ids) == frozenset(ids[1:])


def test_what_is_held_uses_nobodys_budget_up(store_url: str) -> None:
    """A restore may read a month of somebody's mail in a minute; their next letter goes out all the same."""
    with Store.open_ready(store_url, "w1", Budget(acknowledgements_an_hour=2)) as store:
        store.hold_letters()
        for number in range(5):
            registered(store, number)
        assert states(store) == ["held"] * 10
        store.let_go(None, None)
    with Store.open_ready(store_url, "w1", Budget(acknowledgements_an_hour=2)) as store:
        for number in range(5, 8):
            registered(store, number)
        acknowledged = [each.state.value for each in store.letters() if each.kind == Kind.ACKNOWLEDGEMENT]
        assert sorted(acknowledged) == ["dropped"] * 5 + ["owed"] * 2 + ["withheld"]
