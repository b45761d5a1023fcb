"""The sandbox: a file may kill or hang its reader, never us (reliability T36 to T41, F12)."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.edge.confine import MACHINES, NETWORK
from bot.edge.sandbox import Sandbox, SandboxLimits
from bot.errors import Trouble
from bot.intake.file.files import opened_files
from bot.intake.file.opened import Died, Forms, NoForm, Unreadable
from bot.intake.form import FieldTable
from bot.mail.message import Attachment
from tests.intake.forms import GOOD, ROOT, TABLE
from tests.intake.office_files import book, document, p, word, zipped

FORM = document([*GOOD.items()])
BOOK = book([*GOOD.items()])
LINUX = sys.platform == "linux" and os.uname().machine in MACHINES
SECOND = SandboxLimits(cpu_seconds=1, wall_seconds=10)


def file(content: bytes, name: str = "form") -> Attachment:
    """An attachment; each is another one to the sandbox."""
    return Attachment(name, "", content)


def children() -> list[int]:
    """The readers that we have started and not yet seen out; other tests' servers are not ours."""
    own = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
    pids = map(int, Path(own).read_text(encoding="ascii").split())
    lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids}  # a zombie's is empty
    return [pid for pid, line in lines.items() if not line or b"sandbox" in line]


@contextmanager
def sandbox(limits: SandboxLimits | None = None) -> Iterator[Sandbox]:
    """A sandbox that leaves no child behind."""
    before = set(children())
    with Sandbox(TABLE, limits) as box:
        yield box
    assert set(children()) <= before


def slow() -> bytes:
    """A document within every cap that takes seconds to read: one paragraph of 600,000 answers."""
    return word(p("   ".join(f"Phone: {number * 7919}" for number in range(600_000))))


def test_forms_are_read_in_a_child() -> None:
    """The answer is that of the reader; one child serves all files and starts with the first."""
    with sandbox() as box:
        assert children() == []
        for content, shape in ((FORM, "docx"), (BOOK, "xlsx"), (FORM, "docx")):
            opened = box.open(file(content))
            assert isinstance(opened, Forms)
            assert opened.format == shape
            assert {entry.label: entry.value for entry in opened.forms[0].entries} == GOOD
        assert len(children()) == 1


def test_no_child_is_troubled_for_what_its_first_bytes_tell() -> None:
    """A picture, a PDF and a file beyond the limit are answered at once."""
    with sandbox(SandboxLimits(largest=1000)) as box:
        assert box.open(file(b"\x89PNG\r\n")) == NoForm()
        assert isinstance(box.open(file(b"%PDF-1.7")), Unreadable)
        assert isinstance(box.open(file(b"a" * 1001)), Unreadable)
        assert children() == []


def test_a_batch_is_read_ahead() -> None:
    """Announced files are read in the background, opened in any order, and may be left unopened."""
    files = [file(FORM if number % 2 else BOOK, f"form {number}") for number in range(40)]
    with sandbox() as box:
        box.prefetch([*files, file(b"\x89PNG")])
        for attachment in [files[30], *files[:20], files[35]]:
            opened = box.open(attachment)
            assert isinstance(opened, Forms)
            assert opened.forms[0].source == attachment.name
        box.prefetch(files[:3])
        assert isinstance(box.open(files[39]), Forms)
        assert isinstance(box.open(files[2]), Forms)


def test_a_batch_larger_than_the_pipe() -> None:
    """Neither side waits for the other while many long files and answers are under way."""
    long = document([*GOOD.items(), *((f"Label {number}", "text " * 50) for number in range(300))])
    padded = [file(long + b"", f"form {number}") for number in range(60)]
    with sandbox() as box:
        box.prefetch(padded)
        assert all(isinstance(box.open(attachment), Forms) for attachment in padded)


def test_two_children() -> None:
    """Several workers share a batch."""
    files = [file(FORM) for _ in range(20)]
    with sandbox(SandboxLimits(workers=2)) as box:
        box.prefetch(files)
        assert all(isinstance(box.open(attachment), Forms) for attachment in files)
        assert len(children()) == 2


def test_children_are_recycled() -> None:
    """200 files through children that are replaced after 30 each: all are read, none is left."""
    files = [file(FORM) for _ in range(200)]
    seen: set[int] = set()
    with sandbox(SandboxLimits(jobs=30)) as box:
        box.prefetch(files)
        for attachment in files:
            assert isinstance(box.open(attachment), Forms)
            seen.update(children())
    assert len(seen) == 7


