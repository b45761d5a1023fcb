"""What is made once an hour, feeds and REPORT on real stores: made when they should be, of what is there."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import feedparser
import icalendar
import pytest
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from bot.daemon.desk import Desk
from bot.daemon.figure import FEEDS, figure, figure_some
from bot.daemon.months import FOLDER
from bot.daemon.publish import publish
from bot.edge.clock import Clock
from bot.edge.store import Store
from bot.mail.letter import Kind
from bot.posting.public import Record
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import DAY, at, opened, text_of
from tests.daemon.test_matters import LENA, assigned, of_staff

FILES = ("figures.html", "figures.csv", "feeds/public.ics")


def written(desk: Desk) -> dict[str, bytes]:
    """What the posting has of figures."""
    return {name: (desk.site.root / name).read_bytes() for name in FILES}


def hour(desk: Desk, hours: float) -> Desk:
    """The same desk later."""
    return replace(desk, clock=Clock(desk.clock.now() + timedelta(hours=hours)))


def test_figures_and_feeds_lie_where_their_readers_look(desk: Desk) -> None:
    """The public's on the posting, the staff's beside it and not on it; every page leads to the figures."""
    assigned(desk)
    publish(desk)
    found = written(desk)
    assert b"CRPM and Director assignment" in found["figures.html"]
    public = icalendar.Calendar.from_ical(found["feeds/public.ics"])
    assert "PC112326-1-clarify@meridell.example" in {str(event["UID"]) for event in public.walk("VEVENT")}
    staff = desk.settings.kept / FEEDS
    assert {each.name for each in staff.glob("*.ics")} == {
        "cmp-manager.ics", "cmp-group-manager.ics", "crpm.ics", "director.ics", "sme.ics"
    }  # fmt: skip
    assert b"PC112326-1-clarify" in (staff / "person" / "brandt.ics").read_bytes()
    assert not staff.is_relative_to(desk.site.root)
    assert 'href="figures.html"' in (desk.site.root / "index.html").read_text()
    rows = list(csv.reader(io.StringIO(found["figures.csv"].decode("utf-8-sig"))))
    assert ["2026-11", "log and acknowledge", "1", "1", "0", "0", "0"] in [row[:7] for row in rows]


def test_figures_are_made_once_an_hour(desk: Desk) -> None:
    """Not for every mail, nor at every start; what says the same is not written anew; a missing page is."""
    publish(desk)
    empty = written(desk)
    assigned(desk)
    publish(desk)
    assert figure(desk) is False
    assert written(desk) == empty
    assert figure(hour(desk, 1)) is True
    full = written(desk)
    assert full != empty
    before = {name: (desk.site.root / name).stat().st_mtime_ns for name in FILES}
    assert figure(hour(desk, 2)) is True
    assert {name: (desk.site.root / name).stat().st_mtime_ns for name in FILES} == before
    (desk.site.root / "figures.html").unlink()
    publish(hour(desk, 2))
    assert written(desk) == full
    assert figure(desk, anew=True) is True


EXPORTS = ("register.json", "register.csv", "register.xlsx", "register.schema.json", "downloads.html", "all.html")


def numbers(desk: Desk) -> dict[str, list[str]]:
    """The change requests that each export has, by independent readers."""
    root = desk.site.root
    book = load_workbook(root / "register.xlsx").active
    assert book is not None
    with (root / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        table = [row["number"] for row in csv.DictReader(file)]
    document = json.loads((root / "register.json").read_bytes())
    Draft202012Validator(json.loads((root / document["$schema"]).read_bytes())).validate(document)
    return {
        "json": [each["number"] for each in document["change_requests"]],
        "csv": table,
        "xlsx": [str(cell.value) for cell in book["A"][1:]],
    }


def test_the_exports_have_the_register(desk: Desk) -> None:
    """All of them are there from the start, empty; an hour later each has what was logged, and so have the year's
    page and the manifest."""
    publish(desk)
    root = desk.site.root
    assert all((root / name).exists() for name in EXPORTS)
    assert set(map(tuple, numbers(desk).values())) == {()}
    assigned(desk)
    later = hour(desk, 1)
    publish(later)
    assert set(map(tuple, numbers(later).values())) == {("PC112326-1",)}
    year = (root / "all/2026.html").read_text("utf-8")
    assert 'href="../cr/PC112326-1.html"' in year
    assert 'href="all/2026.html"' in (root / "all.html").read_text("utf-8")
    filed = {file.path for file in desk.store.manifest()}
    assert {*EXPORTS, "all/2026.html", "feed.atom", "cr/PC112326-1.atom", "cr/PC112326-1.ics"} <= filed


def test_feeds_and_calendars_of_change_requests_follow_at_once(desk: Desk) -> None:
    """They do not wait for the hour: what readers subscribe to is there with the page."""
    assigned(desk)
    publish(desk)
    root = desk.site.root
    for name in ("feed.atom", "cr/PC112326-1.atom"):
        found = feedparser.parse((root / name).read_bytes())
        assert not found.bozo
        assert "PC112326-1 CR Posted to Web" in {entry.title.partition(":")[0] for entry in found.entries}
    own = icalendar.Calendar.from_ical((root / "cr/PC112326-1.ics").read_bytes())
    uids = {str(event["UID"]) for event in own.walk("VEVENT")}
    of_all = icalendar.Calendar.from_ical((root / "feeds/public.ics").read_bytes())
    assert uids
    assert uids == {str(event["UID"]) for event in of_all.walk("VEVENT") if str(event["UID"]).startswith("PC")}


def test_an_hour_costs_what_changed_in_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month is read when something of it changed, not again; what lies there already is not written anew."""
    read: list[str] = []
    whole_month = Store.whole_month

    def counted(store: Store, month: str) -> tuple[Record, ...]:
        read.append(month)
        return whole_month(store, month)

    monkeypatch.setattr(Store, "whole_month", counted)
    assigned(desk)
    publish(desk)
    assert read == ["2026-11"]
    before = {path: path.stat().st_mtime_ns for path in desk.site.root.rglob("*") if path.is_file()}
    figure(hour(desk, 1))
    assert read == ["2026-11"]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    arrive(desk, of_staff(LENA, "NOTE internal\n", "[PC112326-1] NOTE"))
    figure(hour(desk, 2))
    assert read == ["2026-11"] * 2
    assert b"internal" not in b"".join(path.read_bytes() for path in desk.site.root.glob("register.*"))


