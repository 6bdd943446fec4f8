"""Files of a Google account by their ids: find, read, export, make, replace, list, put into the bin."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from app.errors import ObjectMissing, RequestRefused
from app.storages.base import Content
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import ASKING, WORKING, Api, Waits
from app.storages.gdrive.errors import NO_BYTES, NOT_DRIVE, said
from app.storages.gdrive.exporting import Exports
from app.storages.gdrive.finding import find_file, resolve_file, trash_file
from app.storages.gdrive.pages import children_of, named_in
from app.storages.gdrive.reading import Reader
from app.storages.gdrive.requests import path_below
from app.storages.gdrive.resources import NATIVE, DriveFile
from app.storages.gdrive.uploading import Uploader
from app.storages.http_api.backoff import Backoff
from app.storages.http_api.exchange import Request
from app.storages.http_api.fetching import Pieces
from app.storages.http_api.threads import Threads

MOST_AT_ONCE = 8
"""How many requests are under way for one account at most, whatever was asked for."""

IDS = 1000
"""The most ids that Google gives at once."""

_PATH = re.compile(r"[A-Za-z0-9_-]{1,128}(/[A-Za-z0-9_-]{1,128}){0,2}")


class DriveFiles:
    """The files that one account can reach. Thread-safe.

    Any method may raise `ConsentRequired`, `AccessDenied`, `StorageUnreachable`, `Throttled`, `StorageFailure`.

    Args:
        address: the account's tokens, and where the API is; its folder plays no part here.
        connections: how many requests may be under way at once, up to `MOST_AT_ONCE`.
        waits: makes what waits between attempts.
    """

    def __init__(self, address: DriveAddress, connections: int = MOST_AT_ONCE, waits: Waits = Backoff) -> None:
        most = max(1, min(connections, MOST_AT_ONCE))
        places = threading.BoundedSemaphore(most)
        self._address = address
        self._working = Api(address, places, most, WORKING, waits)
        self._asking = Api(address, places, most, ASKING, waits)
        self._api = self._working
        self._threads = Threads(most, "gdrive")
        self._exports = Exports(self._working, address)
        self._reader = Reader(self._working, address, Pieces(self._threads))
        self._uploader = Uploader(self._working, address, most)

    @property
    def briefly(self) -> "DriveFiles":
        """The same files with less patience, for what must end, well or not, within some ten seconds (check, stat)."""
        twin = copy(self)
        twin._api = self._asking
        return twin

    @staticmethod
    def root(drive: str | None) -> str:
        """Return the id of the folder that a shared drive, or My Drive (None), begins with."""
        return drive or "root"

    def find(self, file_id: str) -> DriveFile:
        """Return what is known of a file, also of one in the bin.

        Raises:
            ObjectMissing: there is none, or the account may not know of it.
            RequestRefused: this can be no id.
        """
        return find_file(self._api, self._address, file_id)

    def resolved(self, file_id: str) -> DriveFile:
        """Return what `find` does, of a shortcut what it leads to; only one is followed."""
        return resolve_file(self._api, self._address, file_id)

    def read(self, found: DriveFile) -> Content:
        """Open a file for reading; of a document of Google's, what it is exported as.

        Raises:
            AccessDenied: it has no bytes (a folder, a form), or they may not be had, or are too many to be exported.
            ObjectMissing: it is gone, or in the bin.
            FileChanged: it is another version by now.
        """
        if found.trashed:
            raise ObjectMissing(f"{found.name!r} is in the bin.")
        return self._exports.export(found) if found.is_native else self._reader.open(found)

    def stored_name(self, found: DriveFile) -> str:
        """Return the name for a copy of the file; of a document of Google's with the extension of its export behind.

        Raises:
            AccessDenied: it is a folder, a shortcut, or a document that cannot be exported.
        """
        if found.is_native:
            return self._exports.name_of(found)
        if found.mime_type.startswith(NATIVE):
            raise said(NO_BYTES, self._address, found.name, found.mime_type)
        return found.name

    def stored_type(self, found: DriveFile) -> str:
        """Return the type of what `read` gives; raises as `stored_name`."""
        return self._exports.type_of(found) if found.is_native else found.mime_type

    def new_ids(self, count: int) -> Sequence[str]:
        """Return ids for files to be made, so that one that is sent twice is made once."""
        ids: list[str] = []
        while len(ids) < count:
            ids += self._more_ids(min(count - len(ids), IDS))
        return ids

    def make_folder(self, name: str, parent_id: str | None, file_id: str | None) -> DriveFile:
        """Make a folder, or return the one of this id that is there already.

        Args:
            name: its name.
            parent_id: the folder that it shall be in; None: My Drive.
            file_id: of `new_ids`; None: any, and then it is asked for once only.
        """
        return self._uploader.make_folder(name, parent_id, file_id)

    def create(
        self, name: str, parent_id: str | None, file_id: str | None, content: Content, mime_type: str | None = None
    ) -> DriveFile:
        """Make a file of these bytes, or return the one of this id, if it has just these.

        Args:
            name: its name; others may have the same.
            parent_id: the folder that it shall be in; None: My Drive.
            file_id: of `new_ids`; None: any, and then it is sent once only.
            content: its bytes and its time.
            mime_type: None: what the name's end tells.

        Raises:
            ObjectExists: a file of this id is there, with other bytes.
            StorageFull: no room for it.
            StorageFailure: it arrived damaged and was removed, or its upload was forgotten half-way: try it anew.
        """
        return self._uploader.create(name, parent_id, file_id, content, mime_type)

    def replace(self, file_id: str, content: Content) -> DriveFile:
        """Give a file new bytes; raises as `create`."""
        return self._uploader.replace(file_id, content)

    def children(self, folder_id: str) -> Iterator[DriveFile]:
        """Yield what is in a folder and not in the bin, in no order, page by page; complete, or it raises.

        Raises:
            ObjectMissing: there is no such folder.
            ListingBroken: the pages lead nowhere, or name what can be no file.
        """
        return children_of(self._api, self._address, folder_id)

    def named(self, folder_id: str, name: str) -> list[DriveFile]:
        """Return all of exactly this name in a folder and not in the bin; raises as `children`."""
        return named_in(self._api, self._address, folder_id, name)

    def trash(self, file_id: str) -> None:
        """Put a file, or a folder with all in it, into the bin.

        Raises:
            ObjectMissing: there is none.
        """
        trash_file(self._api, self._address, file_id)

    def ask(self, path: str, query: Mapping[str, str], most: int) -> Mapping[str, Any]:
        """Return Google's JSON for a GET of this path, with this query and nothing else; briefly.

        Args:
            path: below the endpoint, without a ``/`` before it; the caller has checked it.
            query: as it goes to Google.
            most: bytes that the answer may have.

        Raises:
            RequestRefused: the path can be none; or Google does not take what was asked.
        """
        if not _PATH.fullmatch(path):
            raise RequestRefused("This can be no path of Google Drive's API.")
        where = path_below(self._address.endpoint, *path.split("/"))
        return self._asking.told(Request("GET", where, query, most=most))

    def close(self) -> None:
        """Close the connections and end what waits; harmless when called twice."""
        self._working.close()  # before the threads, which may be waiting for the next attempt
        self._asking.close()
        self._threads.close()

    def _more_ids(self, count: int) -> list[str]:
        query = {"count": str(count), "space": "drive", "type": "files", "fields": "ids"}
        told = self._api.told(Request("GET", path_below(self._address.endpoint, "files", "generateIds"), query))
        ids = told.get("ids")
        if not isinstance(ids, list) or len(ids) != count or not all(isinstance(one, str) for one in ids):
            raise said(NOT_DRIVE, self._address)
        return ids
