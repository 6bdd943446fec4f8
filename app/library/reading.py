"""Reading the file of an item so that bytes which rotted on the disk are noticed."""

import hashlib
from typing import BinaryIO, Self

from app.errors import FileUnreadable
from app.library.contract import Item
from app.library.hashing import CHUNK


class ItemContent:
    """The bytes of a ready item: a `Content` whose mark is their SHA-256. Used by one thread.

    Args:
        item: a ready one.
        file: its file, unbuffered; owned from now on.
    """

    def __init__(self, item: Item, file: BinaryIO) -> None:
        self.size = item.size
        self.modified_ns = int(item.created_at * 1_000_000_000)
        self.mark = item.sha256
        self._name = item.name
        self._file = file
        self._sha256 = hashlib.sha256()
        self._done = 0

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative.

        Raises:
            FileUnreadable: the disk fails, or the file is longer or shorter than it was when it arrived.
        """
        left = self.size - self._done
        if n == 0 or not left:
            return b""
        return self._read_all(left) if n < 0 else self._read_some(min(n, left))

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes; they are read all the same, so that `verify` can tell of the whole file."""
        while n > 0 and (chunk := self.read(min(n, CHUNK))):
            n -= len(chunk)

    def verify(self) -> None:
        """Raise `FileUnreadable` unless all was read, and is what had arrived."""
        if self._done != self.size:
            raise FileUnreadable(f"{self._name!r} was not read to its end.")
        if self._read_raw(1):
            raise FileUnreadable(f"The file of {self._name!r} is longer than it was when it arrived.")
        if self._sha256.hexdigest() != self.mark:
            raise FileUnreadable(f"The file of {self._name!r} has other bytes than it had when it arrived.")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _read_all(self, left: int) -> bytes:
        chunks = []
        while left:
            chunks.append(self._read_some(left))
            left -= len(chunks[-1])
        return b"".join(chunks)

    def _read_some(self, n: int) -> bytes:
        chunk = self._read_raw(n)
        if not chunk:
            raise FileUnreadable(f"The file of {self._name!r} is shorter than it was when it arrived.")
        self._sha256.update(chunk)
        self._done += len(chunk)
        return chunk

    def _read_raw(self, n: int) -> bytes:
        try:
            return self._file.read(n)
        except OSError as error:
            raise FileUnreadable(f"The file of {self._name!r} cannot be read: {error.strerror}.") from None
