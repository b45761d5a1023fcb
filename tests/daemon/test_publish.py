"""Publishing on real stores: in its rhythms, whole, the same from every way there, and nothing left over."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from bot.config import load
from bot.config.load import packaged
from bot.daemon import publish as room
from bot.daemon.carry import carry
from bot.daemon.desk import Desk, open_desk
from bot.daemon.furnish import MARK as FURNISHED
from bot.daemon.meeting import meet
from bot.daemon.place import harmed_files, place
from bot.daemon.publish import MARKS, publish, publish_some, soil_all
from bot.daemon.remind import remind
from bot.daemon.weather import Weather
from bot.edge.carrier import Carrier
from bot.edge.clock import Clock
from bot.edge.site import Site
from bot.edge.store import Unit
from bot.errors import Trouble
from bot.intake.form import Value
from bot.intake.paper.blank import blank
from bot.mail.letter import Kind
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import DAY, WHOLE, at, ordered, text_of
from tests.daemon.test_matters import LENA, of_staff
from tests.daemon.test_take_in import BENCH, NOW, written

NUMBER = "PC112326-1"
MINUTE = timedelta(minutes=1)


def files(site: Site) -> dict[str, bytes]:
    """Every file of a posting by its path."""
    return {
        path.relative_to(site.root).as_posix(): path.read_bytes() for path in site.root.rglob("*") if path.is_file()
    }


def dirty(desk: Desk) -> set[str]:
    """The keys of the pages that are out of date."""
    return {page.page for page in desk.store.dirty(10_000)}


def settle(desk: Desk) -> None:
    """Publish as the daemon does while no mail comes, until nothing is left."""
    while publish_some(desk, at_rest=True)[1]:
        pass
    while publish_some(desk, at_rest=True)[0]:
        pass


def test_a_change_request_is_there_at_once_and_the_rest_at_rest(desk: Desk) -> None:
    """With mail waiting: its page, feed and calendar, its month, the register; home page and lists when none waits."""
    settle(desk)
    before = files(desk.site)
    assert arrive(desk, written(WHOLE, "form")) == {Fate.REGISTERED: 1}
    publish_some(desk, at_rest=False)
    at_once = files(desk.site)
    assert {path for path in at_once if at_once[path] != before.get(path)} == {
        f"cr/{NUMBER}.html", f"cr/{NUMBER}.atom", f"cr/{NUMBER}.ics", "register/2026-11.html",
        "data/2026-11.js", "register.html"
    }  # fmt: skip
    assert {"home", "feed"} <= dirty(desk)
    settle(desk)
    assert dirty(desk) == set()
    later = files(desk.site)
    assert {"index.html", "feed.atom", "lists.html"} <= {path for path in later if later[path] != at_once.get(path)}


def test_under_constant_mail_the_rest_waits_for_a_minute(desk: Desk) -> None:
    """However often it is put out of date meanwhile, it counts from the first time."""
    settle(desk)
    arrive(desk, written(WHOLE, "form"))
    publish_some(desk, at_rest=False)
    assert "home" in dirty(desk)
    almost = at(desk, NOW + MINUTE / 2)
    arrive(almost, ordered("COMMENT Another word.\n", "word", subject=f"[{NUMBER}]"))
    publish_some(almost, at_rest=False)
    assert "home" in dirty(desk)
    publish_some(at(desk, NOW + 2 * MINUTE), at_rest=False)
    assert dirty(desk).isdisjoint({"home", "feed"})


def test_a_new_day_is_told_by_the_pages_that_speak_of_it(desk: Desk) -> None:
    """Nothing has changed, but what is due this week has."""
    settle(desk)
    assert publish_some(desk, at_rest=True) == (0, False)
    count, _ = publish_some(at(desk, NOW + DAY), at_rest=True)
    assert count > 0
    assert publish_some(at(desk, NOW + DAY + MINUTE), at_rest=True)[0] == 0


def test_what_a_kill_interrupts_is_done_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended after the files lie there and before the store knows: the same files, the same history, once."""
    settle(desk)
    arrive(desk, written(WHOLE, "form"))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "published", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(desk)
    page = (desk.site.root / f"cr/{NUMBER}.html").read_bytes()
    assert f"cr/{NUMBER}" in dirty(desk)
    publish(desk)
    assert (desk.site.root / f"cr/{NUMBER}.html").read_bytes() == page
    record = desk.store.view(NUMBER)
    assert record is not None
    assert sum(row.action == "CR Posted to Web" for row in record.rows) <= 1
    assert harmed_files(desk.store, desk.site) == ()


