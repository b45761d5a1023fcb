"""The statements of the hot path, each built once so that its compiled form is found at once.

Its one rule: statements only. Upserts are the one thing that the two databases spell in ways of
their own, so those are built for a dialect; the meaning is the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import (
    Executable,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    not_,
    null,
    or_,
    select,
    union,
    update,
)

from bot.edge.store.journal import Entry
from bot.edge.store.values import COUNTED, Filed, LetterState, MailState
from bot.edge.tables import (
    blob,
    change,
    counter,
    deadline,
    dirty,
    journal,
    letter,
    line,
    located,
    mail,
    published,
    setting,
)
from bot.posting.rhythm import PROMPT

ID_LENGTH = 12  # of a mail
AT_ONCE = 500  # values in one IN list; SQLite takes 32,766, and a folder may hold more mails

T = TypeVar("T")


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values again, so many at a time that a statement can hold them."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


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


# Mail
KNOWN_PLACES = select(located.c.uid).where(
    located.c.folder == bindparam("folder"),
    located.c.uidvalidity == bindparam("uidvalidity"),
    located.c.uid.in_(bindparam("uids", expanding=True)),
)
KNOWN_MAILS = select(mail.c.id).where(mail.c.id.in_(bindparam("ids", expanding=True)))
WAITING = (
    select(mail.c.id, mail.c.arrived, mail.c.attempts, mail.c.truncated, mail.c.raw, blob.c.size)
    .join(blob, blob.c.sha256 == mail.c.raw)
    # Two, because an IN of any length is compiled anew each time.
    .where(mail.c.fate.is_(None), mail.c.state.in_([bindparam("state"), bindparam("or_state")]))
    .order_by(mail.c.arrived, mail.c.kept_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=mail)
)
CLAIM = (
    update(mail)
    .where(mail.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=MailState.CLAIMED.value,
        attempts=mail.c.attempts + 1,
        claimed_by=bindparam("worker"),
        claimed_until=bindparam("until"),
    )
)
PLACES = select(located.c.mail, located.c.folder, located.c.uidvalidity, located.c.uid).where(
    located.c.mail.in_(bindparam("ids", expanding=True))
)
BLOBS = select(blob.c.sha256, blob.c.encoding, blob.c.content).where(
    blob.c.sha256.in_(bindparam("hashes", expanding=True))
)
SIZES = select(blob.c.sha256, blob.c.size).where(blob.c.sha256.in_(bindparam("hashes", expanding=True)))
FILE = update(mail).where(
    mail.c.id == bindparam("mail_id"),
    mail.c.state == MailState.CLAIMED.value,
    mail.c.claimed_by == bindparam("worker"),
)
ADD_COPY = update(mail).where(mail.c.id == bindparam("mail_id")).values(copies=mail.c.copies + 1)
FACTS = select(mail.c.message_id, mail.c.content_hash, mail.c.subject, mail.c.sender, mail.c.fate, mail.c.number).where(
    mail.c.id == bindparam("mail_id")
)
# Two questions in one statement: which mail with a fate says the same, and does another one with
# other content carry the same Message-ID. A mail without an id is known by its content alone.
_OTHERS = select(mail.c.id).where(mail.c.id != bindparam("mail_id")).limit(1)
_SAME = _OTHERS.where(mail.c.content_hash == bindparam("content_hash"), mail.c.state == MailState.FATE.value)
_NAMED = mail.c.message_id == bindparam("message_id")
RELATIVES = select(
    _SAME.where(_NAMED).scalar_subquery().label("twin"),
    _OTHERS.where(_NAMED, mail.c.content_hash != bindparam("content_hash")).scalar_subquery().label("namesake"),
)
RELATIVES_OF_NAMELESS = select(_SAME.scalar_subquery().label("twin"), null().label("namesake"))

# Change requests. FOR NO KEY UPDATE: journal rows of others may still point here meanwhile.
_CHANGE = select(change.c.key, change.c.state, change.c.version).with_for_update(key_share=True)
CHANGE = _CHANGE.where(change.c.key == bindparam("key"))
CHANGE_NUMBERED = _CHANGE.where(or_(change.c.number == bindparam("number"), change.c.key == bindparam("number")))
ANSWERED = select(letter.c.message_id, letter.c.cr).where(
    letter.c.message_id.in_(bindparam("ids", expanding=True)), letter.c.cr.is_not(None)
)
CAUSE_ANSWERED = select(letter.c.cause).where(letter.c.message_id == bindparam("message_id"))
# `MAIL` itself, or `MAIL/0`, `MAIL/1`, ...: "0" is the character after "/".
CAUSED = (
    select(journal.c.cr)
    .where(
        or_(
            journal.c.cause == bindparam("cause"),
            and_(journal.c.cause >= bindparam("first"), journal.c.cause < bindparam("last")),
        )
    )
    .order_by(journal.c.cause, journal.c.cr)
    .limit(1)
)
# One question a submission, by two indexes: who shares a mark with it? Oldest first.
_MARKED = select(
    change.c.key,
    change.c.number,
    change.c.title,
    change.c.logged,
    change.c.title_mark,
    change.c.ref_mark,
    change.c.received_at,
)
_ALIKE = union(
    _MARKED.where(change.c.title_mark == bindparam("title_mark")),
    _MARKED.where(change.c.ref_mark == bindparam("ref_mark")),
)
ALIKE = _ALIKE.order_by(_ALIKE.selected_columns.received_at, _ALIKE.selected_columns.key).limit(bindparam("most"))
# By an index; of those that came in one moment the number decides, which in a month sorts as its day and count do.
NEWEST_FIRST = (
    change.c.month.desc(),
    change.c.received_at.desc(),
    func.length(change.c.number).desc(),
    change.c.number.desc(),
)
ADD_CHANGE = insert(change)
ALTER_CHANGE = update(change).where(change.c.key == bindparam("cr"), change.c.version == bindparam("expected"))
HOLD = (
    select(change.c.key)
    .where(change.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(change.c.key)
    .with_for_update(key_share=True)
)
# Of each change request the last row.
_LATER = journal.alias("later")
_LAST = select(func.max(_LATER.c.seq)).where(_LATER.c.cr == change.c.key).correlate(change).scalar_subquery()
HEADS = (
    select(journal.c.cr, journal.c.seq, journal.c.hash)
    .select_from(change)
    .join(journal, and_(journal.c.cr == change.c.key, journal.c.seq == _LAST))
    .where(change.c.key.in_(bindparam("keys", expanding=True)))
)
ADD_ENTRIES = insert(journal)
# A deadline that was given up when it was late already is a miss for the report, and nothing to anybody else.
STILL = deadline.c.stopped_on.is_(None)
RUNS = and_(deadline.c.met_on.is_(None), STILL)
COUNTS = func.coalesce(deadline.c.extended_to, deadline.c.due)
# What was carried on from a date that it missed is counted by that date.
PROMISED = func.coalesce(deadline.c.missed, COUNTS)
_OF_KIND = and_(deadline.c.cr == bindparam("of"), deadline.c.kind == bindparam("what"))
_OTHER_ONE = and_(_OF_KIND, RUNS, deadline.c.due != bindparam("but"))
GIVE_UP = update(deadline).where(_OTHER_ONE, bindparam("on") > PROMISED).values(stopped_on=bindparam("on"))
REPLACE = delete(deadline).where(_OTHER_ONE)
MEET = update(deadline).where(_OF_KIND, RUNS).values(met_on=bindparam("on"))
STANDING = (
    select(deadline.c.kind, deadline.c.due, deadline.c.met_on, deadline.c.extended_to, deadline.c.missed)
    .where(deadline.c.cr == bindparam("of"), STILL)
    .order_by(deadline.c.kind, deadline.c.due)
)
FORGET = delete(deadline).where(_OF_KIND, STILL)
RUNNING = (
    select(deadline.c.kind, deadline.c.due, deadline.c.extended_to, deadline.c.missed)
    .where(deadline.c.cr == bindparam("of"), RUNS)
    .order_by(deadline.c.due, deadline.c.kind)
)

# Matters of the whole office
SETTLED = select(setting.c.key, setting.c.value).order_by(setting.c.key)
UNSETTLE = delete(setting).where(setting.c.key == bindparam("matter"))

# Letters
RECALL = (
    update(letter)
    .where(letter.c.cause == bindparam("recalled"), letter.c.state == LetterState.OWED.value)
    .values(state=LetterState.RECALLED.value, next_try=None)
)
# What was never sent, or long before, uses nobody's budget up. Three, because an IN is compiled anew each time.
_COUNTED = and_(
    letter.c.state != LetterState.WITHHELD.value,
    letter.c.state != LetterState.HELD.value,
    letter.c.state != LetterState.DROPPED.value,
)
# Is there one letter more than `within`? Which ones they are does not matter.
BEYOND = (
    select(letter.c.id)
    .where(
        letter.c.recipient == bindparam("recipient"),
        # Four, because an IN of any length is compiled anew each time.
        letter.c.kind.in_([bindparam("kind"), bindparam("or_kind"), bindparam("or_else"), bindparam("or_last")]),
        letter.c.created_at > bindparam("since"),
        _COUNTED,
    )
    .limit(1)
    .offset(bindparam("within"))
)
BEYOND_ONE = BEYOND.where(letter.c.number == bindparam("number"))
# The same of what went back to whoever wrote the mail that caused it: such a cause begins with the mail's id.
BEYOND_ECHO = (
    select(letter.c.id)
    .join(mail, mail.c.id == func.substr(letter.c.cause, 1, ID_LENGTH))
    .where(
        letter.c.recipient == bindparam("recipient"),
        mail.c.sender == bindparam("recipient"),
        letter.c.kind.in_([kind.value for kind in COUNTED]),
        letter.c.created_at > bindparam("since"),
        _COUNTED,
    )
    .limit(1)
    .offset(bindparam("within"))
)
_DUE = and_(letter.c.state == LetterState.OWED.value, letter.c.next_try <= bindparam("now"))
OWED = (
    select(
        letter.c.id,
        letter.c.kind,
        letter.c.number,
        letter.c.recipient,
        letter.c.return_path,
        letter.c.wire,
        letter.c.tries,
        letter.c.first_tried,
        blob.c.size,
    )
    .join(blob, blob.c.sha256 == letter.c.wire)
    .where(_DUE)
    .order_by(letter.c.next_try, letter.c.created_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=letter)
)
OWED_TO = OWED.where(letter.c.recipient.in_(bindparam("recipients", expanding=True)))
OWED_BUT = OWED.where(letter.c.recipient.not_in(bindparam("recipients", expanding=True)))
_EARLIER = letter.alias("earlier")
NOT_UNDER_WAY = not_(
    exists().where(
        _EARLIER.c.cr == letter.c.cr,
        _EARLIER.c.next_try.is_not(None),
        _EARLIER.c.state == LetterState.SENDING.value,
    )
)
SENDING = (
    update(letter)
    .where(letter.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=LetterState.SENDING.value,
        first_tried=func.coalesce(letter.c.first_tried, bindparam("now", type_=letter.c.first_tried.type)),
        claimed_by=bindparam("worker"),
        claimed_until=bindparam("until"),
    )
)
SENT = (
    update(letter)
    .where(letter.c.id == bindparam("letter_id"))
    .values(
        state=LetterState.SENT.value,
        tries=letter.c.tries + 1,
        sent_at=bindparam("now"),
        next_try=None,
        claimed_by=None,
        claimed_until=None,
    )
)
FAILED = (
    update(letter)
    .where(
        letter.c.id == bindparam("letter_id"),
        letter.c.state == LetterState.SENDING.value,
        letter.c.claimed_by == bindparam("worker"),
    )
    .values(
        state=bindparam("becomes"),
        tries=letter.c.tries + 1,
        next_try=bindparam("again"),
        last_error=bindparam("error"),
        claimed_by=None,
        claimed_until=None,
    )
)

# Looking
_CALLED = or_(change.c.number == bindparam("number"), change.c.key == bindparam("number"))
_ENTRIES = select(*(journal.c[name] for name in Entry.__slots__)).order_by(journal.c.cr, journal.c.seq)
STATES = select(change.c.key, change.c.state)
STATE = STATES.where(_CALLED)
STATES_NUMBERED = STATES.where(change.c.number.in_(bindparam("numbers", expanding=True)))
JOURNAL = _ENTRIES.join(change, change.c.key == journal.c.cr).where(_CALLED)
HISTORIES = _ENTRIES.where(journal.c.cr.in_(bindparam("keys", expanding=True)))
DEADLINES = (
    select(
        deadline.c.cr,
        deadline.c.kind,
        deadline.c.due,
        deadline.c.met_on,
        deadline.c.extended_to,
        deadline.c.missed,
    )
    .where(deadline.c.cr.in_(bindparam("keys", expanding=True)), STILL)
    .order_by(deadline.c.cr, deadline.c.due, deadline.c.kind)
)

# By kind and date, as the index over what runs has them; an extension is never earlier than what it extends.
DUE = (
    select(
        deadline.c.cr,
        deadline.c.kind,
        deadline.c.due,
        deadline.c.extended_to,
        deadline.c.missed,
        deadline.c.opened_at,
        change.c.state,
    )
    .select_from(deadline)
    .join(change, change.c.key == deadline.c.cr)
    .where(
        RUNS,
        deadline.c.kind.in_(bindparam("kinds", expanding=True)),
        deadline.c.due <= bindparam("day"),
        bindparam("day") >= COUNTS,
        change.c.open.is_(True),
    )
    .order_by(deadline.c.cr, deadline.c.due, deadline.c.kind)
)

# Pages
DIRTY = select(dirty.c.page, dirty.c.since, dirty.c.mark).order_by(dirty.c.since, dirty.c.page).limit(bindparam("most"))
_PROMPT = (dirty.c.page.like(f"{kind}/%") | (dirty.c.page == kind) for kind in PROMPT)
DIRTY_NOW = DIRTY.where(or_(*_PROMPT, dirty.c.since <= bindparam("before")))
_SEEN = and_(dirty.c.page == bindparam("soiled"), dirty.c.mark == bindparam("seen"))
# A page that another worker is about to soil stays out of date: nobody waits for them.
CLEAN = delete(dirty).where(dirty.c.page.in_(select(dirty.c.page).where(_SEEN).with_for_update(skip_locked=True)))

# What was published
_FILED = select(*(published.c[name] for name in Filed.__slots__))
PUBLISHED = _FILED.where(published.c.page.in_(bindparam("pages", expanding=True)))
MANIFEST = _FILED.order_by(published.c.path)
WITHDRAW = delete(published).where(published.c.path == bindparam("withdrawn"))
DOUBT = update(published).values(sha256="")
SOURCES = select(published.c.page).distinct()
LOGGED = select(change.c.number, change.c.month, change.c.phase, change.c.company).where(change.c.logged.is_(True))
