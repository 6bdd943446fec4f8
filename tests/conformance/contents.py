"""Contents to write: whole ones, and ones that fail at a chosen place."""

import hashlib
import random
from functools import lru_cache

from app.storages.memory import MemoryContent

MIB = 1024 * 1024


@lru_cache(maxsize=2)
def bytes_of(size: int) -> bytes:
    """Return bytes that look random and are the same each time; to be asked for where they are needed, and not kept."""
    return random.Random(size).randbytes(size)


def content(data: bytes = b"") -> MemoryContent:
    """Return a content that can be read."""
    return MemoryContent(data, modified_ns=1_700_000_000_250_000_000)


def digest(data: bytes) -> str:
    """Return something short to compare long contents by, so that a failing assertion can be read."""
    return hashlib.sha256(data).hexdigest()


class FailingContent(MemoryContent):
    """Raises ``error`` as soon as ``good`` bytes were read, or from `verify` when there are no more to read."""

    def __init__(self, size: int, good: int, error: BaseException) -> None:
        super().__init__(bytes_of(size), modified_ns=0)
        self._good = good
        self._error = error

    def read(self, n: int = -1, /) -> bytes:
        if self._stream.tell() >= self._good:
            raise self._error
        return super().read(min(n, 256 * 1024) if n >= 0 else 256 * 1024)

    def verify(self) -> None:
        raise self._error
