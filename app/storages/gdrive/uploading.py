"""Making folders and files, and giving files new bytes: small ones in one request, large ones in pieces."""

import hashlib
import json
import re
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from app.errors import ObjectExists, ObjectMissing, StorageError
from app.storages.base import Content
from app.storages.content_types import UNKNOWN_TYPE, content_type_of
from app.storages.contents import read_exactly
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import Api
from app.storages.gdrive.errors import DAMAGED_THERE, EXISTS, NOT_DRIVE, said
from app.storages.gdrive.finding import file_told, find_file
from app.storages.gdrive.ids import require_id
from app.storages.gdrive.requests import file_request, path_below, resource_query
from app.storages.gdrive.resources import FOLDER, NATIVE, DriveFile
from app.storages.gdrive.resumable import put_large
from app.storages.http_api.exchange import Answer, Request, with_body
from app.storages.http_api.meanings import DAMAGED
from app.storages.http_api.resumable import PIECE
from app.storages.times import spelled

_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}")
_JSON = "application/json; charset=UTF-8"


class Uploader:
    """Makes and replaces files of one account. Thread-safe.

    Args:
        api: sends the requests.
        address: of the account.
        most: how many uploads are under way; each has a piece in memory, and others wait.
    """

    def __init__(self, api: Api, address: DriveAddress, most: int) -> None:
        self._api, self._address, self._uploads = api, address, api.for_uploads()
        self._places = threading.BoundedSemaphore(most)

    def make_folder(self, name: str, parent_id: str | None, file_id: str | None) -> DriveFile:
        """Make a folder, or return the one of this id.

        Raises:
            ObjectExists: what has this id is no folder.
            ObjectMissing: there is no such parent.
        """
        properties = {"name": name, "mimeType": FOLDER, **_place(parent_id, file_id)}
        path = path_below(self._address.endpoint, "files")
        asked = _with_json(Request("POST", path, resource_query(), key=name), properties)
        try:
            answer = self._api.ask(asked) if file_id else self._api.ask_once(asked)
            made = file_told(self._api, self._address, answer)
        except ObjectExists:
            made = self._earlier(name, file_id)
        if not made.is_folder or made.id != (file_id or made.id):
            raise said(EXISTS, self._address, name)
        return made

    def create(
        self, name: str, parent_id: str | None, file_id: str | None, content: Content, mime_type: str | None = None
    ) -> DriveFile:
        """Make a file, or return the one of this id, where it has just these bytes.

        Where an answer is lost for good, the file may be there: whole, and under this id, so that the next call finds
        it.

        Raises:
            ObjectExists: it has others.
            StorageFailure: it arrived damaged, and was removed.
        """
        properties = {"name": name, "mimeType": _type(name, mime_type), **_place(parent_id, file_id)}
        path = path_below(self._address.uploads, "files")
        upload = _Upload(Request("POST", path, key=name), properties, content, is_repeatable=file_id is not None)
        with self._places:
            try:
                made = file_told(self._api, self._address, self._put(upload))
            except ObjectExists:
                made = self._earlier(name, file_id)
                upload.read_on()
                if not upload.is_in(made):
                    raise said(EXISTS, self._address, name) from None
                return made
        if made.id != (file_id or made.id):
            raise said(NOT_DRIVE, self._address, name)
        if not upload.is_in(made):
            self._remove(made.id)
            raise said(DAMAGED, self._address, name)
        return made

    def replace(self, file_id: str, content: Content) -> DriveFile:
        """Give a file new bytes, all at once.

        Raises:
            ObjectMissing: there is no such file.
            StorageFailure: they arrived damaged, and Google has no way to say so before they are there.
        """
        request = file_request(self._address.uploads, "PATCH", file_id)
        upload = _Upload(request, {}, content, is_repeatable=True)
        with self._places:
            made = file_told(self._api, self._address, self._put(upload))
        if made.id != file_id:
            raise said(NOT_DRIVE, self._address, file_id)
        if not upload.is_in(made):
            raise said(DAMAGED_THERE, self._address, made.name)
        return made

    def _put(self, upload: "_Upload") -> Answer:
        if upload.content.size > max(self._address.multipart_limit, 0):
            request = upload.begun("resumable")
            return put_large(self._uploads, self._address, request, upload.properties, upload.content, upload.take)
        request = upload.whole()
        return self._uploads.ask(request) if upload.is_repeatable else self._uploads.ask_once(request)

    def _earlier(self, name: str, file_id: str | None) -> DriveFile:
        """Return what has a reserved id already: an earlier attempt made it, whose answer was lost."""
        if file_id is None:
            raise said(EXISTS, self._address, name)
        try:
            return find_file(self._api, self._address, file_id)
        except ObjectMissing:  # made, and removed for good since
            raise said(EXISTS, self._address, name) from None

    def _remove(self, file_id: str) -> None:
        request = replace(file_request(self._address.endpoint, "DELETE", file_id), accepted=(200, 204, 404))
        with suppress(StorageError):
            self._api.ask(request)


