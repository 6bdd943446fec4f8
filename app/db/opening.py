"""Which job database a process uses: the file in DATA_DIR, or the one that DATABASE_URL names."""

from app.db.database import Database
from app.db.sqlite import FILE, SqliteDatabase
from app.settings import Settings


def open_database(settings: Settings, *, is_patient: bool = False) -> Database:
    """Return the job database; nothing is opened yet.

    Args:
        settings: DATABASE_URL, or DATA_DIR.
        is_patient: with PostgreSQL statements and transactions may last for ever, as upkeep needs it.

    Raises:
        SettingsError: DATABASE_URL is no address of a PostgreSQL database.
    """
    if settings.database_url:
        from app.db.postgresql import PostgresqlDatabase  # noqa: PLC0415  # loads a driver that SQLite needs not

        address, connections = settings.database_url, settings.database_connections
        if is_patient:
            return PostgresqlDatabase(
                address, connections, answer_seconds=None, idle_seconds=None, transaction_seconds=None
            )
        return PostgresqlDatabase(address, connections)
    return SqliteDatabase(settings.data_dir / FILE)
