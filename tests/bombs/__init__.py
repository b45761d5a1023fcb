"""Files and mails that mean harm, made here: bombs, lies and oddities (reliability.md, T26 to T44).

Its one rule: each is small where it lies and cheap to make; what it would become is its point.
"""

from collections.abc import Callable

from tests.bombs.books import BOOKS
from tests.bombs.files import FILES
from tests.bombs.mails import MAILS, carrying, whole
from tests.bombs.words import WORDS
from tests.bombs.zips import ZIPS, Bomb, unpacked

ATTACHED: dict[str, Callable[[], Bomb]] = {
    **ZIPS,
    **FILES,
    **{name + way: make for name, make in (WORDS | BOOKS).items() for way in ("", ", unpacked")},
}
"""Makers of hostile attachments by what is hostile about them: each gives a name and bytes."""

NAMES = (*ATTACHED, *MAILS)


def bomb(name: str, number: int = 1) -> bytes:
    """A hostile mail by its name; `number` makes several of them different mails."""
    if name in MAILS:
        return whole(MAILS[name](), number)
    file = ATTACHED[name]()
    return whole(carrying(*(unpacked(file) if name.endswith(", unpacked") else file)), number)
