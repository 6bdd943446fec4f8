"""The pages of a bucket's listing, in order, the next one fetched while one is taken."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from app.storages.base import Entry
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.errors import NOT_GCS, ORDER, said
from app.storages.gcs.keys import can_begin
from app.storages.gcs.requests import objects_path
from app.storages.gcs.resources import LISTED, entry_of, text_of
from app.storages.http_api.exchange import Request
from app.storages.http_api.threads import Threads

PAGE = 1000
"""The most that Google puts into an answer."""

EMPTY_PAGES = 1000
"""A page may be empty with more to come (what was deleted lately is passed over). So many in a row lead nowhere."""

MADE_UP_NAME = ".sluice-nothing"


class Page(NamedTuple):
    """One answer of a listing.

    Attributes:
        entries: in the server's order.
        folders: the names of folders, in its order too.
        token: what asks for the next page; empty where this is the last one.
    """

    entries: Sequence[Entry]
    folders: Sequence[str]
    token: str


def ask_page(api: Api, address: GcsAddress, query: Mapping[str, str]) -> Page:
    """Return one page.

    Raises:
        ListingBroken: it names objects that cannot be.
        StorageUnreachable: what answers is no storage of Google's kind.
    """
    fields = {"fields": f"kind,nextPageToken,prefixes,items({LISTED})"}
    told = api.told(Request("GET", objects_path(address.bucket), {**query, **fields}))
    if told.get("kind") != "storage#objects":
        raise said(NOT_GCS, address)
    try:
        token = told.get("nextPageToken") or ""
        return Page([entry_of(item) for item in told.get("items") or ()], _folders(told), text_of(token))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise said(ORDER, address, code="what it names is no object") from None


def check_bucket(api: Api, address: GcsAddress) -> None:
    """Return when the bucket answers a listing; one of nothing, which costs least.

    Asking for the bucket itself would need a permission (storage.buckets.get) that the usual roles for objects lack.
    """
    ask_page(api, address, {"prefix": MADE_UP_NAME, "maxResults": "1"})


class Lister:
    """Lists one bucket. Thread-safe; several listings may run at once.

    Args:
        api: sends the requests.
        address: the bucket's address.
        threads: fetch pages ahead.
    """

    def __init__(self, api: Api, address: GcsAddress, threads: Threads) -> None:
        self._api, self._address, self._threads = api, address, threads

    def entries(self, prefix: str, after: str) -> Iterator[Entry]:
        """Yield the entries, keys strictly ascending. Held are one page and the next.

        Raises:
            ListingBroken: keys are out of order, or the pages lead nowhere.
            StorageError: a page cannot be had. Either way the entries before that place have been yielded.
        """
        if not can_begin(prefix):
            check_bucket(self._api, self._address)
            return
        last = ""
        for page in self._pages(prefix, after):
            for entry in page.entries:
                # Code points order as their UTF-8 bytes do.
                if entry.key <= last or not entry.key.startswith(prefix):
                    raise said(ORDER, self._address, code="keys are out of order")
                last = entry.key
                if last > after:  # startOffset is the first key that is listed, or unknown to a server
                    yield entry

    def _pages(self, prefix: str, after: str) -> Iterator[Page]:
        query = {"maxResults": str(PAGE)}
        query |= {"prefix": prefix} if prefix else {}
        query |= {"startOffset": after} if after and can_begin(after) else {}
        page = ask_page(self._api, self._address, query)
        empty = 0
        while page.token:
            empty = 0 if page.entries else empty + 1
            asked = query | {"pageToken": page.token}
            coming = self._threads.submit(partial(ask_page, self._api, self._address, asked))
            try:
                yield page
            except BaseException:
                coming.cancel()  # the listing was left
                raise
            token, page = page.token, coming.result()
            if page.token == token or empty > EMPTY_PAGES:
                raise said(ORDER, self._address, code="its pages lead nowhere")
        yield page


def _folders(told: Mapping[str, Any]) -> Sequence[str]:
    return [text_of(folder) for folder in told.get("prefixes") or ()]
