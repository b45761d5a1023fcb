"""Upserts: rows that two workers may write at the same moment.

Its one rule: they are the one thing that the two databases spell in ways of their own, so they are
built for a dialect; the meaning is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table, bindparam

from bot.edge.tables import blob, counter, deadline, dirty, letter, line, located, mail, published, setting


@dataclass(frozen=True, slots=True)
class Upserts:
    """Rows that two workers may write at the same moment."""

    take: Executable
    blob: Executable
    mail: Executable
    located: Executable
    letter: Executable
    deadline: Executable
    dirty: Executable
    setting: Executable
    published: Executable
    line: Executable


@cache
def upserts(dialect: str) -> Upserts:
    """The upserts of a dialect, `sqlite` or `postgresql`."""
    insert_or = _inserter(dialect)
    opened, soiled, settled = insert_or(deadline), insert_or(dirty), insert_or(setting)
    placed, printed = insert_or(published), insert_or(line)
    return Upserts(
        take=insert_or(counter)
        .values(name=bindparam("name"), n=1)
        .on_conflict_do_update(index_elements=["name"], set_={"n": counter.c.n + 1})
        .returning(counter.c.n),
        blob=insert_or(blob).on_conflict_do_nothing(index_elements=["sha256"]),
        mail=insert_or(mail).on_conflict_do_update(index_elements=["id"], set_={"copies": mail.c.copies + 1}),
        located=insert_or(located).on_conflict_do_nothing(index_elements=["uid", "uidvalidity", "folder"]),
        letter=insert_or(letter).on_conflict_do_nothing(index_elements=["id"]),
        deadline=opened.on_conflict_do_update(
            index_elements=["cr", "kind", "due"],
            set_={name: opened.excluded[name] for name in ("met_on", "extended_to", "stopped_on", "missed")},
        ),
        dirty=soiled.on_conflict_do_update(index_elements=["page"], set_={"mark": soiled.excluded.mark}),
        setting=settled.on_conflict_do_update(index_elements=["key"], set_={"value": settled.excluded.value}),
        published=placed.on_conflict_do_update(
            index_elements=["path"], set_={name: placed.excluded[name] for name in ("page", "sha256", "size")}
        ),
        line=printed.on_conflict_do_update(
            index_elements=["cr"], set_={name: printed.excluded[name] for name in ("html", "script")}
        ),
    )


def _inserter(dialect: str) -> Callable[[Table], Any]:
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_or  # noqa: PLC0415 - only where it is used

        return insert_or
    from sqlalchemy.dialects.sqlite import insert as insert_or_in_sqlite  # noqa: PLC0415 - the same

    return insert_or_in_sqlite
