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


def test_a_word_in_capitals_keeps_them(desk: Desk) -> None:
    """In the subject and in the line; any other line begins with a capital letter."""
    lena: Person = next(person for person in desk.settings.office.directory.people if Role.CRPM in person.roles)
    change, day = at_step(Step.CLARIFICATION, people={"crpm": (lena.id,)}), date(2026, 12, 16)
    for kind, subject, line in (
        (DeadlineKind.PRESENT, "CLEC presents the CR", "CLEC presents the CR"),
        (DeadlineKind.MINUTES, "issue the minutes", "Issue the minutes"),
    ):
        told = Remind(lena, "due/1", change, kind, kind.value, day, 0)
        raw = desk.compose(digest(lena, [told], desk.settings.office, day))
        mail = message_from_bytes(raw, policy=policy.default)
        text = mail.get_body(("plain",))
        assert text is not None
        assert mail["Subject"] == f"{change.number}: {subject}, today"
        assert f"{change.number}: {line}. By" in text.get_content()