class _Upload:
    """One content on its way, and what was read of it. Used by one thread."""

    def __init__(
        self, request: Request, properties: Mapping[str, object], content: Content, *, is_repeatable: bool
    ) -> None:
        self._request, self.content, self.is_repeatable = request, content, is_repeatable
        self.properties = {**properties, **_time_of(content)}
        self._type = str(properties.get("mimeType", UNKNOWN_TYPE))
        self._digest, self._taken = hashlib.md5(usedforsecurity=False), 0

    def take(self, data: bytes) -> None:
        """Count these bytes in."""
        self._digest.update(data)
        self._taken += len(data)

    def read_on(self) -> None:
        """Read what is left."""
        while self._taken < self.content.size:
            self.take(read_exactly(self.content, min(PIECE, self.content.size - self._taken)))
        self.content.verify()

    def is_in(self, made: DriveFile) -> bool:
        """Return whether a file has the bytes that were taken; one without an MD5, whether as many."""
        return made.size == self._taken and made.md5 in (None, self._digest.hexdigest())

    def begun(self, way: str) -> Request:
        """Return the request that an upload begins with."""
        headers = {"X-Upload-Content-Type": self._type}
        return replace(self._request, query=resource_query(uploadType=way), headers=headers)

    def whole(self) -> Request:
        """Return the request that has all in it."""
        data = read_exactly(self.content, self.content.size)
        self.content.verify()
        self.take(data)
        boundary = secrets.token_hex(16)
        head = (
            f"--{boundary}\r\nContent-Type: {_JSON}\r\n\r\n{json.dumps(self.properties)}\r\n"
            f"--{boundary}\r\nContent-Type: {self._type}\r\n\r\n"
        )
        body = [head.encode(), data, f"\r\n--{boundary}--\r\n".encode()]
        request = replace(self._request, query=resource_query(uploadType="multipart"))
        return with_body(request, body, f"multipart/related; boundary={boundary}")


def _with_json(request: Request, properties: Mapping[str, object]) -> Request:
    return with_body(request, [json.dumps(properties).encode()], _JSON)


def _place(parent_id: str | None, file_id: str | None) -> Mapping[str, object]:
    place: dict[str, object] = {"parents": [require_id(parent_id)]} if parent_id else {}
    return place | ({"id": require_id(file_id)} if file_id else {})


def _type(name: str, mime_type: str | None) -> str:
    """Return a type that goes into a header as it is; with one of Google's own, Drive would convert the file."""
    if mime_type and _TYPE.fullmatch(mime_type) and not mime_type.startswith(NATIVE):
        return mime_type
    return content_type_of(name)


def _time_of(content: Content) -> Mapping[str, str]:
    """Return the time as Drive keeps it, in milliseconds; none for a year that cannot be spelt."""
    text = spelled(content.modified_ns)
    return {"modifiedTime": f"{text[:-7]}Z"} if text else {}
