"""The script of a dialogue: what somebody can write and read without being a programmer.

Its one rule: lines that start with `|` are what the desk did, made anew each time the dialogue is
played; all other lines are the author's and are kept as they are.

    A title, and what the dialogue is about.

    @ 2026-11-23 09:00 raman            raman writes: the part before the @ of an address in
    Subject: Change request              config.yaml. `(unproven)`: nothing vouches for the mail;
                                        `(from x@y.example)`: from another address; `answers KIND`:
    FORM                                a reply to the last letter of that kind that raman got
                                        (`answers KIND#1`: to the first).
                                        FORM stands for a complete form, `FORM without KEY, KEY` for
    | registered PC112326-1              an incomplete one, `FORM with KEY: VALUE` for a changed one.

    @ 2026-11-24 09:00 import           a register in CSV is taken over
    @ 2026-11-24 09:00 clock            time passes: the desk looks at its deadlines
    @ 2026-11-24 09:00 show KIND raman  the last letter of that kind to raman, in full
"""

import re
from dataclasses import dataclass, field

HEAD = re.compile(r"@ (\d{4}-\d\d-\d\d \d\d:\d\d) (\w+)(.*)")
FROM = re.compile(r"\(from (\S+)\)")
ANSWERS = re.compile(r"answers (\w+)(?:#(\d+))?")
DONE = "|"


@dataclass(slots=True)
class Scene:
    """One thing that happens. `at` is local time; `who` a person, `clock`, `show` or `import`."""

    head: str
    at: str
    who: str
    more: str
    body: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The address that the mail comes from instead of the person's own; empty for their own."""
        found = FROM.search(self.more)
        return found[1] if found else ""

    @property
    def proven(self) -> bool:
        """True where the border vouches for the mail."""
        return "(unproven)" not in self.more

    @property
    def answers(self) -> str:
        """The kind of letter that the mail replies to; empty for a mail of its own."""
        found = ANSWERS.search(self.more)
        return found[1] if found else ""

    @property
    def nth(self) -> int:
        """Which letter of that kind: 1 is the first; 0 stands for the last."""
        found = ANSWERS.search(self.more)
        return int(found[2] or 0) if found else 0

    @property
    def subject(self) -> str:
        """The subject that the author wrote; empty where there is none."""
        return next((line.removeprefix("Subject: ") for line in self.body if line.startswith("Subject: ")), "")

    @property
    def text(self) -> str:
        """What the mail says."""
        lines = [line for line in self.body if not line.startswith("Subject: ")]
        return "\n".join(lines).strip("\n") + "\n"


def read_script(text: str) -> tuple[list[str], list[Scene]]:
    """The introduction and the scenes of a dialogue, without what the desk did."""
    intro: list[str] = []
    scenes: list[Scene] = []
    for line in text.splitlines():
        if head := HEAD.fullmatch(line):
            scenes.append(Scene(line, head[1], head[2], head[3]))
        elif line.startswith(DONE):
            continue
        elif scenes:
            scenes[-1].body.append(line)
        else:
            intro.append(line)
    return intro, scenes


def written(intro: list[str], played: list[tuple[Scene, list[str]]]) -> str:
    """A dialogue with what the desk did."""
    lines = ["\n".join(intro).strip("\n"), ""]
    for scene, done in played:
        body = "\n".join(scene.body).strip("\n")
        lines += [scene.head, *([body] if body else []), *(f"{DONE} {line}".rstrip() for line in done), ""]
    return "\n".join(lines)
