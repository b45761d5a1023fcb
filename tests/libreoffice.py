"""LibreOffice for tests: converts files as a person does by opening and saving them.

Its one rule: a profile of its own in a folder of the test, so that nothing of one run is seen by
another. Where LibreOffice is missing the test is skipped, but never in CI.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.servers import IN_CI

SOFFICE = shutil.which("soffice")
SECONDS = 120
FLAT = {"fodt": "OpenDocument Text Flat XML", "fods": "OpenDocument Spreadsheet Flat XML"}
"""The filters of the flat formats, which it knows by their first bytes only as it writes them itself."""


def wanted_here() -> str:
    """The program; a test that needs it is skipped without it, and fails in CI."""
    if SOFFICE is None:
        if IN_CI:
            pytest.fail("LibreOffice is missing; `make servers` installs it")
        pytest.skip("LibreOffice is not installed (`make servers`)")
    return SOFFICE


class LibreOffice:
    """A LibreOffice that works in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = [wanted_here(), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]

    def saved_as(self, ending: str, content: bytes, was: str) -> bytes:
        """A file of the ending `was`, opened and saved with another ending."""
        source, out = self.folder / f"form.{was}", self.folder / "out"
        source.write_bytes(content)
        reader = [f"--infilter={FLAT[was]}"] if was in FLAT else []
        words = ["--convert-to", ending, "--outdir", str(out), str(source)]
        subprocess.run([*self.program, *reader, *words], check=True, capture_output=True, timeout=SECONDS)
        return (out / f"form.{ending}").read_bytes()
