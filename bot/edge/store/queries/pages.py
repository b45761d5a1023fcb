"""Statements on pages: which are out of date, and which files they made."""

from sqlalchemy import and_, bindparam, delete, or_, select, update

from bot.edge.store.values import Filed
from bot.edge.tables import dirty, published
from bot.posting.rhythm import PROMPT

DIRTY = select(dirty.c.page, dirty.c.since, dirty.c.mark).order_by(dirty.c.since, dirty.c.page).limit(bindparam("most"))
_PROMPT = (dirty.c.page.like(f"{kind}/%") | (dirty.c.page == kind) for kind in PROMPT)
DIRTY_NOW = DIRTY.where(or_(*_PROMPT, dirty.c.since <= bindparam("before")))
_SEEN = and_(dirty.c.page == bindparam("soiled"), dirty.c.mark == bindparam("seen"))
# A page that another worker is about to soil stays out of date: nobody waits for them.
CLEAN = delete(dirty).where(dirty.c.page.in_(select(dirty.c.page).where(_SEEN).with_for_update(skip_locked=True)))
_FILED = select(*(published.c[name] for name in Filed.__slots__))
PUBLISHED = _FILED.where(published.c.page.in_(bindparam("pages", expanding=True)))
MANIFEST = _FILED.order_by(published.c.path)
WITHDRAW = delete(published).where(published.c.path == bindparam("withdrawn"))
DOUBT = update(published).values(sha256="")
SOURCES = select(published.c.page).distinct()
