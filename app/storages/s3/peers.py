"""botocore's HTTP sessions: whose peers are looked at first, and whose answers are bounded in size and time."""

import os
import ssl
from collections.abc import Mapping
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

from app.cancellation import Cancelled, CancelToken
from app.errors import StorageUnreachable
from app.storages.peers import Forbids, checked_pools
from app.storages.s3.address import S3Address
from app.storages.s3.errors import not_s3
from app.storages.sockets import Watch, WatchedTlsSocket, watched_pools

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ANSWER_BYTES = 16 * 1024 * 1024
"""More than any answer of S3 has that is no object: the longest are pages of 1,000 keys."""

MARKS = 250_000
"""How many ``<`` and ``=`` such an answer may have; see `app.storages.s3.pages`, which reads listings. botocore makes
trees of the others: measured with 1.44, four million elements in 16 MiB took 10 s of CPU and 200 MiB."""

_CHUNK = 64 * 1024


class WatchedSession(URLLib3Session):
    """botocore's HTTP session, which looks at whom it connects to and how long that takes. Thread-safe if both are.

    Args:
        forbids: asked with an IP address, before each connection; to those that it answers True for there is none.
            None: the other ends are not looked at.
        watch: ends waits.
        options: those of botocore's session.
    """

    def __init__(self, forbids: Forbids | None, watch: Watch, **options: Any) -> None:
        super().__init__(**options)
        pools: Mapping[str, type] = {"http": AWSHTTPConnectionPool, "https": AWSHTTPSConnectionPool}
        if forbids is not None:
            pools = checked_pools(forbids, AWSHTTPConnectionPool, AWSHTTPSConnectionPool)
        # What takes no such classes any more has no such attribute either: this fails then, and nothing goes unchecked.
        manager: Any = self._manager  # type: ignore[attr-defined] # botocore knows no other way to say it
        manager.pool_classes_by_scheme = watched_pools(watch, pools["http"], pools["https"])

    def _get_ssl_context(self) -> ssl.SSLContext:
        context: ssl.SSLContext = super()._get_ssl_context()  # type: ignore[misc] # its types do not tell of it
        context.sslsocket_class = WatchedTlsSocket
        return context

    def send(self, request: AWSRequest | AWSPreparedRequest) -> AWSResponse:
        """Send one request and return its answer.

        Raises:
            StorageUnreachable: the name leads to a forbidden address, or next to nothing comes or goes.
            Cancelled: a stop was asked for.
            BotoCoreError: as botocore's session does.
        """
        try:
            return super().send(request)
        except HTTPClientError as error:
            refused = error.kwargs.get("error")
            if isinstance(refused, StorageUnreachable | Cancelled):
                raise refused from None
            raise


def session_of(
    forbids: Forbids | None,
    connections: int,
    timeouts: tuple[float, float],
    host: str = "",
    token: CancelToken | None = None,
) -> URLLib3Session:
    """Return an HTTP session that takes nothing from the environment but the certificates to trust.

    Args:
        forbids: asked with an IP address, before each connection; None: the other ends are not checked.
        connections: how many connections are kept for the next request.
        timeouts: seconds to connect, and seconds to wait for an answer; for twice as long next to nothing may come.
        host: for messages.
        token: asks those who wait to stop.
    """
    # The two variables that boto3's clients read; without them only what the operating system or certifi trusts.
    trusted = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE") or True
    options: dict[str, Any] = {
        "verify": trusted,
        "proxies": {},
        "timeout": timeouts,
        "max_pool_connections": connections,
    }
    return WatchedSession(forbids, Watch(host or "The storage", 2 * timeouts[1], token), **options)


def send_all_by(session: URLLib3Session, client: "S3Client", address: S3Address) -> None:
    """Have every request of a client sent by this session, and none by the client's own.

    What botocore would read into memory as a whole, however long it is, is read here, up to `ANSWER_BYTES` with up to
    `MARKS`; with more the request ends with the `StorageError` of what is no S3 server.
    """

    def send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        if address.token is not None:
            address.token.require_lease()  # who was stopped in a request finds it timed out, and would send it again
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
    body, chunks, size, marks = StreamingBody(answer.raw, unchecked), [], 0, 0
    while chunk := body.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        marks += chunk.count(b"<") + chunk.count(b"=")
        if size > ANSWER_BYTES or marks > MARKS:
            answer.raw.close()
            raise not_s3(address)
    keep_body(answer, _harmless(b"".join(chunks)))


def _harmless(body: bytes) -> bytes:
    """Return the body, or nothing where it declares entities, or is in an encoding that could hide that it does.

    expat refuses entities in entities late: measured with 2.5, after 2 s of CPU for each answer.
    """
    return b"" if b"<!ENTITY" in body or b"\0" in body else body


def keep_body(answer: AWSResponse, body: bytes) -> None:
    """Have botocore take this for the body of an answer, and read nothing more of it."""
    kept: Any = answer
    kept._content = body  # where `AWSResponse.content` looks before it reads
