"""Lists of files, page by page: what is in a folder, and what in it has a name."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import StorageError
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import Api
from app.storages.gdrive.errors import LISTING, said
from app.storages.gdrive.ids import require_id
from app.storages.gdrive.requests import ALL_DRIVES, path_below
from app.storages.gdrive.resources import FIELDS, DriveFile, file_of
from app.storages.http_api.exchange import Request

PAGE = 1000
"""The most that Google puts into an answer."""

EMPTY_PAGES = 1000
"""A page may be empty with more to come; so many in a row lead nowhere."""


def children_of(api: Api, address: DriveAddress, folder_id: str) -> Iterator[DriveFile]:
    """Yield what is in a folder and not in the bin, in no order; complete, or it raises.

    Raises:
        ObjectMissing: there is no such folder.
        ListingBroken: the pages lead nowhere, or name what can be no file.
    """
    return _found(api, address, folder_id, f"'{require_id(folder_id)}' in parents and trashed = false")


def named_in(api: Api, address: DriveAddress, folder_id: str, name: str) -> list[DriveFile]:
    """Return all of exactly this name in a folder and not in the bin; raises as `children_of`.

    Drive may take names for equal that differ in case, so what it finds is compared again.
    """
    query = f"name = {quoted(name)} and '{require_id(folder_id)}' in parents and trashed = false"
    return [file for file in _found(api, address, folder_id, query) if file.name == name]


def quoted(text: str) -> str:
    """Return a text as the query language of Drive has it ("Search query terms and operators")."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _found(api: Api, address: DriveAddress, folder_id: str, q: str) -> Iterator[DriveFile]:
    query = {"q": q, "pageSize": str(PAGE), "fields": f"nextPageToken,incompleteSearch,files({FIELDS})"}
    query |= _everywhere(address)
    seen: set[str] = set()
    empty = 0
    while True:
        told = api.told(Request("GET", path_below(address.endpoint, "files"), query, key=folder_id))
        files, token = _taken(address, folder_id, told)
        yield from files
        empty = 0 if files else empty + 1
        if not token:
            return
        if token in seen or empty > EMPTY_PAGES:
            raise _broken(address, folder_id, "its pages lead nowhere")
        seen.add(token)
        query = {**query, "pageToken": token}


def _everywhere(address: DriveAddress) -> Mapping[str, str]:
    everywhere = {**ALL_DRIVES, "includeItemsFromAllDrives": "true"}
    return everywhere | ({"corpora": "drive", "driveId": address.drive} if address.drive else {})


def _taken(address: DriveAddress, folder_id: str, told: Mapping[str, Any]) -> tuple[list[DriveFile], str]:
    token, items = told.get("nextPageToken") or "", told.get("files")
    if not isinstance(items, list) or not isinstance(token, str) or told.get("incompleteSearch") is True:
        raise _broken(address, folder_id, "a page that is none, or not whole")
    try:
        token.encode()  # half a character fits into no request
        return [file_of(item) for item in items], token
    except (ValueError, TypeError):
        raise _broken(address, folder_id, "what it names is no file") from None


def _broken(address: DriveAddress, folder_id: str, code: str) -> StorageError:
    return said(LISTING, address, folder_id, code)
