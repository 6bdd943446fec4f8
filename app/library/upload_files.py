"""The files of uploads: written in parts, by one at a time over all processes, and on the disk before that is said."""

import fcntl
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import NotFound, UploadRefused
from app.library.disk import disk_in_words, require_space

PIECE = 1024 * 1024
"""So many bytes are in memory at once."""

_WRITING = "An upload cannot be written"


class UploadBusy(UploadRefused):
    """Somebody is writing to this upload right now."""


class UploadTooLong(UploadRefused):
    """More bytes came than were announced; none of this part was kept."""


class UploadFile:
    """The open file of one upload, of which this process is the only writer.

    Attributes:
        length: how many bytes of the upload have arrived.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.length = os.fstat(descriptor).st_size

    def append(self, read: Callable[[int], bytes], most: int) -> None:
        """Write all that ``read`` gives behind what is there; it is on the disk when this returns or raises.

        Args:
            read: returns up to so many bytes, none at the end. What it raises is raised, and what it gave before stays.
            most: more bytes than this are refused.

        Raises:
            UploadTooLong: the file is as it was.
            StorageFull: what fitted stays.
        """
        begin = self.length
        try:
            while piece := read(min(PIECE, begin + most - self.length) or 1):
                if self.length + len(piece) > begin + most:
                    self._cut(begin)
                    raise UploadTooLong("This is more than the upload was announced to have.", begin)
                self.write(piece)
        finally:
            self.settle()

    def write(self, piece: bytes) -> None:
        """Write these bytes behind what is there.

        Raises:
            StorageFull: they do not fit, or would leave too little; what was written of them counts.
        """
        view = memoryview(piece)
        with disk_in_words(_WRITING):
            require_space(self._descriptor, len(piece))
            while view:
                written = os.pwrite(self._descriptor, view, self.length)
                self.length += written
                view = view[written:]

    def settle(self) -> None:
        """Return once all that was written would survive a power failure."""
        with disk_in_words(_WRITING):
            os.utime(self._descriptor)
            os.fsync(self._descriptor)

    def _cut(self, length: int) -> None:
        os.ftruncate(self._descriptor, length)
        self.length = length


class UploadFiles:
    """The folder of all uploads. Thread-safe.

    Args:
        folder: made when it is missing; ``taken`` in it has the files that jobs have taken over.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken = folder / "taken"

    @contextmanager
    def new(self, upload_id: str) -> Iterator[UploadFile]:
        """Make a file and open it for writing, as nobody else can meanwhile; it is removed when the block raises."""
        with disk_in_words(_WRITING):
            self.taken.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.path(upload_id), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            sync_folder(self.folder)
            yield UploadFile(descriptor)
        except BaseException:
            self.remove(upload_id)
            raise
        finally:
            os.close(descriptor)

    @contextmanager
    def locked(self, upload_id: str) -> Iterator[UploadFile]:
        """Open the file for writing, as nobody else can meanwhile, in no process.

        Raises:
            UploadBusy: somebody else does.
            NotFound: there is no such file (any more).
        """
        descriptor = self._open(upload_id)
        try:
            self._lock(descriptor, upload_id)
            yield UploadFile(descriptor)
        finally:
            os.close(descriptor)

    def length(self, upload_id: str) -> int:
        """Return how many bytes have arrived.

        Raises:
            NotFound: there is no such file.
        """
        try:
            return self.path(upload_id).stat().st_size
        except FileNotFoundError:
            raise NotFound(gone(upload_id)) from None

    def remove(self, upload_id: str) -> None:
        """Remove the file; harmless when it is absent."""
        self.path(upload_id).unlink(missing_ok=True)

    def path(self, upload_id: str) -> Path:
        """Return where the file is while it arrives."""
        return self.folder / upload_id

    def taken_path(self, upload_id: str, owner_id: int) -> Path:
        """Return where the file is once a job has taken it over; its name says whose it was."""
        return self.taken / f"{upload_id}.{owner_id}"

    def forget(self, upload_id: str) -> None:
        """Remove the file that a job has taken over, if any."""
        for path in self.taken.glob(f"{upload_id}.*"):
            path.unlink(missing_ok=True)

    def changed_at(self, upload_id: str, otherwise: float) -> float:
        """Return when the file was last written to, in POSIX seconds; ``otherwise`` when it is not there."""
        changed = _changed_at(self.path(upload_id))
        return otherwise if changed == math.inf else changed

    def sweep(self, has: Callable[[str], bool], before: float, orphaned_before: float) -> None:
        """Remove files that belong to no upload, of which nobody is writing one now, and old ones of jobs.

        Args:
            has: tells whether there is an upload of this id.
            before: POSIX seconds; what a job has taken over and was last changed before goes.
            orphaned_before: POSIX seconds; what belongs to no upload and was last changed before goes.
        """
        for path in _unchanged_since(orphaned_before, self.folder):
            with suppress(UploadRefused, NotFound), self.locked(path.name):
                if not has(path.name):
                    path.unlink()
        for path in _unchanged_since(before, self.taken):
            path.unlink(missing_ok=True)

    def _open(self, upload_id: str) -> int:
        try:
            return os.open(self.path(upload_id), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise NotFound(gone(upload_id)) from None

    def _lock(self, descriptor: int, upload_id: str) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadBusy("Another request is sending a part of this upload.") from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), self.path(upload_id).stat()):
                return
        raise NotFound(gone(upload_id))  # it was removed, or taken, between opening and locking


def gone(upload_id: str) -> str:
    """Return the sentence about an upload that is not there."""
    return f"There is no upload {upload_id}."


def _unchanged_since(moment: float, folder: Path) -> list[Path]:
    found = [path for path in folder.iterdir() if path.is_file()] if folder.exists() else []
    return [path for path in found if _changed_at(path) < moment]


def _changed_at(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return math.inf


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder would survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
