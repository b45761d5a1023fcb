"""What `check` says of the things that lie on this machine."""

import shutil
from dataclasses import replace
from pathlib import Path

from bot.cli.checks.machine import templates
from bot.config import load
from bot.edge.clock import Clock


def test_check_names_a_broken_template_with_its_line(shipped: Path, tmp_path: Path) -> None:
    """Every one that cannot be compiled, with its line and what to do; as they are shipped, all is well."""
    settings = load(shipped)
    (well,) = templates(settings, Clock())
    assert not well.remedy
    folder = tmp_path / "templates"
    shutil.copytree(settings.templates, folder)
    for name in ("site/meetings.html", "mail/agenda.txt"):
        lines = (folder / name).read_text("utf-8").splitlines()
        (folder / name).write_text("\n".join([*lines[:2], "{% if %}", *lines[2:]]), "utf-8")
    found = [*templates(replace(settings, templates=folder), Clock())]
    assert [each.found.partition(": ")[0] for each in found] == [
        "template mail/agenda.txt, line 3",
        "template site/meetings.html, line 3",
    ]
    assert all(each.what == "templates" and each.remedy for each in found)
