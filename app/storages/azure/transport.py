"""The HTTP session below Microsoft's package: nothing from the environment, checked peers, bounded answers."""

import logging
import os
import threading
import time
from typing import Any

import requests
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.util.retry import Retry

from app.errors import StorageUnreachable
from app.storages.azure.address import AzureAddress
from app.storages.azure.errors import not_azure, too_slow
from app.storages.bodies import Blocks
from app.storages.peers import Forbids, checked_pools

ANSWER_BYTES = 16 * 1024 * 1024
"""More than any answer of Azure's has that is no blob: the longest are pages of 1,000 names with their metadata."""

ANSWER_MARKS = 250_000
"""How many ``<`` such an answer may have: each element is an object in memory. A page of 1,000 names has 70,000."""

_CHUNK = 64 * 1024
_RANGE = "x-ms-range"


def session_of(address: AzureAddress, connections: int) -> requests.Session:
    """Return an HTTP session that takes nothing from the environment but the certificates to trust. Thread-safe.

    Args:
        address: says whether the other ends are checked.
        connections: how many connections are kept for the next request.
    """
    _hush()
    session = requests.Session()
    session.trust_env = False
    session.headers.clear()
    session.headers["Accept-Encoding"] = "identity"
    adapter = BoundedAdapter(address, connections)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def transport_of(
    session: requests.Session, connect_seconds: float, answer_seconds: float, block: int
) -> RequestsTransport:
    """Return the transport that sends by a session and leaves it open when it is closed itself.

    Args:
        session: sends.
        connect_seconds: to connect.
        answer_seconds: without a byte.
        block: bytes that are read of a blob at a time. Microsoft's package joins what is read, so a blob that comes
            in several blocks takes twice its memory for a moment.
    """
    return RequestsTransport(
        session=session,
        session_owner=False,
        use_env_settings=False,
        connection_timeout=connect_seconds,
        read_timeout=answer_seconds,
        connection_data_block_size=block,
        connection_verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
    )


class BoundedAdapter(HTTPAdapter):
    """Sends requests, and reads what is no blob up to `ANSWER_BYTES`. Thread-safe.

    Args:
        address: names the host in errors, and says whether the other ends are checked.
        connections: how many connections are kept.
    """

    def __init__(self, address: AzureAddress, connections: int) -> None:
        self._address = address
        self._forbids: Forbids | None = address.forbids
        self._streams: dict[int, requests.Response] = {}  #: the last one of each thread
        no_retries = Retry(total=False, redirect=False, raise_on_status=False)
        super().__init__(pool_connections=2, pool_maxsize=connections, max_retries=no_retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools, with connections that ask before they begin where that is wanted."""
        super().init_poolmanager(*args, **kwargs)
        if self._forbids is not None:
            self.poolmanager.pool_classes_by_scheme = checked_pools(self._forbids)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request and return its answer.

        Raises:
            StorageUnreachable: the other end is forbidden, or sends what no storage does.
            requests.RequestException: anything else.
        """
        if isinstance(request.body, bytes) and len(request.body) > _CHUNK:
            body: Any = Blocks(request.body)
            request.body = body
        self._end_last()
        answer = super().send(request, *args, **kwargs)
        is_stream = kwargs.get("stream", args[0] if args else False)
        if not is_stream or answer.status_code >= 300 or answer.headers.get("Content-Length") == "0":
            self._read(answer, kwargs["timeout"][1])
        elif _RANGE in request.headers and answer.status_code != requests.codes.partial_content:
            answer.close()  # Microsoft's package would raise for it, and leave the connection open
            raise self._refusal()
        else:
            self._streams[threading.get_ident()] = answer
        return answer

    def _end_last(self) -> None:
        """Close this thread's last stream: Microsoft's package leaves one open whose headers it cannot read."""
        last = self._streams.pop(threading.get_ident(), None)
        if last is not None:
            last.close()  # harmless once it was read to its end

    def close(self) -> None:
        """Close the idle connections now; urllib3 alone would wait until nobody refers to their pools any more."""
        for key in self.poolmanager.pools.keys():  # noqa: SIM118 - it is no dictionary
            pool = self.poolmanager.pools.get(key)
            if pool is not None:
                pool.close()
        while self._streams:
            self._streams.popitem()[1].close()
        super().close()

    def _read(self, answer: requests.Response, seconds: float) -> None:
        """Read the body for `requests.Response.content` to find; within so many seconds, however steadily it drips."""
        end = time.monotonic() + seconds
        chunks, size, marks = [], 0, 0
        while chunk := _arrived(answer):
            chunks.append(chunk)
            size += len(chunk)
            marks += chunk.count(b"<")
            if size > ANSWER_BYTES or marks > ANSWER_MARKS:
                answer.close()
                raise self._refusal()
            if time.monotonic() > end:
                answer.close()
                raise too_slow(self._address)
        body = b"".join(chunks)
        if b"<!" in body:  # a document type: Azure sends none, and entities are the start of many an attack
            raise self._refusal()
        kept: Any = answer
        kept._content = body  # where `content` looks before it reads

    def _refusal(self) -> StorageUnreachable:
        return not_azure(self._address)


def _arrived(answer: requests.Response) -> bytes:
    """Return what has come of a body, as soon as anything has; raise as requests does."""
    try:
        data: bytes = answer.raw.read1(_CHUNK, decode_content=False)
    except ReadTimeoutError as error:
        raise requests.ReadTimeout(error) from None
    except HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from None
    return data


def _hush() -> None:
    """Keep a SAS token out of every log: it is part of each URL, and urllib3 and Microsoft's package log URLs."""
    logging.getLogger("azure").setLevel(logging.CRITICAL)
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
