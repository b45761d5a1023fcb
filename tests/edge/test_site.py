"""Pages on the disk: whole or not at all."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest

from bot.edge.site import Site
from bot.errors import Trouble

PAGES: dict[str, str | bytes] = {"index.html": "index", "cr/PC112226-1.html": "one", "site.css": b"body{}"}


def test_files_are_written_and_only_when_they_differ(tmp_path: Path) -> None:
    """The second time nothing is new, and nothing is touched."""
    site = Site(tmp_path / "posting")
    assert site.write(PAGES) == 3
    before = (tmp_path / "posting/index.html").stat().st_mtime_ns
    assert site.write(PAGES) == 0
    assert site.write({**PAGES, "cr/PC112226-1.html": "two"}) == 1
    assert (tmp_path / "posting/index.html").stat().st_mtime_ns == before
    assert (tmp_path / "posting/cr/PC112226-1.html").read_text() == "two"


def test_a_folder_that_somebody_took_away_is_made_again(tmp_path: Path) -> None:
    """It is trouble once; the next write finds its place."""
    site = Site(tmp_path / "posting")
    site.write(PAGES)
    shutil.rmtree(tmp_path / "posting")
    with pytest.raises(Trouble):
        site.write(PAGES)
    assert site.write(PAGES) == 3


def test_files_can_be_read_by_a_web_server(tmp_path: Path) -> None:
    """A page is as readable as the umask allows, not as private as a temporary file."""
    mask = os.umask(0o022)
    try:
        Site(tmp_path).write(PAGES)
    finally:
        os.umask(mask)
    assert (tmp_path / "index.html").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "path",
    [
        "../out.html",
        "/etc/passwd",
        "cr/../../out",
        "",
        ".hidden",
        "cr/.hidden",
        "a//b",
        "a\\b",
        "a\nb",
        "cr/",
        "\x00",
        "a b",
    ],
)
def test_no_path_leaves_the_root(tmp_path: Path, path: str) -> None:
    """A path that could lead elsewhere is refused before anything is written."""
    site = Site(tmp_path / "posting")
    with pytest.raises(ValueError, match="not a path"):
        site.write({"index.html": "x", path: "x"})
    assert not (tmp_path / "posting").exists()


def test_links_are_never_dangling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files appear in the order in which they are linked to, whatever order they came in."""
    placed: list[str] = []
    replace = Path.replace

    def noted(self: Path, target: Path) -> Path:
        placed.append(target.relative_to(tmp_path).as_posix())
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", noted)
    Site(tmp_path).write({"index.html": "", "register/2026-11.html": "", "cr/PC112226-1.html": "", "site.css": b""})
    assert placed == ["site.css", "cr/PC112226-1.html", "register/2026-11.html", "index.html"]


def test_a_disk_that_refuses_is_trouble(tmp_path: Path) -> None:
    """The world's trouble is temporary, and the old file stays."""
    blocked = tmp_path / "posting"
    blocked.write_text("a file, not a folder")
    with pytest.raises(Trouble) as caught:
        Site(blocked).write(PAGES)
    assert caught.value.temporary


def test_nothing_is_left_behind_by_a_failed_write(tmp_path: Path) -> None:
    """Where the target cannot be replaced, the temporary is gone again."""
    site = Site(tmp_path)
    site.write(PAGES)
    (tmp_path / "cr/PC1.html").mkdir()
    (tmp_path / "cr/PC1.html/full").touch()
    with pytest.raises(Trouble):
        site.write({"cr/PC1.html": "x"})
    assert list((tmp_path / ".new").iterdir()) == []


def test_what_a_kill_left_behind_is_cleared(tmp_path: Path) -> None:
    """Old temporaries go at the next start; a fresh one may belong to another process."""
    aside = tmp_path / ".new"
    aside.mkdir()
    (aside / "1-0").touch()
    os.utime(aside / "1-0", (0, 0))
    (aside / "2-0").touch()
    Site(tmp_path).write(PAGES)
    assert [left.name for left in aside.iterdir()] == ["2-0"]


