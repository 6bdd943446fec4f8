"""Many names in little memory: two million of them take as many bytes as they have, and not ten times that."""

from collections.abc import Iterable, Iterator

from app.browsing.ordering import batches

SEPARATOR = "\0"
"""No name may hold it."""

_PIECE = 1000
_PIECE_OVERHEAD = 48  # a bytes object and its place in the list


class Names:
    """A fixed sequence of names. Thread-safe.

    Args:
        names: each without `SEPARATOR`, and without half a surrogate pair.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._pieces: list[bytes] = []
        self._count = 0
        for piece in batches(names, _PIECE):
            self._pieces.append(SEPARATOR.join(piece).encode())
            self._count += len(piece)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            yield from piece.decode().split(SEPARATOR)

    def part(self, start: int, count: int) -> list[str]:
        """Return up to ``count`` names from the place ``start`` on, which may lie behind the last one."""
        first, skipped = divmod(start, _PIECE)
        pieces = self._pieces[first : (start + count - 1) // _PIECE + 1]
        found = [name for piece in pieces for name in piece.decode().split(SEPARATOR)]
        return found[skipped : skipped + count]

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return sum(map(len, self._pieces)) + _PIECE_OVERHEAD * (len(self._pieces) + 2)
