"""Pages of a container's listing as Azure gives them, with what is no object left out."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

from azure.storage.blob import BlobPrefix, ContainerClient

from app.errors import ListingBroken
from app.storages.azure.address import AzureAddress
from app.storages.azure.errors import not_azure, translated
from app.storages.azure.metadata import is_folder
from app.storages.base import Entry, Folder

PAGE = 1000
"""Names per request; Azure gives up to 5,000, and with them metadata of any length."""

EMPTY_PAGES_TOLERATED = 100

MOST = 1 << 50
"""Bytes, five times what Azure lets a blob have; the sizes of many can still be counted up."""

Found: TypeAlias = Entry | Folder


class Page(NamedTuple):
    """What one request was answered with.

    Attributes:
        marker: what led to it, empty for the first page.
        found: with what is no object left out.
        next_marker: leads to the next page; empty on the last one.
    """

    marker: str
    found: Sequence[Found]
    next_marker: str


class Pages:
    """Asks for the pages of one container. Thread-safe.

    Args:
        address: for messages.
        client: asks.
    """

    def __init__(self, address: AzureAddress, client: ContainerClient) -> None:
        self._address, self._client = address, client

    def all(self, prefix: str, size: int = PAGE) -> Iterator[Page]:
        """Yield the pages of all blobs whose names start with ``prefix``."""
        return self._following(lambda marker: self._flat(prefix, size, marker), "")

    def level(self, prefix: str, size: int, marker: str) -> Iterator[Page]:
        """Yield the pages of what lies directly below ``prefix``, from the one on that ``marker`` leads to."""
        return self._following(lambda marker: self._level(prefix, size, marker), marker)

    def _following(self, ask: Any, marker: str) -> Iterator[Page]:
        """Yield pages until the last one.

        Raises:
            ListingBroken: they lead nowhere.
        """
        empty = 0
        while True:
            page: Page = ask(marker)
            yield page
            if not page.next_marker:
                return
            empty = 0 if page.found else empty + 1
            if page.next_marker == marker or empty > EMPTY_PAGES_TOLERATED:
                raise goes_on(self._address)
            marker = page.next_marker

    def _flat(self, prefix: str, size: int, marker: str) -> Page:
        with translated(self._address):
            found = self._client.list_blobs(
                name_starts_with=prefix or None, include=["metadata"], results_per_page=size
            ).by_page(marker or None)
            return self._page(prefix, marker, found)

    def _level(self, prefix: str, size: int, marker: str) -> Page:
        with translated(self._address):
            found = self._client.walk_blobs(
                name_starts_with=prefix or None, include=["metadata"], delimiter="/", results_per_page=size
            ).by_page(marker or None)
            return self._page(prefix, marker, found)

    def _page(self, prefix: str, marker: str, pages: Any) -> Page:
        try:
            items = list(next(pages))
        except (AttributeError, TypeError):  # what Microsoft's package makes of another document than a listing
            raise not_azure(self._address) from None
        told = [one for item in items if (one := self._told(item)) is not None]
        for one in told:
            if not one.key.startswith(prefix):
                raise ListingBroken(
                    f"{self._address.container!r} lists {one.key!r}, which does not start with {prefix!r}."
                )
        return Page(marker, told, pages.continuation_token or "")

    def _told(self, item: Any) -> Found | None:
        """Return an object or a folder; None for a directory, a snapshot, or what was deleted."""
        if isinstance(item, BlobPrefix):
            return Folder(self._name(item.name))
        if is_folder(item.metadata) or item.snapshot or item.deleted:
            return None
        return entry_of(self._name(item.name), item)

    def _name(self, name: Any) -> str:
        if not isinstance(name, str) or not name:
            raise ListingBroken(f"{self._address.container!r} lists something without a name.")
        return name


def goes_on(address: AzureAddress) -> ListingBroken:
    """Return the error for pages that lead nowhere."""
    return ListingBroken(f"The listing of {address.container!r} goes on without listing anything.")


def entry_of(key: str, properties: Any) -> Entry:
    """Return the entry of what Microsoft's package tells of a blob.

    Raises:
        ValueError: it leaves out what Azure always tells.
    """
    size, modified = properties.size, properties.last_modified
    if not isinstance(size, int) or not 0 <= size <= MOST or not isinstance(modified, datetime):
        raise ValueError("A blob without a size or a time that one can have.")
    time = modified if modified.tzinfo else modified.replace(tzinfo=UTC)
    return Entry(key, size, time.timestamp(), unquoted(properties.etag))


def unquoted(etag: Any) -> str | None:
    """Return an etag without its quotes: listings leave them out, answers do not."""
    return str(etag or "").strip('"') or None
