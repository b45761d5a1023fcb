"""The pages that speak of the day, as a publish makes them of a real store."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.posting.lived import lived
from tests.posting.markup import parsed
from tests.posting.samples import record
from tests.posting.stocked import MEETING, published

NOW = datetime(2026, 12, 11, 18, 0, tzinfo=UTC)
RECORDS = (lived(), record())
LIVED = lived().change.number
FRONT = ("index.html", "notices.html", "meetings.html", "about.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The posting on the day on which a package was mailed."""
    return published(tmp_path_factory.mktemp("front"), RECORDS, now=NOW)


def words(site: Path, name: str) -> str:
    """What a page says."""
    return " ".join(parsed((site / name).read_text()).text.split())


def test_home_says_what_is_next(site: Path) -> None:
    """The meeting with its agenda, what is due within a week, what changed in the last one."""
    told = words(site, "index.html")
    for part in (
        "As of Friday, December 11, 2026.",
        "Next Monthly CMP Meeting Wednesday, December 16, 2026 9:00 AM Mountain Time",
        "Agenda and attachments, mailed 12/11/2026",
        "Submission cut-off 12/01/2026 (passed)",
        "Meeting of 01/20/2027, if complete by 01/01/2027",
        "Due this week Planned dates from today to 12/17/2026.",
        "What changed in the last seven days",
        f"{LIVED} Document and publish the 911 unlock process Escalated",
        "Meridell Response Issued CLECs notified by CMPR.12.09.26.F.00001.CR_Responses. Denied.",
        "Where they stand Submission",
    ):
        assert part in told, part
    assert "Draft Response Issued" not in told


def test_home_says_what_is_past_its_date(site: Path) -> None:
    """What was planned for a day before today and is not done; the calendars promise nothing that is over."""
    told = words(site, "index.html")
    assert "Past their planned date What was planned, or extended, to a date before today" in told
    assert re.search(r"CRPM and Director assignment, was planned for 11/\d\d/2026 PC112226-1 ", told), told
    for name in ("downloads.html", "figures.html"):
        assert "date ahead" not in words(site, name)


def test_notices_and_minutes_are_listed(site: Path) -> None:
    """By year too; the package of the meeting is a notice like any other."""
    for name in ("notices.html", "notices/2026.html"):
        told = words(site, name)
        assert f"Denied of {LIVED} CMPR.12.09.26.F.00001.CR_Responses" in told
        assert f"Distribution package of the Monthly CMP Meeting of {MEETING:%m/%d/%Y}" in told
    told = words(site, "meetings.html")
    assert "Minutes of the meeting of 11/18/2026" in told
    assert "12/01/202612/09/2026Agenda, mailed 12/11/2026" in told


def test_about_names_people_and_no_address_but_the_mailbox(site: Path) -> None:
    """Who is who by role; the one address is the mailbox's."""
    told = words(site, "about.html")
    for part in ("Delgado, Rosa", "Marsh, Lena", "8:00 AM to 5:00 PM"):
        assert part in told
    addresses = set(re.findall(r"[\w.]+@[\w.]+\w", (site / "about.html").read_text()))
    assert addresses == {"cmpcr@meridell.example"}


def test_every_link_of_these_pages_leads_somewhere(site: Path) -> None:
    """To a file of the posting, and to a place on it where one is named."""
    for name in (*FRONT, "notices/2026.html", f"meetings/{MEETING}.html", f"cr/{LIVED}.html"):
        page = site / name
        for link in parsed(page.read_text()).links:
            path, _, place = link.partition("#")
            if not path.startswith(("mailto:", "https:", "data:")):
                target = page.parent / path if path else page
                assert target.exists(), f"{name}: {link}"
                assert not place or f'id="{place}"' in target.read_text(), f"{name}: {link}"


def test_the_same_state_gives_the_same_pages(site: Path, tmp_path: Path) -> None:
    """Another publish of the same on the same day differs in no byte."""
    again = published(tmp_path, RECORDS, now=NOW)
    for name in (*FRONT, "notices/2026.html", f"cr/{LIVED}.html"):
        assert (again / name).read_bytes() == (site / name).read_bytes(), name
