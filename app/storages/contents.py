"""Contents of objects as they are read: small ones whole, large ones in pieces, and what proves their bytes."""

import io
from collections.abc import Callable, Generator
from typing import NamedTuple, Self, TypeAlias

from app.errors import FileChanged, StorageFailure
from app.storages.base import Content

PiecesFrom: TypeAlias = Callable[[int, int], Generator[bytes, None, None]]
"""Gives the bytes of an object from the first number to the second, its size, in order; none of its pieces is empty."""


class Version(NamedTuple):
    """One version of an object, as it was found before it is read.

    Attributes:
        key: for messages.
        size: length in bytes.
        modified_ns: POSIX nanoseconds, UTC.
        mark: as `Content.mark`.
    """

    key: str
    size: int
    modified_ns: int
    mark: str | None


class Proof(NamedTuple):
    """Compares all bytes of an object with what its storage tells of them. Used by one thread.

    Attributes:
        of: what tells of them, as "its MD5", for messages.
        update: takes more bytes.
        holds: says whether those that came are the right ones; asked once all did.
    """

    of: str
    update: Callable[[bytes], None]
    holds: Callable[[], bool]

    def require(self, key: str) -> None:
        """Raise `FileChanged` unless the bytes are the right ones."""
        if not self.holds():
            raise FileChanged(f"{key!r} arrived with other bytes than {self.of} tells of.")


class WholeContent:
    """The bytes of a small object; they have all arrived.

    Args:
        version: the object.
        data: its bytes.
    """

    def __init__(self, version: Version, data: bytes) -> None:
        self._key, self.size, self.modified_ns, self.mark = version
        self._stream = io.BytesIO(data)

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative."""
        return self._stream.read(n)

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes."""
        self._stream.seek(n, io.SEEK_CUR)

    def verify(self) -> None:
        """Raise `FileChanged` unless all has been read."""
        _require_end(self._key, self._stream.tell(), self.size)

    def close(self) -> None:
        """Forget the bytes."""
        self._stream = io.BytesIO()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class PiecedContent:
    """The bytes of a large object as they arrive.

    Args:
        version: the object.
        pieces_from: asks for its bytes, and again after a long skip; closing what it gave ends what is under way.
        proof: takes the bytes and is asked at the end; None where nothing can be told by them.
        start: the first bytes, where they have arrived already.
    """

    def __init__(self, version: Version, pieces_from: PiecesFrom, proof: Proof | None, start: bytes = b"") -> None:
        self._key, self.size, self.modified_ns, self.mark = version
        self._pieces_from, self._proof = pieces_from, proof
        self._done = 0
        self._piece = memoryview(start)
        self._pieces = pieces_from(len(start), self.size)

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes, all that is left when negative.

        Raises:
            FileChanged: another version took the object's place.
            StorageFailure: it ended before ``size`` bytes, or came with more.
        """
        if n < 0:
            return b"".join(iter(lambda: self.read(self.size), b""))
        if n == 0 or self._done == self.size:
            return b""
        if not self._piece:
            self._piece = self._next_piece()
        data = bytes(self._piece[:n])
        self._advance(len(data))
        if self._proof is not None:
            self._proof.update(data)
        return data

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes; of those that have not been asked for yet, none is."""
        if n <= 0:
            return
        self._proof = None  # some of the bytes prove nothing
        if n <= len(self._piece):
            self._advance(n)
        else:
            self.close()
            self._done += n
            self._pieces = self._pieces_from(self._done, self.size)

    def verify(self) -> None:
        """Raise `FileChanged` unless all has been read and is what the storage told of."""
        _require_end(self._key, self._done, self.size)
        if self._proof is not None:
            self._proof.require(self._key)

    def close(self) -> None:
        """End what is under way; what was already asked for may still arrive for a moment."""
        self._pieces.close()
        self._piece = memoryview(b"")

    def _next_piece(self) -> memoryview:
        piece = next(self._pieces, b"")
        if not piece:
            raise StorageFailure(f"{self._key!r} ended after {self._done} of {self.size} bytes.")
        if self._done + len(piece) > self.size:
            raise StorageFailure(f"{self._key!r} goes on after its {self.size} bytes.")
        return memoryview(piece)

    def _advance(self, n: int) -> None:
        self._piece = self._piece[n:] or memoryview(b"")
        self._done += n

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def read_exactly(content: Content, n: int) -> bytes:
    """Read ``n`` bytes; ``read`` may give fewer at a time.

    Raises:
        FileChanged: it ended before.
    """
    chunks: list[bytes] = []
    while n and (chunk := content.read(n)):
        chunks.append(chunk)
        n -= len(chunk)
    if n:
        raise FileChanged("It ended before all its bytes were read.")
    return b"".join(chunks) if len(chunks) != 1 else chunks[0]


def _require_end(key: str, done: int, size: int) -> None:
    if done != size:
        raise FileChanged(f"{key!r} was not read to its end.")
