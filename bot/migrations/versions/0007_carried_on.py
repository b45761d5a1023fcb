"""Which date a deadline missed that was carried on to a later one: it is one promise, counted once."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; what was carried on until now stays as it was recorded."""
    op.add_column("deadline", sa.Column("missed", sa.Date))
