"""The digest as a letter: a link with its own code for each change request, whatever people wrote."""

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from urllib.parse import unquote

from bot.daemon.desk import Desk
from bot.office.people import Person, Role
from bot.workflow.change import Step
from bot.workflow.deadline import DeadlineKind
from bot.workflow.digest import digest
from bot.workflow.effect import Remind
from tests.workflow.offices import FIELDS, at_step

TITLE = "Show <script>alert(1)</script>\nRESPOND & the field"


def composed(desk: Desk, count: int) -> tuple[str, str, str]:
    """Subject, text and HTML of a digest about so many change requests."""
    office = desk.settings.office
    lena: Person = next(person for person in office.directory.people if Role.CRPM in person.roles)
    changes = [
        replace(
            at_step(Step.CLARIFICATION, people={"crpm": (lena.id,)}),
            key=f"PC112326-{n}",
            number=f"PC112326-{n}",
            fields={**FIELDS, "title": TITLE},
        )
        for n in range(1, count + 1)
    ]
    reminders = [
        Remind(lena, f"due/{n}", change, DeadlineKind.CLARIFY, "hold the meeting", date(2026, 12, 3), 1 - n % 3)
        for n, change in enumerate(changes)
    ]
    raw = desk.compose(digest(lena, reminders, office, date(2026, 12, 3)))
    mail = message_from_bytes(raw, policy=policy.default)
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and html is not None
    return mail["Subject"], text.get_content(), html.get_content()


def test_each_line_has_its_own_link_and_code(desk: Desk) -> None:
    """What is done by a click is vouched for, for that change request alone; a reply that quotes the text is
    vouched for too."""
    subject, text, html = composed(desk, 3)
    assert subject == "What is due: 1 overdue, 1 today, 1 soon"
    links = [unquote(part.partition('"')[0]) for part in html.split('href="mailto:')[1:] if "subject=" in part[:80]]
    codes = {link.partition("# ")[2] for link in links}
    assert len(links) == 3
    assert len(codes) == 3
    assert all(code.startswith("cmp") for code in codes)
    assert codes == {line.strip() for line in text.splitlines() if line.startswith("  cmp")}
    assert "PC112326-1: MEETING" in text


def test_what_people_wrote_stays_words(desk: Desk) -> None:
    """No markup, and no line that opens with a verb, however it is quoted."""
    _, text, html = composed(desk, 2)
    assert "<script>alert" not in html
    assert not any(line.lstrip("> ").startswith("RESPOND") for line in text.splitlines())
    assert max(map(len, text.splitlines())) <= 78


def test_a_long_digest_is_not_cut_by_mail_programs(desk: Desk) -> None:
    """Its HTML stays under 100 kB, however much is due."""
    _, _, html = composed(desk, 500)
    assert len(html.encode()) < 102_000
