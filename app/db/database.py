"""Transactions of the job database, and its life from the first file on."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import URL, BigInteger, Connection, Engine, Integer, MetaData, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import NullPool

from app.db.copying import copy_database
from app.db.migrating import upgrade_to_head
from app.db.words import in_words
from app.errors import DatabaseUnavailable

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_BEGIN = "sluice_begin"


class Base(DeclarativeBase):
    """Root of all tables; constraints get fixed names, so that a later revision can name them."""

    type_annotation_map: ClassVar[Mapping[Any, Any]] = {int: BigInteger().with_variant(Integer(), "sqlite")}
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
        busy_seconds: how long to wait for the write transactions of this process, and then for another's.
        migrations: the folder of the revisions.
    """

    def __init__(self, path: Path, busy_seconds: float = 5.0, migrations: Path = MIGRATIONS) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._turn = threading.Lock()
        self._migrations = migrations
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
        with self._in_turn(), in_words(self.path), self._writers.begin() as session:
            session.connection()  # begins now, not with the first statement
            yield session

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Have the writers of this process follow each other: SQLite's own waiting is to sleep and to try again.

        That took two thirds of the time of a copy job's sixteen threads (sampled with 1,000 small objects).
        """
        if not self._turn.acquire(timeout=self._busy_seconds):
            raise DatabaseUnavailable(f"The job database {self.path} is unavailable: others wait to write; try again.")
        try:
            yield
        finally:
            self._turn.release()

    def upgrade(self) -> None:
        """Create or upgrade the tables, one process at a time; all of it happens or nothing.

        A copy of a database from before its upgrade stays beside it, as ``sluice.db.0001-before-0002``.

        Raises:
            DatabaseUnavailable: it cannot be made, copied or upgraded, or a newer version of Sluice has upgraded it.
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

    def copy_to(self, target: Path) -> None:
        """Write the database as it is now to a new file, while others go on writing; see `copy_database`."""
        copy_database(self.path, target)

    def settle(self) -> None:
        """Return once all that was committed so far would survive a power failure; a commit alone need not.

        Raises:
            DatabaseUnavailable: it cannot be said; try again.
        """
        with in_words(self.path), closing(self.engine.raw_connection()) as connection:
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy:
            raise DatabaseUnavailable(f"The job database {self.path} is in use by a long reading; try again.")

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
            # Stays with the file; not allowed in a transaction.
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        with engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"}).begin() as upgrading:
            upgrade_to_head(upgrading, self.path, self._migrations)


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