def test_mail_does_not_wait_for_a_whole_register(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade the months are made a few at a time; only when all are there is anything written."""
    assigned(desk)
    monkeypatch.setattr("bot.daemon.figure.MONTHS", 0)
    assert figure_some(desk) == (False, True)
    assert not (desk.site.root / "register.json").exists()
    monkeypatch.setattr("bot.daemon.figure.MONTHS", 1)
    assert figure_some(desk) == (True, False)
    assert set(map(tuple, numbers(desk).values())) == {("PC112326-1",)}
    assert figure_some(desk) == (False, False)
    assert not figure(desk)


def test_the_same_state_gives_the_same_bytes(desk: Desk) -> None:
    """Made anew from nothing, with what was kept thrown away, every file is what it was."""
    assigned(desk)
    publish(desk, full=True)
    root = desk.site.root
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for path in (desk.settings.kept / FOLDER).glob("*.json"):
        path.write_bytes(b"{")
    for name in (*EXPORTS, "all/2026.html", "figures.html", "feeds/public.ics"):
        (root / name).unlink()
    publish(hour(desk, 0.01), full=True)
    assert {path: content for path, content in before.items() if path.read_bytes() != content} == {}


def test_a_clock_that_jumps_back_makes_them_anew(desk: Desk) -> None:
    """Whatever hour it is, what stands there is of that hour."""
    assert figure(hour(desk, 5)) is True
    assert figure(desk) is True
    assert figure(desk) is False


def test_report_by_mail(desk: Desk) -> None:
    """A letter of its own, with a table and a workbook that open; the transcript has the sum."""
    assigned(desk)
    assert arrive(desk, of_staff(LENA, "REPORT november\n")) == {Fate.OBEYED: 1}
    assert "Deadlines of November 2026 so far:" in " ".join(text_of(desk, letters(desk, Kind.TRANSCRIPT)[-1]).split())
    (letter,) = letters(desk, Kind.REPORT)
    assert letter.recipient == "lena.brandt@meridell.example"
    mail = opened(desk, letter)
    files = {file.get_filename(): file.get_payload(decode=True) for file in mail.iter_attachments()}
    assert list(files) == ["adherence-2026-11.csv", "adherence-2026-11.xlsx"]
    table, workbook = files.values()
    assert isinstance(table, bytes)
    assert isinstance(workbook, bytes)
    assert b"2026-11,assign CRPM and Director,1,1,0,0,0,0,0\r\n" in table or b"assign CRPM and Director,1,1" in table
    book = load_workbook(io.BytesIO(workbook))
    assert {row[0].value for row in book["Deadlines"].iter_rows(min_row=2)} == {"PC112326-1"}
    assert "log and acknowledge: 1 promised, 1 met in time" in " ".join(text_of(desk, letter).split())


@pytest.mark.parametrize("line", ["REPORT", "DRY RUN\nREPORT"])
def test_a_report_for_nobody_else(desk: Desk, line: str) -> None:
    """Asked in a dry run nothing is sent; what fell due last month goes to whoever asks, once."""
    assigned(desk)
    later = at(desk, desk.clock.now() + 20 * DAY)
    arrive(later, of_staff(LENA, f"{line}\n"))
    assert len(letters(later, Kind.REPORT)) == (0 if line.startswith("DRY") else 1)
