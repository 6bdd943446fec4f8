"""One small object in one request, whose checksum the server compares before anybody sees the object."""

import json
import secrets

from app.storages.base import Content
from app.storages.contents import read_exactly
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.checksums import Checksum
from app.storages.gcs.metadata import properties_of
from app.storages.gcs.requests import uploads_path
from app.storages.gcs.resources import FIELDS
from app.storages.http_api.exchange import Answer, Request, with_body

LIMIT = 8 * 1024 * 1024
"""Bytes; what is larger goes in pieces, so that memory stays bounded and little is sent again after a failure."""


def put_small(api: Api, address: GcsAddress, key: str, content: Content) -> tuple[Answer, str]:
    """Store a content of at most `LIMIT` bytes; return the answer, and the checksum that the object must have.

    Sending it again after an answer was lost stores the same bytes once more, so it needs no precondition.
    """
    data = read_exactly(content, content.size)
    content.verify()
    checksum = Checksum(data).spelt
    properties = {**properties_of(key, content), "crc32c": checksum}
    request = Request("POST", uploads_path(address.bucket), {"uploadType": "multipart", "fields": FIELDS}, key=key)
    return api.ask(_with_parts(request, properties, data)), checksum


def _with_parts(request: Request, properties: dict[str, object], data: bytes) -> Request:
    boundary = secrets.token_hex(16)
    head = (
        f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{json.dumps(properties)}\r\n"
        f"--{boundary}\r\nContent-Type: {properties['contentType']}\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    )
    body = [head.encode(), data, f"\r\n--{boundary}--\r\n".encode()]
    return with_body(request, body, f"multipart/related; boundary={boundary}")
