"""The seven promises of DESIGN section 8, each one test, in its words.

Its one rule: a promise is shown on the program as a whole, over real servers, and examined from outside; what shows
its parts at length is named in docs/faults.md.
"""

import logging
import re
import signal
import subprocess
from contextlib import ExitStack
from email import message_from_bytes
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bench.mails import mail
from bot.daemon.loop import turn_once
from bot.daemon.weather import Weather
from bot.edge.outbox import UNCERTAIN
from bot.errors import Busy
from bot.intake.file import attachment as reader
from tests.faults.audit import twice
from tests.faults.life import begun
from tests.faults.lines import office
from tests.faults.moments import under_load
from tests.faults.processes import obeys
from tests.house import dense
from tests.mixed import MAILS, lines, written
from tests.postgres import Postgres
from tests.servers import DROP, PASSWORD, Dovecot, until
from tests.warm import ENVIRONMENT, Warm
from tests.whole.test_hostile import hangs
from tests.whole.test_outages import admit

pytestmark = pytest.mark.slow

CANARY = "canary-90b1c4"
ALLOWED_FATES = {
    "registered", "incomplete", "obeyed", "refused", "commented", "answered", "automatic", "parked", "quarantined",
}  # fmt: skip
FORGED = """\
Return-Path: <marta.hollis@meridell.example>
From: Marta Hollis <marta.hollis@meridell.example>
To: cmpcr@meridell.example
Subject: [{number}] for you
Message-ID: <forged@evil.example>

WITHDRAW {number}
"""
INJECTED = "=?utf-8?q?hello=0D=0ABcc:_victim=40elsewhere.example=0D=0AX-Evil:_1?="


