"""The index of a deployment of several machines: rows of the job database. See `app.transfer.index` for what it is."""

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Self

from sqlalchemy import Delete, ForeignKey, LargeBinary, String, Text, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Base, Database
from app.errors import DatabaseUnavailable
from app.transfer.index import BATCH, Seen

READ_ROWS = 5000
DAY = 24 * 60 * 60
FORGET_AT_ONCE = 10_000
"""Rows of an unused index that one transaction removes."""

logger = logging.getLogger(__name__)


class IndexRow(Base):
    """An index.

    Attributes:
        name: made of the names of its two places.
        opened_at: POSIX seconds when it was last opened to be written.
    """

    __tablename__ = "indexes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    opened_at: Mapped[float]


class SeenRow(Base):
    """One `Seen` of an index.

    Attributes:
        key: in UTF-8: rows are sorted by bytes.
    """

    __tablename__ = "seen"
    __table_args__ = ({"sqlite_with_rowid": False},)

    index_number: Mapped[int] = mapped_column(
        ForeignKey("indexes.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    size: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    target: Mapped[str] = mapped_column(Text)


class SharedIndex:
    """The index of one source and one target. Thread-safe; any number of processes may have it open.

    A row is a proof about two versions, true whenever it is written and by whomever. No method raises for what happens
    to the database: one warning is logged, and the index is used no more.

    Args:
        number: of the index; None: there is none, and nothing is noted.
        read_only: notes are ignored.
    """

    def __init__(self, database: Database, number: int | None, *, read_only: bool = False) -> None:
        self._database = database
        self._number = number
        self._is_written = number is not None and not read_only
        self._lock = threading.Lock()
        self._pending: dict[str, Seen | None] = {}  #: by key; None: to be forgotten
        self._writing = threading.Lock()  #: held while writing, so that notes are written in their order
        self._warned = False

    @classmethod
    def open(
        cls, database: Database, source: str, target: str, *, read_only: bool = False, keep_days: float = 90
    ) -> "SharedIndex":
        """Open the index of two places, and remove rows of those that were not opened for ``keep_days``.

        Args:
            database: upgraded.
            source: a word that names the one place for good, such as a folder's path; nothing secret.
            target: the same for the other one.
            read_only: notes are ignored, and nothing is made, changed or removed.
            keep_days: days.
        """
        index = cls(database, None, read_only=read_only)
        name = hashlib.sha256(f"{source}\0{target}".encode(errors="surrogateescape")).hexdigest()
        try:
            index._number = _found(database, name) if read_only else _made(database, name)
            index._is_written = not read_only
            if not read_only:
                _forget_unused(database, keep_days)
        except DatabaseUnavailable as error:
            index._give_up(error)
        return index

    def seen(self, after: str = "") -> Iterator[Seen]:
        """Yield the rows, keys strictly ascending by their UTF-8 bytes. The rows end early when the database fails.

        What is noted meanwhile may show, and be a proof as good as any: no transaction stays open for hours here.

        Args:
            after: only keys greater than it.
        """
        last = after.encode()
        while rows := self._rows_after(last):
            for key, size, source, target in rows:
                yield Seen(key.decode(), size, source, target)
            last = rows[-1][0]

    def note(self, seen: Seen) -> None:
        """Remember a proof, in the place of what was known of its key; written with the next thousand."""
        self._add(seen.key, seen)

    def forget(self, key: str) -> None:
        """Forget what is known of a key; notes that come later count."""
        self._add(key, None)

    def flush(self) -> None:
        """Write all that was noted so far."""
        with self._writing:
            with self._lock:
                pending, self._pending = self._pending, {}
            if pending and self._is_written:
                self._write(pending)

    def close(self) -> None:
        """Write what is left; harmless when called twice."""
        self.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _add(self, key: str, seen: Seen | None) -> None:
        if not self._is_written:
            return
        with self._lock:
            self._pending[key] = seen
            is_full = len(self._pending) >= BATCH
        if is_full:
            self.flush()

    def _rows_after(self, last: bytes) -> list[tuple[bytes, int, str, str]]:
        if self._number is None:
            return []
        rest = and_(SeenRow.index_number == self._number, SeenRow.key > last)
        page = (
            select(SeenRow.key, SeenRow.size, SeenRow.source, SeenRow.target)
            .where(rest)
            .order_by(SeenRow.key)
            .limit(READ_ROWS)
        )
        try:
            with self._database.reading() as session:
                return [(key, size, source, target) for key, size, source, target in session.execute(page)]
        except DatabaseUnavailable as error:
            self._warn(error)
            return []

    def _write(self, pending: Mapping[str, Seen | None]) -> None:
        """Replace what was known of these keys, in their order: two who write the same ones cannot wait in a ring."""
        noted = {seen.key.encode(): seen for seen in pending.values() if seen is not None}
        rows = [
            {"index_number": self._number, "key": key, "size": seen.size, "source": seen.source, "target": seen.target}
            for key, seen in sorted(noted.items())
        ]
        try:
            with self._database.writing(beside_others=True) as session:
                if rows:
                    session.execute(_replacing(session), rows)
                forgotten = sorted(key.encode() for key, seen in pending.items() if seen is None)
                session.execute(_of_index(self._number).where(SeenRow.key.in_(forgotten)))
        except (DatabaseUnavailable, IntegrityError) as error:  # the latter when somebody has removed the index
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self._is_written = False
        self._warn(error)

    def _warn(self, error: Exception) -> None:
        if not self._warned:
            self._warned = True
            logger.warning("The index in the job database is not used any more: %s", error)


def _upsert(session: Session, table: type[Base]) -> Any:
    """Return an insertion that can say what happens to a row that is there; each database has its own class for it."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table)


def _replacing(session: Session) -> Any:
    adding = _upsert(session, SeenRow)
    news = {name: adding.excluded[name] for name in ("size", "source", "target")}
    return adding.on_conflict_do_update(index_elements=["index_number", "key"], set_=news)


def _of_index(number: int | None) -> Delete:
    return delete(SeenRow).where(SeenRow.index_number == number).execution_options(synchronize_session=False)


def _found(database: Database, name: str) -> int | None:
    with database.reading() as session:
        return session.scalar(select(IndexRow.number).where(IndexRow.name == name))


def _made(database: Database, name: str) -> int:
    """Return the number of the index of this name, which is made when it is absent, and note that it was opened."""
    with database.writing(beside_others=True) as session:
        now = database.now(session)
        adding = _upsert(session, IndexRow).values(name=name, opened_at=now)
        session.execute(adding.on_conflict_do_nothing(index_elements=["name"]))
        opened = update(IndexRow).where(IndexRow.name == name).values(opened_at=now).returning(IndexRow.number)
        return session.scalars(opened).one()


def _forget_unused(database: Database, days: float) -> None:
    """Remove some rows of an index that nobody has opened for so many days, or the index once it has none."""
    with database.reading() as session:
        since = database.now(session) - days * DAY
        unused = select(IndexRow.number).where(IndexRow.opened_at < since).limit(1)
        number = session.scalar(unused)
    if number is None:
        return
    with database.writing(beside_others=True) as session:
        if session.scalar(unused.where(IndexRow.number == number).with_for_update()) is None:
            return  # it was opened meanwhile
        some = select(SeenRow.key).where(SeenRow.index_number == number).limit(FORGET_AT_ONCE)
        keys = session.scalars(some).all()
        session.execute(_of_index(number).where(SeenRow.key.in_(keys)))
        if len(keys) < FORGET_AT_ONCE:
            session.execute(delete(IndexRow).where(IndexRow.number == number))
