"""Migrations: from whatever the database holds to what this program needs.

Its one rule: each migration is one transaction; it happened or it did not. alembic takes half a
second to import, so it is imported only where there is something to do.
"""

from sqlalchemy import Connection, inspect, text

from bot.edge.store.engine import open_engine, translated, writing
from bot.errors import Trouble

LOCK = 0x636D70  # "cmp": whoever migrates a PostgreSQL database holds this advisory lock


def migrate(url: str) -> str:
    """Bring a database to the newest schema; gives its version, doing nothing where it is there.

    Raises Trouble: temporary when the database does not answer, lasting when its schema is newer
    than this program.
    """
    engine = open_engine(url)
    try:
        with translated(), writing(engine) as connection:
            return _upgrade(connection)
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> str:
    from alembic import command  # noqa: PLC0415 - see the module's docstring
    from alembic.config import Config  # noqa: PLC0415 - the same
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - the same

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # whoever migrates may need long; it is waited for
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = Config()
    config.set_main_option("script_location", "bot:migrations")
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    present = _versions(connection)
    if unknown := present - known:
        raise Trouble(
            f"the database has schema {', '.join(sorted(unknown))}, which is newer than this program: upgrade cmpbot",
            temporary=False,
        )
    head = script.get_current_head() or ""
    if present != {head}:
        command.upgrade(config, "head")
    return head


def _versions(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.scalars(text("SELECT version_num FROM alembic_version")))
