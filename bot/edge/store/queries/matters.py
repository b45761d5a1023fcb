"""Statements on matters of the whole office."""

from sqlalchemy import bindparam, delete, select

from bot.edge.tables import setting

SETTLED = select(setting.c.key, setting.c.value).order_by(setting.c.key)
UNSETTLE = delete(setting).where(setting.c.key == bindparam("matter"))
