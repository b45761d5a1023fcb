"""The life of one change request, by real mails over Dovecot and SMTP: from its form to CR Closed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from bench.mails import AUTHSERV, mail
from bot.cli.demo_life import Act, life
from bot.config import load
from bot.office.people import Address
from tests.house import House
from tests.servers import Dovecot, Sink, Taken

pytestmark = pytest.mark.slow

START = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
RESTS = ["2", "3", "4", "5", "5A", "5", "7", "8", "10", "11"]
"""Where it stands in turn; 1, 6 and 9 are passed in one go, and leave their milestones."""
MILESTONES = {
    "CR Received",
    "SME Assigned",
    "Alignment Completed",
    "Response Issued",
    "Response Presented",
    "Response Accepted",
    "CLEC Notified",
    "Test Ready",
    "CR Closed",
}


def stamped(act: Act, mailbox: str, taken: Sequence[Taken]) -> bytes:
    """A mail of the life as the border hands it on: a reply to the last letter that its sender got."""
    letters = [message_from_bytes(each.raw)["Message-ID"] for each in taken if act.scene.answers in each.to]
    stamp = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from={act.scene.sender.domain}\r\n"
    return stamp.encode() + act.scene.message(Address(mailbox), act.at, letters[-1] if letters else "")


def test_a_change_request_lives_from_its_form_to_its_end(
    tmp_path: Path, dovecot: Dovecot, sink: Sink, store_url: str
) -> None:
    """Every step of the seed's way is reached by a mail; each person gets what they are owed, the page shows it."""
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, store_url)
    form = mail(1)
    house.fill(form)
    assert house.at(START).ask("once")["fates"] == {"registered": 1}
    (number,) = house.numbers()
    office = load(house.folder / "config.yaml", START).office
    sender = str(message_from_bytes(form)["From"])
    originator = Address(sender.rpartition("<")[2].rstrip(">").lower(), sender.partition("<")[0].strip())
    rests, letters = ["2"], len(sink.taken)
    for act in life(office, number, originator, START):
        house.fill(stamped(act, house.mailbox, sink.taken))
        done = house.at(act.at).ask("once")
        assert done["fates"] == {"obeyed": 1}, (act.scene.title, house.ask("mail")[-1])
        assert len(sink.taken) > letters, act.scene.title
        letters = len(sink.taken)
        step = house.ask("show", number)["step"]
        rests += [step] if step != rests[-1] else []
    assert rests == RESTS
    shown = house.ask("show", number)
    assert {row["name"] for row in shown["milestones"]} == MILESTONES
    assert (shown["phase"], shown["disposition"], shown["reaction"]) == ("Completion", "Accepted", "Accepted")
    page = (house.folder / "site" / "cr" / f"{number}.html").read_text(encoding="utf-8")
    assert "Completion" in page
    assert "Meridell Response Issued" in page