def test_only_the_manifest_decides_what_is_ours(desk: Desk) -> None:
    """What a key makes no more goes, with its folder; what another made, or nobody, stays."""
    publish(desk)
    place(desk, {"x/1": {"x/a.html": "a", "x/deep/b.html": "b"}, "x/2": {"x/c.html": "c"}})
    (desk.site.root / "x" / "note.txt").write_text("an operator's")
    place(desk, {"x/1": {"x/a.html": "a"}})
    assert {path for path in files(desk.site) if path.startswith("x/")} == {"x/a.html", "x/c.html", "x/note.txt"}
    assert not (desk.site.root / "x" / "deep").exists()
    place(desk, {"x/1": {}, "x/2": {"x/a.html": "now mine"}})
    assert (desk.site.root / "x/a.html").read_text() == "now mine"
    assert {file.path for file in desk.store.manifest() if file.path.startswith("x/")} == {"x/a.html"}


def test_a_key_that_nobody_builds_any_more_is_cleared(desk: Desk) -> None:
    """Pages of an earlier version, whose kind is gone, leave the posting with the next redesign."""
    publish(desk)
    place(desk, {"old/1": {"old/1.html": "of an earlier version"}})
    (desk.settings.kept / FURNISHED).write_text("something else")
    publish(desk)
    assert "old/1.html" not in files(desk.site)
    assert harmed_files(desk.store, desk.site) == ()


