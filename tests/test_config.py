"""config.yaml: what people mean is read, and every mistake is named with its line."""

from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.config import Limits, Settings, find, load, load_to_explain, packaged
from bot.config.nodes import open_page
from bot.errors import ConfigMistake
from bot.office.office import Intervals, Reminding, Require, Trust
from bot.office.people import Role

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
GOOD = """\
organisation:
  name: Copperline
  address: CR Desk <cr@copperline.example>
  aliases: [cr-old@copperline.example]
  domains: [copperline.example]
process:
  name: Change Management Process
  track: Product/Process
  escalation_url: https://copperline.example/escalate
mailbox:
  host: imap.copperline.example
  tls: tls
  port: 1993
  username: cr
  password: {file: secrets/imap}
  folders: {inbox: INBOX, processed: Done, parked: Waiting, quarantine: Odd}
smtp:
  host: smtp.copperline.example
  tls: starttls
  username: cr
  password: {env: CMPBOT_TEST_SMTP}
store:
  url: postgresql://cmp@db.copperline.example/cmp
  password: {credential: store}
posting:
  folder: site
  url: https://cmp.copperline.example
  after_publish: [rsync, -a, site/, "web:/srv/cmp"]
  contacts: true
  documents: [pdf, DOCX]
people:
  - id: ada
    name: Ada Quill
    email: ada.quill@copperline.example
    roles: [CMP Manager, CRPM]
  - id: ben
    name: Ben Foss
    email: ben.foss@copperline.example
    roles: CMP Group Manager
companies:
  - name: Osprey Telecom
    domains: [osprey.example]
    contacts: [Una Reyes <una@osprey.example>]
  - name: Lark Voice
    contacts: [lark.voice@gmail.com]
trust:
  authserv_ids: [MX.copperline.example]
calendar:
  time_zone: America/Denver
  opens: 8:30
  cutoff: 17:00
  monthly_meeting: third Wednesday, 09:00
  moved_meetings: [2026-12-09]
  holidays:
    country: US
    extra: [2026-12-24, day after fourth Thursday of November]
deadlines:
  acknowledge: 2
  clarify: 10
reminders: {}
limits:
  poll_seconds: 30
  batch: 50
  attempts: 3
  mail_megabytes: 20
  answers_an_hour: 3
  answers_a_day: 10
  acknowledgements_an_hour: 100
"""