def test_a_file_that_takes_too_much_processor_time() -> None:
    """The system ends its child; the files behind it are read by the next one."""
    hang, *good = [file(slow()), *(file(FORM) for _ in range(5))]
    with sandbox(SECOND) as box:
        box.prefetch([hang, *good])
        assert box.open(hang) == Died("reading it used more than 1 seconds of processor time")
        assert all(isinstance(box.open(attachment), Forms) for attachment in good)


def test_a_file_that_takes_too_long() -> None:
    """The parent does not wait longer than the wall clock allows, even for a child that is stopped."""
    with sandbox(SandboxLimits(wall_seconds=1.0)) as box:
        assert isinstance(box.open(file(FORM)), Forms)
        (child,) = children()
        os.kill(child, signal.SIGSTOP)
        start = time.monotonic()
        assert box.open(file(FORM)) == Died("reading it took longer than 1 seconds")
        assert time.monotonic() - start < 4
        assert isinstance(box.open(file(FORM)), Forms)


def test_a_file_that_needs_too_much_memory() -> None:
    """Memory beyond the limit is an answer; the next file is read by a new child."""
    text = p(random.Random(7).randbytes(6_000_000).hex())
    with sandbox(SandboxLimits(memory=64 * 2**20)) as box:
        box.prefetch(files := [file(word(text)), file(FORM)])
        assert box.open(files[0]) == Died("reading it needed more than 64 MiB of memory")
        assert isinstance(box.open(files[1]), Forms)


def test_a_child_that_is_killed_from_outside() -> None:
    """A file is not to blame for one death of its child; it is read by the next."""
    with sandbox() as box:
        assert isinstance(box.open(file(FORM)), Forms)
        (child,) = children()
        os.kill(child, signal.SIGKILL)
        assert isinstance(box.open(file(FORM)), Forms)
        assert children() != [child]


def test_an_answer_that_is_too_long() -> None:
    """An answer beyond the limit is not taken; the child that gives it is ended."""
    with sandbox(SandboxLimits(answer=500)) as box:
        assert box.open(file(FORM)) == Died("its reader gave no answer that makes sense")
        assert isinstance(box.open(file(b"%PDF-")), Unreadable)


