"""Old office files made into .docx and .xlsx by LibreOffice, one file a process.

Its one rule: LibreOffice is a stranger's program fed by strangers. Each file meets a fresh one, in a
folder of its own that is gone afterwards, with no network, no macros, no file of ours and no more
time and memory than it needs; whatever it does costs that file alone.

A fresh start costs a quarter of a second of processor time, so nothing is kept warm: a resident
LibreOffice would carry from one sender's file to the next whatever the first one did to it.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory

import bot
from bot.errors import Trouble
from bot.intake.file.opened import Conversion, Died

COMMANDS = ("soffice", "libreoffice")
PLACES = ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/opt/libreoffice/program")
PROGRAM = "soffice.bin"

START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from bot.edge.converter_child import become_office; become_office()"
)
RESTART = 81
"""The exit status by which LibreOffice asks to be started again, on its first start with a new profile."""

MEMORY = 3 * 2**30
"""Address space, of which LibreOffice fills a tenth: it needs half a gigabyte for an empty page."""
LARGEST = 64 * 2**20

PROBE = b"{\\rtf1 probe}"

SETTINGS = (
    # QUIRK: the first start of a new version draws a hundred test pictures, which is three quarters of its time.
    ("Setup/Product", "ooSetupLastVersion", "{version}"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Save/Document", "LoadPrinter", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
)
ITEM = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>\n'
PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    "{}</oor:items>\n"
)
VERSION = re.compile(r"^ProductKey=\D*(\d+\.\d+)", re.MULTILINE)
BUILD = re.compile(r"^buildid=(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Office:
    """An installed LibreOffice: its program, its version (7.4) and its build."""

    program: Path
    version: str
    build: str


@cache
def find_office() -> Office | None:
    """The LibreOffice of this machine, or None: beside the command on the path, or where packages put it."""
    commands = (Path(found).resolve().parent for name in COMMANDS if (found := shutil.which(name)))
    for folder in (*commands, *map(Path, PLACES)):
        program = folder / PROGRAM
        if os.access(program, os.X_OK):
            return Office(program, _written(folder / "bootstraprc", VERSION), _written(folder / "versionrc", BUILD))
    return None


def _written(file: Path, pattern: re.Pattern[str]) -> str:
    try:
        found = pattern.search(file.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Failed:
    """LibreOffice ended in good order and made nothing of the file; `why` is for its sender."""

    why: str


@dataclass(frozen=True, slots=True)
class Patience:
    """The seconds that one file may take: of processor time, and altogether."""

    cpu: int = 5
    wall: float = 10.0


def convert(
    content: bytes, wanted: Conversion, office: Office, patience: Patience = Patience()
) -> bytes | Failed | Died:
    """A file in the format that is wanted, or what became of it. Raises Trouble where nothing can be
    started or written at all."""
    try:
        with TemporaryDirectory(prefix="cmpbot-", ignore_cleanup_errors=True) as name:
            folder = Path(name).resolve()
            source = f"file.{wanted.suffix}"
            _furnish(folder, office)
            (folder / source).write_bytes(content)
            return _run(folder, source, wanted.target, office, patience) or _made(
                folder / "out" / f"file.{wanted.target}"
            )
    except OSError as refused:
        raise Trouble(f"old office files cannot be converted ({refused.strerror})") from refused


def works(office: Office) -> bool:
    """Whether LibreOffice converts anything here: asked before a file is blamed for what it did not become."""
    return isinstance(convert(PROBE, Conversion("rtf", "docx"), office), bytes)


def _made(file: Path) -> bytes | Failed | Died:
    """What LibreOffice left; a link would be somebody else's file."""
    if file.is_symlink() or file.parent.resolve() != file.parent:
        return Died("its conversion made no ordinary file")
    return file.read_bytes() if file.is_file() else Failed("nothing could be made of it")


def _furnish(folder: Path, office: Office) -> None:
    """A new profile that says what LibreOffice must not do, and that it has been started before."""
    settings = (ITEM.format(path, key, value.format(version=office.version)) for path, key, value in SETTINGS)
    extensions = folder / "profile" / "user" / "extensions"
    extensions.mkdir(parents=True)
    (extensions.parent / "registrymodifications.xcu").write_text(PROFILE.format("".join(settings)), encoding="utf-8")
    (extensions / "buildid").write_text(office.build, encoding="utf-8")
    (folder / "out").mkdir()


def _run(folder: Path, source: str, target: str, office: Office, patience: Patience) -> Died | None:
    """Let LibreOffice convert; None when it ended by itself, whatever it made."""
    bounds = (str(MEMORY), str(patience.cpu), str(LARGEST))
    words = (str(folder), (folder / "profile").as_uri(), *bounds, str(office.program), target, source)
    try:
        status = _start(words, folder, patience.wall)
        if status == RESTART:
            status = _start(words, folder, patience.wall)
    except subprocess.TimeoutExpired:
        return Died(f"converting it took longer than {patience.wall:g} seconds")
    finally:
        with suppress(OSError):
            _socket(folder).unlink()
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return Died(f"converting it used more than {patience.cpu} seconds of processor time")
    return Died(f"LibreOffice died of it ({signal.Signals(-status).name})") if status < 0 else None


def _start(words: tuple[str, ...], folder: Path, seconds: float) -> int:
    """One start of LibreOffice, seen to its end; gives its status. Nothing of it is left behind."""
    command = [sys.executable, "-I", "-S", "-c", START, str(Path(bot.__file__).parent.parent), *words]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _socket(folder: Path) -> Path:
    """Where LibreOffice listens for a second one of itself; it may not take the socket away again."""
    profile = (folder / "profile").as_uri().encode("utf-16-le")
    digest = "".join(f"{byte:x}" for byte in md5(profile, usedforsecurity=False).digest())
    return Path("/tmp") / f"OSL_PIPE_{os.getuid()}_SingleOfficeIPC_{digest}"  # noqa: S108