@pytest.fixture(autouse=True)
def _secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The three places where passwords may come from, filled."""
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    for name, mode in (("imap", 0o600), ("open", 0o644), ("empty", 0o600)):
        (folder / name).write_text("" if name == "empty" else f"s3cret-{name}\n", "utf-8")
        (folder / name).chmod(mode)
    (folder / "store").write_text("p@ss/word\n", "utf-8")
    monkeypatch.setenv("CMPBOT_TEST_SMTP", "s3cret-smtp")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    monkeypatch.delenv("CMPBOT_CONFIG", raising=False)


def read(folder: Path, text: str) -> Settings:
    """Load a configuration from a folder."""
    file = folder / "config.yaml"
    file.write_text(text, "utf-8")
    return load(file, NOW)


def mistakes(folder: Path, text: str) -> list[str]:
    """Every mistake of a configuration, as `LINE: words`."""
    with pytest.raises(ConfigMistake) as caught:
        read(folder, text)
    prefix = f"{folder / 'config.yaml'}:"
    assert all(mistake.place.startswith(prefix) for mistake in caught.value.mistakes)
    return [str(mistake).removeprefix(prefix) for mistake in caught.value.mistakes]


# What a person might get wrong: a piece of the good file, what stands there instead (the line that
# must be named carries HERE), and words that the mistake must have.
BROKEN = (
    ("name: Copperline\n", "nmae: Copperline # HERE\n", "`organisation.nmae` is not a known key; did you mean `name`?"),
    ("limits:\n", "limit: # HERE\n", "`limit` is not a known key; did you mean `limits`?"),
    ("  batch: 50\n", "  batches: 50 # HERE\n", "`limits.batches` is not a known key; did you mean `batch`?"),
    ("  host: imap", "  color: red # HERE\n  host: imap", "`mailbox.color` is not a known key"),
    ("inbox: INBOX,", "sent: Sent, # HERE\n    inbox: INBOX,", "`mailbox.folders.sent` is not a known key"),
    ("  name: Copperline\n", "  name: Copperline\n  name: Copper # HERE\n", "`organisation.name` is given twice"),
    ("reminders: {}", "reminders: {}\nreminders: {} # HERE", "`reminders` is given twice; the first is on line 60"),
    (
        "[MX.copperline.example]\n",
        "[MX.copperline.example]\n  require: any # HERE\n",
        "must be one of `either`, `both`",
    ),
    (
        "[MX.copperline.example]\n",
        "[MX.copperline.example]\n  code_days: 0 # HERE\n",
        "`trust.code_days` must be from 1",
    ),
    (
        "[MX.copperline.example]\n",
        "[MX.copperline.example]\n  code_days: 60\n  key_days: 30 # HERE\n",
        "`trust.key_days` must not be less than `code_days` (60)",
    ),
    ("reminders: {}", "reminders: {often: 3} # HERE", "`reminders.often` is not a known key"),
    ("reminders: {}", "reminders: [] # HERE", "`reminders` must hold `key: value` lines of its own"),
    ("  name: Copperline\n", "  name: # HERE\n", "`organisation.name` is missing"),
    ("  name: Copperline\n", "  name: [Copperline] # HERE\n", "`organisation.name` must be a single value"),
    ("CR Desk <cr@copperline.example>", "cr.copperline.example # HERE", "must be an e-mail address"),
    ("CR Desk <cr@copperline.example>", "cr@@copperline.example # HERE", "must be an e-mail address"),
    ("CR Desk <cr@copperline.example>", "cr@copperline # HERE", "must be an e-mail address"),
    ("[cr-old@copperline.example]", "[cr old@copperline.example] # HERE", "`organisation.aliases 1` must be an e-mail"),
    ("domains: [copperline.example]", "domains: [copperline..example] # HERE", "must be a mail domain"),
    ("domains: [copperline.example]", "domains: [cr@copperline.example] # HERE", "must be a mail domain"),
    ("https://copperline.example/escalate", "ask Ada # HERE", "`process.escalation_url` must be a web address"),
    ("host: imap.copperline.example", "host: imap copperline # HERE", "must be the name or address of a server"),
    ("  tls: tls\n", "  tls: ssl # HERE\n", "`mailbox.tls` must be one of `tls`, `starttls`, `none`, not `ssl`"),
    ("  tls: tls\n", "  tls: none # HERE\n", "would send password and mail to imap.copperline.example in the clear"),
    (
        "  tls: starttls\n",
        "  tls: none # HERE\n",
        "would send password and mail to smtp.copperline.example in the clear",
    ),
    ("port: 1993", "port: imap # HERE", "`mailbox.port` must be a whole number, not `imap`"),
    ("port: 1993", "port: 70000 # HERE", "`mailbox.port` must be from 1 to 65535, not 70000"),
    (
        "  username: cr\n  password: {file: secrets/imap}",
        "  password: {file: secrets/imap}",
        "`mailbox.username` is missing",
    ),
    ("{file: secrets/imap}", "hunter2 # HERE", "`mailbox.password`: a password must not stand in this file"),
    ("{file: secrets/imap}", "{file: secrets/none} # HERE", "which does not exist; write the password into it"),
    ("{file: secrets/imap}", "{file: secrets/open} # HERE", "which others may read; run: chmod 600"),
    ("{file: secrets/imap}", "{file: secrets/empty} # HERE", "which is empty"),
    ("{file: secrets/imap}", "{file: secrets} # HERE", "which is no file"),
    ("{file: secrets/imap}", "{file: secrets/imap, env: HOME} # HERE", "must name exactly one of `file`, `env`"),
    ("{file: secrets/imap}", "{vault: imap} # HERE", "must name exactly one of `file`, `env`"),
    ("{env: CMPBOT_TEST_SMTP}", "{env: CMPBOT_TEST_NONE} # HERE", "CMPBOT_TEST_NONE, which is not set"),
    ("{credential: store}", "{credential: ../imap} # HERE", "must be the plain name of a systemd credential"),
    ("{credential: store}", "{credential: nothing} # HERE", "which cannot be read"),
    ("quarantine: Odd", "quarantine: Done", "every folder needs a name of its own"),
    ("  url: postgresql://cmp@", "  url: mysql://cmp@", "`store.url` must be `sqlite:///FILE` or `postgresql://"),
    ("  url: postgresql://cmp@", "  url: postgresql://cmp:hunter2@", "must not carry a password"),
    ("  url: postgresql://cmp@", "  url: postgresql://", "names no user, but there is a password"),
    ("postgresql://cmp@db.copperline.example/cmp", "sqlite:///x.sqlite", "an SQLite file has no password"),
    ("  folder: site\n", "", "`posting.folder` is missing"),
    ("https://cmp.copperline.example\n", "cmp.copperline.example # HERE\n", "`posting.url` must be a web address"),
    ("contacts: true", "contacts: perhaps # HERE", "`posting.contacts` must be one of `true`, `false`, not `perhaps`"),
    ("[pdf, DOCX]", "[pdf, html] # HERE", "must be one of `pdf`, `docx`, `xlsx`, `txt`, not `html`"),
    ("[pdf, DOCX]", "[.pdf] # HERE", "not `.pdf`; did you mean `pdf`?"),
    ('[rsync, -a, site/, "web:/srv/cmp"]', "{rsync: yes} # HERE", "`posting.after_publish` must be a list"),
    ("id: ben", "id: ada # HERE", "`ada` is already the id of Ada Quill"),
    ("id: ben", "id: Ben Foss # HERE", "must be a short word of small letters"),
    ("email: ben.foss@", "email: Ada.Quill@copperline.example # HERE\n    #", "is already the address of Ada Quill"),
    ("[CMP Manager, CRPM]", "[CMP Manager, CRMP] # HERE", "not `CRMP`; did you mean `CRPM`?"),
    ("[CMP Manager, CRPM]", "[CMP Manager, CLEC] # HERE", "not `CLEC`"),
    ("roles: CMP Group Manager", "roles: CRPM", "nobody has the role `CMP Group Manager`"),
    ("  - name: Lark Voice\n", "  - name: osprey telecom # HERE\n", "`osprey telecom` is listed twice"),
    ("    contacts: [lark.voice@gmail.com]\n", "", "`companies 2` needs `domains` or `contacts`"),
    ("contacts: [lark.voice@gmail.com]", "domains: [gmail.com] # HERE", "where anybody may have an address"),
    ("contacts: [lark.voice@gmail.com]", "domains: [osprey.example] # HERE", "already belongs to Osprey Telecom"),
    ("contacts: [lark.voice@gmail.com]", "domains: [copperline.example] # HERE", "already belongs to Copperline"),
    ("contacts: [lark.voice@gmail.com]", "contacts: [ada.quill@copperline.example] # HERE", "belongs to Ada Quill"),
    ("time_zone: America/Denver", "time_zone: America/Dever # HERE", "did you mean `America/Denver`?"),
    ("time_zone: America/Denver", "time_zone: ../etc/passwd # HERE", "must be a time zone"),
    ("cutoff: 17:00", "cutoff: 5 pm # HERE", "`calendar.cutoff` must be a time of day such as `17:00`, not `5 pm`"),
    ("cutoff: 17:00", "cutoff: 25:00 # HERE", "must be a time of day"),
    ("cutoff: 17:00", "cutoff: 08:00 # HERE", "must be later than `opens` (08:30)"),
    ("third Wednesday, 09:00", "third Wensday, 09:00 # HERE", "must read like `third Wednesday, 09:00`"),
    ("third Wednesday, 09:00", "{minutes: 120} # HERE", "`calendar.monthly_meeting.when` is missing"),
    ("third Wednesday, 09:00", "{when: '1st Friday, 9:00', minutes: long} # HERE", "minutes` must be a whole number"),
    ("third Wednesday, 09:00", "{when: 'first Friday, 9:00', bridge: 5} # HERE", "`calendar.monthly_meeting.bridge`"),
    ("[2026-12-09]", "[12/09/2026] # HERE", "must be a date such as `2026-11-27`, not `12/09/2026`"),
    ("[2026-12-09]", "[2026-02-30] # HERE", "must be a date such as"),
    ("country: US", "country: Utopia # HERE", "must be a country's two letters"),
    ("2026-12-24, day", "sometimes in May, day", "must be a date such as `2026-12-24` or a rule"),
    ("reminders: {}", "reminders: {before: [0]} # HERE", "must be a number of days from 1 to 365, not `0`"),
    ("acknowledge: 2", "acknowledge: -1 # HERE", "`deadlines.acknowledge` must be from 0 to 365, not -1"),
    ("acknowledge: 2", "acknowledge: two # HERE", "must be a whole number, not `two`"),
    ("acknowledge: 2", "acknowledge: 2.5 # HERE", "must be a whole number, not `2.5`"),
    ("acknowledge: 2", "aknowledge: 2 # HERE", "did you mean `acknowledge`?"),
    ("  attempts: 3", "  attempts: 0 # HERE", "`limits.attempts` must be from 1 to 100, not 0"),
    ("  mail_megabytes: 20", "  mail_megabytes: 500 # HERE", "must be from 1 to 25, not 500"),
    ("name: Osprey Telecom", "name: <a CLEC's name> # HERE", "still has to be filled in: a CLEC's name"),
    ("  - name: Lark Voice", "  - Lark Voice # HERE\n  - name: Lark Voice", "must hold `key: value` lines of its own"),
)


@pytest.mark.parametrize(("good", "bad", "words"), BROKEN, ids=[f"{n}: {row[2][:40]}" for n, row in enumerate(BROKEN)])
def test_a_mistake_is_named_with_its_line(tmp_path: Path, good: str, bad: str, words: str) -> None:
    """Each mistake is reported at its own line in words that help, and at most one that follows from it."""
    assert GOOD.count(good) >= 1
    text = GOOD.replace(good, bad, 1)
    found = mistakes(tmp_path, text)
    assert len(found) <= 2, found
    named = [mistake for mistake in found if words in mistake]
    assert named, found
    lines = [n for n, line in enumerate(text.splitlines(), 1) if "# HERE" in line]
    assert not lines or named[0].startswith(f"{lines[0]}:"), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Every one of many mistakes is reported, in the order of the file."""
    text = GOOD
    chosen = [row for row in BROKEN if "# HERE" in row[1] and "\n" not in row[1]]
    for good, bad, _ in chosen:
        text = text.replace(good, bad, 1) if text.count(good) else text
    found = mistakes(tmp_path, text)
    numbers = [int(mistake.partition(":")[0]) for mistake in found]
    assert len(found) > 20
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "the file is empty"),
        ("# nothing\n", 1, "the file is empty"),
        ("- a\n- b\n", 1, "must be a list of `key: value` lines"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "this is not YAML"),
        ("a: 1\n\tb: 2\n", 2, "a tab stands in this line, where blanks belong; indent with blanks"),
        ("a:\r\n\tb: 2\r\n", 2, "indent with blanks"),
        ("a:\n  - x\n  \t- y\n", 3, "indent with blanks"),
        ("a: 1\n---\nb: 2\n", 2, "this is not YAML"),
        ("a: *nobody\n", 1, "this is not YAML"),
        ("? [a, b]\n: 1\n", 1, "a key must be a plain word"),
    ],
)
def test_what_is_no_configuration_at_all(tmp_path: Path, text: str, line: int, words: str) -> None:
    """A file that is not YAML, or not a mapping, is refused with the line where it goes wrong."""
    assert any(found.startswith(f"{line}:") and words in found for found in mistakes(tmp_path, text))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """A file in no readable encoding is a mistake, not a crash."""
    (tmp_path / "config.yaml").write_bytes(b"organisation:\n  name: \xff\xfe\n")
    with pytest.raises(ConfigMistake, match="this is not YAML"):
        load(tmp_path / "config.yaml")


