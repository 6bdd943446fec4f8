"""What SQLite says of a file, in words for a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import DatabaseUnavailable

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


@contextmanager
def in_words(path: Path, what: str = "is unavailable") -> Iterator[None]:
    """Turn what SQLite says about the file at ``path`` into `DatabaseUnavailable`; bugs in queries pass unchanged.

    Args:
        path: the job database.
        what: what is the matter with it when this happens.
    """
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseUnavailable(f"The job database {path}: too many requests use it at once; try again.") from error
    except (DBAPIError, sqlite3.Error) as error:
        advice = _advice(error.orig if isinstance(error, DBAPIError) else error)
        if advice is None:
            raise
        raise DatabaseUnavailable(f"The job database {path} {what}: {advice}.") from error


def _advice(error: BaseException | None) -> str | None:
    if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.ProgrammingError):
        return None
    code = getattr(error, "sqlite_errorcode", None)  # absent where Python itself raised
    return None if code is None else _IN_WORDS.get(code & 0xFF)
