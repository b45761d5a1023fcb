"""Trace: everything that happened, as a dialogue that people can read, and a hash over all of it.

Its one rule: the same run has the same trace, to the byte. Lines that start with `|` are what the desk did,
lines that start with `!` what went wrong in the world.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from hashlib import sha256

LONGEST = 160
SHOWN_TEXT = 12


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happened: when (local), what, in lines; and which numbers and ids it speaks of."""

    head: str
    lines: tuple[str, ...]

    def speaks_of(self, words: Iterable[str]) -> bool:
        """Whether one of these numbers or ids stands in it."""
        text = "\n".join((self.head, *self.lines))
        return any(word in text for word in words)


@dataclass(slots=True)
class Trace:
    """The scenes of a run. Only the last `most` are kept; the hash is over all."""

    zone: tzinfo
    most: int = 20_000
    scenes: list[Scene] = field(default_factory=list)
    _hash: "sha256" = field(default_factory=sha256)  # type: ignore[valid-type]  # the type of what it gives

    def mail(self, at: datetime, who: str, subject: str, text: str, more: str = "") -> None:
        """A mail lies in the inbox."""
        lines = text.rstrip("\n").split("\n")
        cut = [*lines[:SHOWN_TEXT], *([f"({len(lines) - SHOWN_TEXT} more lines)"] if len(lines) > SHOWN_TEXT else [])]
        self._add(f"@ {self._when(at)} {who}{more}", [f"Subject: {subject}", *cut])

    def desk(self, at: datetime, lines: Iterable[str]) -> None:
        """What the desk did."""
        if done := [f"| {_cut(line)}" for line in lines]:
            self._add(f"@ {self._when(at)} desk", done)

    def world(self, at: datetime, words: str) -> None:
        """What went wrong in the world."""
        self._add(f"! {self._when(at)} {words}", [])

    @property
    def digest(self) -> str:
        """Over everything that happened."""
        return str(self._hash.hexdigest())  # type: ignore[attr-defined]

    def dialogue(self, about: Iterable[str] = (), last: int = 60) -> str:
        """The last scenes as a dialogue; of those `about` some numbers or ids only these, and what the world did."""
        words = tuple(filter(None, about))
        found = [each for each in self.scenes if each.speaks_of(words)]
        kept = {id(each) for each in found}
        scenes = [each for each in self.scenes if not found or each.head[0] == "!" or id(each) in kept]
        return "\n".join("\n".join((each.head, *each.lines, "")) for each in scenes[-last:])

    def _when(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def _add(self, head: str, lines: list[str]) -> None:
        self._hash.update("\n".join((head, *lines, "")).encode("utf-8", "replace"))  # type: ignore[attr-defined]
        self.scenes.append(Scene(head, tuple(lines)))
        if len(self.scenes) > 2 * self.most:
            del self.scenes[: -self.most]


def _cut(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."