@pytest.mark.parametrize(
    "section", ["organisation", "mailbox", "smtp", "store", "posting", "people", "companies", "calendar"]
)
def test_a_missing_section_is_one_mistake(tmp_path: Path, section: str) -> None:
    """A section that is left out is said once, not once for each of its keys."""
    kept, skipping = [], False
    for line in GOOD.splitlines(keepends=True):
        if not line.startswith(" "):
            skipping = line.startswith(f"{section}:")
        if not skipping:
            kept.append(line)
    assert mistakes(tmp_path, "".join(kept)) == [f"1: `{section}` is missing"]


def test_the_good_file(tmp_path: Path) -> None:
    """What the file says is what the office gets."""
    settings = read(tmp_path, GOOD)
    office = settings.office
    assert (office.organisation.address.email, office.organisation.address.name) == ("cr@copperline.example", "CR Desk")
    assert office.organisation.site_url == "https://cmp.copperline.example/"
    assert [person.id for person in office.holders(Role.GROUP_MANAGER)] == ["ben"]
    assert [company.name for company in office.directory.companies] == ["Osprey Telecom", "Lark Voice"]
    assert office.trust.authserv_ids == {"mx.copperline.example"}
    assert (office.trust.require, office.trust.code_days, office.trust.key_days) == (Require.EITHER, 60, 90)
    assert office.intervals.clarify == 10
    assert office.intervals.post == 2
    assert settings.own_addresses == {"cr@copperline.example", "cr-old@copperline.example"}
    assert (settings.imap.host, settings.imap.port, settings.imap.tls) == ("imap.copperline.example", 1993, "tls")
    assert settings.imap.largest == 20 * 1024 * 1024
    assert (settings.imap.processed, settings.imap.parked, settings.imap.quarantine) == ("Done", "Waiting", "Odd")
    assert (settings.smtp.port, settings.smtp.tls, settings.smtp.name) == (587, "starttls", "copperline.example")
    assert settings.posting.folder == tmp_path / "site"
    assert (settings.posting.contacts, settings.posting.documents) == (True, ("pdf", "docx"))
    assert settings.posting.after_publish == ("rsync", "-a", "site/", "web:/srv/cmp")
    assert settings.limits.poll_seconds == 30
    assert settings.budget.answers_an_hour == 3
    assert not settings.embedded


