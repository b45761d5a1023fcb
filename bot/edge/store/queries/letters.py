"""Statements on letters: what is owed, within which budget, and what became of it."""

from sqlalchemy import and_, bindparam, exists, func, not_, select, update

from bot.edge.store.values import COUNTED, LetterState
from bot.edge.tables import blob, letter, mail

ID_LENGTH = 12  # of a mail

ANSWERED = select(letter.c.message_id, letter.c.cr).where(
    letter.c.message_id.in_(bindparam("ids", expanding=True)), letter.c.cr.is_not(None)
)
CAUSE_ANSWERED = select(letter.c.cause).where(letter.c.message_id == bindparam("message_id"))
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
