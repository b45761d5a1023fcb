"""The converter: old files are read like new ones, and a bad one costs nobody anything but itself."""

import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.edge import converter
from bot.edge.converter import Failed, Office, Patience, convert, find_office, works
from bot.edge.sandbox import Sandbox
from bot.intake.file.kind import FileKind
from bot.intake.file.opened import CONVERSIONS, MACROS, Conversion, Died, Forms, NoForm, Unreadable
from bot.intake.form import FieldTable, RawForm
from bot.mail.message import Attachment
from tests.intake.forms import GOOD, TABLE
from tests.intake.office_files import book, compound, p, table, word, zipped
from tests.intake.samples import assert_read_rightly
from tests.servers import IN_CI

OLD = {"doc": "docx", "rtf": "docx", "odt": "docx", "xls": "xlsx", "ods": "xlsx"}
UNCONFINED = (
    "import sys; sys.path.insert(0, sys.argv[1]); from bot.edge import confine; confine.confine_office = print;"
    " from bot.edge.converter_child import become_office; become_office()"
)
"""A start without confinement: a shell that stands in for LibreOffice needs what that does not."""
DOCX, XLSX = word(p("Change Request") + table(*GOOD.items()) + p("")), book([*GOOD.items()])


@pytest.fixture(scope="module")
def office() -> Office:
    """The LibreOffice of this machine."""
    if (found := find_office()) is None:
        assert not IN_CI, "LibreOffice is among the servers of `make servers`"
        pytest.skip("there is no LibreOffice here (make servers)")
    return found


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """A sandbox."""
    with Sandbox(TABLE) as sandbox:
        yield sandbox


def remade(content: bytes, suffix: str, office: Office) -> bytes:
    """A new file made into an old one, by the same LibreOffice."""
    made = convert(content, Conversion("file", suffix), office)
    assert isinstance(made, bytes), made
    return made


def pretending(folder: Path, script: str) -> Office:
    """A program that stands in for LibreOffice and does as the script says."""
    program = folder / "soffice.bin"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    program.chmod(stat.S_IRWXU)
    return Office(program, "7.4", "1")


@pytest.fixture
def left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """What conversions leave behind: in the folder for temporary files, and where LibreOffice listens."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    sockets: list[Path] = []
    real = converter._socket

    def socket(folder: Path) -> Path:
        sockets.append(real(folder))
        return sockets[-1]

    monkeypatch.setattr(converter, "_socket", socket)
    return lambda: [*temporary.iterdir(), *(path for path in sockets if path.exists())]


@pytest.mark.parametrize("suffix", OLD)
def test_a_form_comes_back_from_every_old_format(
    suffix: str, office: Office, box: Sandbox, left_behind: Callable[[], list[Path]]
) -> None:
    """The same form as .doc, .rtf, .odt, .xls and .ods gives every label and value of the new one,
    whatever the file is called; what goes back is the new format."""
    new = OLD[suffix]
    content = remade(DOCX if new == "docx" else XLSX, suffix, office)
    opened = box.open(Attachment("../../form.txt", "", content))
    assert isinstance(opened, Forms), opened
    assert opened.format == new
    assert {entry.label: entry.value for entry in opened.forms[0].entries} == GOOD
    assert left_behind() == []


@pytest.mark.parametrize(("sample", "ending"), [("s07", ".doc"), ("s08", ".odt")])
def test_the_samples_are_read_rightly(sample: str, ending: str, office: Office, box: Sandbox) -> None:
    """The .doc and the .odt of the samples say what their truth says."""

    def reader(content: bytes, name: str, table: FieldTable) -> tuple[RawForm, ...]:
        opened = box.open(Attachment(name, "", content))
        assert isinstance(opened, Forms), opened
        return opened.forms

    assert_read_rightly(sample, ending, reader)


def test_without_libreoffice_its_sender_is_asked(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no LibreOffice, or one that converts nothing, an old file is asked for anew."""
    content = b"{\\rtf1 form}"
    for found in (None, Office(Path("/bin/false"), "", "")):
        monkeypatch.setattr("bot.edge.sandbox.find_office", lambda found=found: found)
        opened = box.open(Attachment("form.rtf", "", content))
        assert isinstance(opened, Unreadable)
        assert "save it as .docx or .xlsx" in opened.message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (compound({"WordDocument": b"\xec\xa5" + b"\0" * 9000}), "could not be read"),
        (
            compound({"Workbook": b"\x09\x08\x10\0" + b"\0" * 16 + b"\x2f\0\x06\0" + b"\1" * 9000}),
            "remove the password",
        ),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a>"}, packed=False), "read"),
    ],
    ids=["doc", "locked xls", "odt"],
)
def test_a_damaged_file_is_refused_in_words(content: bytes, words: str, office: Office, box: Sandbox) -> None:
    """What LibreOffice makes nothing of is told to its sender; nobody is quarantined for it."""
    opened = box.open(Attachment("form", "", content))
    assert opened == NoForm() or (isinstance(opened, Unreadable) and words in opened.message)


