"""Sixty mails of a morning: each has one fate, once, whatever else happens to the mailbox."""

import imaplib
import random
from pathlib import Path

import pytest

from bot.workflow.effect import Fate
from tests.house import House, dense
from tests.mixed import FATES, LOGGED, MAILS
from tests.servers import PASSWORD, Dovecot, Sink
from tests.warm import Warm

pytestmark = pytest.mark.slow


def test_sixty_mails_have_sixty_fates(tmp_path: Path, dovecot: Dovecot, sink: Sink, store_url: str) -> None:
    """Each mail has the one fate due to it, and its folder mirrors it, on either database."""
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port, store_url)
    house.fill(*MAILS)
    done = house.ask("once")
    assert done["failed"] == 0
    assert house.fates() == FATES
    assert len(house.numbers()) == LOGGED
    assert dense(house.numbers())
    assert len(house.acknowledgements(sink.taken)) == LOGGED
    parked = FATES[Fate.PARKED.value]
    lie = [len(dovecot.files(house.mailbox, folder)) for folder in ("", ".Processed", ".Parked")]
    assert lie == [0, 60 - parked, parked]


def test_a_folder_that_cannot_be_made_keeps_its_own_mails_only(house: House, dovecot: Dovecot, warm: Warm) -> None:
    """All others are moved; it is said which are not, and they follow once the folder can be made."""
    house.fill(*MAILS)
    in_the_way = dovecot.folder / "mail" / house.mailbox / ".Parked"
    in_the_way.write_text("no folder")
    parked = FATES[Fate.PARKED.value]
    assert warm.run(house, "once") == 1
    assert f"mails that the server refuses to move: {parked} to Parked" in house.log()
    assert len(dovecot.files(house.mailbox)) == parked
    assert len(dovecot.files(house.mailbox, ".Processed")) == 60 - parked
    in_the_way.unlink()
    assert warm.run(house, "once") == 0
    assert len(dovecot.files(house.mailbox, ".Parked")) == parked


def test_a_mail_that_the_server_cannot_give_holds_nothing_up(house: House, dovecot: Dovecot, warm: Warm) -> None:
    """Dovecot closes the connection at a mail that it cannot read. All others are taken in and moved in the same
    turn, it is said which one is not, and it follows once it can be read."""
    house.fill(MAILS[0])
    (damaged,) = dovecot.files(house.mailbox)
    house.fill(*MAILS[1:])
    damaged.chmod(0)
    assert warm.run(house, "once") == 0, house.log()
    assert "the server cannot give mails of the inbox, UID 1" in house.log()
    assert house.fates().total() == 59
    (damaged,) = dovecot.files(house.mailbox)
    damaged.chmod(0o600)
    assert warm.run(house, "once") == 0
    assert house.fates() == FATES
    assert dense(house.numbers())
    assert dovecot.files(house.mailbox) == []


def test_nothing_is_done_twice(house: House, dovecot: Dovecot, sink: Sink) -> None:
    """The same mails fed again, and a folder that was renumbered, change nothing."""
    house.fill(*MAILS)
    house.ask("once")
    before, letters = (house.ask("mail"), house.ask("list", "--all")), len(sink.taken)
    house.fill(*MAILS[:30])
    dovecot.deliver(house.mailbox, *MAILS[30:])
    house.ask("once")
    house.fill(*MAILS)
    dovecot.renumber(house.mailbox)
    house.ask("once")
    assert (house.ask("mail"), house.ask("list", "--all")) == before
    assert len(sink.taken) == letters
    assert not dovecot.files(house.mailbox)


def test_a_second_client_may_delete_what_it_likes(house: House, dovecot: Dovecot) -> None:
    """Mails that vanish while the turn runs stop nothing; the others have their fates."""
    house.fill(*MAILS)
    process = house.start("once")
    lots = random.Random(11)
    with imaplib.IMAP4("127.0.0.1", dovecot.imap) as line:
        line.login(house.mailbox, PASSWORD)
        while process.poll() is None:
            line.select("INBOX")
            found = line.search(None, "ALL")[1][0].split()
            if found:
                line.store(lots.choice(found).decode(), "+FLAGS", r"(\Deleted)")
                line.expunge()
    assert process.returncode == 0, house.log()
    house.ask("once")
    assert not dovecot.files(house.mailbox)
    assert dense(house.numbers())
    assert None not in house.fates()
