"""The guides to an installation, as a list of commands.

Its one rule: what stands in a block of shell is one command a line, and is run or looked at as it stands.
"""

import re

from tests.packaging.built import ROOT

GUIDES = ("install-systemd.md", "install-container.md", "install-pip.md")
SECTION = re.compile(r"^## (?:\d\. )?([^\n]*)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text(guide: str) -> str:
    """A guide as it is written."""
    return (ROOT / "docs" / guide).read_text("utf-8")


def steps(guide: str) -> dict[str, list[str]]:
    """The commands of a guide by their sections, in order."""
    found = {title: SHELL.findall(body) for title, body in SECTION.findall(text(guide))}
    return {title: "".join(blocks).splitlines() for title, blocks in found.items() if blocks}
