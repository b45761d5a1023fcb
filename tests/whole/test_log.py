"""The log of a whole run tells what happened and gives nobody away: no secret, no text of a mail,
no full address (DESIGN section 8, promise 4)."""

import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from bench.mails import mail
from tests.house import House, started, write_secret
from tests.intake.office_files import p, word
from tests.mixed import MAILS, written
from tests.servers import PASSWORD, Dovecot, Sink, until
from tests.whole.conftest import Run
from tests.whole.test_outages import admit

pytestmark = pytest.mark.slow

CANARY = "canary-7f3a91"
PRIVATE = ("303-555-", "Business Reason", "Originator Name", "Good morning", "out of the office", CANARY, PASSWORD)
ADDRESS = re.compile(r"[\w+-]{2,}@[\w-]+\.example")


def canaries() -> list[bytes]:
    """Mails that carry what must not be seen, in every place where a sender can write."""
    body = f"Originator Name: {CANARY}\nPhone: {CANARY}\nTitle of Change: {CANARY}\n{CANARY}@{CANARY}.example\n"
    forms = [
        written(900, body, "bench00.example", Reply_To=f"{CANARY} <{CANARY}@bench01.example>"),
        written(901, body, "bench00.example", Sender=f"{CANARY} <{CANARY}@bench01.example>"),
        written(902, body, "bench00.example", Comments=CANARY),
    ]
    strange = b"From: " + CANARY.encode() + b"@bench02.example\r\nSubject: =?utf-8?b?" + CANARY.encode()
    bad = p("   ".join(f"Phone: {CANARY} {number}" for number in range(400_000)))
    return [
        *(form.as_bytes() for form in forms),
        strange + b"?=\r\nContent-Type: multipart/mixed; boundary=" + CANARY.encode() + b"\r\n\r\n" + CANARY.encode(),
        mail(31, attachment=(f"{CANARY}.docx", b"PK\x03\x04" + CANARY.encode())),
        mail(32, attachment=(f"{CANARY}.docx", word(bad))),
    ]


def check(log: str) -> None:
    """Nothing of anybody's is in a log."""
    for line in log.splitlines():
        assert not [word for word in PRIVATE if word in line], line
        assert not ADDRESS.search(line), line


def test_a_run_with_every_fault_gives_nothing_away(
    tmp_path: Path, dovecot: Dovecot, sink: Sink, postgres: Any, run: Run
) -> None:
    """Mails of every kind, refused letters, servers that go away, a database that cuts us off."""
    url = postgres.database()
    limits = ", attachment: {cpu_seconds: 1}"
    house = House.build(
        tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, url, limits, store_password=CANARY
    )
    sink.say("RCPT", f"550 5.1.1 <{CANARY}@bench00.example> {PASSWORD} unknown", times=2)
    sink.say("MAIL", f"451 4.3.0 {CANARY}", times=2)
    run(house)
    house.fill(*MAILS[:40], *canaries())
    until(lambda: house.fates()["quarantined"] == 1, 60)
    sink.stop()
    house.fill(*MAILS[40:])
    until(lambda: house.said("trouble"), 60)
    admit(url, allow=False)
    postgres.cut(url)
    time.sleep(3)  # a try or two without the database
    admit(url, allow=True)
    sink.start()
    until(lambda: house.said("well again"), 60)
    check(house.log())


def test_a_refused_login_gives_nothing_away(house: House, sink: Sink) -> None:
    """A wrong password is told as such, and not told."""
    write_secret(house.folder / "secret", CANARY)
    process = started(house.start("run"))
    until(lambda: house.said("trouble"), 30)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    check(house.log())
