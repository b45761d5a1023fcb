"""Nothing that is anybody's gets out by the ways that look after the daemon: log, heartbeat, health, alerts, and
the notes that they keep. What must not be seen is written everywhere where a sender, a server or an operator can
(S29)."""

import logging
import signal
import subprocess
from email import message_from_bytes
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.cli import run as cmpbot
from bot.daemon import give_out as out
from bot.daemon import take_in as room
from bot.daemon.desk import Desk
from bot.daemon.pulse import FOLDER
from bot.daemon.weather import Weather
from bot.edge.logs import JsonLine
from bot.workflow.effect import Fate
from tests.arriving import arrive
from tests.automatic.bounces import Report
from tests.house import House, write_secret
from tests.mixed import lines, written
from tests.servers import Sink, until
from tests.tokens import SECRET, TokenEndpoint, kept_file, secrets_in
from tests.watch.test_health import alerts, with_alerts
from tests.whole.conftest import Run
from tests.whole.test_log import CANARY, canaries, check


def seen(house: House) -> dict[str, str]:
    """All that whoever looks after the daemon gets to see, by where."""
    shown = {
        f"health {words}": subprocess.run(house.command("health", *words), capture_output=True, text=True, check=False)
        for words in ((), ("--json",))
    }
    files = [*(house.folder / FOLDER).iterdir(), *house.folder.glob("alerts*"), house.folder / "log"]
    return {
        **{name: done.stdout + done.stderr for name, done in shown.items()},
        **{path.name: path.read_text("utf-8", "replace") for path in files},
    }


def has(house: House, fate: Fate) -> bool:
    """True once a mail has this fate."""
    with house.open_store() as store:
        return bool(store.mails(fate))


def commanded(number: int) -> bytes:
    """Commands of one of ours, good and bad ones, with what must not be seen in their words."""
    body = f"STATUS PC112326-1\nHOLD PC112326-1 {CANARY}@{CANARY}.example\n{CANARY} {CANARY}\n"
    return written(number, body, "meridell.example", Comments=CANARY).as_bytes()


@pytest.mark.slow
def test_a_whole_day_gives_nobody_away(house: House, sink: Sink, run: Run) -> None:
    """Registrations, commands, a bounce, refused letters, broken forms, a mail that is quarantined, a login that is
    refused with a password of ours: told of by every way, and nobody named."""
    config = house.folder / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("200}", "200, attachment: {cpu_seconds: 1}}"), "utf-8")
    with_alerts(house)
    sink.say("RCPT", f"550 5.1.1 <{CANARY}@bench00.example> {CANARY} unknown", times=2)
    sink.say("MAIL", f"451 4.3.0 {CANARY}", times=2)
    process = run(house)
    house.fill(*canaries(), commanded(950), written(951, lines(3) + CANARY, "bench03.example").as_bytes())
    until(lambda: has(house, Fate.QUARANTINED), 90)
    until(lambda: len(sink.taken) >= 2, 60)
    letter = message_from_bytes(sink.taken[-1].raw)
    dsn = Report(str(letter["To"]), str(letter["Message-ID"]), diagnostic=f"550 5.1.1 <{CANARY}@x.example> {CANARY}")
    house.fill(dsn.raw)
    until(lambda: has(house, Fate.AUTOMATIC), 60)
    until(lambda: alerts(house), 60)
    write_secret(house.folder / "secret", CANARY)
    process.send_signal(signal.SIGHUP)
    until(lambda: any("refuses the login" in each for each in alerts(house)), 60)
    until((house.folder / "alerts").exists)
    found = seen(house)
    assert {"health ()", "alerts.txt", "alerts", "log"} <= found.keys()
    assert "quarantined" in found["alerts.txt"]
    assert "refuses the login" in found["health ('--json',)"]
    for text in found.values():
        check(text)
    assert all(line.isascii() and line.startswith("{") for line in found["log"].splitlines())


WORDS = f"{CANARY} una.reyes@osprey.example\r\nlevel: error \x1b[2J"


def bug(*_: object, **__: object) -> NoReturn:
    """A bug of ours that quotes what it stumbled over."""
    raise ValueError(WORDS)


@pytest.mark.parametrize(
    ("module", "name"), [(room, "parse"), (room, "screen"), (room, "verify"), (room, "read"), (room, "decide")]
)
def test_a_bug_of_ours_quotes_no_mail(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, module: Any, name: str
) -> None:
    """Wherever a mail is looked at, what fails there is told with its place, and without a word of the mail; the
    mail has its fate all the same."""
    caplog.set_level(logging.DEBUG)
    with monkeypatch.context() as broken:
        broken.setattr(module, name, bug)
        fates = arrive(desk, written(960, lines(5) + CANARY, "bench00.example", Comments=CANARY).as_bytes())
    assert fates.total() == 1
    told = [JsonLine().format(record) for record in caplog.records if record.levelno >= logging.INFO]
    assert any('"error": "ValueError"' in line for line in told)
    for line in told:
        check(line)
        assert "\n" not in line
        assert "\x1b" not in line


def test_a_bug_while_letters_go_out_quotes_none(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The arc has trouble of its own, which heartbeat and alerts tell of in our words."""
    caplog.set_level(logging.INFO)
    weather = Weather()
    monkeypatch.setattr(out, "_owed", bug)
    weather.guard("outbox", lambda: out.give_out(desk, weather) and None)
    told = [JsonLine().format(record) for record in caplog.records]
    (ill,) = weather.ills(desk.clock.now())
    for text in (*told, ill.words):
        check(text)
    assert ill.words == "our program fails in the arc outbox; the log says where"


def test_no_token_gets_out(office: tuple[Path, TokenEndpoint], capfd: pytest.CaptureFixture[str]) -> None:
    """Neither by a turn that works, nor by one that is refused by everybody, nor by what tells of it."""
    file, endpoint = office
    cmpbot(["--config", str(file), "once"])
    endpoint.valid.clear()
    endpoint.refuse(401, {"error": "invalid_client", "error_description": f"{SECRET} AADSTS7000222: expired"}, times=99)
    kept_file(file.parent / "var").unlink()
    assert cmpbot(["--config", str(file), "once"]) == 1
    for words in ((), ("--json",)):
        assert cmpbot(["--config", str(file), "health", *words]) == 2
    told = capfd.readouterr()
    assert "oauth: " in told.err
    assert "client secret" in told.out
    assert not secrets_in(told.out + told.err)
    left = [path for path in file.parent.rglob("*") if path.is_file() and path.name not in ("secret", "tokens")]
    for path in left:
        assert not secrets_in(path.read_bytes().decode("latin-1")), path
