"""The job database as one SQLite file, for the processes of one machine."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import ClassVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.db.copying import copy_database
from app.db.database import MIGRATIONS, Database
from app.db.migrating import CopyBeside, upgrade_to_head
from app.db.words import in_words
from app.errors import DatabaseUnavailable

FILE = "sluice.db"
"""Its name in DATA_DIR."""

_BEGIN = "sluice_begin"


class SqliteDatabase(Database):
    """A SQLite file in WAL mode.

    Args:
        path: the file; its folder is DATA_DIR.
        busy_seconds: how long to wait for the write transactions of this process, and then for another's.
        migrations: the folder of the revisions.
    """

    is_shared: ClassVar[bool] = False

    def __init__(self, path: Path, busy_seconds: float = 5.0, migrations: Path = MIGRATIONS) -> None:
        self.path = path
        self._migrations = migrations
        self._url = URL.create("sqlite", database=str(path), query={"timeout": str(busy_seconds)})
        engine = _prepared(
            create_engine(self._url, pool_size=8, max_overflow=56, pool_timeout=busy_seconds, hide_parameters=True)
        )
        event.listen(engine, "connect", _enforce_foreign_keys)
        super().__init__(str(path), engine, busy_seconds)

    def now(self, session: Session) -> float:  # noqa: ARG002  # of one machine, so of one clock
        """Return the time of the machine's clock in POSIX seconds."""
        return time.time()

    def upgrade(self) -> None:
        """Create or upgrade the tables, one process at a time; all of it happens or nothing.

        A copy of a database from before its upgrade stays beside it, as ``sluice.db.0001-before-0002``.

        Raises:
            DatabaseUnavailable: it cannot be made, copied or upgraded, or a newer version of Sluice has upgraded it.
        """
        try:
            self._make_private_file()
            with _locked(self.path.parent / "migrate.lock"), self._in_words():
                self._migrate()
        except OSError as error:
            raise DatabaseUnavailable(
                f"DATA_DIR {self.path.parent} cannot be used: {error.strerror}. "
                "Name a folder there that this user can write to, on a disk with free space."
            ) from error

    def copy_to(self, target: Path) -> None:
        """Write the database as it is now to a new file, while others go on writing; see `copy_database`."""
        copy_database(self.path, target)

    def settle(self) -> None:
        """Return once all that was committed so far would survive a power failure; a commit alone need not.

        Raises:
            DatabaseUnavailable: it cannot be said; try again.
        """
        with self._in_words(), closing(self.engine.raw_connection()) as connection:
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy:
            raise DatabaseUnavailable(f"The job database {self.path} is in use by a long reading; try again.")

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Give a connection that reads while no process can use the file, this one included.

        Raises:
            DatabaseUnavailable: another one has it open, which may be a service that only waits; or as ever.
        """
        self.close()
        engine = _prepared(create_engine(self._url, poolclass=NullPool, hide_parameters=True)).execution_options(
            **{_BEGIN: "BEGIN EXCLUSIVE"}
        )
        with self._in_words(), engine.connect() as connection:
            # Only the last connection of all can leave WAL mode. The next `upgrade` would enter it too.
            self._set_journal(connection, "DELETE")
            try:
                with connection.begin():
                    yield connection
            finally:
                self._set_journal(connection, "WAL")

    def _set_journal(self, connection: Connection, mode: str) -> None:
        with closing(connection.connection.cursor()) as cursor:
            try:
                cursor.execute(f"PRAGMA journal_mode = {mode}")
            except sqlite3.OperationalError as error:
                raise DatabaseUnavailable(
                    f"The job database {self.path} is in use. Stop every process of Sluice that uses it."
                ) from error

    def _for_readers(self, engine: Engine) -> Engine:
        return engine

    def _for_writers(self, engine: Engine) -> Engine:
        # IMMEDIATE: a transaction that reads first and writes later would fail at once with "locked",
        # without waiting, when another process wrote in between.
        return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})

    def _begin_writing(self, session: Session, beside_others: bool) -> None:  # noqa: ARG002  # no two can
        session.connection()  # begins now, not with the first statement

    def _in_words(self) -> AbstractContextManager[None]:
        return in_words(self.path)

    def _make_private_file(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))

    def _migrate(self) -> None:
        # An engine of its own: with foreign keys enforced, a revision that rebuilds a table would empty its children.
        engine = _prepared(create_engine(self._url, poolclass=NullPool, hide_parameters=True))
        with closing(engine.raw_connection()) as connection:
            # Stays with the file; not allowed in a transaction.
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        with engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"}).begin() as upgrading:
            upgrade_to_head(upgrading, self._migrations, CopyBeside(self.path))


def _prepared(engine: Engine) -> Engine:
    event.listen(engine, "connect", _hand_over_transactions)
    event.listen(engine, "begin", _begin)
    return engine


def _hand_over_transactions(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the sqlite3 module begins transactions late and not for tables; `_begin` does
    connection.execute("PRAGMA synchronous = NORMAL")


def _enforce_foreign_keys(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
