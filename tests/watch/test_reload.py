"""The configuration read again: a good one counts at once, and of fifty broken ones none does."""

import json
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from subprocess import Popen

import pytest

from bench.mails import mail
from bot.config import load, packaged
from bot.config.settings import Settings
from bot.daemon.lookout import reread
from bot.edge.templates import Templates
from bot.errors import BrokenTemplate, ConfigMistake
from tests.house import House, stop
from tests.servers import Dovecot, Sink, until

Break = Callable[[str], str]


def swapped(old: str, new: str) -> Break:
    """A text with one thing in the place of another."""

    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


CONFIG = "config.yaml"
FIELDS = "forms/fields.yaml"
PLACE = "place: Conference bridge 303-555-0150"
# What somebody did to a file, and a word of what is said of it, with its line.
BROKEN: tuple[tuple[str, Break, str], ...] = (
    # no YAML at all, or cut off
    (CONFIG, lambda text: text[: len(text) // 3] + "\n  - {id:", "this is not YAML"),
    (CONFIG, lambda text: "", "the file is empty"),
    (CONFIG, lambda text: "- a\n- b\n", "must be a list of `key: value` lines"),
    (CONFIG, lambda text: text + "\n\tlimits: {}\n", "this is not YAML"),
    (CONFIG, lambda text: text + "\nlimits: {}\n", "given twice"),
    (CONFIG, lambda text: "\0" + text, "this is not YAML"),
    (CONFIG, lambda text: text + "\n? [a, b]\n: c\n", "a key must be a plain word"),
    (CONFIG, lambda text: text + "\nx: &a [*a]\n", "not"),
    (CONFIG, lambda text: "[" * 5000, "this is not YAML"),
    # keys
    (CONFIG, swapped("calendar:", "calender:"), "did you mean `calendar`"),
    (CONFIG, swapped("  name: Meridell ", "  nane: Meridell "), "`organisation.nane` is not a known key"),
    (CONFIG, swapped("organisation:", "organisation: x\nold:"), "must hold `key: value` lines"),
    (CONFIG, swapped("store:", "stores:"), "`store` is missing"),
    (CONFIG, swapped("posting:", "postings:"), "`posting` is missing"),
    (CONFIG, swapped("people:", "persons:"), "`people` is missing"),
    (CONFIG, swapped("companies:", "clecs:"), "`companies` is missing"),
    # the organisation
    (CONFIG, swapped("Meridell CMP <cmpcr@meridell.example>", "cmpcr at meridell"), "must be an e-mail address"),
    (CONFIG, swapped("domains: [meridell.example]", "domains: [gmail.com]"), "anybody may have an address"),
    (CONFIG, swapped("domains: [meridell.example]", "domains: [-]"), "must be a mail domain"),
    (CONFIG, swapped("signed_bounces: false", "signed_bounces: perhaps"), "must be one of"),
    (CONFIG, swapped("# forms: forms", "forms: nowhere"), "there is no fields.yaml"),
    # people and companies
    (CONFIG, swapped("id: okafor", "id: ellison"), "already the id of"),
    (CONFIG, swapped("daniel.okafor@", "marta.ellison@"), "an address is one person's"),
    (CONFIG, swapped("roles: [CMP Manager]", "roles: [Boss]"), "must be one of"),
    (CONFIG, swapped("roles: [CMP Manager]", "roles: [SME]"), "nobody has the role"),
    (CONFIG, swapped("id: ellison", "id: Marta Ellison"), "must be a short word"),
    (CONFIG, swapped("domains: [bluemesa.example]", "domains: [alderpoint.example]"), "already belongs to"),
    (CONFIG, swapped("name: Bluemesa Telephone", "name: alderpoint communications"), "is listed twice"),
    (CONFIG, swapped("  - name: Bluemesa Telephone\n    domains", "  - name: X\n  - domains"), "needs `domains`"),
    # calendar, deadlines, reminders
    (CONFIG, swapped("time_zone: America/Denver", "time_zone: America/Dever"), "must be a time zone"),
    (CONFIG, swapped("opens: 08:00", "opens: 25:00"), "must be a time of day"),
    (CONFIG, swapped("cutoff: 17:00", "cutoff: 07:00"), "must be later than `opens`"),
    (CONFIG, swapped("third Wednesday, 09:00", "every Wednesday"), "must read like"),
    (CONFIG, swapped("moved_meetings: []", "moved_meetings: [2026-02-30]"), "must be a date"),
    (CONFIG, swapped("country: US ", "country: XX "), "`calendar.holidays.country`"),
    (CONFIG, swapped("day after fourth Thursday", "day before fourth Thursday"), "must be a date such as"),
    (CONFIG, swapped("acknowledge: 2", "acknowledge: two"), "must be a whole number"),
    (CONFIG, swapped("before: [3, 1]", "before: [0]"), "must be a number of days"),
    # trust, limits, servers
    (CONFIG, swapped("require: either", "require: neither"), "must be one of"),
    (CONFIG, swapped("key_days: 90", "key_days: 9"), "must not be less than"),
    (CONFIG, swapped("poll_seconds: 60", "poll_seconds: 0"), "must be from 1"),
    (CONFIG, swapped("memory_megabytes: 512", "memory_megabytes: 1"), "must be from 128"),
    (CONFIG, swapped("sqlite:///var/cmpbot.sqlite", "mysql://host/x"), "must be `sqlite:///FILE`"),
    (CONFIG, swapped("http://127.0.0.1:8026/", "127.0.0.1"), "must be a web address"),
    (CONFIG, swapped("documents: []", "documents: [exe]"), "must be one of"),
    (CONFIG, swapped("{file: secret}", "{file: gone}"), "which does not exist"),
    (CONFIG, swapped("{file: secret}", "canary-5512"), "a password must not stand in this file"),
    (CONFIG, swapped("tls: none, username", "tls: none, port: 0, username"), "must be from 1 to 65535"),
    (CONFIG, swapped("# to: [oncall@other.example]", "to: [oncall@other.example]"), "is for `smtp`"),
    # the field table
    (FIELDS, lambda text: text.replace("shape:", "shade:", 1), "unknown setting shade"),
    (FIELDS, swapped("need: required", "need: perhaps"), "'perhaps'"),
    (FIELDS, lambda text: text[:400] + "\n  - {", "this is not YAML"),
    # the templates
    ("templates/mail/agenda.txt", lambda text: text + "\n{% endfor %}", "template mail/agenda.txt, line "),
    ("templates/site/cr.html", lambda text: "<p>\n{{ number | nofilter }}", "template site/cr.html, line 2: "),
    ("templates/site/index.html", lambda text: "\n\n\udcff", "template site/index.html, line 3: "),
    ("templates/mail/ending.html", lambda text: "\n{% include 'mail/x.html' %}", "there is no template mail/x.html"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped office with a real mailbox, its forms and templates in its own folder."""
    place = tmp_path_factory.mktemp("office")
    shutil.copytree(packaged() / "templates", place / "templates")
    shutil.copytree(packaged() / "forms", place / "forms")
    (place / "secret").write_text("word")
    (place / "secret").chmod(0o600)
    text = (packaged() / CONFIG).read_text("utf-8")
    account = "{host: localhost, tls: none, username: bot, password: {file: secret}}"
    text = text.replace("mailbox: embedded\n", f"mailbox: {account}\n").replace(
        "smtp: embedded\n", f"smtp: {account}\n"
    )
    (place / CONFIG).write_text(text, "utf-8")
    return place


def reading(folder: Path) -> Settings:
    """The configuration of a folder, with the templates that lie there."""
    return replace(load(folder / CONFIG), templates=folder / "templates")


def with_own_forms(text: str) -> str:
    """The configuration with the field table of its own folder."""
    return text.replace("# forms: forms", "forms: forms")


@pytest.fixture(scope="module")
def old(folder: Path) -> Settings:
    """The configuration in force."""
    return reading(folder)


@pytest.mark.parametrize(("name", "change", "said"), BROKEN, ids=lambda part: part if isinstance(part, str) else "")
def test_a_broken_file_is_refused_with_its_line(
    folder: Path, old: Settings, name: str, change: Break, said: str
) -> None:
    """Whatever somebody did to it: it is said what and where, and the old configuration is what there is."""
    file, config = folder / name, folder / CONFIG
    whole, kept = file.read_bytes(), config.read_bytes()
    try:
        if name == FIELDS:
            config.write_text(with_own_forms(kept.decode()), "utf-8")
        file.write_bytes(change(whole.decode()).encode("utf-8", "surrogateescape"))
        with pytest.raises(ConfigMistake) as refused:
            reread(old, lambda: reading(folder))
    finally:
        file.write_bytes(whole)
        config.write_bytes(kept)
    told = str(refused.value)
    assert said in told
    assert file.name in told
    assert any(f"{file.name}{mark}" in told for mark in (":", ", line "))
    assert "canary" not in told


def test_there_are_fifty() -> None:
    """As many as reliability asks for (F25)."""
    assert len(BROKEN) >= 50


def test_a_good_one_is_taken_and_the_worker_stays_who_it_is(folder: Path, old: Settings) -> None:
    """What it has claimed is found again under its name."""
    assert reread(old, lambda: reading(folder)).worker == old.worker


def test_an_embedded_mail_server_is_not_left(folder: Path, old: Settings) -> None:
    """The mail in it would be lost; so it is said."""
    with pytest.raises(ConfigMistake, match="embedded mail server"):
        reread(replace(old, embedded=True), lambda: reading(folder))


def test_a_daemon_goes_on_with_the_templates_that_it_has_read(folder: Path, old: Settings) -> None:
    """What somebody does to the files concerns the next reload only."""
    file = folder / "templates" / "site" / "lists.html"
    whole = file.read_bytes()
    templates = Templates(old.templates, old.office, old.table)
    templates.load()
    try:
        file.write_text("{% if %}", "utf-8")
        with pytest.raises(BrokenTemplate, match="is undefined"):  # it is the old one, which wants a context
            templates.page("lists.html", {})
        with pytest.raises(BrokenTemplate):
            Templates(old.templates, old.office, old.table).page("lists.html", {})
    finally:
        file.write_bytes(whole)


def hang_up(process: "Popen[bytes]", house: House, event: str) -> None:
    """Ask a daemon to read its configuration again, and wait for what it says of it."""
    before = house.said(event)
    process.send_signal(signal.SIGHUP)
    until(lambda: house.said(event) > before, 30)


@pytest.mark.slow
def test_a_running_daemon_is_given_another_office(tmp_path: Path, dovecot: Dovecot, sink: Sink) -> None:
    """What is wrong is refused, logged, and shown by health while mail is taken in as before; what is right counts
    from then on, for mail, letters and pages, without a restart."""
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port)
    file = house.folder / "config.yaml"
    good = file.read_text("utf-8")
    process = house.start("run")
    try:
        until(lambda: house.said("ready"), 60)
        file.write_text(good.replace("third Wednesday", "thirst Wednesday"), "utf-8")
        hang_up(process, house, "not reloaded")
        assert "config.yaml:" in house.log()
        house.fill(mail(0))
        until(lambda: len(sink.taken) >= 2, 30)
        assert "config.yaml:" in str(health(house, 1)["reasons"])
        file.write_text(good, "utf-8")
        until(lambda: "could not be read again" in str(health(house, 1)["reasons"]), 15)

        # Nothing is wrong with it, and yet there is no such database.
        file.write_text(good.replace("sqlite:///", "postgresql://nobody@127.0.0.1:1"), "utf-8")
        ready = house.said("ready")
        hang_up(process, house, "not reloaded")
        until(lambda: house.said("ready") > ready, 30)
        assert "the database does not answer" in house.log().splitlines()[-2]

        file.write_text(good.replace("name: Meridell\n", "name: Summitline\n"), "utf-8")
        ready = house.said("ready")
        hang_up(process, house, "reloaded")
        until(lambda: house.said("ready") > ready, 30)
        house.fill(mail(1))
        until(lambda: len(house.numbers()) == 2, 30)
        until(lambda: "Summitline" in (house.folder / "site" / "index.html").read_text("utf-8"), 30)
        assert health(house, 0)["state"] == "green"
        assert process.poll() is None
        assert len([*(house.folder / "heartbeat").glob("*.json")]) == 1
        until(lambda: len(sink.taken) >= 4, 30)
        assert house.acknowledgements(sink.taken).total() == 2
    finally:
        assert stop(process) == 0


@pytest.mark.slow
def test_what_was_left_is_let_go(tmp_path: Path, dovecot: Dovecot, sink: Sink) -> None:
    """A dozen reloads, with a mail after each, leave the daemon no larger than the first ones."""
    house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port)
    process = house.start("run")
    sizes = []
    try:
        until(lambda: house.said("ready"), 60)
        for place in range(16):
            hang_up(process, house, "reloaded")
            house.fill(mail(3 * place + 2))
            until(partial(came, house, place + 1), 30)
            sizes.append(resident(process.pid))
    finally:
        assert stop(process) == 0
    assert sizes[-1] - sizes[3] < 10 * 2**20, sizes


def came(house: House, count: int) -> bool:
    """Whether so many change requests have been registered."""
    return len(house.numbers()) == count


def resident(pid: int) -> int:
    """The octets of memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


def health(house: House, expected: int) -> dict[str, object]:
    """What `cmpbot health --json` says, which ends with this code."""
    done = subprocess.run(house.command("health", "--json"), capture_output=True, text=True, check=False)
    assert done.returncode == expected, done.stdout + done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found
