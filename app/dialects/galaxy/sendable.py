"""Which items of a history a send takes, and under which keys. Pure."""

from collections.abc import Collection, Iterable

from app.copies.contract import Wanted
from app.library.contract import Item, ItemQuery, ItemState


def sendable(collection_number: int) -> ItemQuery:
    """Return the query for what can be sent of a history, in its order; all else is left out without a word.

    Hidden items can be sent. Galaxy leaves out the log dataset of an earlier send as well; here a send makes none.
    """
    return ItemQuery(
        collection_number=collection_number,
        states=(ItemState.READY,),
        deleted=False,
        purged=False,
        order=("position",),
    )


def wanted(items: Iterable[Item], numbers: Collection[int] | None) -> list[Wanted]:
    """Return what of ``items`` is to be sent.

    Args:
        numbers: only these; None: all, and an empty collection: none. Numbers of other items make no difference.
    """
    chosen = None if numbers is None else frozenset(numbers)
    return [Wanted(item.number, object_label(item.name)) for item in items if chosen is None or item.number in chosen]


def object_label(name: str) -> str:
    """Return the key for an item of this name: Galaxy replaces each space and nothing else, so ``/`` makes folders."""
    return name.replace(" ", "_")
