"""Names of files, as shown to people."""

import pytest

from bot.mail.filename import file_name


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("cr.docx", "cr.docx"),
        ("C:\\forms\\cr.docx", "cr.docx"),
        ("../../etc/passwd", "passwd"),
        ("..", "attachment.pdf"),
        ("", "attachment.pdf"),
        ("a\r\nBcc: b\0.docx", "a Bcc: b .docx"),
        ("cr\u202excod.exe", "crxcod.exe"),
        ("x" * 5_000 + ".docx", "x" * 115 + ".docx"),
        ("x" * 5_000, "x" * 120),
        ("x." + "y" * 5_000, ("x." + "y" * 118)),
    ],
)
def test_a_name_is_never_a_path(written: str, shown: str) -> None:
    """Folders, controls, turning marks and excess go; the ending stays."""
    assert file_name(written, "application/pdf") == shown
