"""The unit, as the guide installs it: on a machine with a real systemd, before a real mailbox."""

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.mails import COMPANIES, company, form_fields, mail, word
from bot.cli import COMMANDS
from bot.edge.converter import convert, find_office
from bot.intake.file.opened import Conversion
from tests.house import House
from tests.packaging import guides
from tests.packaging.built import LIBRARIES, ROOT, Built
from tests.packaging.stage import Stage
from tests.servers import IN_CI, PASSWORD, Dovecot, Sink, until

GUIDE = "install-systemd.md"
UNIT = ROOT / "deploy" / "cmpbot.service"
WORST = 1.5
NEW = "/root/new"
STARTS = re.compile(r"^ExecStart=(.*)$", re.MULTILINE)
SOONER = "/run/systemd/system/cmpbot.service.d/sooner.conf"
PROGRAM = "/opt/cmpbot /usr/local/bin/cmpbot /etc/systemd/system/cmpbot* /etc/sysusers.d/cmpbot*"
OFFICE = "/etc/cmpbot/config.yaml"


@pytest.fixture(scope="module")
def analyze() -> str:
    """systemd's own judge of units."""
    program = shutil.which("systemd-analyze")
    if program is None:
        assert not IN_CI, "systemd is among the servers of `make servers`"
        pytest.skip("systemd is not installed (make servers)")
    return program