def test_macros_are_noted_and_not_run(office: Office, box: Sandbox, tmp_path: Path) -> None:
    """A document whose macro runs when it is opened is read; the macro is not run, and a note says so."""
    mark = tmp_path / "ran"
    listener = (
        '<office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load"'
        ' xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic&amp;location=document"/>'
        "</office:event-listeners>"
    )
    basic = f"Sub Main\nOpen &quot;{mark}&quot; For Output As #1\nPrint #1, 1\nClose #1\nEnd Sub"
    odt = remade(DOCX, "odt", office)
    opened = box.open(Attachment("form.odt", "", with_macro(odt, listener, basic)))
    assert isinstance(opened, Forms), opened
    assert MACROS in opened.forms[0].notes
    assert not mark.exists()


def with_macro(odt: bytes, listener: str, basic: str) -> bytes:
    """A text document with a Basic macro that is called when it has been loaded."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    library = 'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'
    added = {
        "Basic/script-lc.xml": f'{head}<library:libraries {library}><library:library library:name="Standard"'
        ' library:link="false"/></library:libraries>',
        "Basic/Standard/script-lb.xml": f'{head}<library:library {library} library:name="Standard"'
        ' library:readonly="false" library:passwordprotected="false"><library:element library:name="M"/>'
        "</library:library>",
        "Basic/Standard/M.xml": f'{head}<script:module xmlns:script="http://openoffice.org/2000/script"'
        f' script:name="M" script:language="StarBasic">{basic}</script:module>',
    }
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>' for name in added
    )
    with ZipFile(BytesIO(odt)) as archive:
        parts: dict[str, bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts["META-INF/manifest.xml"] = parts["META-INF/manifest.xml"].replace(
        b"</manifest:manifest>", f"{entries}</manifest:manifest>".encode()
    )
    content = parts["content.xml"]
    scripts = f"<office:scripts>{listener}</office:scripts>".encode()
    for old in (b"<office:scripts/>", b"<office:scripts></office:scripts>"):
        content = content.replace(old, scripts)
    assert b"event-listener" in content
    parts["content.xml"] = content
    return zipped({**parts, **{name: text.encode() for name, text in added.items()}})


HARM: dict[str, tuple[str, Patience, str]] = {
    "hangs": ("sleep 60", Patience(1, 1.0), "took longer"),
    "computes": ("while :; do :; done", Patience(1, 30.0), "processor time"),
    "dies": ("kill -SEGV $$", Patience(1, 30.0), "died of it"),
    "hangs in a child": ("sleep 60 & wait", Patience(1, 1.0), "took longer"),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_bad_conversion_costs_only_its_file(
    harm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_behind: Callable[[], list[Path]]
) -> None:
    """A conversion that hangs, burns or dies is ended with all that it started, and nothing is left."""
    script, patience, words = HARM[harm]
    monkeypatch.setattr("bot.edge.converter.START", UNCONFINED)
    start = time.monotonic()
    made = convert(b"x", CONVERSIONS[FileKind.RTF], pretending(tmp_path, script), patience)
    assert isinstance(made, Died)
    assert words in made.reason
    assert time.monotonic() - start < 20
    assert left_behind() == []
    assert str(tmp_path) not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("exit 1", "nothing could be made of it"),
        ("ln -s /etc/passwd out/file.docx", "no ordinary file"),
        ("rm -r out; ln -s /etc out", "no ordinary file"),
    ],
)
def test_what_is_no_file_is_not_taken(
    script: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conversion that makes nothing has failed; a link to a file of ours is not followed."""
    monkeypatch.setattr("bot.edge.converter.START", UNCONFINED)
    made = convert(b"x", CONVERSIONS[FileKind.RTF], pretending(tmp_path, script))
    assert isinstance(made, Failed | Died)
    assert answer in (made.why if isinstance(made, Failed) else made.reason)


def test_the_environment_holds_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversion is told where it may write, and nothing else."""
    monkeypatch.setenv("CANARY", "secret")
    monkeypatch.setattr("bot.edge.converter.START", UNCONFINED)
    made = convert(b"x", CONVERSIONS[FileKind.RTF], pretending(tmp_path, "env > out/file.docx"))
    assert isinstance(made, bytes)
    names = {line.partition(b"=")[0] for line in made.splitlines()}
    assert names <= {b"HOME", b"TMPDIR", b"LANG", b"PWD", b"LC_CTYPE", b"SHLVL", b"_", b"OLDPWD"}


def test_a_link_to_a_file_of_ours_shows_nothing(office: Office, box: Sandbox, tmp_path: Path) -> None:
    """A document that includes another file gets nothing of it into its form."""
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY", encoding="ascii")
    rows = "\\par ".join(f"{label}: {value}" for label, value in GOOD.items())
    field = f'{{\\field{{\\*\\fldinst INCLUDETEXT "{secret}"}}{{\\fldrslt old}}}}'
    opened = box.open(Attachment("form.rtf", "", f"{{\\rtf1 {rows}\\par Title: {field}\\par}}".encode()))
    assert "CANARY" not in repr(opened)


def test_libreoffice_works_here(office: Office) -> None:
    """The LibreOffice of this machine converts, confined as it is, in a second or two."""
    start = time.monotonic()
    assert works(office)
    assert time.monotonic() - start < 5
