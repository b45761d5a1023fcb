"""`cmpbot health` as a monitor calls it: beside a daemon, without one, and with nothing that can be read."""

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.mails import mail
from bot.cli import run
from bot.daemon.pulse import Pulse
from bot.daemon.weather import Weather
from bot.edge.clock import Clock
from bot.errors import Trouble
from tests.house import House, stop, write_secret
from tests.servers import PASSWORD, Dovecot, Sink, until


def health(house: House) -> tuple[int, dict[str, Any]]:
    """Its exit code, and what it says as JSON."""
    done = subprocess.run(house.command("health", "--json"), capture_output=True, text=True, check=False)
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, found


def reasons(found: dict[str, Any]) -> dict[str, str]:
    """What it names, by what it is about."""
    return {reason["about"]: reason["what"] for reason in found["reasons"]}


def test_before_anything_ran(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No heartbeat has been seen, there is no database; and looking makes neither."""
    assert run(["--config", str(shipped), "health"]) == 2
    told = capsys.readouterr().out
    assert told.startswith("red\n")
    assert "no heartbeat has been seen" in told
    assert "there is no database yet" in told
    assert not [*shipped.parent.rglob("*.sqlite*"), *shipped.parent.rglob("heartbeat")]


def test_after_a_once_only_the_daemon_is_missing(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The database is looked at without one; its figures are there."""
    assert run(["--config", str(shipped), "migrate"]) == 0
    capsys.readouterr()
    assert run(["--config", str(shipped), "health", "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert list(reasons(found)) == ["heartbeat"]
    assert found["database"] == {"answers": True}
    assert found["mails"]["waiting"] == found["letters"]["owed"] == 0
    assert found["disks"]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_configuration_that_cannot_be_used(shipped: Path, capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """Is red, with file and line, and still one document for a monitor."""
    shipped.write_text(shipped.read_text("utf-8").replace("third Wednesday", "thirst Wednesday"), "utf-8")
    assert run(["--config", str(shipped), "health", *(["--json"] if as_json else [])]) == 2
    told = capsys.readouterr().out
    assert re.search(r"config\.yaml:\d+: ", told)
    if as_json:
        assert json.loads(told)["state"] == "red"
        assert json.loads(told)["heartbeats"] == []


def test_a_configuration_that_only_a_daemon_still_has(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is yellow while the daemon works with the one that it has read; its heartbeat is shown as ever."""
    pulse = Pulse.of(shipped.parent / "var", "host:1:a", Clock())
    shipped.write_text(shipped.read_text("utf-8").replace("third Wednesday", "thirst Wednesday"), "utf-8")
    with closing(pulse):
        pulse.did(fetch=1)
        assert run(["--config", str(shipped), "health", "--json"]) == 1
        found = json.loads(capsys.readouterr().out)
        assert list(reasons(found)) == ["configuration"]
        assert found["heartbeats"][0]["worker"] == "host:1:a"
        assert found["last"]["fetch"]
        assert run(["--config", str(shipped), "health"]) == 1
        assert "goes on with the one that it has read" in capsys.readouterr().out


def test_when_what_is_in_trouble_is_tried_again(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is said, so that nobody who has mended it waits in doubt."""

    def fails() -> None:
        raise Trouble("mailbox: no way there", wait=300)

    weather = Weather()
    with closing(Pulse.of(shipped.parent / "var", "host:1:a", Clock())) as pulse:
        weather.guard("mailbox", fails)
        pulse.see(weather)
        assert run(["--config", str(shipped), "health", "--json"]) == 2
        (trouble,) = json.loads(capsys.readouterr().out)["heartbeats"][0]["troubles"]
        assert 200 < trouble["again_seconds"] <= 300
        assert run(["--config", str(shipped), "health"]) == 2
        assert re.search(r"next try +of mailbox in 4 minutes\n", capsys.readouterr().out)


@pytest.mark.slow
def test_beside_a_daemon_that_works_that_is_frozen_and_that_is_dead(
    house: House, sink: Sink, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Green while it works, with what it did last; nobody is logged in to for it. Red while its process lives and does
    nothing (F29), and once it is dead, and the two are told apart."""
    process = house.start("run")
    try:
        until(lambda: house.said("ready"), 60)
        house.fill(mail(0))
        until(lambda: len(sink.taken) == 2, 30)
        until(lambda: all(health(house)[1]["last"].values()), 30)
        connections = sink.connections
        code, found = health(house)
        assert (code, found["state"], found["reasons"]) == (0, "green", [])
        assert all(found["last"][name] for name in ("poll", "fetch", "send", "publish"))
        (beat,) = found["heartbeats"]
        assert beat["age_seconds"] < 60
        assert sink.connections == connections

        process.send_signal(signal.SIGSTOP)
        with monkeypatch.context() as impatient:
            impatient.setattr("bot.daemon.signs.SLOW", timedelta(seconds=1))
            impatient.setattr("bot.daemon.signs.HANGING", timedelta(seconds=2))
            time.sleep(3)
            assert run(["--config", str(house.folder / "config.yaml"), "health", "--json"]) == 2
        found = json.loads(capsys.readouterr().out)
        assert re.search(r"the daemon \S+ has not got on for \d+ seconds", str(reasons(found)))

        process.kill()
        process.wait()
        code, found = health(house)
        assert (code, list(reasons(found))) == (2, ["heartbeat"])
        assert found["heartbeats"] == []
        assert all(found["last"][name] for name in ("poll", "fetch", "send", "publish"))  # one wants to know just then
    finally:
        process.kill()
        process.wait()


PAGE = "import sys; open('alerts.txt', 'a').write(sys.stdin.read() + chr(0))"


def with_alerts(house: House) -> None:
    """Let the office's alerts go to a program that keeps them in its folder."""
    config = house.folder / "config.yaml"
    words = json.dumps([sys.executable, "-c", PAGE])
    config.write_text(f"{config.read_text('utf-8')}alerts: {{command: {words}}}\n", "utf-8")


def alerts(house: House) -> list[str]:
    """What was told."""
    file = house.folder / "alerts.txt"
    return file.read_text("utf-8").split("\0")[:-1] if file.exists() else []


@pytest.mark.slow
def test_a_daemon_that_cannot_start(house: House) -> None:
    """Nobody else would tell of it: so it does, once, however often it is started again."""
    with_alerts(house)
    (house.folder / "cmpbot.sqlite").write_bytes(b"no database at all " * 1000)
    for _ in range(2):
        process = house.start("run")
        assert process.wait(60) == 1
    (told,) = alerts(house)
    assert "the daemon has ended: the database does not answer as it should" in told


@pytest.mark.slow
def test_a_refused_login(tmp_path: Path, sink: Sink) -> None:
    """The server is left alone for minutes, health is red at once, one alert goes out; with the right password and a
    reload it goes on at once (F28)."""
    with Dovecot() as dovecot:
        house = House.build(tmp_path / "office", dovecot.new_user(), dovecot.imap, sink.port)
        with_alerts(house)
        write_secret(house.folder / "secret", "wrong")
        process = house.start("run")
        try:
            until(lambda: alerts(house), 90)
            code, found = health(house)
            assert code == 2
            assert "the server refuses the login" in reasons(found)["mailbox"]
            assert found["heartbeats"][0]["troubles"][0]["locked_out"]
            time.sleep(8)  # a round or more
            refused = (dovecot.folder / "dovecot.log").read_text("utf-8", "replace").count("auth failed, 1 attempts")
            assert refused == 1
            write_secret(house.folder / "secret", PASSWORD)
            process.send_signal(signal.SIGHUP)
            until(lambda: house.said("well again"), 30)
            until(lambda: health(house)[0] == 0, 30)
            (told,) = alerts(house)
            assert told.startswith("Meridell CMP: not well: mailbox\n\nNot well: mailbox: the server refuses the login")
            assert house.said("trouble") == 1
        finally:
            assert stop(process) == 0


@pytest.mark.slow
def test_a_relay_that_refuses_us(house: House, sink: Sink) -> None:
    """The letters wait, people hear of it once by the other way, and health says it until it is over."""
    with_alerts(house)
    sink.password = PASSWORD
    config = house.folder / "config.yaml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("tls: none}\nstore", "tls: none, username: bot, password: {file: wrong}}\nstore"))
    write_secret(house.folder / "wrong", "wrong")
    process = house.start("run")
    try:
        house.fill(mail(0))
        until(lambda: alerts(house), 90)
        code, found = health(house)
        assert code == 2
        assert "the server refuses the login" in reasons(found)["outbox"]
        assert found["letters"]["owed"] == 2
    finally:
        assert stop(process) == 0
        sink.password = ""