def test_the_calendar(tmp_path: Path) -> None:
    """Times, dates and rules are read as people mean them, holidays included."""
    calendar = read(tmp_path, GOOD).office.calendar
    assert (calendar.opens, calendar.cutoff) == (time(8, 30), time(17, 0))
    assert str(calendar.zone) == "America/Denver"
    assert calendar.meeting.date_in(2026, 12) == date(2026, 12, 9)
    assert calendar.meeting.date_in(2027, 1) == date(2027, 1, 20)
    for day in (date(2026, 11, 26), date(2026, 11, 27), date(2026, 12, 24), date(2026, 12, 25), date(2027, 11, 26)):
        assert day in calendar.holidays
    assert date(2027, 12, 23) not in calendar.holidays


def test_a_monthly_meeting_may_say_how_long_and_where(tmp_path: Path) -> None:
    """In lines of its own; in one line it says only when."""
    line = "monthly_meeting: third Wednesday, 09:00"
    assert line in GOOD
    plain = read(tmp_path, GOOD).office.calendar.meeting
    assert (plain.minutes, plain.place) == (0, "")
    more = "monthly_meeting: {when: 'third Wednesday, 09:00', minutes: 120, place: Bridge 303-555-0150}"
    told = read(tmp_path, GOOD.replace(line, more)).office.calendar.meeting
    assert (told.minutes, told.place, told.moved) == (120, "Bridge 303-555-0150", plain.moved)
    assert replace(told, minutes=0, place="") == plain


