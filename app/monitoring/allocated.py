"""Counters in files whose blocks are there before they are mapped: a full disk must not kill who counts.

Whoever writes to a mapped page for which the disk has no block left is killed by SIGBUS, and the library maps files
that are nothing but holes at first.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from prometheus_client import mmap_dict

_Library: Any = mmap_dict.MmapedDict
_FIRST = mmap_dict._INITIAL_MMAP_SIZE
_BESIDE_ITS_KEY = 64
"""Bytes; what a count takes more than its key, and some more."""

_NOT_AHEAD = (errno.EBADF, errno.EINVAL, errno.ENODEV, errno.ENOSYS, errno.EOPNOTSUPP)
"""What is said where a file system gives no blocks ahead (NFS up to 4.1, ext3); of files to be appended to, EBADF."""


class Allocated(_Library):  # type: ignore[misc]  # the library has no types
    """The library's counters; to be made, and to grow, raises `OSError` where the disk is full."""

    _f: Any

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode:
            _allocate_at_first(filename)
        super().__init__(filename, read_mode)

    def _init_value(self, key: str) -> None:
        if self._used + len(key.encode()) + _BESIDE_ITS_KEY > self._capacity:
            self._grow()
        super()._init_value(key)

    def _grow(self) -> None:
        """Have blocks for what the library will map next; no key is as long as what is there already."""
        _allocate(self._f.fileno(), 2 * self._capacity)


class AllocatedSomewhere(Allocated):
    """The same; where the disk is full, they count on in memory, and no other process sees it until this one ends."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        try:
            super().__init__(filename, read_mode)
        except OSError:
            if read_mode:
                raise
            memory = _in_memory()
            try:
                super().__init__(f"/proc/self/fd/{memory}", read_mode)
            finally:
                os.close(memory)

    def _grow(self) -> None:
        try:
            super()._grow()
        except OSError:
            file: Any = os.fdopen(_in_memory(), "a+b")
            file.write(self._m[:])
            file.flush()
            self._f.close()
            self._f = file


def _allocate_at_first(filename: str) -> None:
    with Path(filename).open("ab") as file:
        if os.fstat(file.fileno()).st_size:
            return
        try:
            _allocate(file.fileno(), _FIRST)
        except OSError:
            Path(filename).unlink()  # whoever reads an empty one fails
            raise


def _allocate(descriptor: int, size: int) -> None:
    """Have the disk give all blocks up to ``size``; a file that it cannot give them for is as long as before."""
    before = os.fstat(descriptor).st_size
    try:
        if not _allocated_ahead(descriptor, size):
            _append_zeros(descriptor, size - before)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, before)
        raise


def _allocated_ahead(descriptor: int, size: int) -> bool:
    """Return whether it is done; not where the system or the file system has no such thing."""
    if not hasattr(os, "posix_fallocate"):
        return False
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno not in _NOT_AHEAD:
            raise
        return False
    return True


def _append_zeros(descriptor: int, left: int) -> None:
    while left > 0:
        left -= os.write(descriptor, bytes(min(left, _FIRST)))


def _in_memory() -> int:
    return os.memfd_create("counters")
