"""What the staff and the operator see of addresses to which nothing is sent, and how it ends."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.cli import run
from bot.daemon.desk import Desk
from bot.daemon.matters import as_of_now, paused
from bot.daemon.remind import reminders
from bot.edge.store import Store
from bot.edge.tables import letter
from bot.mail.letter import Fault, Kind
from bot.mail.parse import parse
from bot.office.people import Address, Role
from bot.workflow.decide import decide
from bot.workflow.digest import digest
from bot.workflow.event import Undelivered
from bot.workflow.returned import key_of
from tests.arriving import arrive
from tests.automatic.test_loops import WHOLE
from tests.cli.conftest import office, shipped
from tests.cli.test_verify import NOW
from tests.daemon.test_take_in import NOW as THEN
from tests.daemon.test_take_in import desk, written

__all__ = ["desk", "office", "shipped"]
AWAY = "daniel.okafor@meridell.example"


def silence(desk: Desk, address: str) -> None:
    """Let letters to an address fail until nothing is sent to it."""
    for place in range(3):
        with desk.store.begin(desk.clock.now()) as unit:
            tally = unit.matter(key_of(address))
            event = Undelivered(f"l{place}", Kind.FORWARD, address, "", "550 5.1.1 unknown", Fault.ADDRESS, tally, 3)
            found = decide(None, event, desk.settings.office, desk.clock.now())
            unit.record(found, f"l{place}", desk.compose, desk.message_id)


def test_the_cmp_managers_digest_names_paused_addresses(desk: Desk) -> None:
    """It names them to the CMP Manager, and to nobody else."""
    silence(desk, AWAY)
    now = as_of_now(desk).settings.office
    assert now.paused == (AWAY,)
    manager, group = (now.directory.named(name) for name in ("ellison", "okafor"))
    assert manager is not None
    assert group is not None
    today = now.calendar.local_date(THEN)
    assert digest(manager, (), now, today).context["paused"] == (AWAY,)
    assert digest(group, (), now, today).context["paused"] == ()


def test_failures_of_the_cmp_managers_own_address_are_told_to_the_group_manager(desk: Desk) -> None:
    """A letter to them would only fail as well."""
    silence(desk, "marta.ellison@meridell.example")
    told = [each.recipient for each in desk.store.letters() if each.kind is Kind.UNDELIVERED]
    assert told == [AWAY] * 3


def test_frozen_or_not_nothing_is_sent_to_a_paused_address(desk: Desk) -> None:
    """Not even where only the CMP Manager is written to."""
    silence(desk, AWAY)
    assert paused(desk) == {AWAY}
    assert desk.store.owed(50, desk.clock.now(), {AWAY}, paused(desk)) == ()


def test_an_old_row_of_failures_is_forgotten(desk: Desk) -> None:
    """Three failures in as many quarters of a year are no row."""
    office = replace(desk.settings.office, paused=())
    tally = "2 0 2026-01-02T00:00:00+00:00 -"
    event = Undelivered("l", Kind.FORWARD, Address(AWAY).email, "", "550", Fault.ADDRESS, tally, 3)
    assert "nothing more is sent" not in decide(None, event, office, THEN).reason


def test_the_operator_sees_and_resumes_an_address(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`resume` lists it, `check` names it with its remedy, `letters` says why, `release` that what goes to it
    waits; resumed, it is forgotten."""
    url = f"sqlite:///{office.parent / 'var' / 'cmpbot.sqlite'}"
    with Store(url, "test") as store, store.begin(THEN) as unit:
        unit._settle_matter(key_of(AWAY), f"3 1 {THEN.isoformat()} {THEN.isoformat()}")

    def said(*words: str) -> str:
        capsys.readouterr()
        run(["--config", str(office), "--now", NOW, *words])
        return capsys.readouterr().out

    with Store(url, "test") as store, store.engine.begin() as connection:
        held = update(letter).where(letter.c.recipient == AWAY).values(state="held", next_try=None)
        assert connection.execute(held).rowcount == 1
    assert "1 of those that are owed wait" in said("release", "--all")
    assert {each["state"] for each in json.loads(said("letters", "--json")) if each["to"] == AWAY} == {"kept"}
    assert AWAY in said("resume")
    assert f"`cmpbot resume {AWAY}` sends what was kept" in said("check")
    assert "sent again" in said("resume", AWAY)
    assert "No letter has failed." in said("resume")
    assert run(["--config", str(office), "resume", AWAY]) == 1


def test_the_digest_shows_whom_nothing_is_sent_to(desk: Desk) -> None:
    """In both forms of the letter, below what is due."""
    arrive(desk, written(WHOLE, "first"))
    silence(desk, "kim@bench00.example")
    tomorrow = THEN + timedelta(days=1)
    office = as_of_now(desk).settings.office
    due = [
        replace(each, person=office.holders(Role.CMP_MANAGER)[0]) for each in reminders(desk.store, office, tomorrow)
    ]
    letter = digest(office.holders(Role.CMP_MANAGER)[0], due, office, office.calendar.local_date(tomorrow))
    shown = parse(as_of_now(desk).compose(letter))
    assert "kim@bench00.example" in shown.text
    assert "Not written to" in shown.html
