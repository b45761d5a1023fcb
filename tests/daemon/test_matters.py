"""Matters of the whole office on real stores: the off switch, and who stands in for whom."""

import logging
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from email.message import EmailMessage

import pytest

from bot.daemon.desk import Desk
from bot.daemon.give_out import give_out
from bot.daemon.matters import as_of_now, frozen, reachable, tell_switch
from bot.daemon.remind import remind
from bot.daemon.weather import Weather
from bot.edge.store import MailState
from bot.mail.letter import Kind, Sent
from bot.office.office import Absence
from bot.workflow.effect import Fate
from tests.arriving import arrive, letters
from tests.daemon.test_dialogue import DAY, MANAGER_ADDRESS, WHOLE, asked, at, ordered, text_of
from tests.daemon.test_take_in import written

LENA, LUIS, DANIEL = ("lena.brandt", "Lena Brandt"), ("luis.tafoya", "Luis Tafoya"), ("daniel.okafor", "Daniel Okafor")


@dataclass
class Tray:
    """An SMTP server that takes everything."""

    taken: list[str] = field(default_factory=list)

    def send(self, _return_path: str, recipient: str, _wire: bytes) -> Sent:
        """Take a letter."""
        self.taken.append(recipient)
        return Sent()


def of_staff(who: tuple[str, str], body: str, subject: str = "a word") -> bytes:
    """A mail of somebody of the staff, vouched for by the border."""
    message = EmailMessage()
    message["Authentication-Results"] = "mx.meridell.example; dmarc=pass header.from=meridell.example"
    message["From"] = f"{who[1]} <{who[0]}@meridell.example>"
    message["To"] = "cmpcr@meridell.example"
    message["Subject"] = subject
    message["Message-ID"] = f"<{abs(hash((who, body, subject)))}@meridell.example>"
    message.set_content(body)
    return message.as_bytes()


def sent(desk: Desk) -> Counter[str]:
    """What goes out now, by recipient."""
    tray = Tray()
    give_out(replace(desk, outbox=tray), Weather())  # type: ignore[arg-type]  # it takes what the real one takes
    return Counter(tray.taken)


def assigned(desk: Desk) -> None:
    """A form came in and has its CRPM and Director."""
    assert arrive(desk, written(WHOLE, "form")) == {Fate.REGISTERED: 1}
    line = "ASSIGN CRPM Lena Brandt DIRECTOR Grace Whitcomb\n"
    assert arrive(desk, of_staff(DANIEL, line, "[PC112326-1]")) == {Fate.OBEYED: 1}


def test_while_frozen_mail_is_stored_and_nothing_else(desk: Desk) -> None:
    """A form waits without a number; the CMP Manager alone is written to, and hears that it is done."""
    assert arrive(desk, ordered("FREEZE\n", "stop", subject="stop")) == {Fate.OBEYED: 1}
    assert frozen(desk)
    assert arrive(desk, written(WHOLE, "form"), of_staff(LENA, "STATUS\n")) == {}
    assert [row.state for row in desk.store.mails() if row.fate is None] == [MailState.HELD, MailState.HELD]
    assert {row.attempts for row in desk.store.mails() if row.fate is None} == {0}
    assert desk.store.changes() == ()
    assert sent(desk) == {MANAGER_ADDRESS: 1}


def test_what_was_held_is_dealt_with_in_order(desk: Desk) -> None:
    """After UNFREEZE the numbers are those of the days on which the mails came, and all letters go."""
    arrive(desk, ordered("FREEZE\n", "stop", subject="stop"))
    arrive(desk, written(WHOLE, "form"))
    later = at(desk, desk.clock.now() + DAY)
    other = WHOLE.replace("failing field", "missing page").replace("which field", "which page")
    assert arrive(later, written(other, "other")) == {}
    assert arrive(later, ordered("UNFREEZE\n", "go", subject="go on")) == {Fate.OBEYED: 1, Fate.REGISTERED: 2}
    assert [record.change.number for record in later.store.changes()] == ["PC112326-1", "PC112426-1"]
    assert not frozen(later)
    assert sent(later)["kim@bench00.example"] == 2


def test_the_cmp_manager_is_obeyed_while_frozen(desk: Desk) -> None:
    """Commands only: a form or prose of theirs waits like any other mail."""
    asked(desk)
    arrive(desk, ordered("FREEZE\n", "stop", subject="stop"))
    assert arrive(desk, ordered("DROP it is spam\n", "drop")) == {Fate.OBEYED: 1}
    assert arrive(desk, ordered("Please look into this.\n", "prose")) == {}
    assert not desk.store.changes()[0].change.open


