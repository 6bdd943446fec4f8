"""Sends requests to the JSON API of one endpoint: signed, bounded in time and size, and again where that may help.

Google's own client does this too, at several times the CPU for each small object (measured: see `Api`), and takes more
from its surroundings than a user's connection may: credentials, a proxy, STORAGE_EMULATOR_HOST.
"""

import io
import json
import math
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import certifi
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter
from urllib3 import PoolManager, Timeout
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError, LocationValueError, SSLError
from urllib3.response import BaseHTTPResponse

from app.storages.gcs.address import GcsAddress
from app.storages.gcs.authorisation import Authorisation
from app.storages.gcs.errors import BROKEN_OFF, DOWN, NOT_GCS, Passing, broken, may_pass, refusal, said
from app.storages.gcs.requests import ANSWER_BYTES, Answer, Query, Request
from app.storages.peers import checked_pools

_BLOCK = 256 * 1024
_ONE_CALL = 64 * 1024
_PAUSE = 0.1
"""Seconds before the second attempt, doubled for each one after it, and up to as much more, so that they spread."""


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


WORKING = Patience(3, 30, 30, 4)
ASKING = Patience(2, 4, 4, 2)
"""For `check` and what else must end within ten seconds: a black hole is told after twice four."""


class Api:
    """Sends requests for one bucket. Thread-safe.

    It takes nothing from the environment but the certificates to trust, follows no redirect, and knows no proxy.
    Measured for 2,000 uploads of 2 KiB by 16 threads: 0.7 s of CPU with checksums, AuthorizedSession 0.8 s without any,
    google-cloud-storage 1.7 s with them. obstore asked the metadata service for credentials, though told to use none.

    Args:
        address: the bucket's address.
        authorisation: tells who asks.
        connections: how many requests may be under way at once; others wait.
        patience: how long answers are waited for.
    """

    def __init__(self, address: GcsAddress, authorisation: Authorisation, connections: int, patience: Patience) -> None:
        self._address, self._authorisation, self._patience = address, authorisation, patience
        self._connections = connections
        self._pools: PoolManager | None = None
        self._lock = threading.Lock()

    def ask(self, request: Request) -> Answer:
        """Send a request until it is answered well, or it is certain that it will not be.

        Raises:
            StorageError: the server refused or failed, each time.
        """
        attempts = Retrying(
            stop=stop_after_attempt(self._patience.attempts),
            wait=wait_exponential_jitter(multiplier=_PAUSE, jitter=_PAUSE),
            retry=retry_if_exception_type(Passing),
            reraise=True,
        )
        try:
            return attempts(self.once, request)
        except Passing as error:
            raise error.told from None

    def once(self, request: Request) -> Answer:
        """Send a request once.

        Raises:
            Passing: another attempt may help.
            StorageError: none will.
        """
        with self._translated(request.key):
            response = self._send(request)
            try:
                return self._taken(request, response)
            finally:
                response.close()  # harmless once it was read to its end; else the connection ends with it
                response.release_conn()

    def told(self, request: Request) -> dict[str, Any]:
        """As `ask`, and return the JSON object that was answered.

        Raises:
            StorageUnreachable: it is none, so this is some other server.
        """
        return self.parsed(self.ask(request).data)

    def parsed(self, data: bytes) -> dict[str, Any]:
        """Return the JSON object that these bytes spell.

        Raises:
            StorageUnreachable: they spell none.
        """
        try:
            told = json.loads(data)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            raise said(NOT_GCS, self._address)
        return told

    def close(self) -> None:
        """Close the connections; harmless when called twice, and what is asked afterwards connects again."""
        with self._lock:
            pools, self._pools = self._pools, None
        if pools is not None:
            pools.clear()

    def _send(self, request: Request) -> BaseHTTPResponse:
        headers = {"Accept-Encoding": "identity", "User-Agent": "sluice"} | dict(self._authorisation.headers())
        if request.body or request.method in ("POST", "PUT"):
            headers["Content-Length"] = str(sum(map(len, request.body)))
        return self._pool().urlopen(
            request.method,
            f"{request.path}?{urlencode(self._query(request), doseq=True, quote_via=quote)}",
            body=_blocks(request.body),
            headers={**headers, **request.headers},
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )

    def _query(self, request: Request) -> Query:
        if self._address.project is None:
            return request.query
        return {"userProject": self._address.project, **request.query}

    def _pool(self) -> HTTPConnectionPool:
        with self._lock:
            if self._pools is None:
                self._pools = _pools(self._address, self._connections, self._patience)
            return self._pools.connection_from_url(self._address.endpoint)

    def _taken(self, request: Request, response: BaseHTTPResponse) -> Answer:
        is_good = response.status in request.accepted
        seconds = math.inf if is_good and request.is_media else self._patience.whole
        data = self._read(response, request.most if is_good else ANSWER_BYTES, seconds)
        if is_good:
            return Answer(response.status, response.headers, data)
        told = refusal(self._address, request.key, response.status, data)
        if may_pass(response.status, data):
            raise Passing(told)
        raise told

    def _read(self, response: BaseHTTPResponse, most: int, seconds: float) -> bytes:
        body, size = io.BytesIO(), 0  # it gives its bytes away without a copy; a list of chunks would be joined
        end = time.monotonic() + seconds
        while chunk := response.read1(_BLOCK, decode_content=False):
            size += body.write(chunk)
            if size > most:
                raise said(NOT_GCS, self._address)
            if time.monotonic() > end:
                raise said(DOWN, self._address, code="it answers too slowly")
        if response.headers.get("Content-Length", str(size)) != str(size):
            raise Passing(said(BROKEN_OFF, self._address))
        return body.getvalue()

    @contextmanager
    def _translated(self, key: str) -> Iterator[None]:
        try:
            yield
        except (LocationValueError, SSLError) as error:
            told = broken(error, self._address, key)
        except HTTPError as error:
            raise Passing(broken(error, self._address, key)) from None
        else:
            return
        raise told


def _pools(address: GcsAddress, connections: int, patience: Patience) -> PoolManager:
    pools = PoolManager(
        1,
        maxsize=connections,
        block=True,
        timeout=Timeout(connect=patience.connect, read=patience.read),
        # The variable that requests reads, as Google's client does by it.
        ca_certs=os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where(),
    )
    if address.forbids is not None:
        pools.pool_classes_by_scheme = checked_pools(address.forbids)
    return pools


def _blocks(body: Sequence[bytes]) -> bytes | Iterator[Any] | None:
    """Return a body in blocks: the timeout of a socket is for all that one call sends, however much that is."""
    if sum(map(len, body)) <= _ONE_CALL:
        return b"".join(body) if body else None
    return (memoryview(part)[at : at + _BLOCK] for part in body for at in range(0, len(part), _BLOCK))