BOMBS: dict[str, Callable[[], bytes]] = {
    "entities": lambda: zipped({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 9999 + b'">]><a>&b;</a>'}),
    "external entity": lambda: zipped({"xl/workbook.xml": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}),
    "zip bomb": lambda: zipped({"word/document.xml": b"<w:p/>" * 10_000_000}),
    "many parts": lambda: zipped({f"word/{number}": b"" for number in range(5000)}),
    "wide span": lambda: word(
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="100000000"/></w:tcPr></w:tc></w:tr></w:tbl>'
    ),
    "paragraphs": lambda: word("".join(f"<w:p{number}/>" for number in range(2_000_000))),
    "deep tables": lambda: word("<w:tbl><w:tr><w:tc>" * 20_000 + "</w:tc></w:tr></w:tbl>" * 20_000),
    "nested zip": lambda: zipped({"forms.zip": zipped({"form.docx": FORM})}),
    "protected": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "cut short": lambda: FORM[: len(FORM) // 2],
    "junk in front": lambda: b"PK\x03\x04" + FORM,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs(bomb: str) -> None:
    """Every bomb is refused in words or holds no form, in less than two seconds, the child alive."""
    content = BOMBS[bomb]()
    with sandbox() as box:
        assert isinstance(box.open(file(FORM)), Forms)
        before = children()
        start = time.monotonic()
        opened = [opened for _, opened in opened_files([file(content, "form.docx")], box.open)]
        assert all(isinstance(answer, NoForm | Unreadable) for answer in opened)
        assert time.monotonic() - start < 2
        assert children() == before


MEASURE = """
import sys
from pathlib import Path
from bot.edge.sandbox import Sandbox
from bot.mail.message import Attachment
from tests.intake.forms import TABLE
with Sandbox(TABLE) as box:
    for path in sorted(Path(sys.argv[1]).iterdir()):
        box.open(Attachment(path.name, "", path.read_bytes()))
status = Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""
# QUIRK: ru_maxrss counts what the process was before exec, so it would measure the test run.


def test_bombs_do_not_swell_the_parent(tmp_path: Path) -> None:
    """With every bomb opened, and the slow file, the parent stays under 250 MB."""
    for name, make in (*BOMBS.items(), ("slow", slow)):
        (tmp_path / f"{name}.docx").write_bytes(make())
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert int(measured.stdout) < 250


def test_a_child_has_nothing_to_lose() -> None:
    """No environment of ours, no open file but its pipes, no right to write, fork or dump."""
    os.environ["CANARY"] = "secret"
    try:
        with sandbox() as box:
            box.open(file(FORM))
            (child,) = children()
            process = Path(f"/proc/{child}")
            assert b"CANARY" not in (process / "environ").read_bytes()
            assert sorted(entry.name for entry in (process / "fd").iterdir()) == ["0", "1", "2"]
            limits = (process / "limits").read_text(encoding="ascii")
            for name in ("Max file size", "Max core file size", "Max processes"):
                (line,) = (line for line in limits.splitlines() if line.startswith(name))
                assert line.split()[-3:-1] in (["0", "0"], ["0", "bytes"]) or line.split()[3:5] == ["0", "0"]
    finally:
        del os.environ["CANARY"]


TRAITOR = (
    "import sys; sys.path.insert(0, sys.argv[1]); import bot.edge.sandbox_child as us, socket;"
    " us.examine = lambda file, table: socket.create_connection(('127.0.0.1', 9)); us.child()"
)
"""A child that a file has taken over: it answers nothing and calls somebody."""


@pytest.mark.skipif(not LINUX, reason="there is nothing to confine with on this machine")
def test_a_child_that_is_taken_over_calls_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that has taken its reader over has no network: it dies of trying, and we live."""
    with sandbox() as box, socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        monkeypatch.setattr("bot.edge.sandbox_lane.START", TRAITOR.replace("9)", f"{listener.getsockname()[1]})"))
        assert isinstance(box.open(file(FORM)), Died)
        with pytest.raises(TimeoutError):
            listener.accept()
        monkeypatch.undo()
        assert isinstance(box.open(file(FORM)), Forms)


@pytest.mark.skipif(not LINUX, reason="there is nothing to confine with on this machine")
def test_a_child_says_how_it_is_confined() -> None:
    """What a child says of itself is what the system says of it: no new privileges, a filter on its calls."""
    with sandbox() as box:
        assert NETWORK in box.confinement()
        (child,) = children()
        status = Path(f"/proc/{child}/status").read_text(encoding="ascii")
        assert "NoNewPrivs:\t1" in status
        assert "Seccomp:\t2" in status


def test_a_warm_child_waits_for_the_first_file() -> None:
    """A child that was started early is the one that reads; one that died meanwhile is replaced."""
    with sandbox() as box:
        box.warm()
        (child,) = children()
        assert isinstance(box.open(file(FORM)), Forms)
        assert children() == [child]
        os.kill(child, signal.SIGKILL)
        box.warm()
        assert isinstance(box.open(file(FORM)), Forms)


def test_a_child_that_died_is_replaced_by_whoever_feeds_it() -> None:
    """One that is gone before a file is written to it: its pipes are closed once, the file is read by the next."""
    with sandbox() as box:
        assert isinstance(box.open(file(FORM)), Forms)
        (child,) = children()
        os.kill(child, signal.SIGKILL)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert isinstance(box.open(file(FORM)), Forms)
        assert children() != [child]


@pytest.mark.parametrize(("name", "value"), [("START", "raise SystemExit(3)"), ("sys.executable", "/no/such/python")])
def test_a_child_that_cannot_start_early_is_no_trouble_yet(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Warming never raises; whoever needs the child is told, and once it can start all is well."""
    with sandbox() as box:
        with monkeypatch.context() as patch:
            patch.setattr(f"bot.edge.sandbox_lane.{name}", value)
            box.warm()
            with pytest.raises(Trouble, match=r"does not start|can be started"):
                box.open(file(FORM))
        assert isinstance(box.open(file(FORM)), Forms)


@pytest.mark.parametrize(("name", "value"), [("START", "raise SystemExit(3)"), ("sys.executable", "/no/such/python")])
def test_a_child_that_cannot_start_is_trouble(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no child can run, no file is to blame: the world's trouble, for as long as it lasts."""
    attachment = file(FORM)
    with sandbox() as box:
        with monkeypatch.context() as patch:
            patch.setattr(f"bot.edge.sandbox_lane.{name}", value)
            box.prefetch([file(FORM), attachment])
            for _ in range(2):
                with pytest.raises(Trouble, match=r"does not start|can be started"):
                    box.open(attachment)
        assert isinstance(box.open(attachment), Forms)


def test_a_sandbox_closes_twice_and_opens_again() -> None:
    """Closing is harmless at any time; a later file starts a new child."""
    box = Sandbox(FieldTable(TABLE.title, TABLE.fields))
    box.close()
    box.prefetch([file(FORM) for _ in range(9)])
    box.close()
    assert isinstance(box.open(file(FORM)), Forms)
    box.close()
    assert children() == []
