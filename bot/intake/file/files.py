"""The files of a mail, each opened, and with them the files that lie in them.

Its one rule: one level deep. What lies in an archive or an attached mail is opened as if it had been
attached itself; what lies deeper is refused in words, and one mail cannot keep us for long.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from bot.intake.file.kind import THE_FORM_ITSELF, sniff
from bot.intake.file.opened import CONVERSIONS, Contents, Died, Forms, NoForm, Opened, Unreadable, refusal, shown
from bot.mail.message import Attachment

MOST_INNER = 100
MOST_OLD = 10
"""Files of one mail that another program converts; each costs a quarter of a second."""
WRAPPED, HELD, DEEPER = range(3)

Found = Forms | NoForm | Unreadable | Died


def opened_files(
    files: Iterable[Attachment], open_attachment: Callable[[Attachment], Opened | Died]
) -> Iterator[tuple[Attachment, Found]]:
    """Every file with what it amounts to, in their order; the files in a file follow it, under their
    own names."""
    opening = _Opening(open_attachment)
    for file in files:
        yield from opening.open(file, WRAPPED)


class _Opening:
    """The files of one mail while they are opened, and how many of the dear ones there were."""

    def __init__(self, open_attachment: Callable[[Attachment], Opened | Died]) -> None:
        self._open = open_attachment
        self._inner = 0
        self._old = 0

    def open(self, file: Attachment, level: int) -> Iterator[tuple[Attachment, Found]]:
        """A file, and what it holds if that may be opened at its level."""
        kind = sniff(file.content, file.name, file.content_type)
        self._old += kind in CONVERSIONS
        if kind in CONVERSIONS and self._old > MOST_OLD:
            yield file, Unreadable(refusal(file.name, kind))
            return
        opened = self._open(file)
        if not isinstance(opened, Contents):
            yield file, opened
        elif level == DEEPER or (opened.wrapper and level != WRAPPED):
            words = f"\u201c{shown(file.name)}\u201d is {kind} inside another one and is not opened there."
            yield file, Unreadable(f"{words} {THE_FORM_ITSELF}")
        else:
            yield from self._unpack(file, opened)

    def _unpack(self, file: Attachment, contents: Contents) -> Iterator[tuple[Attachment, Found]]:
        if contents.forms:
            yield file, Forms(contents.forms, "txt")
        self._inner += len(contents.files)
        if self._inner > MOST_INNER:
            words = f"\u201c{shown(file.name)}\u201d was not opened: the mail holds too many files."
            yield file, Unreadable(f"{words} {THE_FORM_ITSELF}")
            return
        for inner in contents.files:
            for found, opened in self.open(inner, HELD if contents.wrapper else DEEPER):
                yield replace(found, name=found.name.removeprefix(f"{file.name}: ")), opened
