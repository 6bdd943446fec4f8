"""Counting the bytes of a large file while they go out, and stopping between two reads when that is asked for."""

from typing import Self

from app.cancellation import CancelToken
from app.storages.base import Content
from app.transfer.events import Listener, Moved

UNMETERED = 1024 * 1024
"""Bytes; a smaller file counts when it is done: an event for each read would cost more than it tells."""


class Metered:
    """A `Content` that tells the listener of each byte read, and takes them back unless they are kept.

    Args:
        content: what is read; not closed with this.
        token: makes `read` raise `Cancelled` once it is set, so that a large file need not be sent to its end.
    """

    def __init__(self, content: Content, listener: Listener, token: CancelToken) -> None:
        self._content, self._listener, self._token = content, listener, token
        self._counted = 0
        self.size, self.modified_ns, self.mark = content.size, content.modified_ns, content.mark

    def read(self, n: int = -1, /) -> bytes:
        """Return up to ``n`` bytes; see `Content.read`.

        Raises:
            Cancelled: the token was set.
        """
        self._token.raise_if_cancelled()
        chunk = self._content.read(n)
        if chunk:
            self._counted += len(chunk)
            self._listener(Moved(len(chunk)))
        return chunk

    def skip(self, n: int, /) -> None:
        """Pass over ``n`` bytes, which count as if they had gone out now."""
        self._content.skip(n)
        self._counted += n
        self._listener(Moved(n))

    def verify(self) -> None:
        """See `Content.verify`; the last moment at which a stop keeps the object from becoming visible.

        Raises:
            Cancelled: the token was set.
        """
        self._token.raise_if_cancelled()
        self._content.verify()

    def keep(self) -> None:
        """Say that the object was stored: its bytes count."""
        self._counted = 0

    def close(self) -> None:
        """Take back what was counted and not kept."""
        if self._counted:
            self._listener(Moved(-self._counted))
            self._counted = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
