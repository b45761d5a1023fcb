"""The first tables.

A migration is history: it spells out what was made then and imports nothing that may change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make all tables, and shut the journal against change."""
    _mail()
    _change()
    _letter()
    _rest()
    _seal_journal()


def _mail() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("encoding", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("raw", sa.Text, sa.ForeignKey("blob.sha256"), nullable=False),
        sa.Column("arrived", INSTANT, nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.Column("truncated", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("copies", sa.Integer, nullable=False),
        sa.Column("copy_of", sa.Text, sa.ForeignKey("mail.id")),
        sa.Column("message_id", sa.Text),
        sa.Column("content_hash", sa.Text),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("fate", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claimed_until", INSTANT),
    )
    _partial("mail_undecided", "mail", ["arrived", "kept_at"], "fate IS NULL")
    _partial("mail_by_message_id", "mail", ["message_id"], "message_id IS NOT NULL")
    _partial("mail_by_content", "mail", ["content_hash", "message_id"], "content_hash IS NOT NULL")
    op.create_table(
        "located",
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("uidvalidity", sa.BigInteger, nullable=False),
        sa.Column("uid", sa.BigInteger, nullable=False),
        sa.Column("mail", sa.Text, sa.ForeignKey("mail.id"), nullable=False),
        sa.Column("moved", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("uid", "uidvalidity", "folder"),
        sqlite_with_rowid=False,
    )
    unmoved = "moved IS false" if op.get_context().dialect.name == "postgresql" else "moved IS 0"
    _partial("located_unmoved", "located", ["folder", "uidvalidity"], unmoved)
    op.create_index("located_by_mail", "located", ["mail"])


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("number", KEY, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("status_date", sa.Date, nullable=False),
        sa.Column("company", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("logged", sa.Boolean, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
    )
    op.create_index("change_by_month", "change", ["logged", "month", "received_at"])
    op.create_table(
        "journal",
        sa.Column("cr", KEY, sa.ForeignKey("change.key"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("cause", KEY, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("cr", "seq"),
    )
    op.create_index("journal_by_cause", "journal", ["cause"])
    op.create_table(
        "deadline",
        sa.Column("cr", KEY, sa.ForeignKey("change.key"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("met_on", sa.Date),
        sa.Column("extended_to", sa.Date),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("cr", "kind", "due"),
        sqlite_with_rowid=False,
    )


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("return_path", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("cr", KEY, sa.ForeignKey("change.key")),
        sa.Column("message_id", sa.Text, nullable=False, unique=True),
        sa.Column("wire", sa.Text, sa.ForeignKey("blob.sha256"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("resent", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("next_try", INSTANT),
        sa.Column("first_tried", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("last_error", sa.Text, nullable=False),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claimed_until", INSTANT),
        sqlite_with_rowid=False,
    )
    op.create_index("letter_by_recipient", "letter", ["recipient", "kind", "created_at"])
    _partial("letter_waiting", "letter", ["next_try", "created_at"], "next_try IS NOT NULL")


def _rest() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "dirty",
        sa.Column("page", KEY, primary_key=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("mark", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _seal_journal() -> None:
    """Nobody, not even we, may change what the journal says."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION journal_is_sealed() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER journal_sealed BEFORE UPDATE OR DELETE ON journal "
            "FOR EACH ROW EXECUTE FUNCTION journal_is_sealed()"
        )
        op.execute(
            "CREATE TRIGGER journal_kept BEFORE TRUNCATE ON journal "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_is_sealed()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
            "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )
