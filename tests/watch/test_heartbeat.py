"""The heartbeat: it tells that the loop gets on, and only that."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.daemon.pulse import EVERY, FOLDER, Pulse, beats
from bot.daemon.weather import Weather
from bot.edge.clock import Clock
from bot.edge.heartbeat import Heartbeat, heartbeats
from bot.errors import Trouble
from tests.daemon.test_weather import Time

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@contextmanager
def beating(folder: Path, time: Time | None = None) -> Iterator[Pulse]:
    """A pulse in a folder, by a clock that the test turns."""
    with closing(Pulse.of(folder, "host:7:abc", Clock(NOW))) as pulse:
        pulse.monotonic = time or Time()
        yield pulse


def test_a_beat_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Whose it is, since when, what was last, and the trouble of each arc in shortened words."""
    weather, time = Weather(Time()), Time()
    with beating(tmp_path, time) as pulse:
        weather.guard("mailbox", lambda: None)
        weather.tell("outbox", Trouble("outbox: no way to una.reyes@osprey.example", wait=300))
        pulse.did(fetch={"registered": 1}, send=0, publish=3)
        pulse.refused = "config.yaml:3: no"
        pulse.see(weather)
        (beat,) = beats(tmp_path / FOLDER)
    assert beat.worker == "host:7:abc"
    assert set(beat.last) == {"poll", "fetch", "publish"}
    assert all(abs(at - NOW) < timedelta(seconds=30) for at in beat.last.values())
    (ill,) = beat.ills
    assert ill.again is None
    assert (ill.arc, ill.words, ill.locked_out) == ("outbox", "outbox: no way to u..@osprey.example", True)
    assert beat.refused == "config.yaml:3: no"
    assert beat.lives


def test_a_beat_tells_when_an_arc_is_tried_again(tmp_path: Path) -> None:
    """And one of an older daemon, which does not, is a beat all the same."""

    def fails() -> None:
        raise Trouble("mailbox: no way there")

    weather = Weather(Time())
    with beating(tmp_path) as pulse:
        weather.guard("mailbox", fails)
        pulse.see(weather)
        (beat,) = beats(tmp_path / FOLDER)
        assert [ill.again for ill in beat.ills] == [pulse.ills[0].again]
        assert pulse.ills[0].again
        file = next((tmp_path / FOLDER).glob("*.json"))
        told = json.loads(file.read_text("ascii"))
        told["ills"] = [ill[:4] for ill in told["ills"]]
        file.write_text(json.dumps(told), "ascii")
        (older,) = beats(tmp_path / FOLDER)
        assert [ill.again for ill in older.ills] == [None]


def test_it_is_written_seldom_but_at_once_when_something_changes(tmp_path: Path) -> None:
    """Work that gets on a thousand times a second costs a write each ten seconds; new trouble is not kept back."""
    time, weather = Time(), Weather(Time())
    with beating(tmp_path, time) as pulse:
        pulse.beat()
        file = next((tmp_path / FOLDER).glob("*.json"))
        file.write_bytes(b"")
        pulse.beat()
        assert file.read_bytes() == b""
        time.now += EVERY
        pulse.beat()
        assert file.read_bytes()
        file.write_bytes(b"")
        weather.tell("site", Trouble("cannot write the posting"))
        pulse.see(weather)
        assert b"cannot write" in file.read_bytes()


def test_a_dead_processes_file_is_known_for_one(tmp_path: Path) -> None:
    """A kill leaves the file and no lock; who starts next takes over what was last, and removes it."""
    with beating(tmp_path) as pulse:
        pulse.did(send=1)
        pulse.beat(now=True)
        assert [beat.lives for beat in beats(tmp_path / FOLDER)] == [True]
    assert [beat.lives for beat in beats(tmp_path / FOLDER)] == [False]
    with closing(Pulse.of(tmp_path, "host:8:def", Clock(NOW + timedelta(hours=1)))) as after:
        after.beat(now=True)
        (beat,) = beats(tmp_path / FOLDER)
    assert beat.worker == "host:8:def"
    assert abs(beat.last["send"] - NOW) < timedelta(seconds=30)


