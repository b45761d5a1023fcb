"""Whole: what is held against itself at intervals, because it takes longer: the store against its journals, the
posting against a build from nothing.

Its one rule: the build from nothing knows a copy of the database and nothing of what was published before.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfile, rmtree

from sqlalchemy import text

from bot.daemon.desk import Desk
from bot.daemon.matters import as_of_now
from bot.daemon.place import harmed_files
from bot.daemon.publish import publish, soil_all
from bot.daemon.remind import REMINDED, Round, fresh_of, reminders
from bot.edge.site import Site
from bot.edge.store import Store
from bot.edge.store.audit import Audit, Examined
from bot.edge.store.engine import database_file
from bot.simulation.laws import ONCE, POSTED, VERIFIED, Broken
from bot.workflow.effect import Remind


def verified(desk: Desk, checked: Counter[str]) -> str:
    """Look at the whole store as `cmpbot verify` does; gives its fingerprint. Raises Broken."""
    examined = Examined()
    for finding in Audit(desk.store.engine).findings(examined):
        raise Broken(VERIFIED, f"{finding.part}: {finding.about}: {finding.found}", finding.about)
    if harmed := harmed_files(desk.store, desk.site):
        raise Broken(VERIFIED, f"{harmed[0]} is not as it was written")
    checked[VERIFIED] += sum(examined.counts.values())
    return examined.fingerprint


def posted(desk: Desk, checked: Counter[str]) -> None:
    """Publish everything that is out of date, and hold it against a build from nothing. Raises Broken."""
    publish(desk, full=True)
    aside = desk.settings.kept / "fresh"
    rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        fresh = _from_nothing(desk, aside)
        old, new = dict(files_of(desk.site.root)), dict(files_of(fresh))
        for path in sorted(old.keys() | new.keys()):
            checked[POSTED] += 1
            if old.get(path) != new.get(path):
                what = "is missing" if path not in old else "should be gone" if path not in new else "is out of date"
                raise Broken(
                    POSTED, f"{path} {what}: {_first_difference(old.get(path, b''), new.get(path, b''))}", path
                )
    finally:
        rmtree(aside, ignore_errors=True)


def to_be_told(desk: Desk) -> tuple[Remind, ...]:
    """Of what the staff has to be reminded now and was not: nobody who has had their letter of the day, and nobody
    outside of business hours. Letters that are refused later change who has to be."""
    desk = as_of_now(desk, anew=True)
    office, now = desk.settings.office, desk.clock.now()
    if not office.calendar.in_hours(now):
        return ()
    day = Round.of(desk.store.matters().get(REMINDED, ""), office.calendar.local_date(now))
    return tuple(
        each for each in fresh_of(desk.store, reminders(desk.store, office, now)) if not day.passed(each.person)
    )


def all_told(desk: Desk, due: tuple[Remind, ...], checked: Counter[str]) -> None:
    """See that everybody was told what they had to be. Raises Broken."""
    checked[ONCE] += len(due)
    for each in fresh_of(desk.store, due):
        raise Broken(ONCE, f"{each.cause} was not told", each.change.number, each.change.key)


def _from_nothing(desk: Desk, aside: Path) -> Path:
    """The posting that a copy of the database gives, in a folder of its own."""
    file = database_file(desk.store.url) or Path()
    with desk.store.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    copyfile(file, aside / "copy.sqlite")
    terms = desk.store.terms
    with Store(f"sqlite:///{aside / 'copy.sqlite'}", "fresh", terms.budget, terms.zone, terms.return_path) as store:
        with store.engine.begin() as connection:
            connection.execute(text("DELETE FROM published"))
        settings = replace(
            desk.settings, kept=aside / "kept", posting=replace(desk.settings.posting, folder=aside / "site")
        )
        other = replace(desk, settings=settings, store=store, site=Site(aside / "site"))
        soil_all(store, settings.kept, desk.clock.now())
        publish(other, full=True)
    return aside / "site"


def files_of(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not name.startswith("."):
            yield name, path.read_bytes()


def _first_difference(old: bytes, new: bytes) -> str:
    place = next(
        (n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
    before, after = (content[max(0, place - 60) : place + 90].decode("utf-8", "replace") for content in (old, new))
    return f"{before!r} where {after!r} belongs"
