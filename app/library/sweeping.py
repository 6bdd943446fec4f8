"""What killed processes and removed users leave below ``DATA_DIR/library``, and how it goes away."""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from app.db import Database
from app.library.files import LibraryFiles
from app.library.sharing import some_items

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 3600.0


class LibrarySweep:
    """Removes files that are nobody's. Its chores may run in several processes at once.

    Args:
        database: where the rows are.
        files: the folder.
        patience_seconds: how old a file without a row must be: it may have been kept just now, its row is written next.
    """

    def __init__(self, database: Database, files: LibraryFiles, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._database, self._files, self._patience = database, files, patience_seconds

    def remove_files_of_nobody(self) -> None:
        """Remove the files that no item has."""
        for folder in _entries(self._files.files):
            aged = {path.name for path in _entries(folder) if _is_file_name(path.name) and self._is_aged(path)}
            for name in sorted(aged - self._some_items(aged)):
                self._remove_unless_some_items(name)

    def remove_abandoned_arrivals(self) -> None:
        """Remove what was being written by processes that are gone."""
        for path in _entries(self._files.arriving):
            if self._is_aged(path):
                with suppress(OSError):  # it went away, or its writer still holds it
                    _remove_unless_locked(path)

    @property
    def chores(self) -> tuple[Callable[[], None], ...]:
        """What is to be done now and then."""
        return (self.remove_files_of_nobody, self.remove_abandoned_arrivals)

    def _some_items(self, names: Collection[str]) -> set[str]:
        with self._database.reading() as session:
            return some_items(session, names)

    def _remove_unless_some_items(self, name: str) -> None:
        """Look and remove as the only writer, so that no row comes to have the file in between."""
        with self._database.writing() as session:
            if not some_items(session, [name]):
                self._files.remove([name])
                logger.info("Removed %s from the library: no item has it.", name)

    def _is_aged(self, path: Path) -> bool:
        try:
            status = path.lstat()
        except OSError:
            return False
        return time.time() - max(status.st_ctime, status.st_mtime) >= self._patience


def _remove_unless_locked(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(descriptor)


def _entries(folder: Path) -> Iterator[Path]:
    try:
        yield from sorted(folder.iterdir())
    except OSError:
        return


def _is_file_name(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
