"""The ``fields`` parameter of Google's APIs for tests: what is asked for is told, what nobody knows is refused."""

import re
from collections.abc import Mapping
from typing import Any

from tests.support.google_wire import Refusal

Schema = Mapping[str, Any]
"""The fields of a resource; below each those of what it holds, or None for a plain value."""

ANY: Schema = {"*": None}
"""Fields of any name."""

PERSON: Schema = dict.fromkeys(("kind", "displayName", "me", "permissionId", "emailAddress", "photoLink"))
CAPABILITIES = (
    *("canAddChildren", "canListChildren", "canRemoveChildren", "canDeleteChildren", "canTrashChildren"),
    *("canDownload", "canCopy", "canEdit", "canRename", "canModifyContent", "canReadRevisions", "canComment"),
    *("canTrash", "canUntrash", "canDelete", "canShare", "canMoveItemWithinDrive", "canMoveItemOutOfDrive"),
)
_PLAIN = (
    *("kind", "id", "name", "mimeType", "description", "starred", "trashed", "explicitlyTrashed", "parents"),
    *("spaces", "version", "createdTime", "modifiedTime", "ownedByMe", "shared", "driveId", "teamDriveId", "size"),
    *("quotaBytesUsed", "md5Checksum", "sha1Checksum", "sha256Checksum", "headRevisionId", "originalFilename"),
    *("fileExtension", "fullFileExtension", "webViewLink", "webContentLink", "iconLink", "isAppAuthorized"),
    *("viewedByMeTime", "modifiedByMeTime", "trashedTime", "resourceKey", "thumbnailLink", "hasThumbnail"),
)
FILE: Schema = {
    **dict.fromkeys(_PLAIN),
    "capabilities": dict.fromkeys(CAPABILITIES),
    "shortcutDetails": dict.fromkeys(("targetId", "targetMimeType", "targetResourceKey")),
    "owners": PERSON,
    "lastModifyingUser": PERSON,
    "appProperties": ANY,
    "properties": ANY,
    "exportLinks": ANY,
    "imageMediaMetadata": ANY,
}
LIST: Schema = {"kind": None, "incompleteSearch": None, "nextPageToken": None, "files": FILE}
ABOUT: Schema = {
    **dict.fromkeys(("kind", "appInstalled", "maxUploadSize", "canCreateDrives", "folderColorPalette")),
    "user": PERSON,
    "storageQuota": dict.fromkeys(("limit", "usage", "usageInDrive", "usageInDriveTrash")),
    "exportFormats": ANY,
    "importFormats": ANY,
    "maxImportSizes": ANY,
}
DRIVE: Schema = {
    **dict.fromkeys(("kind", "id", "name", "createdTime", "hidden")),
    "capabilities": dict.fromkeys(("canAddChildren", "canListChildren", "canReadDrive", "canTrashChildren")),
}
DRIVES: Schema = {"kind": None, "nextPageToken": None, "drives": DRIVE}
IDS: Schema = dict.fromkeys(("kind", "space", "ids"))

_TOKEN = re.compile(r"\s*([A-Za-z0-9_.-]+|[*(),/])")


class _Selection:
    """Reads one selection, and is one: names, with a selection below each or None for all of it."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self.names = self._list()
        if self._at != len(text.rstrip()):
            raise self._refusal()

    def _list(self) -> dict[str, Any]:
        names: dict[str, Any] = {}
        while True:
            names |= self._item()
            if not self._takes(","):
                return names

    def _item(self) -> dict[str, Any]:
        name = self._next()
        if name is None or name in "(),/":
            raise self._refusal()
        if self._takes("/"):
            return {name: self._item()}
        if not self._takes("("):
            return {name: None}
        below = self._list()
        if not self._takes(")"):
            raise self._refusal()
        return {name: below}

    def _next(self) -> str | None:
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[1]

    def _takes(self, mark: str) -> bool:
        before = self._at
        if self._next() == mark:
            return True
        self._at = before
        return False

    def _refusal(self) -> Refusal:
        return Refusal(400, "invalidParameter", f"Invalid field selection {self._text}", "fields")


def selected(told: dict[str, Any], fields: str | None, schema: Schema, default: str) -> dict[str, Any]:
    """Return of a resource what is asked for.

    Args:
        told: all that could be told.
        fields: of the request; None: the default.
        schema: of the resource.
        default: what is told where nothing is asked for, in the same form.

    Raises:
        Refusal: there is no such field, or this is no selection.
    """
    names = _Selection(default if fields is None else fields).names
    _require_known(names, schema)
    chosen: dict[str, Any] = _chosen(told, names)
    return chosen


def _require_known(names: Mapping[str, Any], schema: Schema) -> None:
    for name, below in names.items():
        if name == "*" or schema is ANY:
            continue
        if name not in schema or (below is not None and schema[name] is None):
            raise Refusal(400, "invalidParameter", f"Invalid field selection {name}", "fields")
        if below is not None:
            _require_known(below, schema[name])


def _chosen(told: Any, names: Mapping[str, Any] | None) -> Any:
    if names is None or "*" in names:
        return told
    if isinstance(told, list):
        return [_chosen(one, names) for one in told]
    return {name: _chosen(told[name], below) for name, below in names.items() if name in told}