def test_a_rule_is_the_day_after_not_the_fourth_friday(tmp_path: Path) -> None:
    """In a November that begins on a Friday the two differ: Thanksgiving 2030 is the 28th."""
    (tmp_path / "config.yaml").write_text(GOOD, "utf-8")
    calendar = load(tmp_path / "config.yaml", datetime(2030, 6, 1, tzinfo=UTC)).office.calendar
    assert date(2030, 11, 29) in calendar.holidays
    assert date(2030, 11, 22) not in calendar.holidays


def test_secrets_come_from_three_places(tmp_path: Path) -> None:
    """A file, an environment variable or a systemd credential; without the line end."""
    settings = read(tmp_path, GOOD)
    assert settings.imap.password() == "s3cret-imap"
    assert settings.smtp.password() == "s3cret-smtp"
    assert settings.store_url == "postgresql+psycopg://cmp:p%40ss%2Fword@db.copperline.example/cmp"


def test_a_changed_password_is_read_again(tmp_path: Path) -> None:
    """A password file is read at each login, so that a new password needs no restart."""
    settings = read(tmp_path, GOOD)
    (tmp_path / "secrets" / "imap").write_text("n3w", "utf-8")
    assert settings.imap.password() == "n3w"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    """Whoever prints the settings sees no password."""
    shown = repr(read(tmp_path, GOOD))
    assert "s3cret" not in shown
    assert "p%40ss" not in shown


