"""What the store says of what changed: enough to make anew what has to be, and nothing else."""

from dataclasses import replace
from datetime import timedelta

from bot.edge.store import Store
from bot.posting.lists import EVERYTHING, Listing
from bot.posting.register import Printed
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Fate, Publish, Row
from tests.edge.registrations import NOW, PLENTY, record, registered


def opened(url: str, count: int) -> Store:
    """A store with some change requests of one day."""
    store = Store.open_ready(url, "w", PLENTY)
    for n in range(count):
        registered(store, n)
    return store


def note(store: Store, number: str, minutes: int, *, public: bool = True) -> None:
    """Something is noted of a change request, later."""
    at = NOW + timedelta(minutes=minutes)
    with store.begin(at) as unit:
        change = unit.change_numbered(number)
        assert isinstance(change, ChangeRequest)
        row = Row("Additional Information", "Noted", at, "bot", public)
        noted = Decision(Fate.OBEYED, "done", replace(change, ended=f"{minutes}"), (row,), (Publish(),))
        record(unit, noted, f"note {minutes}")


def test_what_went_on_last_comes_with_its_history(store_url: str) -> None:
    """As many as are wanted, whatever their numbers are; an intake is none of them."""
    with opened(store_url, 4) as store:
        note(store, "PC112226-1", 1)
        note(store, "PC112226-3", 2)
        found = {each.change.number: each for each in store.recent(2)}
        assert set(found) == {"PC112226-1", "PC112226-3"}
        assert [row.description for row in found["PC112226-3"].rows][-1] == "Noted"
        assert len(found["PC112226-3"].rows) > 1
        assert len(store.recent(10)) == 4


def test_what_came_in_one_moment_is_in_the_order_of_the_numbers(store_url: str) -> None:
    """Newest first by the count of the day, also from nine to ten, whole or cut off."""
    with opened(store_url, 11) as store:
        assert len({each.change.received_at for each in store.whole_month("2026-11")}) == 1
        wanted = [f"PC112226-{n}" for n in range(11, 0, -1)]
        assert [each.change.number for each in store.whole_month("2026-11")] == wanted
        for some in (EVERYTHING, Listing("list/open", "Open", open=True)):
            assert [each.key for each in store.lines(some)] == wanted
            assert [each.key for each in store.lines(some, limit=4)] == wanted[:4]


def test_a_line_is_good_while_its_page_is(store_url: str) -> None:
    """What was printed is given out until the change request becomes otherwise, and again once that was printed."""
    with opened(store_url, 2) as store:
        keys = [each.key for each in store.lines(EVERYTHING)]
        printed = Printed("PC112226-1", "<td>", "[]")
        with store.begin(NOW) as unit:
            unit.printed({keys[1]: printed})
        assert [each.printed for each in store.lines(EVERYTHING)] == [None, None]
        store.clean(store.dirty(99))
        assert [each.printed for each in store.lines(EVERYTHING)] == [None, printed]
        note(store, "PC112226-1", 1)
        assert [each.printed for each in store.lines(EVERYTHING)] == [None, None]
        store.clean(store.dirty(99))
        with store.begin(NOW) as unit:
            unit.printed(dict.fromkeys(keys, printed))
        assert all(each.printed for each in store.lines(EVERYTHING))


def test_a_month_is_whole(store_url: str) -> None:
    """All its change requests with their histories, and no other month's."""
    with opened(store_url, 3) as store:
        found = store.whole_month("2026-11")
        assert sorted(each.change.number for each in found) == [f"PC112226-{n}" for n in (1, 2, 3)]
        assert all(each.rows and each.deadlines for each in found)
        assert store.whole_month("2026-12") == ()


def test_a_mark_changes_with_whatever_is_noted(store_url: str) -> None:
    """A new change request, a row of any history, public or not; and with nothing else."""
    with opened(store_url, 2) as store:
        seen = [store.marks()]
        assert store.marks() == seen[0]
        note(store, "PC112226-1", 1)
        seen.append(store.marks())
        note(store, "PC112226-2", 2, public=False)
        seen.append(store.marks())
        registered(store, 9)
        seen.append(store.marks())
        assert len({repr(each) for each in seen}) == 4
        assert all(set(each) == {(True, "2026-11")} for each in seen)
        assert seen[-1][True, "2026-11"].startswith("3.")
