"""What the rest of the product knows of the job database, whichever kind it is."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.errors import DatabaseUnavailable

MIGRATIONS = Path(__file__).parents[1] / "migrations"


class Database(ABC):
    """One job database. Thread-safe; to be made anew after a fork. Nothing is opened before the first use.

    Attributes:
        name: says to people which it is; no password is in it.
        is_shared: whether processes on other machines can use it too.
    """

    is_shared: ClassVar[bool]

    def __init__(self, name: str, engine: Engine, busy_seconds: float) -> None:
        self.name = name
        self.engine = engine
        self._busy_seconds = busy_seconds
        self._turn = threading.Lock()
        self._readers = sessionmaker(self._for_readers(engine), expire_on_commit=False)
        self._writers = sessionmaker(self._for_writers(engine), expire_on_commit=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session on one consistent snapshot; keep it short.

        Raises:
            DatabaseUnavailable: saying why, and what to do.
        """
        with self._in_words(), self._readers.begin() as session:
            yield session

    @contextmanager
    def writing(self, *, beside_others: bool = False) -> Iterator[Session]:
        """Open a session that is the only writer until the block ends; commits then, or rolls back on any exception.

        Args:
            beside_others: others may write too, where the database can; the block locks the rows that it needs itself.

        Raises:
            DatabaseUnavailable: says why, and what to do. Nothing was written, unless the connection was cut while the
                end of the block was being kept: then nobody can say.
        """
        with self._in_turn(beside_others), self._in_words(), self._writers.begin() as session:
            self._begin_writing(session, beside_others)
            yield session

    @abstractmethod
    def now(self, session: Session) -> float:
        """Return the time of the database's clock in POSIX seconds, which is the same for all machines."""

    @abstractmethod
    def upgrade(self) -> None:
        """Create or upgrade the tables, one process at a time; all of it happens or nothing.

        Raises:
            DatabaseUnavailable: it cannot be made or upgraded, or a newer version of Sluice has upgraded it.
        """

    @abstractmethod
    def copy_to(self, target: Path) -> None:
        """Write the database as it is now to a new file, while others go on writing.

        Raises:
            DatabaseUnavailable: it cannot be copied, or not by us, and what to do.
        """

    @abstractmethod
    def settle(self) -> None:
        """Return once all that was committed so far would survive a power failure; a commit alone need not.

        Raises:
            DatabaseUnavailable: it cannot be said; try again.
        """

    def close(self) -> None:
        """Close the idle connections; harmless when called twice."""
        self.engine.dispose()

    @abstractmethod
    def _for_readers(self, engine: Engine) -> Engine: ...

    @abstractmethod
    def _for_writers(self, engine: Engine) -> Engine: ...

    @abstractmethod
    def _begin_writing(self, session: Session, beside_others: bool) -> None: ...

    @abstractmethod
    def _in_words(self) -> AbstractContextManager[None]: ...

    @contextmanager
    def _in_turn(self, beside_others: bool) -> Iterator[None]:
        """Have the writers of this process follow each other, rather than each wait in the database.

        SQLite's own waiting is to sleep and to try again, which took two thirds of the time of a copy job's sixteen
        threads (sampled with 1,000 small objects); with PostgreSQL each would occupy a connection meanwhile.
        """
        if beside_others and self.is_shared:
            yield
            return
        if not self._turn.acquire(timeout=self._busy_seconds):
            raise DatabaseUnavailable(f"The job database {self.name} is unavailable: others wait to write; try again.")
        try:
            yield
        finally:
            self._turn.release()
