"""Indexes over what was set aside and what is stuck, so that asking how it is costs the same however much is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

SET_ASIDE = sa.text("fate = 'quarantined'")
STUCK = sa.text("state IN ('dead', 'held')")


def upgrade() -> None:
    """Make them; they hold little."""
    op.create_index("mail_set_aside", "mail", ["decided_at"], sqlite_where=SET_ASIDE, postgresql_where=SET_ASIDE)
    op.create_index("letter_stuck", "letter", ["state", "created_at"], sqlite_where=STUCK, postgresql_where=STUCK)
