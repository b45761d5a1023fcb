"""Papers: the files that go with a distribution package.

Its one rule: each is named by its letter, and what is too much for one mail is left out.
"""

from collections.abc import Callable, Iterator

from bot.mail.letter import Enclosure
from bot.workflow.agenda import Agenda, Paper
from bot.workflow.change import ChangeRequest, Document
from bot.workflow.letters import LARGEST_ENCLOSED


def papers_of(read: Callable[[str], bytes | None], agenda: Agenda) -> tuple[Enclosure, ...]:
    """The files of an agenda, in its order, as many as one mail holds; `read` gives the bytes of a
    SHA-256."""
    files: list[Enclosure] = []
    room = LARGEST_ENCLOSED
    for change, paper, file in _filed(agenda):
        content = read(file.sha256)
        if content is not None and len(content) <= room:
            room -= len(content)
            name = f"Attachment {paper.letter} {change.number} {file.name}"
            files.append(Enclosure(name, file.content_type, content))
    return tuple(files)


def _filed(agenda: Agenda) -> Iterator[tuple[ChangeRequest, Paper, Document]]:
    for item in agenda.items:
        kept = {file.sha256: file for file in item.change.documents}
        yield from ((item.change, paper, kept[paper.is_]) for paper in item.papers if paper.is_ in kept)
