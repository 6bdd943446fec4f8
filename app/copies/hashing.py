"""A content whose SHA-256 is known once it was read."""

import hashlib
from typing import Self

from app.storages.base import Content


class Hashed:
    """A `Content` that hashes what is read of it.

    Args:
        content: what is read; closed with this.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._sha256 = hashlib.sha256()
        self._is_whole = True
        self.size, self.modified_ns, self.mark = content.size, content.modified_ns, content.mark

    @property
    def sha256(self) -> str | None:
        """The SHA-256 of all that was read; None when some of it was passed over."""
        return self._sha256.hexdigest() if self._is_whole else None

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes; see `Content.read`."""
        chunk = self._content.read(n)
        self._sha256.update(chunk)
        return chunk

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes: a part of them is in the target already, from an interrupted attempt."""
        self._is_whole = self._is_whole and n <= 0
        self._content.skip(n)

    def verify(self) -> None:
        """See `Content.verify`."""
        self._content.verify()

    def close(self) -> None:
        """Close the content."""
        self._content.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
