"""The codes of our letters that vouched for something."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INSTANT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "used_code",
        sa.Column("of", sa.Text, nullable=False),
        sa.Column("cr", KEY, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("mail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("of", "cr", "verb"),
        sqlite_with_rowid=False,
    )