def test_no_mistake_repeats_a_password(tmp_path: Path) -> None:
    """A password that somebody wrote into the file is not written on the screen as well."""
    text = GOOD.replace("{file: secrets/imap}", "hunter2").replace("postgresql://cmp@", "postgresql://cmp:hunter2@")
    assert "hunter2" not in "\n".join(mistakes(tmp_path, text))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2026-11-27", "2026-11-27"),
        ("~x", "~x"),
    ],
)
def test_words_stay_words(written: str, meant: str) -> None:
    """What YAML would make a truth value, a number of seconds or a date stays the text it is."""
    assert open_page(f"name: {written}\n".encode(), "config.yaml").text("name") == meant


@pytest.mark.parametrize(("written", "meant"), [("010", 10), ("+3", 3), ('"7"', 7)])
def test_figures_are_decimal(written: str, meant: int) -> None:
    """A leading zero makes no octal number."""
    assert open_page(f"batch: {written}\n".encode(), "config.yaml").whole("batch", 1) == meant


def test_the_shipped_file_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """config.yaml as shipped has no mistake, and is the embedded default."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "config.yaml"
    file.write_bytes((packaged() / "config.yaml").read_bytes())
    settings = load(file, NOW)
    assert settings.embedded
    assert (settings.imap.host, settings.imap.tls) == ("127.0.0.1", "none")
    assert settings.store_url == f"sqlite:///{tmp_path}/var/cmpbot.sqlite"
    assert settings.posting.folder == tmp_path / "var" / "site"
    assert len(settings.office.directory.companies) >= 10
    assert all(settings.office.holders(role) for role in Role if role is not Role.CLEC)


def test_the_shipped_file_shows_every_deadline_and_limit() -> None:
    """Every figure that has a standard value stands in the shipped file with it, the others as a comment."""
    text = (packaged() / "config.yaml").read_text("utf-8")
    top = open_page(text.encode(), "config.yaml")
    trust = Trust()
    assert top.part("trust").plain() == {
        "authserv_ids": ["mx.meridell.example"],
        "require": trust.require.value,
        "code_days": trust.code_days,
        "key_days": trust.key_days,
    }
    assert top.part("deadlines").plain() == {
        figure.name: figure.default for figure in fields(Intervals) if figure.default is not None
    }
    assert all(f"  # {figure.name}:" in text for figure in fields(Intervals) if figure.default is None)
    standard = asdict(Reminding())
    assert top.part("reminders").plain() == standard | {"before": list(standard["before"])}
    shown = top.part("limits").plain()
    assert {name: shown[name] for name in Limits.__slots__} == asdict(Limits())


def test_the_embedded_default_needs_no_smtp(tmp_path: Path) -> None:
    """`mailbox: embedded` brings its own SMTP server; another one beside it is a mistake."""
    shipped = (packaged() / "config.yaml").read_text("utf-8")
    assert read(tmp_path, shipped.replace("smtp: embedded\n", "")).embedded
    both = shipped.replace("smtp: embedded\n", "smtp: {host: smtp.copperline.example}\n")
    assert "brings its own SMTP server" in mistakes(tmp_path, both)[0]
    assert (
        "must be one of `embedded`" in mistakes(tmp_path, shipped.replace("mailbox: embedded", "mailbox: embeded"))[0]
    )


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder without any configuration."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_where_the_configuration_is_looked_for(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file asked for, then $CMPBOT_CONFIG, then ./config.yaml, then the packaged one."""
    assert find(None) == packaged() / "config.yaml"
    (elsewhere / "config.yaml").write_text(GOOD, "utf-8")
    assert find(None) == Path("config.yaml")
    other, asked = elsewhere / "other.yaml", elsewhere / "asked.yaml"
    other.write_text(GOOD, "utf-8")
    asked.write_text(GOOD, "utf-8")
    monkeypatch.setenv("CMPBOT_CONFIG", str(other))
    assert find(None) == other
    assert find(asked) == asked


