"""The files of the library below DATA_DIR: where they are, and how they appear whole or not at all."""

import errno
import fcntl
import logging
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from app.db.copying import sync
from app.library.disk import disk_in_words

logger = logging.getLogger(__name__)

LIBRARY = "library"
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)  # FAT and some network file systems have none


class LibraryFiles:
    """The folder ``DATA_DIR/library``, for this user only. Thread-safe, also between processes.

    ``files/<2 digits>/<uuid>`` are the files of items, never changed once they are there. ``arriving/`` holds what is
    being written.

    Args:
        data_dir: DATA_DIR. Nothing is made before the first file.
    """

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir / LIBRARY
        self.files = self.root / "files"
        self.arriving = self.root / "arriving"

    @contextmanager
    def new_arrival(self, name: str) -> Iterator[Path]:
        """Make an empty file to be written; what is still under its name when the block ends is removed.

        While the block lasts, nobody takes the file for one that a dead process left: a lock is held, which ends
        with the process.

        Args:
            name: stands at the beginning of the file's name.

        Raises:
            StorageFull: the disk is full.
            StorageFailure: it cannot be made.
        """
        path = self.arriving / f"{name}-{secrets.token_hex(8)}"
        with disk_in_words("A file of the library cannot be made"):
            make_private_folder(self.root)
            make_private_folder(self.arriving)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield path
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)

    def keep(self, path: Path) -> str:
        """Give a written file its place among the files of items, so that it survives a power failure.

        Args:
            path: on the file system of DATA_DIR. It stays there as a second name of the same file, but where the file
                system knows no hard links.

        Returns:
            The file's name; it is nobody's until a row has it.

        Raises:
            StorageFull: the disk is full.
            StorageFailure: the file cannot be kept.
        """
        name = str(uuid4())
        target = self.path(name)
        with disk_in_words("A file of the library cannot be kept"):
            path.chmod(0o600)
            for folder in (self.root, self.files, target.parent):
                make_private_folder(folder)
            sync(path)
            _give_name(path, target)
            sync(target.parent)
        return name

    def path(self, name: str) -> Path:
        """Return where the file of this name is.

        Raises:
            ValueError: it is the name of no file, and could lead anywhere.
        """
        name = str(UUID(name))
        return self.files / name[:2] / name

    def open(self, name: str) -> BinaryIO:
        """Open a file for reading; it can be read to its end even when it is removed meanwhile.

        Raises:
            FileNotFoundError: it is not there.
            OSError: it cannot be opened.
        """
        return self.path(name).open("rb", buffering=0)

    def remove(self, names: Iterable[str]) -> None:
        """Remove these files, which no row has any more; what cannot be removed is logged and left to the sweep."""
        for name in names:
            try:
                self.path(name).unlink(missing_ok=True)
            except OSError as error:
                logger.warning("%s of the library cannot be removed: %s", name, error)


def make_private_folder(folder: Path) -> None:
    """Make a folder for this user only, if it is missing, so that its name survives a power failure.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        sync(folder.parent)


def _give_name(path: Path, target: Path) -> None:
    """Prefer a second name to a move: a process that dies before the row is there can then begin anew from ``path``."""
    try:
        target.hardlink_to(path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        path.rename(target)
