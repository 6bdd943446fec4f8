"""What the rest of the product sees of looking around in a storage. Pure data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

PAGE_LIMIT = 500
"""How many items a page can hold."""


class Item(NamedTuple):
    """An object or a folder by its name, which says nothing of the level that it lies on.

    Attributes:
        name: of a folder without a ``/`` at its end. A folder that has no name, as above ``/a``, is ``/`` at the top
            and empty elsewhere: so every prefix that ends with ``/`` can be followed by a name and a ``/``.
        size, modified, mark: of an object as its entry has them; None where nothing says so, as in a manifest.
        key: of an object; of a folder what all keys in it begin with, so it ends with ``/``.
    """

    name: str
    is_folder: bool
    size: int | None = None
    modified: float | None = None
    mark: str | None = None
    key: str = ""


class Content(NamedTuple):
    """One page of what lies directly below a prefix.

    Attributes:
        items: folders before objects within a page; it can be empty with more pages to come.
        next_token: leads to the next page; None: this was the last.
    """

    items: Sequence[Item]
    next_token: str | None


@dataclass(frozen=True, slots=True)
class ContentQuery:
    """What of a storage is wanted.

    Attributes:
        prefix: what the keys start with, and not a folder; a single ``/`` at its start is not part of it.
        limit: items of a page, 1 to `PAGE_LIMIT`.
        token: `Content.next_token` of the page before; None or empty: the first page.
        manifest: the key of the manifest to list instead of the storage; None or empty: the storage.
    """

    prefix: str = ""
    limit: int = PAGE_LIMIT
    token: str | None = None
    manifest: str | None = None
