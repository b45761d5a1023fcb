"""The keys of our letters: made once, shared by all processes, and refused where others may get at them."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.edge.keys import Keys
from bot.errors import Trouble

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
DAYS = 90
LATER = NOW + timedelta(days=DAYS)


def test_the_first_start_makes_a_key_for_us_alone(tmp_path: Path) -> None:
    """A file of mode 0600 in a folder of mode 0700; the next start finds the same key."""
    (key,) = Keys(tmp_path / "var", DAYS).live(NOW)
    folder = tmp_path / "var" / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "codes").stat().st_mode) == 0o600
    assert len(key.secret) == 32
    assert Keys(tmp_path / "var", DAYS).live(NOW) == (key,)
    assert key.secret.hex() not in repr(key)


def test_an_old_key_makes_room_for_a_new_one_and_still_counts(tmp_path: Path) -> None:
    """Two live at once, the newer one first; the one before them is forgotten."""
    keys = Keys(tmp_path, DAYS)
    (first,) = keys.live(NOW)
    assert keys.live(LATER - timedelta(seconds=1)) == (first,)
    second, still = keys.live(LATER)
    assert still == first
    assert second.id != first.id
    third, left = keys.live(LATER + timedelta(days=DAYS))
    assert left == second
    assert len({first.secret, second.secret, third.secret}) == 3


def test_every_process_hears_of_a_new_key(tmp_path: Path) -> None:
    """Whoever made it."""
    one, other = Keys(tmp_path, DAYS), Keys(tmp_path, DAYS)
    assert one.live(NOW) == other.live(NOW)
    assert one.live(LATER) == other.live(LATER)
    assert one.live(NOW) == other.live(NOW)


def test_many_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    """The lock lets one make it; the others find it."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Keys(tmp_path, DAYS).live(NOW), range(24)))
    assert len(set(made)) == 1
    assert len(made[0]) == 1


def test_a_clock_that_is_set_back_makes_no_key(tmp_path: Path) -> None:
    """A rehearsal at another time leaves the keys alone."""
    keys = Keys(tmp_path, DAYS)
    made = keys.live(NOW)
    assert keys.live(NOW - timedelta(days=1000)) == made


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o777])
def test_a_file_that_others_may_get_at_is_refused(tmp_path: Path, mode: int) -> None:
    """In words that say what to do; the mode it had is not mended in silence."""
    Keys(tmp_path, DAYS).live(NOW)
    file = tmp_path / "keys" / "codes"
    file.chmod(mode)
    with pytest.raises(Trouble, match=r"chmod 600 .*codes") as refused:
        Keys(tmp_path, DAYS).live(NOW)
    assert not refused.value.temporary
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_folder_that_others_may_get_at_is_refused(tmp_path: Path) -> None:
    """Before a key is made in it, and afterwards."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    folder.chmod(0o755)
    with pytest.raises(Trouble, match="chmod 700"):
        Keys(tmp_path, DAYS).live(NOW)
    assert not (folder / "codes").exists()
    folder.chmod(0o700)
    Keys(tmp_path, DAYS).live(NOW)
    folder.chmod(0o770)
    with pytest.raises(Trouble, match="chmod 700"):
        Keys(tmp_path, DAYS).live(NOW)


def test_a_link_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """Nobody makes us sign with a file of theirs."""
    Keys(tmp_path / "a", DAYS).live(NOW)
    (tmp_path / "b" / "keys").mkdir(mode=0o700, parents=True)
    (tmp_path / "b" / "keys" / "codes").symlink_to(tmp_path / "a" / "keys" / "codes")
    with pytest.raises(Trouble):
        Keys(tmp_path / "b", DAYS).live(NOW)


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b"0 2026-11-23T16:00:00+00:00 aa\n",
        b"0 2026-11-23T16:00:00 " + b"a" * 64,
        b"128 2026-11-23T16:00:00+00:00 " + b"a" * 64,
        b"\xff",
    ],
)
def test_a_damaged_file_is_said_to_be_so(tmp_path: Path, content: bytes) -> None:
    """And never taken for an empty one."""
    Keys(tmp_path, DAYS).live(NOW)
    (tmp_path / "keys" / "codes").write_bytes(content)
    with pytest.raises(Trouble, match="damaged"):
        Keys(tmp_path, DAYS).live(NOW)


def test_a_disk_that_takes_nothing_is_trouble_for_a_time(tmp_path: Path) -> None:
    """The loop waits and tries again."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Trouble) as refused:
        Keys(tmp_path / "file", DAYS).live(NOW)
    assert refused.value.temporary
