"""alembic's environment. Its one rule: it runs on the connection and inside the transaction that
bot.migrations.migrate opened; there is no alembic.ini and no way around."""

from alembic import context

from bot.edge.tables import declared

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=declared(),
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
