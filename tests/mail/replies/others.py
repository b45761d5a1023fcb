"""The replies of others.txt as raw mails. Its one rule: the file is what was sent; only the letter that is quoted is
put in here."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.mail.replies.mails import older, wire
from tests.mail.replies.pieces import Bodies, inner, marked
from tests.mail.replies.said import Read

FILE = Path(__file__).with_name("others.txt")
PLACE = re.compile(r"^([>| ]*)LETTER$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Other:
    """A reply as it was written down, and what must be read of it."""

    name: str
    read: Read
    text: str
    html: str

    def __str__(self) -> str:
        return self.name

    def raw(self) -> bytes:
        """The mail as it comes from the wire."""
        letter = older()
        text = PLACE.sub(lambda place: marked(letter.text, place[1]), self.text).replace("LETTER", letter.text)
        return wire(Bodies(text, self.html.replace("HTML-LETTER", inner(letter.html))))


def others() -> tuple[Other, ...]:
    """All of the file, in its order."""
    return tuple(map(_other, FILE.read_text(encoding="utf-8").split("\n=== ")[1:]))


def _other(entry: str) -> Other:
    head, kind, rest = re.split(r"^(text|html)\n", entry, maxsplit=1, flags=re.MULTILINE)
    name, *lines = head.rstrip("\n").split("\n")
    read = tuple(_truth(line.removeprefix("read ")) for line in lines)
    text, html = ("", rest) if kind == "html" else (*rest.split("\nhtml\n", 1), "")[:2]
    return Other(name, read, text, html)


def _truth(line: str) -> tuple[str, str, str]:
    verb, _, arguments = line.partition(" | ")
    return verb, arguments, ""
