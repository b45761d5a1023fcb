"""deploy/requirements.lock and deploy/build.lock, parts of requirements.lock: what cmpbot needs to run, and
what builds its wheel. `python deploy/lock.py` makes both anew.

Its one rule: it chooses and never resolves. Versions, hashes and who needs what are those of
requirements.lock; the other tools of development are left out.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXTRA = "oauth"
ENTRY = re.compile(r"^([A-Za-z0-9_.-]+)==.*\n(?:[ ].*\n?)*", re.MULTILINE)
VIA = re.compile(r"^    #(?: via)? +([A-Za-z0-9_.-]+)", re.MULTILINE)
NAME = re.compile(r"[A-Za-z0-9_.-]+")


def parts() -> dict[str, str]:
    """The files in deploy/, by name, as they have to be."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    about = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, build = about["project"], about["build-system"]
    return {
        "requirements.lock": chosen(lock, [*project["dependencies"], *project["optional-dependencies"][EXTRA]]),
        "build.lock": chosen(lock, build["requires"]),
    }


def chosen(lock: str, requirements: Iterable[str]) -> str:
    """The entries of a lock to which these requirements (PEP 508) lead."""
    entries = {_plain(entry[1]): entry[0] for entry in ENTRY.finditer(lock)}
    needed: set[str] = set()
    asked = {_plain(found[0]) for one in requirements if (found := NAME.match(one))}
    while asked:
        needed |= asked
        asked = {name for name, entry in entries.items() if needed & set(map(_plain, VIA.findall(entry)))} - needed
    return "".join(entry for name, entry in entries.items() if name in needed)


def _plain(name: str) -> str:
    """A name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    for file, lines in parts().items():
        (ROOT / "deploy" / file).write_text(lines, "utf-8")
