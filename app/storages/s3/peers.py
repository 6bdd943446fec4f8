"""botocore's HTTP sessions: with connections whose other end is looked at first, and answers that are bounded."""

import os
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import (
    AWSHTTPConnectionPool,
    AWSHTTPSConnectionPool,
    AWSPreparedRequest,
    AWSRequest,
    AWSResponse,
)
from botocore.exceptions import HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.response import StreamingBody

from app.errors import StorageUnreachable
from app.storages.peers import Forbids, checked_pools
from app.storages.s3.address import S3Address
from app.storages.s3.errors import not_s3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ANSWER_BYTES = 16 * 1024 * 1024
"""More than any answer of S3 has that is no object: the longest are pages of 1,000 keys."""

_CHUNK = 64 * 1024


class CheckedSession(URLLib3Session):
    """botocore's HTTP session, which connects to no address that ``forbids`` answers True for. Thread-safe if that is.

    Args:
        forbids: asked with an IP address, before each connection.
        options: those of botocore's session.
    """

    def __init__(self, forbids: Forbids, **options: Any) -> None:
        super().__init__(**options)
        # What takes no such classes any more has no such attribute either: this fails then, and nothing goes unchecked.
        manager: Any = self._manager  # type: ignore[attr-defined] # botocore knows no other way to say it
        manager.pool_classes_by_scheme = checked_pools(forbids, AWSHTTPConnectionPool, AWSHTTPSConnectionPool)

    def send(self, request: AWSRequest | AWSPreparedRequest) -> AWSResponse:
        """Send one request and return its answer.

        Raises:
            StorageUnreachable: the name leads to a forbidden address.
            BotoCoreError: as botocore's session does.
        """
        try:
            return super().send(request)
        except HTTPClientError as error:
            refused = error.kwargs.get("error")
            if isinstance(refused, StorageUnreachable):
                raise refused from None
            raise


def session_of(forbids: Forbids | None, connections: int, timeouts: tuple[float, float]) -> URLLib3Session:
    """Return an HTTP session that takes nothing from the environment but the certificates to trust.

    Args:
        forbids: asked with an IP address, before each connection; None: the other ends are not checked.
        connections: how many connections are kept for the next request.
        timeouts: seconds to connect, and seconds to wait for an answer.
    """
    # The two variables that boto3's clients read; without them only what the operating system or certifi trusts.
    trusted = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE") or True
    options: dict[str, Any] = {
        "verify": trusted,
        "proxies": {},
        "timeout": timeouts,
        "max_pool_connections": connections,
    }
    return URLLib3Session(**options) if forbids is None else CheckedSession(forbids, **options)


def send_all_by(session: URLLib3Session, client: "S3Client", address: S3Address) -> None:
    """Have every request of a client sent by this session, and none by the client's own.

    What botocore would read into memory as a whole, however long it is, is read here, up to `ANSWER_BYTES`; with more
    the request ends with the `StorageError` of what is no S3 server.
    """

    def send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        is_object, request.stream_output = request.stream_output, True
        answer = session.send(request)  # an answer, or an exception, keeps botocore from sending it itself
        if not is_object or answer.status_code >= 300:
            _read(answer, address)
        return answer

    events: Any = client.meta.events  # its types know no handler that answers
    events.register("before-send.s3", send)


def _read(answer: AWSResponse, address: S3Address) -> None:
    """Read the body of an answer, for botocore to find; raises its exceptions."""
    unchecked: Any = None  # a length that is told wrongly was of no account to botocore either
    body, chunks, size = StreamingBody(answer.raw, unchecked), [], 0
    while chunk := body.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > ANSWER_BYTES:
            answer.raw.close()
            raise not_s3(address)
    keep_body(answer, b"".join(chunks))


def keep_body(answer: AWSResponse, body: bytes) -> None:
    """Have botocore take this for the body of an answer, and read nothing more of it."""
    kept: Any = answer
    kept._content = body  # where `AWSResponse.content` looks before it reads
