"""Listings of a container: all objects, one level, one object."""

import hashlib
from collections.abc import Iterator
from itertools import chain, islice

from app.errors import ObjectMissing
from app.storages.azure.address import AzureAddress
from app.storages.azure.client import AzureClients
from app.storages.azure.errors import translated
from app.storages.azure.keys import can_exist, is_doubtful
from app.storages.azure.metadata import is_folder
from app.storages.azure.order import in_byte_order
from app.storages.azure.pages import Found, Page, Pages, entry_of, goes_on
from app.storages.base import Entry, Folder, Level
from app.storages.tokens import refusal, token_of, told_by

SMALLEST_PAGE = 200
"""Fewer names are not worth a request: names that must be sorted would need many."""

BROWSED_HELD_MOST = 10_000

BROWSED_PAGES_MOST = 200
"""So many pages are asked for at most to make one of a level: those that are held, and many that show nothing."""

HOLDING_PAGES_MOST = 20
"""Azure may give empty pages with more to come; so many are asked for at most to find one name."""


class Lister:
    """Lists one container. Thread-safe."""

    def __init__(self, address: AzureAddress, clients: AzureClients) -> None:
        self._address, self._clients = address, clients

    def entries(self, prefix: str = "", after: str = "") -> Iterator[Entry]:
        """Yield the entries, keys strictly ascending; Azure can only start at the first, so all are asked for."""
        if not _can_lead(prefix):
            self.look()
            return
        pages = Pages(self._address, self._clients.working).all(prefix)
        found = chain.from_iterable(page.found for page in pages)
        entries = (one for one in found if isinstance(one, Entry))
        for entry in in_byte_order(entries, self._address.container):
            if entry.key > after:
                yield entry

    def level(self, prefix: str, limit: int, token: str | None) -> Level:
        """Return one page of a level.

        A token holds the last name that was told, and the marker of Azure's page from which on names are left.

        Raises:
            InvalidInput: for ``next_token``.
        """
        marker, last = ("", "") if token is None else _place_of(token, prefix)
        if not _can_lead(prefix):
            self.look()
            return Level([], None)
        seen: list[Page] = []
        names = in_byte_order(self._names(prefix, marker, limit, seen), self._address.container, BROWSED_HELD_MOST)
        found: list[Found] = []
        for one in names:
            if len(found) == limit:
                return Level(found, _token(prefix, _marker_of(seen, found[-1].key), found[-1].key))
            if one.key > last:
                found.append(one)
        return Level(found, None)

    def stat(self, key: str) -> Entry:
        """Return the entry of one object.

        Raises:
            ObjectMissing: there is none, or a directory.
        """
        if not can_exist(key) or (is_doubtful(key) and not self.holds(key)):
            self.look()
            raise ObjectMissing(f"There is no object {key[:2000]!r}.")
        with translated(self._address, key):
            properties = self._clients.asking.get_blob_client(key).get_blob_properties()
            entry, is_directory = entry_of(key, properties), is_folder(properties.metadata)
        if is_directory:
            raise ObjectMissing(f"{key!r} is a directory and no object.")
        return entry

    def holds(self, key: str) -> bool:
        """Return whether a listing shows an object with exactly this key, which comes before all that start with it.

        Raises:
            ListingBroken: so many pages are empty, and still more are to come, that nothing can be concluded.
        """
        pages = Pages(self._address, self._clients.asking).all(key, 1)
        for page in islice(pages, HOLDING_PAGES_MOST):
            if page.found or not page.next_marker:
                return any(one.key == key for one in page.found)
        raise goes_on(self._address)

    def look(self) -> None:
        """Return when the container answers a listing."""
        next(Pages(self._address, self._clients.asking).all("", 1))

    def is_empty(self) -> bool:
        """Return whether there is no object at all."""
        return next(self.entries(), None) is None

    def _names(self, prefix: str, marker: str, limit: int, seen: list[Page]) -> Iterator[Found]:
        """Yield the names of a level; a directory of a hierarchical account comes as its prefix only."""
        size = max(limit + 1, SMALLEST_PAGE)
        for page in Pages(self._address, self._clients.asking).level(prefix, size, marker):
            seen.append(page)
            if len(seen) > BROWSED_PAGES_MOST:
                raise goes_on(self._address)
            # Microsoft's package gives the folders of a page before its objects.
            yield from sorted((one for one in page.found if _is_shown(one, prefix)), key=lambda one: one.key)


def _is_shown(one: Found, prefix: str) -> bool:
    """Return whether this belongs to a level: a marker is its folder, but for the prefix itself."""
    return isinstance(one, Folder) or one.key == prefix or not one.key.endswith("/")


def _can_lead(prefix: str) -> bool:
    return not prefix or can_exist(prefix.rstrip("/") or "a")


def _marker_of(seen: list[Page], last: str) -> str:
    """Return the marker of the first page that has a name behind ``last``."""
    for page in seen:
        if any(one.key > last for one in page.found):
            return page.marker
    return seen[-1].marker


def _token(prefix: str, marker: str, last: str) -> str:
    return token_of(_digest(prefix), marker, last)


def _place_of(token: str, prefix: str) -> tuple[str, str]:
    digest, marker, last = told_by(token, 3)
    if digest != _digest(prefix) or marker is None or not last:
        raise refusal()
    return marker, last


def _digest(prefix: str) -> str:
    return hashlib.sha256(prefix.encode(errors="surrogatepass")).hexdigest()[:16]
