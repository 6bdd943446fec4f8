"""What a request to a storage's HTTP API is, how long its answer is waited for, and what a good answer is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeAlias

ANSWER_BYTES = 16 * 1024 * 1024
"""More than any answer has that is no object: the longest are pages of 1,000 keys."""

Query: TypeAlias = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        method: in capitals.
        path: after the host, encoded.
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
    """An answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class Patience(NamedTuple):
    """How long an answer is waited for.

    Attributes:
        connect: seconds to connect.
        read: seconds without a byte.
        whole: seconds for the body of an answer that is no object, however steadily it drips.
        attempts: how often a request is sent at most.
    """

    connect: float
    read: float
    whole: float
    attempts: int


def with_body(request: Request, body: Sequence[bytes], content_type: str) -> Request:
    """Return the request with a body of this type."""
    return replace(request, body=body, headers={**request.headers, "Content-Type": content_type})
