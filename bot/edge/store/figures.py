"""Figures: how much waits in the store, and since when. Its one rule: looking changes nothing, and what was done
long ago costs nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from bot.edge.store.lease import LEADER, WORKER
from bot.edge.store.matters import Matters
from bot.edge.store.values import LetterState, MailState
from bot.edge.tables import SET_ASIDE, STUCK, lease, letter, mail
from bot.workflow.answers.absence import FROZEN
from bot.workflow.returned import paused_in

LATELY, WEEK = timedelta(days=1), timedelta(days=7)  # a letter is given up after five days
NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Figures:
    """Mails to be handled and for how long the oldest has been, those held back, those set aside and how many of
    the last day; letters owed, and since when the first could have gone out, and how many of them a server did not
    take at their last try, and for how long the first has been tried; those that will not be sent any more, and of
    the last week; those that a restore holds, and for how long; addresses to which nothing is sent."""

    mails: int = 0
    mail_age: timedelta = NONE
    mails_held: int = 0
    quarantined: int = 0
    quarantined_lately: int = 0
    letters: int = 0
    letter_age: timedelta = NONE
    deferred: int = 0
    deferred_age: timedelta = NONE
    dead: int = 0
    dead_lately: int = 0
    held: int = 0
    held_age: timedelta = NONE
    paused: int = 0
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Leader:
    """Which of many workers leads, and since when nobody does (zero while somebody does); how many there are."""

    worker: str
    absent: timedelta
    workers: int


class Counted(Matters):
    """The part of the store that says how much there is to do."""

    def figures(self, now: datetime) -> Figures:
        """How it stands at a moment (aware)."""
        matters = self.matters(anew=True)
        paused = sorted(paused_in(matters))
        with self._reading() as connection:
            waiting = _waiting(connection)
            aside = _aside(connection, now)
            owed = _owed(connection, paused)
            ended = {row.state: row for row in _ended(connection, now)}
        dead, held = (ended.get(state.value) for state in (LetterState.DEAD, LetterState.HELD))
        return Figures(
            mails=waiting.n or 0,
            mail_age=_age(waiting.oldest, now),
            mails_held=waiting.held or 0,
            quarantined=aside.n,
            quarantined_lately=aside.lately or 0,
            letters=owed.n,
            letter_age=_age(owed.oldest, now),
            deferred=owed.deferred or 0,
            deferred_age=_age(owed.tried, now),
            dead=dead.n if dead else 0,
            dead_lately=dead.lately if dead else 0,
            held=held.n if held else 0,
            held_age=_age(held.oldest, now) if held else NONE,
            paused=len(paused),
            frozen=FROZEN in matters,
        )

    def leader(self, now: datetime) -> Leader | None:
        """Who leads at a moment (aware); None on a database of one process, or before the first has led."""
        with self._reading() as connection:
            rows = connection.execute(select(lease.c.name, lease.c.holder, lease.c.until)).all()
        found = [row for row in rows if row.name == LEADER and row.holder]
        alive = [row for row in rows if row.name.startswith(WORKER) and row.until > now]
        return Leader(found[0].holder, _age(found[0].until, now), len(alive)) if found else None


def _age(since: datetime | None, now: datetime) -> timedelta:
    return max(now - since, NONE) if since else NONE


def _waiting(connection: Connection) -> Any:
    to_do = mail.c.state.in_([MailState.STORED.value, MailState.CLAIMED.value])
    return connection.execute(
        select(
            func.sum(case((to_do, 1), else_=0)).label("n"),
            func.min(case((to_do, mail.c.kept_at))).label("oldest"),
            func.sum(case((mail.c.state == MailState.HELD.value, 1), else_=0)).label("held"),
        ).where(mail.c.fate.is_(None))
    ).one()


def _aside(connection: Connection, now: datetime) -> Any:
    lately = case((mail.c.decided_at >= now - LATELY, 1), else_=0)
    return connection.execute(select(func.count().label("n"), func.sum(lately).label("lately")).where(SET_ASIDE)).one()


def _owed(connection: Connection, paused: list[str]) -> Any:
    # What a server did not take now waits for its next try, but could have gone out at the first.
    since = func.min(func.coalesce(letter.c.first_tried, letter.c.next_try), type_=letter.c.created_at.type)
    refused = letter.c.tries > 0
    return connection.execute(
        select(
            func.count().label("n"),
            since.label("oldest"),
            func.sum(case((refused, 1), else_=0)).label("deferred"),
            func.min(case((refused, letter.c.first_tried)), type_=letter.c.created_at.type).label("tried"),
        ).where(and_(letter.c.next_try.is_not(None), letter.c.recipient.not_in(paused)))
    ).one()


def _ended(connection: Connection, now: datetime) -> list[Any]:
    lately = case((letter.c.created_at >= now - WEEK, 1), else_=0)
    return list(
        connection.execute(
            select(
                letter.c.state,
                func.count().label("n"),
                func.sum(lately).label("lately"),
                func.min(letter.c.created_at).label("oldest"),
            )
            .where(STUCK)
            .group_by(letter.c.state)
        )
    )
