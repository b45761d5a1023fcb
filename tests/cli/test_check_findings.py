"""Each finding of `check`: what is wrong is said, and what to do about it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.cli import run
from bot.cli.check import LOOKS, SENDS, guarded
from bot.cli.checks import office, reading, servers
from bot.cli.checks.finding import Finding, Look, some
from bot.config import load
from bot.config.settings import Alerts, Posting, Settings
from bot.edge.carrier import NOTE
from bot.edge.clock import Clock
from bot.edge.converter import Office
from bot.edge.mailbox import ImapAccount
from bot.edge.mailbox.mailbox import Look as Looked
from bot.edge.mailbox.mailbox import Survey
from bot.edge.outbox import SmtpAccount
from bot.edge.postoffice import PostOffice
from bot.edge.sandbox import SandboxLimits
from bot.edge.store import Store
from bot.edge.templates import Templates
from bot.errors import Trouble
from bot.office.office import Trust
from bot.workflow.effect import Decision, Fate, Settle
from tests.servers import PASSWORD, Dovecot, Sink, certificate

TABLE = {look.name: look for look in (*LOOKS, *SENDS)}
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
def settings(shipped: Path) -> Settings:
    """The shipped office in a folder of its own, as if it had a real mailbox."""
    return replace(load(shipped, NOW), embedded=False)


def found(name: str, settings: Settings, clock: Clock | None = None) -> list[Finding]:
    """What a look finds."""
    return [*guarded(TABLE[name], settings, clock or Clock(NOW))]


def to_mend(name: str, settings: Settings, clock: Clock | None = None) -> list[str]:
    """What it finds that is not well; each has a remedy that is more than a word."""
    ill = [each for each in found(name, settings, clock) if each.ill]
    assert all(len(each.remedy) > 10 for each in ill)
    return [each.found for each in ill]


@pytest.mark.parametrize("look", [*LOOKS, *SENDS], ids=lambda look: look.name)
@pytest.mark.parametrize("trouble", [Trouble("the server is away"), OSError(13, "Permission denied", "/srv")])
def test_what_cannot_be_looked_at_has_a_remedy(look: Look, trouble: Exception, settings: Settings) -> None:
    """Trouble on the way is a finding as well, under the look's own name, and the others go on."""

    def fails(_settings: Settings, _clock: Clock) -> NoReturn:
        raise trouble

    (told,) = guarded(replace(look, at=fails), settings, Clock(NOW))
    assert (told.what, told.found) == (look.name, str(trouble))
    assert len(told.remedy) > 10


def test_the_database(settings: Settings) -> None:
    """Not there yet, of another version, not to be reached."""
    (none_yet,) = found("database", settings)
    assert not none_yet.remedy
    assert "the first start makes it" in none_yet.found
    far = replace(settings, store_url="postgresql://nobody@127.0.0.1:1/cmp")
    (told,) = to_mend("database", far)
    assert "the database does not answer" in told
    with Store.open_ready(settings.store_url, "test"):
        pass
    assert to_mend("database", settings) == []


def test_a_posting_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    """Whoever runs it: a file where the folder should be."""
    (tmp_path / "file").write_text("")
    (told,) = to_mend("folders", replace(settings, posting=Posting(tmp_path / "file" / "site")))
    assert "Not a directory" in told


def test_a_command_after_publishing(settings: Settings, tmp_path: Path) -> None:
    """That is not installed, or has failed for long."""
    posting = Posting(tmp_path / "site", ("cmpbot-nowhere", "-a"))
    assert to_mend("folders", replace(settings, posting=posting)) == ["cmpbot-nowhere is not found"]
    settings = replace(settings, posting=Posting(tmp_path / "site", ("true",)))
    assert to_mend("folders", settings) == []
    settings.kept.mkdir(exist_ok=True)
    failed = '{"command": ["true"], "owed": true, "since": "2026-11-20T08:00:00+00:00", "tries": 1, "said": "no key"}'
    (settings.kept / NOTE).write_text(failed, "ascii")
    assert to_mend("folders", settings) == ["true has failed since 2026-11-20 08:00 UTC, 1 time: no key"]


