"""Numbers: unique and dense, whoever takes them."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.edge.store import Store
from tests.edge.registrations import NOW, PLENTY, TODAY, amended, record, registered, registration

WORKERS, EACH = 8, 200
ROOT = Path(__file__).parents[2]


def test_a_number_is_its_date_and_a_count_from_one(store_url: str) -> None:
    """Each series counts each day for itself, in the order of commits."""
    with Store.open_ready(store_url, "w") as store, store.begin(NOW) as unit:
        taken = [unit.take(series, day) for series, day in (("PC", TODAY), ("PC", TODAY), ("IN", TODAY))]
        assert taken == ["PC112226-1", "PC112226-2", "IN112226-1"]
        assert unit.take("PC", date(2026, 11, 23)) == "PC112326-1"


def test_a_number_whose_transaction_fails_is_given_back(store_url: str) -> None:
    """There is no gap: what was not committed was not taken."""
    with Store.open_ready(store_url, "w") as store:
        with pytest.raises(RuntimeError), store.begin(NOW) as unit:
            record(unit, registration(unit.take("PC", TODAY), "m1"), "m1")
            raise RuntimeError
        with store.begin(NOW) as unit:
            assert unit.take("PC", TODAY) == "PC112226-1"
        assert store.view("PC112226-1") is None


def test_a_number_is_known_by_what_first_caused_it(store_url: str) -> None:
    """Whatever was done to a change request since, the mail that it came by is named; of others nothing is."""
    with Store.open_ready(store_url, "w", PLENTY) as store:
        number, other = registered(store), registered(store, 1)
        first = store.journal(number)[0].cause
        with store.begin(NOW) as unit:
            change = unit.change(number)
            assert change is not None
            record(unit, amended(change, "Two calls"), "m7")
        assert store.journal(number)[-1].cause == "m7"
        assert store.causes([number, "PC112226-9"]) == {number: first}
        assert store.causes([other]) != {other: first}


@pytest.mark.slow
def test_many_processes_take_unique_and_dense_numbers(store_url: str) -> None:
    """Eight processes register two hundred each at once: every number from 1 to 1,600, once."""
    Store.open_ready(store_url, "w").close()
    program = [sys.executable, "-m", "tests.edge.registrations", "work", store_url]
    workers = [subprocess.Popen([*program, f"w{each}", str(EACH)], cwd=ROOT) for each in range(WORKERS)]
    assert [worker.wait(240) for worker in workers] == [0] * WORKERS
    with Store(store_url, "w") as store:
        numbers = {record.change.number for record in store.changes()}
        letters = store.letters()
    assert numbers == {f"PC112226-{n}" for n in range(1, WORKERS * EACH + 1)}
    assert len(letters) == len({letter.message_id for letter in letters}) == 2 * WORKERS * EACH
