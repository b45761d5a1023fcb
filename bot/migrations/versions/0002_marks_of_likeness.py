"""The marks by which a second submission of the same change is recognised, for what is stored too."""

import json
import re
import unicodedata
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

AT_ONCE = 500
COLUMNS = {"title_mark": ("title", "title", " "), "ref_mark": ("internal_ref", "ref", "")}


def upgrade() -> None:
    """Add the columns, fill them, and make them quick to ask."""
    for column in COLUMNS:
        op.add_column("change", sa.Column(column, sa.Text))
    _fill()
    for column in COLUMNS:
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"change_by_{column}", "change", [column], sqlite_where=where, postgresql_where=where)


def _fill() -> None:
    change = sa.table("change", *(sa.column(name) for name in ("key", "company", "state", *COLUMNS)))
    setting = sa.update(change).where(change.c.key == sa.bindparam("of"))
    connection, last = op.get_bind(), ""
    page = sa.select(change.c.key, change.c.company, change.c.state).order_by(change.c.key).limit(AT_ONCE)
    while rows := connection.execute(page.where(change.c.key > last)).all():
        connection.execute(setting, [{"of": row.key, **_marks(row.company, json.loads(row.state))} for row in rows])
        last = rows[-1].key


def _marks(company: str, state: dict[str, dict[str, object]]) -> dict[str, str | None]:
    whose, made = _bare(company), {}
    for column, (key, kind, between) in COLUMNS.items():
        text = _bare(str(state["fields"].get(key, ""))).replace(" ", between)
        said = f"{kind}\n{whose}\n{text}".encode("utf-8", "replace")
        made[column] = sha256(said).hexdigest()[:24] if whose and text else None
    return made


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()
