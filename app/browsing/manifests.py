"""Manifests as they lie in storages: read, put in order, and remembered as long as they stay what they are."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from app.browsing.contract import Content
from app.browsing.levels import folder_of, level_below, named_item
from app.browsing.manifest import MAX_BYTES, names_in, too_large
from app.browsing.names import Names
from app.browsing.objects import looking_at, mark_of, opened, stat
from app.browsing.ordering import in_natural_order
from app.browsing.places import Places
from app.browsing.remembered import Remembered, Version
from app.connections.contract import Connection
from app.errors import InvalidInput
from app.storages.base import Entry, Storage

CAPACITY = 2 * MAX_BYTES
"""Bytes of memory: for the largest manifest and its largest level, or for hundreds of usual ones."""

_ORDERINGS = 2
_MAX_DIGITS = 18


class First(NamedTuple):
    """What a manifest names first.

    Attributes:
        mark: the version of the manifest.
        key: the first object; None: it names none.
    """

    mark: str
    key: str | None


class Manifests:
    """The manifests of all connections. Thread-safe.

    A manifest is looked at for every answer and read again only when it is another one. It is kept in memory alone: its
    key, which anybody may choose, never becomes a path.

    Args:
        capacity: bytes of memory for what is remembered.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._remembered: Remembered[_Listed] = Remembered(capacity)
        self._places = Places(_ORDERINGS)

    def page(self, storage: Storage, connection: Connection, key: str, search: str, part: range) -> Content:
        """Return a part of what a manifest shows directly below a prefix.

        All folders come first, then all objects, each in natural order.

        Args:
            storage: the opened storage of the connection.
            connection: as it stood when the storage was opened.
            key: the manifest.
            search: the prefix.
            part: the places of the items wanted.

        Raises:
            CheckFailed: about the manifest; see `looking_at`.
            ManifestUnusable: it is none.
            TooBusy: too much is being put in order just now.
            StorageError: the storage failed.
        """
        entry = stat(storage, key)
        level = self._level(storage, entry, _version(connection, entry, "below " + search), search)
        items = [
            named_item(search, name, is_folder=place < level.folders)
            for place, name in enumerate(level.names.part(part.start, len(part)), part.start)
        ]
        return Content(items, str(part.stop) if part.stop < len(level.names) else None)

    def first(self, storage: Storage, connection: Connection, key: str) -> First:
        """Return what a manifest names first, reading no more of it than that takes.

        Raises:
            CheckFailed, ManifestUnusable, StorageError: as `page`.
        """
        entry = stat(storage, key)
        version = _version(connection, entry, "first")
        names = self._made(version, lambda: _Listed(0, Names(islice(_read(storage, entry), 1)))).names
        return First(version.mark, next((folder_of(key) + name for name in names), None))

    def forget(self, connection_id: str) -> None:
        """Forget all manifests of a connection."""
        self._remembered.forget(connection_id)

    def _level(self, storage: Storage, entry: Entry, version: Version, search: str) -> "_Listed":
        def ordered() -> _Listed:
            names = self._made(version._replace(what="all"), lambda: _Listed(0, Names(_read(storage, entry)))).names
            with self._places.taken():
                found = level_below(search, folder_of(entry.key), names)
                shown = chain(in_natural_order(found.folders), in_natural_order(found.objects))
                return _Listed(len(found.folders), Names(shown))

        return self._made(version, ordered)

    def _made(self, version: Version, make: Callable[[], "_Listed"]) -> "_Listed":
        known = self._remembered.get(version)
        if known is None:
            known = make()
            self._remembered.keep(version, known, known.names.size)
        return known


def part_told(token: str | None, limit: int) -> range:
    """Return the places of the page that a token of `Manifests.page` leads to.

    Raises:
        InvalidInput: for ``next_token``: it is no such number.
    """
    told = token or "0"
    if len(told) > _MAX_DIGITS or not (told.isascii() and told.isdigit()):
        raise InvalidInput("next_token", "This is not the token of a page of a manifest. Take it from the page before.")
    return range(int(told), int(told) + limit)


class _Listed(NamedTuple):
    folders: int
    names: Names


def _version(connection: Connection, entry: Entry, what: str) -> Version:
    return Version(connection.id, connection.updated_at, entry.key, mark_of(entry), what)


def _read(storage: Storage, entry: Entry) -> Iterator[str]:
    if entry.size > MAX_BYTES:
        raise too_large(entry.size)
    with looking_at(storage, entry.key), opened(storage, entry) as content:
        yield from names_in(content)
