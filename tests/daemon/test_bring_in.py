"""Bringing a register in, on both databases: all of it or nothing, once, and nobody hears of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.config import load, packaged
from bot.daemon.bring_in import Fresh, bring_in, plan
from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined
from bot.migrations import migrate
from bot.workflow.takeover.columns import sheet_of

SETTINGS = load(packaged() / "config.yaml")
OFFICE = SETTINGS.office
NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
HEADS = ("CR Number", "Title", "Status", "Status Date", "Company", "CRPM", "Received")
ROWS = [
    ("4302321", "Old one", "Completed", "3/5/2001", "Bluemesa Telephone", "", "2/1/2001"),
    *((f"PC{month:02}1504-{n}", f"Number {n} of {month}", status, "", "Alderpoint Communications", "brandt", "")
      for month in (1, 2, 3) for n, status in ((1, "Presented"), (3, "Evaluation"), (4, "Withdrawn"))),
]  # fmt: skip


def told(_: int) -> None:
    """Nobody watches."""


def test_it_is_done_once_and_whole(store_url: str) -> None:
    """What fails in the middle leaves nothing; what is done stays as it is, owes no letter and passes the audit."""
    migrate(store_url)
    sheet = sheet_of([HEADS, *ROWS], SETTINGS.table)
    assert sheet is not None
    with Store(store_url, "w") as store:
        planned = plan(sheet, store, OFFICE, SETTINGS.table, NOW, told)
        with pytest.raises(KeyboardInterrupt):
            bring_in(planned, store, OFFICE, NOW, stopping_after(7))
        assert store.numbers() == ()
        assert bring_in(planned, store, OFFICE, NOW, told) == len(ROWS)
        assert sorted(store.numbers()) == sorted(row[0] for row in ROWS)
        assert store.letters() == ()
        assert list(Audit(store.engine).findings(Examined())) == []
        again = plan(sheet, store, OFFICE, SETTINGS.table, NOW + timedelta(days=3), told)
        assert {fresh for _, fresh in again.rows} == {Fresh.SAME}
        with store.begin(NOW) as unit:
            assert unit.take("PC", datetime(2004, 2, 15).date()) == "PC021504-5"  # noqa: DTZ001 - a day, no moment
            assert unit.change_numbered("4302321") is not None


def test_nobody_is_reminded_of_the_years_before(store_url: str) -> None:
    """Nothing is due on the day of the import or before; the first stages come as for any new request."""
    migrate(store_url)
    sheet = sheet_of([HEADS, *ROWS], SETTINGS.table)
    assert sheet is not None
    with Store(store_url, "w") as store:
        bring_in(plan(sheet, store, OFFICE, SETTINGS.table, NOW, told), store, OFFICE, NOW, told)
        today = OFFICE.calendar.local_date(NOW)
        deadlines = [each for record in store.changes() for each in record.deadlines]
    assert deadlines
    assert all(each.due > today for each in deadlines)


def stopping_after(count: int) -> Callable[[int], None]:
    """What is told of so many rows, and then stops the program."""
    left = count

    def tell(_: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    return tell
