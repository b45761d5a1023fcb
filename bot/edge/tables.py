"""The tables, and nothing else. Its one rule: what a column holds is said here, in the words of
DESIGN section 8; how it came to be is told by bot/migrations.

Columns for what a sender wrote are `Words`: text that every database takes, whatever is in it.
"""

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    literal_column,
)
from sqlalchemy.types import TypeEngine

SCHEMA = "0010"  # the newest migration; a test holds the two together
LONGEST_WORDS = 500  # below what one PostgreSQL index entry may hold (2,704 bytes) in any script

metadata = MetaData()


@lru_cache(maxsize=64)  # a transaction writes the same few instants again and again
def iso(instant: datetime) -> str:
    """An instant as text in UTC, of one width, so that it sorts as time does."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


class Instant(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out. SQLite has no such type and gets text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return iso(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text from outside, made storable: no NUL, which PostgreSQL refuses, no lone surrogates, which
    no encoding takes, and no more than an index entry holds. The raw mail keeps the original."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        value = str(value)[:LONGEST_WORDS]
        if not value.isascii():
            value = value.encode("utf-8", "replace").decode("utf-8")
        return value.replace("\0", "\ufffd")


def _key() -> Text:
    """Text that is compared byte by byte in every database, so that a prefix is a range."""
    return Text().with_variant(Text(collation="C"), "postgresql")


blob = Table(
    "blob",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("encoding", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
)

mail = Table(
    "mail",
    metadata,
    Column("id", Text, primary_key=True),
    Column("raw", ForeignKey("blob.sha256"), nullable=False),
    Column("arrived", Instant, nullable=False),
    Column("kept_at", Instant, nullable=False),
    Column("truncated", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("copy_of", ForeignKey("mail.id")),
    Column("message_id", Words),
    Column("content_hash", Text),
    Column("subject", Words, nullable=False),
    Column("sender", Words, nullable=False),
    Column("fate", Text),
    Column("reason", Words, nullable=False),
    Column("number", Words, nullable=False),
    Column("decided_at", Instant),
    Column("claimed_by", Text),
    Column("claimed_until", Instant),
)
# These hold only the mails they are asked for, so that they stay small however many are kept.

located = Table(
    "located",
    metadata,
    Column("folder", Words, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("mail", ForeignKey("mail.id"), nullable=False),
    Column("moved", Boolean, nullable=False),
    PrimaryKeyConstraint("uid", "uidvalidity", "folder"),  # UID first: a folder is asked for by what lies in it still
    Index("located_by_mail", "mail"),
    sqlite_with_rowid=False,
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

change = Table(
    "change",
    metadata,
    Column("key", _key(), primary_key=True),
    Column("number", _key(), nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("status_date", Date, nullable=False),
    Column("company", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("logged", Boolean, nullable=False),
    Column("month", Text, nullable=False),
    Column("title_mark", Text),  # workflow/duplicate.py says what they are
    Column("ref_mark", Text),
    # With all that the lists count by, so that counting reads the index alone.
    Index("change_by_month", "logged", "month", "received_at", "phase", "open", "company"),
)

journal = Table(
    "journal",
    metadata,
    Column("cr", _key(), ForeignKey("change.key"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("by", Text, nullable=False),
    Column("cause", _key(), nullable=False),
    Column("payload", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("cr", "seq"),
    Index("journal_by_cause", "cause"),
    Index("journal_by_kind", "kind", "recorded_at"),
    Index("journal_by_time", "recorded_at"),
)

letter = Table(
    "letter",
    metadata,
    Column("id", Text, primary_key=True),
    Column("cause", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("return_path", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("cr", _key(), ForeignKey("change.key")),
    Column("message_id", Words, nullable=False, unique=True),
    Column("wire", ForeignKey("blob.sha256"), nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("resent", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_try", Instant),
    Column("first_tried", Instant),
    Column("sent_at", Instant),
    Column("last_error", Words, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_until", Instant),
    Index("letter_by_recipient", "recipient", "kind", "created_at"),
    sqlite_with_rowid=False,
)

# One of a kind runs at a time; those that were met stay, and so do those that ended (`stopped_on`) after
# they were due without being met: they are the adherence report.
deadline = Table(
    "deadline",
    metadata,
    Column("cr", _key(), ForeignKey("change.key"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("met_on", Date),
    Column("extended_to", Date),
    Column("opened_at", Instant, nullable=False),
    Column("stopped_on", Date),
    Column("missed", Date),
    PrimaryKeyConstraint("cr", "kind", "due"),
    sqlite_with_rowid=False,
)
dirty = Table(
    "dirty",
    metadata,
    Column("page", _key(), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("mark", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Every file of the posting, and the key of the page that it was made for. An empty hash: it is to be
# written anew, whatever lies there.
published = Table(
    "published",
    metadata,
    Column("path", _key(), primary_key=True),
    Column("page", _key(), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Index("published_by_page", "page"),
    sqlite_with_rowid=False,
)

# The lines of the register as they were printed with the pages of change requests; what is missing is printed anew.
line = Table(
    "line",
    metadata,
    Column("cr", _key(), ForeignKey("change.key"), primary_key=True),
    Column("html", Text, nullable=False),
    Column("script", Text, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

# A code of a letter (the first 20 hex digits of its id) vouches once for a verb on a change request;
# `cr` is empty for a verb about none.
used_code = Table(
    "used_code",
    metadata,
    Column("of", Text, nullable=False),
    Column("cr", _key(), nullable=False),
    Column("verb", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("mail", Text, nullable=False),
    PrimaryKeyConstraint("of", "cr", "verb"),
    sqlite_with_rowid=False,
)

# Who is alive among many workers, and who leads (bot/edge/store/lease.py); on SQLite it stays empty. The fence
# rises with each new leader; the session is the application name of the connection that shows the holder is there.
lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
    Column("session", Text, nullable=False),
    sqlite_with_rowid=False,
)

# In words of the database, not as values: only so does SQLite see that an index over just these rows will do.
SET_ASIDE = mail.c.fate == literal_column("'quarantined'")
STUCK = letter.c.state.in_([literal_column("'dead'"), literal_column("'held'")])


@cache
def declared() -> MetaData:
    """All tables with their partial indexes, for migrations to compare with.

    Those indexes are added late, because naming PostgreSQL in one makes SQLAlchemy import its
    dialect: a twentieth of a second at every start.
    """
    _partial("mail_undecided", mail.c.fate.is_(None), mail.c.arrived, mail.c.kept_at)
    _partial("mail_by_message_id", mail.c.message_id.is_not(None), mail.c.message_id)
    _partial("mail_by_content", mail.c.content_hash.is_not(None), mail.c.content_hash, mail.c.message_id)
    _partial("located_unmoved", located.c.moved.is_(False), located.c.folder, located.c.uidvalidity)
    _partial("change_by_title_mark", change.c.title_mark.is_not(None), change.c.title_mark)
    _partial("change_by_ref_mark", change.c.ref_mark.is_not(None), change.c.ref_mark)
    _partial(
        "deadline_running",
        deadline.c.met_on.is_(None) & deadline.c.stopped_on.is_(None),
        deadline.c.kind,
        deadline.c.due,
    )
    later = deadline.c.extended_to.is_not(None) & deadline.c.met_on.is_(None) & deadline.c.stopped_on.is_(None)
    _partial("deadline_extended", later, deadline.c.extended_to)
    _partial("mail_set_aside", SET_ASIDE, mail.c.decided_at)
    _partial("letter_stuck", STUCK, letter.c.state, letter.c.created_at)
    _partial("letter_waiting", letter.c.next_try.is_not(None), letter.c.next_try, letter.c.created_at)
    return metadata


def _partial(name: str, condition: ColumnElement[bool], *columns: Column[Any]) -> None:
    """Declare an index over the rows that meet a condition."""
    Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
