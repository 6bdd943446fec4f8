"""Reading one file so that a torn one is noticed."""

import errno
import os
import stat
import time
from collections.abc import Callable
from typing import Any, Self

from app.errors import FileChanged, FileMissing, FileUnreadable, StorageFull
from app.storages.disk import has_space
from app.storages.local.confinement import ELSEWHERE, is_inside, open_descriptor, place_of
from app.storages.local.stamp import lasting_stamp

TICK = 0.02
"""Seconds; twice the coarsest clock that kernels stamp files with (100 Hz)."""

CHUNK = 1024 * 1024

_AT_ONCE = 16 * CHUNK
_COPIED_BY_SYSTEM: Callable[[int, int, int], int] | None = getattr(os, "copy_file_range", None)
"""Linux has it; where the file system can, both files then share what is on the disk."""

_NOT_BY_SYSTEM = (errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM)


def open_file(path: str, key: str, confine: str) -> "LocalContent":
    """Open a regular file that lies inside ``confine``.

    Args:
        path: where it is.
        key: its key, for messages.
        confine: the folder, without links, that must not be left.

    Raises:
        FileMissing: nothing is there.
        FileUnreadable: it may not be read, is no regular file, or lies elsewhere.
    """
    try:
        descriptor = open_descriptor(path)
    except (FileNotFoundError, NotADirectoryError):
        raise FileMissing(f"{key!r} is not there any more.") from None
    except OSError as error:
        raise FileUnreadable(f"{key!r} cannot be opened: {error.strerror}.") from None
    try:
        return LocalContent(descriptor, key, _readable(descriptor, path, key, confine))
    except BaseException:
        os.close(descriptor)
        raise


def _readable(descriptor: int, path: str, key: str, confine: str) -> os.stat_result:
    """Return the status of the open file, which must be a regular one inside ``confine``."""
    try:
        inside = is_inside(place_of(descriptor, path), confine)
        status = os.fstat(descriptor)
    except OSError as error:
        raise FileUnreadable(f"{key!r} cannot be opened: {error.strerror}.") from None
    if not inside:
        raise FileUnreadable(f"{key!r} is not read: {ELSEWHERE}.")
    if not stat.S_ISREG(status.st_mode):
        raise FileUnreadable(f"{key!r} is not a file.")
    return status


class LocalContent:
    """The bytes of one open file.

    A change between opening and `verify` shows in the size or the time stamps, but for one gap: the kernel's clock
    stands still for up to 10 ms, and a file that is written twice within one tick has the same stamps after both.
    So a file whose last change is younger than two ticks is let grow older before its first byte is read: any later
    change then bears a later stamp.

    Args:
        descriptor: the open file; owned from now on.
        key: the file's key, for messages.
        status: the open file's, as it is now.

    Raises:
        FileChanged: it is being written right now.
    """

    def __init__(self, descriptor: int, key: str, status: os.stat_result) -> None:
        self._key = key
        self._opened = _settled(descriptor, key, status)
        self.size = self._opened.st_size
        self.modified_ns = self._opened.st_mtime_ns
        self.mark = lasting_stamp(self._opened)
        self._done = 0
        self._has_ended = False
        self._descriptor: int | None = descriptor

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative.

        Raises:
            FileChanged: it ended before, or goes on after, the size it had when it was opened.
            FileUnreadable: the bytes cannot be read.
        """
        left = self.size - self._done
        if n == 0:
            return b""
        if not left:
            self._require_end()
            return b""
        return self._read_all(left) if n < 0 else self._read_some(min(n, left))

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes."""
        os.lseek(self._fd(), n, os.SEEK_CUR)
        self._done += n

    def pour(self, into: int) -> None:
        """Copy all that is left into an open file, by the system itself where it can, and then `verify`.

        Raises:
            FileChanged, FileUnreadable: as `read`.
            StorageFull: as `require_room`.
            OSError: ``into`` cannot take it.
        """
        while (left := self.size - self._done) and (copied := self._copied_by_system(into, left)):
            self._done += copied
        while chunk := self.read(CHUNK):
            require_room(into, len(chunk))
            _write_all(into, chunk)
        self.verify()

    def verify(self) -> None:
        """Raise `FileChanged` unless the whole file was read, and was one and the same from opening until now.

        One byte more than the size tells of is looked for: the files of /proc, and of some networks, have more.
        """
        if self._done != self.size:
            raise FileChanged(f"{self._key!r} was not read to its end.")
        if not self._has_ended:
            self._require_end()
        if _identity(os.fstat(self._fd())) != _identity(self._opened):
            raise FileChanged(f"{self._key!r} changed while it was read.")

    def close(self) -> None:
        """Close the file."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _read_all(self, left: int) -> bytes:
        chunks = []
        while left:
            chunks.append(self._read_some(left))
            left -= len(chunks[-1])
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _read_some(self, n: int) -> bytes:
        chunk = self._read_raw(n)
        if not chunk:
            raise FileChanged(f"{self._key!r} became shorter while it was read.")
        self._done += len(chunk)
        return chunk

    def _require_end(self) -> None:
        if self._read_raw(1):
            raise FileChanged(f"{self._key!r} is longer than it was said to be, or became longer while it was read.")
        self._has_ended = True

    def _copied_by_system(self, into: int, left: int) -> int:
        """Return how many bytes the system copied; none at the end of the file, and where it cannot."""
        if _COPIED_BY_SYSTEM is None:
            return 0
        piece = min(left, _AT_ONCE)
        require_room(into, piece)
        try:
            return _COPIED_BY_SYSTEM(self._fd(), into, piece)
        except OSError as error:
            if error.errno not in _NOT_BY_SYSTEM:
                raise
            return 0

    def _read_raw(self, n: int) -> bytes:
        try:
            return os.read(self._fd(), n)
        except OSError as error:
            raise FileUnreadable(f"{self._key!r} cannot be read: {error.strerror}.") from None

    def _fd(self) -> int:
        if self._descriptor is None:
            raise ValueError("the file is closed")
        return self._descriptor


def require_room(into: int, size: int) -> None:
    """Return when so many bytes more may be written to an open file.

    Raises:
        StorageFull: they do not fit, or would take what the disk keeps for the service; see `app.storages.disk`.
    """
    if not has_space(into, size):
        raise StorageFull("There is no room left, but for what is kept free for the service itself.")


def _write_all(into: int, data: bytes) -> None:
    view: Any = memoryview(data)
    while view:
        view = view[os.write(into, view) :]


def _settled(descriptor: int, key: str, first: os.stat_result) -> os.stat_result:
    age = time.time() - first.st_ctime
    if age >= TICK:
        return first
    time.sleep(min(TICK, TICK - age))
    second = os.fstat(descriptor)
    if _identity(second) != _identity(first):
        raise FileChanged(f"{key!r} is being written just now.")
    return second


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
