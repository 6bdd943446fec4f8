"""One level of a bucket, a page at a time: what the server's pages hold is put in order, and nothing of it believed."""

import threading
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeAlias

from app.errors import ListingBroken
from app.storages.base import Entry, Folder, Level
from app.storages.s3.address import S3Address
from app.storages.s3.keys import can_exist
from app.storages.s3.listing import DELIMITER
from app.storages.s3.pages import Page, read_page
from app.storages.s3.requests import PageRequests, TokenRefused
from app.storages.tokens import refusal, token_of, told_by

_SAME_PAGE = "same"
_NEXT_PAGE = "next"

Shown: TypeAlias = dict[str, Entry | Folder]


class Place(NamedTuple):
    """Where a page of ours ended: what is in our tokens.

    Attributes:
        token: the server's token for the page to be asked for next; None: its first one.
        last: the last name that was given out.
        is_inside: that page was given out up to ``last``: the server had sent more names than it was asked for.
    """

    token: str | None = None
    last: str = ""
    is_inside: bool = False

    def spelt(self) -> str:
        """Return our token."""
        return token_of(self.token, self.last, _SAME_PAGE if self.is_inside else _NEXT_PAGE)


class Browser:
    """Browses one bucket. Thread-safe.

    Args:
        address: the bucket's address.
        requests: asks for its pages.
        check: raises what is wrong with the bucket or the keys for it, if anything is.
    """

    def __init__(self, address: S3Address, requests: PageRequests, check: Callable[[], None]) -> None:
        self._address, self._requests, self._check = address, requests, check

    def level(self, prefix: str, limit: int, token: str | None) -> Level:
        """Return one page; it costs one request.

        Raises:
            InvalidInput: for ``next_token``: it is none of ours, or holds none of the server's.
            ListingBroken: the page does not go on where the one before ended, or is none.
        """
        place = Place() if token is None else _place_of(token, prefix)
        if prefix and not can_exist(prefix):
            return Level((), None)
        page = self._asked(_query(prefix, limit, place))
        self._require_progress(page, place)
        shown = self._shown(page, prefix)
        names = self._names_behind(place, sorted(shown))
        found = [shown[name] for name in names[:limit]]
        return Level(found, _token_behind(place, page, names, limit))

    def _asked(self, query: dict[str, str]) -> Page:
        try:
            return self._requests.ask(query, partial(read_page, self._address), threading.Event())
        except TokenRefused:
            self._check()  # a session token that is wrong is refused with the same word
            raise refusal() from None

    def _require_progress(self, page: Page, place: Place) -> None:
        if page.token is not None and page.token == place.token:
            raise ListingBroken(
                f"The listing of {self._address.bucket!r} is cut short: its next page has the address of this one."
            )

    def _shown(self, page: Page, prefix: str) -> Shown:
        """Return the names of a page, each once, also from a server that puts no keys together to folders."""
        listed: list[Entry | Folder] = [*page.entries, *map(Folder, page.folders)]
        shown: Shown = {}
        for one in listed:
            # Measured with rclone 1.75: below the prefix "/" it lists everything, as if there were no prefix.
            if one.key.startswith(prefix):
                name = _name_in(prefix, one.key)
                shown[name] = Folder(name) if DELIMITER in name[len(prefix) :] else one
        return shown

    def _names_behind(self, place: Place, names: list[str]) -> list[str]:
        """Return the names behind the last one that was given out.

        The next page may begin with the folder that the last one ended with, where keys are still left in it.
        """
        behind = [name for name in names if name > place.last]
        again = names[: len(names) - len(behind)]
        if again and not place.is_inside and (again != [place.last] or not place.last.endswith(DELIMITER)):
            raise ListingBroken(
                f"{self._address.bucket!r} lists {again[0]!r} after {place.last!r}, which is out of order."
            )
        return behind


def _name_in(prefix: str, key: str) -> str:
    segment, slash, _ = key[len(prefix) :].partition(DELIMITER)
    return prefix + segment + slash


def _query(prefix: str, limit: int, place: Place) -> dict[str, str]:
    query = {"list-type": "2", "encoding-type": "url", "delimiter": DELIMITER, "max-keys": str(limit)}
    if prefix:
        query["prefix"] = prefix
    if place.token is not None:
        query["continuation-token"] = place.token
    return query


def _place_of(token: str, prefix: str) -> Place:
    theirs, last, which = told_by(token, 3)
    if last is None or which not in (_SAME_PAGE, _NEXT_PAGE) or (theirs is None and which == _NEXT_PAGE):
        raise refusal()
    if last and not (last.startswith(prefix) and _name_in(prefix, last) == last):
        raise refusal()  # it is another prefix's
    return Place(theirs, last, which == _SAME_PAGE)


def _token_behind(place: Place, page: Page, names: list[str], limit: int) -> str | None:
    if len(names) > limit:
        return Place(place.token, names[limit - 1], is_inside=True).spelt()
    if page.token is None:
        return None
    return Place(page.token, names[-1] if names else place.last).spelt()