def test_the_unit_exposes_little(analyze: str) -> None:
    """systemd's measure of what a service could do to its machine: from 0 to 10, and 1.5 is the bar."""
    command = [analyze, "security", "--offline=true", "--no-pager", str(UNIT)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Overall exposure level for cmpbot.service: ([\d.]+)", told)
    assert found, told
    assert float(found[1]) <= WORST


def test_systemd_understands_every_line(analyze: str) -> None:
    """No unknown key, section or value; only the program is not installed here."""
    done = subprocess.run([analyze, "verify", str(UNIT)], check=False, capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "cmpbot" in line]
    assert all("is not executable" in line for line in complaints), complaints


def test_the_unit_calls_a_command_that_there_is() -> None:
    """What it starts is a command of the program, with the configuration where the guide puts it."""
    (line,) = STARTS.findall(UNIT.read_text("utf-8"))
    program, option, config, command = line.split()
    assert (program, option, config) == ("/opt/cmpbot/bin/cmpbot", "--config", OFFICE)
    names = {name for name, _, _ in COMMANDS}
    assert command in names
    (line,) = STARTS.findall(UNIT.with_name("cmpbot-backup.service").read_text("utf-8"))
    assert line.partition("/usr/local/bin/cmpbot ")[2].split()[0] in names


@pytest.fixture(scope="module")
def stage(built: Built) -> Iterator[Stage]:
    """A machine with this machine's Python, and the two files in /root/new."""
    if why := Stage.missing():
        assert not (IN_CI and "make servers" in why), why
        pytest.skip(why)
    python = Path(sys.base_prefix)
    with Stage({built.wheel.parent: NEW, python: "/opt/python", LIBRARIES: "/opt/libraries"}) as machine:
        # This Python was built for another place, and looks there for its own library.
        machine.run("sh", "-c", "echo /opt/python/lib > /etc/ld.so.conf.d/python.conf && ldconfig")
        yield machine


@pytest.fixture
def house(dovecot: Dovecot, sink: Sink, tmp_path: Path) -> House:
    """An office whose mailbox and relay are on this machine."""
    people = [(*company(number), f"person{number:03}@{company(number)[1]}") for number in range(COMPANIES)]
    return House.build(
        tmp_path, dovecot.new_user(), dovecot.imap, sink.port, "sqlite:///var/cmpbot.sqlite", companies=people
    )


def followed(stage: Stage, house: House, section: str) -> dict[str, str]:
    """Carry out a section of the guide, a line after the other; gives what each said. Two lines have a
    stand-in: what pip would fetch is on this machine, and the editor is a person."""
    said = {}
    for line in guides.steps(GUIDE)[section]:
        stdin, command = f"{PASSWORD}\n", line
        if "--require-hashes" in line:
            command = (
                "for place in /opt/cmpbot/lib/python3*/site-packages; do echo /opt/libraries > $place/them.pth; done"
            )
        elif line.startswith("$EDITOR "):
            assert "still has to be filled in" in stage.run("cmpbot", "check", expected=2)
            stdin, command = edited(house), f"cat > {line.split()[1]}"
        said[line] = stage.run("sh", "-c", command, stdin=stdin, folder=NEW)
    return said


def edited(house: House) -> str:
    """The office's configuration, with the places and the credential that the guide names."""
    config = (house.folder / "config.yaml").read_text("utf-8")
    return config.replace("{file: secret}", "{credential: secrets_imap}").replace("folder: site", "folder: var/site")


@pytest.mark.slow
def test_from_nothing_to_a_running_mailbox_and_back(stage: Stage, house: House, sink: Sink) -> None:
    """Every command of the guide, on a machine that never saw cmpbot: it runs under the unit's restrictions,
    its children under theirs, an old file is converted; a kill is mended; nothing is left but the records."""
    followed(stage, house, "The two files")
    followed(stage, house, "Program, user, unit")
    checked = followed(stage, house, "Your office")["cmpbot check"]
    assert "All is well." in checked
    assert "the child has no network and no other program; no file but its own" in checked
    assert stage.run("stat", "-c", "%a %U", "/etc/cmpbot/secrets", "/etc/cmpbot/secrets/imap") == "700 root\n600 root\n"

    followed(stage, house, "Run")
    until(lambda: '"event": "ready"' in log(stage), 60)
    old = find_office()
    wanted = 2
    house.fill(mail(0), mail(1))
    if old:
        assert "converts .doc" in checked
        made = convert(word(form_fields_of(3)), Conversion("docx", "doc"), old)
        assert isinstance(made, bytes)
        house.fill(mail(3, attachment=("cr.doc", made)))
        wanted += 1
    until(lambda: numbers(stage) == wanted, 60)
    until(lambda: acknowledged(stage) == wanted, 60)
    assert len(sink.taken) >= wanted
    assert stage.run("stat", "-c", "%a %U %G", "/var/lib/cmpbot/site/index.html") == "640 cmpbot cmpbot\n"
    assert stage.run("stat", "-c", "%a %U", "/var/lib/cmpbot") == "750 cmpbot\n"

    followed(stage, house, "Backup")
    (backup,) = stage.run("sh", "-c", "ls /var/lib/cmpbot/backup-*").split()
    stage.run("cmpbot", "verify", backup)
    assert stage.run("stat", "-c", "%a %U", backup) == "600 cmpbot\n"
    assert "cmpbot-backup.timer" in stage.run("systemctl", "list-timers", "--no-pager")

    followed(stage, house, "Upgrade")
    until(lambda: log(stage).count('"event": "ready"') == 2, 60)
    assert '"event": "ended"' in log(stage)
    stage.run("install", "-D", "/dev/stdin", SOONER, stdin="[Service]\nRestartSec=1\n")
    stage.run("systemctl", "daemon-reload")
    stage.run("systemctl", "kill", "--signal=KILL", "cmpbot")
    until(lambda: log(stage).count('"event": "ready"') == 3, 60)
    assert numbers(stage) == wanted
    looked_after(stage)

    followed(stage, house, "Uninstall")
    assert stage.run("sh", "-c", f"ls -d {PROGRAM} 2>/dev/null", expected=None) == ""
    stage.run("test", "-s", "/var/lib/cmpbot/cmpbot.sqlite")


def looked_after(stage: Stage) -> None:
    """What systemd hears of it, and what `cmpbot health` says: well; read again on demand, without a restart and
    with a mistake refused; started again when it hangs."""
    assert stage.run("cmpbot", "health").startswith("green")
    before = process(stage)
    stage.run("systemctl", "reload", "cmpbot")
    until(lambda: log(stage).count('"event": "reloaded"') == 1, 60)
    stage.run("sed", "-i", "s/third Wednesday/thirst Wednesday/", OFFICE)
    stage.run("systemctl", "reload", "cmpbot")
    until(lambda: '"event": "not reloaded"' in log(stage), 60)
    assert "config.yaml:" in stage.run("cmpbot", "health", expected=1)
    stage.run("sed", "-i", "s/thirst Wednesday/third Wednesday/", OFFICE)
    assert "could not be read again" in stage.run("cmpbot", "health", expected=1)
    assert process(stage) == before
    stage.run("sh", "-c", f"printf '[Service]\\nRestartSec=1\\nWatchdogSec=15\\n' > {SOONER}")
    stage.run("systemctl", "daemon-reload")
    stage.run("systemctl", "restart", "cmpbot")
    stopped = process(stage)
    stage.run("kill", "-STOP", stopped)
    until(lambda: process(stage) not in {"0", stopped}, 120)
    assert "watchdog" in stage.run("journalctl", "--no-pager", "--unit", "cmpbot").lower()


def process(stage: Stage) -> str:
    """The number of the daemon's process."""
    return stage.run("systemctl", "show", "--property=MainPID", "--value", "cmpbot").strip()


def form_fields_of(number: int) -> list[tuple[str, str]]:
    """The fields of the mail of that number."""
    return form_fields(random.Random(f"1/{number}"), number)


def log(stage: Stage) -> str:
    """What the daemon said into the journal."""
    return stage.run("journalctl", "--no-pager", "--unit", "cmpbot", "--output", "cat")


def acknowledged(stage: Stage) -> int:
    """How many acknowledgements were sent."""
    letters = json.loads(stage.run("cmpbot", "letters", "--json"))
    return sum(one["kind"] == "acknowledgement" and one["state"] == "sent" for one in letters)


def numbers(stage: Stage) -> int:
    """How many change requests there are."""
    return stage.run("cmpbot", "list", "--all", "--json").count('"number": "PC')
