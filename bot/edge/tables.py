"""The tables, and nothing else. Its one rule: what a column holds is said here, in the words of
DESIGN section 8; how it came to be is told by bot/migrations.

Columns for what a sender wrote are `Words`: text that every database takes, whatever is in it.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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
)
from sqlalchemy.types import TypeEngine

SCHEMA = "0001"  # the newest migration; a test holds the two together
LONGEST_WORDS = 500  # below what one PostgreSQL index entry may hold (2,704 bytes) in any script

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out. SQLite has no such type and gets ISO text of one width,
    which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        value = value.astimezone(UTC)
        return value.isoformat(timespec="microseconds") if dialect.name == "sqlite" else value

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
    Column("message_id", Words, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("subject", Words, nullable=False),
    Column("sender", Words, nullable=False),
    Column("fate", Text),
    Column("reason", Words, nullable=False),
    Column("number", Words, nullable=False),
    Column("decided_at", Instant),
    Column("claimed_by", Text),
    Column("claimed_until", Instant),
    Index("mail_by_state", "state", "arrived", "kept_at"),
    Index("mail_by_message_id", "message_id"),
    Index("mail_by_content", "content_hash"),
)

located = Table(
    "located",
    metadata,
    Column("folder", Words, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
    Column("mail", ForeignKey("mail.id"), nullable=False),
    Column("moved", Boolean, nullable=False),
    PrimaryKeyConstraint("folder", "uidvalidity", "uid"),
    Index("located_by_moved", "folder", "uidvalidity", "moved"),
    Index("located_by_mail", "mail"),
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("n", Integer, nullable=False),
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
    Index("change_by_month", "logged", "month"),
    Index("change_by_receipt", "logged", "received_at"),
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
    Column("message_id", Text, nullable=False, unique=True),
    Column("wire", ForeignKey("blob.sha256"), nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("resent", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_try", Instant, nullable=False),
    Column("first_tried", Instant),
    Column("sent_at", Instant),
    Column("last_error", Words, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_until", Instant),
    Index("letter_by_state", "state", "next_try", "created_at"),
    Index("letter_by_recipient", "recipient", "kind", "created_at"),
    Index("letter_by_cr", "cr"),
)

deadline = Table(
    "deadline",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("cr", _key(), ForeignKey("change.key"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("met_on", Date),
    Column("extended_to", Date),
    Column("opened_at", Instant, nullable=False),
    Index("deadline_by_cr", "cr"),
)
# One deadline of a kind runs at a time; those that were met stay, they are the adherence report.
running = Index(
    "deadline_running",
    deadline.c.cr,
    deadline.c.kind,
    unique=True,
    sqlite_where=deadline.c.met_on.is_(None),
    postgresql_where=deadline.c.met_on.is_(None),
)

dirty = Table(
    "dirty",
    metadata,
    Column("page", _key(), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("mark", BigInteger, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
