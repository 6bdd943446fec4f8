"""One large object in pieces: a session that takes them one after the other, and makes the object with the last one."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Self
from urllib.parse import SplitResult, parse_qsl, urlsplit

from app.errors import StorageError
from app.storages.base import Content
from app.storages.contents import read_exactly
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.checksums import Checksum
from app.storages.gcs.errors import ANYTHING_ELSE, NOT_GCS, Passing, said
from app.storages.gcs.metadata import properties_of
from app.storages.gcs.requests import Answer, Request, uploads_path, with_body
from app.storages.gcs.resources import FIELDS

PIECE = 8 * 1024 * 1024
"""Bytes, a multiple of 256 KiB as Google wants it; one piece is in memory for each object under way."""

ATTEMPTS = 4
"""How often a piece is sent, without the server getting any further, before that is an error."""

PAUSE = 0.2
"""Seconds after a piece that was not taken, as often as it was sent, before the server is asked how far it got."""

_UNDER_WAY = 308
_GONE = (200, 204, 404, 410, 499)


def put_large(api: Api, address: GcsAddress, key: str, content: Content) -> tuple[Answer, str]:
    """Store a content of more than one byte; return the answer, and the checksum that the object must have.

    The last piece carries the checksum of all bytes, which the server compares, and is sent only once ``content`` has
    been verified. Whatever is raised, the session is cancelled, and what it had taken is gone.
    """
    session = Session.begun(api, address, properties_of(key, content), content.size)
    try:
        return _send_all(session, content)
    except BaseException:
        with suppress(StorageError):  # where it cannot be cancelled, Google forgets it within a week
            session.cancel()
        raise


def _send_all(session: "Session", content: Content) -> tuple[Answer, str]:
    checksum, at = Checksum(), 0
    while True:
        data = read_exactly(content, min(PIECE, content.size - at))
        checksum.update(data)
        is_last = at + len(data) == content.size
        if is_last:
            content.verify()
        answer = session.send(data, at, {"X-Goog-Hash": f"crc32c={checksum.spelt}"} if is_last else {})
        at += len(data)
        del data  # or it would stay in memory beside the next one
        if is_last:
            return answer, checksum.spelt


class Session:
    """A resumable upload. Used by one thread at a time.

    Args:
        api: sends the requests.
        address: the bucket's address.
        key: of the object that it shall make.
        request: leads to it.
        size: bytes of the whole object.
    """

    def __init__(self, api: Api, address: GcsAddress, key: str, request: Request, size: int) -> None:
        self._api, self._address, self._key, self._request, self._size = api, address, key, request, size

    @classmethod
    def begun(cls, api: Api, address: GcsAddress, properties: Mapping[str, object], size: int) -> Self:
        """Begin one for an object of these properties."""
        key = str(properties["name"])
        query = {"uploadType": "resumable", "fields": FIELDS}
        headers = {
            "X-Upload-Content-Length": str(size),
            "X-Upload-Content-Type": str(properties.get("contentType", "application/octet-stream")),
        }
        request = Request("POST", uploads_path(address.bucket), query, headers, key=key)
        answer = api.ask(with_body(request, [json.dumps(properties).encode()], "application/json; charset=UTF-8"))
        return cls(api, address, key, _followed(address, key, answer.headers.get("Location", "")), size)

    def send(self, data: bytes, at: int, headers: Mapping[str, str]) -> Answer:
        """Send one piece until the server has it.

        Args:
            data: the piece.
            at: how many bytes are before it.
            headers: to go with its end.

        Raises:
            StorageError: the server does not take it.
        """
        begin, end, attempt = at, at + len(data), 0
        while True:
            attempt += 1
            answer = self._sent(data[begin - at :], begin, headers, attempt)
            is_complete = answer.status != _UNDER_WAY
            arrived = self._size if is_complete else self._arrived(answer)
            if arrived == end and is_complete == (end == self._size):
                return answer
            if not begin <= arrived < end or attempt >= ATTEMPTS:
                raise said(ANYTHING_ELSE, self._address, self._key, "an upload that does not go on")
            attempt = attempt if arrived == begin else 0
            begin = arrived

    def cancel(self) -> None:
        """End it, so that what it has taken is removed; harmless where it has ended.

        Google answers 499 to that.
        """
        self._api.ask(self._asking("DELETE", {}, (), _GONE))

    def _sent(self, data: bytes, begin: int, headers: Mapping[str, str], attempt: int) -> Answer:
        """Send once; where that fails, ask how far the server got."""
        span = f"bytes {begin}-{begin + len(data) - 1}/{self._size}"
        try:
            return self._api.once(self._asking("PUT", {**headers, "Content-Range": span}, [data]))
        except Passing as error:
            if attempt >= ATTEMPTS:
                raise error.told from None
        time.sleep(PAUSE * attempt)
        return self._api.ask(self._asking("PUT", {"Content-Range": f"bytes */{self._size}"}, ()))

    def _arrived(self, answer: Answer) -> int:
        """Return how many bytes the server has, told by an answer that more are wanted."""
        told = answer.headers.get("Range")
        match = re.fullmatch(r"bytes=0-([0-9]{1,15})", told or "bytes=0-")
        if told is None:
            return 0
        if match is None:
            raise said(NOT_GCS, self._address)
        return int(match[1]) + 1

    def _asking(
        self, method: str, headers: Mapping[str, str], body: Sequence[bytes], accepted: tuple[int, ...] = ()
    ) -> Request:
        path, query = self._request.path, self._request.query
        good = accepted or (200, 201, _UNDER_WAY)
        return Request(method, path, query, headers, body, key=self._key, accepted=good)


def _followed(address: GcsAddress, key: str, location: str) -> Request:
    """Return a request to where a session was said to be, which must be where it was begun.

    Raises:
        StorageError: it is elsewhere, and no piece or token may go there.
    """
    try:
        told = urlsplit(location)
        is_ours = _origin(told) == _origin(urlsplit(address.endpoint))
        is_upload = told.path == uploads_path(address.bucket)
    except ValueError:
        is_ours = is_upload = False
    if not (is_ours and is_upload):
        raise said(NOT_GCS, address, key)
    return Request("PUT", told.path, dict(parse_qsl(told.query, keep_blank_values=True)), key=key)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
