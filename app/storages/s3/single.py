"""One object in one request, by boto3: for what the lane of small objects cannot do, or failed at."""

import base64
import hashlib
from contextlib import closing
from typing import TYPE_CHECKING, Any

from app.errors import StorageFailure
from app.storages.bodies import read_at_most
from app.storages.s3.address import S3Address
from app.storages.s3.errors import translated
from app.storages.s3.etags import etag_of, may_be_digest
from app.storages.s3.metadata import Headers, modified_ns
from app.storages.s3.small import LIMIT, Found

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def put_object(client: "S3Client", address: S3Address, key: str, data: bytes, headers: Headers) -> str | None:
    """Store ``data`` with the MD5 that the server checks it against; return the etag."""
    with translated(address, key):
        return etag_of(
            client.put_object(
                Bucket=address.bucket, Key=key, Body=data, ContentMD5=content_md5(data), **headers.parameters
            )
        )


def get_object(client: "S3Client", address: S3Address, key: str) -> tuple[Found, bool]:
    """Return the object, and whether its etag can be made of MD5s.

    Raises:
        ObjectMissing: there is none.
        StorageFailure: it broke off, or went on behind its end.
    """
    with translated(address, key):
        answer = client.get_object(Bucket=address.bucket, Key=key)
        with closing(answer["Body"]) as body:
            size = answer["ContentLength"]
            found = Found(
                size=size,
                modified_ns=modified_ns(answer["Metadata"], answer["LastModified"]),
                etag=etag_of(answer),
                data=_whole(body, size, key) if size <= LIMIT else None,
            )
    return found, may_be_digest(answer)


def _whole(body: Any, size: int, key: str) -> bytes:
    data = read_at_most(body, size + 1)
    if len(data) != size:
        raise StorageFailure(f"{key!r} arrived with another length than the {size} bytes that were told of.")
    return data


def content_md5(data: bytes) -> str:
    """Return the value of the header Content-MD5."""
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
