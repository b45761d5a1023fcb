"""The store finds what looks like a new form: by two indexes, in what was kept before as well."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from bot.edge.store import Store
from bot.edge.store.engine import writing
from bot.edge.store.queries.changes import ALIKE
from bot.workflow.duplicate import marks
from tests.edge.registrations import NOW, TODAY, arrival, record, registration

TITLE_ONLY, REF_ONLY = {"title": "Unlock numbers"}, {"title": "Another", "internal_ref": "x-1"}
KEPT = {"title": "Unlock  NUMBERS.", "internal_ref": "X 1"}


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store of either kind."""
    with Store.open_ready(store_url, "w1") as opened:
        yield opened


def keep(store: Store, number: int, company: str = "Pine Telecom") -> str:
    """Register a change request whose form is KEPT."""
    with store.begin(NOW) as unit:
        cr = unit.take("PC", TODAY)
        decision = registration(cr, f"{arrival(number).envelope.id}/0")
        assert decision.change is not None
        record(unit, replace(decision, change=replace(decision.change, company=company, fields=KEPT)), "m")
    return cr


@pytest.mark.parametrize("fields", [TITLE_ONLY, REF_ONLY, KEPT])
def test_a_lookalike_is_found_by_either_mark(store: Store, fields: dict[str, str]) -> None:
    """The same title or the same reference of the same company is found, once; another company's is not."""
    number = keep(store, 0)
    keep(store, 1, "Cedar Loop")
    with store.begin(NOW) as unit:
        (found,) = unit.lookalikes(marks("PINE telecom", fields))
        assert (found.key, found.number, found.logged, found.marks) == (
            number,
            number,
            True,
            marks("Pine Telecom", KEPT),
        )
        assert unit.lookalikes(marks("Nobody", fields)) == ()
        assert unit.lookalikes(marks("", {})) == ()


def test_the_oldest_comes_first(store: Store) -> None:
    """Of several the first that was received is named first."""
    numbers = [keep(store, number) for number in range(3)]
    with store.begin(NOW) as unit:
        assert [found.number for found in unit.lookalikes(marks("Pine Telecom", KEPT))] == numbers


def test_a_change_request_moves_with_its_text(store: Store) -> None:
    """Once the title was changed, the old one is free again."""
    number = keep(store, 0)
    with store.begin(NOW) as unit:
        change = unit.change(number)
        assert change is not None
        fresh = registration(number, "m2")
        record(unit, replace(fresh, change=replace(change, fields=REF_ONLY), effects=()), "m2")
    with store.begin(NOW) as unit:
        assert unit.lookalikes(marks("Pine Telecom", TITLE_ONLY)) == ()
        assert len(unit.lookalikes(marks("Pine Telecom", REF_ONLY))) == 1


def test_what_was_kept_before_has_its_marks(store_url: str) -> None:
    """The migration gives every stored change request the marks that the rule gives today."""
    with Store.open_ready(store_url, "w1") as store:
        number = keep(store, 0)
        with writing(store.engine) as connection:
            for column in ("title_mark", "ref_mark"):
                connection.execute(text(f"DROP INDEX change_by_{column}"))
                connection.execute(text(f"ALTER TABLE change DROP COLUMN {column}"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
            marking = Config()
            marking.set_main_option("script_location", "bot:migrations")
            marking.attributes["connection"] = connection
            command.upgrade(marking, "0002")
    with Store(store_url, "w1") as store, store.begin(NOW) as unit:
        (found,) = unit.lookalikes(marks("Pine Telecom", KEPT))
        assert (found.number, found.marks) == (number, marks("Pine Telecom", KEPT))


def test_asking_reads_no_table_from_end_to_end(store: Store) -> None:
    """However much is stored, the question is answered by the two indexes."""
    asked = {"title_mark": "a", "ref_mark": "b", "most": 20}
    explain = "EXPLAIN QUERY PLAN" if store.engine.dialect.name == "sqlite" else "EXPLAIN"
    with writing(store.engine) as connection:
        if explain == "EXPLAIN":
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # a planner rightly scans an empty table
        plan = str(connection.execute(text(f"{explain} {ALIKE}"), asked).all())
    assert "change_by_title_mark" in plan
    assert "change_by_ref_mark" in plan
    assert "SCAN change" not in plan
    assert "Seq Scan" not in plan
