"""The order of a listing, page by page, believing nothing: what the pages do not prove raises."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter, le
from typing import TypeAlias

from app.errors import ListingBroken
from app.storages.base import Entry
from app.storages.s3.address import S3Address
from app.storages.s3.pages import Page

EMPTY_PAGES_TOLERATED = 100
DELIMITER = "/"

_key_of = attrgetter("key")


class Stretch:
    """The keys with one prefix, asked for a page at a time. Used by one thread at a time.

    Args:
        prefix: what the keys start with.
        position: only keys greater than it are of interest.

    Attributes:
        position: all keys of interest up to here have been returned.
        is_complete: there are no more.
    """

    def __init__(self, address: S3Address, prefix: str, position: str) -> None:
        self.prefix, self.position = prefix, position
        self.is_complete = False
        self._address = address
        self._token: str | None = None
        self._previous = ""
        self._empty_pages = 0
        self._folders_seen: set[str] | None = None
        self._keys_in_folders = 0

    @property
    def query(self) -> dict[str, str]:
        """The request for the next page."""
        query = _query(self.prefix)
        if self._token is not None:
            query["continuation-token"] = self._token
        elif self.position:
            query["start-after"] = self.position
        return query

    @property
    def folder_query(self) -> dict[str, str]:
        """The request for the names of all folders right below the prefix, and the keys beside them.

        It starts at the beginning: servers disagree about a start that lies inside of a folder.
        """
        return _query(self.prefix) | {"delimiter": DELIMITER}

    def accept(self, page: Page) -> Sequence[Entry]:
        """Return the entries of interest of the page that `query` was answered with.

        Raises:
            ListingBroken: keys out of order or outside the prefix, or pages that cannot be followed to the end.
        """
        keys = list(map(_key_of, page.entries))
        _require_order(self._address, keys, self._previous, self.prefix)
        self._follow(page)
        if self._folders_seen is None and not self.is_complete:
            self._note_folders(keys)
        entries: Sequence[Entry] = page.entries
        if keys and keys[0] <= self.position:
            # A server may ignore where it shall start; its keys up to there are of no interest, but no fault either.
            entries = [entry for entry in entries if entry.key > self.position]
        if keys:
            self._previous = keys[-1]
            self.position = max(self.position, keys[-1])
        return entries

    def has_large_folders(self, keys_each: int) -> bool:
        """Return whether the first page suggests that the folders below the prefix hold so many keys on average."""
        return bool(self._folders_seen) and self._keys_in_folders >= keys_each * len(self._folders_seen or ())

    def split(self, page: Page) -> "list[Share] | None":
        """Return what is left of the stretch in pieces, in order, from the page that `folder_query` was answered with.

        None where that page does not tell all, or is no answer to what was asked: a server may know no delimiter.

        Raises:
            ListingBroken: names out of order, outside the prefix, or not those of folders.
        """
        keys = list(map(_key_of, page.entries))
        _require_order(self._address, keys, "", self.prefix)
        _require_order(self._address, page.folders, "", self.prefix)
        for folder in page.folders:
            if folder.find(DELIMITER, len(self.prefix)) != len(folder) - 1:
                raise ListingBroken(f"{self._address.bucket!r} lists {folder!r} as a folder below {self.prefix!r}.")
        is_flat = any(DELIMITER in key[len(self.prefix) :] for key in keys)
        if page.token is not None or is_flat or not (self._folders_seen or set()) <= set(page.folders):
            return None
        return self._shares(page)

    def _shares(self, page: Page) -> "list[Share]":
        found: dict[str, Entry | None] = {entry.key: entry for entry in page.entries} | dict.fromkeys(page.folders)
        # The keys of a folder come where its own name has its place; some of them may lie behind us already.
        left = [name for name in sorted(found) if name > self.position or self._is_inside(name, found)]
        shares: list[Share] = []
        for entry_is_none, names in groupby(left, lambda name: found[name] is None):
            if entry_is_none:
                shares += [Stretch(self._address, name, self.position) for name in names]
            else:
                shares.append([entry for name in names if (entry := found[name]) is not None])
        return shares

    def _is_inside(self, name: str, found: Mapping[str, Entry | None]) -> bool:
        return found[name] is None and self.position.startswith(name)

    def _follow(self, page: Page) -> None:
        bucket = self._address.bucket
        if page.token is not None and page.token == self._token:
            raise ListingBroken(f"The listing of {bucket!r} is cut short: its next page has the address of this one.")
        self._empty_pages = 0 if page.entries else self._empty_pages + 1
        if page.token is not None and self._empty_pages > EMPTY_PAGES_TOLERATED:
            raise ListingBroken(f"The listing of {bucket!r} goes on without listing anything.")
        self._token, self.is_complete = page.token, page.token is None

    def _note_folders(self, keys: Sequence[str]) -> None:
        start = len(self.prefix)
        folders = [key[: key.index(DELIMITER, start)] for key in keys if DELIMITER in key[start:]]
        self._keys_in_folders = len(folders)
        self._folders_seen = {folder + DELIMITER for folder in folders}


Share: TypeAlias = Stretch | Sequence[Entry]
"""A piece of a listing: what is still to be asked for, or what is known already."""


def _query(prefix: str) -> dict[str, str]:
    query = {"list-type": "2", "encoding-type": "url"}
    return query | {"prefix": prefix} if prefix else query


def _require_order(address: S3Address, names: Sequence[str], previous: str, prefix: str) -> None:
    """Raise `ListingBroken` unless the names ascend from behind ``previous``, each with the prefix."""
    if not names:
        return
    if names[0] <= previous or any(map(le, names[1:], names)):
        pairs = zip([previous, *names], names, strict=False)
        before, name = next((before, name) for before, name in pairs if name <= before)
        raise ListingBroken(f"{address.bucket!r} lists {name!r} after {before!r}, which is out of order.")
    # Whatever lies between two names with the prefix has it too.
    for name in (names[0], names[-1]):
        if not name.startswith(prefix):
            raise ListingBroken(f"{address.bucket!r} lists {name!r}, which does not start with {prefix!r}.")
