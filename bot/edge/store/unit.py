"""Unit: one writing transaction, in which one mail is decided and everything that follows from it
is recorded. Its one rule: all of it or nothing; leaving the block with an exception undoes it.
"""

import json
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any, assert_never

from sqlalchemy import Connection, Executable

from bot.edge.codec import decode, encode
from bot.edge.store import queries
from bot.edge.store.blobs import pack
from bot.edge.store.journal import Head, canonical, entries
from bot.edge.store.queries import upserts
from bot.edge.store.values import Budget, LetterState, MailState
from bot.errors import Trouble
from bot.mail.letter import Letter
from bot.mail.message import Message
from bot.workflow.change import ChangeRequest, number_for
from bot.workflow.deadline import Deadline
from bot.workflow.effect import Decision, Effect, Fate, Keep, Meet, Open, Publish, Send

MOST_IDS = 100  # a References header may hold thousands; the nearest ones come first
DAY_IN_NUMBER = re.compile(r"\w\w(\d\d)\d\d(\d\d)-")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a unit needs to know of the office: the worker's name, the reply budget, the zone in
    which a deadline's day ends, and the envelope sender to which bounces go."""

    worker: str
    budget: Budget
    zone: tzinfo
    return_path: str


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A change request as this transaction found it, or left it."""

    version: int
    state: dict[str, Any]
    head: Head | None = None


@dataclass(slots=True)
class Unit:
    """The open transaction; made by `Store.begin` only."""

    connection: Connection
    now: datetime
    terms: Terms
    loaded: dict[str, _Loaded] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)

    def twin(self, message_id: str, content_hash: str, mail_id: str) -> str | None:
        """The id of a mail that has its fate and says the same: same content, and the same
        Message-ID where this one has any (reliability.md section 2)."""
        if not content_hash:
            return None
        if self.connection.dialect.name == "postgresql":
            # Two workers may hold the two copies at once; the second one waits here for the first.
            self._run(queries.LOCK_CONTENT, lock=int(content_hash[:15], 16))
        found = self._run(queries.TWIN, message_id=message_id, content_hash=content_hash, mail_id=mail_id).scalar()
        return found if found is None else str(found)

    def id_reused(self, message_id: str, content_hash: str, mail_id: str) -> bool:
        """True when another mail with other content carries the same Message-ID."""
        if not message_id:
            return False
        found = self._run(queries.ID_REUSED, message_id=message_id, content_hash=content_hash, mail_id=mail_id)
        return found.scalar() is not None

    def take(self, series: str, day: date) -> str:
        """The next number of a series on a local date; it is given back if this block fails."""
        name = number_for(series, day, 0).removesuffix("-0")
        return number_for(series, day, self._run(self._upserts.take, name=name).scalar_one())

    def change(self, key: str) -> ChangeRequest | None:
        """The change request of a key, held until the end of the block."""
        return self._load(queries.CHANGE, key=key)

    def change_numbered(self, number: str) -> ChangeRequest | None:
        """The change request that has, or as an intake had, this number."""
        return self._load(queries.CHANGE_NUMBERED, number=number)

    def change_answered(self, message_ids: Sequence[str]) -> ChangeRequest | None:
        """The change request of the first of these Message-IDs that is a letter of ours."""
        wanted = list(dict.fromkeys(filter(None, message_ids)))[:MOST_IDS]
        if not wanted:
            return None
        found = dict(self._run(queries.ANSWERED, ids=wanted).tuples().all())
        return next((self.change(found[each]) for each in wanted if each in found), None)

    def change_caused_by(self, cause: str) -> ChangeRequest | None:
        """The change request that an event touched before: for a mail's id, that of any of its
        forms (`MAIL/0`, `MAIL/1`, ...); this is how a replayed mail finds its own again."""
        key = self._run(queries.CAUSED, cause=cause, first=f"{cause}/", last=f"{cause}0").scalar()
        return None if key is None else self.change(key)

    def record(
        self,
        decision: Decision,
        cause: str,
        compose: Callable[[Letter], bytes],
        message_id: Callable[[str], str],
    ) -> None:
        """Make a decision so: state, journal, letters, deadlines, documents and dirty pages.

        Raises ValueError for a decision that changes something and says nothing about it, or that
        has rows or effects for no change request.
        """
        change = self._record_change(decision, cause)
        for _, group in groupby(decision.effects, type):
            self._apply(tuple(group), change, compose, message_id)

    def file(
        self, mail_id: str, fate: Fate, reason: str = "", number: str = "", message: Message | None = None
    ) -> None:
        """Give a claimed mail its one fate, with what it says of itself.

        Raises Trouble when the claim has passed to another worker meanwhile.
        """
        facts: dict[str, Any] = {}
        if message is not None:
            sender = message.sender.email if message.sender else ""
            facts = {
                "message_id": message.message_id,
                "content_hash": message.content_hash,
                "subject": message.subject,
                "sender": sender,
            }
        self._settle(mail_id, MailState.FATE, fate=fate.value, reason=reason, number=number, **facts)

    def copy(self, mail_id: str, of: str) -> Fate:
        """File a claimed mail as the same as an earlier one, whose fate is given back."""
        facts = self._run(queries.FACTS, mail_id=of).one()._asdict()
        self._settle(mail_id, MailState.COPY, **facts, copy_of=of, reason=f"the same mail as {of}")
        self._run(queries.ADD_COPY, mail_id=of)
        return Fate(facts["fate"])

    def flush(self) -> None:
        """Mark the pages that this block made out of date. It comes last, because every worker
        waits for the row of the register's page until the one before has committed."""
        if self.pages:
            mark = secrets.randbits(62)
            rows = [{"page": page, "since": self.now, "mark": mark} for page in sorted(self.pages)]
            self._run_all(self._upserts.dirty, rows)

    def _run(self, statement: Executable, **values: Any) -> Any:
        return self.connection.execute(statement, values)

    def _run_all(self, statement: Executable, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(statement, rows)

    @property
    def _upserts(self) -> queries.Upserts:
        return upserts(self.connection.dialect.name)

    def _load(self, statement: Executable, **values: str) -> ChangeRequest | None:
        row = self._run(statement, **values).one_or_none()
        if row is None:
            return None
        if row.key not in self.loaded:
            self.loaded[row.key] = _Loaded(row.version, json.loads(row.state))
        return decode(ChangeRequest, self.loaded[row.key].state)

    def _settle(self, mail_id: str, state: MailState, **values: Any) -> None:
        settled = {"state": state.value, "decided_at": self.now, "claimed_by": None, "claimed_until": None}
        found = self._run(queries.FILE, mail_id=mail_id, worker=self.terms.worker, **settled, **values)
        if found.rowcount != 1:
            raise Trouble(f"mail {mail_id} is no longer ours to file: its claim ran out")

    def _record_change(self, decision: Decision, cause: str) -> ChangeRequest | None:
        if decision.change is None:
            if decision.rows or any(not isinstance(effect, Send) for effect in decision.effects):
                raise ValueError("a decision about no change request has rows or effects that need one")
            return None
        change = _with_documents(decision.change, decision.effects)
        state = encode(change)
        found = self.loaded.get(change.key)
        earlier = found.state if found else {}
        patch = {name: value for name, value in state.items() if name not in earlier or earlier[name] != value}
        if patch and not decision.rows:
            raise ValueError(f"{change.number} was changed without a row that says why")
        if patch:
            self._write_change(change, state, found)
        head = self._head(change.key, found)
        before = {name: earlier[name] for name in patch if name in earlier}
        made = entries(change.key, head, decision.rows, cause, patch, before, self.now)
        self._run_all(queries.ADD_ENTRIES, [asdict(entry) for entry in made])
        if made:
            head = Head(made[-1].seq, made[-1].hash)
        self.loaded[change.key] = _Loaded((found.version if found else 0) + bool(patch), state, head)
        return change

    def _write_change(self, change: ChangeRequest, state: dict[str, Any], found: _Loaded | None) -> None:
        row = {"key": change.key, "number": change.number, "state": canonical(state), **_columns(change)}
        if found is None:
            self._run(queries.ADD_CHANGE, **row, version=1)
            return
        fresh = {"cr": change.key, "expected": found.version, "version": found.version + 1}
        altered = self._run(queries.ALTER_CHANGE, **fresh, **row)
        if altered.rowcount != 1:
            raise Trouble(f"{change.number} was changed by another worker meanwhile")

    def _head(self, key: str, found: _Loaded | None) -> Head:
        if found is None:
            return Head()
        if found.head:
            return found.head
        row = self._run(queries.HEAD, cr=key).one_or_none()
        return Head(row.seq, row.hash) if row else Head()

    def _apply(
        self,
        effects: tuple[Effect, ...],
        change: ChangeRequest | None,
        compose: Callable[[Letter], bytes],
        message_id: Callable[[str], str],
    ) -> None:
        """Make effects of one type so, in as few statements as can be."""
        match effects[0]:
            case Send():
                letters = {each.letter.id: each.letter for each in effects if isinstance(each, Send)}
                self._owe(letters, change, compose, message_id)
            case Open():
                self._open([each.deadline for each in effects if isinstance(each, Open)], change)
            case Meet():
                self._meet([each for each in effects if isinstance(each, Meet)], change)
            case Keep():
                self._run_all(self._upserts.blob, [_kept(each) for each in effects if isinstance(each, Keep)])
            case Publish():
                if change and change.logged:
                    self.pages |= {f"cr/{change.number}", f"month/{month_of(change.number)}", "index"}
            case other:
                assert_never(other)

    def _open(self, deadlines: list[Deadline], change: ChangeRequest | None) -> None:
        rows = [
            {
                "cr": change.key if change else "",
                "kind": each.kind.value,
                "due": each.due,
                "met_on": each.met_on,
                "extended_to": each.extended_to,
                "opened_at": self.now,
            }
            for each in deadlines
        ]
        self._run_all(self._upserts.deadline, rows)

    def _meet(self, met: list[Meet], change: ChangeRequest | None) -> None:
        key = change.key if change else ""
        rows = [{"of": key, "what": each.kind.value, "on": each.at.astimezone(self.terms.zone).date()} for each in met]
        self._run_all(queries.MEET, rows)

    def _owe(
        self,
        letters: dict[str, Letter],
        change: ChangeRequest | None,
        compose: Callable[[Letter], bytes],
        message_id: Callable[[str], str],
    ) -> None:
        """Owe letters that are not owed yet: owing twice is owing once, with the first bytes."""
        known = set(self._run(queries.KNOWN_LETTERS, ids=list(letters)).scalars())
        fresh = {letter_id: letter for letter_id, letter in letters.items() if letter_id not in known}
        wires = {letter_id: pack(compose(letter)) for letter_id, letter in fresh.items()}
        self._run_all(self._upserts.blob, list(wires.values()))
        rows = [
            {
                "id": letter_id,
                "cause": letter.cause,
                "kind": letter.kind.value,
                "recipient": letter.to.email,
                "return_path": "" if letter.kind.null_return_path else self.terms.return_path,
                "number": letter.number,
                "cr": change.key if change else None,
                "message_id": message_id(letter_id),
                "wire": wires[letter_id]["sha256"],
                "state": (LetterState.OWED if self._affords(letter) else LetterState.WITHHELD).value,
                "tries": 0,
                "resent": 0,
                "created_at": self.now,
                "next_try": self.now,
                "last_error": "",
            }
            for letter_id, letter in fresh.items()
        ]
        self._run_all(queries.ADD_LETTERS, rows)

    def _affords(self, letter: Letter) -> bool:
        """True while the recipient's budget has room for one more letter of this kind."""
        kinds, limits = self.terms.budget.limits(letter.kind)
        if not limits:
            return True
        recent = self._run(
            queries.RECENT,
            recipient=letter.to.email,
            kinds=[kind.value for kind in kinds],
            since=self.now - max(span for span, _ in limits),
            most=max(most for _, most in limits),
        ).scalars()
        ages: list[timedelta] = [self.now - created for created in recent]
        return all(sum(age < span for age in ages) < most for span, most in limits)


def month_of(number: str) -> str:
    """The month in whose register a number stands.

    >>> month_of("PC112226-1")
    '2026-11'
    """
    found = DAY_IN_NUMBER.match(number)
    if not found:
        raise ValueError(f"{number} is no number of ours")
    return f"20{found[2]}-{found[1]}"


def _with_documents(change: ChangeRequest, effects: tuple[Effect, ...]) -> ChangeRequest:
    """The change request with the files that belong to it from now on."""
    kept = [effect.document for effect in effects if isinstance(effect, Keep)]
    fresh = tuple(document for document in kept if document not in change.documents)
    return replace(change, documents=change.documents + fresh) if fresh else change


def _kept(effect: Keep) -> dict[str, object]:
    row = pack(effect.content)
    if row["sha256"] != effect.document.sha256:
        raise ValueError(f"{effect.document.title}: the content is not what the document's hash says")
    return row


def _columns(change: ChangeRequest) -> dict[str, Any]:
    """What of a change request is found and sorted by."""
    return {
        "step": change.step.value,
        "phase": change.phase.value,
        "status_date": change.status_date,
        "company": change.company,
        "title": change.title,
        "received_at": change.received_at,
        "open": change.open,
        "logged": change.logged,
        "month": month_of(change.number),
    }
