"""Names in the order of their UTF-8 bytes, from a service that may order them by UTF-16 units."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from app.errors import ListingBroken
from app.storages.base import Entry, Folder

Named = TypeVar("Named", bound=Entry | Folder)

HELD_MOST = 50_000
"""So many entries are held back at most."""


def in_byte_order(found: Iterable[Named], container: str, held_most: int = HELD_MOST) -> Iterator[Named]:
    """Yield what was found, keys strictly ascending by their UTF-8 bytes.

    Azure's documents call its order alphabetical and say no more; azurite's is that of UTF-16 units, where characters
    beyond U+FFFF come before U+E000 to U+FFFF. So from the first such character on, all names that share what is
    before it are held back and sorted. Names in the order of their bytes come out as they came in.

    Args:
        found: in either order.
        container: for messages.
        held_most: with more to hold back, what is held is given out in the hope that nothing comes before it.

    Raises:
        ListingBroken: names come in neither order, or that hope was vain.
    """
    last = ""
    for one in _sorted(found, held_most):
        if one.key <= last:
            raise ListingBroken(f"{container!r} lists {one.key!r} after {last!r}, which is out of order.")
        last = one.key
        yield one


def _sorted(found: Iterable[Named], held_most: int) -> Iterator[Named]:
    held: list[Named] = []
    shared = ""
    for one in found:
        if held and (len(held) >= held_most or not one.key.startswith(shared)):
            yield from _in_order(held)
            held = []
        if held:
            held.append(one)
        elif one.key.isascii() or (place := _first_beyond(one.key)) is None:
            yield one
        else:
            held, shared = [one], one.key[:place]
    yield from _in_order(held)


def _in_order(held: list[Named]) -> list[Named]:
    return sorted(held, key=lambda one: one.key)  # code points ascend as their bytes in UTF-8 do


def _first_beyond(key: str) -> int | None:
    """Return the place of the first character beyond U+FFFF."""
    return next((place for place, character in enumerate(key) if character > "\uffff"), None)
