"""What lies on the posting and for which page it was made; indexes over news, later dates and counts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LATER = sa.text("extended_to IS NOT NULL AND met_on IS NULL AND stopped_on IS NULL")


def upgrade() -> None:
    """Make the table and the indexes."""
    op.create_table(
        "published",
        sa.Column("path", KEY, primary_key=True),
        sa.Column("page", KEY, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("published_by_page", "published", ["page"])
    op.create_index("journal_by_kind", "journal", ["kind", "recorded_at"])
    op.create_index("journal_by_time", "journal", ["recorded_at"])
    op.drop_index("change_by_month", "change")
    op.create_index("change_by_month", "change", ["logged", "month", "received_at", "phase", "open", "company"])
    op.create_index("deadline_extended", "deadline", ["extended_to"], sqlite_where=LATER, postgresql_where=LATER)
