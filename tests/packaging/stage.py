"""A machine to install on: a real systemd, as the first process of a container without any tool for containers.

Its one rule: what is done there is gone afterwards. Its root is this machine's file system under an
overlay in memory; only the network is this machine's own, so that servers of a test can be reached.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.servers import until

SYSTEMD = Path("/lib/systemd/systemd")
CGROUPS = next(
    (path for path in (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup")) if (path / "cgroup.procs").exists()),
    None,
)
NAMESPACES = ("--pid", "--fork", "--kill-child", "--mount", "--cgroup", "--uts", "--ipc")
PATH = "/opt/python/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
TARGET = """[Unit]
Requires=systemd-journald.service dbus.service
After=systemd-journald.service dbus.service
"""
# $1: an empty folder; then what shall be seen in the stage, each as `from:to`.
BUILD = """
set -eu
echo $$ > {cgroup}/cgroup.procs
exec unshare {namespaces} sh -eu -c '
stage=$1; shift
mount --make-rprivate /
mount -t tmpfs tmpfs "$stage"
mkdir "$stage/upper" "$stage/work" "$stage/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$stage/upper,workdir=$stage/work" "$stage/root"
cd "$stage/root"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
mount --rbind /sys sys
mount -t tmpfs tmpfs sys/fs/cgroup
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs dev
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/shm dev/pts
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs tmpfs run
for pair in "$@"; do
  mkdir -p "./${{pair#*:}}"
  mount --rbind "${{pair%%:*}}" "./${{pair#*:}}"
done
mount -t tmpfs tmpfs tmp
rm -rf etc/systemd/system/*.wants etc/systemd/system/*.requires
mkdir -p run/systemd/system
for unit in modules-load remount-fs binfmt update-utmp; do
  ln -s /dev/null "run/systemd/system/systemd-$unit.service"
done
printf "%s" "$TARGET" > run/systemd/system/stage.target
pivot_root . mnt
cd /
umount -l mnt
mount --make-rshared /
exec env -i container=stage PATH={path} {systemd} --unit=stage.target
' sh "$@"
"""


class Stage:
    """The machine; `seen` are folders of this machine and where they are seen there."""

    def __init__(self, seen: dict[Path, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="stage"))
        self._seen = [f"{here}:{there}" for here, there in seen.items()]
        assert CGROUPS
        self._cgroup = CGROUPS / self.folder.name
        self._process: subprocess.Popen[bytes] | None = None
        self._enter: list[str] = []

    @staticmethod
    def missing() -> str:
        """Why there can be no such machine here; empty when there can."""
        if os.getuid():
            return "only root can make a machine with a systemd of its own"
        if not SYSTEMD.exists() or not shutil.which("dbus-daemon"):
            return "systemd and dbus are not installed (`make servers`)"
        if CGROUPS is None:
            return "there are no cgroups of version 2 here"
        attempt = ["unshare", *NAMESPACES, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        tried = subprocess.run(attempt, capture_output=True, text=True, check=False)
        return f"the kernel refuses namespaces: {tried.stderr.strip()}" if tried.returncode else ""

    def __enter__(self) -> Self:
        self._cgroup.mkdir()
        script = BUILD.format(cgroup=self._cgroup, namespaces=" ".join(NAMESPACES), path=PATH, systemd=SYSTEMD)
        (self.folder / "stage").mkdir()
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", script, "sh", str(self.folder / "stage"), *self._seen],
                env={"PATH": PATH, "TARGET": TARGET},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until(self._answers, 30)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)  # and the kernel ends all that is in its namespace
            self._process.wait(10)
        until(self._swept, 10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *words: str, stdin: str = "", folder: str = "/", expected: int | None = 0) -> str:
        """Run a command as root, with standard error among its output; gives that."""
        done = subprocess.run(
            [*self._enter, "env", "-i", f"--chdir={folder}", f"PATH={PATH}", "LANG=C.UTF-8", "PIP_NO_INDEX=1", *words],
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )
        assert expected is None or done.returncode == expected, f"{words}: {done.returncode}\n{done.stdout}"
        return done.stdout

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, (self.folder / "log").read_text("utf-8")
        first = next(iter(_children(self._process.pid)), 0)
        self._enter = ["nsenter", "--target", str(first), "--all", "--root", "--wd"]
        return bool(first) and "running" in self.run("systemctl", "is-system-running", expected=None)

    def _swept(self) -> bool:
        """Take the cgroups away that systemd made; it takes the kernel a moment to empty them."""
        with suppress(OSError):
            for folder, _, _ in os.walk(self._cgroup, topdown=False):
                Path(folder).rmdir()
        return not self._cgroup.exists()


def _children(pid: int) -> Iterator[int]:
    yield from map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split())
