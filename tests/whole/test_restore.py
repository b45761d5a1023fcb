"""Backup under load, restore elsewhere: the same change requests, the same numbers, nobody written to twice."""

import imaplib
import json
import subprocess
from pathlib import Path

import pytest

from bench.mails import mail
from tests.house import House, dense
from tests.postgres import Postgres
from tests.servers import PASSWORD, Dovecot, Sink, until
from tests.warm import ENVIRONMENT
from tests.whole.conftest import Run


@pytest.fixture
def elsewhere(house: House, tmp_path: Path, sink: Sink, dovecot: Dovecot) -> House:
    """An office on another machine, for the same mailbox: nothing of the first one is there."""
    return House.build(tmp_path / "elsewhere", house.mailbox, dovecot.imap, sink.port)


def say(house: House, *words: str) -> "subprocess.CompletedProcess[str]":
    """What a command answers, well or not."""
    return subprocess.run(house.command(*words), capture_output=True, text=True, check=False, env=ENVIRONMENT)


def titles(house: House) -> dict[str, str]:
    """Every change request by its number."""
    return {row["number"]: row["title"] for row in house.ask("list", "--all")}


def test_backup_under_load_and_restore_elsewhere(
    house: House, elsewhere: House, run: Run, sink: Sink, tmp_path: Path
) -> None:
    """A backup is made while the daemon works, the daemon is killed, and elsewhere everything is as it was: what
    came after the backup too, with its numbers, and no letter goes out a second time but by the operator's word."""
    backup = tmp_path / "backup"
    house.fill(*map(mail, range(10)))
    daemon = house.start("run")
    until(lambda: house.said("turn"), 60)
    house.fill(*map(mail, range(10, 60)))
    made = say(house, "backup", str(backup))
    assert made.returncode == 0, made.stderr
    assert backup.stat().st_mode & 0o777 == 0o600
    assert json.loads(say(elsewhere, "verify", str(backup), "--json").stdout)["well"]
    until(lambda: house.fates() == {"registered": 60}, 60)
    until(lambda: house.traces()[2:4] == (60, 60) and {row["state"] for row in house.ask("letters")} == {"sent"}, 60)
    daemon.kill()
    daemon.wait()
    before, letters, sent = titles(house), house.ask("letters"), len(sink.taken)
    house.folder.rename(tmp_path / "lost")

    restored = say(elsewhere, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert titles(elsewhere) == before
    assert elsewhere.fates() == {"registered": 60}
    assert dense(list(before))
    found = elsewhere.ask("verify")
    assert found["well"], found
    again = elsewhere.ask("letters")
    assert {row["message_id"] for row in letters} <= {row["message_id"] for row in again}
    held = elsewhere.ask("letters", "--held")
    assert held
    assert {row["state"] for row in again} <= {"sent", "held"}
    assert elsewhere.ask("once")["sent"] == 0
    assert len(sink.taken) == sent

    assert say(elsewhere, "drop", held[0]["id"]).returncode == 0
    assert say(elsewhere, "release", held[1]["id"]).returncode == 0
    assert elsewhere.ask("once")["sent"] == 1
    assert say(elsewhere, "drop", "--all").returncode == 0
    elsewhere.fill(mail(60))
    assert elsewhere.ask("once")["fates"] == {"registered": 1}
    assert len(titles(elsewhere)) == 61
    assert dense(list(titles(elsewhere)))


def test_a_number_that_was_posted_is_given_to_nobody_else(house: House, tmp_path: Path) -> None:
    """Where a mail is gone for good, the posting knows its number: the restore refuses to give it to another change
    request, and with --lost it goes to nobody."""
    backup = tmp_path / "backup"
    house.fill(mail(0))
    assert house.ask("once")["fates"] == {"registered": 1}
    assert say(house, "backup", str(backup)).returncode == 0
    for number in (1, 2, 3):
        house.fill(mail(number))
        house.ask("once")
    before = titles(house)
    lost, _, last = sorted(before)[1:]
    dovecot_remove(house, 1)
    refused = say(house, "restore", str(backup))
    assert refused.returncode == 1
    assert "--overwrite" in refused.stderr
    refused = say(house, "restore", str(backup), "--overwrite")
    assert refused.returncode == 1
    assert f"--lost {lost}" in refused.stderr
    assert titles(house) == before
    done = say(house, "restore", str(backup), "--overwrite", "--lost", lost)
    assert done.returncode == 0, done.stderr
    assert titles(house) == {number: title for number, title in before.items() if number != lost}
    assert last in titles(house)
    assert house.ask("verify")["findings"] == []
    house.fill(mail(4))
    house.ask("once")
    assert (titles(house).keys() - before.keys()) == {f"{last.partition('-')[0]}-5"}


def test_the_last_numbers_are_kept_back(house: House, tmp_path: Path) -> None:
    """A number that the posting shows and whose mail is gone is not given to the next change request."""
    backup = tmp_path / "backup"
    house.fill(mail(0))
    house.ask("once")
    assert say(house, "backup", str(backup)).returncode == 0
    house.fill(mail(1))
    house.ask("once")
    lost = max(titles(house))
    dovecot_remove(house, 1)
    done = say(house, "restore", str(backup), "--overwrite")
    assert done.returncode == 0, done.stderr
    assert f"numbers that nobody will get, for they were posted or mailed: {lost}" in done.stdout
    house.fill(mail(2))
    house.ask("once")
    assert max(titles(house)).endswith("-3")
    assert house.ask("verify")["well"]


def test_a_postgresql_store_reads_again_what_came_since(
    house: House, tmp_path: Path, dovecot: Dovecot, sink: Sink, postgres: Postgres
) -> None:
    """After pg_restore (here of a dump from before the first mail) the same numbers come of the same mails, and the
    letters are held; given again, the command finds nothing more."""
    house.fill(*map(mail, range(5)))
    house.ask("once")
    sent = len(sink.taken)
    other = House.build(tmp_path / "pg", house.mailbox, dovecot.imap, sink.port, postgres.database())
    for mails in (5, 0):
        done = say(other, "restore", "--since", "2026-01-01")
        assert done.returncode == 0, done.stderr
        assert f"{mails} mails have come since" in done.stdout
        assert titles(other) == titles(house)
    assert {row["state"] for row in other.ask("letters")} == {"held"}
    assert other.ask("verify")["well"]
    assert other.ask("once")["sent"] == 0
    assert len(sink.taken) == sent


def dovecot_remove(house: House, at: int) -> None:
    """Remove one mail for good from the folder Processed, counted from 0."""
    with imaplib.IMAP4("127.0.0.1", house.imap) as line:
        line.login(house.mailbox, PASSWORD)
        (folder,) = (str(name).rpartition(" ")[2].strip("'\"") for name in line.list()[1] if "Processed" in str(name))
        line.select(folder)
        line.store(str(at + 1), "+FLAGS", "\\Deleted")
        line.expunge()


def test_a_mail_that_the_server_cannot_give_ends_a_restore(
    house: House, elsewhere: House, dovecot: Dovecot, tmp_path: Path
) -> None:
    """Without it those behind it would get other numbers; it is named, and once it can be read all is as it was."""
    backup = str(tmp_path / "backup")
    house.fill(*map(mail, range(3)))
    house.ask("once")
    assert say(house, "backup", backup).returncode == 0
    before = set(dovecot.files(house.mailbox, ".Processed"))
    house.fill(mail(3), mail(4))
    house.ask("once")
    damaged = min(set(dovecot.files(house.mailbox, ".Processed")) - before)
    damaged.chmod(0)
    refused = say(elsewhere, "restore", backup)
    assert refused.returncode != 0
    assert "cannot give mails of Processed, UID " in refused.stderr
    (damaged,) = [file for file in dovecot.files(house.mailbox, ".Processed") if not file.stat().st_mode & 0o777]
    damaged.chmod(0o600)
    restored = say(elsewhere, "restore", "--overwrite", backup)
    assert restored.returncode == 0, restored.stderr
    assert titles(elsewhere) == titles(house)
