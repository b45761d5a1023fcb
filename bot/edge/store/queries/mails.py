"""Statements on mails: which are known, claimed, filed, and which say the same."""

from sqlalchemy import bindparam, null, select, update

from bot.edge.store.values import MailState
from bot.edge.tables import blob, located, mail

# Which of those that lie in a folder are ours already?
KNOWN_PLACES = select(located.c.uid).where(
    located.c.folder == bindparam("folder"),
    located.c.uidvalidity == bindparam("uidvalidity"),
    located.c.uid.in_(bindparam("uids", expanding=True)),
)
KNOWN_MAILS = select(mail.c.id).where(mail.c.id.in_(bindparam("ids", expanding=True)))

# From waiting, through a claim, to a fate.
WAITING = (
    select(mail.c.id, mail.c.arrived, mail.c.attempts, mail.c.truncated, mail.c.raw, blob.c.size)
    .join(blob, blob.c.sha256 == mail.c.raw)
    # Two, because an IN of any length is compiled anew each time.
    .where(mail.c.fate.is_(None), mail.c.state.in_([bindparam("state"), bindparam("or_state")]))
    .order_by(mail.c.arrived, mail.c.kept_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=mail)
)
CLAIMED = (
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
