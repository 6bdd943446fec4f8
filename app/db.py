"""The job database: one SQLite file, its transactions, its upgrades, and its failures said in words. Knows no table."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import NullPool

from app.errors import DatabaseUnavailable

_MIGRATIONS = Path(__file__).parent / "migrations"
_BEGIN = "sluice_begin"

# What went wrong by SQLite's primary result code (https://www.sqlite.org/rescode.html), and what to do about it.
_IN_WORDS = {
    sqlite3.SQLITE_PERM: "its files may not be opened; give this user read and write access to DATA_DIR",
    sqlite3.SQLITE_BUSY: "another process keeps it locked; if this lasts, stop what else opened it",
    sqlite3.SQLITE_LOCKED: "another connection keeps it locked; try again",
    sqlite3.SQLITE_NOMEM: "there is not enough memory; stop something else or run fewer jobs at once",
    sqlite3.SQLITE_READONLY: "it cannot be written; give this user write access to DATA_DIR and its files",
    sqlite3.SQLITE_IOERR: "its disk failed; look at the system's log for the disk of DATA_DIR, and free space on it",
    sqlite3.SQLITE_PROTOCOL: "too many processes opened it at the same moment; try again",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore DATA_DIR from a backup, or move the file away to start anew",
    sqlite3.SQLITE_FULL: "the disk is full; free space on the disk of DATA_DIR",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that DATA_DIR exists and that this user may write there",
    sqlite3.SQLITE_NOTADB: "the file is not a database; move it away to start anew, or restore it from a backup",
    sqlite3.SQLITE_ERROR: "it does not look as expected (was the file replaced?); restart this process",
}


class Base(DeclarativeBase):
    """Root of all tables; constraints get fixed names, so that a later revision can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Database:
    """A SQLite file in WAL mode. Thread-safe; to be made anew after a fork.

    Args:
        path: the file; its folder is DATA_DIR. Nothing is opened before the first use.
        busy_seconds: how long to wait for another process's write transaction.
    """

    def __init__(self, path: Path, busy_seconds: float = 5.0) -> None:
        self.path = path
        self._url = URL.create("sqlite", database=str(path), query={"timeout": str(busy_seconds)})
        self.engine = _prepared(create_engine(self._url, pool_size=8, max_overflow=56, pool_timeout=busy_seconds))
        event.listen(self.engine, "connect", _enforce_foreign_keys)
        immediate = self.engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._readers = sessionmaker(self.engine, expire_on_commit=False)
        self._writers = sessionmaker(immediate, expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session on one consistent snapshot; keep it short.

        Raises:
            DatabaseUnavailable: saying why, and what to do.
        """
        with in_words(self.path), self._readers.begin() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that is the only writer until the block ends; commits then, or rolls back on any exception.

        Raises:
            DatabaseUnavailable: nothing was written; says why, and what to do.
        """
        # IMMEDIATE: a transaction that reads first and writes later would fail at once with "locked",
        # without waiting, when another process wrote in between.
        with in_words(self.path), self._writers.begin() as session:
            session.connection()  # begins now, not with the first statement
            yield session

    def upgrade(self) -> None:
        """Create or upgrade the tables, one process at a time; all of it happens or nothing.

        Raises:
            DatabaseUnavailable: it cannot be made or upgraded, or a newer version of Sluice has upgraded it.
        """
        try:
            self._make_private_file()
            with _locked(self.path.parent / "migrate.lock"), in_words(self.path):
                self._migrate()
        except OSError as error:
            raise DatabaseUnavailable(
                f"DATA_DIR {self.path.parent} cannot be used: {error.strerror}. "
                "Name a folder there that this user can write to, on a disk with free space."
            ) from error

    def close(self) -> None:
        """Close the idle connections; harmless when called twice."""
        self.engine.dispose()

    def _make_private_file(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))

    def _migrate(self) -> None:
        # An engine of its own: with foreign keys enforced, a revision that rebuilds a table would empty its children.
        engine = _prepared(create_engine(self._url, poolclass=NullPool))
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute(
                "PRAGMA journal_mode = WAL"
            )  # stays with the file; not allowed in a transaction
        with engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"}).begin() as upgrading:
            _upgrade_to_head(upgrading, self.path)


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


def _upgrade_to_head(connection: Connection, path: Path) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return
    if current is not None and current not in {known.revision for known in script.walk_revisions()}:
        raise DatabaseUnavailable(
            f"The job database {path} was upgraded by a newer version of Sluice (to revision {current}). "
            "Install that version again, or restore DATA_DIR from a backup made before the upgrade."
        )
    command.upgrade(config, "head")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite says about the file at ``path`` into `DatabaseUnavailable`; bugs in queries pass unchanged."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable(f"The job database {path}: too many requests use it at once; try again.") from error
    except (DBAPIError, sqlite3.Error) as error:
        advice = _advice(error.orig if isinstance(error, DBAPIError) else error)
        if advice is None:
            raise
        raise DatabaseUnavailable(f"The job database {path} is unavailable: {advice}.") from error


def _advice(error: BaseException | None) -> str | None:
    if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.ProgrammingError):
        return None
    code = getattr(error, "sqlite_errorcode", None)  # absent where Python itself raised
    return None if code is None else _IN_WORDS.get(code & 0xFF)
