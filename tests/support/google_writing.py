"""How files are made and changed at the fake Google Drive, with content or without."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.support.google_access import Asking, folder, found, require_app, require_may
from tests.support.google_fields import FILE, selected
from tests.support.google_files import FOLDER, NATIVE, SHORTCUT, Drive, Stored, spelt
from tests.support.google_resources import file_resource
from tests.support.google_wire import Refusal

DEFAULT_FIELDS = "kind,id,name,mimeType"
WRITABLE = frozenset(
    {"name", "mimeType", "modifiedTime", "appProperties", "properties", "description", "starred", "trashed"}
    | {"originalFilename", "viewedByMeTime", "copyRequiresWriterPermission", "writersCanShare", "contentHints"}
)
ONLY_WHEN_MADE = frozenset({"id", "parents", "createdTime", "shortcutDetails"})


class Content(bytes):
    """Bytes of a file, with the type that they were sent with."""

    mime_type: str = ""

    @classmethod
    def of(cls, data: bytes, mime_type: str | None) -> "Content":
        """Return them with their type."""
        content = cls(data)
        content.mime_type = (mime_type or "").partition(";")[0].strip()
        return content


def told_of(drive: Drive, file: Stored, asking: Asking) -> dict[str, Any]:
    """Return of a file what a request asks to be told."""
    resource = file_resource(drive, file, asking.account)
    return selected(resource, asking.seen.query.get("fields"), FILE, DEFAULT_FIELDS)


def require_creatable(drive: Drive, metadata: Mapping[str, Any], asking: Asking) -> Stored:
    """Return the folder of a file that shall be made; Refusal where it cannot be."""
    _require_writable(metadata, WRITABLE | ONLY_WHEN_MADE)
    parents = metadata.get("parents") or [None]
    if not isinstance(parents, list) or len(parents) > 1:
        raise Refusal(400, "invalid", "A file has one parent.", "parents")
    if "id" in metadata:
        _require_reserved(drive, metadata)
    return folder(drive, parents[0], asking)


def create(drive: Drive, metadata: Mapping[str, Any], content: Content | None, asking: Asking) -> Stored:
    """Make a file."""
    with drive.lock:
        parent = require_creatable(drive, metadata, asking)
        made = Stored(
            id=metadata.get("id") or drive.new_id(),
            name=str(metadata.get("name") or "Untitled"),
            mime_type=metadata.get("mimeType") or (content.mime_type if content else "") or "application/octet-stream",
            owner=asking.account.sub,
            parent=parent.id,
            drive=parent.drive,
            made_by_app=True,
        )
        if content is not None or not made.mime_type.startswith(NATIVE):
            made.data = _stored(drive, content or b"", asking, len(content or b""))
        if made.mime_type == SHORTCUT:
            made.target = found(drive, str(metadata.get("shortcutDetails", {}).get("targetId")), asking).id
        made.created_time = _time(metadata, "createdTime")
        _take(made, metadata)
        made.modified_time = _time(metadata, "modifiedTime")
        return drive.keep(made)


def update(drive: Drive, file_id: str, metadata: Mapping[str, Any], content: Content | None, asking: Asking) -> Stored:
    """Change a file: what is told of it, where it is, its bytes."""
    with drive.lock:
        file = changeable(drive, file_id, metadata, asking)
        if content is not None:
            require_may(file, "canModifyContent")
            if file.is_folder or file.is_native or file.mime_type == SHORTCUT:
                raise Refusal(
                    403, "fileNotDownloadable", "Only files with binary content can have their content changed."
                )
            file.put(_stored(drive, content, asking, len(content) - len(file.data or b"")))
        _move(drive, file, asking)
        _take(file, metadata)
        file.name = str(metadata.get("name", file.name))
        file.mime_type = metadata.get("mimeType") or file.mime_type
        drive.touch(file, _time(metadata, "modifiedTime") or ("" if content is not None else file.modified_time))
        return file


def changeable(drive: Drive, file_id: str, metadata: Mapping[str, Any], asking: Asking) -> Stored:
    """Return a file that shall be changed; Refusal where it may not be."""
    file = found(drive, file_id, asking)
    require_app(file, asking)
    _require_writable(metadata, WRITABLE)
    if "name" in metadata:
        require_may(file, "canRename")
    if metadata.get("trashed"):
        require_may(file, "canTrash")
    if (metadata.get("mimeType") or file.mime_type) != file.mime_type and FOLDER in (
        file.mime_type,
        metadata["mimeType"],
    ):
        raise Refusal(400, "invalid", "Invalid MIME type provided for the uploaded content.")
    return file


def _move(drive: Drive, file: Stored, asking: Asking) -> None:
    added, removed = (asking.seen.query.get(name) for name in ("addParents", "removeParents"))
    if removed is not None and removed not in (file.parent, "root"):
        raise Refusal(404, "notFound", f"File not found: {removed}.", "fileId")
    if added is None:
        return
    if removed is None and added != file.parent:
        raise Refusal(403, "cannotAddParent", "Increasing the number of parents is not allowed")
    parent = folder(drive, added, asking)
    file.parent, file.drive = parent.id, parent.drive


def _take(file: Stored, metadata: Mapping[str, Any]) -> None:
    for told, kept in (("appProperties", file.app_properties), ("properties", file.properties)):
        for key, value in (metadata.get(told) or {}).items():
            if value is None:
                kept.pop(key, None)
            else:
                kept[key] = str(value)
    file.explicitly_trashed = bool(metadata.get("trashed", file.explicitly_trashed))
    file.starred = bool(metadata.get("starred", file.starred))
    file.description = str(metadata.get("description", file.description))


def _stored(drive: Drive, data: bytes, asking: Asking, grows: int) -> bytes:
    if drive.limit is not None and drive.usage(asking.account.sub) + grows > drive.limit:
        raise Refusal(403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded.")
    if drive.damages > 0:
        drive.damages -= 1
        return bytes(data[:-1]) + bytes([(data[-1] ^ 1) if data else 0])
    return bytes(data)


def _require_reserved(drive: Drive, metadata: Mapping[str, Any]) -> None:
    kind = str(metadata.get("mimeType", ""))
    if kind.startswith(NATIVE) and kind not in (FOLDER, SHORTCUT):
        raise Refusal(400, "fileIdNotSupported", "Generated IDs are not supported for Docs Editors formats.", "file.id")
    if metadata["id"] in drive.used:
        raise Refusal(409, "fileIdInUse", "A file already exists with the provided ID.", "file.id")
    if metadata["id"] not in drive.reserved:
        raise Refusal(400, "invalid", "The provided file ID is not usable.", "file.id")


def _require_writable(metadata: Mapping[str, Any], writable: frozenset[str]) -> None:
    if unknown := set(metadata) - writable - {"kind"}:
        sentence = f"The resource body includes fields which are not directly writable: {sorted(unknown)}"
        raise Refusal(403, "fieldNotWritable", sentence)


def _time(metadata: Mapping[str, Any], name: str) -> str:
    text = metadata.get(name)
    if text is None:
        return ""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", str(text)):
        raise Refusal(400, "invalid", f"Invalid value for: {text}", name)
    return spelt(datetime.fromisoformat(str(text)).timestamp())
