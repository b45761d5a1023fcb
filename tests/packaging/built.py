"""The wheel and the sdist, built the way the guides say.

Its one rule: nothing is fetched. hatchling is that of the lock, and where a guide lets pip fetch the
dependencies, those beside this very interpreter are named instead.
"""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
EPOCH = "1767225600"
ENVIRONMENT = {
    **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
    "SOURCE_DATE_EPOCH": EPOCH,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INDEX": "1",
}
LIBRARIES = Path(sysconfig.get_path("purelib"))


@dataclass(frozen=True, slots=True)
class Built:
    """The two files of a build."""

    wheel: Path
    sdist: Path

    @property
    def version(self) -> str:
        """The version that the wheel's name tells."""
        return self.wheel.name.split("-")[1]


def build(source: Path, folder: Path, *words: str) -> Built:
    """Build what `words` ask for (`-t wheel`; else both) from a folder with a pyproject.toml."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder), *words]
    subprocess.run(command, cwd=source, env=ENVIRONMENT, check=True, capture_output=True)
    return Built(next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"), folder))


def tell_of_libraries(environment: Path, libraries: Path = LIBRARIES) -> None:
    """Let a virtual environment find the dependencies that are installed beside this interpreter; its own
    packages go first. A .pth file in the folder that is named is not obeyed, so that an editable
    cmpbot there is not found."""
    (packages,) = environment.glob("lib/python3*/site-packages")
    (packages / "libraries.pth").write_text(f"{libraries}\n", "utf-8")
