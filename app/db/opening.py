"""Which job database a process uses: the file in DATA_DIR, or the one that DATABASE_URL names."""

from app.db.database import Database
from app.db.sqlite import FILE, SqliteDatabase
from app.settings import Settings


def open_database(settings: Settings) -> Database:
    """Return the job database; nothing is opened yet.

    Raises:
        SettingsError: DATABASE_URL is no address of a PostgreSQL database.
    """
    if settings.database_url:
        from app.db.postgresql import PostgresqlDatabase  # noqa: PLC0415  # loads a driver that SQLite needs not

        return PostgresqlDatabase(settings.database_url, settings.database_connections)
    return SqliteDatabase(settings.data_dir / FILE)