WRITER = """
import itertools, sys
from pathlib import Path
from bot.edge.site import Site
site = Site(Path(sys.argv[1]))
for n in itertools.count():
    site.write({"index.html": str(n % 10) * 20000, "cr/PC112226-1.html": str(n % 10) * 20000})
"""


def test_a_reader_sees_old_or_new_only(tmp_path: Path) -> None:
    """While a writer publishes and is killed again and again, every read is whole and never missing."""
    Site(tmp_path).write({"index.html": "0" * 20000, "cr/PC112226-1.html": "0" * 20000})
    paths = (tmp_path / "index.html", tmp_path / "cr/PC112226-1.html")
    reads = 0
    for _ in range(6):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)])
        until = time.monotonic() + 0.5
        while time.monotonic() < until:
            for path in paths:
                content = path.read_bytes()
                assert len(content) == 20000
                assert len(set(content)) == 1
                reads += 1
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert reads > 1000


def test_what_is_removed_is_gone_and_nothing_else(tmp_path: Path) -> None:
    """A folder that becomes empty goes too, but never one with somebody's files, nor the root."""
    site = Site(tmp_path)
    site.write({"list/a.html": "a", "list/b.html": "b", "cr/PC1/1-response.pdf": b"%PDF"})
    (tmp_path / "list/note.txt").write_text("an operator's")
    site.remove(["list/a.html", "list/b.html", "cr/PC1/1-response.pdf", "never/was.html"])
    assert sorted(each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*")) == [
        ".new", "list", "list/note.txt"
    ]  # fmt: skip
    with pytest.raises(ValueError, match="not a path"):
        site.remove(["../x"])


def test_what_is_known_to_be_the_same_is_not_read(tmp_path: Path) -> None:
    """A file that is there with its size is believed; one that is missing, or of another size, is written."""
    site = Site(tmp_path)
    site.write({"a.html": "old", "b.html": "old", "c.html": "old"})
    (tmp_path / "b.html").write_text("longer")
    (tmp_path / "c.html").unlink()
    assert site.write({"a.html": "new", "b.html": "new", "c.html": "new"}, {"a.html", "b.html", "c.html"}) == 2
    assert [(tmp_path / f"{name}.html").read_text() for name in "abc"] == ["old", "new", "new"]


def test_whoever_wants_to_know_is_told_before_anything_changes(tmp_path: Path) -> None:
    """Once for what is written together; never where nothing changes."""
    told: list[bool] = []
    site = Site(tmp_path, lambda: told.append((tmp_path / "index.html").exists()))
    site.write(PAGES)
    site.write(PAGES)
    site.remove(["index.html"])
    assert told == [False, True]


def test_harm_is_found(tmp_path: Path) -> None:
    """A file that is missing, altered or no file any more; one that is as it was written is well."""
    site, digest = Site(tmp_path), sha256(b"index").hexdigest()
    assert site.harmed("index.html", digest)
    site.write(PAGES)
    assert not site.harmed("index.html", digest)
    (tmp_path / "index.html").write_text("indeX")
    assert site.harmed("index.html", digest)
    (tmp_path / "index.html").unlink()
    (tmp_path / "index.html").mkdir()
    assert site.harmed("index.html", digest)


def test_two_may_write_to_one_folder(tmp_path: Path) -> None:
    """Neither takes the other's temporaries for leftovers; those of a dead process with our number go."""
    first, second = Site(tmp_path), Site(tmp_path)
    first.write(PAGES)
    aside = tmp_path / ".new"
    (aside / f"{os.getpid()}-0").touch()
    (aside / f"{os.getpid()}-abcdef-0").touch()

    def writer(site: Site, name: str) -> None:
        for n in range(50):
            site.write({f"{name}.html": f"{n}", "both.html": f"{name}{n}"})

    threads = [threading.Thread(target=writer, args=(site, name)) for site, name in ((first, "a"), (second, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "a.html").read_text() == (tmp_path / "b.html").read_text() == "49"
    assert list(aside.iterdir()) == []