def test_a_forged_word_of_the_cmp_manager_ends_no_freeze(desk: Desk) -> None:
    """It is asked back at the manager's own address, even then."""
    arrive(desk, ordered("FREEZE\n", "stop", subject="stop"))
    assert arrive(desk, ordered("UNFREEZE\n", "forged", vouched=False, subject="go on")) == {Fate.PARKED: 1}
    assert frozen(desk)
    assert [letter.recipient for letter in letters(desk, Kind.CONFIRMATION)] == [MANAGER_ADDRESS]


def test_letters_that_were_owed_before_wait(desk: Desk) -> None:
    """The switch works at once on what has not gone out."""
    arrive(desk, written(WHOLE, "form"), ordered("FREEZE\n", "stop", subject="stop"))
    assert set(sent(desk)) == {MANAGER_ADDRESS}
    assert reachable(desk) == frozenset({MANAGER_ADDRESS})
    arrive(desk, ordered("UNFREEZE\n", "go", subject="go on"))
    assert "kim@bench00.example" in sent(desk)


def test_nobody_is_reminded_while_frozen(desk: Desk) -> None:
    """What they would answer is held; afterwards one reminder catches up."""
    asked(desk)
    arrive(desk, ordered("FREEZE\n", "stop", subject="stop"))
    later = at(desk, desk.clock.now() + 8 * DAY)
    assert remind(later) == 0
    arrive(later, ordered("UNFREEZE\n", "go", subject="go on"))
    assert remind(later) == 1


def test_the_switch_is_told_once_each_way(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """An operator reads since when, and when it went on."""
    caplog.set_level(logging.INFO)
    weather = Weather()
    for line in ("FREEZE\n", "STATUS\n", "UNFREEZE\n", "STATUS\n"):
        arrive(desk, ordered(line, line.strip() + str(len(caplog.records)), subject="a word"))
        tell_switch(desk, weather)
    assert [record.message for record in caplog.records if "frozen" in record.message] == ["frozen", "unfrozen"]


def test_a_dry_run_freezes_nothing(desk: Desk) -> None:
    """It says what would be done."""
    arrive(desk, ordered("DRY RUN\nFREEZE\n", "dry", subject="try"))
    assert not frozen(desk)


def test_a_deputy_gets_the_letters_and_may_answer_them(desk: Desk) -> None:
    """From AWAY to AWAY BACK; what somebody says in one mail counts for the next of the same batch."""
    assigned(desk)
    away = of_staff(LENA, "AWAY UNTIL 12/11/2026 DEPUTY Luis Tafoya\n")
    comment = written("COMMENT it hits port-ins as well\n", "word", subject="[PC112326-1]")
    assert arrive(desk, away, comment) == {Fate.OBEYED: 2}
    (told,) = letters(desk, Kind.AWAY)
    assert told.recipient == "luis.tafoya@meridell.example"
    assert "PC112326-1" in text_of(desk, told)
    assert {letter.recipient for letter in letters(desk, Kind.COMMENT)} == {
        "lena.brandt@meridell.example",
        "luis.tafoya@meridell.example",
    }
    question = "ASK which port-ins do you mean?\n"
    assert arrive(desk, of_staff(LUIS, question, "[PC112326-1]")) == {Fate.OBEYED: 1}
    assert desk.store.changes()[0].change.asked_by == ("tafoya",)
    back = of_staff(LENA, "AWAY BACK\n")
    assert arrive(desk, back, of_staff(LUIS, "ASK and why?\n", "[PC112326-1]")) == {Fate.OBEYED: 1, Fate.REFUSED: 1}


def test_an_absence_ends_with_its_day(desk: Desk) -> None:
    """Nobody has to say that they are back."""
    arrive(desk, of_staff(LENA, "AWAY UNTIL 11/24/2026 DEPUTY Luis Tafoya\n"))
    there = Absence("brandt", date(2026, 11, 24), "tafoya")
    assert as_of_now(desk).settings.office.absences == (there,)
    assert as_of_now(at(desk, desk.clock.now() + DAY)).settings.office.absences == (there,)
    assert as_of_now(at(desk, desk.clock.now() + 2 * DAY)).settings.office.absences == ()


def test_another_worker_sees_what_was_settled(desk: Desk) -> None:
    """What is settled lies in the store, and is read anew at every turn."""
    other = desk.store.__class__(desk.store.url, "other")
    assert other.matters() == {}
    arrive(desk, ordered("FREEZE\n", "stop", subject="stop"))
    assert "frozen" in other.matters(anew=True)
    other.close()
