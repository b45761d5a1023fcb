"""Unseen: what the files and mails are called of which nobody can say whether they speak of somebody.

Its one rule: only what belongs to that person's change requests is named, in the words by which the operator finds it.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from sqlalchemy import Connection, select

from bot.edge.store.blobs import ERASED, unpack
from bot.edge.store.parts import in_parts
from bot.edge.tables import blob, letter, mail
from bot.errors import Trouble
from bot.mail.compose import files_in


def unseen(
    connection: Connection,
    closed: Collection[str],
    papers: Mapping[str, str],
    numbers: Collection[str],
    clean: Callable[[str], str],
) -> list[str]:
    """The names of those of some files that cannot be looked into and belong to change requests, in order: of documents
    as `papers` has them, by their hashes, of mails about these numbers, of what letters about them carry."""
    found = {digest: papers[digest] for digest in closed if digest in papers}
    for some in in_parts(sorted({*closed} - found.keys())):
        columns = select(mail.c.raw, mail.c.id, mail.c.number, mail.c.subject, mail.c.arrived)
        for row in connection.execute(columns.where(mail.c.raw.in_(some))):
            if row.number in numbers:
                found[row.raw] = clean(f"{row.number}: mail {row.id} of {row.arrived:%Y-%m-%d}, {row.subject}")
    if rest := {*closed} - found.keys():
        found |= _enclosed(connection, rest, numbers)
    return sorted(found.values())


def _enclosed(connection: Connection, closed: Collection[str], numbers: Collection[str]) -> dict[str, str]:
    """Those that letters carry."""
    found = {}
    content = blob.c.sha256, blob.c.encoding, blob.c.content
    letters = select(letter.c.id, letter.c.number, *content).join(blob, blob.c.sha256 == letter.c.wire)
    for some in in_parts(sorted(numbers)):
        for row in connection.execute(letters.where(letter.c.number.in_(some), blob.c.encoding != ERASED)):
            with suppress(Trouble):  # damaged: `verify` says so
                for digest in files_in(unpack(*row[2:])):
                    if digest in closed:
                        found[digest] = f"{row.number}: a file that letter {row.id} carries"
    return found
