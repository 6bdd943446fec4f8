"""Lists of the fake Google Drive: which files a request finds, in which order, page by page."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from tests.support.google_access import Asking, found, missing_file, sees
from tests.support.google_fields import LIST, selected
from tests.support.google_files import Drive, Stored
from tests.support.google_query import condition_of
from tests.support.google_resources import file_resource
from tests.support.google_wire import Refusal

_DEFAULT = "kind,incompleteSearch,nextPageToken,files(kind,id,name,mimeType)"
_KEYS: dict[str, Callable[[Stored], Any]] = {
    "name": lambda file: file.name.casefold(),
    "name_natural": lambda file: file.name.casefold(),
    "folder": lambda file: not file.is_folder,
    "modifiedTime": lambda file: file.modified_time,
    "createdTime": lambda file: file.created_time,
}
_SAME = ("q", "orderBy", "corpora", "driveId", "includeItemsFromAllDrives", "supportsAllDrives", "spaces")


class Lists:
    """Answers to ``files.list``. Thread-safe; pages of one list are those files of its beginning that are still found."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive
        self._left: dict[str, tuple[str, list[str]]] = {}

    def page(self, asking: Asking) -> dict[str, Any]:
        """Return one page."""
        _require_places(asking)
        size = asking.number("pageSize", 100, 1000)
        with self._drive.lock:
            ids = self._ids(asking)
            count = min(size, self._drive.page)
            if self._drive.empty_pages and ids and not asking.seen.query.get("pageToken", "").startswith("~!"):
                return self._told(asking, [], self._token(asking, ids, "~!"))
            token = self._token(asking, ids[count:], "~") if ids[count:] else ""
            return self._told(asking, self._still(asking, ids[:count]), token)

    def _told(self, asking: Asking, files: list[Stored], token: str) -> dict[str, Any]:
        told: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": self._drive.incomplete}
        told |= {"nextPageToken": token} if token else {}
        told["files"] = [file_resource(self._drive, file, asking.account) for file in files]
        return selected(told, asking.seen.query.get("fields"), LIST, _DEFAULT)

    def _ids(self, asking: Asking) -> list[str]:
        token = asking.seen.query.get("pageToken")
        if token is None:
            return [file.id for file in self._found(asking)]
        same, ids = self._left.get(token, ("", []))
        if same != _sameness(asking):
            raise Refusal(400, "invalid", "Invalid Value", "pageToken")
        return ids

    def _token(self, asking: Asking, ids: list[str], mark: str) -> str:
        token = f"{mark}{secrets.token_urlsafe(16)}"
        self._left[token] = (_sameness(asking), ids)
        return token

    def _found(self, asking: Asking) -> list[Stored]:
        condition = self._condition(asking)
        files = [file for file in self._drive.files.values() if condition(file) and self._is_meant(file, asking)]
        # Where no order is asked for there is none that anybody could rely on.
        files.sort(key=lambda file: hashlib.md5(file.id.encode()).digest())
        for part in reversed([part for part in asking.seen.query.get("orderBy", "").split(",") if part.strip()]):
            name, _, direction = part.strip().partition(" ")
            if name not in _KEYS or direction not in ("", "desc"):
                raise Refusal(400, "invalid", "Invalid Value", "orderBy")
            files.sort(key=_KEYS[name], reverse=direction == "desc")
        return files

    def _still(self, asking: Asking, ids: list[str]) -> list[Stored]:
        condition = self._condition(asking)
        files = (self._drive.files.get(file_id) for file_id in ids)
        return [file for file in files if file is not None and self._is_meant(file, asking) and condition(file)]

    def _condition(self, asking: Asking) -> Callable[[Stored], bool]:
        root = self._drive.root(asking.account)

        def has_parent(file: Stored, parent: str) -> bool:
            return file.parent == (root if parent == "root" else parent)

        q = asking.seen.query.get("q", "")
        condition = condition_of(q, has_parent, self._drive.is_trashed)
        for parent in _parents(q):
            self._require_parent(parent, asking)
        return condition

    def _require_parent(self, parent: str, asking: Asking) -> None:
        if parent not in ("root", self._drive.root(asking.account)):
            try:
                found(self._drive, parent, asking)
            except Refusal:
                raise missing_file(".") from None

    def _is_meant(self, file: Stored, asking: Asking) -> bool:
        if file.parent is None:  # roots are in no list
            return False
        wanted = asking.seen.query.get("driveId")
        is_there = file.drive is None or asking.flag("includeItemsFromAllDrives")
        return is_there and (wanted is None or file.drive == wanted) and sees(self._drive, file, asking)


def _require_places(asking: Asking) -> None:
    query = asking.seen.query
    if query.get("spaces", "drive") != "drive":
        raise Refusal(400, "invalid", "Invalid Value", "spaces")
    if query.get("corpora", "user") not in ("user", "drive", "allDrives", "domain"):
        raise Refusal(400, "invalid", "Invalid Value", "corpora")
    if (query.get("corpora") == "drive") != ("driveId" in query):
        raise Refusal(400, "invalid", "driveId must be given if and only if corpora is drive.", "driveId")
    wants_all = query.get("corpora") in ("drive", "allDrives")
    if wants_all and not (asking.flag("includeItemsFromAllDrives") and asking.all_drives):
        raise Refusal(400, "invalid", "This corpora needs includeItemsFromAllDrives and supportsAllDrives.", "corpora")
    if asking.flag("includeItemsFromAllDrives") and not asking.all_drives:
        raise Refusal(400, "invalid", "includeItemsFromAllDrives needs supportsAllDrives.", "supportsAllDrives")


def _sameness(asking: Asking) -> str:
    return repr([asking.account.sub, *(asking.seen.query.get(name) for name in _SAME)])


def _parents(q: str) -> list[str]:
    parts = q.split("' in parents")
    return [part.rpartition("'")[2] for part in parts[:-1]]
