"""Mails in the store: kept before anybody looks at them, claimed by one worker at a time.

Its one rule: the database decides, the mailbox is a hint. An attempt is counted before the mail
is parsed, and a mail that was attempted before is tried alone, so that whatever ends the program
is to blame beyond doubt.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import ColumnElement, Connection, Update, bindparam, select, update

from bot.edge.store.blobs import ERASED, pack, unpack
from bot.edge.store.claims import Departed, left_behind
from bot.edge.store.connections import CARGO, CLAIM, Connections
from bot.edge.store.parts import in_parts
from bot.edge.store.queries.blobs import BLOBS
from bot.edge.store.queries.mails import CLAIMED, KNOWN_MAILS, KNOWN_PLACES, PLACES, WAITING
from bot.edge.store.queries.upserts import upserts
from bot.edge.store.values import Arrival, Claimed, MailState, Refused, StoredMail
from bot.edge.tables import blob, located, mail
from bot.mail.message import Envelope
from bot.workflow.effect import Fate


class Mails(Connections):
    """The part of the store that holds what came in."""

    def keep(self, arrivals: Sequence[Arrival], now: datetime) -> tuple[str, ...]:
        """Store a batch raw, in one commit; gives the ids of the mails that are new.

        Bytes that are known already only add to their mail's copies; a place on the server that
        is known already adds nothing. Raises ValueError for a mail above the cap of a blob.
        """
        if not arrivals:
            return ()
        with self._writing() as connection:
            fresh = _at_new_places(connection, arrivals)
            ids = [arrival.envelope.id for arrival in fresh]
            known = set(connection.execute(KNOWN_MAILS, {"ids": ids}).scalars())
            _insert(connection, fresh, now)
            return tuple(dict.fromkeys(mail_id for mail_id in ids if mail_id not in known))

    def unknown(self, ids: Sequence[str]) -> frozenset[str]:
        """Those of some ids that no mail here has."""
        with self._reading() as connection:
            some = (connection.scalars(KNOWN_MAILS, {"ids": part}).all() for part in in_parts(ids))
            return frozenset(ids).difference(*some)

    def located(self, folder: str, uidvalidity: int) -> dict[int, str]:
        """The mails that lie in a folder as far as we know: UID to mail id, without those moved."""
        query = select(located.c.uid, located.c.mail).where(*_lies(folder, uidvalidity))
        with self._reading() as connection:
            return {row.uid: row.mail for row in connection.execute(query)}

    def unmoved(self, folder: str, uidvalidity: int) -> list[tuple[int, Fate]]:
        """The mails in a folder that have their fate and still have to be moved."""
        query = (
            select(located.c.uid, mail.c.fate)
            .join(mail, mail.c.id == located.c.mail)
            .where(*_lies(folder, uidvalidity), mail.c.state.in_([MailState.FATE.value, MailState.COPY.value]))
            .order_by(located.c.uid)
        )
        with self._reading() as connection:
            return [(uid, Fate(fate)) for uid, fate in connection.execute(query)]

    def moved(self, folder: str, uidvalidity: int, uids: Sequence[int]) -> None:
        """Note that mails lie there no longer, because we moved them or somebody else did."""
        there = update(located).where(*_lies(folder, uidvalidity)).values(moved=True)
        with self._writing() as connection:
            for some in in_parts(uids):
                connection.execute(there.where(located.c.uid.in_(some)))

    def claim(self, limit: int, now: datetime, *, frozen: bool = False) -> tuple[Claimed, ...]:
        """Take up to `limit` stored mails to handle, in order of arrival, in one commit; those that were
        held too, unless everything is `frozen`.

        Each has its attempt counted; one that was attempted before comes alone.
        """
        states = {"state": MailState.STORED.value, "or_state": (MailState.STORED if frozen else MailState.HELD).value}
        self._assure()
        with self._writing() as connection:
            waiting = connection.execute(WAITING, {"most": limit, **states}).all()
            if not waiting:
                return ()
            chosen = waiting[:1] if waiting[0].attempts else list(takewhile(lambda row: not row.attempts, waiting))
            chosen = chosen[: cargo([row.size for row in chosen])]
            ids = [row.id for row in chosen]
            until = now + CLAIM
            connection.execute(CLAIMED, {"ids": ids, "worker": self.terms.worker, "until": until})
            raws = contents(connection, [row.raw for row in chosen])
            places = {row.mail: row[1:] for row in connection.execute(PLACES, {"ids": ids})}
        return tuple(
            Claimed(
                Envelope(row.id, row.arrived, *places.get(row.id, ())),
                raws[row.raw],
                row.attempts + 1,
                row.truncated,
            )
            for row in chosen
        )

    def hold(self, mail_id: str) -> None:
        """Put back a claimed mail, without blame, until everything goes on."""
        with self._writing() as connection:
            ours = _claimed().where(mail.c.id == mail_id, mail.c.claimed_by == self.terms.worker)
            connection.execute(ours.values(**{**_FREE, "state": MailState.HELD.value, "attempts": mail.c.attempts - 1}))

    def mails(self, fate: Fate | None = None) -> tuple[StoredMail, ...]:
        """All mails in order of arrival, or those of one fate."""
        query = select(*(mail.c[name] for name in StoredMail.__slots__)).order_by(mail.c.arrived, mail.c.kept_at)
        if fate is not None:
            query = query.where(mail.c.fate == fate.value)
        with self._reading() as connection:
            return tuple(
                StoredMail(
                    **{
                        **row._asdict(),
                        "state": MailState(row.state),
                        "fate": Fate(row.fate) if row.fate else None,
                    }
                )
                for row in connection.execute(query)
            )

    def mail_raw(self, mail_id: str) -> bytes | None:
        """The bytes of a mail as they came, or None for an id that no mail has."""
        with self._reading() as connection:
            digest = connection.execute(select(mail.c.raw).where(mail.c.id == mail_id)).scalar()
            return contents(connection, [digest])[digest] if digest else None

    def replay(self, mail_id: str) -> Refused | None:
        """Put a mail back as if it had just come in, with its first arrival; None when done."""
        with self._writing() as connection:
            row = connection.execute(_STANDS, {"mail_id": mail_id}).one_or_none()
            if row is None:
                return Refused(f"there is no mail {mail_id}")
            if row.state == MailState.CLAIMED:
                return Refused("it is being handled at this moment")
            if row.state == MailState.COPY:
                return Refused("it is a copy of another mail: replay that one")
            if row.encoding == ERASED:
                return Refused("its bytes were erased")
            if row.fate == Fate.REGISTERED:
                return Refused("it registered a change request, and a number is never given twice")
            again = {"state": MailState.STORED.value, "attempts": 0, "fate": None, "reason": "", "number": ""}
            connection.execute(update(mail).where(mail.c.id == mail_id).values(decided_at=None, **again))
            return None


def free_mails(connection: Connection, now: datetime | None, departed: Departed) -> int:
    """Put back mails whose worker will not come back for them; gives how many."""
    return connection.execute(_claimed().where(*left_behind(mail, now, departed)).values(**_FREE)).rowcount


_STANDS = (
    select(mail.c.state, mail.c.fate, blob.c.encoding)
    .join(blob, blob.c.sha256 == mail.c.raw)
    .where(mail.c.id == bindparam("mail_id"))
    .with_for_update(of=mail)
)


def return_mails(connection: Connection, worker: str) -> None:
    """Put back what a worker claimed and did not handle, without blame."""
    ours = _claimed().where(mail.c.claimed_by == worker)
    connection.execute(ours.values(attempts=mail.c.attempts - 1, **_FREE))


_FREE = {"state": MailState.STORED.value, "claimed_by": None, "claimed_until": None}


def _claimed() -> Update:
    return update(mail).where(mail.c.fate.is_(None), mail.c.state == MailState.CLAIMED.value)


def contents(connection: Connection, hashes: Sequence[str]) -> dict[str, bytes]:
    """The blobs of these hashes. Raises Trouble when one is damaged."""
    if not hashes:
        return {}
    found = connection.execute(BLOBS, {"hashes": list(set(hashes))})
    return {row.sha256: unpack(row.sha256, row.encoding, row.content) for row in found}


def cargo(sizes: Sequence[int]) -> int:
    """How many of these, from the first on, fit into memory together; one always does."""
    total = 0
    for count, size in enumerate(sizes):
        total += size
        if count and total > CARGO:
            return count
    return len(sizes)


def _lies(folder: str, uidvalidity: int) -> tuple[ColumnElement[bool], ...]:
    return located.c.folder == folder, located.c.uidvalidity == uidvalidity, located.c.moved.is_(False)


def _at_new_places(connection: Connection, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The arrivals that do not lie where a mail lies that we have."""
    folders: dict[tuple[str, int], list[int]] = {}
    for arrival in arrivals:
        if arrival.envelope.folder:
            place = arrival.envelope
            folders.setdefault((place.folder, place.uidvalidity), []).append(place.uid)
    known = {
        (folder, uidvalidity, uid)
        for (folder, uidvalidity), uids in folders.items()
        for uid in connection.execute(
            KNOWN_PLACES, {"folder": folder, "uidvalidity": uidvalidity, "uids": uids}
        ).scalars()
    }
    return [
        arrival
        for arrival in arrivals
        if (arrival.envelope.folder, arrival.envelope.uidvalidity, arrival.envelope.uid) not in known
    ]


def _insert(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> None:
    if not arrivals:
        return
    insert, blobs = upserts(connection.dialect.name), [pack(arrival.raw) for arrival in arrivals]
    connection.execute(insert.blob, blobs)
    connection.execute(
        insert.mail,
        [
            {
                "id": arrival.envelope.id,
                "raw": row["sha256"],
                "arrived": arrival.envelope.arrived,
                # Mail of one second still has an order: the one in which it was fetched.
                "kept_at": now + timedelta(microseconds=place),
                "truncated": arrival.truncated,
                "state": MailState.STORED.value,
                "attempts": 0,
                "copies": 0,
                **dict.fromkeys(("subject", "sender", "reason", "number"), ""),
            }
            for place, (arrival, row) in enumerate(zip(arrivals, blobs, strict=True))
        ],
    )
    places = [
        {
            "folder": arrival.envelope.folder,
            "uidvalidity": arrival.envelope.uidvalidity,
            "uid": arrival.envelope.uid,
            "mail": arrival.envelope.id,
            "moved": False,
        }
        for arrival in arrivals
        if arrival.envelope.folder
    ]
    if places:
        connection.execute(insert.located, places)
