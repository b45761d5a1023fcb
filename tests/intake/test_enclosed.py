"""What Outlook packs and what is signed as a whole: read as if it had been sent plainly."""

import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.intake.file.attachment import examine, open_attachment
from bot.intake.file.files import Found, opened_files
from bot.intake.file.opened import Contents, Forms, Opened, Unreadable
from bot.intake.file.signed import content_in
from bot.intake.file.tnef import unpack
from bot.mail.message import Attachment
from tests.intake.forms import GOOD, TABLE
from tests.intake.office_files import document, zipped
from tests.servers import IN_CI

DOCX = document([*GOOD.items()])
TEXT = "\n".join(f"{label}: {value}" for label, value in GOOD.items())
MAIL = f"Content-Type: text/plain\r\n\r\n{TEXT}\r\n".encode()


def attribute(kind: int, value: bytes, level: int = 2) -> bytes:
    """One attribute of a winmail.dat."""
    return struct.pack("<BII", level, kind, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(*written: bytes) -> bytes:
    """Properties as they stand in an attribute."""
    return struct.pack("<I", len(written)) + b"".join(written)


def variable(key: int, shape: int, value: bytes) -> bytes:
    """A property with a value of its own length."""
    return struct.pack("<HHII", shape, key, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def winmail(body: str = "", **files: bytes) -> bytes:
    """A winmail.dat with a body and files, `_` in their names standing for the dot."""
    named = struct.pack("<HH16sII", 0x1F, 0x8001, b"G" * 16, 1, 6) + "abc".encode("utf-16-le") + b"\0\0"
    many = struct.pack("<HHI", 0x1003, 0x0E01, 3) + b"\1\0\0\0" * 3
    when = struct.pack("<HHQ", 0x40, 0x0039, 1)
    text = variable(0x1000, 0x1F, body.encode("utf-16-le") + b"\0\0")
    parts = [
        attribute(0x00089006, struct.pack("<I", 0x10000), 1),
        attribute(0x00069003, properties(many, when, named + struct.pack("<II", 1, 4) + b"xy\0\0", text), 1),
    ]
    for name, content in files.items():
        long = variable(0x3707, 0x1E, name.replace("_", ".").encode() + b"\0")
        parts += [
            attribute(0x00069002, b"\0" * 14),
            attribute(0x00018010, b"FORM~1.DOC\0"),
            attribute(0x0006800F, content),
            attribute(0x00069005, properties(struct.pack("<HHI", 0x03, 0x0E20, len(content)), long)),
        ]
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(parts)


def opened(content: bytes, name: str) -> list[tuple[str, Found]]:
    """A file, opened with all that lies in it."""
    found = opened_files([Attachment(name, "", content)], lambda file: open_attachment(file, TABLE))
    return [(file.name, answer) for file, answer in found]


def test_the_files_of_a_winmail() -> None:
    """A form that Outlook packed is a form of the mail, under its long name."""
    found = opened(winmail("Here it is.", form_docx=DOCX, logo_png=b"\x89PNG"), "winmail.dat")
    assert [name for name, _ in found] == ["form.docx", "logo.png"]
    assert isinstance(found[0][1], Forms)
    assert found[0][1].forms[0].source == "winmail.dat: form.docx"


def test_the_text_of_a_winmail() -> None:
    """A form in the packed text is read where no file was packed with it."""
    ((name, answer),) = opened(winmail(TEXT), "winmail.dat")
    assert name == "winmail.dat"
    assert isinstance(answer, Forms)
    assert len(answer.forms[0].entries) == len(GOOD)


def test_an_archive_in_a_winmail() -> None:
    """Outlook's packing is no level: an archive in it is opened, one in that is not."""
    inner = zipped({"form.docx": DOCX, "more.zip": zipped({"form.docx": DOCX})})
    found = opened(winmail(forms_zip=inner), "winmail.dat")
    assert [name for name, _ in found] == ["form.docx", "more.zip"]
    assert isinstance(found[0][1], Forms)
    assert isinstance(found[1][1], Unreadable)


def cut(content: bytes) -> Iterator[bytes]:
    """A file cut short, and with a byte changed, at many places."""
    for at in range(0, len(content), 7):
        yield content[:at]
        yield content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def test_a_damaged_winmail_is_a_value_error() -> None:
    """Whatever is cut or changed, nothing but ValueError is raised, and a name is no longer than its file."""
    for content in cut(winmail(TEXT, form_docx=DOCX[:200])):
        try:
            found = unpack(content)
        except ValueError:
            continue
        assert sum(len(held) for _, held in found.files) <= len(content)


@pytest.fixture(scope="module")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key and its certificate."""
    if shutil.which("openssl") is None and not IN_CI:
        pytest.skip("there is no openssl here (make servers)")
    folder = tmp_path_factory.mktemp("signed")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=ida", "-keyout", "k", "-out", "c"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


def cms(folder: Path, content: bytes, *options: str) -> bytes:
    """A mail made by openssl."""
    command = ["openssl", "cms", "-binary", "-outform", "DER", *options]
    return subprocess.run(command, cwd=folder, input=content, check=True, capture_output=True).stdout


SIGN = ("-sign", "-signer", "c", "-inkey", "k")


@pytest.mark.parametrize("options", [("-nodetach",), ("-nodetach", "-stream"), ("-nodetach", "-nocerts", "-indef")])
def test_a_signed_mail_is_read(options: tuple[str, ...], openssl: Path) -> None:
    """What was signed is read, in whichever of its encodings; a form in it is a form of the mail."""
    content = cms(openssl, MAIL, *SIGN, *options)
    assert content_in(content) == MAIL
    ((name, answer),) = opened(content, "smime.p7m")
    assert name == "smime.p7m"
    assert isinstance(answer, Forms)


def test_a_signature_alone_is_passed_over(openssl: Path) -> None:
    """The signature that travels beside a mail holds nothing."""
    content = cms(openssl, MAIL, *SIGN)
    assert content_in(content) is None
    assert examine(Attachment("smime.p7s", "", content), TABLE) == Contents((), (), wrapper=True)
    assert opened(content, "smime.p7s") == []


def test_an_encrypted_mail_is_refused_in_words(openssl: Path) -> None:
    """There is no key here; the sender is told."""
    ((_, answer),) = opened(cms(openssl, MAIL, "-encrypt", "-aes256", "c"), "smime.p7m")
    assert isinstance(answer, Unreadable)
    assert "without encryption" in answer.message


def test_signatures_in_signatures(openssl: Path) -> None:
    """A signed mail in a signed mail is not opened, however often it was signed."""
    content = MAIL
    head = b"Content-Type: application/pkcs7-mime\r\nContent-Disposition: attachment\r\n\r\n"
    for _ in range(3):
        content = head.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: binary\r\n\r\n") + cms(
            openssl, content, *SIGN, "-nodetach"
        )
    asked: list[str] = []

    def answer(file: Attachment) -> Opened:
        asked.append(file.name)
        return open_attachment(file, TABLE)

    (found,) = opened_files([Attachment("smime.p7m", "", content.partition(b"\r\n\r\n")[2])], answer)
    assert isinstance(found[1], Unreadable)
    assert len(asked) == 2


def test_a_damaged_signature_is_a_value_error(openssl: Path) -> None:
    """Whatever is cut or changed, nothing but ValueError is raised."""
    for content in cut(cms(openssl, MAIL, *SIGN, "-nodetach", "-stream")):
        try:
            found = content_in(content)
        except ValueError:
            continue
        assert found is None or len(found) <= len(content)