def test_room(settings: Settings) -> None:
    """Less than the configuration wants."""
    (told,) = to_mend("room", replace(settings, alerts=Alerts(disk_megabytes=10**9)))
    assert "MB are free where" in told
    assert to_mend("room", replace(settings, alerts=Alerts(disk_megabytes=0))) == []


def test_a_folder_without_templates(settings: Settings, tmp_path: Path) -> None:
    """The installation is broken."""
    (told,) = to_mend("templates", replace(settings, templates=tmp_path / "nowhere"))
    assert "no template lies in" in told


def test_a_template_that_is_missing(settings: Settings, tmp_path: Path) -> None:
    """Each kind of letter has two; and what a template leads to has to be there."""
    shutil.copytree(settings.templates, tmp_path / "templates")
    (tmp_path / "templates" / "mail" / "digest.txt").unlink()
    (tmp_path / "templates" / "mail" / "facts.html").unlink()
    broken = [str(each) for each in Templates(tmp_path / "templates", settings.office, settings.table).broken()]
    assert "template mail/digest.txt is missing" in broken


def test_files_of_the_posting_that_are_gone(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counted and named, with the command that makes them again."""
    assert run(["--config", str(shipped), "publish"]) == 0
    settings = load(shipped)
    assert to_mend("posting", settings) == []
    (settings.posting.folder / "index.html").unlink()
    (told,) = to_mend("posting", settings)
    assert told.endswith("index.html")
    capsys.readouterr()


class Shut:
    """A mailbox in which a folder of ours is neither there nor can be made."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account

    def look(self) -> Looked:
        """One mail."""
        return Looked(1, (1,))

    def survey(self) -> Survey:
        """No Parked."""
        return Survey(("IMAP4REV1",), ("INBOX",), ("Parked",))

    def certificate_ends(self) -> datetime | None:
        """In a week."""
        return datetime(2026, 11, 30, tzinfo=UTC)

    def close(self) -> None:
        """Nothing is open."""


def test_a_mailbox_with_things_to_mend(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be made, a certificate that ends soon."""
    monkeypatch.setattr(servers, "Mailbox", Shut)
    assert to_mend("mailbox", settings) == [
        "that of 127.0.0.1 is good until 2026-11-30",
        "Parked is not there and cannot be made",
    ]


def test_a_mailbox_that_is_not_there(settings: Settings) -> None:
    """The address is wrong, or the server away."""
    account = ImapAccount("127.0.0.1", 1, "none", "bot", lambda: PASSWORD)
    (one,) = found("mailbox", replace(settings, imap=account), None)
    assert one.found.startswith("mailbox: ")
    assert one.found.endswith("(at 127.0.0.1:1)")
    assert one.remedy.startswith("start that server")
    assert "oauth" not in one.remedy


@pytest.mark.parametrize("name", ["smtp", "alerts"])
def test_a_relay_that_refuses_us(settings: Settings, sink: Sink, name: str) -> None:
    """The password is wrong; the same for the account of alerts."""
    sink.password = PASSWORD
    account = sink.account(username="bot", password=lambda: "wrong")
    settings = replace(settings, smtp=account, alerts=Alerts(smtp=account, sender="a@o.example", to=("b@o.example",)))
    (told,) = to_mend(name, settings)
    assert told == f"outbox: the server refuses the login (at {account.host}:{account.port})"
    sink.password = "wrong"
    assert to_mend(name, settings) == []
    sink.password = ""


def test_a_certificate_of_a_relay(settings: Settings, tmp_path: Path) -> None:
    """Its last day is said, and is to mend when it is near."""
    for days, ill in ((5, 1), (200, 0)):
        chain = certificate(tmp_path / str(days), days=days)
        with Sink(tls=chain) as sink:
            account = sink.account("starttls", host="localhost")
            told = found("smtp", replace(settings, smtp=account), Clock())
        assert [each.what for each in told] == ["smtp", "certificate"]
        assert sum(bool(each.remedy) for each in told) == ill


def test_the_way_of_alerts(settings: Settings) -> None:
    """None is no fault, but not called well; a program that is not there is one."""
    (none,) = found("alerts", settings)
    assert none.found.startswith("none are configured")
    assert none.mark == "note"
    missing = replace(settings, alerts=Alerts(command=("cmpbot-nowhere",)))
    (told,) = to_mend("alerts", missing)
    assert "cmpbot-nowhere is not found" in told
    assert to_mend("alerts", replace(settings, alerts=Alerts(command=("cat",)))) == []


def test_an_alert_for_a_trial(settings: Settings) -> None:
    """With --send one goes out; what becomes of it is said."""
    assert found("alert", settings) == []
    (well,) = found("alert", replace(settings, alerts=Alerts(command=("cat",))))
    assert (well.found, well.remedy) == ("one went out for a trial", "")
    assert to_mend("alert", replace(settings, alerts=Alerts(command=("false",)))) == [
        "was not told: false: it ended with 1"
    ]


@pytest.fixture(scope="module")
def post() -> Iterator[tuple[ImapAccount, SmtpAccount]]:
    """A mail server that delivers to us what we send to ourselves."""
    user = "cmpcr@meridell.example"
    with PostOffice({user: PASSWORD}, "mx.meridell.example") as ports:
        yield (
            ImapAccount("127.0.0.1", ports.imap, "none", user, lambda: PASSWORD),
            SmtpAccount("127.0.0.1", ports.smtp, "none"),
        )


def test_a_mail_to_ourselves(
    settings: Settings, post: tuple[ImapAccount, SmtpAccount], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the way out to the mailbox."""
    monkeypatch.setattr(servers, "POLL", 0.1)
    (told,) = found("to ourselves", replace(settings, imap=post[0], smtp=post[1]), Clock())
    assert told.found.startswith("a mail arrived within ")
    assert not told.remedy


def test_a_mail_to_ourselves_that_gets_lost(
    settings: Settings, dovecot: Dovecot, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken by one server and never came to the other; or was not taken at all."""
    monkeypatch.setattr(servers, "WITHIN", 0.3)
    monkeypatch.setattr(servers, "POLL", 0.1)
    apart = replace(settings, imap=dovecot.account(dovecot.new_user()), smtp=sink.account())
    (told,) = to_mend("to ourselves", apart, Clock())
    assert "has not arrived" in told
    sink.say("RCPT", "550 5.7.1 no relaying", times=1)
    (told,) = to_mend("to ourselves", apart, Clock())
    assert told == "a mail was not taken: 550 5.7.1 no relaying"
    sink.behave()


def test_nothing_is_sent_unless_asked_for(
    shipped: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The looks that send are left out without --send."""

    def sends(_settings: Settings, _clock: Clock) -> Iterator[Finding]:
        yield Finding("trial", "something went out")

    monkeypatch.setattr("bot.cli.check.LOOKS", ())
    monkeypatch.setattr("bot.cli.check.SENDS", tuple(replace(look, at=sends) for look in SENDS))
    assert run(["--config", str(shipped), "check"]) == 0
    assert "went out" not in capsys.readouterr().out
    assert run(["--config", str(shipped), "check", "--send"]) == 0
    assert capsys.readouterr().out.count("went out") == len(SENDS)


def test_a_clock_that_is_wrong(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows a day before this program was written; a rehearsal may."""
    monkeypatch.setattr(office, "WRITTEN", date(9999, 1, 1))
    assert to_mend("clock", settings, Clock())
    assert to_mend("clock", settings, Clock(datetime(2001, 1, 1, tzinfo=UTC))) == []


def with_calendar(settings: Settings, **changes: Any) -> Settings:
    """The office with another calendar."""
    return replace(settings, office=replace(settings.office, calendar=replace(settings.office.calendar, **changes)))


def test_a_calendar_without_days_off(settings: Settings) -> None:
    """Or with none in the year to come."""
    assert to_mend("calendar", with_calendar(settings, holidays=frozenset({date(2020, 1, 1)}))) == [
        "0 in the next twelve months"
    ]
    assert to_mend("calendar", settings) == []


def test_a_meeting_on_a_day_off(settings: Settings) -> None:
    """The next one, and any of a year to come: there is time to move it."""
    closed = settings.office.calendar.holidays | {date(2026, 12, 16), date(2027, 3, 17)}
    assert to_mend("calendar", with_calendar(settings, holidays=closed)) == [
        "the next Monthly Meeting is on 2026-12-16",
        "the Monthly Meeting of March 2027 is on 2027-03-17",
    ]


@pytest.mark.parametrize(
    ("today", "told"), [(17, "2026-11-18"), (18, "2026-11-18"), (19, "2026-12-16"), (30, "2026-12-16")]
)
def test_the_next_meeting_is_named(settings: Settings, today: int, told: str) -> None:
    """Not one that was; on its day it is that."""
    meetings = found("calendar", settings, Clock(datetime(2026, 11, today, 18, tzinfo=UTC)))
    assert [each.found for each in meetings if each.what == "meeting"] == [f"the next Monthly Meeting is on {told}"]


def test_a_database_that_is_away_is_told_once(settings: Settings) -> None:
    """By its own look; those that want something from it leave it at that."""
    far = replace(settings, store_url="postgresql://nobody@127.0.0.1:1/cmp")
    asking = ("database", "posting", "calendar", "addresses")
    assert [each.what for name in asking for each in found(name, far) if each.ill] == ["database"]


def test_nobody_is_believed(settings: Settings) -> None:
    """Then nobody is verified."""
    assert to_mend("trust", replace(settings, office=replace(settings.office, trust=Trust()))) == [
        "believes the stamps of no host"
    ]


def test_an_address_to_which_nothing_is_sent(settings: Settings) -> None:
    """With the command that ends it."""
    with Store.open_ready(settings.store_url, "test") as store:
        paused = "2 0 2026-11-20T08:00:00+00:00 2026-11-20T08:00:00+00:00"
        with store.begin(NOW) as unit:
            settle = Settle("bounces/una.reyes@osprey.example", paused)
            decision = Decision(Fate.PARKED, "", effects=(settle,))
            unit.record(decision, "test", lambda letter: b"", lambda letter_id: "")
    (told,) = found("addresses", settings)
    assert told.found == "nothing is sent to una.reyes@osprey.example since 2026-11-20: 2 letters failed"
    assert "cmpbot resume una.reyes@osprey.example" in told.remedy


@pytest.mark.parametrize("limits", [{"wall_seconds": 0.001}, {"answer": 10}])
def test_forms_that_cannot_be_read(settings: Settings, limits: dict[str, Any]) -> None:
    """A machine too slow for its limits is told which to raise."""
    told = found("attachments", replace(settings, sandbox=SandboxLimits(**limits)))
    assert any("limits.attachment" in each.remedy for each in told)


def test_a_libreoffice_that_converts_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is no fault; a broken one is."""
    monkeypatch.setattr(reading, "find_office", lambda: None)
    assert to_mend("old files", settings) == []
    monkeypatch.setattr(reading, "find_office", lambda: Office(Path("/usr/bin/false"), "7.4", ""))
    monkeypatch.setattr(reading, "works", lambda office: False)
    assert len(to_mend("old files", settings)) == 1


def test_many_names_are_cut() -> None:
    """As many as a person reads."""
    assert some([str(n) for n in range(14)]).endswith("11 and 2 more")
