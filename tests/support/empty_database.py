"""An empty database for a test to begin with: its revisions take longer than most tests, so they ran before."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.db import Database, SqliteDatabase
from app.db.postgresql import PostgresqlDatabase
from app.settings import Settings


def opened_database(settings: Settings, busy_seconds: float = 5.0) -> Database:
    """Return the database of these settings, with the tables of this version; see `each_database` in tests/conftest.py."""
    data_dir = with_database(settings.data_dir)
    if settings.database_url:
        return PostgresqlDatabase(settings.database_url, busy_seconds=busy_seconds)
    return SqliteDatabase(data_dir / "sluice.db", busy_seconds)


def with_database(data_dir: Path) -> Path:
    """Return the folder, with an empty database of this version unless it has one; what opens it finds no work to do."""
    path = data_dir / "sluice.db"
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_bytes(_upgraded())
    return data_dir


@cache
def _upgraded() -> bytes:
    with TemporaryDirectory() as folder:
        database = SqliteDatabase(Path(folder) / "sluice.db")
        database.upgrade()
        database.close()  # what is in the journal goes to the file
        return database.path.read_bytes()
