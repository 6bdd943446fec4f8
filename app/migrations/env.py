"""Alembic's entrance: runs the revisions on the connection that ``Database.upgrade`` hands over."""

from alembic import context

from app.db import Base


def _run() -> None:
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite alters a table by rebuilding it
        transactional_ddl=True,  # true since `app.db` begins the transactions itself
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