def test_a_redesign_puts_everything_out_of_date_and_lets_mail_in_between(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch by batch; a form that comes meanwhile is registered and posted, and the same bytes come out."""
    for n in range(4):
        arrive(desk, written(WHOLE.replace("rejects", f"rejects, part {n}"), f"form{n}"))
    publish(desk)
    before = files(desk.site)
    for path in before:
        if path.startswith("cr/"):
            (desk.site.root / path).write_text("the old look")
    (desk.settings.kept / FURNISHED).write_text("an older template")
    monkeypatch.setattr(room, "BATCH", 3)
    turns, more = 0, True
    while more:
        _, more = publish_some(desk, at_rest=turns % 2 == 1)
        turns += 1
        if turns == 2:
            assert arrive(desk, written(WHOLE.replace("rejects", "rejects, late"), "late")) == {Fate.REGISTERED: 1}
    settle(desk)
    assert turns > 3
    assert f"cr/{NUMBER[:-1]}5.html" in files(desk.site)
    assert {path: content for path, content in files(desk.site).items() if path.startswith(f"cr/{NUMBER}.")} == {
        path: content for path, content in before.items() if path.startswith(f"cr/{NUMBER}.")
    }


def test_documents_come_and_go_with_the_settings(desk: Desk) -> None:
    """Offered where the configuration allows them; withdrawn where it does no more."""
    mail = message_from_bytes(written("The form is attached.", "form"), policy=policy.default)
    content = blank(desk.settings.table, "docx", FIELDS)
    mail.add_attachment(content, maintype="application", subtype="octet-stream", filename="../Kim's form.exe")
    assert arrive(desk, mail.as_bytes()) == {Fate.REGISTERED: 1}
    publish(desk)
    assert not (desk.site.root / "cr" / NUMBER).exists()
    wanted = replace(desk.settings.posting, contacts=True, documents=("txt", "docx"))
    open_handed = replace(desk, settings=replace(desk.settings, posting=wanted))
    soiled(desk)
    publish(open_handed)
    page = (desk.site.root / f"cr/{NUMBER}.html").read_text()
    offered = [path for path in files(desk.site) if path.startswith(f"cr/{NUMBER}/")]
    assert offered == [f"cr/{NUMBER}/1-change-request-form.docx"]
    assert f'href="../{offered[0]}"' in page
    assert "kim@bench00.example" in page
    soiled(desk)
    publish(desk)
    assert not (desk.site.root / "cr" / NUMBER).exists()
    assert "kim@bench00.example" not in (desk.site.root / f"cr/{NUMBER}.html").read_text()


FIELDS: dict[str, Value] = {
    "originator_name": "Kim Example",
    "company": "Bench Telecom 00",
    "originator_email": "kim@bench00.example",
    "originator_phone": "303-555-0142",
    "area_of_change": "product_process",
    "title": "Name the failing field in rejects",
    "description": "The reject notice does not say which field of the order failed.",
    "areas_impacted": ("Ordering",),
    "products_impacted": ("LNP",),
}


def soiled(desk: Desk) -> None:
    """Everything is to be built again, as by `publish --all`."""
    desk.store.soil(desk.clock.now())
    for mark in MARKS:
        (desk.settings.kept / mark).unlink(missing_ok=True)


def test_what_somebody_removed_or_cut_is_made_again_with_a_new_day(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Files of every rhythm, and of none; with one line in the log and without touching what is whole."""
    arrive(desk, written(WHOLE, "form"), written(WHOLE.replace("rejects", "rejects, again"), "other"))
    publish(desk, full=True)
    root = desk.site.root
    removed = ("site.css", "workflow.html", "lists/open.html", f"cr/{NUMBER}.html", "data/months.js", "register.csv")
    before = {path: (root / path).read_bytes() for path in (*removed, "all/2026.html")}
    for path in removed:
        (root / path).unlink()
    (root / "all/2026.html").write_text("cut")
    whole = root / f"cr/{NUMBER[:-1]}2.html"
    untouched = whole.stat().st_ino
    publish(desk)
    assert not (root / "site.css").exists()
    next_day = at(desk, NOW + DAY)
    publish(next_day)
    assert {path: (root / path).read_bytes() for path in before} == before
    assert harmed_files(desk.store, desk.site) == ()
    assert whole.stat().st_ino == untouched
    publish(at(desk, NOW + 2 * DAY))
    soil_all(desk.store, desk.settings.kept, NOW + 2 * DAY)
    publish(at(desk, NOW + 2 * DAY))  # everything anew, because somebody asked for it
    assert [each.__dict__["files"] for each in caplog.records if each.message == "mended"] == [len(before)]


PATH = (
    "ASSIGN CRPM Lena Brandt DIRECTOR Grace Whitcomb", "SME Anita Pruitt; Ravi Mehta", "MEETING {soon} 10:00",
    "MINUTES We spoke of the edits.", "PRESENTED", "ALIGNED Everybody agrees on what is asked.",
    "DRAFT ACCEPTED\nPosition: It will be named in the notice.", "APPROVE", "RESPOND", "OUTCOME ACCEPTED PLAN",
    "ANNOUNCE {soon}", "PRODUCTION", "CLOSE It works.", "REOPEN TO 10 It does not.",
)  # fmt: skip
"""What happens to a change request when all goes well, and once more when it was not."""
ASIDE = (
    "COMMENT Which orders does it concern?", "NOTE Not for the public.", "DEFER UNTIL {later}", "RESUME",
    "WITHDRAW No longer needed.", "CROSSOVER SCR-17", "REOPEN TO 3 It was closed too early.", "RELATE {other}",
    "CORRECT title Another title because the first was wrong.", "WALKON", "EXTEND clarify {later} The CLEC is away.",
    "UNDO", "MEETING CANCEL", "OUTCOME REVISE Name its place as well.", "ASSIGN CRPM Luis Tafoya", "REWORK It fails.",
)  # fmt: skip
GRACE = ("grace.whitcomb", "Grace Whitcomb")


def walk(desk: Desk, seed: int, steps: int) -> tuple[Desk, int]:
    """Live a while: forms, commands, days, and publishing at any moment; gives the desk of the last one, and
    how many commands were obeyed."""
    lots, ways, obeyed = random.Random(seed), dict[str, Iterator[str]](), 0
    for step in range(steps):
        desk = at(desk, desk.clock.now() + timedelta(minutes=lots.choice((0, 1, 30, 1440))))
        day = desk.settings.office.calendar.local_date(desk.clock.now())
        if len(ways) < 2 or lots.random() < 0.1:
            arrive(desk, written(WHOLE.replace("rejects", f"rejects, part {step}"), f"form-{seed}-{step}"))
            numbers = (record.change.number for record in desk.store.changes() if record.change.logged)
            ways |= {number: iter(PATH) for number in numbers if number not in ways}
        else:
            number = lots.choice(list(ways))
            words = next(ways[number], "UNDO") if lots.random() < 0.7 else lots.choice(ASIDE)
            soon, later = (f"{day + timedelta(days=n):%m/%d/%Y}" for n in (5, 40))
            line = f"{words.format(soon=soon, later=later, other=lots.choice(list(ways)))}\n# {step}\n"
            about, name = f"[{number}]", f"order-{seed}-{step}"
            mail = of_staff(GRACE, line, about) if words == "APPROVE" else ordered(line, name, subject=about)
            obeyed += arrive(desk, mail)[Fate.OBEYED]
        if lots.random() < 0.3:
            meet(desk)
            remind(desk)
        if lots.random() < 0.7:
            publish_some(desk, at_rest=lots.random() < 0.5)
    return desk, obeyed


def anew(desk: Desk, folder: Path) -> dict[str, bytes]:
    """A full build of what the store holds, into a new folder."""
    settings = replace(
        desk.settings, kept=folder / "kept", posting=replace(desk.settings.posting, folder=folder / "site")
    )
    fresh = replace(desk, settings=settings, site=Site(folder / "site"))
    desk.store.soil(desk.clock.now())
    publish(fresh, full=True)
    return files(fresh.site)


@pytest.mark.parametrize("seed", range(3))
def test_what_grew_is_what_is_built_at_once(desk: Desk, tmp_path: Path, seed: int) -> None:
    """After any history of mails, clocks and half-finished publishing, the posting is byte for byte that of a
    full build of the same state; and so is a second full build."""
    desk, obeyed = walk(desk, seed, 50)
    assert obeyed > 10
    still = Still(desk.clock.now())
    desk = replace(desk, clock=still)
    publish(desk, full=True)
    assert dirty(desk) == set()
    grown = files(desk.site)
    first, second = anew(desk, tmp_path / "first"), anew(desk, tmp_path / "second")
    assert different(first, second) == []
    assert different(grown, first) == []


class Still(Clock):
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self.moment = moment

    def now(self) -> datetime:
        """Always the same."""
        return self.moment


def different(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths that are not the same in two postings."""
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


@contextmanager
def office(folder: Path, url: str) -> Iterator[Desk]:
    """The shipped office on a database."""
    settings = load(packaged() / "config.yaml", NOW)
    directory = replace(settings.office.directory, companies=(*settings.office.directory.companies, BENCH))
    settings = replace(
        settings,
        embedded=False,
        office=replace(settings.office, directory=directory),
        store_url=url,
        posting=replace(settings.posting, folder=folder / "site"),
        kept=folder,
    )
    with open_desk(settings, Still(NOW)) as opened:
        yield opened


def test_the_database_is_not_seen_on_the_posting(tmp_path: Path, postgres: Any) -> None:
    """The same mails at the same moments give the same bytes on SQLite and on PostgreSQL."""
    built = []
    for name, url in (("one", f"sqlite:///{tmp_path}/one/db.sqlite"), ("two", postgres.database())):
        with office(tmp_path / name, url) as desk:
            for n in range(3):
                arrive(desk, written(WHOLE.replace("rejects", f"rejects, part {n}"), f"form{n}"))
            arrive(desk, ordered("ASSIGN CRPM Lena Brandt DIRECTOR Grace Whitcomb\n", "order", subject=f"[{NUMBER}]"))
            arrive(desk, of_staff(LENA, "COMMENT Said in public.\n", f"[{NUMBER}]"))
            publish(desk, full=True)
            built.append(files(desk.site))
    assert different(*built) == []
    assert len(built[0]) > 20


def test_a_day_of_failing_is_told_once(desk: Desk) -> None:
    """In the log at once, to the CMP Manager after a day, and never twice; the pages are written as ever."""
    carrier = Carrier(("sh", "-c", "echo no route to host >&2; exit 5"), desk.site.root, desk.settings.kept / "carried")
    desk = replace(desk, carrier=carrier, site=Site(desk.site.root, carrier.owe))
    publish(desk)
    weather = Weather()
    assert carry(desk, weather, wait=True) is False
    assert weather.told == {"after publishing": "the command after publishing failed"}
    assert letters(desk, Kind.UNCARRIED) == []
    for days in (1.1, 1.2, 3):
        assert carry(at(desk, NOW + days * DAY), weather, wait=True) is False
    (letter,) = letters(desk, Kind.UNCARRIED)
    assert letter.recipient == "marta.ellison@meridell.example"
    assert "no route to host" in text_of(desk, letter)
    assert "11/23/2026" in text_of(desk, letter) or "November 23, 2026" in text_of(desk, letter)
    assert (desk.site.root / "index.html").exists()
    working = replace(desk, carrier=Carrier(("true",), desk.site.root, desk.settings.kept / "carried"))
    assert carry(working, weather, wait=True) is True
    assert weather.told == {}


def test_one_worker_publishes_at_a_time(tmp_path: Path, postgres: Any) -> None:
    """On PostgreSQL another worker holds off; what it leaves is there for the next turn."""
    url = postgres.database()
    with office(tmp_path, url) as desk, office(tmp_path / "other", url) as other:
        arrive(desk, written(WHOLE, "form"))
        with other.store.leading() as held:
            assert held
            assert publish(desk) == 0
            assert publish_some(desk, at_rest=True) == (0, False)
        other.store.close()
        assert publish(desk) > 0


def test_a_site_that_cannot_be_written_stays_out_of_date(desk: Desk) -> None:
    """Trouble of the world; nothing is marked clean, nothing recorded."""
    arrive(desk, written(WHOLE, "form"))
    desk.site.root.parent.mkdir(parents=True, exist_ok=True)
    desk.site.root.write_text("a file where the folder should be")
    with pytest.raises(Trouble):
        publish(desk)
    assert f"cr/{NUMBER}" in dirty(desk)
    assert desk.store.manifest() == ()
