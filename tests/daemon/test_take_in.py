"""Take in: bugs of ours, corrections and replays, on a real store; no mail server is needed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from bench.mails import mail
from bot.config import load
from bot.config.load import packaged
from bot.daemon import take_in as room
from bot.daemon.desk import Desk, open_desk
from bot.edge.clock import Clock
from bot.edge.mailbox import Fetched
from bot.edge.templates import Templates
from bot.errors import BrokenTemplate
from bot.office.people import Company
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Decision, Fate
from tests.arriving import arrive

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
BENCH = Company("Bench Telecom 00", frozenset({"bench00.example"}))
FORM = """\
Originator Name: Kim Example
Company: Bench Telecom 00
E-mail: kim@bench00.example
Area of Change Request: Product/Process
Title of Change: Name the failing field in rejects
Description of Change: The reject notice does not say which field of the order failed.
Areas Impacted: Ordering
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The shipped office with one more company, and everything it writes in a folder of its own."""
    settings = load(packaged() / "config.yaml", NOW)
    directory = settings.office.directory
    settings = replace(
        settings,
        embedded=False,
        office=replace(settings.office, directory=replace(directory, companies=(*directory.companies, BENCH))),
        store_url=f"sqlite:///{tmp_path / 'cmpbot.sqlite'}",
        posting=replace(settings.posting, folder=tmp_path / "site"),
        kept=tmp_path,
    )
    with open_desk(settings, Clock(NOW)) as opened:
        yield opened


def written(
    body: str, name: str, answers: str = "", domain: str = "bench00.example", subject: str = "Change request"
) -> bytes:
    """A plain mail of Kim's, vouched for by the border."""
    message = EmailMessage()
    message["Authentication-Results"] = f"mx.meridell.example; dmarc=pass header.from={domain}"
    message["From"] = f"Kim Example <kim@{domain}>"
    message["To"] = "cmpcr@meridell.example"
    message["Subject"] = subject
    message["Date"] = "Mon, 23 Nov 2026 09:00:00 -0700"
    message["Message-ID"] = f"<{name}@{domain}>"
    if answers:
        message["In-Reply-To"] = answers
    message.set_content(body)
    return message.as_bytes()


def raising(name: str) -> Callable[..., Any]:
    """A step of ours with a bug that one mail brings out."""
    original = getattr(room, name)

    def step(change: ChangeRequest | None, event: Any, *rest: Any) -> Decision:
        if "boom" in str(event):
            raise RuntimeError("a bug of ours")
        decision: Decision = original(change, event, *rest)
        return decision

    return step


def test_a_bug_costs_one_mail_its_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail is quarantined with its raw bytes; those before and after it go on."""
    monkeypatch.setattr(room, "decide", raising("decide"))
    bad = written(FORM + "Phone: 303-555-0142\nProducts Impacted: boom\n", "bad")
    assert arrive(desk, mail(40), bad, mail(80)) == {Fate.REGISTERED: 2, Fate.QUARANTINED: 1}
    (row,) = desk.store.mails(Fate.QUARANTINED)
    assert desk.store.mail_raw(row.id) == bad


def test_a_template_that_somebody_broke_costs_no_mail_anything(desk: Desk, tmp_path: Path) -> None:
    """A form waits, without blame, as long as its letter cannot be put into words; it is handled once the template
    is mended."""
    folder = tmp_path / "altered"
    copytree(desk.settings.templates, folder)
    good = (folder / "mail/acknowledgement.html").read_text("utf-8")
    (folder / "mail/acknowledgement.html").write_text(good + "{{ change.no_such_thing }}", "utf-8")
    settings = desk.settings
    altered = replace(desk, templates=Templates(folder, settings.office, settings.table))
    form = mail(40)  # once: made a second later it holds another file
    for _ in range(settings.limits.attempts + 2):
        with pytest.raises(BrokenTemplate, match=r"template mail/acknowledgement\.html, line \d+: "):
            arrive(altered, form)
    assert not desk.store.mails(Fate.QUARANTINED)
    assert arrive(desk) == {Fate.REGISTERED: 1}


def test_even_a_bug_in_the_report_of_a_bug_leaves_a_fate(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the letter about it cannot be made either, the mail is quarantined all the same."""

    def broken(*_: Any) -> Decision:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(room, "decide", broken)
    assert arrive(desk, mail(0)) == {Fate.QUARANTINED: 1}


def test_a_correction_by_reply_finishes_the_intake(desk: Desk) -> None:
    """Two labelled lines in a reply to the letter are enough: same intake, first arrival kept."""
    assert arrive(desk, written(FORM, "first")) == {Fate.INCOMPLETE: 1}
    (asked,) = [letter for letter in desk.store.letters() if letter.kind == "incomplete"]
    reply = written(
        "Phone: 303-555-0142\nProducts Impacted: LNP\n",
        "second",
        asked.message_id,
        subject="Re: [IN112326-1] Please correct",
    )
    assert arrive(desk, reply) == {Fate.REGISTERED: 1}
    (record,) = desk.store.changes()
    assert (record.change.key, record.change.number) == ("IN112326-1", "PC112326-1")
    assert record.change.text("title") == "Name the failing field in rejects"


def test_a_stranger_cannot_finish_somebody_elses_intake(desk: Desk) -> None:
    """A reply in the thread by another company is a form of its own, or nothing."""
    arrive(desk, written(FORM, "first"))
    (asked,) = [letter for letter in desk.store.letters() if letter.kind == "incomplete"]
    arrive(desk, written(FORM + "Phone: 303-555-0142\n", "x", answers=asked.message_id, domain="alderpoint.example"))
    assert desk.store.changes()[0].change.number == "IN112326-1"


def test_a_replay_goes_on_with_its_own_intake(desk: Desk) -> None:
    """A parked form is registered once its company is known, under its first arrival."""
    whole = written(FORM + "Phone: 303-555-0142\nProducts Impacted: LNP\n", "new", domain="newcomer.example")
    assert arrive(desk, whole) == {Fate.PARKED: 1}
    (row,) = desk.store.mails(Fate.PARKED)
    assert desk.store.replay(row.id) is None
    office = desk.settings.office
    newcomer = Company("Newcomer", frozenset({"newcomer.example"}))
    directory = replace(office.directory, companies=(*office.directory.companies, newcomer))
    again = replace(desk, settings=replace(desk.settings, office=replace(office, directory=directory)))
    assert arrive(again) == {Fate.REGISTERED: 1}
    (record,) = desk.store.changes()
    assert (record.change.key, record.change.number) == ("IN112326-1", "PC112326-1")


def test_an_arrival_is_never_in_the_future(desk: Desk) -> None:
    """A server whose clock runs ahead does not date a number ahead."""
    fetched = Fetched(7, datetime(2031, 1, 1, tzinfo=UTC), b"Subject: x\r\n\r\n", False)
    assert room.arrival(fetched, "INBOX", 1, NOW).envelope.arrived == NOW
