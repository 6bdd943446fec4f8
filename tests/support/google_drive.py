"""The Drive API of the fake Google: which request is which method, and its answer."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from tests.support.gcs_answers import Answer, Seen, json_answer
from tests.support.google_access import Asking, found, require_app, require_may
from tests.support.google_faults import Fault
from tests.support.google_fields import ABOUT, DRIVE, DRIVES, IDS, selected
from tests.support.google_files import Drive, Stored
from tests.support.google_listing import Lists
from tests.support.google_oauth import OAuth
from tests.support.google_resources import EXPORTS, about_resource, drive_resource, exported, may
from tests.support.google_uploads import Uploads
from tests.support.google_wire import Refusal, json_of
from tests.support.google_writing import create, told_of, update

EXPORT_LIMIT = 10 * 1024 * 1024
"""Bytes of an export that are more than Google sends."""

_ROUTES: Mapping[str, str] = {
    "GET /drive/v3/about": "about.get",
    "GET /drive/v3/files": "files.list",
    "POST /drive/v3/files": "files.create",
    "GET /drive/v3/files/generateIds": "files.generateIds",
    "GET /drive/v3/files/{id}": "files.get",
    "PATCH /drive/v3/files/{id}": "files.update",
    "DELETE /drive/v3/files/{id}": "files.delete",
    "GET /drive/v3/files/{id}/export": "files.export",
    "GET /drive/v3/drives": "drives.list",
    "GET /drive/v3/drives/{id}": "drives.get",
    "POST /upload/drive/v3/files": "files.create",
    "PATCH /upload/drive/v3/files/{id}": "files.update",
}
_PATTERNS = [(re.compile(route.replace("{id}", "([^/]+)")), method) for route, method in _ROUTES.items()]


class DriveApi:
    """Answers requests of the API. Thread-safe.

    Attributes:
        uploads: sessions that are open.
    """

    def __init__(self, drive: Drive, oauth: OAuth) -> None:
        self.uploads = Uploads(drive)
        self._drive, self._oauth, self._lists = drive, oauth, Lists(drive)

    def answer(self, seen: Seen, fault: Fault) -> Answer:
        """Answer one request; Refusal where Google would."""
        if "upload_id" in seen.query and seen.path.startswith("/upload/"):
            return self.uploads.proceeded(seen, fault.keep)
        method, file_id = _routed(seen)
        asking = self._asking(method, seen)
        asking.require_lawful()
        if seen.path.startswith("/upload/"):
            return self.uploads.answer(asking, file_id or None)
        if method == "media":
            return self._media(asking, file_id)
        if method == "files.export":
            return self._export(asking, file_id)
        with self._drive.lock:
            return self._told(asking, file_id)

    def _told(self, asking: Asking, file_id: str) -> Answer:
        if asking.method == "files.delete":
            return self._delete(asking, file_id)
        answers: Mapping[str, Callable[[], dict[str, Any]]] = {
            "about.get": lambda: self._about(asking),
            "files.list": lambda: self._lists.page(asking),
            "files.get": lambda: told_of(self._drive, found(self._drive, file_id, asking), asking),
            "files.create": lambda: self._created(asking),
            "files.update": lambda: self._updated(asking, file_id),
            "files.generateIds": lambda: self._ids(asking),
            "drives.list": lambda: self._drives(asking),
            "drives.get": lambda: self._shared_drive(asking, file_id),
        }
        return json_answer(answers[asking.method]())

    def _asking(self, method: str, seen: Seen) -> Asking:
        told = seen.headers.get("Authorization")
        if told is None:
            raise Refusal(401, "required", "Login Required.", "Authorization")
        token = self._oauth.bearer(told)
        if token is None:
            raise Refusal(401, "authError", "Invalid Credentials", "Authorization")
        return Asking(method, token, seen)

    def _about(self, asking: Asking) -> dict[str, Any]:
        fields = asking.seen.query.get("fields")
        if not fields:
            raise Refusal(400, "required", "The 'fields' parameter is required for this method.", "fields")
        return selected(about_resource(self._drive, asking.account), fields, ABOUT, "*")

    def _created(self, asking: Asking) -> dict[str, Any]:
        return told_of(self._drive, create(self._drive, json_of(asking.seen.body), None, asking), asking)

    def _updated(self, asking: Asking, file_id: str) -> dict[str, Any]:
        return told_of(self._drive, update(self._drive, file_id, json_of(asking.seen.body), None, asking), asking)

    def _ids(self, asking: Asking) -> dict[str, Any]:
        if asking.seen.query.get("space", "drive") != "drive":
            raise Refusal(400, "invalid", "Invalid Value", "space")
        ids = [self._drive.new_id() for _ in range(asking.number("count", 10, 1000))]
        self._drive.reserved.update(ids)
        told = {"kind": "drive#generatedIds", "space": "drive", "ids": ids}
        return selected(told, asking.seen.query.get("fields"), IDS, "*")

    def _delete(self, asking: Asking, file_id: str) -> Answer:
        file = found(self._drive, file_id, asking)
        require_app(file, asking)
        require_may(file, "canDelete")
        self._drive.erase(file.id)
        return Answer(204, {}, b"")

    def _drives(self, asking: Asking) -> dict[str, Any]:
        asking.number("pageSize", 10, 100)
        keys = [key for key, members in self._drive.members.items() if asking.account.sub in members]
        told = {"kind": "drive#driveList", "drives": [drive_resource(self._drive, key) for key in keys]}
        return selected(told, asking.seen.query.get("fields"), DRIVES, "kind,nextPageToken,drives(kind,id,name)")

    def _shared_drive(self, asking: Asking, key: str) -> dict[str, Any]:
        if asking.account.sub not in self._drive.members.get(key, set()):
            raise Refusal(404, "notFound", f"Shared drive not found: {key}", "driveId")
        return selected(drive_resource(self._drive, key), asking.seen.query.get("fields"), DRIVE, "kind,id,name")

    def _media(self, asking: Asking, file_id: str) -> Answer:
        with self._drive.lock:
            file = found(self._drive, file_id, asking)
            if file.data is None:
                sentence = "Only files with binary content can be downloaded. Use Export with Docs Editors files."
                raise Refusal(403, "fileNotDownloadable", sentence, "alt")
            if not may(file, "canDownload"):
                raise Refusal(403, "cannotDownloadFile", "This file cannot be downloaded by the user.", "alt")
            return _ranged(file, file.data, asking.seen)

    def _export(self, asking: Asking, file_id: str) -> Answer:
        mime_type = asking.seen.query.get("mimeType")
        if not mime_type:
            raise Refusal(400, "required", "Required parameter: mimeType", "mimeType")
        with self._drive.lock:
            file = found(self._drive, file_id, asking)
            formats = EXPORTS.get(file.mime_type)
            if formats is None:
                raise Refusal(403, "fileNotExportable", "Export only supports Docs Editors files.")
            if mime_type not in formats:
                raise Refusal(400, "badRequest", "The requested conversion is not supported.", "convertTo")
            if not may(file, "canDownload"):
                raise Refusal(403, "cannotExportFile", "This file cannot be exported by the user.")
            data = exported(file, mime_type)
        if len(data) > EXPORT_LIMIT:
            raise Refusal(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        return Answer(200, {"Content-Type": mime_type}, data)


def _routed(seen: Seen) -> tuple[str, str]:
    """Return the method that a request is, and the id in its path or nothing."""
    for pattern, method in _PATTERNS:
        match = pattern.fullmatch(f"{seen.method} {seen.path}")
        if match is not None:
            file_id = unquote(match[1]) if pattern.groups else ""
            is_media = method == "files.get" and seen.query.get("alt") == "media"
            return "media" if is_media else method, file_id
    raise Refusal(404, "notFound", "Not Found")


def _ranged(file: Stored, data: bytes, seen: Seen) -> Answer:
    headers = {"Content-Type": file.mime_type}
    match = re.fullmatch(r"bytes=([0-9]*)-([0-9]*)", seen.headers.get("Range", ""))
    if match is None or not (match[1] or match[2]):
        return Answer(200, headers, data)
    begin = int(match[1]) if match[1] else max(len(data) - int(match[2]), 0)
    end = min(int(match[2]) + 1, len(data)) if match[1] and match[2] else len(data)
    if begin >= len(data) or end <= begin:
        raise Refusal(416, "requestedRangeNotSatisfiable", "Request range not satisfiable", "Range")
    return Answer(206, {**headers, "Content-Range": f"bytes {begin}-{end - 1}/{len(data)}"}, data[begin:end])
