"""Sends requests to an HTTP API by urllib3: bounded in time and size, and with nothing from its surroundings.

It takes nothing from the environment but the certificates to trust, follows no redirect, and knows no proxy.
"""

import io
import math
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import certifi
from urllib3 import PoolManager, Timeout
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError, LocationValueError, SSLError
from urllib3.response import BaseHTTPResponse

from app.errors import StorageError
from app.storages.http_api.exchange import ANSWER_BYTES, Answer, Patience, Request
from app.storages.http_api.meanings import BROKEN_OFF, DOWN, Meaning, Passing, Tell, meaning_of
from app.storages.peers import Forbids, checked_pools

_BLOCK = 256 * 1024
_ONE_CALL = 64 * 1024


class Sender:
    """Sends requests. Thread-safe.

    Args:
        connections: how many may be under way at one host at once; others wait.
        patience: how long answers are waited for.
        tell: makes errors.
        foreign: what an answer means that none of the API's servers would give.
        forbids: as `checked_pools` takes it; None: connections go wherever the name leads.
    """

    def __init__(
        self, connections: int, patience: Patience, tell: Tell, foreign: Meaning, forbids: Forbids | None = None
    ) -> None:
        self._connections, self._patience, self._tell, self._foreign = connections, patience, tell, foreign
        self._forbids = forbids
        self._pools: PoolManager | None = None
        self._lock = threading.Lock()

    def exchange(self, endpoint: str, request: Request, headers: Mapping[str, str]) -> Answer:
        """Send a request once, and return its answer, whatever the status.

        Args:
            endpoint: a URL, of which scheme, host and port are used.
            request: its path and query are those of the whole URL.
            headers: tell who asks.

        Raises:
            Passing: there was no whole answer, and there may be one the next time.
            StorageError: there was none, nor will there be.
        """
        with self._translated(request.key):
            response = self._send(endpoint, request, headers)
            try:
                return Answer(response.status, response.headers, self._body(request, response))
            finally:
                response.close()  # harmless once it was read to its end; else the connection ends with it
                response.release_conn()

    def close(self) -> None:
        """Close the connections; harmless when called twice, and what is sent afterwards connects again."""
        with self._lock:
            pools, self._pools = self._pools, None
        if pools is not None:
            pools.clear()

    def _send(self, endpoint: str, request: Request, given: Mapping[str, str]) -> BaseHTTPResponse:
        headers = {"Accept-Encoding": "identity", "User-Agent": "sluice"} | dict(given)
        if request.body or request.method in ("POST", "PUT"):
            headers["Content-Length"] = str(sum(map(len, request.body)))
        return self._pool(endpoint).urlopen(
            request.method,
            f"{request.path}?{urlencode(request.query, doseq=True, quote_via=quote)}",
            body=_blocks(request.body),
            headers={**headers, **request.headers},
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )

    def _pool(self, endpoint: str) -> HTTPConnectionPool:
        with self._lock:
            if self._pools is None:
                self._pools = _pools(self._connections, self._patience, self._forbids)
            return self._pools.connection_from_url(endpoint)

    def _body(self, request: Request, response: BaseHTTPResponse) -> bytes:
        is_good = response.status in request.accepted
        seconds = math.inf if is_good and request.is_media else self._patience.whole
        return self._read(response, request.most if is_good else ANSWER_BYTES, seconds)

    def _read(self, response: BaseHTTPResponse, most: int, seconds: float) -> bytes:
        body, size = io.BytesIO(), 0  # it gives its bytes away without a copy; a list of chunks would be joined
        end = time.monotonic() + seconds
        while chunk := response.read1(_BLOCK, decode_content=False):
            size += body.write(chunk)
            if size > most:
                raise self._tell(self._foreign, "", "")
            if time.monotonic() > end:
                raise self._tell(DOWN, "", "it answers too slowly")
        if response.headers.get("Content-Length", str(size)) != str(size):
            raise Passing(self._tell(BROKEN_OFF, "", ""))
        return body.getvalue()

    @contextmanager
    def _translated(self, key: str) -> Iterator[None]:
        try:
            yield
        except (LocationValueError, SSLError) as error:
            told = self._broken(error, key)
        except HTTPError as error:
            raise Passing(self._broken(error, key)) from None
        else:
            return
        raise told

    def _broken(self, error: HTTPError, key: str) -> StorageError:
        return self._tell(meaning_of(error), key, type(error).__name__)


def _pools(connections: int, patience: Patience, forbids: Forbids | None) -> PoolManager:
    pools = PoolManager(
        2,  # an API may take uploads at another host
        maxsize=connections,
        block=True,
        timeout=Timeout(connect=patience.connect, read=patience.read),
        # The variable that requests reads, as Google's client does by it.
        ca_certs=os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where(),
    )
    if forbids is not None:
        pools.pool_classes_by_scheme = checked_pools(forbids)
    return pools


def _blocks(body: Sequence[bytes]) -> bytes | Iterator[Any] | None:
    """Return a body in blocks: the timeout of a socket is for all that one call sends, however much that is."""
    if sum(map(len, body)) <= _ONE_CALL:
        return b"".join(body) if body else None
    return (memoryview(part)[at : at + _BLOCK] for part in body for at in range(0, len(part), _BLOCK))
