"""The index: what was identical on both sides last time. A cache: it may lose anything, and must never tell a lie.

It is plain sqlite3 and no part of the job database: a million small rows are streamed in order and written in
batches, and there is no schema to migrate, since a file of another format is thrown away. Nothing that happens to
the file (damage, a full disk, another process's lock) fails a job or holds it up for long: what is not in the index
is compared again.
"""

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, suppress
from operator import lt
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from app.transfer.index_file import ERRORS, IndexFile, discard_unused, is_damage

BATCH = 1000
"""Notes per transaction, and rows per fetch."""

logger = logging.getLogger(__name__)


class Seen(NamedTuple):
    """Proof that a key had the same content on both sides.

    To be made only of marks that stood for the very bytes that were compared or copied: `Content.mark` of what was
    read, and `Entry.mark` of the listed entry that it was compared with, or of the one that `Storage.write` returned.

    Attributes:
        size: length in bytes.
        source: the mark of the source's version.
        target: the mark of the target's version.
    """

    key: str
    size: int
    source: str
    target: str


class Notes(Protocol):
    """Where to note what has become equal. Thread-safe."""

    def note(self, seen: Seen) -> None:
        """Remember a proof."""
        ...


class AnyIndex(Notes, Protocol):
    """What a run needs of an index; see `Index` for the promises."""

    def seen(self, after: str = "") -> Iterator[Seen]:
        """Yield the rows of keys greater than ``after``."""
        ...

    def forget(self, key: str) -> None:
        """Forget what is known of a key."""
        ...


class NoIndex:
    """An index that knows nothing and learns nothing."""

    def seen(self, after: str = "") -> Iterator[Seen]:  # noqa: ARG002  # as of the others
        """Yield nothing."""
        return iter(())

    def note(self, seen: Seen) -> None:
        """Ignore it."""

    def forget(self, key: str) -> None:
        """Ignore it."""

    def flush(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class Index:
    """The index of one source and one target. Thread-safe; any number of processes may have it open.

    No method raises for what happens to the file: one warning is logged, and the index is made anew or used no more.

    Args:
        file: where it lies.
        connection: writes to it; None where nothing shall be written.
    """

    def __init__(self, file: IndexFile, connection: sqlite3.Connection | None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._pending: dict[str, Seen | None] = {}  #: by key; None: to be forgotten
        self._batches: deque[dict[str, Seen | None]] = deque()
        # Held while writing, so that batches are written in their order; who only adds to a batch never waits for it.
        self._writing = threading.Lock()
        self._connection = connection
        self._renewed = self._warned = False

    @classmethod
    def open(cls, folder: Path, source: str, target: str, *, read_only: bool = False, keep_days: float = 90) -> "Index":
        """Open the index of two places, and remove those in ``folder`` that were not opened for ``keep_days``.

        Args:
            folder: made when absent; may hold other files, which are left alone.
            source: a word that names the one place for good, such as a folder's path; nothing secret.
            target: the same for the other one, such as ``s3://host/bucket/prefix``.
            read_only: notes are ignored, and nothing is made, changed or removed.
            keep_days: days.
        """
        index = cls(IndexFile.of(folder, source, target), None)
        if not read_only:
            index._begin(folder, keep_days)
        return index

    def seen(self, after: str = "") -> Iterator[Seen]:
        """Yield the rows, keys strictly ascending by their UTF-8 bytes, as they are when the first one is asked for.

        Notes written meanwhile do not show. The rows end early, without an error, when the file turns out damaged.

        Args:
            after: only keys greater than it.
        """
        last = after
        for rows in self._blocks(after):
            if not _is_ascending(last, rows):
                self._renew("its keys are out of order")
                return
            yield from map(Seen._make, rows)
            last = rows[-1][0]

    def note(self, seen: Seen) -> None:
        """Remember a proof, in the place of what was known of its key; written with the next thousand."""
        self._add(seen.key, seen)

    def forget(self, key: str) -> None:
        """Forget what is known of a key; notes that come later count."""
        self._add(key, None)

    def flush(self) -> None:
        """Write all that was noted so far."""
        with self._lock:
            self._batches.append(self._pending)
            self._pending = {}
        self._write_batches()

    def close(self) -> None:
        """Write what is left and close the file; harmless when called twice."""
        self.flush()
        with self._writing:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _begin(self, folder: Path, keep_days: float) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = self._file.writing()
        except ERRORS as error:
            self._warn(f"is not used: {error}")
        with suppress(OSError):
            discard_unused(folder, keep_days)

    def _add(self, key: str, seen: Seen | None) -> None:
        if self._connection is None:
            return
        with self._lock:
            self._pending[key] = seen
            if len(self._pending) < BATCH:
                return
            self._batches.append(self._pending)
            self._pending = {}
        self._write_batches()

    def _write_batches(self) -> None:
        with self._writing:
            while self._batches:
                batch = self._batches.popleft()
                if self._connection is not None and batch:
                    self._write(self._connection, batch)

    def _write(self, connection: sqlite3.Connection, batch: dict[str, Seen | None]) -> None:
        noted = sorted(seen for seen in batch.values() if seen is not None)
        forgotten = [(key,) for key, seen in batch.items() if seen is None]
        try:
            connection.execute("BEGIN IMMEDIATE")
            with connection:  # commits, or rolls back
                connection.executemany("DELETE FROM seen WHERE key = ?", forgotten)
                connection.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)", noted)
        except ERRORS as error:
            self._cannot_write(error)

    def _cannot_write(self, error: Exception) -> None:
        if is_damage(error):
            self._begin_anew(str(error))
        else:
            self._warn(f"is not written any more: {error}")
            self._stop()

    def _blocks(self, after: str) -> Iterator[list[tuple[str, int, str, str]]]:
        try:
            if self._file.path.exists():
                with closing(self._file.reading()) as connection:
                    rest = "SELECT key, size, source, target FROM seen WHERE key > ? ORDER BY key"
                    cursor = connection.execute(rest, (after,))
                    while rows := cursor.fetchmany(BATCH):
                        yield rows
        except ERRORS as error:
            self._cannot_read(error)

    def _cannot_read(self, error: Exception) -> None:
        if is_damage(error):
            self._renew(str(error))
        else:
            self._warn(f"is not read any more: {error}")

    def _renew(self, why: str) -> None:
        with self._writing:
            self._begin_anew(why)

    def _begin_anew(self, why: str) -> None:
        """Throw the file away, and make another one if it is to be written and this happens for the first time."""
        self._warn(f"is damaged: {why}")
        if self._connection is None:
            return
        self._stop()
        with suppress(*ERRORS):
            self._connection = None if self._renewed else self._file.anew()
        self._renewed = True

    def _stop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _warn(self, what: str) -> None:
        if not self._warned:
            self._warned = True
            logger.warning("The index %s %s.", self._file.path, what)


def _is_ascending(last: str, rows: list[tuple[str, int, str, str]]) -> bool:
    """Return whether the keys go on after ``last`` in order; a damaged file may give anything, even other types."""
    keys = [last, *(row[0] for row in rows)]
    try:
        return all(map(lt, keys, keys[1:]))
    except TypeError:
        return False