def test_two_processes_have_a_file_each(tmp_path: Path) -> None:
    """Workers on one machine do not write over each other, and neither removes the other's."""
    one, other = Heartbeat(tmp_path, "one"), Heartbeat(tmp_path, "other")
    with closing(one), closing(other):
        for heart in (one, other, one):
            heart.write({"a": 1})
        assert [lives for _, lives in heartbeats(tmp_path)] == [True, True]


def test_what_is_torn_or_strange_is_left_out(tmp_path: Path) -> None:
    """A shorter line over a longer one is read as the shorter; what is no heartbeat is none."""
    heart = Heartbeat(tmp_path, "one")
    with closing(heart):
        heart.write({"words": "x" * 500})
        os.pwrite(heart._file or 0, b'{"words": "y"}\n', 0)  # before the rest is cut off
        assert [told for told, _ in heartbeats(tmp_path)] == [{"words": "y"}]
    (tmp_path / "strange.json").write_bytes(b"\xff{")
    (tmp_path / "list.json").write_bytes(b"[1]\n")
    assert len(heartbeats(tmp_path)) == 1
    assert beats(tmp_path) == ()


def test_a_disk_that_takes_nothing_stops_nobody(tmp_path: Path) -> None:
    """Where no file can be made, the loop goes on."""
    (tmp_path / FOLDER).write_bytes(b"a file where the folder should be")
    with beating(tmp_path) as pulse:
        pulse.beat(now=True)
    assert beats(tmp_path / FOLDER) == ()


FULL = """
import sys
from pathlib import Path
from bot.edge.heartbeat import Heartbeat, heartbeats
folder = Path(sys.argv[1])
heart = Heartbeat(folder / "beat", "one")
heart.write({"n": 1, "words": "x" * 300})
with (folder / "ballast").open("wb", buffering=0) as ballast:
    try:
        while ballast.write(bytes(4096)):
            pass
    except OSError:
        pass
heart.write({"n": 2, "words": "x" * 300})
print(heartbeats(folder / "beat")[0][0]["n"])
"""


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("unshare"), reason="only root can mount a small disk")
def test_a_full_disk_does_not_look_like_a_loop_that_hangs(tmp_path: Path) -> None:
    """The file is written in its place, which needs no room."""
    script = f'mount -t tmpfs -o size=64k tmpfs "{tmp_path}" && exec "{sys.executable}" -c "$1" "{tmp_path}"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", FULL], capture_output=True, text=True, check=False
    )
    if done.returncode and "permission" in done.stderr.lower():
        pytest.skip("no file system can be mounted here")
    assert done.stdout.strip() == "2", done.stderr


FROZEN = """
import sys, threading, time
from pathlib import Path
from bot.daemon.pulse import Pulse
from bot.daemon.weather import Weather
from bot.edge.clock import Clock
pulse = Pulse.of(Path(sys.argv[1]), "host:1:a", Clock())
weather = Weather(beat=lambda: pulse.beat(now=True))
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()  # another thread lives on
weather.guard("site", lambda: None)
print("beaten", flush=True)
weather.guard("mailbox", lambda: time.sleep(60))
"""


def test_a_loop_that_hangs_falls_silent(tmp_path: Path) -> None:
    """No thread and no timer beats in its place; the file stays locked, so that it is known for a frozen one."""
    with subprocess.Popen([sys.executable, "-c", FROZEN, str(tmp_path)], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"beaten\n"
            (before,) = beats(tmp_path / FOLDER)
            os.kill(process.pid, 0)
            signal.sigtimedwait([], 0.5)
            (after,) = beats(tmp_path / FOLDER)
            assert after.lives
            assert after.at - before.at < timedelta(seconds=0.3)
        finally:
            process.kill()
    assert [beat.lives for beat in beats(tmp_path / FOLDER)] == [False]
    assert json.loads(next((tmp_path / FOLDER).glob("*.json")).read_text("ascii"))["worker"] == "host:1:a"
