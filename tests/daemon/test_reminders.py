"""Reminders over years: every one exactly once, in hours, and never a flood."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import holidays as library
import pytest

from bot.daemon.desk import Desk
from bot.daemon.remind import REMINDED, remind
from bot.edge.store import Store, Unit, engine
from bot.errors import Trouble
from bot.mail.compose import message_id
from bot.mail.letter import Kind, Letter
from bot.office.calendar import Calendar
from bot.office.office import Office
from bot.workflow.change import ActionItem, ChangeRequest, Step
from bot.workflow.deadline import Deadline, DeadlineKind
from bot.workflow.decide import decide
from bot.workflow.effect import Decision, Effect, Fate, Meet, Open, Remind, Row, Settle
from bot.workflow.event import Awaited
from tests.office.test_calendar import ZONES
from tests.workflow.offices import MANAGER, STAFFED, at_step

FIRST, LAST = date(2025, 1, 2), date(2028, 1, 2)
HOLIDAYS = frozenset(library.country_holidays("US", years=range(2024, 2029)))
KINDS = (DeadlineKind.CLARIFY, DeadlineKind.MINUTES, DeadlineKind.OPTIONS, DeadlineKind.REACT, DeadlineKind.PRODUCE)
CHANGES = 11
ALWAYS = 10_000


@dataclass
class Still:
    """A clock that stands where it is put."""

    moment: datetime
    stopped: bool = False

    def now(self) -> datetime:
        """That moment (aware, UTC)."""
        return self.moment


@dataclass
class Settings:
    """What reminding asks of the configuration."""

    office: Office


@dataclass
class Bare:
    """A desk with a store and a clock, whose letters are one line; it dies when its time has come."""

    settings: Settings
    clock: Still
    store: Store
    dies_at: int = ALWAYS

    def compose(self, letter: Letter) -> bytes:
        """One line instead of a letter."""
        self.dies_at -= 1
        if self.dies_at < 0:
            raise SystemExit
        return f"Subject: {letter.kind}\r\n\r\n{letter.id}\r\n".encode()

    def message_id(self, letter_id: str) -> str:
        """The letter's Message-ID."""
        return message_id(letter_id, "meridell.example")


@dataclass(frozen=True)
class Promise:
    """Something due of a change request: since when it runs, and until when (both aware, UTC)."""

    change: ChangeRequest
    deadline: Deadline
    since: datetime
    until: datetime


def promises(lots: random.Random, calendar: Calendar) -> list[Promise]:
    """Deadlines of three years: most are met in time, some days late, some never."""
    made: list[Promise] = []
    for n in range(CHANGES):
        change = replace(at_step(Step.CLARIFICATION), key=f"PC010125-{n + 1}", number=f"PC010125-{n + 1}")
        for kind in KINDS:
            begun = FIRST + timedelta(days=lots.randrange(1000))
            due = begun + timedelta(days=lots.randrange(2, 40))
            done = due + timedelta(days=lots.choice([-5, -2, 0, 0, 1, 3, 9]))
            night = time(3, 0)
            since, until = (
                datetime.combine(day, night, calendar.zone).astimezone(UTC) for day in (begun, max(done, begun))
            )
            made.append(Promise(change, Deadline(kind, due), since, until + timedelta(hours=12)))
    return made


def moments(lots: random.Random, zone: ZoneInfo) -> list[datetime]:
    """When the desk looks: several times a day at odd hours, with weeks of rest, and with clocks that run
    ahead and are put back."""
    at = datetime.combine(FIRST, time(0), zone).astimezone(UTC)
    end = datetime.combine(LAST, time(0), zone).astimezone(UTC)
    made: list[datetime] = []
    while at < end:
        at += timedelta(minutes=lots.randrange(250, 1400))
        dice = lots.random()
        if dice < 0.006:
            at += timedelta(days=7)
        elif dice < 0.012:
            wrong = at + timedelta(days=lots.choice([-40, -3, -1, 1, 20, 45]))
            made += [wrong + timedelta(hours=5 * n) for n in range(4)]
        made.append(at)
    return made


def opened(store: Store, promise: Promise) -> None:
    """The change request is there, and a deadline of it begins."""
    row = Row("Record Update", "it begins", promise.since, "lena", public=False)
    with store.begin(promise.since) as unit:
        unit.change(promise.change.key)
        unit.record(
            Decision(Fate.OBEYED, change=promise.change, rows=(row,), effects=(Open(promise.deadline),)),
            f"opened/{promise.change.key}/{promise.deadline.kind}",
            _nothing,
            _nothing,
        )