def test_promise_1_a_mail_once_seen_has_exactly_one_fate_kept_with_its_raw_bytes(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    """Each of a morning's kinds of mail, rubbish among them and all of it fed twice, has one fate and its bytes; the
    operator lists them all, and replays one."""
    mails = [*MAILS[::4], b"rubbish\r\n\r\n\xff\xfe", b"From: x\r\nContent-Type: multipart/mixed\r\n\r\n"]
    with office(tmp_path / "office", dovecot) as opened:
        opened.fill(*mails)
        opened.settle()
        opened.house.fill(*mails)
        opened.settle()
        listed = opened.house.ask("mail")
        assert {row["id"] for row in listed} == {sha256(raw).hexdigest()[:12] for raw in mails}
        assert len(listed) == len(mails)
        assert {row["fate"] for row in listed} <= ALLOWED_FATES
        for raw in mails:
            assert opened.desk.store.mail_raw(sha256(raw).hexdigest()[:12]) == raw
        parked = next(row["id"] for row in listed if row["fate"] == "parked")
        subprocess.run(opened.house.command("replay", parked), check=True, capture_output=True, env=ENVIRONMENT)
        opened.settle()
        assert next(row for row in opened.house.ask("mail") if row["id"] == parked)["fate"] == "parked"
        assert opened.faults() == []


def test_promise_2_no_cr_lost_no_number_twice_no_gap_whatever_is_killed(
    tmp_path: Path, dovecot: Dovecot, warm: Warm, store_url: str
) -> None:
    """kill -9 at random moments of a daemon under load, on either database."""
    forms = [mail(number) for number in range(2, 38, 3)]
    with begun(tmp_path / "office", dovecot, warm, store_url) as life:
        before = life.house.numbers()
        toll = under_load(life, forms, 4, signal.SIGKILL, seed=11)
        assert toll.well, toll
        numbers = life.house.numbers()
        assert len(numbers) == len(before) + len(forms)
        assert dense(numbers)


def test_promise_3_one_copy_of_a_letter_but_in_the_window_after_the_final_dot(tmp_path: Path, dovecot: Dovecot) -> None:
    """Three last answers are swallowed, one connection dies before its dot, one letter is refused for now: only the
    three come again, once, with the same bytes and Message-ID, and only they are counted."""
    with office(tmp_path / "office", dovecot) as opened:
        opened.fill(*(mail(number) for number in range(2, 14, 3)))
        opened.relay.say("DATA", DROP, times=1)
        opened.relay.say("RCPT", "451 4.7.1 later", times=1)
        opened.relay.swallow(DROP, times=3)
        for _ in range(4):
            opened.settle()
            opened.later()
        counted = [each for each in opened.desk.store.letters() if each.last_error.startswith(UNCERTAIN)]
        assert (twice(opened.relay.taken), len(counted)) == (3, 3)
        assert len({letter.raw for letter in opened.relay.taken}) == len(opened.desk.store.letters())
        assert opened.faults() == []


def test_promise_4_nothing_forged_nothing_to_machines_nothing_injected_nothing_active_nothing_told(
    tmp_path: Path, dovecot: Dovecot, warm: Warm
) -> None:
    """A forged command, a machine's mail, a header in a header, a script in a title, and a canary in all of them."""
    body = lines(900).replace("Title of Change: ", f"Title of Change: <script>alert('{CANARY}')</script> ")
    evil = written(900, body, "bench00.example").as_bytes()
    evil = evil.replace(b"Subject: Mail 900", b"Subject: " + INJECTED.encode())
    machine = written(901, f"I am away. {CANARY}\n", "bench05.example", Auto_Submitted="auto-replied").as_bytes()
    with begun(tmp_path / "office", dovecot, warm) as life:
        number = life.house.numbers()[0]
        before = life.house.ask("show", number)
        life.send(*(raw.replace(b"\n", b"\r\n") for raw in (evil, machine, FORGED.format(number=number).encode())))
        assert life.turn() == 0
        assert life.faults() == []
        after = life.house.ask("show", number)
        assert (after["step"], after["phase"]) == (before["step"], before["phase"])
        letters = [message_from_bytes(letter.raw) for letter in life.relay.taken]
        assert not [letter for letter in letters if "kim901@" in str(letter["To"])]
        assert not [letter for letter in letters if letter["Bcc"] or letter["X-Evil"]]
        assert not [each for each in life.relay.taken if any("victim" in to for to in each.to)]
        pages = [path.read_text(encoding="utf-8") for path in (life.house.folder / "site").rglob("*.html")]
        assert any(CANARY in page for page in pages)
        assert not [page for page in pages if re.search(r"<script[^>]*>\s*alert", page)]
        assert CANARY not in life.house.log()
        assert PASSWORD not in life.house.log()


def test_promise_5_one_bad_mail_never_delays_the_next_and_files_are_opened_in_children(
    tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that takes its reader longer than it may costs that mail its turn, and the forms before and after it
    are registered; no file is opened in the program itself, not even a harmless one."""

    def opened_here(*_: Any) -> None:
        raise AssertionError("a file was opened outside a child")

    monkeypatch.setattr(reader, "examine", opened_here)
    limits = ", attachment: {cpu_seconds: 1}"
    with office(tmp_path / "office", dovecot, limits=limits) as opened:
        opened.fill(mail(0), mail(3, attachment=("form.docx", hangs())), mail(6), mail(1))
        opened.settle()
        assert opened.house.fates() == {"registered": 3, "quarantined": 1}
        assert opened.faults() == []


def test_promise_6_sqlite_for_one_machine_and_postgresql_for_several_workers(
    tmp_path: Path, dovecot: Dovecot, postgres: Postgres
) -> None:
    """On SQLite every commit is on the disk, and a second process is refused; on PostgreSQL three workers share a
    mailbox and a database, and nothing is handled twice."""
    with office(tmp_path / "one", dovecot) as opened, opened.desk.store.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2, "FULL"
        with opened.house.open_store() as second, pytest.raises(Busy):
            second.own()
    with ExitStack() as stack:
        team = [stack.enter_context(Warm()) for _ in range(3)]
        life = stack.enter_context(begun(tmp_path / "many", dovecot, team[0], postgres.database()))
        life.fill(2, 18)
        later = life.later()
        for worker in team:
            until(partial(obeys, worker.begin(later, "run"), signal.SIGTERM), 60)
        with life.house.open_store() as store:
            until(lambda: [bool(each.fate) for each in store.mails()] == [True] * len(life.sent), 60)
        for worker in team:
            worker.kill(signal.SIGTERM)
        assert [worker.ended(15) for worker in team] == [0, 0, 0]
        assert life.turn() == 0
        assert life.faults() == []
        assert twice(life.relay.taken) == 0


def test_promise_7_whatever_goes_away_may_come_back(
    tmp_path: Path, dovecot: Dovecot, postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    """The mail server, the SMTP server, the database and the disk, one after the other: trouble is said once, and
    once that all is well again; what waited is done, by itself."""
    caplog.set_level(logging.INFO)
    seconds = 0.0
    url = postgres.database()
    with office(tmp_path / "office", dovecot, url) as opened:
        weather, site = Weather(monotonic=lambda: seconds), opened.house.folder / "site"
        opened.settle()
        aside = site.with_name("aside")

        def shut() -> None:
            admit(url, allow=False)
            postgres.cut(url)

        def cover() -> None:
            site.rename(aside)
            site.write_bytes(b"")

        def uncover() -> None:
            site.unlink()
            aside.rename(site)

        ways = (
            (opened.imap.refuse, opened.imap.admit),
            (opened.relay.stop, opened.relay.start),
            (shut, lambda: admit(url, allow=True)),
            (cover, uncover),
        )
        for place, (away, back) in enumerate(ways):
            caplog.clear()
            away()
            opened.fill(mail(3 * place + 2))
            for _ in range(3):
                seconds += 1000
                turn_once(opened.desk, weather)
            back()
            for _ in range(2):
                seconds += 1000
                turn_once(opened.desk, weather)
            said = [record.getMessage() for record in caplog.records]
            assert (said.count("trouble"), said.count("well again")) == (1, 1), (place, said)
        opened.settle()
        assert opened.house.fates() == {"registered": len(ways)}
        assert opened.faults() == []
