"""The lines of the register as they were printed last, so that a list does not read what it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table; it fills as pages are built."""
    op.create_table(
        "line",
        sa.Column("cr", KEY, sa.ForeignKey("change.key"), primary_key=True),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("script", sa.Text, nullable=False),
    )
