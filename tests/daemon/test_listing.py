"""The lists of the register, as publishes make them of a real store while change requests move."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bot.config import load
from bot.config.load import packaged
from bot.daemon.desk import Desk, open_desk
from bot.daemon.publish import publish
from bot.edge.clock import Clock
from bot.mail.compose import message_id
from bot.mail.letter import Letter
from bot.posting.pages import NEWEST
from bot.workflow.change import Phase, Step
from bot.workflow.effect import Decision, Fate, Publish, Row
from tests.posting.samples import OFFICE, register
from tests.posting.stocked import NOW, stock


@contextmanager
def posting(folder: Path, count: int) -> Iterator[Desk]:
    """A published posting of so many change requests."""
    settings = load(packaged() / "config.yaml", NOW)
    settings = replace(
        settings,
        embedded=False,
        office=OFFICE,
        store_url=f"sqlite:///{folder}/store.sqlite",
        posting=replace(settings.posting, folder=folder / "site", after_publish=()),
        kept=folder / "kept",
    )
    with open_desk(settings, Clock(NOW)) as desk:
        stock(desk.store, register(count), OFFICE, NOW)
        publish(desk)
        yield desk


def move(desk: Desk, number: str, **changes: object) -> None:
    """Let a change request become otherwise, and publish what that puts out of date."""
    with desk.store.begin(NOW) as unit:
        found = unit.change_numbered(number)
        assert found is not None
        moved = replace(found, **changes)  # type: ignore[arg-type]  # fields by name
        row = Row("Status Changed", "moved", NOW, "lena")
        unit.record(Decision(Fate.OBEYED, "", moved, (row,), (Publish(),)), f"move-{number}", _wire, _message_id)
    publish(desk)


def listed(desk: Desk, path: str) -> set[str]:
    """The numbers on a page."""
    return set(re.findall(r'href="[./]*cr/(PC[\d-]+)\.html"', (desk.site.root / path).read_text()))


def test_a_change_request_leaves_the_lists_that_it_was_on(tmp_path: Path) -> None:
    """When its phase changes, or it is closed, or its company is corrected, the old lists lose it and the new ones
    get it; a page that links to a list that became empty still finds it."""
    with posting(tmp_path, 8) as desk:
        number = register(8)[-1].change.number
        assert number in listed(desk, "phase/submission.html") & listed(desk, "lists/open.html")
        move(desk, number, phase=Phase.COMPLETION, step=Step.CLOSED, company="Zeta Fiber")
        for path in ("phase/completion.html", "lists/closed.html", "company/zeta-fiber.html", "year/2026.html"):
            assert number in listed(desk, path), path
        for path in ("phase/submission.html", "lists/open.html", "company/larkspur-networks.html"):
            assert number not in listed(desk, path), path
        assert 'href="company/zeta-fiber.html"' in (desk.site.root / "lists.html").read_text()
        assert '"Zeta Fiber"' in (desk.site.root / "data/months.js").read_text()
        assert f'"{number}"' in (desk.site.root / "data/2026-11.js").read_text()


def test_a_list_that_outgrows_its_page_gets_its_months(tmp_path: Path) -> None:
    """From then on each month is a page and is kept right, also when the list has become short again."""
    with posting(tmp_path, NEWEST) as desk:
        root, numbers = desk.site.root, [one.change.number for one in register(NEWEST)]
        assert not (root / "lists/open").exists()
        stock(desk.store, (replace(register(NEWEST + 1)[0]),), OFFICE, NOW)
        publish(desk)
        months = sorted((root / "lists/open").iterdir())
        on_parts = set[str]().union(*(listed(desk, f"lists/open/{month.name}") for month in months))
        assert len(on_parts) == NEWEST + 1
        assert len(listed(desk, "lists/open.html")) == NEWEST
        for number in numbers[:3]:
            move(desk, number, phase=Phase.WITHDRAWN)
        assert len(listed(desk, "lists/open.html")) == NEWEST - 2
        on_parts = set[str]().union(*(listed(desk, f"lists/open/{month.name}") for month in months if month.exists()))
        assert on_parts == listed(desk, "lists/open.html")


def test_every_list_is_there_from_the_start(tmp_path: Path) -> None:
    """Also those on which nothing is, because other pages lead to them."""
    with posting(tmp_path, 1) as desk:
        links = re.findall(
            r'href="((?:lists|phase|company|year)/[\w/-]+\.html)"', (desk.site.root / "lists.html").read_text()
        )
        assert len(links) == len(Phase) + 2 + 1 + 1
        assert all((desk.site.root / link).exists() for link in links)


def test_a_change_alters_two_pages_of_a_list(tmp_path: Path) -> None:
    """However many months a list has: its first page and the month concerned."""
    with posting(tmp_path, NEWEST + 20) as desk:
        before = {path: path.stat().st_mtime_ns for path in desk.site.root.rglob("*.html")}
        move(desk, register(NEWEST + 20)[5].change.number, people={"crpm": ("omar",)})
        changed = {
            str(path.relative_to(desk.site.root))
            for path in desk.site.root.rglob("*.html")
            if before.get(path) != path.stat().st_mtime_ns
        }
        of_lists = {path for path in changed if path.startswith(("lists/", "phase/"))}
        assert len(of_lists) == 2, of_lists  # it is older than the newest hundred, so that the first pages stay


def _wire(letter: Letter) -> bytes:
    """Stands in for a composed letter; none is sent."""
    return letter.id.encode()


def _message_id(letter: str) -> str:
    return message_id(letter, "meridell.example")
