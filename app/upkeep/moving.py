"""Takes all that is in the SQLite file of DATA_DIR over to PostgreSQL: all of it or nothing."""

from collections.abc import Sequence

from app.db import Database, SqliteDatabase, open_database
from app.db.moving import Moved, copy_rows
from app.db.sqlite import FILE
from app.errors import SettingsError
from app.settings import Settings
from app.upkeep.turns import own_turn

_OF_EVERY_START = ("installation", "sealing")
"""What the first start with an empty database makes; it is the DATA_DIR's own either way."""


def move_to_postgresql(settings: Settings) -> Sequence[Moved]:
    """Copy every row of the SQLite file into the database that DATABASE_URL names, which has none; say how many.

    The file is brought to this version, and stays. Numbers that were given once are not given again.

    Raises:
        SettingsError: there is no such file or no DATABASE_URL, or other upkeep is under way.
        DatabaseUnavailable: a process uses the file, or the database is not empty, or as ever; nothing was copied.
    """
    source, target = _ends(settings)
    try:
        with own_turn(settings.data_dir):
            source.upgrade()
            target.upgrade()
            with source.alone() as reading, target.writing() as session:
                return [*copy_rows(reading, session.connection(), target.name, _OF_EVERY_START)]
    finally:
        source.close()
        target.close()


def _ends(settings: Settings) -> tuple[SqliteDatabase, Database]:
    path = settings.data_dir / FILE
    if not settings.database_url:
        raise SettingsError("Nothing says where to copy to: set DATABASE_URL (postgresql+psycopg://...).")
    if not path.is_file():
        raise SettingsError(f"There is no {path}, so nothing to copy.")
    return SqliteDatabase(path), open_database(settings, is_patient=True)
