"""An index over the deadlines that run, of which reminders are made."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

RUNS = sa.text("met_on IS NULL AND stopped_on IS NULL")


def upgrade() -> None:
    """Make the index."""
    op.create_index("deadline_running", "deadline", ["kind", "due"], sqlite_where=RUNS, postgresql_where=RUNS)