def met(store: Store, promise: Promise) -> None:
    """The deadline is met."""
    row = Row("Record Update", "it is done", promise.until, "lena", public=False)
    effects: tuple[Effect, ...] = (Meet(promise.deadline.kind, promise.until),)
    with store.begin(promise.until) as unit:
        unit.change(promise.change.key)
        decision = Decision(Fate.OBEYED, change=promise.change, rows=(row,), effects=effects)
        unit.record(decision, f"met/{promise.change.key}/{promise.deadline.kind}", _nothing, _nothing)


def _nothing(*_: object) -> Any:
    raise AssertionError("no letter is owed")


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that need not survive a power cut."""
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, "PRAGMA synchronous=OFF"))


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.usefixtures("_quick")
def test_three_years_of_reminders(name: str, tmp_path: Path) -> None:
    """Through every change of the clocks, restarts, kills, weeks of rest and clocks that are wrong: each stage
    that was reached while somebody looked is told once, on a business day, between opening and cut-off."""
    lots, zone = random.Random(name), ZoneInfo(name)
    calendar = Calendar(zone=zone, holidays=HOLIDAYS)
    office = replace(STAFFED, calendar=calendar)
    url = f"sqlite:///{tmp_path}/cmpbot.sqlite"
    store = Store.open_ready(url, "w", zone=zone)
    coming = sorted(promises(lots, calendar), key=lambda each: each.since)
    running: list[Promise] = []
    expected: set[str] = set()
    looked: Counter[date] = Counter()
    guard, latest = None, datetime.min.replace(tzinfo=UTC)
    for n, at in enumerate(moments(lots, zone)):
        latest = max(latest, at) if abs(at - latest) < timedelta(days=9) or n == 0 else latest
        while coming and coming[0].since <= latest:
            running.append(coming.pop(0))
            opened(store, running[-1])
        for done in [each for each in running if each.until <= latest]:
            running.remove(done)
            met(store, done)
        if n % 97 == 0:
            store.close()
            store = Store.open_ready(url, "w", zone=zone)
        desk = Bare(Settings(office), Still(at), store, 1 if lots.random() < 0.01 else ALWAYS)
        try:
            remind(cast(Desk, desk))
        except SystemExit:
            desk.dies_at = ALWAYS
            remind(cast(Desk, desk))
        today = calendar.local_date(at)
        if not calendar.in_hours(at) or guard == today:
            continue
        found = {each.cause for promise in running for each in told(promise, office, at)}
        expected |= found
        looked[today] += 1
        guard = today if found else guard
    causes, instants = journal(store)
    letters = [letter for letter in store.letters() if letter.kind is Kind.DIGEST]
    store.close()
    assert sorted(causes) == sorted(expected)
    assert len(causes) > 200
    assert all(calendar.in_hours(instant) for instant in instants)
    mails = Counter((letter.recipient, calendar.local_date(letter.created_at)) for letter in letters)
    assert all(count <= looked[day] for (_, day), count in mails.items())
    assert len(letters) < len(causes)


def told(promise: Promise, office: Office, at: datetime) -> list[Remind]:
    """What a deadline that runs is to be told of at an instant, by the pure functions alone."""
    since = office.calendar.local_date(promise.since)
    decision = decide(promise.change, Awaited(promise.deadline, since), office, at)
    return [effect for effect in decision.effects if isinstance(effect, Remind)]


def journal(store: Store) -> tuple[list[str], list[datetime]]:
    """The marks of all reminders, and when they were recorded."""
    entries = [
        entry for n in range(CHANGES) for entry in store.journal(f"PC010125-{n + 1}") if entry.kind == "Reminder Sent"
    ]
    return [entry.cause for entry in entries], [entry.recorded_at for entry in entries]


@pytest.mark.usefixtures("_quick")
def test_two_thousand_change_requests_are_one_letter_a_person(tmp_path: Path) -> None:
    """However much is due, everybody of the staff gets one digest, and nothing is told twice that day."""
    office = replace(STAFFED, calendar=replace(STAFFED.calendar, holidays=HOLIDAYS))
    with Store.open_ready(f"sqlite:///{tmp_path}/cmpbot.sqlite", "w", zone=office.calendar.zone) as store:
        begun = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
        with store.begin(begun) as unit:
            for n in range(2000):
                key = f"PC110226-{n + 1}"
                change = replace(at_step(Step.CLARIFICATION), key=key, number=key)
                row = Row("CR Submitted", "it came", begun, "bot")
                due = Deadline(DeadlineKind.CLARIFY, date(2026, 11, 16) + timedelta(days=n % 14))
                decision = Decision(Fate.REGISTERED, change=change, rows=(row,), effects=(Open(due),))
                unit.record(decision, f"{n:012x}/0", _nothing, _nothing)
        desk = Bare(Settings(office), Still(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)), store)
        assert remind(cast(Desk, desk)) == 4
        assert remind(cast(Desk, desk)) == 0
        digests = Counter(letter.recipient.partition("@")[0] for letter in store.letters())
        assert digests == {"lena.brook": 1, "anita.vale": 1, "joe.castle": 1, "hollis.reed": 1}


def test_a_week_of_rest_gives_one_letter(tmp_path: Path) -> None:
    """And an address that refuses letters is told of to the role above (reliability.md F20)."""
    zone = STAFFED.calendar.zone
    with Store.open_ready(f"sqlite:///{tmp_path}/cmpbot.sqlite", "w", zone=zone) as store:
        begun = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
        items = (ActionItem(1, MANAGER.id, date(2026, 12, 8), "Ask"),)
        change = replace(at_step(Step.CLARIFICATION), actions=items)
        row = Row("CR Submitted", "it came", begun, "bot")
        effects: tuple[Effect, ...] = (
            Open(Deadline(DeadlineKind.CLARIFY, date(2026, 12, 4))),
            Open(Deadline(DeadlineKind.ACT, date(2026, 12, 8))),
        )
        with store.begin(begun) as unit:
            unit.record(
                Decision(Fate.REGISTERED, change=change, rows=(row,), effects=effects), "a/0", _nothing, _nothing
            )
        desk = Bare(Settings(STAFFED), Still(datetime(2026, 12, 11, 16, 0, tzinfo=UTC)), store)
        assert remind(cast(Desk, desk)) == 5
        said = [entry.row.description for entry in store.journal(change.key) if entry.kind == "Reminder Sent"]
        assert len(said) == 6  # CRPM, SMEs, Group Manager; the item: its person, and the CRPM in the same letter
        assert all("overdue-" in each for each in said)
        assert store.view(change.key) is not None


def test_one_letter_a_day_though_the_day_could_not_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letters are owed, and the database is locked when the day is to be ended: whoever has had their letter
    waits for tomorrow with what they are given at noon, and whoever has not had one gets it."""
    record = Unit.record

    def locked(self: Unit, decision: Decision, cause: str, *more: Any) -> Any:
        if decision.effects == (Settle(REMINDED, "2026-12-04"),):
            raise Trouble("the database is locked")
        return record(self, decision, cause, *more)

    monkeypatch.setattr(Unit, "record", locked)
    begun, noon = (datetime(2026, 12, day, 16, 0, tzinfo=UTC) for day in (1, 4))
    with Store.open_ready(f"sqlite:///{tmp_path}/cmpbot.sqlite", "w", zone=STAFFED.calendar.zone) as store:
        desk = Bare(Settings(STAFFED), Still(noon), store)

        def due(number: str, crpm: str) -> None:
            change = replace(at_step(Step.CLARIFICATION), key=number, number=number, people={"crpm": (crpm,)})
            opened(store, Promise(change, Deadline(DeadlineKind.CLARIFY, date(2026, 12, 4)), begun, begun))

        due("PC120126-1", "lena")
        with pytest.raises(Trouble):
            remind(cast(Desk, desk))
        due("PC120126-2", "lena")
        due("PC120126-3", "toby")
        with pytest.raises(Trouble):
            remind(cast(Desk, desk))
        monkeypatch.undo()
        remind(cast(Desk, desk))
        to = Counter(letter.recipient.partition("@")[0] for letter in store.letters())
        assert to == {"lena.brook": 1, "toby.marsh": 1}
        desk.clock.moment += timedelta(days=3)
        remind(cast(Desk, desk))
        said = [entry.row.description for entry in store.journal("PC120126-2") if entry.kind == "Reminder Sent"]
        assert said[0] == "Lena Brook reminded, overdue-1: hold the clarification meeting"
