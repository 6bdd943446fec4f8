"""The file of an index: named after its places, made when absent, thrown away when it is none of ours or damaged."""

import errno
import fcntl
import hashlib
import logging
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ERRORS = (sqlite3.Error, OSError, UnicodeError)
"""What using the file may raise. (A `UnicodeDecodeError` is SQLite's message about text that is damaged.)"""

FORMAT = 1
BUSY_SECONDS = 1.0
DAY = 24 * 60 * 60
LONGEST_VALUE = 1024 * 1024
"""In bytes; a damaged row may claim any length, and memory would be set aside for it."""

_OURS = re.compile(r"index-[0-9a-f]{32}\.db")
_COLUMNS = "key TEXT PRIMARY KEY, size INTEGER NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL"
_TABLES = (
    f"CREATE TABLE seen ({_COLUMNS}) WITHOUT ROWID",
    "CREATE TABLE places (source TEXT NOT NULL, target TEXT NOT NULL)",
)
_PRAGMAS = ("cell_size_check = ON", "trusted_schema = OFF", "synchronous = NORMAL")
_CIRCUMSTANCES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_NOMEM,
}
"""What SQLite says of the disk, of rights and of other users of a file; all else is said of what is in the file."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexFile:
    """Where the index of two places lies. Thread-safe.

    Attributes:
        path: the SQLite file; ``-wal`` and ``-shm`` may lie beside it.
        source: names the one place; it is kept in the file for people only.
        target: names the other one.
    """

    path: Path
    source: str
    target: str

    @classmethod
    def of(cls, folder: Path, source: str, target: str) -> "IndexFile":
        """Return the file in ``folder`` for two places; its name is made of theirs."""
        digest = hashlib.sha256(f"{source}\0{target}".encode(errors="surrogateescape")).hexdigest()
        return cls(folder / f"index-{digest[:32]}.db", source, target)

    def writing(self) -> sqlite3.Connection:
        """Open the file for writing; make it when it is absent, and anew when it is damaged or of another format.

        Raises:
            ERRORS: it cannot be used at all.
        """
        with _alone_in(self.path.parent):
            try:
                return self._made()
            except ERRORS as error:
                if not is_damage(error):
                    raise
                logger.warning("The index %s cannot be used and begins anew: %s.", self.path, error)
            self._discard()
            return self._made()

    def anew(self) -> sqlite3.Connection:
        """Throw the file away and make another one; who still uses the old one goes on with that.

        Raises:
            ERRORS: that cannot be done.
        """
        with _alone_in(self.path.parent):
            self._discard()
            return self._made()

    def reading(self) -> sqlite3.Connection:
        """Open the file, which must exist, for reading only.

        Raises:
            ERRORS: it cannot be used, or is of another format.
        """
        return self._connection("ro")

    def discard_when_unused(self, since: float) -> None:
        """Remove the file unless it was opened for writing after ``since``, in POSIX seconds.

        Raises:
            OSError: it cannot be removed.
        """
        with _alone_in(self.path.parent), suppress(FileNotFoundError):
            if self.path.stat().st_mtime < since:
                self._discard()

    def _discard(self) -> None:
        # In this order: SQLite itself throws away a -wal that lies beside an empty file.
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def _made(self) -> sqlite3.Connection:
        # With O_EXCL, since closing a second descriptor of a file in use would drop the locks that SQLite has on it.
        with suppress(FileExistsError):
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.utime(self.path)
        return self._connection("rw")

    def _connection(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,  # `Index` sees to it that only one thread at a time uses it
        )
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            if mode == "rw":
                self._fill_when_new(connection)
            _require_format(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _fill_when_new(self, connection: sqlite3.Connection) -> None:
        if _tables(connection):
            return
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # commits, or rolls back
            for table in _TABLES:
                connection.execute(table)
            words = [place.encode(errors="backslashreplace").decode() for place in (self.source, self.target)]
            connection.execute("INSERT INTO places VALUES (?, ?)", words)
            connection.execute(f"PRAGMA user_version = {FORMAT}")


def is_damage(error: Exception) -> bool:
    """Return whether one of `ERRORS` tells of the file's content, and not of the disk, rights or other processes."""
    if isinstance(error, sqlite3.Error):
        code: int | None = getattr(error, "sqlite_errorcode", None)  # missing where it is the module's error, or ours
        return code is None or code & 0xFF not in _CIRCUMSTANCES
    return isinstance(error, UnicodeDecodeError)


def discard_unused(folder: Path, days: float) -> None:
    """Remove the index files in ``folder`` that nobody has opened for writing for so many days; no other files.

    Raises:
        OSError: the folder cannot be read or changed.
    """
    since = time.time() - days * DAY
    for path in list(folder.iterdir()):
        if _OURS.fullmatch(path.name):
            IndexFile(path, "", "").discard_when_unused(since)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let nobody else make or remove index files of the folder meanwhile.

    Raises:
        OSError: there is no such folder, or somebody else does not come to an end.
    """
    descriptor = os.open(folder / "index.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + BUSY_SECONDS
        while not _lock(descriptor):
            if time.monotonic() > deadline:
                raise OSError(errno.EBUSY, "another process keeps index.lock")
            time.sleep(0.01)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _tables(connection: sqlite3.Connection) -> tuple[str, ...]:
    return tuple(sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master ORDER BY rowid"))


def _require_format(connection: sqlite3.Connection) -> None:
    with closing(connection.execute("PRAGMA user_version")) as cursor:
        [version] = cursor.fetchone()
    if version != FORMAT or _tables(connection) != _TABLES:
        raise sqlite3.DatabaseError("it is of another format")
