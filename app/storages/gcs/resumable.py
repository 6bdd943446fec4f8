"""One large object in pieces: a session that takes them one after the other, and makes the object with the last one."""

import json
from collections.abc import Mapping
from typing import Self

from app.storages.base import Content
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.checksums import Checksum
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.metadata import properties_of
from app.storages.gcs.requests import uploads_path
from app.storages.gcs.resources import FIELDS
from app.storages.http_api import resumable
from app.storages.http_api.exchange import Answer, Request, with_body
from app.storages.http_api.resumable import followed


def put_large(api: Api, address: GcsAddress, key: str, content: Content) -> tuple[Answer, str]:
    """Store a content of more than one byte; return the answer, and the checksum that the object must have.

    The last piece carries the checksum of all bytes, which the server compares, and is sent only once ``content`` has
    been verified. Whatever is raised, the session is cancelled, and what it had taken is gone.
    """
    session, checksum = Session.begun(api, address, properties_of(key, content), content.size), Checksum()
    answer = resumable.send_content(
        session, content, checksum.update, lambda: {"X-Goog-Hash": f"crc32c={checksum.spelt}"}
    )
    return answer, checksum.spelt


class Session(resumable.Session):
    """A resumable upload of an object. Used by one thread at a time."""

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
        session = followed(answer.headers.get("Location", ""), address.endpoint, request.path)
        if session is None:
            raise said(NOT_GCS, address, key)
        return cls(api, key, session, size)
