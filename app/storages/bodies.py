"""Bodies of requests, in blocks that a slow network takes one by one, and of answers, which are bounded."""

import io
from typing import Any

_BLOCK = 64 * 1024


class Blocks:
    """Bytes as urllib3 reads them from a file: in blocks, but larger ones than its own of 16 KiB, and not copied.

    Bytes as such would be sent by one call, and that is a trap: the timeout of a socket is for all that one call
    sends, however much it is, so a slow network would never take a whole part.
    """

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    def __len__(self) -> int:
        return len(self._data)

    def read(self, _: int = -1) -> memoryview:
        """Return the next block, whatever was asked for; an empty one at the end."""
        block = self._data[self._at : self._at + _BLOCK]
        self._at += len(block)
        return block

    def seek(self, at: int) -> None:
        """Go to this byte; botocore goes back to the first one before another attempt."""
        self._at = at


def read_at_most(body: Any, most: int, chunk: int = 1024 * 1024) -> bytes:
    """Read a body to its end, or to ``most`` bytes, however long it was told to be; raises as its ``read`` does."""
    kept = io.BytesIO()  # it gives its bytes away without a copy; a list of chunks would be joined
    while (left := most - kept.tell()) > 0 and (data := body.read(min(left, chunk))):
        kept.write(data)
    return kept.getvalue()
