"""When a deadline ended that was late and never met: it stays in the adherence report."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; until now such rows were taken away."""
    op.add_column("deadline", sa.Column("stopped_on", sa.Date))
