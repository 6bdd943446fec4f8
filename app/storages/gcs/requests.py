"""What a request to the JSON API is, what a good answer is, and where the API has what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

ANSWER_BYTES = 16 * 1024 * 1024
"""More than any answer has that is no object: the longest are pages of 1,000 keys."""

Query: TypeAlias = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        method: in capitals.
        path: after the endpoint, encoded.
        query: not encoded.
        headers: those that only this request has.
        body: its pieces, sent one after the other.
        key: the object that it is about, for messages.
        accepted: the statuses of good answers; any other one is an error.
        most: how many bytes the body of a good answer may have.
        is_media: whether a good answer is the bytes of an object, which may take as long as they keep coming.
    """

    method: str
    path: str
    query: Query = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Sequence[bytes] = ()
    key: str = ""
    accepted: tuple[int, ...] = (200,)
    most: int = ANSWER_BYTES
    is_media: bool = False


class Answer(NamedTuple):
    """A good answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def object_path(bucket: str, key: str) -> str:
    """Return the path of an object's resource; the whole key is one segment of it."""
    return f"{objects_path(bucket)}/{quote(key, safe='')}"


def rewrite_path(bucket: str, source: str, key: str) -> str:
    """Return the path that copies an object within a bucket."""
    return f"{object_path(bucket, source)}/rewriteTo{object_path(bucket, key).removeprefix('/storage/v1')}"


def objects_path(bucket: str) -> str:
    """Return the path of a bucket's objects."""
    return f"{bucket_path(bucket)}/o"


def bucket_path(bucket: str) -> str:
    """Return the path of a bucket's resource."""
    return f"/storage/v1/b/{quote(bucket, safe='')}"


def uploads_path(bucket: str) -> str:
    """Return the path to which a bucket's objects are uploaded."""
    return f"/upload{objects_path(bucket)}"


def with_body(request: Request, body: Sequence[bytes], content_type: str) -> Request:
    """Return the request with a body of this type."""
    return replace(request, body=body, headers={**request.headers, "Content-Type": content_type})
