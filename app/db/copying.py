"""Copies of the database, taken while other processes go on writing to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from app.db.words import in_words
from app.errors import DatabaseUnavailable

_PAGES = 1024  # 4 MiB: between two of these steps Ctrl-C is heard
_BUSY_SECONDS = 5.0


def copy_database(source: Path, target: Path) -> None:
    """Write one moment of a database in WAL mode to a new file, for this user only; nobody who writes has to wait.

    The copy has been checked and is on the disk when this returns. When it raises, there is none.

    Args:
        source: the database.
        target: must not exist.

    Raises:
        DatabaseUnavailable: it cannot be copied, and what to do; a damaged database is not.
    """
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with in_words(source, f"cannot be copied to {target}"):
                _copy(source, target)
                _require_sound(source, target)
            sync(target)
        except BaseException:
            target.unlink()
            raise
    except OSError as error:
        raise DatabaseUnavailable(
            f"The job database {source} cannot be copied to {target}: {error.strerror}."
        ) from error


def sync(path: Path) -> None:
    """Return once the file, or the names in the folder, would survive a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(source: Path, target: Path) -> None:
    with _opened(str(source)) as reading, _opened(str(target)) as writing:
        # Nobody else sees the copy yet, and `sync` follows; so no journal lies beside it when this is killed.
        writing.execute("PRAGMA journal_mode = OFF")
        writing.execute("PRAGMA synchronous = OFF")
        # One long reading transaction. Without it each write of another process has SQLite begin the copy anew,
        # so that under load it never ends (measured: 779 new beginnings in 4 s).
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reading.backup(writing, pages=_PAGES, progress=_hear_signals)


def _require_sound(source: Path, target: Path) -> None:
    with _opened(f"{target.as_uri()}?immutable=1", uri=True) as checking:  # immutable: no -wal and -shm beside it
        [verdict] = checking.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise DatabaseUnavailable(
            f"The job database {source} is damaged, so no copy was kept ({' '.join(verdict.split())}). "
            "Restore DATA_DIR from a backup."
        )


def _opened(where: str, *, uri: bool = False) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(where, timeout=_BUSY_SECONDS, isolation_level=None, uri=uri))


def _hear_signals(*_: int) -> None:
    """Do nothing: Python handles what was signalled meanwhile, and a Ctrl-C ends the copy."""