def test_a_named_file_must_be_there(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Naming a file that is not there is a mistake, never silently another file."""
    for way in (elsewhere / "none.yaml", None):
        monkeypatch.setenv("CMPBOT_CONFIG", str(elsewhere / "gone.yaml"))
        with pytest.raises(ConfigMistake, match="there is no such configuration file"):
            load(way)


def test_explaining_needs_no_keys_and_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To read a form, no password is looked at and nothing is written."""
    monkeypatch.delenv("CMPBOT_TEST_SMTP")
    (tmp_path / "config.yaml").write_text(GOOD.replace("secrets/imap", "secrets/none"), "utf-8")
    before = sorted(tmp_path.rglob("*"))
    assert load_to_explain(tmp_path / "config.yaml").office.organisation.name == "Copperline"
    assert sorted(tmp_path.rglob("*")) == before


def test_workers_never_share_a_name(tmp_path: Path) -> None:
    """Two starts have two names, even where every process has the same number."""
    assert read(tmp_path, GOOD).worker != read(tmp_path, GOOD).worker


def test_days_of_the_holiday_list_can_be_added_and_removed(tmp_path: Path) -> None:
    """The Friday after Thanksgiving is one by default; `extra` and `removed` say otherwise, as dates or rules."""
    listed = "    country: US\n    extra: [2026-12-24, day after fourth Thursday of November]\n"
    friday, eve, columbus = date(2026, 11, 27), date(2026, 12, 24), date(2026, 10, 12)

    def off(lines: str) -> set[date]:
        holidays = read(tmp_path, GOOD.replace(listed, lines)).office.calendar.holidays
        return {day for day in (friday, eve, columbus) if day in holidays}

    assert off("    country: US\n") == {friday, columbus}
    assert off("    country: US\n    extra: []\n") == {columbus}
    assert off("    country: US\n    removed: [2026-10-12, day after fourth Thursday of November]\n") == set()
    assert off("    country: CA\n") == set()
    assert off("    extra: [2026-12-24]\n    removed: [2026-12-24]\n") == set()
