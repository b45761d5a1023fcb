"""Laws: what must hold after every step of the office, whatever went wrong in the world.

Its one rule: it believes no program of ours that it can do without: it reads the tables as they lie there, and
holds them against the post's own book and against the steps of the seed, which it knows by heart.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, text

from bot.edge.codec import decode
from bot.edge.store import Store
from bot.edge.store.values import LetterState
from bot.simulation.post import INBOX, Post
from bot.workflow.change import ChangeRequest
from bot.workflow.effect import Fate
from bot.workflow.transition import Place, place_of

ONE_FATE = "one fate a mail"
DENSE = "dense numbers"
LEGAL = "legal transitions only"
ONCE = "each deadline reminded once a stage and person"
LETTERS = "letters owed = letters sent"
NO_BUG = "no bug of ours"
HONEST = "nobody is obeyed who is not proven"
VERIFIED = "journals replay, verify finds nothing"
POSTED = "posting = a fresh build of the database"
SETTLED = "nothing left over"

OPEN = frozenset(Place) - {Place.INTAKE, Place.CLOSED, Place.ENDED}
REACHES: Mapping[Place | None, frozenset[Place]] = {
    None: frozenset({Place.INTAKE, Place.SMES}),
    Place.INTAKE: frozenset({Place.SMES, Place.ENDED}),
    Place.SMES: frozenset({Place.CLARIFICATION}),
    Place.CLARIFICATION: frozenset({Place.RESPONSE}),
    Place.RESPONSE: frozenset({Place.PRESENTATION}),
    Place.PRESENTATION: frozenset({Place.TEST, Place.ACCEPTED, Place.CHANGE, Place.NOT_ACCEPTED, Place.REVISION}),
    Place.REVISION: frozenset({Place.PRESENTATION}),
    Place.NOT_ACCEPTED: frozenset({Place.TEST, Place.ACCEPTED, Place.CHANGE, Place.ESCALATED, Place.DEFERRED}),
    Place.DEFERRED: frozenset({Place.NOT_ACCEPTED, Place.ESCALATED, Place.CLOSED}),
    Place.ESCALATED: frozenset({Place.PRESENTATION, Place.REVISION, Place.ACCEPTED, Place.CHANGE, Place.CLOSED}),
    Place.RESOLVED: frozenset({Place.PRESENTATION, Place.REVISION, Place.ACCEPTED, Place.CHANGE, Place.CLOSED}),
    Place.ACCEPTED: frozenset({Place.TEST, Place.CHANGE, Place.ESCALATED, Place.CLOSED}),
    Place.CHANGE: frozenset({Place.ANNOUNCEMENT}),
    Place.ANNOUNCEMENT: frozenset({Place.TEST}),
    Place.PRODUCTION: frozenset({Place.TEST, Place.CHANGE, Place.CLOSED}),
    Place.TEST: frozenset({Place.CHANGE, Place.CLOSED}),
    Place.CLOSED: OPEN,
    Place.ENDED: OPEN,
}
"""Where one step of the process leads (seed steps 1 to 11). Any open one may end outside the steps besides."""

_ROWS = text("SELECT rowid, cr, seq, recorded_at, cause, payload FROM journal WHERE rowid > :last ORDER BY rowid")
_MAILS = text("SELECT id, state, fate, number, reason, copy_of FROM mail WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_LETTERS = text(
    "SELECT id, kind, recipient, number, state, message_id, created_at FROM letter WHERE id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_ALL_LETTERS = text("SELECT id, recipient, state, message_id, number FROM letter")
SOME = 500


class Broken(Exception):
    """A law does not hold: which one, what was found, and the numbers or ids that it is about."""

    def __init__(self, law: str, found: str, *about: str) -> None:
        super().__init__(f"{law}: {found}")
        self.law, self.found, self.about = law, found, about


@dataclass(slots=True)
class Seen:
    """What of a change request was seen so far: the state that its journal amounts to, where it stood, by turns."""

    state: dict[str, Any] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)


class Laws:
    """The laws that are looked at after every step, and what they saw so far."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self.checked: Counter[str] = Counter()
        self.fates: dict[str, Fate | None] = {}
        self.copies = 0
        self.letters: Counter[str] = Counter()
        self.forged: set[str] = set()
        self.changes: dict[str, Seen] = {}
        self.bugs: list[str] = []
        self._numbers: dict[str, set[int]] = {}
        self._causes: dict[tuple[str, str], str] = {}
        self._row = 0
        self._digests: dict[tuple[str, str], str] = {}
        self._known: set[str] = set()
        self._waiting: set[str] = set()

    def step(self, store: Store, candidates: set[str]) -> list[str]:
        """Look at everything that is new; `candidates` are the ids of letters that may be owed now, and are taken
        out. Gives what the desk did, in lines. Raises Broken."""
        done: list[str] = []
        with store.engine.connect() as connection:
            done += self._mails(connection)
            self._journal(connection)
            done += self._letters_owed(connection, candidates)
        self.checked[NO_BUG] += 1
        if self.bugs:
            raise Broken(NO_BUG, self.bugs[0])
        return done

    def came(self, mail_id: str, *, forged: bool) -> None:
        """A mail lies in the inbox."""
        self._waiting.add(mail_id)
        if forged:
            self.forged.add(mail_id)

    def at_rest(self) -> None:
        """All mail has its fate and was moved; to be looked at when no server was in trouble. Raises Broken."""
        self.checked[ONE_FATE] += 1
        left = [mail_id for mail_id in self._waiting if self.fates.get(mail_id) is None]
        if left or self._post.folders[INBOX]:
            held = "the inbox is not empty" if not left else f"mail {min(left)} has no fate"
            raise Broken(ONE_FATE, f"{held} though nothing is in the way", *left)

    def _mails(self, connection: Connection) -> Iterable[str]:
        watched = [each for each in self._waiting if self.fates.get(each) in (None, Fate.PARKED)]
        done = []
        for row in (row for some in _parts(watched) for row in connection.execute(_MAILS, {"ids": some})):
            self.checked[ONE_FATE] += 1
            decided, before = row.state in ("fate", "copy"), self.fates.get(row.id)
            if decided != (row.fate is not None):
                raise Broken(ONE_FATE, f"mail {row.id} is {row.state} and has the fate {row.fate}", row.id)
            fate = Fate(row.fate) if row.fate else None
            if fate is before:
                continue
            if before not in (None, Fate.PARKED):
                raise Broken(ONE_FATE, f"mail {row.id} was {before} and is {fate}", row.id)
            self.fates[row.id] = fate
            self.copies += row.state == "copy"
            said = f"{fate} {row.number}".rstrip() + (f": {row.reason}" if row.reason else "")
            done.append(f"{said} (mail {row.id})")
            self._honest(row)
        for each in [each for each in self._waiting if self.fates.get(each) not in (None, Fate.PARKED)]:
            self._waiting.discard(each)
        return sorted(done)

    def _honest(self, row: Any) -> None:
        self.checked[HONEST] += 1
        if row.state == "copy":  # it has the fate of the mail that it equals, and no effect of its own
            return
        if row.id in self.forged and row.fate in (Fate.OBEYED, Fate.REGISTERED) and "confirmed" not in row.reason:
            raise Broken(HONEST, f"the forged mail {row.id} is {row.fate}", row.id)

    def _journal(self, connection: Connection) -> None:
        for row in connection.execute(_ROWS, {"last": self._row}):
            self._row = row.rowid
            self.checked[ONCE] += 1
            self._reminded(row)
            patch = json.loads(row.payload).get("state", {})
            known = self.changes.setdefault(row.cr, Seen())
            known.state |= patch
            if {"step", "phase", "number"} & patch.keys():
                self.checked[LEGAL] += 1
                self._moved(row, known)
            if "number" in patch:
                self._numbered(patch["number"])

    def _reminded(self, row: Any) -> None:
        if not row.cause.startswith("due/"):
            return
        before = self._causes.setdefault((row.cr, row.cause), row.recorded_at)
        if before != row.recorded_at:
            raise Broken(ONCE, f"{row.cause} was told at {before} and again at {row.recorded_at}", row.cr)

    def _moved(self, row: Any, known: Seen) -> None:
        there = place_of(decode(ChangeRequest, known.state))
        here = known.places[-1] if known.places else None
        may = REACHES[here] | ({Place.ENDED} if here in OPEN else set())
        if there is not here and there not in may and there not in known.places[:-1]:  # UNDO leads back
            raise Broken(LEGAL, f"{row.cr} went from {here} to {there} by {row.cause}", row.cr, known.state["number"])
        known.places.append(there)

    def _numbered(self, number: str) -> None:
        day, _, n = number.partition("-")
        taken = self._numbers.setdefault(day, set())
        taken.add(int(n))
        self.checked[DENSE] += 1
        if taken != set(range(1, len(taken) + 1)):
            raise Broken(DENSE, f"of {day} the numbers {sorted(taken)} were given", number)

    def _letters_owed(self, connection: Connection, candidates: set[str]) -> Iterable[str]:
        """Letters that are new, and those that went out since."""
        book, fresh = self._post.book, [each for each in candidates if each not in self._known]
        candidates.clear()
        lines: Counter[str] = Counter()
        for row in (row for some in _parts(fresh) for row in connection.execute(_LETTERS, {"ids": some})):
            self._known.add(row.id)
            self.letters[row.kind] += 1
            lines[f"letter {row.kind} {row.number}".rstrip() + f" to {row.recipient}"] += 1
            if row.kind == "digest":
                key = row.recipient, row.created_at[:10]
                if self._digests.setdefault(key, row.id) != row.id:
                    raise Broken(ONCE, f"{row.recipient} got two digests on {key[1]}", row.id)
        for message_id in book.touched:
            self.checked[LETTERS] += 1
            self._taken_as_often(message_id)
        book.touched.clear()
        return sorted(lines)

    def _taken_as_often(self, message_id: str) -> None:
        book, letter_id = self._post.book, message_id[1:].partition("@")[0]
        if letter_id not in self._known:
            raise Broken(LETTERS, f"{message_id} was sent, and nobody owed it", letter_id)
        if book.taken[message_id] > 1 + book.unknown[message_id]:
            times = f"{book.taken[message_id]} times, and {book.unknown[message_id]} times nobody could know"
            raise Broken(LETTERS, f"{message_id} was sent {times}", letter_id)

    def settled(self, store: Store, paused: frozenset[str]) -> None:
        """In the end every letter that is owed has gone out, and nothing else has. Raises Broken."""
        book = self._post.book
        with store.engine.connect() as connection:
            for row in connection.execute(_ALL_LETTERS):
                self.checked[LETTERS] += 1
                taken, unknown = book.taken[row.message_id], book.unknown[row.message_id]
                about = (row.id, row.number)
                if row.state == LetterState.SENT and not taken:
                    raise Broken(LETTERS, f"{row.message_id} counts as sent, and the server never had it", *about)
                if row.state in (LetterState.OWED, LetterState.SENDING) and row.recipient not in paused:
                    raise Broken(SETTLED, f"{row.message_id} to {row.recipient} is still {row.state}", *about)
                if row.state in (LetterState.WITHHELD, LetterState.RECALLED) and taken > unknown:
                    raise Broken(LETTERS, f"{row.message_id} is {row.state}, and was sent", *about)
        self.checked[SETTLED] += 1
        lost = set(book.delivered) - self.fates.keys() | {each for each, fate in self.fates.items() if fate is None}
        if lost:
            raise Broken(SETTLED, f"mail {min(lost)} never had a fate", *sorted(lost)[:3])


def _parts(ids: Iterable[str]) -> Iterable[list[str]]:
    every = sorted(ids)
    return (every[start : start + SOME] for start in range(0, len(every), SOME))
